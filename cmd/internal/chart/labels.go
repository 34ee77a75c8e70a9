package chart

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/ivp"
)

// glyph is the approximate width of a character of a bar's label.
const glyph = 6.2

// bolder is how much wider a character of the stock is.
const bolder = 1.2

// run is a sequence of adjacent bars with one outcome.
type run struct {
	first, last Bar
	// ends is true for eligible days after which the version may not be
	// installed: its last day is then an end, not only the last known day.
	ends bool
	// named is true if the row names the GBCS version.
	named bool
}

func runs(row Row) []run {
	var all []run
	for _, b := range row.Bars {
		n := len(all)
		if n > 0 && all[n-1].last.Outcome() == b.Outcome() {
			all[n-1].last = b
			continue
		}
		if n > 0 {
			all[n-1].ends = all[n-1].first.Outcome() == ivp.Eligible && b.Outcome() == ivp.NotEligible
		}
		all = append(all, run{first: b, last: b, named: !row.GBCS.IsZero()})
	}
	return all
}

// covers reports whether the day is one of the run's.
func (r run) covers(day ivp.Date) bool { return !day.Before(r.first.First) && !day.After(r.last.Last) }

// end returns the end of an eligible run in words.
func (r run) end() string {
	end := "to " + ShortDay(r.last.Last)
	if w := r.last.Verdict.Window; w.Spec.Family == ivp.GBCS && r.last.family != ivp.GBCS && !r.named {
		end += ", by " + w.Spec.String()
	}
	return end
}

// unknown returns the label of an undetermined run.
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
		return word + " before " + ShortDay(r.last.Last.AddDays(1))
	case r.last.cutAfter():
		return word + " after " + ShortDay(r.first.First.AddDays(-1))
	}
	return word
}

func (r run) all(reason ivp.Reason) bool {
	return r.first.Verdict.Reason == reason && r.last.Verdict.Reason == reason
}

// stock returns how many of the user's devices a row is for, in words; empty if it
// is not known.
func (d *drawing) stock(r Row) string {
	n := d.options.Stock[r.Spec]
	if r.Scope != "" || !r.GBCS.IsZero() || n == 0 {
		return ""
	}
	return remarks.Plural(n, "device")
}

// stockPlace returns which of the row's runs the stock is written on, and the
// position from which there may be room for it: the run of the first marked day,
// or else the longest eligible one, or the first that is shown.
func (d *drawing) stockPlace(runs []run) (place int, from float64) {
	if len(d.options.Marks) > 0 {
		day := d.options.Marks[0].Day
		place = slices.IndexFunc(runs, func(r run) bool { return r.covers(day) })
		return place, d.markX(day) + 2
	}
	longest := -1.0
	for i, r := range runs {
		length := d.axis.end(r.last.Last) - d.axis.x(r.first.First)
		if r.first.Outcome() != ivp.Eligible {
			length = 0
		}
		if d.axis.shows(r.first.First, r.last.Last) && length > longest {
			place, longest = i, length
		}
	}
	return place, d.axis.x(runs[place].first.First)
}

// tooShort reports whether an eligible run has no room for the stock, and no
// label after it.
func (d *drawing) tooShort(r run, from float64, stock string) bool {
	return r.first.Outcome() == ivp.Eligible && !r.ends && from+stockRoom(stock)+6 > d.axis.end(r.last.Last)
}

// labels writes the stock, and the label of each run of bars if there is room.
func (d *drawing) labels(r Row, mid float64) {
	all, stock := runs(r), d.stock(r)
	place, from := d.stockPlace(all)
	if place+1 < len(all) && d.tooShort(all[place], from, stock) {
		place++
		from = d.axis.x(all[place].first.First)
	}
	if place > 0 && all[place-1].ends && d.axis.ends(all[place-1].last.Last) {
		from = max(from, d.axis.end(all[place-1].last.Last)+roomFor(all[place-1].end())+3)
	}
	l := labeller{drawing: d, mid: mid}
	if stock != "" {
		l.label(all[place], stock, from)
	}
	for i, run := range all {
		if d.axis.shows(run.first.First, run.last.Last) && (stock == "" || i != place) {
			l.label(run, "", d.axis.left)
		}
	}
}

// labeller writes the labels of one row, each where no other is.
type labeller struct {
	*drawing
	mid   float64
	taken [][2]float64
}

