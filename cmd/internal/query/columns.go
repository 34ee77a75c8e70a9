package query

import (
	"fmt"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
)

// Columns say from which column of an inventory each field is read, and which may
// be chosen instead.
type Columns struct {
	// Headings are those found, in their order.
	Headings []string `json:"headings"`
	// Choose are the fields for which a column can be chosen, those at fault first.
	Choose []ColumnChoice `json:"choose,omitempty"`
}

// ColumnChoice is a field and its column.
type ColumnChoice struct {
	Field string `json:"field"`
	// Column is the number, from 1, of the column that the field is read from; 0
	// where it is read from none.
	Column int `json:"column,omitempty"`
	// Judged says that answers may depend on the field, and Needed that nothing can
	// be judged without it.
	Judged bool `json:"judged,omitempty"`
	Needed bool `json:"needed,omitempty"`
	// Problem says why the inventory cannot be read, where that is for want of this
	// column, in the words of the input.
	Problem string `json:"problem,omitempty"`
	// Near are the headings that may have been meant, the likeliest first. None of
	// them is read unless it is chosen.
	Near []string `json:"near,omitempty"`

	name string // what names the likeliest column
}

// newColumns returns the columns as they were found, and what is wrong with them.
func newColumns(c devices.Columns, opts devices.ColumnOptions, problems []devices.FieldProblem) Columns {
	all := Columns{Headings: c.Headings()}
	for _, p := range problems {
		all.Choose = append(all.Choose, ColumnChoice{Field: p.Field.String(), Judged: opts.Judges(p.Field), Needed: opts.Needs(p.Field), Problem: p.Text, Near: p.Near, name: p.Name})
	}
	for _, f := range devices.Fields() {
		if !opts.Reads(f) || slices.ContainsFunc(problems, func(p devices.FieldProblem) bool { return p.Field == f }) {
			continue
		}
		choice := ColumnChoice{Field: f.String(), Column: c.Index(f) + 1, Judged: opts.Judges(f), Needed: opts.Needs(f)}
		if _, chosen := opts.Map[f]; choice.Column == 0 && !chosen {
			choice.Near = c.NearHeadings(f)
		}
		all.Choose = append(all.Choose, choice)
	}
	return all
}

// ColumnsError says why the columns of an inventory do not serve, so that the
// asker can choose others and ask again. The fields at fault have a Problem.
type ColumnsError struct {
	Columns
	// Added are the ivp_ columns that the input already has.
	Added []string `json:"added,omitempty"`
}

func newColumnsError(m *devices.MappingError, opts devices.ColumnOptions) *ColumnsError {
	opts.Lenient = true
	columns, _ := devices.MapColumns(m.Headings, opts) // it faults nothing
	return &ColumnsError{newColumns(columns, opts, m.FieldProblems()), m.Added}
}

// Error names every fault, the headings found, and what to ask instead.
func (e *ColumnsError) Error() string {
	var lines []string
	for _, c := range e.Choose {
		if c.Problem != "" {
			lines = append(lines, fmt.Sprintf("%s; to choose one, ask with map=%s=%s", c.Problem, c.Field, c.name))
		}
	}
	if len(e.Added) > 0 {
		lines = append(lines, fmt.Sprintf("the input already carries columns of ours: %s; replace them with recheck=true, or take them away", remarks.Quoted(e.Added)))
	}
	return strings.Join(append(lines, "headings found: "+remarks.Quoted(e.Headings)), "; ")
}
