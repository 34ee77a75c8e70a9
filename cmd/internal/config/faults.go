package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// faults collects what is wrong with a file, so that all of it is reported at
// once.
type faults struct {
	path string
	all  []fault
}

type fault struct {
	line int
	err  error
}

// add adds a fault of a line.
func (f *faults) add(line int, format string, args ...any) {
	f.all = append(f.all, fault{line, fmt.Errorf(format, args...)})
}

// err returns all faults, each with the file and the line, in the order of the
// lines; nil if there are none.
func (f *faults) err() error {
	slices.SortStableFunc(f.all, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	var errs []error
	for _, fault := range f.all {
		errs = append(errs, fmt.Errorf("%s:%d: %w", f.path, fault.line, fault.err))
	}
	return errors.Join(errs...)
}

// wrongKind adds the fault that a key has the wrong kind of value.
func (f *faults) wrongKind(k key, want string) {
	f.add(k.line, "%s is %s: want %s", k.name, k.kind(), want)
}

// didYouMean returns "; did you mean …?" with the known name nearest to an
// unknown one, and "" if none is near.
func didYouMean(name string, known []string) string {
	near := nearest(name, known)
	if near == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", near)
}

func list(words []string) string { return strings.Join(words, ", ") }

// nearest returns the known name that a mistyped one most likely means: at most
// two letters and a third of its length away, ignoring case and the difference of
// _ and -; "" if there is none.
func nearest(name string, known []string) string {
	best, least := "", 3
	for _, candidate := range known {
		a, b := normalName(name), normalName(candidate)
		distance := levenshtein.ComputeDistance(a, b)
		if 3*distance <= min(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) && distance < least {
			best, least = candidate, distance
		}
	}
	return best
}

func normalName(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "_", "-")
}
