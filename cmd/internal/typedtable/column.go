package typedtable

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
)

// column is what a column of a table says.
type column int

const (
	specColumn column = iota
	fromColumn
	toColumn
	scopeColumn
	confirmedColumn
	inferredColumn
	unquotedColumn
	typeColumn
	gbcsColumn
	columnEnd
)

// columnNames are the headings that mean a column, its own name first. Those of
// maintenance periods are none of them: a table of the Code has both, and only
// the installation period is asked for.
var columnNames = [columnEnd][]string{
	specColumn: append([]string{"spec", "Version", "Specification Version", "TS Version"}, devices.Spec.Aliases()[1:]...),
	fromColumn: {"from", "Start", "Start Date", "Valid From", "IVP Start", "IVP Start Date", "IVP From", "Installation Start", "Installation Start Date",
		"Installation Validity Period Start", "Installation Validity Period Start Date", "Applicability Period Start Date"},
	toColumn: {"to", "End", "End Date", "Until", "Valid To", "IVP End", "IVP End Date", "IVP To", "Installation End", "Installation End Date",
		"Installation Validity Period End", "Installation Validity Period End Date", "Applicability Period End Date"},
	scopeColumn:     {"scope"},
	confirmedColumn: {"confirmed", "Confirmed To", "Confirmed Until"},
	inferredColumn:  {"inferred"},
	unquotedColumn:  {"unquoted"},
	typeColumn:      append([]string{"type"}, devices.DeviceType.Aliases()...),
	gbcsColumn:      devices.GBCS.Aliases(),
}

// String returns the column's own name.
func (c column) String() string { return columnNames[c][0] }

// heads reports whether a heading means the column.
func (c column) heads(heading string) bool {
	return slices.ContainsFunc(columnNames[c], func(name string) bool { return sameHeading(name, heading) })
}

// sameHeading compares as the headings of an inventory are; a heading of a table
// may also be broken over lines.
func sameHeading(a, b string) bool { return devices.SameHeading(oneLine(a), oneLine(b)) }

func oneLine(heading string) string { return strings.Join(strings.Fields(heading), " ") }

// places are where the columns stand, from 0; -1 for one that is not there.
type places [columnEnd]int

// findColumns maps a heading to the columns wanted, the first few of which are
// needed. rest are the headings that mean none of them.
func findColumns(headings []string, wanted []column, needed int) (at places, rest []string, problems []string) {
	for c := range at {
		at[c] = -1
	}
	for i, c := range wanted {
		var found []string
		for place, heading := range headings {
			if c.heads(heading) {
				at[c] = place
				found = append(found, heading)
			}
		}
		switch {
		case len(found) == 0 && i < needed:
			problems = append(problems, fmt.Sprintf("no column for %s: want a heading such as %s; rename the one that is meant", c, strings.Join(columnNames[c], ", ")))
		case len(found) > 1:
			problems = append(problems, fmt.Sprintf("%d columns for %s: %s; rename all but one", len(found), c, quotedList(found)))
		}
	}
	for place, heading := range headings {
		if !slices.Contains(at[:], place) && strings.TrimSpace(heading) != "" {
			rest = append(rest, strings.TrimSpace(heading))
		}
	}
	return at, rest, problems
}

func quotedList(texts []string) string {
	var quoted []string
	for _, text := range texts {
		quoted = append(quoted, fmt.Sprintf("%q", text))
	}
	return strings.Join(quoted, ", ")
}
