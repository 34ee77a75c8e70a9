package report

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
	"github.com/mp196/ivp/ivp"
)

var testJudge = devices.Judge{Checker: ivp.Checker{History: ivp.Published()}}

func testOptions() Options {
	return Options{
		Columns: testJudge.Columns(false), Judge: testJudge,
		Evidence: func(s *devices.Summary) *evidence.Run {
			return &evidence.Run{
				Tool: evidence.Tool{Name: "ivp", Version: "test"}, Started: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC),
				Flags:  []string{"check", "a b.csv"},
				Inputs: []evidence.Input{{File: evidence.File{Name: "a b.csv", Bytes: 7, SHA256: "abc"}, HeaderRow: 1, Notes: []string{"a b.csv: a note"}, Columns: []evidence.Column{{Field: "spec", Heading: "SMETS Version"}}}},
				Counts: evidence.NewCounts(s, ivp.Published()),
			}
		},
	}
}

const testRows = `Device ID,SMETS Version,Installation Date,Notes
0041,SMETS2 v3.1,2023-04-27,=1+1
A2,SMETS2 v3.1,2023-04-28T09:30,"two
lines"
A3,,2023-04-28,

,,,
A5,x
A6,SMETS2 v3.1,2023-04-27,,too,many
a "stray" quote
`

func workbookOf(t *testing.T, text string, columns devices.ColumnOptions, change func(*workbookSink)) (*excelize.File, *workbookSink, []byte) {
	var out bytes.Buffer
	sink := &workbookSink{w: &out, options: testOptions()}
	reader, err := devices.NewReader(strings.NewReader(text), devices.ReaderOptions{Columns: columns})
	require.NoError(t, err)
	require.NoError(t, sink.Begin(Input{Reader: reader}))
	if change != nil {
		change(sink)
	}
	require.NoError(t, sink.End(feed(t, sink, testJudge, nil, columns, input{text: text})))
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	require.NoError(t, err)
	t.Cleanup(func() { f.Close() })
	return f, sink, out.Bytes()
}

