package timeline

import "github.com/mp196/ivp/ivp"

// glyph is about the width of a character of a bar's label.
const glyph = 6.2

// run is some bars after one another that have one answer.
type run struct {
	first, last Bar
}

func runs(bars []Bar) []run {
	var all []run
	for _, b := range bars {
		if n := len(all); n > 0 && all[n-1].last.Outcome() == b.Outcome() {
			all[n-1].last = b
			continue
		}
		all = append(all, run{b, b})
	}
	return all
}

// label is what is written on a run, if it fits.
func (r run) label() string {
	switch {
	case r.first.Outcome() == ivp.NotEligible:
		return ""
	case r.first.Outcome() == ivp.Eligible && r.last.cutAfter():
		return "no end set"
	case r.first.Outcome() == ivp.Eligible:
		return "to " + r.last.Last.String()
	case r.first.cutBefore() && r.last.cutAfter():
		return "not known"
	case r.first.cutBefore():
		return "not known before " + r.last.Last.AddDays(1).String()
	case r.last.cutAfter():
		return "not known after " + r.first.First.AddDays(-1).String()
	case r.first.Verdict.Reason == ivp.Unsettled && r.last.Verdict.Reason == ivp.Unsettled:
		return "not settled"
	}
	return "not known"
}

// labels writes on each run of bars what it says, where there is room.
func (d *drawing) labels(r Row, mid float64) {
	for _, run := range runs(r.Bars) {
		x, end := d.axis.x(run.first.First), d.axis.end(run.last.Last)
		label := run.label()
		if label == "" || end-x < glyph*float64(len(label))+8 {
			continue
		}
		switch {
		case run.first.Outcome() == ivp.Eligible:
			d.text(end-4, mid+4, "tl-onyes", "end", label)
		case run.first.cutBefore():
			d.text(end-5, mid+4, "tl-onhatch", "end", label)
		default:
			d.text(x+5, mid+4, "tl-onhatch", "", label)
		}
		d.WriteByte('\n')
	}
}
