package xlsx

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

// saved opens a workbook that the library has written.
func saved(t testing.TB, f *excelize.File) *Book {
	var out bytes.Buffer
	require.NoError(t, f.Write(&out))
	require.NoError(t, f.Close())
	return open(t, out.Bytes())
}

func styled(t testing.TB, f *excelize.File, style excelize.Style) int {
	id, err := f.NewStyle(&style)
	require.NoError(t, err)
	return id
}

func TestWrittenCells(t *testing.T) {
	f := excelize.NewFile()
	require.NoError(t, f.SetSheetName("Sheet1", "First tab"))
	_, err := f.NewSheet("Second")
	require.NoError(t, err)
	for _, c := range []struct {
		cell  string
		value any
	}{{"A1", "Heading"}, {"B1", "ß, \"quoted\""}, {"A3", "0041"}, {"C3", 100000}, {"D3", 41.5}, {"E3", true}, {"F3", ""}, {"A4", "a_b"}, {"B4", "two\r\nlines\ttab"}, {"C4", " outer "}, {"D4", 5.1}} {
		require.NoError(t, f.SetCellValue("First tab", c.cell, c.value))
	}
	require.NoError(t, f.SetCellStyle("First tab", "C3", "C3", styled(t, f, excelize.Style{NumFmt: 11}))) // 0.00E+00
	require.NoError(t, f.SetCellRichText("First tab", "A5", []excelize.RichTextRun{{Text: "SMETS2 "}, {Text: "v4.2", Font: &excelize.Font{Bold: true}}}))
	require.NoError(t, f.SetCellFormula("First tab", "B5", "1+1"))
	book := saved(t, f)
	assert.Equal(t, []string{"First tab", "Second"}, book.Sheets())
	rows, err := rowsOf(book, "First tab")
	require.NoError(t, err)
	assert.Equal(t, []row{
		{1, []cell{{Text, "Heading"}, {Text, "ß, \"quoted\""}}},
		{3, []cell{{Text, "0041"}, {}, {Number, "100000"}, {Number, "41.5"}, {Truth, "TRUE"}}},
		{4, []cell{{Text, "a_b"}, {Text, "two\r\nlines\ttab"}, {Text, " outer "}, {Number, "5.1"}}},
		{5, []cell{{Text, "SMETS2 v4.2"}, {Kind: Pending}}},
	}, rows)
	rows, err = rowsOf(book, "Second")
	require.NoError(t, err)
	assert.Empty(t, rows)
}

func TestWrittenDays(t *testing.T) {
	const british, money = "dd/mm/yyyy;@", `[Red]"day" #,##0.00_d;General`
	for _, from1904 := range []bool{false, true} {
		t.Run(fmt.Sprintf("1904 %t", from1904), func(t *testing.T) {
			f := excelize.NewFile()
			require.NoError(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}))
			at := time.Date(2023, 4, 27, 9, 30, 0, 0, time.UTC)
			serial := 45043.25
			if from1904 {
				serial -= 1462
			}
			for i, c := range []struct {
				value any
				style int
			}{
				{at, 0}, // the library sets a style
				{at.Truncate(24 * time.Hour), styled(t, f, excelize.Style{CustomNumFmt: new(british)})},
				{serial, styled(t, f, excelize.Style{CustomNumFmt: new(money)})},
				{serial, styled(t, f, excelize.Style{NumFmt: 20})},
				{serial, styled(t, f, excelize.Style{NumFmt: 22})},
				{"2023", styled(t, f, excelize.Style{NumFmt: 14})},
			} {
				cell := fmt.Sprintf("%c1", 'A'+i)
				require.NoError(t, f.SetCellValue("Sheet1", cell, c.value))
				if c.style > 0 {
					require.NoError(t, f.SetCellStyle("Sheet1", cell, cell, c.style))
				}
			}
			rows, err := rowsOf(saved(t, f), "Sheet1")
			require.NoError(t, err)
			number := fmt.Sprint(serial)
			assert.Equal(t, []row{{1, []cell{
				{Day, "2023-04-27 09:30:00"}, {Day, "2023-04-27"}, {Number, number}, {Number, number}, {Day, "2023-04-27 06:00:00"}, {Text, "2023"},
			}}}, rows)
		})
	}
}

// stock writes a workbook of many devices, 10 cells a row, with texts within the
// cells or shared.
func stock(t testing.TB, rows int, shared bool) *excelize.File {
	f := excelize.NewFile()
	day := styled(t, f, excelize.Style{NumFmt: 14})
	if shared {
		for i := range rows {
			values := device(i, 0)
			require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &values))
		}
		require.NoError(t, f.SetCellStyle("Sheet1", "I1", fmt.Sprintf("I%d", rows), day))
		return f
	}
	stream, err := f.NewStreamWriter("Sheet1")
	require.NoError(t, err)
	for i := range rows {
		require.NoError(t, stream.SetRow(fmt.Sprintf("A%d", i+1), device(i, day)))
	}
	require.NoError(t, stream.Flush())
	return f
}

// device is a row; its day has the style, if one is given.
func device(i, style int) []any {
	var day any = 44000 + i%1500
	if style > 0 {
		day = excelize.Cell{StyleID: style, Value: day}
	}
	return []any{fmt.Sprintf("GUID-%d", i), "Single Element", "SMETS2 v4.2", 3.2, "E003", "0041", "00", "00020C06", day, i%2 == 0}
}

func TestWrittenStock(t *testing.T) {
	for name, shared := range map[string]bool{"texts in cells": false, "texts shared": true} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "stock.xlsx")
			f := stock(t, 3000, shared)
			require.NoError(t, f.SaveAs(path))
			require.NoError(t, f.Close())
			book, err := Open(path)
			require.NoError(t, err)
			defer book.Close()
			rows, err := rowsOf(book, "Sheet1")
			require.NoError(t, err)
			require.Len(t, rows, 3000)
			for i, got := range rows {
				day, ok := book.Serial(fmt.Sprint(44000 + i%1500))
				require.True(t, ok)
				truth := map[bool]string{true: "TRUE", false: "FALSE"}[i%2 == 0]
				require.Equal(t, row{i + 1, []cell{{Text, fmt.Sprintf("GUID-%d", i)}, {Text, "Single Element"}, {Text, "SMETS2 v4.2"}, {Number, "3.2"},
					{Text, "E003"}, {Text, "0041"}, {Text, "00"}, {Text, "00020C06"}, {Day, day}, {Truth, truth}}}, got)
			}
		})
	}
}

func BenchmarkRows(b *testing.B) {
	for name, shared := range map[string]bool{"texts in cells": false, "texts shared": true} {
		b.Run(name, func(b *testing.B) {
			const count = 20_000
			book := saved(b, stock(b, count, shared))
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				for _, err := range sheetOf(b, book, "Sheet1").Rows() {
					require.NoError(b, err)
					n++
				}
				require.Equal(b, count, n)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/count, "ns/row")
		})
	}
}
