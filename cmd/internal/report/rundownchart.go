package report

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/rundown"
	"github.com/mp196/ivp/ivp"
)

// rundownAxis places days and devices in the chart, which has the measures of
// that of closings.
type rundownAxis struct {
	valueAxis
	first ivp.Date
	days  int        // from the first to the last
	marks []ivp.Date // the days on which the stock changes, without any installation
}

// newRundownAxis spans the days on which something changes; ok is false where
// nothing does.
func newRundownAxis(r *rundown.Rundown) (a rundownAxis, ok bool) {
	a.first, a.top = r.On, r.At(r.On).Installable
	for _, d := range r.Dates() {
		if d.Kind == rundown.Dated || d.Kind == rundown.NotOnRecord {
			a.marks = append(a.marks, d.Day.AddDays(1))
		}
	}
	if len(a.marks) == 0 {
		return a, false
	}
	slices.SortFunc(a.marks, ivp.Date.Compare)
	a.marks = slices.Compact(a.marks)
	span := r.On.DaysUntil(a.marks[len(a.marks)-1])
	a.days = span + max(1, span/12)
	return a, true
}

func (a rundownAxis) x(day ivp.Date) float64 {
	return closingLeft + float64(closingWidth-closingLeft-closingRight)*float64(a.first.DaysUntil(day))/float64(a.days)
}

// chart draws how much of the stock may still be installed over time, and how
// much of that the plan has left to install.
func (r rundownReport) chart() (picture template.HTML, words string) {
	a, ok := newRundownAxis(r.Rundown)
	if !ok {
		return "", ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="closings" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="rundown-title"><title id="rundown-title">Stock that may still be installed, by day, from %s; the figures stand in the table below</title>`,
		closingWidth, closingHeight, closingWidth, closingHeight, r.On)
	a.drawValues(&b)
	a.drawDays(&b)
	a.drawStock(&b, r.Rundown)
	words = "Filled: what the record says may still be installed, if none is. Hatched: what was known to be installable, and is not on record from that day on."
	if r.Plan != nil {
		a.drawLeft(&b, r.Rundown)
		words += " Line: what of the filled is not installed yet " + r.byPlan() + "; where both drop together, that much is stranded."
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()), words
}

// drawDays names the first of a month, or of some, where there is room.
func (a rundownAxis) drawDays(b *strings.Builder) {
	every := 1
	for _, months := range []int{1, 2, 3, 6, 12, 24, 60, 120, 600} {
		if every = months; a.days/(months*30) <= 12 {
			break
		}
	}
	year, month, _ := a.first.Civil()
	for n := 12*year + int(month); ; n++ {
		if n%every != 0 {
			continue
		}
		day, err := ivp.ParseDate(fmt.Sprintf("%04d-%02d-01", n/12, n%12+1))
		if err != nil || a.first.DaysUntil(day) > a.days {
			return
		}
		fmt.Fprintf(b, `<line class="grid" x1="%.2f" x2="%.2f" y1="%d" y2="%d"/>`, a.x(day), a.x(day), closingHeight-closingBottom, closingHeight-closingBottom+8)
		if a.x(day) < closingWidth-56 {
			fmt.Fprintf(b, `<text class="quiet" x="%.2f" y="%d">%04d-%02d</text>`, a.x(day)+3, closingHeight-12, n/12, n%12+1)
		}
	}
}

// drawStock draws a block for each time in which nothing changes.
func (a rundownAxis) drawStock(b *strings.Builder, r *rundown.Rundown) {
	from, labelled := a.first, -1000.0
	for _, to := range append(slices.Clone(a.marks), a.first.AddDays(a.days)) {
		p := r.At(from)
		says := fmt.Sprintf("%s to %s: %s", from, to.AddDays(-1), devicesWord(p.Installable))
		a.drawBlock(b, "yes", from, to, 0, p.Installable, says+" may be installed")
		a.drawBlock(b, "unknown", from, to, p.Installable, p.Installable+p.Unknown, fmt.Sprintf("%s not on record", devicesWord(p.Unknown)))
		if x := a.x(from); from != a.first && x-labelled > 76 && x < closingWidth-40 {
			fmt.Fprintf(b, `<line class="mark" x1="%.2f" x2="%.2f" y1="22" y2="%d"/><text class="marklabel" x="%.2f" y="16" text-anchor="middle">%s</text>`,
				x, x, closingHeight-closingBottom, x, from.AddDays(-1))
			labelled = x
		}
		from = to
	}
}

func (a rundownAxis) drawBlock(b *strings.Builder, class string, from, to ivp.Date, low, high int, says string) {
	if low == high || from == to {
		return
	}
	look := ""
	if class == "yes" { // so that the line shows on it
		look = ` style="fill-opacity:.45"`
	}
	fmt.Fprintf(b, `<rect class="%s"%s data-from="%s" data-devices="%d" x="%.2f" y="%.2f" width="%.2f" height="%.2f"><title>%s</title></rect>`,
		class, look, from, high-low, a.x(from), a.y(high), a.x(to)-a.x(from), a.y(low)-a.y(high), says)
}

// mostLeftPoints is how many days the line of what is left is drawn from, besides
// those on which stock closes.
const mostLeftPoints = 200

func (a rundownAxis) drawLeft(b *strings.Builder, r *rundown.Rundown) {
	days := slices.Clone(a.marks)
	for _, mark := range a.marks {
		days = append(days, mark.AddDays(-1))
	}
	for n := range mostLeftPoints + 1 {
		days = append(days, a.first.AddDays(n*a.days/mostLeftPoints))
	}
	slices.SortFunc(days, ivp.Date.Compare)
	var points []string
	for _, day := range slices.Compact(days) {
		points = append(points, fmt.Sprintf("%.2f,%.2f", a.x(day), a.y(r.At(day).Left)))
	}
	line := strings.Join(points, " ")
	for _, look := range []string{"stroke:var(--paper);stroke-width:5", "stroke:var(--no);stroke-width:2.5"} { // a rim, to show on any ground
		fmt.Fprintf(b, `<polyline style="fill:none;stroke-linejoin:round;%s" points="%s"/>`, look, line)
	}
}
