package cpl

import "fmt"

// Fault is one damaged cell of a list, or a damaged row.
type Fault struct {
	// Line is the row's number, as an editor or a spreadsheet counts it.
	Line int
	// Entry is the row's entry number as it is written; it may be blank or
	// itself the damaged cell.
	Entry string
	// Column is the heading of the cell; empty where the whole row is damaged.
	Column string
	// Value is the cell as it is written.
	Value string
	// Problem says what was expected, and what may have happened.
	Problem string
}

// Error names the place, the value, what was expected and what may have
// happened.
func (f Fault) Error() string {
	where := fmt.Sprintf("line %d", f.Line)
	if f.Entry != "" {
		where += ", entry " + clip(f.Entry)
	}
	if f.Column == "" {
		return fmt.Sprintf("%s: %s", where, f.Problem)
	}
	return fmt.Sprintf("%s, column %s: %q: %s", where, f.Column, clip(f.Value), f.Problem)
}

// clip keeps a text short enough for a message.
func clip(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// DamageError is the error of a list with damaged rows.
type DamageError struct {
	Name   string
	Rows   int
	Faults []Fault // in the order of the file; at least one
}

// Error names the first fault, how many more there are, and what to do.
func (e *DamageError) Error() string {
	return fmt.Sprintf("%s is damaged in %d %s; the first: %v\nTake the list afresh from SECAS and do not save it from a spreadsheet; ivp cpl lint lists all damage",
		e.Name, e.Rows, plural(e.Rows, "row"), e.Faults[0])
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
