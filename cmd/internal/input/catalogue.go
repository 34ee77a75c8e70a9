package input

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/devices/xlsx"
)

// LoadCatalogue reads a Central Products List: a workbook by the extension .xlsx or
// .xlsm, and CSV by any other. A list with damaged rows is returned all the
// same; ask its Damage before it is relied upon. The error says what to do: its
// exit code is that of failed input where the file cannot be read, and that of
// wrong use where it holds no such list.
func LoadCatalogue(path string) (*cpl.List, error) {
	load := loadCSV
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx", ".xlsm":
		load = loadWorkbook
	case ".xls", ".xlsb", ".ods":
		return nil, exit.With(exit.Usage, fmt.Errorf("%s: workbooks of this kind are not read: want the CSV, .xlsx or .xlsm that SECAS issues", path))
	}
	f, err := OpenFile(path, nil)
	if err != nil {
		return nil, cannotRead(err)
	}
	defer f.Close()
	list, err := load(path, f)
	if changed := f.Unchanged(); changed != nil { // whatever was read of it
		return nil, changed
	}
	return list, err
}

func loadCSV(path string, f *File) (*cpl.List, error) {
	in := &kept{r: f}
	list, err := cpl.ReadCSV(in, path)
	if in.err != nil {
		return nil, cannotRead(fmt.Errorf("%s: %w", path, in.err))
	}
	return list, exit.With(exit.Usage, err)
}

func cannotRead(err error) error {
	return exit.With(exit.IO, fmt.Errorf("could not read the Central Products List: %w", err))
}

func loadWorkbook(path string, f *File) (*cpl.List, error) {
	book, err := xlsx.OpenAt(path, f, f.Info.Size())
	if err != nil {
		if pathError := (*os.PathError)(nil); errors.As(err, &pathError) {
			return nil, cannotRead(err)
		}
		return nil, exit.With(exit.Usage, err)
	}
	defer book.Close()
	tab, err := chooseTab(path, book.Sheets())
	if err != nil {
		return nil, exit.With(exit.Usage, err)
	}
	sheet, err := book.Sheet(tab)
	if err != nil {
		return nil, exit.With(exit.Usage, err)
	}
	list, err := cpl.Read(rows(sheet), path)
	return list, exit.With(exit.Usage, err)
}

// chooseTab returns the first of the list's tabs that the workbook has.
func chooseTab(path string, sheets []string) (string, error) {
	for _, tab := range cpl.Tabs() {
		i := slices.IndexFunc(sheets, func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), tab) })
		if i >= 0 {
			return sheets[i], nil
		}
	}
	return "", fmt.Errorf("%s holds no Central Products List: want a tab named %q; its tabs are %q", path, cpl.Tabs(), sheets)
}

// rows are the rows of a sheet as the list reads them.
func rows(sheet *xlsx.Sheet) cpl.Rows {
	return func(yield func(cpl.Row, error) bool) {
		for row, err := range sheet.Rows() {
			if !yield(cpl.Row{Line: row.Number, Cells: cellTexts(row.Cells)}, err) {
				return
			}
		}
	}
}

// cellTexts are what the cells hold: of a number its digits as they stand, so that an
// identifier that a spreadsheet took for one is seen to be damaged.
func cellTexts(cells []xlsx.Cell) []string {
	all := make([]string, len(cells))
	for i, c := range cells {
		all[i] = c.Text
	}
	return all
}
