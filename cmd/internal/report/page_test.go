package report

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/remarks"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

func pageOptions() Options {
	today, _ := ivp.ParseDate("2026-11-24")
	return Options{
		Judge: devices.Judge{Checker: ivp.Checker{History: ivp.Published()}, Today: today},
		Evidence: func(*devices.Summary) *evidence.Run {
			return &evidence.Run{Tool: evidence.Tool{Name: "ivp", Version: "test"}, Inputs: []evidence.Input{{File: evidence.File{Name: "inventory.csv"}}}}
		},
	}
}

// input is an inventory and the name it has among several.
type input struct{ name, text string }

func readFile(t *testing.T, path string) input {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return input{text: string(text)}
}

// pageOf returns the page of some inventories.
func pageOf(t *testing.T, options Options, inputs ...input) []byte {
	t.Helper()
	var page bytes.Buffer
	sink, err := Output{Format: HTML, W: &page}.Sink(options)
	require.NoError(t, err)
	require.NoError(t, sink.End(feed(t, sink, devices.Judge{Checker: options.Checker}, nil, devices.ColumnOptions{}, inputs...)))
	return page.Bytes()
}

// feed gives a sink the rows of some inventories, judged by the engine.
func feed(t *testing.T, sink Sink, judge devices.Judge, before *ivp.Checker, columns devices.ColumnOptions, inputs ...input) Totals {
	t.Helper()
	pass := devices.Bulk{Judge: judge, Before: before}.Begin([]*devices.BulkOutput{sink.Rows()})
	for _, in := range inputs {
		reader, err := devices.NewReader(strings.NewReader(in.text), devices.ReaderOptions{Name: in.name, Columns: columns})
		require.NoError(t, err)
		require.NoError(t, sink.Begin(Input{File: in.name, Reader: reader}))
		require.NoError(t, pass.Input(t.Context(), reader))
	}
	return Totals{pass.Summary(), pass.Changes()}
}

const heading = "Device ID,SMETS Version,Installation Date,Scope\n"

// bodyRows returns the rows of the tables of rows alone, with the titles of their
// groups.
func bodyRows(t *testing.T, page []byte) (rows string) {
	t.Helper()
	_, after, found := strings.Cut(string(page), `<section class="rows"`)
	require.True(t, found)
	section, _, _ := strings.Cut(after, "</section>")
	for _, group := range strings.Split(section, "<summary>")[1:] {
		title, table, _ := strings.Cut(group, "</summary>")
		_, table, _ = strings.Cut(table, "<tbody>")
		body, _, _ := strings.Cut(table, "</tbody>")
		rows += title + body
	}
	return rows
}

func TestPageShowsItsPartsInOrder(t *testing.T) {
	page := string(pageOf(t, pageOptions(), readFile(t, "../../../testdata/inventory.csv")))
	at := 0
	for _, part := range []string{
		`<h1>Install eligibility: inventory.csv</h1>`, `<p class="answer">`, `<p class="terms">`, `class="tiles"`, `class="proportion"`, `What needs work`, `<strong>Warning.</strong>`,
		`<section class="rows"`, `class="list"`, `<svg xmlns`, `Devices by reason`, `Devices by version`, `Devices by type`, `When the stock runs out`, `<h2 id="evidence">`, `The Code prevails`,
		ivp.Published().Digest(),
	} {
		next := strings.Index(page[at:], part)
		require.GreaterOrEqual(t, next, 0, "%s is missing, or out of its place", part)
		at += next
	}
}

func TestPageEscapesWhatItIsGiven(t *testing.T) {
	const evil = `</td><script>alert("x")</script>`
	quoted := `"` + strings.ReplaceAll(evil, `"`, `""`) + `"`
	options := pageOptions()
	options.Evidence = func(*devices.Summary) *evidence.Run {
		return &evidence.Run{
			Inputs: []evidence.Input{{File: evidence.File{Name: evil}}, {File: evidence.File{Name: evil}}}, Flags: []string{evil},
			Question: evidence.Question{Scope: new(string(evil))},
		}
	}
	page := string(pageOf(t, options,
		input{evil, heading + quoted + ",,2022-01-01,\n"},
		input{evil, heading + "A1," + quoted + "," + quoted + "," + quoted + "\n" + evil + "\n"}))
	assert.Equal(t, 1, strings.Count(page, "<script"), "the page's own, whose digest its policy has")
	assert.NotContains(t, page, `</td></td>`)
	assert.GreaterOrEqual(t, strings.Count(page, "&lt;script&gt;"), 5, "what was given should be shown")
}

