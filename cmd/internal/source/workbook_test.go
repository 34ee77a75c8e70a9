package source

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
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
