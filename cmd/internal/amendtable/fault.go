package amendtable

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
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
	Want    string // the expected value; may be empty
	Do      string // what to do next; may be empty if Problem says it
}

// String returns the fault in one line: its place, then the text of a fault in a
// rules file.
func (f Fault) String() string {
	place := f.File
	if f.Line > 0 {
		place += fmt.Sprintf(":%d", f.Line)
	}
	return place + ": " + ivp.Fault{Field: f.Column, Value: f.Value, Problem: f.Problem, Want: f.Want, Do: f.Do}.String()
}

// Faults lists everything that is wrong with a table, by line.
type Faults []Fault

// Error returns the faults, one a line.
func (all Faults) Error() string {
	lines := make([]string, len(all))
	for i, f := range all {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// columnOf maps a key of a rules file to the column that it was typed in.
var columnOf = map[string]column{
	"spec": specColumn, "entries": specColumn, "scope": scopeColumn, "from": fromColumn, "to": toColumn, "remove": toColumn,
	"confirmed": confirmedColumn, "inferred": inferredColumn, "unquoted": unquotedColumn,
	"type": typeColumn, "gbcs": gbcsColumn, "pairs": specColumn,
}

// flagOf maps a key of the whole amendment to the flag that sets it.
var flagOf = map[string]string{
	"id": "--id", "title": "--title", "in_force": "--in-force", "perhaps_from": "--perhaps-from",
	"citations": "--document", "document": "--document", "url": "--url", "quote": "--quote",
}

// blame turns faults of the amendment's file into faults of the tables that it
// was made from.
func (t *Table) blame(err error, data []byte, pairs *Pairs, added []pair) error {
	var found ivp.Faults
	if !errors.As(err, &found) {
		return err
	}
	entries, pairLines := firstItem(data, "entries"), firstItem(data, "pairs")
	var faults Faults
	for _, f := range found {
		fault := Fault{File: t.sheet.name, Column: flagOf[f.Field], Value: f.Value, Problem: f.Problem, Want: f.Want, Do: f.Do}
		switch i, j := f.Line-entries, f.Line-pairLines; {
		case pairLines > 0 && j >= 0 && j < len(added):
			fault.place(pairs.sheet, added[j].row, f)
		case entries > 0 && i >= 0 && i < len(t.entries):
			fault.place(t.sheet, t.entries[i].row, f)
		}
		faults = append(faults, fault)
	}
	return sorted(faults)
}

// place sets the place of the fault to the cell that caused it, if the table has
// such a column.
func (f *Fault) place(s *sheet, r row, of ivp.Fault) {
	f.File, f.Line = s.name, r.line
	c, ok := columnOf[of.Field]
	if !ok {
		return
	}
	f.Column = s.title(c)
	if cell := s.cell(r, c); cell != "" {
		f.Value = cell
	}
}

func sorted(faults Faults) Faults {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		if a.File != b.File {
			return 0
		}
		return a.Line - b.Line
	})
	return faults
}

// firstItem returns the line of the first item of a list in a canonical file,
// which has one item a line; 0 if there is no such list.
func firstItem(data []byte, key string) int {
	for i, line := range bytes.Split(data, []byte("\n")) {
		if string(bytes.TrimSpace(line)) == `"`+key+`": [` {
			return i + 2
		}
	}
	return 0
}
