package ivp

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The causes of errors, for errors.Is. An error that has one of them says in its
// text what was given and what was expected.
var (
	// ErrBadVersion is the cause of every [*SpecError].
	ErrBadVersion = errors.New("not a version")
	// ErrBadDate is the cause if a date cannot be read or does not exist.
	ErrBadDate = errors.New("not a date")
	// ErrUnknownType is the cause if a device type is not known.
	ErrUnknownType = errors.New("not a device type")
	// ErrBadRules is the cause of [Faults].
	ErrBadRules = errors.New("the rules have faults")
	// ErrOtherRules is the cause if the rules are not those that were expected.
	ErrOtherRules = errors.New("not the expected rules")
	// ErrNoAmendment is the cause if no amendment has the given id.
	ErrNoAmendment = errors.New("no such amendment")
)

// causedError is an error with one of the causes.
type causedError struct {
	cause error
	text  string
}

func caused(cause error, format string, args ...any) error {
	return causedError{cause, fmt.Sprintf(format, args...)}
}

func (e causedError) Error() string { return e.text }

func (e causedError) Unwrap() error { return e.cause }

// Fault is one thing that is wrong with a rules file, or a warning of [Lint].
type Fault struct {
	// Code identifies the kind of fault, such as "unknown-key". It is the same
	// in every release.
	Code      string
	Amendment string // the id of the amendment, if it could be read
	Line      int    // from 1; 0 if the amendment does not come from a file
	Field     string // the key
	Value     string // the value of the key
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

// Faults is everything that is wrong with a rules file, in the order of its
// lines.
type Faults []Fault

// Error returns the faults, each on a line of its own.
func (all Faults) Error() string {
	lines := make([]string, len(all))
	for i, f := range all {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// Is reports whether the target is [ErrBadRules].
func (all Faults) Is(target error) bool { return target == ErrBadRules }

func (all Faults) sorted() Faults {
	slices.SortStableFunc(all, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	return all
}

// writeIt advises the one spelling that rules files allow.
func writeIt(right string) string { return fmt.Sprintf("write it %q", right) }

// dayAdvice says what to do about a text that is not a valid date.
func dayAdvice(text string) string {
	if isoShaped(text) {
		return "look it up again: there is no such day"
	}
	return "write year, month and day, as in 2023-04-27"
}

func isoShaped(text string) bool {
	return len(text) == len("2006-01-02") && text[4] == '-' && text[7] == '-'
}

// boundAdvice says what to do about a text that is neither a valid date nor one
// of the words.
func boundAdvice(text string, words []BoundKind) string {
	for _, word := range words {
		if sameWord(text, word.String()) {
			return writeIt(word.String())
		}
	}
	if sameWord(text, Open.String()) {
		return "a start is never open: if no source gives it, it is not-on-record"
	}
	if isoShaped(text) {
		return dayAdvice(text)
	}
	return "write a day as in 2023-04-27, or only the word"
}

// sameWord reports whether two texts are equal except for case, spaces, hyphens
// and underscores.
func sameWord(a, b string) bool {
	plain := strings.NewReplacer(" ", "", "-", "", "_", "")
	return strings.EqualFold(plain.Replace(a), plain.Replace(b))
}
