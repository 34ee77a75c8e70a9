package xlsx

import (
	"errors"
	"fmt"
	"iter"
	"slices"
)

// Row is one row of a sheet.
type Row struct {
	// Number is the row's number as the spreadsheet shows it, from 1.
	Number int
	// Cells are the cells from column A on; blank ones at the end are left out,
	// and a blank row has none. They are valid until the next row is asked for;
	// their texts stay valid.
	Cells []Cell
}

// Rows yields the rows of a tab, each as it is read: hidden ones too, and blank
// ones where another follows. An error ends them; it names the tab, and the row
// or the cell.
func (b *Book) Rows(sheet string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		t, err := b.tab(sheet)
		if err == nil {
			err = b.readTab(t, func(r Row) bool { return yield(r, nil) })
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(Row{}, fmt.Errorf("%s, %w", b.name, err))
		}
	}
}

func (b *Book) tab(name string) (tab, error) {
	i := slices.IndexFunc(b.tabs, func(t tab) bool { return t.name == name })
	switch {
	case i < 0:
		return tab{}, fmt.Errorf("tab %q: there is none of this name: its tabs are %q", name, b.Sheets())
	case !b.tabs[i].cells:
		return tab{}, fmt.Errorf("tab %q: it holds a chart or the like and no cells: the tabs with cells are %q", name, b.Sheets())
	}
	return b.tabs[i], nil
}

// readTab hands the rows of a tab on.
func (b *Book) readTab(t tab, yield func(Row) bool) error {
	const afresh = "open the workbook in a spreadsheet and save it afresh, or ask for it again"
	file := b.parts.find(t.part)
	if file == nil {
		return fmt.Errorf("tab %q: the workbook has no part %s, which holds its cells: %s", t.name, t.part, afresh)
	}
	r, err := file.Open()
	if err != nil {
		return fmt.Errorf("tab %q: part %s: %w", t.name, t.part, err)
	}
	defer r.Close()
	s := &sheetReader{book: b, elements: newElements(r), yield: yield}
	if err := s.sheet(); err != nil {
		return fmt.Errorf("tab %q, %s: %w; %s", t.name, s.where(), err, afresh)
	}
	return nil
}
