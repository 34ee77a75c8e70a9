// Package evidence defines what an auditor needs to defend or repeat a run: the
// tool, the rules, the question, the inputs and how they were read, the counts.
package evidence

import (
	"fmt"
	"time"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Run describes one run of a check. Its JSON is the file NAME.run.json beside the
// output.
type Run struct {
	Tool     Tool      `json:"tool"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Flags are the words of the command line as given; Settings are the flags that
	// a --config file set.
	Flags    []string  `json:"flags"`
	Config   *File     `json:"config,omitempty"`
	Settings []Setting `json:"settings,omitempty"`
	Question Question  `json:"question"`
	Rules    Rules     `json:"rules"`
	// Before and After are the two states of the law that were compared, if the run
	// compared two; Rules are then those of After.
	Before *State `json:"before,omitempty"`
	After  *State `json:"after,omitempty"`
	// Catalogue is the Central Products List in which models were looked up.
	Catalogue *Catalogue `json:"central_products_list,omitempty"`
	Profile   *File      `json:"profile,omitempty"`
	Waivers   *Waivers   `json:"waivers,omitempty"`
	Inputs    []Input    `json:"inputs"`
	Outputs   []Output   `json:"outputs"`
	Counts    Counts     `json:"counts"`
}

// Tool is the program.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Go      string `json:"go"`
	System  string `json:"system"`
}

// Setting is a flag that a --config file set.
type Setting struct {
	Flag  string `json:"flag"`
	Value string `json:"value"`
}

// Question holds the terms of the check, in the words of the command line.
type Question struct {
	// On is the installation day given for every row; empty if each row has its own.
	On string `json:"on,omitempty"`
	// AsAt is the day whose Tables were applied; empty if each row was judged by
	// those of its own installation day.
	AsAt string `json:"as_at,omitempty"`
	// From and To are the days of installation that were chosen.
	From       string `json:"from,omitempty"`
	To         string `json:"to,omitempty"`
	LastDay    string `json:"last_day"`
	AssumeOpen bool   `json:"assume_open"`
	// Scope is the scope given for every row; nil if each row has its own.
	Scope *string `json:"scope,omitempty"`
}

// Rules identify the rules that were applied.
type Rules struct {
	Edition   string `json:"edition"`
	SHA256    string `json:"sha256"`
	VouchedTo string `json:"vouched_to"`
	// Record is the file used instead of the shipped rules; Amendments are the files
	// that were added to the rules.
	Record     *File  `json:"record,omitempty"`
	Amendments []File `json:"amendments,omitempty"`
}

// State is a state of the law: rules, and the day whose Tables were applied.
type State struct {
	Text      string `json:"state"` // as it was given
	Words     string `json:"words"`
	AsAt      string `json:"as_at,omitempty"` // empty for the Tables of each row's own day
	Edition   string `json:"edition"`
	SHA256    string `json:"sha256"`
	VouchedTo string `json:"vouched_to"`
}

// File identifies a file that was read.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Catalogue is a Central Products List.
type Catalogue struct {
	File
	// Says describes the list: its version, its date, its number of entries.
	Says string `json:"says"`
}

// Waivers are the waiver file of a run and its waivers.
type Waivers struct {
	File
	Waivers []Waiver `json:"waivers"`
}

// Waiver is one waiver, and the number of devices to which it applied.
type Waiver struct {
	ID       string `json:"id,omitempty"`
	Reason   string `json:"reason"`
	Approver string `json:"approver"`
	Until    string `json:"until"`
	Expired  bool   `json:"expired,omitempty"`
	Devices  int    `json:"devices"`
}

// Input describes one inventory and how it was read.
type Input struct {
	// File counts the bytes as stored: compressed, if the file is.
	File
	Empty    bool   `json:"empty,omitempty"`
	Encoding string `json:"encoding,omitempty"` // "UTF-8", "UTF-16LE", "Windows-1252"; empty for a workbook
	// Delimiter separates cells; empty for a workbook, whose tab is Sheet.
	Delimiter string `json:"delimiter,omitempty"`
	Quote     string `json:"quote,omitempty"` // "none" for a file without quoting
	Sheet     string `json:"sheet,omitempty"`
	Table     string `json:"table,omitempty"` // the table of the sheet, if only that was read
	// HeaderRow is the line or row of the heading, counted from 1.
	HeaderRow int `json:"header_row,omitempty"`
	// Dates is the format in which dates were read: "YYYY-MM-DD", "DD/MM/YYYY" and
	// so on.
	Dates string `json:"dates,omitempty"`
	// Columns are the columns read, in the order of the fields.
	Columns []Column `json:"columns,omitempty"`
	// NotRead are the headings of the columns that were not read.
	NotRead []string `json:"not_read,omitempty"`
	// Notes are remarks for the reader: a date order derived from the whole column,
	// cells that a spreadsheet has damaged.
	Notes []string `json:"notes,omitempty"`
}

// Column is a field and the heading of its column.
type Column struct {
	Field   string `json:"field"`
	Heading string `json:"heading"`
}

// Output is one output. One that was not whole when the evidence was made, such as
// the one that holds the evidence, has no size and no digest.
type Output struct {
	Name   string `json:"name"`
	Format string `json:"format"`
	Bytes  int64  `json:"bytes,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
}

// Counts is the JSON form of a summary; zero counts are omitted.
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
	// Closings counts the eligible devices by the last day of the deciding window.
	// OpenEnd counts those for which the Tables set no such day, EndUnknown those
	// for which it is not on record.
	Closings   []Closing `json:"closings,omitempty"`
	OpenEnd    int       `json:"open_end,omitempty"`
	EndUnknown int       `json:"end_not_on_record,omitempty"`
	// Waived counts, by reason, the devices to which a waiver applies.
	Waived map[string]int `json:"waived,omitempty"`
	// Closing counts the eligible devices with few days left, if --within was given.
	Closing    int        `json:"closing,omitempty"`
	DamagedIDs int        `json:"damaged_ids,omitempty"`
	Rules      RulesCount `json:"rules"`
}

