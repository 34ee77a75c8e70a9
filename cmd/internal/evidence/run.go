// Package evidence holds what an auditor needs to defend a run, or to repeat
// it: the tool, the rules, the question, what was read and how, what came of
// it.
package evidence

import "time"

// Run is one run of a check. Its JSON shape is that of the sidecar NAME.run.json.
type Run struct {
	Tool     Tool      `json:"tool"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Flags are the words of the command line as they were given, and Settings
	// those that a --config file added.
	Flags    []string  `json:"flags"`
	Config   *File     `json:"config,omitempty"`
	Settings []Setting `json:"settings,omitempty"`
	Question Question  `json:"question"`
	Rules    Rules     `json:"rules"`
	// Before and After are the two states of the law by which each device was
	// judged, where it was by two; Rules are then those of After.
	Before *State `json:"before,omitempty"`
	After  *State `json:"after,omitempty"`
	// Catalogue is the Central Products List that was joined.
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

// Question is what was asked, in words of the command line.
type Question struct {
	// On is the installation day given for every row; empty where each row has
	// its own.
	On string `json:"on,omitempty"`
	// AsAt is the day whose tables were asked; empty for the law of each row's
	// own day.
	AsAt       string `json:"as_at,omitempty"`
	LastDay    string `json:"last_day"`
	AssumeOpen bool   `json:"assume_open"`
	// Scope is that given for every row; nil where each row has its own.
	Scope *string `json:"scope,omitempty"`
}

// Rules are the record that was asked.
type Rules struct {
	Edition   string `json:"edition"`
	SHA256    string `json:"sha256"`
	VouchedTo string `json:"vouched_to"`
	// Record is the file given in place of the shipped record, and Amendments
	// those that were added to it.
	Record     *File  `json:"record,omitempty"`
	Amendments []File `json:"amendments,omitempty"`
}

// State is a state of the law: a record, and the day whose tables were asked.
type State struct {
	Text      string `json:"state"` // as it was given
	Words     string `json:"words"`
	AsAt      string `json:"as_at,omitempty"` // empty for the law of each row's own day
	Edition   string `json:"edition"`
	SHA256    string `json:"sha256"`
	VouchedTo string `json:"vouched_to"`
}

// File is a file that took part.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Catalogue is a Central Products List.
type Catalogue struct {
	File
	// Says is what the list says of itself: its version, its day, its entries.
	Says string `json:"says"`
}

// Waivers are the waivers of a run.
type Waivers struct {
	File
	Waivers []Waiver `json:"waivers"`
}

// Waiver is one of them, and how many devices it let pass.
type Waiver struct {
	ID       string `json:"id,omitempty"`
	Reason   string `json:"reason"`
	Approver string `json:"approver"`
	Until    string `json:"until"`
	Expired  bool   `json:"expired,omitempty"`
	Devices  int    `json:"devices"`
}

// Input is one inventory and how it was read.
type Input struct {
	// The file's own bytes, as they lie on the disk or came through the pipe.
	File
	Empty    bool   `json:"empty,omitempty"`
	Encoding string `json:"encoding,omitempty"` // "UTF-8", "UTF-16LE", "Windows-1252"; empty for a workbook
	// Delimiter stands between cells; empty for a workbook, whose tab is Sheet.
	Delimiter string `json:"delimiter,omitempty"`
	Quote     string `json:"quote,omitempty"` // "none" for a file without quoting
	Sheet     string `json:"sheet,omitempty"`
	Table     string `json:"table,omitempty"` // of the sheet, where no more was read
	// HeaderRow is the line or row of the heading, from 1.
	HeaderRow int `json:"header_row,omitempty"`
	// Dates says how the dates were read: "YYYY-MM-DD", "DD/MM/YYYY" and so on.
	Dates string `json:"dates,omitempty"`
	// Columns are the columns read, in the order of the fields.
	Columns []Column `json:"columns,omitempty"`
	// NotRead are the headings that no field was read from.
	NotRead []string `json:"not_read,omitempty"`
	// Notes say what a reader should know: a date order taken from the whole
	// column, cells that a spreadsheet has damaged.
	Notes []string `json:"notes,omitempty"`
}

// Column is a field and the heading it was read from.
type Column struct {
	Field   string `json:"field"`
	Heading string `json:"heading"`
}

// Output is one output. The one that holds the evidence is among them, and none
// has a digest: it would have to hold its own.
type Output struct {
	Name   string `json:"name"`
	Format string `json:"format"`
}
