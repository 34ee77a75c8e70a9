package xlsx

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Sheet is a tab that holds cells. It is for one goroutine.
type Sheet struct {
	book   *Book
	tab    tab
	merged []Range
}

// Row is one row of a sheet.
type Row struct {
	// Number is the row's number as the spreadsheet shows it, from 1.
	Number int
	// Hidden says that a spreadsheet does not show the row: a filter or a person
	// has hidden it.
	Hidden bool
	// Cells are the cells from column A on; blank ones at the end are left out. They
	// are valid until the next row is asked for; their texts stay valid.
	Cells []Cell
}

// Range is a block of cells by its first and last row and column, each from 1.
type Range struct {
	FirstRow, LastRow, FirstColumn, LastColumn int
}

// String returns the range as a spreadsheet writes it, such as B3:B9.
func (r Range) String() string {
	return Reference(r.FirstColumn, r.FirstRow) + ":" + Reference(r.LastColumn, r.LastRow)
}

// parseRange reads a range, such as B3:B9 or B3.
func parseRange(text string) (Range, bool) {
	first, last, pair := strings.Cut(text, ":")
	if !pair {
		last = first
	}
	fromColumn, fromRow, ok1 := parseReference(first)
	toColumn, toRow, ok2 := parseReference(last)
	r := Range{fromRow, toRow, fromColumn, toColumn}
	return r, ok1 && ok2 && fromRow <= toRow && fromColumn <= toColumn
}

// Sheet returns the tab of a name.
func (b *Book) Sheet(name string) (*Sheet, error) {
	i := slices.IndexFunc(b.tabs, func(t tab) bool { return t.name == name })
	problem := ""
	switch {
	case i < 0:
		problem = "there is none of this name: its tabs are"
	case !b.tabs[i].cells:
		problem = "it holds a chart or the like and no cells: the tabs with cells are"
	default:
		return &Sheet{book: b, tab: b.tabs[i]}, nil
	}
	return nil, fmt.Errorf("%s, tab %q: %s %q", b.name, name, problem, b.Sheets())
}

// Rows yields the rows that hold a cell, each as it is read, hidden ones too. An
// error ends them; it names the tab, and the row or the cell.
func (s *Sheet) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		err := s.read(func(r Row) bool { return yield(r, nil) })
		if err != nil && !errors.Is(err, errStopped) {
			yield(Row{}, fmt.Errorf("%s, tab %q%w; open the workbook in a spreadsheet and save it afresh, or ask for it again", s.book.name, s.tab.name, err))
		}
	}
}

// Merged returns the ranges of several rows whose cells are merged into one. It
// is known once the last row has been read.
func (s *Sheet) Merged() []Range { return s.merged }

// read hands the rows on.
func (s *Sheet) read(yield func(Row) bool) error {
	if s.tab.damaged != nil {
		return fmt.Errorf(": %w", s.tab.damaged)
	}
	part, err := s.book.parts.open(s.tab.part, mostUnpacked)
	if err != nil {
		return fmt.Errorf(": %w", err)
	}
	defer part.Close()
	r := &sheetReader{book: s.book, elements: newElements(part), yield: yield}
	if err := r.sheet(); err != nil {
		return fmt.Errorf(", %s: %w", r.where(), err)
	}
	s.merged = r.merged
	return nil
}
