package amendtable

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Fault is one thing that is wrong with a table, or that only its user can say.
type Fault struct {
	File    string // empty for what concerns the amendment as a whole
	Line    int    // as an editor or a spreadsheet counts; 0 for the file as a whole
	Column  string // the heading as it is written, or a flag; empty for the row as a whole
	Value   string // the cell, as it is written
	Problem string
	Want    string // the expected value; may be empty
	Do      string // what to do next; may be empty if Problem says it
	Flags   string // continues Do with what the flags of the command can do; forms do not show it
	Paste   string // the flag that answers, with placeholders; may be empty
	Code    string // that of the fault in the amendment's file; empty if it is another fault
}

// String returns the fault in one line: its place, then the text of a fault in a
// rules file.
func (f Fault) String() string {
	place := f.File
	if f.Line > 0 {
		place += fmt.Sprintf(":%d", f.Line)
	}
	if place != "" {
		place += ": "
	}
	return place + ivp.Fault{Field: f.Column, Value: f.Value, Problem: f.Problem, Want: f.Want, Do: f.Do}.String() + f.Flags
}

// Faults lists everything that is wrong with a table, and what must be said about
// it: by line, first what concerns the amendment as a whole.
type Faults []Fault

// Error returns the faults, one a line, then the flags that answer them in a line
// to paste.
func (all Faults) Error() string {
	const most = 3 // of one kind
	var lines []string
	alike := map[Fault][]Fault{}
	for _, f := range all {
		kind := Fault{File: f.File, Column: f.Column, Problem: f.Problem, Want: f.Want}
		alike[kind] = append(alike[kind], f)
	}
	for _, f := range all {
		kind := Fault{File: f.File, Column: f.Column, Problem: f.Problem, Want: f.Want}
		same := alike[kind]
		switch i := slices.Index(same, f); {
		case i < most || len(same) == most+1:
			lines = append(lines, f.String())
		case i == most:
			lines = append(lines, fmt.Sprintf("%s: %s: the same in %d more rows, to line %d", f.File, f.Column, len(same)-most, same[len(same)-1].Line))
		}
	}
	if paste := all.Paste(); paste != "" {
		lines = append(lines, "add to the command, with your own words for those in capital letters:", "  "+paste)
	}
	return strings.Join(lines, "\n")
}

// Paste returns the flags that answer the faults, each once, in a line that a
// shell reads as it is written.
func (all Faults) Paste() string {
	const leaveOut = "--leave-out "
	var flags, lines []string
	for _, f := range all {
		line, leaves := strings.CutPrefix(f.Paste, leaveOut)
		switch {
		case leaves:
			lines = append(lines, line)
		case f.Paste != "" && !slices.Contains(flags, f.Paste):
			flags = append(flags, f.Paste)
		}
	}
	if text := strings.Join(lines, ","); strings.Contains(text, " ") {
		flags = append(flags, leaveOut+quote(text))
	} else if text != "" {
		flags = append(flags, leaveOut+text)
	}
	return strings.Join(flags, " ")
}

func (all Faults) sorted() Faults {
	slices.SortStableFunc(all, func(a, b Fault) int {
		if a.File != b.File && a.File != "" && b.File != "" {
			return 0
		}
		return a.Line - b.Line
	})
	return all
}

// columnOf maps a key of a rules file to the column that it was typed in.
var columnOfKey = map[string]column{
	"spec": specColumn, "entries": specColumn, "scope": scopeColumn, "from": fromColumn, "to": toColumn, "remove": toColumn,
	"confirmed": confirmedColumn, "inferred": inferredColumn, "unquoted": unquotedColumn,
	"type": typeColumn, "gbcs": gbcsColumn, "pairs": specColumn,
}

// flagOf maps a key of the whole amendment to the flag that sets it.
var flagOf = map[string]string{
	"id": "--id", "title": "--title", "in_force": "--in-force", "perhaps_from": "--perhaps-from", "vouched": "--vouched",
	"citations": "--document", "document": "--document", "url": "--url", "quote": "--quote",
}

// blame turns faults of the amendment's file into faults of the tables that it
// was made from. rows and pairRows are those of its entries and pairs.
func blame(err error, data []byte, rows []*entry, pairRows []row) (faults Faults) {
	var found ivp.Faults
	if !errors.As(err, &found) {
		return Faults{{Problem: err.Error()}}
	}
	entries, pairs := firstItem(data, "entries"), firstItem(data, "pairs")
	for _, f := range found {
		fault := Fault{Column: flagOf[f.Field], Value: f.Value, Problem: f.Problem, Want: f.Want, Do: f.Do, Code: f.Code}
		switch i, j := f.Line-entries, f.Line-pairs; {
		case pairs > 0 && j >= 0 && j < len(pairRows):
			c := columnOfKey[f.Field]
			if f.Field == "remove" {
				c = withdrawnColumn
			}
			fault.place(pairRows[j], c)
		case entries > 0 && i >= 0 && i < len(rows):
			c := columnOfKey[f.Field]
			switch c {
			case fromColumn:
				c = rows[i].startColumn
			case toColumn:
				c = rows[i].endColumn
			}
			fault.place(rows[i].row, c)
		}
		faults = append(faults, fault)
	}
	return faults
}

// place sets the place of the fault to a cell.
func (f *Fault) place(r row, c column) {
	f.File, f.Line, f.Column = r.sheet.name, r.line, r.sheet.title(c)
	if cell := r.cell(c); cell != "" {
		f.Value = oneLine(cell)
	}
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
