package query

import (
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Checked is what came of an inventory, besides the rows written.
type Checked struct {
	Summary evidence.Counts `json:"summary"`
	// Columns say from which column each field was read. NotJudged are the fields
	// on which answers may depend and that were judged nowhere for want of a column.
	Columns   Columns  `json:"columns"`
	NotJudged []string `json:"not_judged,omitempty"`
	// Reasons are the reasons that some device has, in their order, in words.
	Reasons []ReasonCount `json:"reasons"`
	// Warnings and Notes say what a reader of the answers should know; Notes
	// begin with how the input was read.
	Warnings []string `json:"warnings,omitempty"`
	Notes    []string `json:"notes,omitempty"`
	// Faults are the first cells and rows that could not be read, MoreFaults the
	// number of the rest.
	Faults     []string `json:"faults,omitempty"`
	MoreFaults int      `json:"more_faults,omitempty"`
	// Rows are the first rows that are not eligible, or undetermined.
	Rows []ToldRow `json:"rows,omitempty"`
	// Authorities are the amendments on which the rows rest, with their sources.
	Authorities []remarks.Authority `json:"authorities,omitempty"`
}

// ReasonCount counts the devices of a reason.
type ReasonCount struct {
	Reason   string `json:"reason"`
	Outcome  string `json:"outcome"`
	Sentence string `json:"sentence"`
	Devices  int    `json:"devices"`
}

func newChecked(s *devices.Summary, h ivp.History, notes []string, told *toldRows) *Checked {
	c := &Checked{
		Summary: evidence.NewCounts(s, h), Reasons: []ReasonCount{}, Warnings: remarks.Warnings(s, h, ""), Notes: append(notes, remarks.Notes(s, h)...),
		MoreFaults: s.Faults - len(s.FirstFaults), Rows: told.rows, Authorities: told.authorities.Gathered(),
	}
	for _, r := range ivp.Reasons() {
		if n := s.Reasons[r]; n > 0 {
			c.Reasons = append(c.Reasons, ReasonCount{r.String(), r.Outcome().String(), r.Sentence(), n})
		}
	}
	for _, fault := range s.FirstFaults {
		c.Faults = append(c.Faults, fault.Text)
	}
	return c
}
