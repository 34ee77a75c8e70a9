//go:build !js

package report

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/remarks"
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
	fmt.Fprintf(&b, `<svg class="closings" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="rundown-title"><title id="rundown-title">Stock that may still be installed, by day, from %s; the figures are in the table below</title>`,
		closingWidth, closingHeight, closingWidth, closingHeight, r.On)
	a.drawValues(&b)
	a.drawDays(&b)
	a.drawStock(&b, r.Rundown)
	a.drawMarks(&b)
	words = "Filled: devices that may still be installed, if none is installed before."
	if r.of(rundown.NotOnRecord).Devices > 0 {
		words += " Hatched: devices for which this is not on record from that day on."
	}
	if r.Plan != nil {
		a.drawLeft(&b, r.Rundown)
		words += " Line: those of them that are not installed yet " + r.byPlan() + "; where both drop together, that many are stranded."
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()), words
}

// drawDays names the months or years, as far as there is room.
func (a rundownAxis) drawDays(b *strings.Builder) {
	for _, tick := range chart.Ticks(a.first, a.first.AddDays(a.days), closingWidth-closingLeft-closingRight) {
		drawTick(b, a.x(tick.Day), tick.Label)
	}
}

// drawStock draws a block for each time in which nothing changes.
func (a rundownAxis) drawStock(b *strings.Builder, r *rundown.Rundown) {
	from := a.first
	for _, to := range append(slices.Clone(a.marks), a.first.AddDays(a.days)) {
		p := r.At(from)
		says := fmt.Sprintf("%s to %s: %s", from, to.AddDays(-1), remarks.Plural(p.Installable, "device"))
		a.drawBlock(b, "yes", from, to, 0, p.Installable, says+" may be installed")
		a.drawBlock(b, "unknown", from, to, p.Installable, p.Installable+p.Unknown, fmt.Sprintf("%s not on record", remarks.Plural(p.Unknown, "device")))
		from = to
	}
}

// markRoom is how wide the name of a closing day is.
const markRoom = 88

// drawMarks draws a line for each closing day, and names it where there is room,
// in one of two rows.
func (a rundownAxis) drawMarks(b *strings.Builder) {
	free := [2]float64{} // where the room of each row begins
	for _, mark := range a.marks {
		x := a.x(mark)
		left := min(max(x-markRoom/2, closingLeft), closingWidth-markRoom)
		top := closingTop
		for row := range free {
			if free[row] <= left {
				free[row] = left + markRoom
				top = 12 + 14*row
				fmt.Fprintf(b, `<text class="marklabel" x="%.2f" y="%d" text-anchor="middle">%s</text>`, left+markRoom/2, top, chart.ShortDay(mark.AddDays(-1)))
				top += 4
				break
			}
		}
		fmt.Fprintf(b, `<line class="mark" x1="%.2f" x2="%.2f" y1="%d" y2="%d"/>`, x, x, top, closingHeight-closingBottom)
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

// chartRows is how many rows of its sheet the workbook's chart covers.
const chartRows = 26

// writeChart draws in a workbook what closes in each month, or in each year of a
// long time, on a sheet of its own: the others are streamed, and a picture cannot
// be added to those. The figures are below it.
func (r rundownReport) writeChart(s *workbookSink) error {
	a, rows := r.closingsByMonth()
	if len(rows) == 0 {
		return nil
	}
	const sheet = "Chart"
	if _, err := s.file.NewSheet(sheet); err != nil {
		return err
	}
	if err := forPaper(s.file, sheet, "landscape"); err != nil {
		return err
	}
	unit, format := "month", "mmm yyyy"
	if !a.months {
		unit, format = "year", "yyyy"
	}
	style, err := s.file.NewStyle(&excelize.Style{CustomNumFmt: &format, Alignment: &excelize.Alignment{Horizontal: "left"}})
	if err != nil {
		return err
	}
	heads := append([]any{"Closes in"}, r.chartHeads()...)
	if err := s.file.SetSheetRow(sheet, fmt.Sprintf("A%d", chartRows+1), &heads); err != nil {
		return err
	}
	last := chartRows + 1 + len(rows)
	for i, row := range rows {
		if err := s.file.SetSheetRow(sheet, fmt.Sprintf("A%d", chartRows+2+i), &row); err != nil {
			return err
		}
	}
	if err := s.file.SetCellStyle(sheet, fmt.Sprintf("A%d", chartRows+2), fmt.Sprintf("A%d", last), style); err != nil {
		return err
	}
	if err := s.file.SetCellStyle(sheet, fmt.Sprintf("A%d", chartRows+1), fmt.Sprintf("%c%d", 'A'+len(r.chartHeads()), chartRows+1), s.styles.heading); err != nil {
		return err
	}
	if err := s.file.SetColWidth(sheet, "A", "A", 14); err != nil {
		return err
	}
	gap := uint(30) // in per cent of a bar
	picture := &excelize.Chart{
		Type: excelize.ColStacked, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: "Devices by the " + unit + " in which they close"}}},
		Dimension: excelize.ChartDimension{Width: 900, Height: 440},
		XAxis:     excelize.ChartAxis{NumFmt: excelize.ChartNumFmt{CustomNumFmt: format}, Font: excelize.Font{Color: "16202B"}},
		YAxis:     excelize.ChartAxis{MajorGridLines: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}, Font: excelize.Font{Color: "16202B"}},
		GapWidth:  &gap,
		Legend:    excelize.ChartLegend{Position: "bottom"},
		PlotArea:  excelize.ChartPlotArea{ShowVal: len(rows) <= 36, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}},
	}
	colours := []string{"0B4A8F", "C8651B"} // as in the report
	for i := range r.chartHeads() {
		column := string(rune('B' + i))
		picture.Series = append(picture.Series, excelize.ChartSeries{
			Name:       fmt.Sprintf("%s!$%s$%d", sheet, column, chartRows+1),
			Categories: fmt.Sprintf("%s!$A$%d:$A$%d", sheet, chartRows+2, last),
			Values:     fmt.Sprintf("%s!$%s$%d:$%s$%d", sheet, column, chartRows+2, column, last),
			DataLabel:  excelize.ChartDataLabel{Font: excelize.Font{Color: "FFFFFF", Bold: true}},
			Fill:       excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colours[i]}},
		})
	}
	if err := s.file.AddChart(sheet, "A1", picture); err != nil {
		return err
	}
	return onDates(s.file, unit)
}

