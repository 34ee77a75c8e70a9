package input

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
)

// numberCell is a number in a cell with a number format; an empty one is General.
type numberCell struct {
	number float64
	format string
}

// saved writes rows to a workbook and returns its path. A cell is a value that the
// library accepts, or a numberCell.
func saved(t *testing.T, f *excelize.File, rows ...[]any) string {
	for r, row := range rows {
		for c, value := range row {
			if value == nil {
				continue
			}
			name, err := excelize.CoordinatesToCellName(c+1, r+1)
			require.NoError(t, err)
			number, isNumber := value.(numberCell)
			if isNumber {
				value = number.number
			}
			require.NoError(t, f.SetCellValue("Sheet1", name, value))
			if number.format != "" {
				style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &number.format})
				require.NoError(t, err)
				require.NoError(t, f.SetCellStyle("Sheet1", name, name, style))
			}
		}
	}
	var b strings.Builder
	require.NoError(t, f.Write(&b))
	require.NoError(t, f.Close())
	return file(t, "book.xlsx", []byte(b.String()))
}

// TestNumbersInTheDateColumn has the first and the last day for which a number
// without a date format is read as a day, the day before and the day after.
func TestNumbersInTheDateColumn(t *testing.T) {
	const day, time = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
	for from1904, shift := range map[bool]float64{false: 0, true: 1462} {
		t.Run(fmt.Sprintf("1904 %t", from1904), func(t *testing.T) {
			f := excelize.NewFile()
			require.NoError(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}))
			rows := [][]any{{"device_id", "spec", "install_date"}}
			var want []string
			for _, c := range []struct {
				cell numberCell
				want string
			}{
				{numberCell{36525 - shift, ""}, "unreadable"},
				{numberCell{36526 - shift, ""}, "2000-01-01"},
				{numberCell{73415.5 - shift, "0.0"}, "2100-12-31"},
				{numberCell{73416 - shift, "0"}, "unreadable"},
				{numberCell{36525 - shift, day}, "1999-12-31"},
				{numberCell{44713 + 82799.0/86400 - shift, time}, "2022-06-01"}, // 22:59:59
				{numberCell{44713 + 82800.0/86400 - shift, time}, "2022-06-01"}, // 23:00:00
				{numberCell{44713 + 86399.0/86400 - shift, ""}, "2022-06-01"},   // 23:59:59
			} {
				rows = append(rows, []any{"A", "SMETS2 v3.1", c.cell})
				want = append(want, c.want)
			}
			in, read := openOne(t, saved(t, f, rows...), nil, Options{})
			assert.Equal(t, want, days(read))
			notes := strings.Join(in.Notes(), "\n")
			assert.Contains(t, notes, fmt.Sprintf("3 numbers without a date format in the date column: read as days, such as %v as 2000-01-01 in row 3", 36526-shift))
			assert.Contains(t, notes, "2 dates with a time of 23:00 or later, such as 2022-06-01 23:00:00 in row 8")
		})
	}
}

// TestWhatASheetHides has cells merged over rows, rows that a filter hides, and
// formulas that were never calculated.
func TestWhatASheetHides(t *testing.T) {
	f := excelize.NewFile()
	rows := [][]any{{"Stock of Acme"}, {"device_id", "spec", "gbcs", "install_date"}}
	for i := range 6 {
		rows = append(rows, []any{fmt.Sprintf("A%d", i+1), "SMETS2 v3.1", "2.1", "2022-06-01"})
	}
	rows[5] = []any{"A4", nil, nil, nil} // row 6
	rows[6] = []any{"A5", nil, "2.1", nil}
	require.NoError(t, f.MergeCell("Sheet1", "A1", "D1"))
	require.NoError(t, f.MergeCell("Sheet1", "B5", "B7"))
	require.NoError(t, f.MergeCell("Sheet1", "C5", "C6"))
	require.NoError(t, f.SetRowVisible("Sheet1", 4, false))
	require.NoError(t, f.SetRowVisible("Sheet1", 8, false))
	require.NoError(t, f.SetCellFormula("Sheet1", "D6", "D5+1"))
	require.NoError(t, f.SetCellFormula("Sheet1", "D7", "D6+1"))
	require.NoError(t, f.SetCellFormula("Sheet1", "A20", "A8"))
	in, read := openOne(t, saved(t, f, rows...), nil, Options{Reader: devices.ReaderOptions{HeaderRow: 2}})
	assert.Len(t, read, 6, "the formula in row 20 is no device")
	notes := strings.Join(in.Notes(), "\n")
	assert.Contains(t, notes, "2 rows hidden in the sheet, by a filter or by hand: checked like the others")
	assert.Contains(t, notes, "3 formulas never calculated, such as in D6: read as empty cells")
	assert.Contains(t, notes, "cells merged over several rows leave 2 rows without spec, 1 row without gbcs, such as in C5:C6")
}