func TestPageShowsSoManyRowsAndNoMore(t *testing.T) {
	var text strings.Builder
	text.WriteString(heading)
	for n := range mostRows + 500 {
		fmt.Fprintf(&text, "D%d,SMETS2 v3.1,2023-05-01,\n", n)
	}
	page := pageOf(t, pageOptions(), input{text: text.String()})
	assert.Equal(t, mostRowsOfGroup, strings.Count(bodyRows(t, page), "<tr>"))
	assert.Contains(t, string(page), "The first 100 of 1,500.")
	assert.Contains(t, string(page), "100 of 1,500 rows are shown here")
	assert.Contains(t, string(page), "None of 1,500 devices may be installed on their dates.")
}

func TestPageRows(t *testing.T) {
	const text = heading + "YES,SMETS2 v3.1,2023-04-27,\nNO,SMETS2 v3.1,2023-04-28,\nDARK,SMETS2 v9.9,2023-04-28,\nSHORT,SMETS2 v3.1\n\n,,,\n"
	rows := bodyRows(t, pageOf(t, pageOptions(), input{text: text}))
	for _, shown := range []string{">NO<", ">DARK<", ">SHORT<", "1: SMETS2 v3.1 after 27 April 2023 (MP196)", "1: SMETS2 v9.9 is in no table", "1: The row cannot be read: 2 cells, the heading has 4", ">1 day too late<"} {
		assert.Contains(t, rows, shown)
	}
	assert.NotContains(t, rows, "YES")
	assert.Equal(t, 3, strings.Count(rows, "<tr>"))

	options := pageOptions()
	only, err := devices.ParseSelection("eligible")
	require.NoError(t, err)
	options.Only = &only
	rows = bodyRows(t, pageOf(t, options, input{text: text}))
	assert.Contains(t, rows, ">YES<")
	assert.Equal(t, 1, strings.Count(rows, "<tr>"))
}

// TestPageGivesEachAuthorityOnce holds that what the rows leave out of their
// explanations stands below them.
func TestPageGivesEachAuthorityOnce(t *testing.T) {
	page := string(pageOf(t, pageOptions(), readFile(t, "../../../testdata/inventory.csv")))
	rows := bodyRows(t, []byte(page))
	assert.NotContains(t, rows, ", in force ")
	_, below, _ := strings.Cut(page, `>The amendments named above, and their sources</h2>`)
	named := regexp.MustCompile(`\(((?:SEC|GBCS|PRE)-[A-Za-z0-9._-]+|MP196)\)`).FindAllStringSubmatch(rows, -1)
	require.Greater(t, len(named), 3)
	for _, match := range named {
		assert.Contains(t, below, `<th scope="row" class="keep">`+match[1]+`</th>`)
	}
}

func TestPageNamesFilesWhereThereAreSeveral(t *testing.T) {
	page := pageOf(t, pageOptions(), input{"a.csv", heading + "X,,,\n"}, input{"b.csv", heading + "Y,,,\n"})
	rows := bodyRows(t, page)
	assert.Contains(t, rows, ">a.csv</th>")
	assert.Contains(t, rows, ">b.csv</th>")
}

func TestPageOfNothing(t *testing.T) {
	options := pageOptions()
	options.Evidence = nil
	page := string(pageOf(t, options))
	assert.Contains(t, page, "No device was found.")
	assert.NotContains(t, page, `id="evidence"`)
	assert.True(t, strings.HasSuffix(page, "</html>\n"))
}