// take reports whether nothing is written between two positions, and reserves
// them.
func (l *labeller) take(from, to float64) bool {
	if slices.ContainsFunc(l.taken, func(t [2]float64) bool { return from < t[1] && t[0] < to }) {
		return false
	}
	l.taken = append(l.taken, [2]float64{from, to})
	return true
}

// label writes the label of a run, and on it the stock, which is left out only
// if it is empty. The stock begins at a position, or before if there is no room.
func (l *labeller) label(r run, stock string, from float64) {
	x, end := l.axis.x(r.first.First), l.axis.end(r.last.Last)
	from = min(max(x, from), l.axis.right()-stockRoom(stock)-4)
	switch {
	case r.first.Outcome() == ivp.NotEligible && stock == "":
	case r.first.Outcome() == ivp.NotEligible:
		l.plated("tl-paper", from, stock, "")
	case r.first.Outcome() == ivp.Undetermined:
		l.unknownLabel(r, stock, from, x, end)
	case r.ends && l.axis.ends(r.last.Last) && end+roomFor(r.end())+stockRoom(stock) < l.axis.right():
		label := r.end()
		switch {
		case stock == "":
		case from+stockRoom(stock)+6 < end:
			l.bold(from, stock)
			stock = ""
		default:
			label = " · " + label
		}
		l.plated("tl-paper", end, stock, label)
	default:
		l.openLabel(r, stock, from, end)
	}
}

// openLabel writes the labels of an eligible run on the run itself: it has no end,
// or there is no room after it.
func (l *labeller) openLabel(r run, stock string, from, end float64) {
	if stock != "" {
		l.bold(from, stock)
	}
	label := ""
	switch {
	case r.last.cutAfter():
		label = "no end set"
	case r.ends:
		label = r.end()
	}
	if start := end - roomFor(label) - 4; label != "" && start > l.axis.x(r.first.First) && l.take(start, end) {
		l.text(end-4, l.mid+4, "tl-onyes", "end", label)
		l.WriteByte('\n')
	}
}

// unknownLabel writes the labels of a run of which the answer is not known.
func (l *labeller) unknownLabel(r run, stock string, from, x, end float64) {
	label := r.unknown()
	room := roomFor(label)
	switch {
	case stock != "" && from+stockRoom(stock)+roomFor(" · "+label) < end:
		l.plated("tl-hatchpaper", from, stock, " · "+label)
	case stock != "":
		l.plated("tl-hatchpaper", from, stock, "")
	case end-x < room+4:
	case r.first.cutBefore() && !r.last.cutAfter() && l.take(end-room-3, end):
		l.plate("tl-hatchpaper", end-room-3, l.mid, room+3)
		l.text(end-6, l.mid+4, "tl-onhatch", "end", label)
		l.WriteByte('\n')
	default:
		l.plated("tl-hatchpaper", x, "", label)
	}
}

// plated writes a text that begins with the stock on a plain background.
func (l *labeller) plated(class string, x float64, stock, label string) {
	room := stockRoom(stock) + roomFor(label) + 3
	if !l.take(x, x+room) {
		return
	}
	l.plate(class, x, l.mid, room)
	fmt.Fprintf(l, `<text x="%s" y="%s" class="tl-onhatch">`, number(x+6), number(l.mid+4))
	if stock != "" {
		fmt.Fprintf(l, `<tspan class="tl-stock">%s</tspan>`, stock)
	}
	fmt.Fprintf(l, "%s</text>\n", escape(label))
}

// bold writes the stock on an eligible bar, over any change of the tables.
func (l *labeller) bold(x float64, stock string) {
	l.take(x, x+stockRoom(stock)+6)
	fmt.Fprintf(l, `<rect class="tl-yes tl-plate" x="%s" y="%s" width="%s" height="%d"/>`, number(x+5), number(l.mid-barHeight/2+1), number(stockRoom(stock)-4), barHeight-2)
	l.text(x+6, l.mid+4, "tl-onyes tl-stock", "", stock)
	l.WriteByte('\n')
}

func roomFor(label string) float64 {
	if label == "" {
		return 0
	}
	return glyph*float64(utf8.RuneCountInString(label)) + 6
}

// stockRoom returns the room for the stock, which is bold.
func stockRoom(stock string) float64 { return roomFor(stock) + bolder*float64(len(stock)) }

// plate draws the plain background of a label.
func (d *drawing) plate(class string, x, mid, room float64) {
	fmt.Fprintf(d, `<rect class="tl-plate %s" x="%s" y="%s" width="%s" height="%d"/>`, class, number(x), number(mid-barHeight/2), number(room), barHeight)
}
