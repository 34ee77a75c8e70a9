package chart

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/ivp"
)

// StyleSheet is the look of what a browser shows, reports and pages, for light and
// dark screens, phones and paper.
//
//go:embed style.css
var StyleSheet string

//go:embed timeline.css
var style string

// The picture's dimensions, in the units of its view box: CSS pixels at full
// size.
const (
	labelWidth = 124
	plotWidth  = 812
	width      = labelWidth + plotWidth + 24
	rowHeight  = 22
	barHeight  = 14
	lineHeight = 2 // of a bar that is not eligible
	side       = 8
)

// drawing is a picture being drawn, from top to bottom.
type drawing struct {
	Chart
	bytes.Buffer
	y float64
}

// SVG returns the picture. The same chart gives the same bytes.
func (c Chart) SVG() []byte {
	d := drawing{Chart: c}
	d.y = 6
	if c.options.Standalone {
		d.heading()
	}
	d.legend()
	d.marks()
	d.plot()
	return d.framed()
}

// framed adds the frame around the finished drawing, whose height is now known.
func (d *drawing) framed() []byte {
	var out bytes.Buffer
	id, height := d.options.ID, d.y+6
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" class="ivp-timeline" viewBox="0 0 %d %s" width="%d" height="%s" role="img" aria-labelledby="%s-title %s-desc">`,
		width, number(height), width, number(height), id, id)
	fmt.Fprintf(&out, "\n<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", id, escape(d.options.Title), id, escape(d.describe()))
	fmt.Fprintf(&out, "<style>\n%s</style>\n", style)
	fmt.Fprintf(&out, `<defs><pattern id="%s-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="tl-hatchpaper" width="6" height="6"/><line class="tl-hatchline" x1="1" y1="0" x2="1" y2="6"/></pattern></defs>`+"\n", id)
	if d.options.Standalone {
		fmt.Fprintf(&out, `<rect class="tl-paper" width="%d" height="%s"/>`+"\n", width, number(height))
	}
	out.Write(d.Bytes())
	out.WriteString("</svg>\n")
	return out.Bytes()
}

// describe returns the description of the picture for screen readers.
func (d *drawing) describe() string {
	var lines []string
	for _, g := range d.groups {
		for _, r := range g.Rows {
			for _, b := range r.Bars {
				if b.Outcome() == ivp.Eligible && d.axis.shows(b.First, b.Last) {
					lines = append(lines, b.Title()+".")
				}
			}
			if n := d.stock(r); n != "" {
				lines = append(lines, r.Name()+": "+n+" in stock.")
			}
		}
	}
	for _, m := range d.options.Marks {
		lines = append(lines, "Marked: "+m.Label+".")
	}
	return strings.Join(append([]string{d.Says()}, lines...), " ")
}

func (d *drawing) heading() {
	d.y += 20
	d.text(side, d.y, "tl-title", "", d.options.Title)
	d.y += 20
	d.text(side, d.y, "tl-quiet", "", d.Says())
	d.y += 16
	d.text(side, d.y, "tl-quiet", "", "Rules: edition "+evidence.RulesName(d.checker.History)+". The Code prevails; this is not advice.")
	d.y += 12
}

// legend explains the kinds of bar that are drawn, and the mark of a change.
func (d *drawing) legend() {
	x := float64(side)
	mid := d.y + 9
	for _, key := range []struct {
		outcome ivp.Outcome
		text    string
	}{
		{ivp.Eligible, "may be installed"},
		{ivp.Undetermined, "not known: not on record, not listed or unsettled"},
		{ivp.NotEligible, "may not be installed"},
	} {
		if !d.draws(key.outcome) {
			continue
		}
		class, height := d.fill(key.outcome)
		fmt.Fprintf(d, `<rect %s x="%s" y="%s" width="28" height="%d"/>`, class, number(x), number(mid-float64(height)/2), height)
		d.text(x+34, mid+4, "", "", key.text)
		x += 34 + 6.4*float64(len(key.text)) + 22
	}
	if d.hasChanges() {
		fmt.Fprintf(d, `<rect class="tl-yes" x="%s" y="%s" width="28" height="%d"/>`, number(x), number(mid-barHeight/2), barHeight)
		d.change(x+14, mid)
		d.text(x+34, mid+4, "", "", "the tables changed")
	}
	d.y += 26
}