func TestNothingHidden(t *testing.T) {
	in, _ := openOne(t, saved(t, excelize.NewFile(), []any{"spec", "install_date"}, []any{"SMETS2 v3.1", "2022-06-01"}, []any{nil, "2022-06-01"}), nil, Options{})
	assert.NotContains(t, strings.Join(in.Notes(), "\n"), "merged")
	assert.NotContains(t, strings.Join(in.Notes(), "\n"), "hidden")
	assert.NotContains(t, strings.Join(in.Notes(), "\n"), "formula")
}

// depots is a workbook of several sheets: two with the columns, one of which has a
// table beside other cells, one without them, and one without a row.
func depots(t *testing.T) string {
	f := excelize.NewFile()
	heading := []any{"device_id", "spec", "install_date"}
	for _, name := range []string{"2", "Notes", "Empty"} {
		_, err := f.NewSheet(name)
		require.NoError(t, err)
	}
	put := func(sheet, cell string, row ...any) { require.NoError(t, f.SetSheetRow(sheet, cell, &row)) }
	put("Sheet1", "A1", heading...)
	put("Sheet1", "A2", "first", "SMETS2 v3.1", "2022-06-01")
	put("2", "B3", heading...)
	put("2", "B4", "second", "SMETS2 v3.1", "2022-06-02")
	put("2", "B6", "third", "SMETS2 v3.1", "2022-06-03")
	put("2", "F4", "beside")
	put("2", "B8", "below")
	put("Notes", "A1", "Note")
	put("Notes", "A2", "read me")
	require.NoError(t, f.AddTable("2", &excelize.Table{Range: "B3:D6", Name: "Stock"}))
	return saved(t, f)
}

func TestSheetsAndTables(t *testing.T) {
	path := depots(t)
	for name, c := range map[string]struct {
		options Options
		ids     []string
		lines   []int
		note    string
	}{
		"the first":     {Options{}, []string{"first"}, []int{2}, `only the first of its 4 sheets, "Sheet1", was read`},
		"a name":        {Options{Sheet: " sheet1 "}, []string{"first"}, []int{2}, ""},
		"a number":      {Options{Sheet: "1"}, []string{"first"}, []int{2}, `sheet 1 of its 4 was read, "Sheet1"`},
		"a marked one":  {Options{Sheet: "#1"}, []string{"first"}, []int{2}, `sheet 1 of its 4 was read, "Sheet1"`},
		"a table":       {Options{Table: "stock"}, []string{"second", "third"}, []int{4, 6}, "1 empty row between its rows: left out"},
		"a name of two": {Options{Sheet: "2", Reader: devices.ReaderOptions{HeaderRow: 3}}, []string{"second", "third", "below"}, []int{4, 6, 8}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in, rows := openOne(t, path, nil, c.options)
			var ids []string
			var lines []int
			for _, row := range rows {
				if row.Kind != devices.BlankLine {
					ids, lines = append(ids, row.Device.ID), append(lines, row.Line)
				}
			}
			assert.Equal(t, c.ids, ids)
			assert.Equal(t, c.lines, lines)
			assert.Contains(t, strings.Join(in.Notes(), "\n"), c.note)
		})
	}
	for name, c := range map[string]struct {
		options Options
		want    string
	}{
		"no such number": {Options{Sheet: "5"}, `has no sheet "5": its sheets are ["Sheet1" "2" "Notes" "Empty"]`},
		"no such table":  {Options{Table: "Stocks"}, `has no table "Stocks": its tables are ["Stock"]`},
	} {
		_, err := OpenAll(context.Background(), []string{path}, nil, c.options)
		assert.ErrorContains(t, err, c.want, name)
		assert.Equal(t, exit.Usage, exit.CodeOf(err), name)
	}
}

