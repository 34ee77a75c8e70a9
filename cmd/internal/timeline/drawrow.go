package timeline

import (
	"fmt"

	"github.com/mp196/ivp/ivp"
)

func (d *drawing) group(g Group) {
	d.y += rowHeight
	d.text(side, d.y-7, "tl-group", "", g.Title)
	d.WriteByte('\n')
	for _, r := range g.Rows {
		d.row(r)
	}
	d.y += 4
}

func (d *drawing) row(r Row) {
	mid := d.y + rowHeight/2
	if r.Scope == "" {
		d.text(side, mid+4, "", "", r.Spec.String())
	} else {
		d.text(side+12, mid+4, "tl-quiet", "", shortened(r.Scope))
	}
	d.WriteByte('\n')
	for n, b := range r.Bars {
		d.bar(r, b, mid)
		if r.changesAt(n) {
			d.change(d.axis.x(b.First), mid)
		}
	}
	d.labels(r, mid)
	d.y += rowHeight
}

// shortened keeps a long scope within the room for labels; the bars' titles
// name it whole.
func shortened(s string) string {
	const most = 16
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}

// changesAt reports whether a bar follows one by which the version could be
// installed as well, on another ground.
func (r Row) changesAt(n int) bool {
	return n > 0 && r.Bars[n].Outcome() == ivp.Eligible && r.Bars[n-1].Outcome() == ivp.Eligible
}

// change draws the line between two such bars.
func (d *drawing) change(x, mid float64) {
	fmt.Fprintf(d, `<line class="tl-change" x1="%s" x2="%s" y1="%s" y2="%s"/>`+"\n", number(x), number(x), number(mid-barHeight/2), number(mid+barHeight/2))
}

// bar draws one bar.
func (d *drawing) bar(r Row, b Bar, mid float64) {
	x, end := d.axis.x(b.First), d.axis.end(b.Last)
	class, height := d.fill(b.Outcome())
	y := mid - float64(height)/2
	fmt.Fprintf(d, `<rect %s x="%s" y="%s" width="%s" height="%d" data-spec="%s" data-scope="%s" data-from="%s" data-to="%s" data-outcome="%s" data-reason="%s"><title>%s</title></rect>`+"\n",
		class, number(x), number(y), number(end-x), height, escape(r.Spec.String()), escape(r.Scope), b.First, b.Last, b.Outcome(), b.Verdict.Reason, escape(b.Title()))
	d.cuts(b, mid)
}

// cuts draws an arrow where a bar runs on beyond the axis. A version that may
// not be installed beyond it needs none.
func (d *drawing) cuts(b Bar, mid float64) {
	if b.Outcome() == ivp.NotEligible {
		return
	}
	class := "tl-edge"
	if b.Outcome() == ivp.Eligible {
		class = "tl-yes"
	}
	const reach, half = 7, barHeight / 2
	if b.cutBefore() {
		x := d.axis.left
		fmt.Fprintf(d, `<path class="%s" d="M%s %sl%d %dl%d %d"/>`+"\n", class, number(x-2), number(mid-half), -reach, half, reach, half)
	}
	if b.cutAfter() {
		x := d.axis.right()
		fmt.Fprintf(d, `<path class="%s" d="M%s %sl%d %dl%d %d"/>`+"\n", class, number(x+2), number(mid-half), reach, half, -reach, half)
	}
}
