package report

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/ivp"
)

// The measures of the chart of closings, in the units of its view box.
const (
	closingWidth  = 960
	closingHeight = 250
	closingLeft   = 64
	closingRight  = 16
	closingTop    = 34
	closingBottom = 30
)

// mostMonths is the number of months that are drawn one by one; a longer time is drawn
// by the year.
const mostMonths = 180

// valueAxis places numbers of devices in a chart, from 0 to the value at the top or
// a little more.
type valueAxis struct{ top int }

func (a valueAxis) y(n int) float64 {
	return closingHeight - closingBottom - float64(closingHeight-closingTop-closingBottom)*float64(n)/float64(tickStep(a.top)*tickCount(a.top))
}

func (a valueAxis) drawValues(b *strings.Builder) {
	for tick := range tickCount(a.top) + 1 {
		n := tick * tickStep(a.top)
		fmt.Fprintf(b, `<line class="grid" x1="%d" x2="%d" y1="%.2f" y2="%.2f"/><text class="quiet" x="%d" y="%.2f" text-anchor="end">%s</text>`,
			closingLeft, closingWidth-closingRight, a.y(n), a.y(n), closingLeft-6, a.y(n)+4, remarks.Thousands(n))
	}
	fmt.Fprintf(b, `<text class="quiet" x="%d" y="%d" text-anchor="end">devices</text>`, closingLeft-6, closingTop-16)
}

// closingAxis places the buckets of the chart, months or years.
type closingAxis struct {
	valueAxis
	months bool
	first  int // the first bucket shown
	count  int
}

// bucket numbers the month or year of a day.
func (a closingAxis) bucket(day ivp.Date) int {
	year, month, _ := day.Civil()
	if a.months {
		return 12*year + int(month) - 1
	}
	return year
}

func newClosingAxis(days []closingDay, today ivp.Date) closingAxis {
	a := closingAxis{months: true}
	first, last := days[0].day, days[len(days)-1].day
	if today.Valid() {
		if today.Before(first) {
			first = today
		}
		if today.After(last) {
			last = today
		}
	}
	a.months = a.bucket(last)-a.bucket(first) < mostMonths
	a.first = a.bucket(first) - 1
	a.count = a.bucket(last) - a.first + 2
	sums := a.sums(days)
	for _, n := range sums {
		a.top = max(a.top, n)
	}
	return a
}

func (a closingAxis) sums(days []closingDay) map[int]int {
	sums := map[int]int{}
	for _, d := range days {
		sums[a.bucket(d.day)] += d.devices
	}
	return sums
}

func (a closingAxis) step() float64 {
	return float64(closingWidth-closingLeft-closingRight) / float64(a.count)
}

func (a closingAxis) x(bucket int) float64 { return closingLeft + a.step()*float64(bucket-a.first) }

// tickStep is the distance of the ticks: 1, 2 or 5 times a power of ten, so that
// there are five at the most.
func tickStep(top int) int {
	for power := 1; ; power *= 10 {
		for _, step := range []int{power, 2 * power, 5 * power} {
			if step*5 >= top {
				return step
			}
		}
	}
}

func tickCount(top int) int { return max(1, (top+tickStep(top)-1)/tickStep(top)) }

// name is a bucket as data have it: 2027-01, or 2027.
func (a closingAxis) name(bucket int) string {
	if a.months {
		return a.bucketStart(bucket).String()[:7]
	}
	return a.bucketStart(bucket).String()[:4]
}

// words is a bucket in words: Jan 2027, or 2027.
func (a closingAxis) words(bucket int) string {
	if a.months {
		return chart.MonthName(a.bucketStart(bucket))
	}
	return a.name(bucket)
}

