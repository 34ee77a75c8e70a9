package report

import (
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// changesWire is the JSON shape of what a comparison counted.
type changesWire struct {
	Before         termsWire                 `json:"before"`
	After          termsWire                 `json:"after"`
	Devices        int                       `json:"devices"`
	Changed        int                       `json:"changed"`
	OutcomeChanged int                       `json:"outcome_changed"`
	Outcomes       map[string]map[string]int `json:"outcomes"` // before, then after
	Groups         []groupWire               `json:"groups"`
	Obstacles      []obstacle                `json:"obstacles"`
	Specs          map[string]countWire      `json:"specs"`
	Types          map[string]countWire      `json:"types"`
	// DayCounts are of the answers after the change.
	evidence.DayCounts
}

type termsWire struct {
	State string              `json:"state"`
	Words string              `json:"words"`
	Rules evidence.RulesCount `json:"rules"`
}

type countWire struct {
	Devices        int                       `json:"devices"`
	Changed        int                       `json:"changed"`
	OutcomeChanged int                       `json:"outcome_changed"`
	Outcomes       map[string]map[string]int `json:"outcomes"`
}

type groupWire struct {
	Spec       string `json:"spec"`
	Type       string `json:"type"`
	Before     string `json:"before"`
	BeforeTo   string `json:"before_to,omitempty"`
	After      string `json:"after"`
	AfterTo    string `json:"after_to,omitempty"`
	DaysGained *int   `json:"days_gained,omitempty"`
	ChangedBy  string `json:"changed_by,omitempty"`
	Devices    int    `json:"devices"`
}

func (t *Terms) wire(today ivp.Date) termsWire {
	return termsWire{t.Name, t.Words, evidence.NewRulesCount(t.Checker.History, today)}
}

func (o *changeReport) wire(c *devices.Changes, today ivp.Date) changesWire {
	w := changesWire{
		Before: o.Before.wire(today), After: o.After.wire(today), Devices: c.Devices, Changed: c.Changed, OutcomeChanged: c.OutcomeChanged,
		Outcomes: outcomePairs(c.Outcomes), Groups: []groupWire{}, Obstacles: o.obstacles(c), Specs: countWires(specCounts(c)), Types: countWires(typeCounts(c)),
	}
	for _, g := range c.SortedGroups() {
		wire := groupWire{
			Spec: evidence.SpecName(g.Spec), Type: evidence.TypeName(g.Type), Before: g.Before.String(), BeforeTo: g.BeforeTo.String(),
			After: g.After.String(), AfterTo: g.AfterTo.String(), ChangedBy: g.By, Devices: c.Groups[g],
		}
		if days, ok := g.DaysGained(); ok {
			wire.DaysGained = &days
		}
		w.Groups = append(w.Groups, wire)
	}
	return w
}

func countWires(all []namedCount) map[string]countWire {
	wires := map[string]countWire{}
	for _, c := range all {
		wires[c.name] = countWire{c.Devices, c.Changed, c.OutcomeChanged, outcomePairs(c.Outcomes)}
	}
	return wires
}

// outcomePairs returns the counts that are not zero.
func outcomePairs(counts [3][3]int) map[string]map[string]int {
	pairs := map[string]map[string]int{}
	for _, before := range ivp.Outcomes() {
		for _, after := range ivp.Outcomes() {
			if n := counts[before][after]; n > 0 {
				if pairs[before.String()] == nil {
					pairs[before.String()] = map[string]int{}
				}
				pairs[before.String()][after.String()] = n
			}
		}
	}
	return pairs
}
