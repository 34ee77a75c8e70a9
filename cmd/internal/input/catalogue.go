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

// LoadCatalogue reads a Central Products List: a workbook if the extension is .xlsx
// or .xlsm, else CSV. A list with damaged rows is returned too: check its Damage
// before use. The error says what to do; its code is exit.IO if the file cannot be
// read, and exit.Usage if it does not contain a list.
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
	if changed := f.Unchanged(); changed != nil { // even if it could be read
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
	return "", fmt.Errorf("%s contains no Central Products List: want a tab named %q; its tabs are %q", path, cpl.Tabs(), sheets)
}

// rows returns the rows of a sheet in the form that package cpl reads.
func rows(sheet *xlsx.Sheet) cpl.Rows {
	return func(yield func(cpl.Row, error) bool) {
		for row, err := range sheet.Rows() {
			if !yield(cpl.Row{Line: row.Number, Cells: cellTexts(row.Cells)}, err) {
				return
			}
		}
	}
}

// cellTexts returns the stored texts of cells. A number's digits are returned as
// stored, so that an identifier which a spreadsheet converted to a number is
// recognised as damaged.
func cellTexts(cells []xlsx.Cell) []string {
	all := make([]string, len(cells))
	for i, c := range cells {
		all[i] = c.Text
	}
	return all
}
