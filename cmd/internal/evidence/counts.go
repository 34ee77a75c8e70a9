package evidence

import (
	"fmt"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Counts is the JSON shape of a summary; what is absent is left out.
type Counts struct {
	Devices  int                       `json:"devices"`
	Outcomes map[string]int            `json:"outcomes"`
	Reasons  map[string]int            `json:"reasons"`
	Specs    map[string]map[string]int `json:"specs"`
	DayCounts
	VersionAlone int                       `json:"by_version_alone,omitempty"`
	Assumed      int                       `json:"assumed_open,omitempty"`
	Blank        int                       `json:"blank_rows,omitempty"`
	Malformed    int                       `json:"malformed_rows,omitempty"`
	NotUTF8      int                       `json:"rows_not_utf8,omitempty"`
	Surplus      int                       `json:"rows_with_surplus_cells,omitempty"`
	Totals       int                       `json:"total_rows,omitempty"`
	Nothing      int                       `json:"white_rows,omitempty"`
	Removed      int                       `json:"marked_removed,omitempty"`
	Differs      int                       `json:"claim_differs,omitempty"`
	PastRecord   int                       `json:"past_record,omitempty"`
	UnnamedScope int                       `json:"unnamed_scope,omitempty"`
	Types        map[string]map[string]int `json:"types"`
	// Closings counts the eligible devices by the last day of the window that
	// decided; OpenEnd and EndUnknown those of which the Tables set no such day,
	// and of which it is not on record.
	Closings   []Closing `json:"closings,omitempty"`
	OpenEnd    int       `json:"open_end,omitempty"`
	EndUnknown int       `json:"end_not_on_record,omitempty"`
	// Waived counts by reason those that a waiver lets pass.
	Waived map[string]int `json:"waived,omitempty"`
	// Closing counts the eligible devices with few days left, where that was
	// asked.
	Closing    int        `json:"closing,omitempty"`
	DamagedIDs int        `json:"damaged_ids,omitempty"`
	Rules      RulesCount `json:"rules"`
}

// DayCounts count the devices whose day is of note; what is absent is left out.
type DayCounts struct {
	// LastDay counts the devices dated on the last day of their period.
	LastDay int `json:"on_last_day,omitempty"`
	// Moved counts those dated at a time that falls on another day in Great Britain
	// than the one written; FirstMoved are the first of them.
	Moved      int      `json:"on_another_day,omitempty"`
	FirstMoved []string `json:"first_on_another_day,omitempty"`
}

// NewDayCounts returns the JSON shape of what a summary counts of days.
func NewDayCounts(s *devices.Summary) DayCounts {
	c := DayCounts{LastDay: s.LastDay, Moved: s.Moved}
	for _, note := range s.FirstMoved {
		c.FirstMoved = append(c.FirstMoved, note.Text)
	}
	return c
}

// Closing counts eligible devices of one version and closing day.
type Closing struct {
	To      ivp.Date `json:"to"`
	Spec    string   `json:"spec"`
	Devices int      `json:"devices"`
}

// RulesCount says which record was asked.
type RulesCount struct {
	Edition   string   `json:"edition"`
	SHA256    string   `json:"sha256"`
	VouchedTo ivp.Date `json:"vouched_to"`
}

// NewRulesCount returns what names a record. No day after today vouches for it.
func NewRulesCount(h ivp.History, today ivp.Date) RulesCount {
	return RulesCount{h.Edition(), h.Digest(), h.VouchedTo(today)}
}

// RulesName names a record where a person reads a line: by its edition, with the
// beginning of its digest unless it is the shipped record, because other rules
// may have the same edition.
func RulesName(h ivp.History) string {
	if h.Digest() == ivp.Published().Digest() {
		return h.Edition()
	}
	return fmt.Sprintf("%s (SHA-256 %.12s…)", h.Edition(), h.Digest())
}

// NewCounts returns the JSON shape of a summary.
func NewCounts(s *devices.Summary, h ivp.History) Counts {
	w := Counts{
		Devices: s.Devices, DayCounts: NewDayCounts(s), VersionAlone: s.VersionAlone, Assumed: s.Assumed, Blank: s.Blank, Malformed: s.Malformed,
		NotUTF8: s.NotUTF8.N, Surplus: s.Surplus.N, Totals: s.Totals.N, Nothing: s.Nothing.N,
		Removed: s.Removed, Differs: s.Differs, PastRecord: s.PastRecord, UnnamedScope: s.UnnamedScope, Rules: NewRulesCount(h, s.Today),
		Outcomes: map[string]int{}, Reasons: map[string]int{}, Specs: map[string]map[string]int{}, Types: map[string]map[string]int{},
		OpenEnd: s.OpenEnd, EndUnknown: s.EndUnknown, Closing: s.Within, DamagedIDs: s.DamagedIDs,
	}
	for _, o := range ivp.Outcomes() {
		w.Outcomes[o.String()] = s.Count(o)
	}
	for r, n := range s.Reasons {
		w.Reasons[r.String()] = n
	}
	for r, n := range s.Waived {
		if w.Waived == nil {
			w.Waived = map[string]int{}
		}
		w.Waived[r.String()] = n
	}
	for spec, count := range s.Specs {
		w.Specs[SpecName(spec)] = outcomes(count)
	}
	for t, count := range s.Types {
		w.Types[TypeName(t)] = outcomes(count)
	}
	for _, c := range s.SortedClosings() {
		w.Closings = append(w.Closings, Closing{c.To, c.Spec.String(), s.Closings[c]})
	}
	return w
}

func outcomes(count *devices.OutcomeCount) map[string]int {
	by := map[string]int{}
	for _, o := range ivp.Outcomes() {
		if count[o] > 0 {
			by[o.String()] = count[o]
		}
	}
	return by
}

// SpecName names a version in a report.
func SpecName(spec ivp.Spec) string {
	if spec.IsZero() {
		return "no version read"
	}
	return spec.String()
}

// TypeName names a device type in a report.
func TypeName(t ivp.DeviceType) string {
	switch t {
	case 0:
		return "no type given"
	case ivp.UnknownType:
		return "unknown type"
	}
	return t.String()
}
