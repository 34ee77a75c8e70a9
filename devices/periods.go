package devices

import (
	"iter"
	"slices"
	"sync"

	"github.com/mp196/ivp/ivp"
)

// dayResult is the result of a day on which answers may change.
type dayResult struct {
	result Result
	// difference is that to the result before a change, where two are compared.
	difference *Difference
	same       bool // whether it is that of the day before, but for the day
}

// Period is a run of installation days with one answer, both ends included.
type Period struct {
	First, Last ivp.Date
	Result      Result // that of the first day
}

// Periods returns the answer of every installation day there is for a device, as
// the fewest periods: in order, without a gap, from [ivp.MinDate] to
// [ivp.MaxDate]. The device's own day does not count, nor does [Judge.On].
func (j Judge) Periods(d Device) []Period {
	j.On = ivp.Date{}
	breaks := j.Checker.History.Breaks()
	var periods []Period
	for place, day := range j.periods(d, breaks) {
		if !day.same {
			if n := len(periods); n > 0 {
				periods[n-1].Last = breaks[place].AddDays(-1)
			}
			periods = append(periods, Period{First: breaks[place], Last: ivp.MaxDate(), Result: day.result})
		}
	}
	return periods
}

// periods judges a device before and after a change on each of the break days,
// which must be those of both records.
func (c *Comparison) periods(d Device, breaks []ivp.Date) iter.Seq2[int, dayResult] {
	var befores []dayResult
	for _, day := range c.before.periods(d, breaks) {
		befores = append(befores, day)
	}
	asked := sync.OnceValue(func() []ivp.Installation { return c.after.asked(d) })
	return func(yield func(int, dayResult) bool) {
		var last *Difference
		for place, day := range c.after.periods(d, breaks) {
			diff := c.differenceOf(asked, befores[place].result, day.result)
			same := day.same && befores[place].same && slices.Equal(last.By, diff.By)
			last = &diff
			if !yield(place, dayResult{day.result, &diff, same}) {
				return
			}
		}
	}
}

// periods judges a device on each of the record's break days, whatever day its
// own is: between two of them every answer stands.
func (j Judge) periods(d Device, breaks []ivp.Date) iter.Seq2[int, dayResult] {
	if j.Catalogue == nil {
		return j.checkerPeriods(d, breaks)
	}
	return func(yield func(int, dayResult) bool) {
		looked := j.look(d, j.installation(d))
		var before Result
		for place, day := range breaks {
			r := j.joined(looked, day)
			if !yield(place, dayResult{result: r, same: place > 0 && sameAnswer(before, r)}) {
				return
			}
			before = r
		}
	}
}

// checkerPeriods takes the results from the checker's own periods.
func (j Judge) checkerPeriods(d Device, breaks []ivp.Date) iter.Seq2[int, dayResult] {
	i := j.installation(d)
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
			if !yield(place, dayResult{result: j.result(i, periods[at].Verdict, d.Faults), same: same}) {
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