// closingChart draws how many eligible devices lose eligibility, by the month;
// nothing where none does.
func closingChart(days []closingDay, options Options) template.HTML {
	if len(days) == 0 {
		return ""
	}
	a := newClosingAxis(days, options.Today)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="closings" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="closings-title"><title id="closings-title">%s; the figures are in the table below</title>`,
		closingWidth, closingHeight, closingWidth, closingHeight, a.caption())
	a.drawValues(&b)
	a.drawTicks(&b)
	a.drawBars(&b, days, options)
	a.drawToday(&b, options.Today)
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// closingCaption says what the chart shows, and which bars are lighter, if some are.
func closingCaption(days []closingDay, options Options) string {
	past := 0
	for _, d := range days {
		if closed(d.day, options) {
			past++
		}
	}
	caption, today := newClosingAxis(days, options.Today).caption()+".", chart.ShortDay(options.Today)
	switch past {
	case 0:
		return caption
	case len(days):
		return caption + " All had closed before " + today + "."
	}
	return caption + " Darker bars are still to come; lighter ones had closed before " + today + "."
}

func (a closingAxis) caption() string {
	unit := "month"
	if !a.months {
		unit = "year"
	}
	return "Eligible devices by the " + unit + " in which their period ends"
}

// bucketStart returns the first day of a bucket.
func (a closingAxis) bucketStart(bucket int) ivp.Date {
	if a.months {
		return chart.MonthStart(bucket)
	}
	return chart.MonthStart(12 * bucket)
}

// drawTicks names the months or years, as far as there is room.
func (a closingAxis) drawTicks(b *strings.Builder) {
	first, last := a.bucketStart(a.first), a.bucketStart(a.first+a.count)
	if !first.Valid() || !last.Valid() { // at the edge of the calendar
		first, last = a.bucketStart(a.first+1), a.bucketStart(a.first+a.count-1)
	}
	for _, tick := range chart.Ticks(first, last, a.step()*float64(a.count)) {
		drawTick(b, a.x(a.bucket(tick.Day)), tick.Label)
	}
}

// drawTick names a day below a chart.
func drawTick(b *strings.Builder, x float64, label string) {
	fmt.Fprintf(b, `<line class="grid" x1="%.2f" x2="%.2f" y1="%d" y2="%d"/>`, x, x, closingHeight-closingBottom, closingHeight-closingBottom+8)
	if x < closingWidth-closingRight-6.5*float64(len(label)) {
		fmt.Fprintf(b, `<text class="quiet" x="%.2f" y="%d">%s</text>`, x+3, closingHeight-12, label)
	}
}

// drawBars draws what is still to come on top of what had closed already.
func (a closingAxis) drawBars(b *strings.Builder, days []closingDay, options Options) {
	var past []closingDay
	for _, d := range days {
		if closed(d.day, options) {
			past = append(past, d)
		}
	}
	sums, closed, labelled := a.sums(days), a.sums(past), -1000.0
	for bucket := a.first; bucket < a.first+a.count; bucket++ {
		n := sums[bucket]
		if n == 0 {
			continue
		}
		x, y := a.x(bucket), a.y(n)
		a.drawBar(b, "past", bucket, 0, closed[bucket])
		a.drawBar(b, "yes", bucket, closed[bucket], n)
		text := remarks.Thousands(n)
		half := 3.5*float64(len(text)) + 2
		if middle := x + a.step()/2; middle-half > labelled {
			fmt.Fprintf(b, `<text class="value" x="%.2f" y="%.2f" text-anchor="middle">%s</text>`, middle, y-4, text)
			labelled = middle + half
		}
	}
}

// drawBar draws part of a bucket's bar, from one count of devices to another.
func (a closingAxis) drawBar(b *strings.Builder, class string, bucket, from, to int) {
	if from == to {
		return
	}
	fmt.Fprintf(b, `<rect class="%s" data-closing="%s" data-devices="%d" x="%.2f" y="%.2f" width="%.2f" height="%.2f"><title>%s: %s</title></rect>`,
		class, a.name(bucket), to-from, a.x(bucket)+a.step()*0.08, a.y(to), a.step()*0.84, a.y(from)-a.y(to), a.words(bucket), remarks.Plural(to-from, "device"))
}

func (a closingAxis) drawToday(b *strings.Builder, today ivp.Date) {
	if !today.Valid() {
		return
	}
	x, anchor := a.x(a.bucket(today))+a.step()/2, "start"
	offset := 5.0
	if x > closingWidth/2 {
		anchor, offset = "end", -5
	}
	fmt.Fprintf(b, `<line class="mark" x1="%.2f" x2="%.2f" y1="4" y2="%d"/><text class="marklabel" x="%.2f" y="14" text-anchor="%s">today, %s</text>`,
		x, x, closingHeight-closingBottom, x+offset, anchor, chart.ShortDay(today))
}
