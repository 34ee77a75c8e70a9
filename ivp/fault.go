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

// writeIt advises the one spelling that a rules file has for what is meant.
func writeIt(right string) string { return fmt.Sprintf("write it %q", right) }

// dayAdvice says what to do about a text that is no day.
func dayAdvice(text string) string {
	if isoShaped(text) {
		return "look it up again: no calendar has that day"
	}
	return "write year, month and day, as in 2023-04-27"
}

func isoShaped(text string) bool {
	return len(text) == len("2006-01-02") && text[4] == '-' && text[7] == '-'
}

// boundAdvice says what to do about a text that is neither a day nor one of the
// words.
func boundAdvice(text string, words []BoundKind) string {
	for _, word := range words {
		if sameWord(text, word.String()) {
			return writeIt(word.String())
		}
	}
	if sameWord(text, Open.String()) {
		return "a start is never open: where no source gives it, it is not-on-record"
	}
	if isoShaped(text) {
		return dayAdvice(text)
	}
	return "write a day as in 2023-04-27, or the word alone"
}

// sameWord compares without case, spaces, hyphens and underscores.
func sameWord(a, b string) bool {
	plain := strings.NewReplacer(" ", "", "-", "", "_", "")
	return strings.EqualFold(plain.Replace(a), plain.Replace(b))
}