func TestPageCountsTheStockByTheEndOfItsWindow(t *testing.T) {
	const text = heading + "A,SMETS2 v3.1,2023-04-27,\nB,SMETS2 v2.0,2023-01-01,\nC,SMETS1 v1.2,2018-12-01,\nD,SMETS2 v4.2,2022-01-01,\n"
	for today, want := range map[string][]string{
		"2023-04-27": {"<p>2 devices: the period is open on 27 April 2023", "<p>1 device: the period had ended before 27 April 2023", "<p>1 device: the end of the period is not on record", "<caption>Still to come</caption>"},
		"2023-04-28": {"<p>3 devices: the period had ended before 28 April 2023", "<p>1 device: the end of the period is not on record", "<caption>Closed before 28 April 2023</caption>"},
	} {
		options := pageOptions()
		options.Today = dayOf(t, today)
		page := string(pageOf(t, options, input{text: text}))
		for _, words := range want {
			assert.Contains(t, page, words, "on %s", today)
		}
		assert.Contains(t, page, `data-closing="2023-04" data-devices="2"`)
		assert.Contains(t, page, `data-closing="2018-12" data-devices="1"`)
	}
}

// TestClosingChartOfManyYears holds that a far end does not make a bar for
// every month until then.
func TestClosingChartOfManyYears(t *testing.T) {
	days := []closingDay{{day: dayOf(t, "2023-04-27"), devices: 3}, {day: dayOf(t, "2023-12-31"), devices: 4}, {day: dayOf(t, "9999-12-31"), devices: 5}}
	chart := string(closingChart(days, pageOptions()))
	assert.Contains(t, chart, `data-closing="2023" data-devices="7"`)
	assert.Contains(t, chart, `data-closing="9999" data-devices="5"`)
	assert.Less(t, len(chart), 20000)
}

func TestTickStep(t *testing.T) {
	for top, want := range map[int]int{1: 1, 5: 1, 6: 2, 10: 2, 11: 5, 25: 5, 26: 10, 954: 200, 1001: 500} {
		assert.Equal(t, want, tickStep(top), "up to %d", top)
		assert.GreaterOrEqual(t, tickStep(top)*tickCount(top), top)
	}
}

func TestNumbersInWords(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 12345: "12,345", 1234567: "1,234,567"} {
		assert.Equal(t, want, remarks.Thousands(n))
	}
	assert.Equal(t, "<0.1%", share(1, 100000))
	assert.Equal(t, ">99.9%", share(99999, 100000))
	assert.Equal(t, "100%", share(7, 7))
	assert.Equal(t, "33.3%", share(1, 3))
	assert.Equal(t, "0%", share(0, 0))
}

// TestColoursCanBeRead holds the palettes to the contrast that WCAG 2 asks of
// text (4.5) and of graphics (3).
func TestColoursCanBeRead(t *testing.T) {
	light, dark, _ := strings.Cut(chart.StyleSheet, "@media screen and (prefers-color-scheme: dark)")
	dark, _, _ = strings.Cut(dark, "* {")
	for name, sheet := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]string{}
		for _, match := range regexp.MustCompile(`--([a-z]+): (#[0-9a-f]{3,6});`).FindAllStringSubmatch(sheet, -1) {
			colours[match[1]] = match[2]
		}
		for _, pair := range []struct {
			over, under string
			least       float64
		}{
			{"ink", "paper", 4.5}, {"ink", "panel", 4.5}, {"quiet", "paper", 4.5}, {"quiet", "panel", 4.5}, {"link", "paper", 4.5},
			{"ink", "alertpaper", 4.5}, {"alert", "alertpaper", 4.5}, {"ink", "hatchpaper", 4.5},
			{"yes", "paper", 3}, {"no", "paper", 3}, {"hatch", "hatchpaper", 3}, {"mark", "paper", 3}, {"past", "paper", 3},
		} {
			got := contrast(t, colours[pair.over], colours[pair.under])
			assert.GreaterOrEqual(t, got, pair.least, "%s: %s on %s", name, pair.over, pair.under)
		}
		assert.Greater(t, contrast(t, colours["yes"], colours["no"]), 1.7, "%s: eligible and not eligible in grey", name)
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) == 4 {
		colour = "#" + strings.Repeat(colour[1:2], 2) + strings.Repeat(colour[2:3], 2) + strings.Repeat(colour[3:4], 2)
	}
	require.Len(t, colour, 7)
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		part, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		require.NoError(t, err)
		c := float64(part) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
