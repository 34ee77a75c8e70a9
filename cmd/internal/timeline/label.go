package timeline

import (
	"fmt"

	"github.com/mp196/ivp/ivp"
)

// glyph is about the width of a character of a bar's label.
const glyph = 6.4

// run is some bars after one another that have one answer.
type run struct {
	first, last Bar
	// ends is set where the day after the run is one on which the version may
	// not be installed: there the last day is the end, and not merely the last
	// that is known.
	ends bool
}

func runs(bars []Bar) []run {
	var all []run
	for _, b := range bars {
		n := len(all)
		if n > 0 && all[n-1].last.Outcome() == b.Outcome() {
			all[n-1].last = b
			continue
		}
		if n > 0 {
			all[n-1].ends = b.Outcome() == ivp.NotEligible
		}
		all = append(all, run{first: b, last: b})
	}
	return all
}

// label is what is written on a run, if it fits; empty where its bars say all.
func (r run) label() string {
	switch {
	case r.first.Outcome() == ivp.NotEligible:
		return ""
	case r.first.Outcome() == ivp.Undetermined:
		return r.unknown()
	case r.last.cutAfter():
		return "no end set"
	case r.ends:
		return "to " + r.last.Last.String()
	}
	return ""
}

// unknown says what is not known of the run.
func (r run) unknown() string {
	word := "not known"
	switch {
	case r.all(ivp.NotListed):
		word = "not listed"
	case r.all(ivp.Unsettled):
		word = "not settled"
	}
	switch {
	case r.first.cutBefore() && r.last.cutAfter():
		return word
	case r.first.cutBefore():
		return word + " before " + r.last.Last.AddDays(1).String()
	case r.last.cutAfter():
		return word + " after " + r.first.First.AddDays(-1).String()
	}
	return word
}

func (r run) all(reason ivp.Reason) bool {
	return r.first.Verdict.Reason == reason && r.last.Verdict.Reason == reason
}

// labels writes on each run of bars what it says, where there is room.
func (d *drawing) labels(r Row, mid float64) {
	for _, run := range runs(r.Bars) {
		x, end := d.axis.x(run.first.First), d.axis.end(run.last.Last)
		label := run.label()
		room := glyph*float64(len(label)) + 6
		switch {
		case label == "" || end-x < room+4:
			continue
		case run.first.Outcome() == ivp.Eligible:
			d.text(end-4, mid+4, "tl-onyes", "end", label)
		case run.first.cutBefore() && !run.last.cutAfter():
			d.plate(end-3-room, mid, room)
			d.text(end-6, mid+4, "tl-onhatch", "end", label)
		default:
			d.plate(x+3, mid, room)
			d.text(x+6, mid+4, "tl-onhatch", "", label)
		}
		d.WriteByte('\n')
	}
}

// plate is the plain ground of a label that stands on a hatched bar.
func (d *drawing) plate(x, mid, room float64) {
	fmt.Fprintf(d, `<rect class="tl-plate" x="%s" y="%s" width="%s" height="%d"/>`, number(x), number(mid-barHeight/2+0.5), number(room), barHeight-1)
}
