package ivp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with a rules file, or a warning of [Lint].
type Fault struct {
	// Code names the kind of fault, such as "unknown-key". It does not change
	// from one release to the next.
	Code      string
	Amendment string // the id of the amendment, as far as it could be read
	Line      int    // from 1; 0 where the amendment came from Go code
	Field     string // the key at fault
	Value     string // what stands there
	Problem   string // what is wrong with it
	Want      string // what was expected
	Do        string // what to do next
}

// String returns the fault in one line.
func (f Fault) String() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", f.Line)
	}
	for _, part := range []string{f.Amendment, f.Field} {
		if part != "" {
			b.WriteString(part + ": ")
		}
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

// Faults are all that is wrong with a rules file, in the order of its lines.
type Faults []Fault

// Error returns the faults, a line each.
func (all Faults) Error() string {
	lines := make([]string, len(all))
	for i, f := range all {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

func (all Faults) sorted() Faults {
	slices.SortStableFunc(all, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	return all
}