// hasChanges reports whether some row shows a change of the tables after which
// the version is still eligible.
func (d *drawing) hasChanges() bool {
	return d.some(func(r Row, n int) bool { return d.axis.begins(r.Bars[n].First) && r.changesAt(n) })
}

// draws reports whether some bar of the outcome is drawn.
func (d *drawing) draws(o ivp.Outcome) bool {
	return d.some(func(r Row, n int) bool { return r.Bars[n].Outcome() == o })
}

// some reports whether a bar is drawn for which has returns true.
func (d *drawing) some(has func(r Row, n int) bool) bool {
	for _, g := range d.groups {
		for _, r := range g.Rows {
			for n, b := range r.Bars {
				if d.axis.shows(b.First, b.Last) && has(r, n) {
					return true
				}
			}
		}
	}
	return false
}

// fill returns the fill attributes and the height of the bars of an outcome.
func (d *drawing) fill(o ivp.Outcome) (attributes string, height int) {
	switch o {
	case ivp.Eligible:
		return `class="tl-yes"`, barHeight
	case ivp.NotEligible:
		return `class="tl-no"`, lineHeight
	}
	return fmt.Sprintf(`class="tl-unknown" fill="url(#%s-hatch)"`, d.options.ID), barHeight
}

// marks writes the labels of the marked days, each on its own line so that they
// cannot overlap.
func (d *drawing) marks() {
	for _, m := range d.options.Marks {
		d.y += 16
		x, anchor := d.markX(m.Day), "start"
		if x > d.axis.left+d.axis.width/2 {
			anchor = "end"
		}
		d.text(x, d.y-4, "tl-marklabel", anchor, m.Label)
	}
}

// markX returns the middle of the marked day.
func (d *drawing) markX(day ivp.Date) float64 { return (d.axis.x(day) + d.axis.end(day)) / 2 }

func (d *drawing) plot() {
	top := d.y + 18
	d.y = top
	body := drawing{Chart: d.Chart, y: top}
	for _, g := range d.groups {
		body.group(g)
	}
	if len(d.groups) == 0 {
		body.y += rowHeight
		body.text(d.axis.left, body.y-7, "tl-quiet", "", "No version is on record.")
	}
	d.grid(top, body.y+4)
	d.Write(body.Bytes())
	d.y = body.y + 4
	d.markLines(top, d.y)
	d.y += 18
}

// grid draws the months or years, with labels above and below.
func (d *drawing) grid(top, bottom float64) {
	for _, tick := range Ticks(d.axis.first, d.axis.last, d.axis.width) {
		x := d.axis.x(tick.Day)
		fmt.Fprintf(d, `<line class="tl-grid" data-tick="%s" x1="%s" x2="%s" y1="%s" y2="%s"/>`, tick.Day, number(x), number(x), number(top-4), number(bottom))
		if x <= d.axis.right()-glyph*float64(len(tick.Label)) {
			if !d.crossed(x, x+3+roomFor(tick.Label)) {
				d.text(x+3, top-6, "tl-year", "", tick.Label)
			}
			d.text(x+3, bottom+12, "tl-year", "", tick.Label)
		}
		d.WriteByte('\n')
	}
}

// crossed reports whether the line of a mark is between two positions.
func (d *drawing) crossed(from, to float64) bool {
	return slices.ContainsFunc(d.options.Marks, func(m Mark) bool { x := d.markX(m.Day); return from < x && x < to })
}

// markLines draws a line for each marked day, over a paler one so that it is
// visible on a bar.
func (d *drawing) markLines(top, bottom float64) {
	for n, m := range d.options.Marks {
		x := d.markX(m.Day)
		above := top - 18 - 16*float64(len(d.options.Marks)-1-n)
		fmt.Fprintf(d, `<line class="tl-halo" x1="%s" x2="%s" y1="%s" y2="%s"/>`, number(x), number(x), number(above), number(bottom))
		fmt.Fprintf(d, `<line class="tl-mark" data-day="%s" x1="%s" x2="%s" y1="%s" y2="%s"><title>%s</title></line>`+"\n",
			m.Day, number(x), number(x), number(above), number(bottom), escape(m.Label))
	}
}

// Bar is a period of days with one answer.
type Bar struct {
	ivp.Period
	name   string
	family ivp.Family
}

// Outcome returns the outcome of the bar's days.
func (b Bar) Outcome() ivp.Outcome { return b.Verdict.Outcome() }

