package ask

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/words"
	"github.com/mp196/ivp/devices"
)

// ColumnsError says why the columns of an inventory do not serve, so that the
// asker can choose others and ask again.
type ColumnsError struct {
	// Headings are those found.
	Headings []string `json:"headings"`
	// Choose are the fields for which a heading is to be chosen.
	Choose []ColumnChoice `json:"choose,omitempty"`
	// Added are columns of ours that the input carries already.
	Added []string `json:"added,omitempty"`
}

// ColumnChoice is a field that needs a heading, in the words of the input.
type ColumnChoice struct {
	Field   string `json:"field"`
	Problem string `json:"problem"`
	// Near are the headings that may have been meant, the likeliest first.
	Near []string `json:"near,omitempty"`
}

func newColumnsError(m *devices.MappingError) *ColumnsError {
	e := &ColumnsError{Headings: m.Headings, Added: m.Added}
	for _, f := range m.Missing {
		e.choose(f, fmt.Sprintf("no column for %s: want a heading such as %s", f, strings.Join(f.Aliases(), ", ")), nil)
	}
	for _, n := range m.NotFound {
		e.choose(n.Field, fmt.Sprintf("no column is headed %q, to which %s is mapped", n.Heading, n.Field), nil)
	}
	for _, d := range m.Twice {
		e.choose(d.Field, fmt.Sprintf("%d columns for %s: %s; one must be chosen", len(d.Headings), d.Field, words.Quoted(d.Headings)), d.Headings)
	}
	return e
}

func (e *ColumnsError) choose(f devices.Field, problem string, near []string) {
	if near == nil {
		near = devices.NearHeadings(f, e.Headings)
	}
	e.Choose = append(e.Choose, ColumnChoice{f.String(), problem, slices.Clone(near)})
}

// Error names every fault, the headings found, and what to ask instead.
func (e *ColumnsError) Error() string {
	var lines []string
	for _, c := range e.Choose {
		heading := "YOUR HEADING"
		if len(c.Near) > 0 {
			heading = c.Near[0]
		}
		lines = append(lines, fmt.Sprintf("%s; to choose one, ask with map=%s=%s", c.Problem, c.Field, heading))
	}
	if len(e.Added) > 0 {
		lines = append(lines, fmt.Sprintf("the input already carries columns of ours: %s; replace them with recheck=true, or take them away", words.Quoted(e.Added)))
	}
	return strings.Join(append(lines, "headings found: "+words.Quoted(e.Headings)), "; ")
}