func TestWorkbookHoldsTheRows(t *testing.T) {
	f, sink, data := workbookOf(t, testRows, devices.ColumnOptions{}, nil)
	assert.Equal(t, []string{"Rows", "Summary", "Evidence"}, f.GetSheetList())
	rows, err := f.GetRows("Rows")
	require.NoError(t, err)
	assert.Equal(t, [][]string{
		{"Device ID", "SMETS Version", "Installation Date", "Notes", "ivp_outcome", "ivp_reason", "ivp_spec", "ivp_to", "ivp_days_left", "ivp_amendment", "ivp_row"},
		{"0041", "SMETS2 v3.1", "2023-04-27", "=1+1", "eligible", "within-period", "SMETS2 v3.1", "2023-04-27", "0", "MP196", "2"},
		{"A2", "SMETS2 v3.1", "2023-04-28T09:30", "two\nlines", "not_eligible", "after-end", "SMETS2 v3.1", "2023-04-27", "-1", "MP196", "3"},
		{"A3", "", "2023-04-28", "", "undetermined", "no-version", "", "", "", "", "5"},
		nil,
		{"A5", "x", "", "", "undetermined", "bad-row", "", "", "", "", "8"},
		{"A6", "SMETS2 v3.1", "2023-04-27", ",too,many", "undetermined", "bad-row", "", "", "", "", "9"},
		{`a "stray" quote`, "", "", "", "undetermined", "bad-row", "", "", "", "", "10"},
	}, rows)
	assert.Empty(t, sink.Notes())

	raw, err := f.GetRows("Rows", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	assert.Equal(t, "45043", raw[1][2], "the date is a date")
	assert.Equal(t, "45043", raw[1][7])
	kind, err := f.GetCellType("Rows", "A2")
	require.NoError(t, err)
	assert.Equal(t, excelize.CellTypeInlineString, kind, "0041 keeps its noughts")
	formula, err := f.GetCellFormula("Rows", "D2")
	require.NoError(t, err)
	assert.Empty(t, formula, "=1+1 is text")
	panes, err := f.GetPanes("Rows")
	require.NoError(t, err)
	assert.True(t, panes.Freeze)
	assert.Equal(t, 1, panes.YSplit)
	filter := ""
	for _, name := range f.GetDefinedName() {
		if name.Name == "_xlnm._FilterDatabase" {
			filter = name.RefersTo
		}
	}
	assert.Equal(t, "'Rows'!$A$1:$K$8", filter)
	assert.Contains(t, part(t, data, "xl/worksheets/sheet1.xml"), `<autoFilter ref="$A$1:$K$8"`)
	good, err := f.GetCellStyle("Rows", "E2")
	require.NoError(t, err)
	bad, err := f.GetCellStyle("Rows", "E3")
	require.NoError(t, err)
	assert.NotEqual(t, good, bad, "outcomes are coloured")
}

// part returns a part of a workbook as it is written.
func part(t *testing.T, data []byte, name string) string {
	all, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	f, err := all.Open(name)
	require.NoError(t, err)
	defer f.Close()
	text, err := io.ReadAll(f)
	require.NoError(t, err)
	return string(text)
}

func TestWorkbookSummaryAndEvidence(t *testing.T) {
	f, _, _ := workbookOf(t, testRows, devices.ColumnOptions{}, nil)
	for sheet, want := range map[string][]string{
		"Summary":  {"Of 6 devices 1 may be installed on its date; 1 may not; 4 cannot be judged, for several reasons.", "eligible|1", "1|not eligible|SMETS2 v3.1 after 27 April 2023 (MP196). Do not install", "After its period ended|not eligible|1", "SMETS2 v3.1|1|1|0|2", "2023-04-27|SMETS2 v3.1|1|1", "no type given|1|1|4|6", "a b.csv: a note"},
		"Evidence": {"|Tool|ivp test", `|Command line|ivp check "a b.csv"`, "|File, SHA-256|abc", "|Column read as spec|SMETS Version"},
	} {
		rows, err := f.GetRows(sheet)
		require.NoError(t, err)
		var all strings.Builder
		for _, row := range rows {
			all.WriteString(strings.Join(row, "|") + "\n")
		}
		for _, line := range want {
			assert.Contains(t, all.String(), line, sheet)
		}
	}
	places, err := f.SearchSheet("Summary", "not eligible")
	require.NoError(t, err)
	require.Len(t, places, 3, "the count, the cause, the reason")
	for _, place := range places {
		style, err := f.GetCellStyle("Summary", place)
		require.NoError(t, err)
		look, err := f.GetStyle(style)
		require.NoError(t, err)
		assert.Equal(t, []string{"A8500F"}, look.Fill.Color, place)
	}
}

func TestWorkbookKeepsWhatStandsAboveTheHeading(t *testing.T) {
	text := "sep=,\nStock of Acme,,\"1,000\"\n\nDevice ID,SMETS Version,Installation Date\n" + strings.Repeat("A,SMETS2 v3.1,2023-04-27\n", 5)
	f, _, data := workbookOf(t, text, devices.ColumnOptions{}, func(s *workbookSink) { s.rows.most = 6 })
	rows, err := f.GetRows("Rows")
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"Stock of Acme", "", "1,000"}, nil}, rows[:2])
	assert.Equal(t, "Device ID", rows[2][0])
	assert.Equal(t, "A", rows[3][0])
	assert.Len(t, rows, 6)
	assert.Contains(t, part(t, data, "xl/worksheets/sheet1.xml"), `<autoFilter ref="$A$3:$J$6"`)
	panes, err := f.GetPanes("Rows")
	require.NoError(t, err)
	assert.Equal(t, 3, panes.YSplit)
	rows, err = f.GetRows("Rows 2")
	require.NoError(t, err)
	assert.Equal(t, "Device ID", rows[0][0])
	assert.Len(t, rows, 3)
}

