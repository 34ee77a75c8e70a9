package devices

import (
	"fmt"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// MappingError says why the columns of an input do not serve.
type MappingError struct {
	Headings []string    // as they were found
	Missing  []Field     // needed, and no heading means them
	Twice    []Duplicate // judged, and several headings mean them
	NotFound []Mapping   // mapped to a heading that is not there
	Added    []string    // ivp_ columns that the input already carries
}

// Duplicate is a field and the headings that mean it.
type Duplicate struct {
	Field    Field
	Headings []string
}

// Mapping is a field and the heading that was named for it.
type Mapping struct {
	Field   Field
	Heading string
}

func (e *MappingError) any() bool {
	return len(e.Missing)+len(e.Twice)+len(e.NotFound)+len(e.Added) > 0
}

// Error names every fault, the headings found, the headings accepted, and what
// to type.
func (e *MappingError) Error() string {
	var lines []string
	for _, f := range e.Missing {
		lines = append(lines, fmt.Sprintf("no column for %s: want a heading such as %s", f, strings.Join(f.Aliases(), ", ")))
	}
	for _, m := range e.NotFound {
		lines = append(lines, fmt.Sprintf("no column is headed %q, to which %s is mapped", m.Heading, m.Field))
	}
	for _, d := range e.Twice {
		lines = append(lines, fmt.Sprintf("%d columns for %s: %s; one must be chosen", len(d.Headings), d.Field, quotedList(d.Headings)))
	}
	if len(e.Added) > 0 {
		lines = append(lines, fmt.Sprintf("the input already carries columns of ours: %s; replace them with --recheck, or take them away", quotedList(e.Added)))
	}
	lines = append(lines, "headings found: "+quotedList(e.Headings))
	if e.looksLikeData() {
		lines = append(lines, "the first line looks like data, not a heading: put a heading line above it")
	}
	if hint := e.paste(); hint != "" {
		lines = append(lines, "to choose a column yourself: "+hint)
	}
	return strings.Join(lines, "\n  ")
}

func quotedList(words []string) string {
	var all []string
	for _, word := range words {
		all = append(all, fmt.Sprintf("%q", word))
	}
	return strings.Join(all, ", ")
}

// looksLikeData reports whether a heading is a date or a version.
func (e *MappingError) looksLikeData() bool {
	for _, heading := range e.Headings {
		if day, err := readDate(heading, DayFirst); err == nil && day.Valid() {
			return true
		}
		if spec, err := ivp.ParseSpec(heading, ivp.SMETS); err == nil && !spec.IsZero() {
			return true
		}
	}
	return false
}

// paste returns flags to paste, with a heading that means nothing yet in the
// place of the right one.
func (e *MappingError) paste() string {
	var flags []string
	for _, f := range e.fields() {
		flags = append(flags, fmt.Sprintf("--map %s=%q", f, e.candidate(f)))
	}
	return strings.Join(flags, " ")
}

func (e *MappingError) fields() []Field {
	fields := append([]Field(nil), e.Missing...)
	for _, m := range e.NotFound {
		fields = append(fields, m.Field)
	}
	for _, d := range e.Twice {
		fields = append(fields, d.Field)
	}
	return fields
}

func (e *MappingError) candidate(f Field) string {
	for _, d := range e.Twice {
		if d.Field == f && normal(d.Headings[0]) != normal(d.Headings[1]) {
			return d.Headings[0]
		}
	}
	return "YOUR HEADING"
}
