package typedtable

import (
	"fmt"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Fault is one thing that is wrong with a table.
type Fault struct {
	File    string
	Line    int    // as an editor or a spreadsheet counts; 0 for the file as a whole
	Column  string // the heading, as it is written; empty for the row as a whole
	Value   string // the cell, as it is written
	Problem string
	Want    string // what was expected; may be empty
	Do      string // what to do next; may be empty where Problem says it
}

// String returns the fault in one line: its place, then as one of a rules file.
func (f Fault) String() string {
	place := f.File
	if f.Line > 0 {
		place += fmt.Sprintf(":%d", f.Line)
	}
	return place + ": " + ivp.Fault{Field: f.Column, Value: f.Value, Problem: f.Problem, Want: f.Want, Do: f.Do}.String()
}

// Faults are all that is wrong with a table, in the order of its lines.
type Faults []Fault

// Error returns the faults, a line each.
func (all Faults) Error() string {
	lines := make([]string, len(all))
	for i, f := range all {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}
