package source

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/devices"
)

// numberCell is a number in a cell with a number format; an empty one is General.
type numberCell struct {
	number float64
	format string
}

// saved writes rows to a workbook and returns its path. Cells are what the library
// takes, or numberCell.
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

// TestNumbersInTheDateColumn has the first and the last day on which a number
// without a date format is read as a day, and those beside them.
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
	assert.Contains(t, notes, "2 rows hidden in the sheet, by a filter or by hand: checked as the others")
	assert.Contains(t, notes, "3 formulas never calculated, such as in D6: read as empty cells")
	assert.Contains(t, notes, "cells merged over several rows leave 2 rows without spec, 1 row without gbcs, such as in C5:C6")
}

func TestNothingHidden(t *testing.T) {
	in, _ := openOne(t, saved(t, excelize.NewFile(), []any{"spec", "install_date"}, []any{"SMETS2 v3.1", "2022-06-01"}, []any{nil, "2022-06-01"}), nil, Options{})
	assert.NotContains(t, strings.Join(in.Notes(), "\n"), "merged")
	assert.NotContains(t, strings.Join(in.Notes(), "\n"), "hidden")
	assert.NotContains(t, strings.Join(in.Notes(), "\n"), "formula")
}