func TestWorkbookSpreadsOverSheets(t *testing.T) {
	text := "Device ID,SMETS Version,Installation Date\n" + strings.Repeat("A,SMETS2 v3.1,2023-04-27\n", 7)
	f, sink, _ := workbookOf(t, text, devices.ColumnOptions{}, func(s *workbookSink) { s.rows.most = 4 })
	assert.Equal(t, []string{"Rows", "Rows 2", "Rows 3", "Summary", "Evidence"}, f.GetSheetList())
	total := 0
	for _, sheet := range f.GetSheetList()[:3] {
		rows, err := f.GetRows(sheet)
		require.NoError(t, err)
		assert.Equal(t, "Device ID", rows[0][0], "each sheet has the heading")
		assert.LessOrEqual(t, len(rows), 4)
		total += len(rows) - 1
	}
	assert.Equal(t, 7, total)
	require.Len(t, sink.Notes(), 1)
	assert.Contains(t, sink.Notes()[0], `over 3 sheets, "Rows" to "Rows 3"`)
}

func TestWorkbookOfWhatExcelCannotHold(t *testing.T) {
	long := strings.Repeat("é", excelize.TotalCellChars+1)
	text := "Device ID,SMETS Version,Installation Date\n\"" + long + "\",SMETS2 v3.1,2023-04-27\nnul\x00\xff,SMETS2 v3.1,1850-01-01\n"
	f, sink, data := workbookOf(t, text, devices.ColumnOptions{}, nil)
	rows, err := f.GetRows("Rows")
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(rows[1][0], cutMark))
	assert.Len(t, []rune(rows[1][0]), excelize.TotalCellChars)
	assert.Equal(t, "nul\ufffd\ufffd", rows[2][0])
	assert.Equal(t, "1850-01-01", rows[2][2], "as text: before the days of workbooks")
	assert.Contains(t, strings.Join(sink.Notes(), "\n"), "1 cell cut")
	_, _, again := workbookOf(t, text, devices.ColumnOptions{}, nil)
	for _, name := range []string{"xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml", "docProps/core.xml"} {
		assert.Equal(t, part(t, data, name), part(t, again, name), "the same run gives the same workbook")
	}
}

func TestWorkbookReplacesOldColumns(t *testing.T) {
	f, _, _ := workbookOf(t, "Device ID,ivp_outcome,SMETS Version,Installation Date\nA,old,SMETS2 v3.1,2023-04-27\n", devices.ColumnOptions{Recheck: true}, nil)
	rows, err := f.GetRows("Rows")
	require.NoError(t, err)
	assert.Equal(t, []string{"A", "SMETS2 v3.1", "2023-04-27", "eligible"}, rows[1][:4])
}

func TestWorkbookOfNothing(t *testing.T) {
	var out bytes.Buffer
	sink := &workbookSink{w: &out, options: testOptions()}
	require.NoError(t, sink.End(Totals{Summary: &devices.Summary{}}))
	f, err := excelize.OpenReader(&out)
	require.NoError(t, err)
	defer f.Close()
	assert.Equal(t, []string{"Rows", "Summary", "Evidence"}, f.GetSheetList())
}

// TestLibreOfficeReadsTheWorkbook has another program read it.
func TestLibreOfficeReadsTheWorkbook(t *testing.T) {
	office := testkit.Program(t, "soffice")
	_, _, data := workbookOf(t, testRows, devices.ColumnOptions{}, nil)
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "checked.xlsx"), data, 0o666))
	convert := exec.Command(office, "-env:UserInstallation=file://"+filepath.ToSlash(folder)+"/profile", "--headless",
		"--convert-to", "csv", "--outdir", folder, filepath.Join(folder, "checked.xlsx"))
	said, err := convert.CombinedOutput()
	require.NoError(t, err, string(said))
	text, err := os.ReadFile(filepath.Join(folder, "checked.csv"))
	require.NoError(t, err, string(said))
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 8)
	assert.Equal(t, []string{"0041", "SMETS2 v3.1", "2023-04-27", "=1+1", "eligible", "within-period", "SMETS2 v3.1", "2023-04-27", "0", "MP196", "2"}, rows[1])
	assert.Equal(t, []string{"A2", "SMETS2 v3.1", "2023-04-28T09:30", "two\nlines", "not_eligible", "after-end", "SMETS2 v3.1", "2023-04-27", "-1", "MP196", "3"}, rows[2])
}

