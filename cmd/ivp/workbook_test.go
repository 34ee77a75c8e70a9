package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices/xlsx"
)

// heldRows returns the cells of a sheet, at most most of each row.
func heldRows(t *testing.T, path, sheet string, most int) [][]xlsx.Cell {
	book, err := xlsx.Open(path)
	require.NoError(t, err)
	defer book.Close()
	if sheet == "" {
		sheet = book.FirstShown()
	}
	s, err := book.Sheet(sheet)
	require.NoError(t, err)
	var rows [][]xlsx.Cell
	for row, err := range s.Rows() {
		require.NoError(t, err)
		cells := append([]xlsx.Cell(nil), row.Cells[:min(most, len(row.Cells))]...)
		for i := range cells { // the number of a custom format may differ between workbooks
			if f := cells[i].Format; f != nil && f.Code != "" {
				cells[i].Format = &xlsx.Format{Code: f.Code}
			}
		}
		for len(cells) > 0 && cells[len(cells)-1].Kind == xlsx.Blank {
			cells = cells[:len(cells)-1]
		}
		rows = append(rows, cells)
	}
	return rows
}

// TestWorkbookWithoutATemporaryFolder checks that the folder is tested before anything is
// read or written.
func TestWorkbookWithoutATemporaryFolder(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, none)
	}
	folder := t.TempDir()
	for _, command := range [][]string{{"check"}, {"impact", "--after", "latest"}} {
		var p program
		assert.Equal(t, exit.IO, exit.Code(p.run(append(command, testdata(t, "inventory.csv"), "-o", filepath.Join(folder, "out.csv"), "-o", filepath.Join(folder, "out.xlsx"))...)))
		assert.Contains(t, p.stderr.String(), "writing a workbook requires the folder for temporary files: ")
		assert.Contains(t, p.stderr.String(), none+", which TMPDIR (on Windows TMP) changes")
	}
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// TestKindsSurvive runs check and impact on workbooks: every cell below the heading must
// keep its kind, its exact value and its number format.
func TestKindsSurvive(t *testing.T) {
	for name, columns := range map[string]int{"dates-and-money.xlsx": 7, "kinds.xlsx": 15} {
		for _, command := range [][]string{{"check"}, {"impact", "--before", "latest,-MP196", "--rows", "all"}} {
			t.Run(name+" "+command[0], func(t *testing.T) {
				in := testdata(t, "workbooks/"+name)
				out := filepath.Join(t.TempDir(), "out.xlsx")
				var p program
				require.Contains(t, []int{0, 1}, p.run(append(command, "-q", in, "-o", out)...), p.stderr.String())
				want := heldRows(t, in, "", columns)
				assert.Equal(t, want[1:], heldRows(t, out, "Rows", columns)[1:])
			})
		}
	}
}

// TestDaysFrom1904 checks that days of the 1904 date system come out as the same days,
// also one without a date format.
func TestDaysFrom1904(t *testing.T) {
	from1904, day := true, "dd/mm/yyyy"
	f := excelize.NewFile()
	require.NoError(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}))
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &day})
	require.NoError(t, err)
	require.NoError(t, f.SetSheetRow("Sheet1", "A1", &[]any{"spec", "install_date", "delivered", "quantity"}))
	for _, row := range []string{"A2", "A3"} {
		require.NoError(t, f.SetSheetRow("Sheet1", row, &[]any{"SMETS2 v3.1", 44713 - 1462, 44197.5 - 1462, 44713}))
	}
	require.NoError(t, f.SetCellStyle("Sheet1", "B2", "C2", style))
	require.NoError(t, f.SetCellStyle("Sheet1", "C3", "C3", style))
	folder := t.TempDir()
	in, out := filepath.Join(folder, "in.xlsx"), filepath.Join(folder, "out.xlsx")
	require.NoError(t, f.SaveAs(in))
	var p program
	require.Equal(t, 0, p.run("check", "-q", in, "-o", out), p.stderr.String())
	rows := heldRows(t, out, "Rows", 4)
	require.Len(t, rows, 3)
	assert.Equal(t, "2022-06-01", rows[1][1].Text)
	assert.Equal(t, xlsx.Cell{Kind: xlsx.Number, Text: "44713"}, rows[2][1], "the same day by its number")
	for _, row := range rows[1:] {
		assert.Equal(t, "2021-01-01 12:00:00", row[2].Text)
		assert.Equal(t, xlsx.Cell{Kind: xlsx.Number, Text: "44713"}, row[3], "a number is no day")
	}
}

// TestStrayCell has a cell in the last row that a sheet can have. The rows before it must
// cost nothing.
func TestStrayCell(t *testing.T) {
	in := testdata(t, "workbooks/stray-cell.xlsx")
	out := filepath.Join(t.TempDir(), "out.xlsx")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var p program
	require.Equal(t, 1, p.run("check", in, "-o", out), p.stderr.String())
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<30), "eight gigabytes at one time")
	assert.Len(t, heldRows(t, out, "Rows", 2), 3)
	assert.Contains(t, p.stderr.String(), "stray-cell.xlsx: 1,048,573 empty rows between its rows: left out")
	assert.Contains(t, p.stderr.String(), "stray-cell.xlsx:1048576)")
}

// TestQuietNamesWhatWasNotJudged runs without a summary.
func TestQuietNamesWhatWasNotJudged(t *testing.T) {
	stock, err := filepath.Abs("../../testdata/stock.xlsx")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("a.csv", []byte("spec,install_date\nSMETS2 v3.1,2022-06-01\n"), 0o666))
	require.NoError(t, os.WriteFile("none.csv", []byte("spec,install_date\n"), 0o666))
	sheets := stock + `: only the first of its 2 sheets, "Stock", was read; --sheet selects another, and --sheet all reads all` + "\n"
	for args, want := range map[string]string{
		"check " + stock: sheets, "impact --after latest " + stock: sheets, "rundown --on 2022-06-01 " + stock: sheets,
		"check --sheet Stock " + stock: "", "check a.csv": "", "check a.csv none.csv": "none.csv: no row below the heading\n",
	} {
		var p program
		assert.LessOrEqual(t, p.run(append(strings.Fields(args), "-q")...), int(exit.NotEligible), args)
		assert.Equal(t, want, p.stderr.String(), args)
	}
}

// TestTitlesSurvive checks that rows above the heading of a workbook are written, also
// if the output is checked again.
func TestTitlesSurvive(t *testing.T) {
	in := testdata(t, "cli/check-xlsx-header-row/in/stock.xlsx")
	out := filepath.Join(t.TempDir(), "out.xlsx")
	var p program
	require.Equal(t, 1, p.run("check", "-q", in, "-o", out), p.stderr.String())
	want := heldRows(t, in, "", 6)
	got := heldRows(t, out, "Rows", 6)
	assert.Equal(t, "Stock of Acme", want[0][0].Text)
	assert.Equal(t, want[0], got[0])
	again := filepath.Join(t.TempDir(), "again.xlsx")
	require.Equal(t, 1, p.run("check", "-q", out, "--recheck", "-o", again), p.stderr.String())
	alike := func(path string) [][]xlsx.Cell { // except ivp_row: blank lines are not written
		rows := heldRows(t, path, "Rows", 20)
		for i, row := range rows[1:] {
			rows[i+1] = row[:min(len(row), len(rows[1])-1)]
		}
		return rows
	}
	assert.Equal(t, alike(out), alike(again))
}
