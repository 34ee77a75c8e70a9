package report

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/rundown"
	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// TestTimelineOpensWhereTheDatesAre checks that a report shows the days around
// today, unless most of the dates are elsewhere.
func TestTimelineCountsTheStock(t *testing.T) {
	const text = heading + "A,SMETS2 v3.1,2026-12-27,\nB,SMETS2 v3.1,2027-01-01,\nC,SMETS9 v1.2,2026-12-01,\nD,4,2026-12-01,\n"
	page := string(pageOf(t, pageOptions(), input{text: text}))
	assert.Contains(t, page, `<tspan class="tl-stock">2 devices</tspan>`)
	assert.Contains(t, page, "The figures count the devices of this inventory by version: 2, whatever their answer. 2 more have no version that is on record, or none that can be read.")
	near, history, _ := strings.Cut(page, "<summary>The whole history of every version</summary>")
	assert.NotContains(t, near, `data-spec="SMETS2 v4.2"`, "there is none")
	assert.Contains(t, history, `data-spec="SMETS2 v4.2"`)
	assert.Contains(t, history, `data-spec="GBCS v3.2"`)
}

// TestTodayIsInViewOnAPhone checks that on a phone today is seen without scrolling
// a picture, and that no two labels of the charts overlap.
func TestTodayIsInViewOnAPhone(t *testing.T) {
	ctx := testkit.Browser(t)
	const text = heading + "A,SMETS2 v3.1,2026-12-27,\nB,SMETS2 v4.2,2027-01-01,\nC,SMETS2 v5.1,2026-12-01,\n"
	openPage(t, ctx, pageOf(t, pageOptions(), input{text: text}))
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile)))
	x := testkit.Evaluate[float64](t, ctx, `document.querySelector('svg[aria-labelledby^=timeline] .tl-mark').getBoundingClientRect().left`)
	assert.True(t, x > 100 && x < 374, "today is at %v of 390", x)
}

// TestChartLabelsDoNotOverlap lays the charts of closings out in a browser.
func TestChartLabelsDoNotOverlap(t *testing.T) {
	ctx := testkit.Browser(t)
	on := dayOf(t, "2026-11-24")
	var days []closingDay
	marks := rundownAxis{valueAxis: valueAxis{top: 40000}, first: on, days: 800}
	for n := range 40 {
		days = append(days, closingDay{day: on.AddDays(n * n / 2), devices: 1000 * (n + 1)})
		marks.marks = append(marks.marks, on.AddDays(n*n/2+1))
	}
	var picture strings.Builder
	fmt.Fprintf(&picture, `<svg class="closings" viewBox="0 0 %d %d">`, closingWidth, closingHeight)
	marks.drawValues(&picture)
	marks.drawDays(&picture)
	marks.drawMarks(&picture)
	picture.WriteString("</svg>")
	for _, page := range []string{string(closingChart(days, pageOptions())), string(closingChart(days[:2], pageOptions())), string(closingChart(days[:9], pageOptions())), picture.String()} {
		openPage(t, ctx, []byte("<!doctype html><link rel=icon href='data:,'><style>"+chart.StyleSheet+"</style>"+page))
		assert.Empty(t, testkit.Evaluate[[]string](t, ctx, `(() => {
			const boxes = [...document.querySelectorAll('.closings text')].map((e) => [e.textContent, e.getBoundingClientRect()]), over = [];
			boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
				if (p.left < q.right && q.left < p.right && p.top < q.bottom - 2 && q.top < p.bottom - 2) over.push(a + ' is over ' + b) }));
			return over })()`))
	}
}

func TestClosingCaption(t *testing.T) {
	past, coming := closingDay{day: dayOf(t, "2026-11-23"), devices: 1}, closingDay{day: dayOf(t, "2026-11-24"), devices: 2}
	const begins = "Eligible devices by the month in which their period ends."
	assert.Equal(t, begins, closingCaption([]closingDay{coming}, pageOptions()))
	assert.Equal(t, begins+" All had closed before 24 Nov 2026.", closingCaption([]closingDay{past}, pageOptions()))
	assert.Equal(t, begins+" Darker bars are still to come; lighter ones had closed before 24 Nov 2026.", closingCaption([]closingDay{past, coming}, pageOptions()))
}