// DayCounts count the devices with a noteworthy date; zero counts are omitted.
type DayCounts struct {
	// LastDay counts the devices dated on the last day of their period.
	LastDay int `json:"on_last_day,omitempty"`
	// Moved counts the devices dated with a time that falls on another day in Great
	// Britain than the day written; FirstMoved are the first of them.
	Moved      int      `json:"on_another_day,omitempty"`
	FirstMoved []string `json:"first_on_another_day,omitempty"`
}

// NewDayCounts returns the DayCounts of a summary.
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

// RulesCount identifies the rules that were applied.
type RulesCount struct {
	Edition   string   `json:"edition"`
	SHA256    string   `json:"sha256"`
	VouchedTo ivp.Date `json:"vouched_to"`
}

// NewRulesCount returns the RulesCount of a history. VouchedTo is never after today.
func NewRulesCount(h ivp.History, today ivp.Date) RulesCount {
	return RulesCount{h.Edition(), h.Digest(), h.VouchedTo(today)}
}

// RulesName names rules for a person: by their edition and, unless they are the
// shipped ones, the beginning of their digest, because other rules may have the same
// edition.
func RulesName(h ivp.History) string {
	if h.Digest() == ivp.Published().Digest() {
		return h.Edition()
	}
	return fmt.Sprintf("%s (SHA-256 %.12s…)", h.Edition(), h.Digest())
}

// NewCounts returns the JSON form of a summary.
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

// SpecName returns the name of a version for reports.
func SpecName(spec ivp.Spec) string {
	if spec.IsZero() {
		return "no version read"
	}
	return spec.String()
}

// TypeName returns the name of a device type for reports.
func TypeName(t ivp.DeviceType) string {
	switch t {
	case 0:
		return "no type given"
	case ivp.UnknownType:
		return "unknown type"
	}
	return t.String()
}