// TestAllSheets opens more sheets than stay open at a time.
func TestAllSheets(t *testing.T) {
	f := excelize.NewFile()
	var want []string
	for i := range mostOpen + 3 {
		name := fmt.Sprintf("Depot %d", i+1)
		_, err := f.NewSheet(name)
		require.NoError(t, err)
		require.NoError(t, f.SetSheetRow(name, "A1", &[]any{"device_id", "spec", "install_date"}))
		require.NoError(t, f.SetSheetRow(name, "A2", &[]any{name, "SMETS2 v3.1", "2022-06-01"}))
		want = append(want, name)
	}
	require.NoError(t, f.SetCellValue("Sheet1", "A1", "a cover"))
	path := saved(t, f)
	inputs, err := OpenAll(context.Background(), []string{path}, nil, Options{Sheet: "ALL"})
	require.NoError(t, err)
	var got []string
	for _, in := range inputs {
		reader, err := in.Start()
		require.NoError(t, err)
		row, err := reader.Read()
		require.NoError(t, err)
		got = append(got, row.Device.ID)
		assert.Equal(t, path+" ("+row.Device.ID+")", in.Name)
		assert.Equal(t, row.Device.ID, in.Evidence().Sheet)
		require.NoError(t, in.Finish())
	}
	assert.Equal(t, want, got)
	assert.Contains(t, strings.Join(inputs[0].Notes(), "\n"), `1 sheet of the workbook left out, without the columns or without a row: ["Sheet1"]`)

	_, err = OpenAll(context.Background(), []string{saved(t, excelize.NewFile(), []any{"a cover"}, []any{1})}, nil, Options{Sheet: "all"})
	assert.ErrorContains(t, err, "no sheet has the columns")
	assert.Equal(t, exit.Usage, exit.CodeOf(err))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	_, err = OpenAll(context.Background(), []string{Stdin}, bytes.NewReader(data), Options{Sheet: "all"})
	assert.ErrorContains(t, err, "all sheets can be read only from a file")
	inputs, err = OpenAll(context.Background(), []string{saved(t, excelize.NewFile())}, nil, Options{Sheet: "all"})
	require.NoError(t, err)
	assert.True(t, inputs[0].Empty, "a workbook without a row is empty")
}

// TestStrayColumn has a value in the last column that a sheet can have. It is kept,
// and the empty columns before it are not.
func TestStrayColumn(t *testing.T) {
	f := excelize.NewFile()
	require.NoError(t, f.SetSheetRow("Sheet1", "A1", &[]any{"device_id", nil, "spec", "install_date"}))
	require.NoError(t, f.SetSheetRow("Sheet1", "A2", &[]any{"a", nil, "SMETS2 v3.1", "2022-06-01"}))
	require.NoError(t, f.SetSheetRow("Sheet1", "A3", &[]any{"b", nil, "SMETS2 v3.1", "2022-06-02"}))
	require.NoError(t, f.SetCellValue("Sheet1", "XFD3", "stray"))
	in, rows := openOne(t, saved(t, f), nil, Options{})
	assert.Equal(t, []string{"2022-06-01", "2022-06-02"}, days(rows))
	assert.Equal(t, []string{"a", "", "SMETS2 v3.1", "2022-06-01", ""}, rows[0].Cells)
	assert.Equal(t, []string{"b", "", "SMETS2 v3.1", "2022-06-02", "stray"}, rows[1].Cells)
	assert.Contains(t, strings.Join(in.Notes(), "\n"), "16,379 empty columns beyond the last heading: left out")
}
