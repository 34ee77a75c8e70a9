package xlsx

import (
	"errors"
	"fmt"
)

// errStopped is of one who wants no more rows.
var errStopped = errors.New("stopped")

// sheetReader reads the rows of one sheet.
type sheetReader struct {
	book     *Book
	elements *elements
	yield    func(Row) bool
	cells    []Cell
	value    []byte // of the present cell
	inline   []byte // the text that the present cell holds itself
	row      int    // the last that began
	column   int    // of the last cell that began in the row
	hidden   bool   // the row
	formula  bool   // the present cell has one
	valued   bool   // the present cell has a value, perhaps an empty one
	inRow    bool
	inCell   bool
	merged   []Range
}

// where names the place that was reached.
func (s *sheetReader) where() string {
	switch {
	case s.inCell:
		return "cell " + Reference(s.column, s.row)
	case s.inRow:
		return fmt.Sprintf("row %d", s.row)
	case s.row == 0:
		return "before its first row"
	}
	return fmt.Sprintf("after row %d", s.row)
}

// sheet reads the whole sheet.
func (s *sheetReader) sheet() error {
	root, err := s.elements.root()
	if err != nil {
		return err
	}
	if root.name != "worksheet" {
		return fmt.Errorf("it begins with <%s>, where <worksheet> was expected", root.name)
	}
	found := false
	err = s.children(func(start element) error {
		switch start.name {
		case "mergeCells":
			return s.children(s.readMerged)
		case "sheetData":
		default:
			return s.elements.skip()
		}
		if found {
			return errors.New("it holds a second <sheetData>, where one was expected")
		}
		found = true
		return s.children(s.readRow)
	})
	switch {
	case err != nil:
		return err
	case !found:
		return errors.New("it holds no <sheetData>")
	}
	return s.elements.end()
}

// children hands on the elements within the one that is open.
func (s *sheetReader) children(read func(element) error) error {
	for {
		start, ok, err := s.elements.child()
		if err != nil || !ok {
			return err
		}
		if err := read(start); err != nil {
			return err
		}
	}
}

func (s *sheetReader) readRow(start element) error {
	if start.name != "row" {
		return s.elements.skip()
	}
	if err := s.beginRow(start.attribute("r")); err != nil {
		return err
	}
	s.hidden = isTrue(start.attribute("hidden"))
	if err := s.children(s.readCell); err != nil {
		return err
	}
	s.inRow = false
	if len(s.cells) > 0 && !s.yield(Row{Number: s.row, Hidden: s.hidden, Cells: s.cells}) {
		return errStopped
	}
	return nil
}

// readMerged keeps a merged range of several rows. What is no range is passed
// over: it holds no value.
func (s *sheetReader) readMerged(start element) error {
	if r, ok := parseRange(start.attribute("ref")); ok && r.FirstRow < r.LastRow && len(s.merged) < lastRow {
		s.merged = append(s.merged, r)
	}
	return s.elements.skip()
}

// beginRow takes the number of a row, which may be left out.
func (s *sheetReader) beginRow(text string) error {
	number := s.row + 1
	if text != "" {
		var ok bool
		if number, ok = parseRow(text); !ok {
			return fmt.Errorf("a row has the number %q: want one from 1 to %d", text, lastRow)
		}
	}
	switch {
	case number <= s.row:
		return fmt.Errorf("row %d stands after row %d: want rows in their order, each once", number, s.row)
	case number > lastRow:
		return fmt.Errorf("a row follows row %d, which is the last that a sheet can have", lastRow)
	}
	s.row, s.column, s.inRow = number, 0, true
	s.cells = s.cells[:0]
	return nil
}
