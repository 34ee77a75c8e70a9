package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

// workbook makes a workbook of two tabs, and returns its bytes.
func workbook(t testing.TB) []byte {
	f := excelize.NewFile()
	defer f.Close()
	require.NoError(t, f.SetSheetName("Sheet1", "First tab"))
	_, err := f.NewSheet("Second")
	require.NoError(t, err)
	style, err := f.NewStyle(&excelize.Style{NumFmt: 11}) // 0.00E+00
	require.NoError(t, err)
	for _, c := range []struct {
		cell  string
		value any
	}{{"A1", "Heading"}, {"B1", "ß, \"quoted\""}, {"A3", "0041"}, {"C3", 100000}, {"D3", 41.5}, {"E3", true}, {"F3", ""}} {
		require.NoError(t, f.SetCellValue("First tab", c.cell, c.value))
	}
	require.NoError(t, f.SetCellStyle("First tab", "C3", "C3", style))
	var out bytes.Buffer
	require.NoError(t, f.Write(&out))
	return out.Bytes()
}

func collect(t testing.TB, book *Book, sheet string) (all []Row) {
	for row, err := range book.Rows(sheet) {
		require.NoError(t, err)
		row.Cells = slices.Clone(row.Cells)
		all = append(all, row)
	}
	return all
}

var wantRows = []Row{
	{1, []Cell{{Text, "Heading"}, {Text, "ß, \"quoted\""}}},
	{3, []Cell{{Text, "0041"}, {}, {Number, "100000"}, {Number, "41.5"}, {Truth, "TRUE"}}},
}

func TestRows(t *testing.T) {
	book, err := OpenReader(bytes.NewReader(workbook(t)))
	require.NoError(t, err)
	defer book.Close()
	assert.Equal(t, []string{"First tab", "Second"}, book.Sheets())
	assert.Equal(t, wantRows, collect(t, book, "First tab"), "raw values, whatever their format")
	assert.Empty(t, collect(t, book, "Second"))
}

func TestRowsCanStop(t *testing.T) {
	book, err := OpenReader(bytes.NewReader(workbook(t)))
	require.NoError(t, err)
	defer book.Close()
	seen := 0
	for range book.Rows("First tab") {
		seen++
		break
	}
	assert.Equal(t, 1, seen)
}

func TestRowsOfNoTab(t *testing.T) {
	book, err := OpenReader(bytes.NewReader(workbook(t)))
	require.NoError(t, err)
	defer book.Close()
	for _, err := range book.Rows("Third") {
		assert.ErrorContains(t, err, `tab "Third"`)
		return
	}
	t.Fatal("no error")
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.xlsx")
	require.NoError(t, os.WriteFile(path, workbook(t), 0o666))
	book, err := Open(path)
	require.NoError(t, err)
	assert.Len(t, collect(t, book, "First tab"), 2)
	assert.NoError(t, book.Close())

	_, err = Open(filepath.Join(t.TempDir(), "missing.xlsx"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

func TestOpenNoWorkbook(t *testing.T) {
	for name, data := range map[string]string{
		"empty": "",
		"text":  "a,b\n1,2\n",
		"cut":   string(workbook(t)[:2000]),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := OpenReader(strings.NewReader(data))
			assert.ErrorContains(t, err, "cannot be read as a workbook")
			assert.ErrorContains(t, err, "save it as .xlsx")
			path := filepath.Join(t.TempDir(), "book.xlsx")
			require.NoError(t, os.WriteFile(path, []byte(data), 0o666))
			_, err = Open(path)
			assert.ErrorContains(t, err, path+" cannot be read as a workbook")
		})
	}
	failed := errors.New("the disk is gone")
	_, err := OpenReader(io.MultiReader(strings.NewReader("PK"), failing{failed}))
	assert.ErrorIs(t, err, failed)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// edited returns the workbook with one part changed.
func edited(t testing.TB, data []byte, part string, change func(string) string) []byte {
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	var buffer bytes.Buffer
	out := zip.NewWriter(&buffer)
	for _, file := range in.File {
		r, err := file.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		if file.Name == part {
			text = []byte(change(string(text)))
		}
		w, err := out.Create(file.Name)
		require.NoError(t, err)
		_, err = w.Write(text)
		require.NoError(t, err)
	}
	require.NoError(t, out.Close())
	return buffer.Bytes()
}

// TestBrokenSheetIsRefused has a sheet that breaks off, which must not pass for
// a shorter one.
func TestBrokenSheetIsRefused(t *testing.T) {
	whole := workbook(t)
	for _, part := range []string{"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"} {
		for _, share := range []int{1, 3, 5, 7, 9} {
			broken := edited(t, whole, part, func(text string) string { return text[:len(text)*share/10] })
			book, err := OpenReader(bytes.NewReader(broken))
			require.NoError(t, err)
			assert.Error(t, firstError(book, "First tab"), "%s cut at %d tenths", part, share)
			require.NoError(t, book.Close())
		}
	}
}

func firstError(book *Book, tab string) error {
	for _, err := range book.Rows(tab) {
		if err != nil {
			return err
		}
	}
	return nil
}

func FuzzRows(f *testing.F) {
	data := workbook(f)
	const part = "xl/worksheets/sheet1.xml"
	edited(f, data, part, func(text string) string {
		f.Add(text)
		f.Add(strings.Replace(text, `r="3"`, `r="9"`, 1))
		f.Add(strings.Replace(text, `r="A3"`, `r="ZZ3"`, 1))
		f.Add(strings.Replace(text, `t="s"`, `t="inlineStr"`, 1))
		return text
	})
	f.Fuzz(func(t *testing.T, sheet string) {
		book, err := OpenReader(bytes.NewReader(edited(t, data, part, func(string) string { return sheet })))
		if err != nil {
			return
		}
		defer book.Close()
		last := 0
		for row, err := range book.Rows("First tab") {
			if err != nil {
				return
			}
			assert.Greater(t, row.Number, last)
			last = row.Number
			if last > 1000 {
				return
			}
		}
	})
}