// closingStock returns 70 devices that close in April 2023, at a rate of one a week
// from March 2022.
func closingStock(t *testing.T) *rundown.Rundown {
	t.Helper()
	on := dayOf(t, "2022-03-01")
	judge := devices.Judge{Checker: ivp.Checker{History: ivp.Published(), AsAt: ivp.Published().Latest()}, On: on}
	stock := rundown.NewStock(judge)
	device := devices.Device{Installation: ivp.Installation{Spec: ivp.Spec{Family: ivp.SMETS, Version: "3.1"}, On: on}}
	stock.Add(devices.Tallied{Device: device, Result: judge.Device(device), Devices: 70})
	return rundown.New(stock, rundown.Steady("1/week", 1))
}

// TestWorkbookChartHasMonths checks that the chart's axis has dates, and a figure
// for each month from that of the stock to that of the last closing.
func TestWorkbookChartHasMonths(t *testing.T) {
	var data bytes.Buffer
	require.NoError(t, Output{Format: Workbook, W: &data}.WriteRundown(closingStock(t), RundownOptions{Judge: devices.Judge{Checker: ivp.Checker{History: ivp.Published()}}, Summary: &devices.Summary{}}))
	f, err := excelize.OpenReader(bytes.NewReader(data.Bytes()))
	require.NoError(t, err)
	rows, err := f.GetRows("Chart")
	require.NoError(t, err)
	rows = rows[chartRows:]
	require.Len(t, rows, 1+14)
	assert.Equal(t, []string{"Closes in", "Fitted", "Stranded"}, rows[0])
	assert.Equal(t, []string{"Mar 2022"}, rows[1])
	assert.Equal(t, []string{"Apr 2023", "60", "10"}, rows[14])
	z, err := zip.NewReader(bytes.NewReader(data.Bytes()), int64(data.Len()))
	require.NoError(t, err)
	part, err := z.Open("xl/charts/chart1.xml")
	require.NoError(t, err)
	xml, err := io.ReadAll(part)
	require.NoError(t, err)
	assert.Contains(t, string(xml), `<numFmt formatCode="mmm yyyy" sourceLinked="false">`)
	assert.Contains(t, string(xml), `<baseTimeUnit val="months"></baseTimeUnit></dateAx>`)
	assert.NotContains(t, string(xml), "catAx")
	assert.NotContains(t, string(xml), "lblAlgn")
	assert.NotContains(t, string(xml), "<cat><strRef>")
}

// TestRundownAnswer checks the sentences for stock of which nothing closes on a day
// on record, of which one device does, and for a rate that is exactly enough.
func TestRundownAnswer(t *testing.T) {
	h := ivp.Published()
	judge := devices.Judge{Checker: ivp.Checker{History: h, AsAt: h.Latest()}, On: dayOf(t, "2022-06-01")}
	for _, test := range []struct {
		versions []string
		plan     *rundown.Plan
		want     string
	}{
		{nil, nil, "no device was read"},
		{[]string{"3.0"}, nil, "the one device in stock cannot be judged on 1 June 2022"},
		{[]string{"3.0", "3.0"}, nil, "none of the 2 devices in stock can be judged on 1 June 2022"},
		{[]string{"3.0", "4.2"}, nil, "1 device may be installed on 1 June 2022, and its closing day is not on record"},
		{[]string{"3.0", "4.2", "3.1"}, nil, "installing 1 a week from 1 June 2022 does not strand the one device with a closing day; it closes on 27 April 2023"},
		{[]string{"3.1"}, rundown.Steady("1/week", 1), "installing 1 a week from 1 June 2022 does not strand the one device with a closing day; it closes on 27 April 2023"},
		{[]string{"3.1", "2.0"}, rundown.Steady("0/week", 0), "installing 1 a week from 1 June 2022 strands none of the 2 devices with a closing day; 0 a week strands 2; all close on 27 April 2023"},
	} {
		stock := rundown.NewStock(judge)
		for _, version := range test.versions {
			device := devices.Device{Installation: ivp.Installation{Spec: ivp.Spec{Family: ivp.SMETS, Version: version}}}
			device.On = judge.On
			stock.Add(devices.Tallied{Device: device, Result: judge.Device(device), Devices: 1})
		}
		r := rundownReport{rundown.New(stock, test.plan), RundownOptions{Judge: devices.Judge{Checker: ivp.Checker{History: h}}, Summary: &devices.Summary{}}}
		assert.Equal(t, test.want, r.answer())
	}
}
