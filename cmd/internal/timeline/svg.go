package timeline

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/ivp"
)

//go:embed timeline.css
var style string

// The picture's measures, in the units of its view box, which are CSS pixels
// at full size.
const (
	labelWidth = 118
	plotWidth  = 818
	width      = labelWidth + plotWidth + 24
	rowHeight  = 22
	barHeight  = 14
	lineHeight = 2 // of a bar that says "not eligible"
	side       = 8
)

// drawing is a picture while it is drawn, downwards.
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
	return d.whole()
}

// whole puts the frame around what was drawn, whose height is known by now.
func (d *drawing) whole() []byte {
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

// describe tells a reader who cannot see the picture what is in it.
func (d *drawing) describe() string {
	var lines []string
	for _, g := range d.groups {
		for _, r := range g.Rows {
			for _, b := range r.Bars {
				if b.Outcome() == ivp.Eligible {
					lines = append(lines, b.Title()+".")
				}
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
	d.text(side, d.y, "tl-quiet", "", "Rules: edition "+evidence.RulesName(d.checker.History)+". The Code prevails; this is no advice.")
	d.y += 12
}

// legend explains the three kinds of bar, and the change within one of them.
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

// hasChanges reports whether some row shows a change of the tables that leaves
// the version eligible.
func (d *drawing) hasChanges() bool {
	for _, g := range d.groups {
		for _, r := range g.Rows {
			for n := range r.Bars {
				if r.changesAt(n) {
					return true
				}
			}
		}
	}
	return false
}

// fill returns how bars of an outcome are filled, and their height.
func (d *drawing) fill(o ivp.Outcome) (attributes string, height int) {
	switch o {
	case ivp.Eligible:
		return `class="tl-yes"`, barHeight
	case ivp.NotEligible:
		return `class="tl-no"`, lineHeight
	}
	return fmt.Sprintf(`class="tl-unknown" fill="url(#%s-hatch)"`, d.options.ID), barHeight
}

// marks writes the labels of the marked days, each on a line of its own so
// that no two can meet.
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

// markX is the middle of the marked day.
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

// grid draws the years, named above and below.
func (d *drawing) grid(top, bottom float64) {
	for _, day := range d.axis.years() {
		year, _, _ := day.Civil()
		x := d.axis.x(day)
		fmt.Fprintf(d, `<line class="tl-grid" data-year="%d" x1="%s" x2="%s" y1="%s" y2="%s"/>`, year, number(x), number(x), number(top-4), number(bottom))
		if x <= d.axis.right()-24 {
			d.text(x+3, top-6, "tl-year", "", fmt.Sprint(year))
			d.text(x+3, bottom+12, "tl-year", "", fmt.Sprint(year))
		}
		d.WriteByte('\n')
	}
}

// markLines draws each marked day, on a paler ground so that it shows on a bar.
func (d *drawing) markLines(top, bottom float64) {
	for n, m := range d.options.Marks {
		x := d.markX(m.Day)
		above := top - 18 - 16*float64(len(d.options.Marks)-1-n)
		fmt.Fprintf(d, `<line class="tl-halo" x1="%s" x2="%s" y1="%s" y2="%s"/>`, number(x), number(x), number(above), number(bottom))
		fmt.Fprintf(d, `<line class="tl-mark" data-day="%s" x1="%s" x2="%s" y1="%s" y2="%s"><title>%s</title></line>`+"\n",
			m.Day, number(x), number(x), number(above), number(bottom), escape(m.Label))
	}
}