// TestDaysThatAWorkbookHoldsAsText become numbers, as other days are.
func TestDaysThatAWorkbookHoldsAsText(t *testing.T) {
	s := &workbookSink{}
	require.NoError(t, s.open())
	defer s.close()
	for text, want := range map[string]string{"2022-06-01": "44713", "2022-06-01 12:00:00": "44713.5", "1900-03-01": "61"} {
		cell, err := s.heldCell(xlsx.Cell{Kind: xlsx.Day, Text: text})
		require.NoError(t, err)
		assert.Equal(t, styledCell{xlsx.Cell{Kind: xlsx.Day, Text: text, Serial: want}, s.styles.date}, cell)
	}
}

// TestBuiltInFormats keep their numbers: what they show depends on the reader's
// country.
func TestBuiltInFormats(t *testing.T) {
	s := &workbookSink{}
	require.NoError(t, s.open())
	defer s.close()
	for _, f := range []xlsx.Format{{ID: 1}, {ID: 5}, {ID: 14}, {ID: 22}, {ID: 44}, {ID: 58}, {ID: 164, Code: "0.000"}, {ID: 5, Code: `"£"#,##0`}} {
		style, err := s.styleOf(&f)
		require.NoError(t, err)
		again, err := s.styleOf(&xlsx.Format{ID: f.ID, Code: f.Code})
		require.NoError(t, err)
		assert.Equal(t, style, again)
		if f.Code == "" {
			assert.Equal(t, f.ID, *s.file.Styles.CellXfs.Xf[style].NumFmtID)
			continue
		}
		look, err := s.file.GetStyle(style)
		require.NoError(t, err)
		assert.Equal(t, f.Code, *look.CustomNumFmt)
	}
}

// TestWorkbookCosts checks that amounts are numbers that are shown as they were
// written, and that other texts stay texts.
func TestWorkbookCosts(t *testing.T) {
	costs := []string{"45.50", "£1,234.50", "62", "0.1", "1,000", "£0", "007", "1.234", "on loan", "=1+1", "1,5", " 4 ", "£ 5", "-3", "1e3", "0041"}
	var text strings.Builder
	text.WriteString("Device ID,SMETS Version,Installation Date,Cost (£),Firmware\n")
	for i, cost := range costs {
		fmt.Fprintf(&text, "0%d,SMETS2 v3.1,2023-04-27,%q,4.10\n", i, cost)
	}
	f, _, _ := workbookOf(t, text.String(), devices.ColumnOptions{}, nil)
	shown, err := f.GetRows("Rows")
	require.NoError(t, err)
	for i, cost := range costs {
		assert.Equal(t, cost, shown[i+1][3])
		for column, number := range map[string]bool{"A": false, "B": false, "D": i < 6, "E": false} {
			kind, err := f.GetCellType("Rows", fmt.Sprintf("%s%d", column, i+2))
			require.NoError(t, err)
			assert.Equal(t, number, kind != excelize.CellTypeInlineString, "%s of %q", column, cost)
		}
	}
	raw, err := f.GetCellValue("Rows", "D3", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	assert.Equal(t, "1234.50", raw)
}

// TestWorkbookOpensOnItsSummary checks which sheet is opened and that no other is
// selected with it, and the heading that is printed on each page.
func TestWorkbookOpensOnItsSummary(t *testing.T) {
	text := "Stock of Acme\nDevice ID,SMETS Version,Installation Date\n" + strings.Repeat("A,SMETS2 v3.1,2023-04-27\n", 7)
	f, _, data := workbookOf(t, text, devices.ColumnOptions{}, func(s *workbookSink) { s.rows.most = 4 })
	assert.Equal(t, "Summary", f.GetSheetName(f.GetActiveSheetIndex()))
	for i := range f.GetSheetList() {
		assert.NotContains(t, part(t, data, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)), "tabSelected")
	}
	titles := map[string]string{}
	for _, name := range f.GetDefinedName() {
		if name.Name == "_xlnm.Print_Titles" {
			titles[name.Scope] = name.RefersTo
		}
	}
	assert.Equal(t, map[string]string{"Rows": "'Rows'!$2:$2", "Rows 2": "'Rows 2'!$1:$1", "Rows 3": "'Rows 3'!$1:$1"}, titles)
}

const readersFolder = "../../../testdata/xlsxreaders"

