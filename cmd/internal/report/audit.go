package report

import (
	"fmt"
	"strings"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// lawOfTheDay is what a reader of an audit must know.
const lawOfTheDay = "What counts for an installation is the law of its own day."

// counted returns the rules and terms of the answers that are counted by themselves.
func (c *Change) counted() *ivp.Checker {
	if c.Audit {
		return &c.Before.Checker
	}
	return &c.After.Checker
}

// auditSentence says how many installations were lawful on their day.
func auditSentence(c *devices.Changes) string {
	var by [3]int
	for before, afters := range c.Outcomes {
		for _, n := range afters {
			by[before] += n
		}
	}
	all, lawful, not, unknown := c.Devices, by[ivp.Eligible], by[ivp.NotEligible], by[ivp.Undetermined]
	switch {
	case all == 0:
		return "No installation was found"
	case all == 1 && lawful == 1:
		return "The one installation was lawful on its day"
	case all == 1 && not == 1:
		return "The one installation was not lawful on its day"
	case all == 1:
		return "The one installation cannot be judged"
	case lawful == all:
		return fmt.Sprintf("All %s installations were lawful on their day", remarks.Thousands(all))
	case unknown == all:
		return fmt.Sprintf("None of %s installations can be judged", remarks.Thousands(all))
	}
	were := func(n int) string {
		if n == 1 {
			return "1 was"
		}
		return remarks.Thousands(n) + " were"
	}
	first := fmt.Sprintf("%s of %s installations were not lawful on their day", remarks.Thousands(not), remarks.Thousands(all))
	switch not {
	case 0:
		first = fmt.Sprintf("None of %s installations was unlawful on its day", remarks.Thousands(all))
	case 1:
		first = fmt.Sprintf("1 of %s installations was not lawful on its day", remarks.Thousands(all))
	}
	if unknown > 0 {
		first += fmt.Sprintf("; %s cannot be judged", remarks.Thousands(unknown))
	}
	return first + "; " + were(lawful) + " lawful"
}

// days says which days were chosen, and how many installations they leave out.
func (o *changeReport) days(s *devices.Summary) []string {
	var parts []string
	if o.From.Valid() {
		parts = append(parts, "from "+remarks.Day(o.From))
	}
	if o.To.Valid() {
		parts = append(parts, "to "+remarks.Day(o.To))
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Installations %s; %s on other days left out", strings.Join(parts, " "), remarks.Plural(s.Outside, "installation"))}
}

// second says what the other tables say of the installations.
func (o *changeReport) second(c *devices.Changes) string {
	return fmt.Sprintf("By the %s %s of those that were lawful would not be eligible, and %s of those that were not lawful would be. %s",
		o.against(), remarks.Thousands(c.Outcomes[ivp.Eligible][ivp.NotEligible]), remarks.Thousands(c.Outcomes[ivp.NotEligible][ivp.Eligible]), lawOfTheDay)
}

// rowsTitle is the title of the rows.
func (o *changeReport) rowsTitle() string {
	switch {
	case !o.Audit:
		return "Devices"
	case o.Only != nil && o.Only.Has(ivp.AfterEnd):
		return "The installations that were not lawful"
	case o.Only != nil:
		return "The installations that cannot be judged"
	}
	return "Installations"
}

// answered is the answer of an audit, by the law of the day.
func (o *changeReport) answered(s *devices.Summary) remarks.Answer {
	judge := o.Judge
	judge.Checker = *o.counted()
	return remarks.NewAnswer(s, judge, remarks.Audit)
}

// causes say why installations were not lawful, and why they cannot be judged: the
// largest causes, or all if most is 0.
func (o *changeReport) causes(s *devices.Summary, most int) []Grid {
	grids := []Grid{{Title: "Not lawful on their day"}, {Title: "Cannot be judged"}}
	grids[0].Heads, grids[0].Wide = heads(">Installations", "Why", "The first"), true
	grids[1].Heads, grids[1].Wide = heads(">Installations", "Why", "What to do", "The first"), true
	for _, cause := range o.answered(s).AllCauses() {
		why, first := sentence(cause.What), strings.Join(cause.First, ", ")
		if cause.Outcome == ivp.NotEligible.String() {
			grids[0].Rows = append(grids[0].Rows, []any{cause.Devices, why, first})
		} else {
			grids[1].Rows = append(grids[1].Rows, []any{cause.Devices, why, sentence(cause.Do), first})
		}
	}
	var all []Grid
	for _, g := range grids {
		if more := len(g.Rows) - most; most > 0 && more > 0 {
			rest := 0
			for _, row := range g.Rows[most:] {
				rest += row[0].(int)
			}
			g.Rows, g.Note = g.Rows[:most], fmt.Sprintf("and %s, with %s; -o FILE.html or FILE.xlsx shows all", remarks.Plural(more, "cause"), remarks.Plural(rest, "installation"))
		}
		if len(g.Rows) > 0 {
			all = append(all, g)
		}
	}
	return all
}

// unread has the causes that are cells which could not be read; it is empty for an
// audit, which shows all causes.
func (o *changeReport) unread(s *devices.Summary) remarks.Answer {
	if o.Audit {
		return remarks.Answer{}
	}
	return remarks.Answer{Causes: remarks.NewAnswer(s, o.Judge, remarks.CommandLine).Unread()}
}

// Money is what the devices are worth whose outcome a change turns.
type Money struct {
	// Gained is of those that become eligible, Lost of those that no longer are, in pence.
	Gained int64 `json:"gained_pence"`
	Lost   int64 `json:"lost_pence"`
	// Costless counts those among them whose cost is blank or cannot be read.
	Costless int `json:"without_cost"`
}

// Add adds devices, as [devices.Bulk.Tally] reports them.
func (m *Money) Add(t devices.Tallied) {
	if t.Difference == nil || t.Difference.Before.Outcome() == t.Difference.After.Outcome() {
		return
	}
	switch ivp.Eligible {
	case t.Difference.After.Outcome():
		m.Gained += t.Pence
	case t.Difference.Before.Outcome():
		m.Lost += t.Pence
	default:
		return
	}
	m.Costless += t.Costless
}

// whatIfSentence says what a what-if would change.
func (o *changeReport) whatIfSentence(all, gained, lost int) string {
	s := fmt.Sprintf("A what-if, and no rule: if %s, %s more of %s may be installed on their dates", o.WhatIf, remarks.Thousands(gained), remarks.Plural(all, "device"))
	if gained == 0 {
		s = fmt.Sprintf("A what-if, and no rule: if %s, no more of %s may be installed on their dates", o.WhatIf, remarks.Plural(all, "device"))
	}
	if o.Money != nil && gained > 0 {
		s += ", worth " + Pence(o.Money.Gained).String()
	}
	if lost > 0 {
		s += fmt.Sprintf("; %s fewer", remarks.Thousands(lost))
	}
	if o.Money != nil && o.Money.Costless > 0 {
		s += fmt.Sprintf(" (%s without a cost that can be read)", remarks.Plural(o.Money.Costless, "device"))
	}
	return s
}

// supposed says what goes with a what-if.
func (o *changeReport) supposed() (lines []string) {
	for _, line := range o.Supposed {
		lines = append(lines, strings.ToUpper(line[:1])+line[1:]+".")
	}
	return lines
}
