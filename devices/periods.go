package devices

import (
	"iter"
	"slices"

	"github.com/mp196/ivp/ivp"
)

// dayResult is the result of a day on which answers may change.
type dayResult struct {
	result Result
	same   bool // whether it is that of the day before, but for the day
}

// periods judges a device on each of the record's break days, whatever day its
// own is: between two of them every answer stands.
func (j Judge) periods(d Device, breaks []ivp.Date) iter.Seq2[int, dayResult] {
	if j.Catalogue == nil {
		return j.checkerPeriods(d, breaks)
	}
	return func(yield func(int, dayResult) bool) {
		i := d.Installation
		if j.ScopeGiven {
			i.Scope = j.Scope
		}
		looked := j.look(d, i)
		var before Result
		for place, day := range breaks {
			r := j.joined(looked, day)
			if !yield(place, dayResult{r, place > 0 && sameAnswer(before, r)}) {
				return
			}
			before = r
		}
	}
}

// checkerPeriods takes the results from the checker's own periods.
func (j Judge) checkerPeriods(d Device, breaks []ivp.Date) iter.Seq2[int, dayResult] {
	i := d.Installation
	if j.ScopeGiven {
		i.Scope = j.Scope
	}
	return func(yield func(int, dayResult) bool) {
		periods := j.Checker.Periods(i)
		at := 0
		for place, day := range breaks {
			same := place > 0
			if periods[at].Last.Before(day) {
				at++
				same = false
			}
			i.On = day
			if !yield(place, dayResult{j.result(i, periods[at].Verdict, d.Faults), same}) {
				return
			}
		}
	}
}

// sameAnswer reports whether two results of one device are written alike but
// for the day.
func sameAnswer(a, b Result) bool {
	return a.Verdict == b.Verdict && a.Installation.Spec == b.Installation.Spec && a.Remedy == b.Remedy &&
		a.Differs == b.Differs && a.note == b.note && slices.Equal(a.Entries, b.Entries)
}
