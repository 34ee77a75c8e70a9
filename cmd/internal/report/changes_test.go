package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// whatMP196Did returns the report of what MP196 did to the README's inventory.
func whatMP196Did(t *testing.T, format Format, least devices.Differing) []byte {
	h := ivp.Published()
	without, err := h.Without("MP196")
	require.NoError(t, err)
	options := Options{Columns: devices.DifferenceColumns(false), Differing: least, Change: &Change{
		Before: Terms{"latest,-MP196", "the tables of before", ivp.Checker{History: without, AsAt: without.Latest()}},
		After:  Terms{"latest", "the tables of after", ivp.Checker{History: h, AsAt: h.Latest()}},
	}}
	var b bytes.Buffer
	sink, err := Output{Format: format, W: &b}.Sink(options)
	require.NoError(t, err)
	judge := devices.Judge{Checker: options.Change.After.Checker}
	require.NoError(t, sink.End(feed(t, sink, judge, &options.Change.Before.Checker, devices.ColumnOptions{}, readFile(t, "../../../testdata/inventory.csv"))))
	return b.Bytes()
}

func TestChangeJSON(t *testing.T) {
	var report struct {
		Rows []struct {
			ChangedBy  []string `json:"changed_by"`
			DaysGained *int     `json:"days_gained"`
		}
		Summary changesWire
	}
	require.NoError(t, json.Unmarshal(whatMP196Did(t, JSON, devices.AnswerDiffers), &report))
	require.Len(t, report.Rows, report.Summary.Changed)
	require.NotEmpty(t, report.Rows)
	gained := 0
	for _, row := range report.Rows {
		assert.Equal(t, []string{"MP196"}, row.ChangedBy)
		if row.DaysGained != nil {
			assert.Equal(t, 365, *row.DaysGained)
			gained++
		}
	}
	assert.Positive(t, gained)
	total := 0
	for _, after := range report.Summary.Outcomes {
		for _, n := range after {
			total += n
		}
	}
	assert.Equal(t, report.Summary.Devices, total)
}

// groupsOf returns the titles of the groups of rows of a page, with the number of rows
// that each shows.
func groupsOf(t *testing.T, page string) map[string]int {
	groups := map[string]int{}
	_, section, found := strings.Cut(page, `<section class="rows"`)
	require.True(t, found)
	section, _, _ = strings.Cut(section, "</section>")
	for _, group := range strings.Split(section, "<summary>")[1:] {
		title, table, _ := strings.Cut(group, "</summary>")
		groups[title] = strings.Count(table, "<tr>") - 1
	}
	return groups
}

// TestRowsOfAChangeAreInGroups checks that each row of a page is in the group of what
// changed for it.
func TestRowsOfAChangeAreInGroups(t *testing.T) {
	groups := groupsOf(t, string(whatMP196Did(t, HTML, devices.AnswerDiffers)))
	var report struct{ Summary changesWire }
	require.NoError(t, json.Unmarshal(whatMP196Did(t, JSON, devices.AnswerDiffers), &report))
	assert.Len(t, groups, len(report.Summary.Groups))
	rows := 0
	for title, n := range groups {
		assert.Regexp(t, fmt.Sprintf("^%d: SMETS2 v[23].[01], .*, Before: .*, After: ", n), title)
		rows += n
	}
	assert.Equal(t, report.Summary.Changed, rows)
}

// TestRowsOfAnAuditAreInGroups checks that the page of an audit has its rows by cause,
// the first hundred of each, and the largest first.
func TestRowsOfAnAuditAreInGroups(t *testing.T) {
	h := ivp.Published()
	options := Options{Change: &Change{Audit: true, Before: Terms{"", "the law of the day", ivp.Checker{History: h}}, After: Terms{"latest", "the latest", ivp.Checker{History: h, AsAt: h.Latest()}}}}
	var b bytes.Buffer
	sink, err := Output{Format: HTML, W: &b}.Sink(options)
	require.NoError(t, err)
	text := heading + strings.Repeat("A,SMETS2 v3.1,2023-04-28,\n", 101) + "B,SMETS2 v3.1,2023-04-27,\nC,SMETS1 v1.2,2019-01-01,\nD,4,2022-01-01,\n"
	pass := devices.Bulk{Judge: devices.Judge{Checker: options.Change.After.Checker}, Before: &options.Change.Before.Checker, CountBefore: true}.Begin([]*devices.BulkOutput{sink.Rows()})
	reader, err := devices.NewReader(strings.NewReader(text), devices.ReaderOptions{})
	require.NoError(t, err)
	require.NoError(t, sink.Begin(Input{Reader: reader}))
	require.NoError(t, pass.Input(t.Context(), reader))
	require.NoError(t, sink.End(Totals{pass.Summary(), pass.Changes()}))
	page := b.String()
	assert.Equal(t, map[string]int{
		"101: SMETS2 v3.1 after 27 April 2023 (MP196)": 100, "1: SMETS1 v1.2 after 5 December 2018 (SEC-5.23)": 1, "1: Version &#34;4&#34; is not a version": 1, "1: Lawful on their day": 1,
	}, groupsOf(t, page))
	assert.Contains(t, page, "The first 100 of 101.")
	assert.Contains(t, page, "103 of 104 rows are shown here")
	assert.Less(t, strings.Index(page, `<section class="rows"`), strings.Index(page, "By the latest tables</h2>"), "what other tables say comes after")
}

func TestChangeWorkbook(t *testing.T) {
	book, err := excelize.OpenReader(bytes.NewReader(whatMP196Did(t, Workbook, devices.OutcomeDiffers)))
	require.NoError(t, err)
	assert.Equal(t, []string{"Rows", "Summary"}, book.GetSheetList())
	rows, err := book.GetRows("Rows")
	require.NoError(t, err)
	heading := rows[0]
	to, days := column(t, heading, "ivp_after_to"), column(t, heading, "ivp_days_gained")
	require.Greater(t, len(rows), 1)
	for n := 2; n <= len(rows); n++ {
		for _, at := range []int{to, days} {
			cell, err := excelize.CoordinatesToCellName(at+1, n)
			require.NoError(t, err)
			kind, err := book.GetCellType("Rows", cell)
			require.NoError(t, err)
			assert.NotEqual(t, excelize.CellTypeInlineString, kind, "%s is a date or a number, and no text", cell)
		}
	}
}

func column(t *testing.T, heading []string, name string) int {
	for i, title := range heading {
		if title == name {
			return i
		}
	}
	require.Fail(t, "no such column", name)
	return 0
}

func TestChangePageInABrowser(t *testing.T) {
	ctx := testkit.Browser(t)
	h, url := openPage(t, ctx, whatMP196Did(t, HTML, devices.AnswerDiffers))
	assert.Equal(t, []string{url}, h.Requests(), "the page must need nothing but itself")
	assert.Empty(t, h.Complaints())
	testkit.RequireUsable(t, ctx, 5)
}
