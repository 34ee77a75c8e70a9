package typedtable

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// The words that may stand in the place of a day.
const (
	openWord        = "open"
	notOnRecordWord = "not-on-record"
	removedWord     = "removed"
)

// bound reads a day or one of the words; blank leaves the bound as it stood.
func (s *sheet) bound(r row, c column, dates devices.DateFormat, words ...string) (b ivp.Bound, removed bool, fault *Fault) {
	text := s.cell(r, c)
	i := slices.IndexFunc(words, func(word string) bool { return sameHeading(word, text) })
	if i < 0 {
		day, err := devices.ReadDate(text, dates)
		switch {
		case err != nil:
			want, do := advice(err)
			f := s.fault(r, c, "this is neither a day nor a word known here", want+", "+strings.Join(words, ", ")+" or blank", do)
			return b, false, &f
		case day.Valid():
			b = ivp.On(day)
		}
		return b, false, nil
	}
	switch words[i] {
	case openWord:
		b.Kind = ivp.Open
	case notOnRecordWord:
		b.Kind = ivp.NotOnRecord
	case removedWord:
		removed = true
	}
	return b, removed, nil
}

// versionFault says why a cell is no version.
func (s *sheet) versionFault(r row, c column, err error) Fault {
	var why *ivp.SpecError
	if !errors.As(err, &why) {
		return s.fault(r, c, err.Error(), "", "")
	}
	do := cmp.Or(why.Hint, "look it up again")
	if _, bare := ivp.ParseSpec(s.cell(r, c), ivp.SMETS); bare == nil && s.at[typeColumn] < 0 {
		do = "write SMETS2, CHTS or GBCS before it"
	}
	return s.fault(r, c, "this is not a version", why.Want, do)
}
