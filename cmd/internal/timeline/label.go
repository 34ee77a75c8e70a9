package timeline

import (
	"fmt"

	"github.com/mp196/ivp/ivp"
)

// glyph is about the width of a character of a bar's label.
const glyph = 6.2

// run is some bars after one another that have one answer.
type run struct {
	first, last Bar
	// ends is set for a run of eligible days after which the version may not be
	// installed: there its last day is the end, and not merely the last that is
	// known.
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
			all[n-1].ends = all[n-1].first.Outcome() == ivp.Eligible && b.Outcome() == ivp.NotEligible
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
		word = "unsettled"
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
		if run.ends {
			d.endLabel(run, end, mid)
			continue
		}
		label := run.label()
		room := roomFor(label)
		switch {
		case label == "" || end-x < room+4:
			continue
		case run.first.Outcome() == ivp.Eligible:
			d.text(end-4, mid+4, "tl-onyes", "end", label)
		case run.first.cutBefore() && !run.last.cutAfter():
			d.plate("tl-hatchpaper", end-room-3, mid, room+3)
			d.text(end-6, mid+4, "tl-onhatch", "end", label)
		default:
			d.plate("tl-hatchpaper", x, mid, room+3)
			d.text(x+6, mid+4, "tl-onhatch", "", label)
		}
		d.WriteByte('\n')
	}
}

// endLabel writes after a run of bars the last day on which the version may be
// installed.
func (d *drawing) endLabel(r run, end, mid float64) {
	label := "to " + r.last.Last.String()
	if room := roomFor(label); end+room+4 < d.axis.right() {
		d.plate("tl-paper", end, mid, room+3)
		d.text(end+6, mid+4, "tl-onhatch", "", label)
		d.WriteByte('\n')
	}
}

func roomFor(label string) float64 { return glyph*float64(len(label)) + 6 }

// plate is the plain ground of a label that stands on a bar.
func (d *drawing) plate(class string, x, mid, room float64) {
	fmt.Fprintf(d, `<rect class="tl-plate %s" x="%s" y="%s" width="%s" height="%d"/>`, class, number(x), number(mid-barHeight/2), number(room), barHeight)
}
