package typedtable

import (
	"fmt"
	"strings"
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

// String returns the fault in one line.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	b.WriteString(": ")
	if f.Column != "" {
		b.WriteString(f.Column + ": ")
	}
	if f.Value != "" {
		fmt.Fprintf(&b, "%q: ", clip(f.Value))
	}
	b.WriteString(f.Problem)
	if f.Want != "" {
		b.WriteString("; want " + f.Want)
	}
	if f.Do != "" {
		b.WriteString("; " + f.Do)
	}
	return b.String()
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

// clip keeps a value that goes into a message to a readable length.
func clip(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
