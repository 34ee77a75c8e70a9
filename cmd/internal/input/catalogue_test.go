package input

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

const (
	synthetic = "../../../testdata/cpl/list.csv"
	realList  = "../../../../shared/reference/central-products-list-2.051.csv"
)

// hexColumns are the columns that the full tab writes with colons.
var hexColumns = map[int]bool{4: true, 5: true, 6: true, 7: true, 8: true, 9: true, 12: true}

func colons(text string) string {
	var pairs []string
	for i := 0; i+2 <= len(text); i += 2 {
		pairs = append(pairs, text[i:i+2])
	}
	return strings.Join(pairs, ":")
}

// asWorkbook writes a CSV as a workbook with the given tabs; the full tab has a
// title before its heading.
func asWorkbook(t *testing.T, path string, tabs ...string) string {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))).ReadAll()
	require.NoError(t, err)
	f := excelize.NewFile()
	defer f.Close()
	for _, tab := range tabs {
		writeTab(t, f, tab, rows)
	}
	target := filepath.Join(t.TempDir(), "list.xlsx")
	require.NoError(t, f.SaveAs(target))
	return target
}

func writeTab(t *testing.T, f *excelize.File, tab string, rows [][]string) {
	_, err := f.NewSheet(tab)
	require.NoError(t, err)
	full := tab == "Central Products List"
	first := 1
	if full {
		require.NoError(t, f.SetCellStr(tab, "A1", "Central Products List"))
		first = 3
	}
	for i, row := range rows {
		for j, text := range row {
			if full && i > 0 && hexColumns[j] {
				text = colons(text)
			}
			cell, err := excelize.CoordinatesToCellName(j+1, i+first)
			require.NoError(t, err)
			require.NoError(t, f.SetCellStr(tab, cell, text))
		}
	}
}

// TestFormsAreEqual reads the synthetic list, and the list that SECAS issued if it is
// available, as CSV and as each tab of a workbook.
func TestFormsAreEqual(t *testing.T) {
	for name, path := range map[string]string{"synthetic": synthetic, "as issued": realList} {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(path); err != nil {
				t.Skipf("the list as issued is not at hand, and is not part of this repository: %v", err)
			}
			want, err := LoadCatalogue(path)
			require.NoError(t, err)
			require.NoError(t, want.Damage())
			for _, tabs := range [][]string{{"CPL - saveable in CSV"}, {"Central Products List"}, {"Central Products List", "CPL - saveable in CSV"}} {
				got, err := LoadCatalogue(asWorkbook(t, path, tabs...))
				require.NoError(t, err)
				assertEqualLists(t, want, got)
			}
		})
	}
}

func assertEqualLists(t *testing.T, want, got *cpl.List) {
	require.NoError(t, got.Damage())
	assert.Equal(t, want.Edition(), got.Edition())
	assert.Equal(t, want.Issued(), got.Issued())
	require.Len(t, got.Entries(), len(want.Entries()))
	for i, e := range want.Entries() {
		other := got.Entries()[i]
		other.Line = e.Line // there may be a title before the heading
		require.Equal(t, e, other)
	}
	assert.Empty(t, cpl.Diff(want, got, devices.Judge{Checker: ivp.Checker{History: ivp.Published()}, On: want.Issued()}))
}

// TestWorkbookOfNumbers reads a workbook in which a spreadsheet has converted
// identifiers to numbers: they must be reported as damaged.
func TestWorkbookOfNumbers(t *testing.T) {
	path := asWorkbook(t, synthetic, "CPL - saveable in CSV")
	f, err := excelize.OpenFile(path)
	require.NoError(t, err)
	require.NoError(t, f.SetCellValue("CPL - saveable in CSV", "F8", 41))
	require.NoError(t, f.Save())
	require.NoError(t, f.Close())
	list, err := LoadCatalogue(path)
	require.NoError(t, err)
	assert.ErrorContains(t, list.Damage(), `line 8, entry 000007, column Device_Model.model_identifier: "41": want 4 hexadecimal digits`)
	assert.Len(t, list.Entries(), 29)
}

func TestLoadFails(t *testing.T) {
	folder := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		return path
	}
	for name, c := range map[string]struct {
		path string
		code exit.Code
		want string
	}{
		"missing":             {filepath.Join(folder, "missing.csv"), exit.IO, "could not read the Central Products List"},
		"missing workbook":    {filepath.Join(folder, "missing.xlsm"), exit.IO, "could not read the Central Products List"},
		"a folder":            {folder, exit.IO, "could not read the Central Products List"},
		"no list":             {put("a.csv", "a,b\n1,2\n"), exit.Usage, "not the heading of a Central Products List"},
		"no workbook":         {put("a.xlsx", "a,b\n1,2\n"), exit.Usage, "cannot be read as a workbook"},
		"an old workbook":     {put("a.xls", ""), exit.Usage, "workbooks of this kind are not read"},
		"a workbook as csv":   {put("b.csv", "PK\x03\x04"), exit.Usage, "this is a workbook"},
		"a workbook of other": {asWorkbook(t, synthetic, "Prices"), exit.Usage, `want a tab named ["CPL - saveable in CSV" "Central Products List"]; its tabs are ["Sheet1" "Prices"]`},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := LoadCatalogue(c.path)
			assert.Nil(t, list)
			assert.ErrorContains(t, err, c.want)
			assert.Equal(t, c.code, exit.CodeOf(err))
		})
	}
}