// The scripts write for each sheet its name and how many rows it has, the name of the
// sheet that is opened if they know it, and two cells of the first sheet.
const (
	readWithExcelJS = `const { createRequire } = require('node:module');
const ExcelJS = createRequire(process.argv[2] + '/')('exceljs');
const book = new ExcelJS.Workbook();
book.xlsx.readFile(process.argv[3]).then(() => {
  book.eachSheet((sheet) => console.log(sheet.name, sheet.rowCount));
  const [first] = book.worksheets;
  for (const name of ['A2', 'D2']) console.log(typeof first.getCell(name).value, first.getCell(name).value);
});`
	readWithOpenpyxl = `import sys, warnings
warnings.simplefilter("error")
import openpyxl
book = openpyxl.load_workbook(sys.argv[1])
for sheet in book: print(sheet.title, sheet.max_row)
for name in ("A2", "D2"): print(type(book.worksheets[0][name].value).__name__, book.worksheets[0][name].value)
print(book.active.title, book.properties.title)`
)

// TestSumOfBoth compares with the checksum of both texts together.
func TestSumOfBoth(t *testing.T) {
	for _, length := range []int{0, 1, 64 << 10, 64<<10 + 1, 200_000} {
		first, second := []byte("<worksheet>"), bytes.Repeat([]byte("row"), length)[:length]
		got := sumOfBoth(crc32.ChecksumIEEE(first), crc32.ChecksumIEEE(second), int64(length))
		assert.Equal(t, crc32.ChecksumIEEE(append(first, second...)), got, length)
	}
}

// TestStrictReadersReadTheWorkbook has readers that are stricter than spreadsheets
// read a workbook of rows, and one with a chart.
func TestStrictReadersReadTheWorkbook(t *testing.T) {
	const more = 3000 // rows, which are compressed in several parts
	_, sink, rows := workbookOf(t, "Device ID,SMETS Version,Installation Date,Cost\n0041,SMETS2 v3.1,2023-04-27,45.50\n=1+1,x,2023-04-27,free\n"+strings.Repeat("é & 1,SMETS2 v3.1,2023-04-27,1\n", more), devices.ColumnOptions{}, nil)
	require.Greater(t, sink.rows.written[0].size, int64(3*packedPart))
	var chart bytes.Buffer
	require.NoError(t, Output{Format: Workbook, W: &chart}.WriteRundown(closingStock(t), RundownOptions{Judge: testJudge, Summary: &devices.Summary{}}))
	folder := t.TempDir()
	for name, data := range map[string][]byte{"rows.xlsx": rows, "chart.xlsx": chart.Bytes()} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), data, 0o666))
	}
	read := func(t *testing.T, cmd *exec.Cmd) string {
		said, err := cmd.CombinedOutput()
		require.NoError(t, err, string(said))
		return string(said)
	}
	t.Run("exceljs", func(t *testing.T) {
		node, modules := testkit.Program(t, "node"), testkit.Modules(t, readersFolder, "exceljs")
		said := func(name string) string {
			return read(t, exec.Command(node, "-e", readWithExcelJS, "--", "", modules, filepath.Join(folder, name)))
		}
		assert.Regexp(t, `^Rows 3003\nSummary \d+\nEvidence \d+\nstring 0041\nnumber 45.5\n$`, said("rows.xlsx"))
		assert.Regexp(t, `(?s)^Summary \d+\nBy date \d+\n.*Chart 41\n`, said("chart.xlsx"))
	})
	t.Run("openpyxl", func(t *testing.T) {
		python, modules := testkit.Program(t, "python3"), testkit.PythonModules(t, readersFolder, "openpyxl")
		said := func(name string) string {
			cmd := exec.Command(python, "-c", readWithOpenpyxl, filepath.Join(folder, name))
			cmd.Env = append(os.Environ(), "PYTHONPATH="+modules)
			return read(t, cmd)
		}
		assert.Regexp(t, `^Rows 3003\nSummary \d+\nEvidence \d+\nstr 0041\nfloat 45.5\nSummary Install eligibility`, said("rows.xlsx"))
		assert.Regexp(t, `(?s)^Summary \d+\nBy date \d+\n.*Chart 41\n.*Summary Run-down of stock\n$`, said("chart.xlsx"))
	})
}