func (r rundownReport) chartHeads() []any {
	if r.Plan == nil {
		return []any{"Devices"}
	}
	return []any{"Fitted", "Stranded"}
}

// closingsByMonth returns a row of the chart's figures for each month, or each
// year, from the day of the stock on. Empty cells stand for 0.
func (r rundownReport) closingsByMonth() (a closingAxis, rows [][]any) {
	var days []closingDay
	for _, d := range r.Dates() {
		if d.Kind == rundown.Dated {
			days = append(days, closingDay{day: d.Day})
		}
	}
	if len(days) == 0 {
		return a, nil
	}
	a = newClosingAxis(days, r.On)
	first := a.bucket(r.On)
	for bucket := first; bucket <= a.bucket(days[len(days)-1].day); bucket++ {
		year, month, day := a.bucketStart(bucket).Civil()
		rows = append(rows, append([]any{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}, make([]any, len(r.chartHeads()))...))
	}
	for _, d := range r.Dates() {
		if d.Kind != rundown.Dated {
			continue
		}
		figures := []int{d.Devices}
		if r.Plan != nil {
			figures = []int{d.Fitted, d.Stranded}
		}
		row := rows[a.bucket(d.Day)-first]
		for i, n := range figures {
			if sum, _ := row[i+1].(int); sum+n > 0 {
				row[i+1] = sum + n
			}
		}
	}
	return a, rows
}

// onDates makes the chart's axis one of dates, which the library cannot write:
// readers then name months or years, as many as there is room for.
func onDates(f *excelize.File, unit string) error {
	const part = "xl/charts/chart1.xml"
	stored, ok := f.Pkg.Load(part)
	data, isBytes := stored.([]byte)
	if !ok || !isBytes {
		return fmt.Errorf("the workbook has no %s", part)
	}
	from, to, ok := bytes.Cut(data, []byte("<catAx>"))
	axis, rest, closed := bytes.Cut(to, []byte("</catAx>"))
	if !ok || !closed {
		return fmt.Errorf("%s has no axis of categories", part)
	}
	for _, element := range []string{"lblAlgn", "noMultiLvlLbl"} { // which an axis of dates must not have
		axis = regexp.MustCompile("<"+element+"[^>]*></"+element+">").ReplaceAll(axis, nil)
	}
	axis = fmt.Appendf(axis, `<baseTimeUnit val="%ss"></baseTimeUnit>`, unit)
	data = slices.Concat(from, []byte("<dateAx>"), axis, []byte("</dateAx>"), rest)
	data = bytes.ReplaceAll(data, []byte("<cat><strRef>"), []byte("<cat><numRef>"))
	data = bytes.ReplaceAll(data, []byte("</strRef></cat>"), []byte("</numRef></cat>"))
	f.Pkg.Store(part, data)
	return nil
}
