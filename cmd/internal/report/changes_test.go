package report

import (
	"bytes"
	"encoding/json"
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