// Title describes the bar in words, such as "SMETS2 v3.1: may be installed
// 8 November 2018 to 27 April 2023 (MP196)".
func (b Bar) Title() string {
	title := b.name + ": " + b.Says() + " " + b.Days()
	if id := b.Verdict.Amendment(); id != "" {
		title += " (" + id + ")"
	}
	return title
}

// Says returns the answer in words, to be followed by the days.
func (b Bar) Says() string {
	switch {
	case b.Verdict.Assumed():
		return b.may("may be installed", "applies") + ", if its end, which is not on record, is taken to be open,"
	case b.Outcome() == ivp.Eligible:
		return b.may("may be installed", "applies")
	case b.Outcome() == ivp.NotEligible:
		return b.may("may not be installed", "does not apply")
	case b.Verdict.Reason == ivp.Unsettled:
		return "unsettled, since readings of the record differ,"
	case b.Verdict.Reason == ivp.NotListed:
		return "not listed by any table on record"
	}
	return "not on record"
}

func (b Bar) may(device, gbcs string) string {
	if b.family == ivp.GBCS {
		return gbcs
	}
	return device
}

// Days returns the bar's days in words, leaving out the first and last day of the
// calendar.
func (b Bar) Days() string {
	switch {
	case b.cutBefore() && b.cutAfter():
		return "on any day"
	case b.cutBefore():
		return "before " + remarks.Day(b.Last.AddDays(1))
	case b.cutAfter() && b.Outcome() == ivp.Eligible:
		return "from " + remarks.Day(b.First) + ", no end set"
	case b.cutAfter():
		return "after " + remarks.Day(b.First.AddDays(-1))
	case b.First == b.Last:
		return "on " + remarks.Day(b.First)
	}
	return remarks.Day(b.First) + " to " + remarks.Day(b.Last)
}

func (b Bar) cutBefore() bool { return b.First == ivp.MinDate() }
func (b Bar) cutAfter() bool  { return b.Last == ivp.MaxDate() }

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
	switch {
	case r.Scope != "":
		d.text(side+12, mid+4, "tl-quiet", "", shortened(r.Scope))
	case !r.GBCS.IsZero():
		d.text(side+12, mid+4, "tl-quiet", "", "with "+r.GBCS.String())
	default:
		d.text(side, mid+4, "", "", r.Spec.String())
	}
	d.WriteByte('\n')
	for n, b := range r.Bars {
		if !d.axis.shows(b.First, b.Last) {
			continue
		}
		d.bar(r, b, mid)
		if d.axis.begins(b.First) && r.changesAt(n) {
			d.change(d.axis.x(b.First), mid)
		}
	}
	d.labels(r, mid)
	d.y += rowHeight
}

// shortened cuts a long scope to the width of the labels; the bars' titles have
// the whole name.
func shortened(s string) string {
	const most = 16
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}

// changesAt reports whether both a bar and the one before it are eligible.
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
	fmt.Fprintf(d, `<rect %s x="%s" y="%s" width="%s" height="%d" data-spec="%s" data-scope="%s" data-gbcs="%s" data-from="%s" data-to="%s" data-outcome="%s" data-reason="%s"><title>%s</title></rect>`+"\n",
		class, number(x), number(y), number(end-x), height, r.Spec, escape(r.Scope), r.GBCS, b.First, b.Last, b.Outcome(), b.Verdict.Reason, escape(b.Title()))
	d.arrows(b, mid)
}

// arrows draws an arrow where a bar continues beyond the axis, unless it is not
// eligible.
func (d *drawing) arrows(b Bar, mid float64) {
	if b.Outcome() == ivp.NotEligible {
		return
	}
	class := "tl-edge"
	if b.Outcome() == ivp.Eligible {
		class = "tl-yes"
	}
	const reach, half = 7, barHeight / 2
	if b.cutBefore() || !d.axis.begins(b.First) {
		x := d.axis.left
		fmt.Fprintf(d, `<path class="%s" d="M%s %sl%d %dl%d %d"/>`+"\n", class, number(x-2), number(mid-half), -reach, half, reach, half)
	}
	if b.cutAfter() || !d.axis.ends(b.Last) {
		x := d.axis.right()
		fmt.Fprintf(d, `<path class="%s" d="M%s %sl%d %dl%d %d"/>`+"\n", class, number(x+2), number(mid-half), reach, half, -reach, half)
	}
}
