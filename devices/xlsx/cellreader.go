package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

func (s *sheetReader) readCell(start element) error {
	if start.name != "c" {
		return s.elements.skip()
	}
	if err := s.beginCell(start.attribute("r")); err != nil {
		return err
	}
	kind, style := start.attribute("t"), start.attribute("s")
	if err := s.readValue(); err != nil {
		return err
	}
	cell, err := s.typed(kind, style)
	if err != nil {
		return err
	}
	if cell.Kind == Text || cell.Kind == Day && cell.Serial == "" {
		look, _ := s.style(style) // a text needs no style
		cell.Format = look.format
	}
	s.inCell = false
	if cell.Kind == Blank && s.formula && !(kind == "str" && s.valued) { // an empty text is a result
		cell.Kind = Pending
	}
	if cell.Kind == Blank {
		return nil
	}
	for len(s.cells) < s.column-1 {
		s.cells = append(s.cells, Cell{})
	}
	s.cells = append(s.cells, cell)
	return nil
}

// beginCell takes the column of a cell, whose reference may be left out.
func (s *sheetReader) beginCell(ref string) error {
	column, row, ok := s.column+1, s.row, true
	if ref != "" {
		column, row, ok = parseReference(ref)
	}
	switch {
	case !ok:
		return fmt.Errorf("a cell has the reference %q: want one from A1 to %s", ref, Reference(lastColumn, lastRow))
	case row != s.row:
		return fmt.Errorf("cell %s stands in row %d", ref, s.row)
	case column > lastColumn:
		return fmt.Errorf("a cell follows %s, which is in the last column that a sheet can have", Reference(lastColumn, row))
	case column <= s.column:
		return fmt.Errorf("cell %s stands after cell %s: want the cells of a row in the order of their columns, each once", ref, Reference(s.column, row))
	}
	s.column, s.inCell = column, true
	return nil
}

// readValue reads what stands within a cell.
func (s *sheetReader) readValue() error {
	s.value, s.inline, s.formula, s.valued = s.value[:0], s.inline[:0], false, false
	values := 0
	for {
		start, ok, err := s.elements.child()
		if err != nil || !ok {
			return err
		}
		switch start.name {
		case "f":
			s.formula = true
			err = s.elements.skip()
		case "v":
			values++
			s.valued = true
			s.value, err = s.elements.text(s.value)
		case "is":
			values++
			s.inline, err = s.elements.richText(s.inline)
		default:
			err = s.elements.skip()
		}
		if err != nil {
			return err
		}
		if values > 1 {
			return errors.New("it holds two values, where one was expected")
		}
	}
}

// typed makes a cell of what was read: by its type, and of a number by the style
// that shows it.
func (s *sheetReader) typed(kind, style string) (Cell, error) {
	switch kind {
	case "s":
		return s.shared()
	case "inlineStr", "str":
		return textCell(string(s.inline) + string(unescape(s.value))), nil
	}
	if len(s.inline) > 0 {
		return textCell(string(s.inline)), nil
	}
	text := string(bytes.TrimSpace(s.value))
	if text == "" {
		return Cell{}, nil
	}
	switch kind {
	case "", "n":
		return s.number(text, style)
	case "b":
		return truth(text), nil
	case "d":
		if day, ok := writtenDay(text); ok {
			return Cell{Kind: Day, Text: day}, nil
		}
		return textCell(text), nil
	case "e":
		return Cell{Kind: Failed, Text: text}, nil
	}
	return Cell{}, fmt.Errorf("its type is %q, which is none of a workbook's", kind)
}

func textCell(text string) Cell {
	if text == "" {
		return Cell{}
	}
	return Cell{Kind: Text, Text: text}
}

func truth(text string) Cell {
	switch text {
	case "1", "true":
		return Cell{Kind: Truth, Text: "TRUE"}
	case "0", "false":
		return Cell{Kind: Truth, Text: "FALSE"}
	}
	return textCell(text)
}

// shared returns the shared text that the cell's value is the number of.
func (s *sheetReader) shared() (Cell, error) {
	number := string(bytes.TrimSpace(s.value))
	if number == "" {
		return Cell{}, nil
	}
	texts, err := s.book.strings()
	if err != nil {
		return Cell{}, fmt.Errorf("the texts of the cells cannot be read: %w", err)
	}
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= len(texts.ends) {
		return Cell{}, fmt.Errorf("it refers to the text with the number %q, where the workbook has %d, counted from 0", number, len(texts.ends))
	}
	return textCell(texts.at(i)), nil
}

func (s *sheetReader) number(text, style string) (Cell, error) {
	n, ok := parseNumber(text)
	if !ok {
		return textCell(text), nil
	}
	look, err := s.style(style)
	if err != nil {
		return Cell{}, err
	}
	if look.day {
		if iso, ok := serialDay(n, s.book.date1904); ok {
			return Cell{Day, iso, look.format, text}, nil
		}
	}
	return Cell{Kind: Number, Text: text, Format: look.format}, nil
}

// style returns the style of the given number. A cell that names none has the
// first; one that the workbook does not hold has no format.
func (s *sheetReader) style(number string) (cellStyle, error) {
	i := 0
	if number != "" {
		var err error
		if i, err = strconv.Atoi(number); err != nil || i < 0 {
			return cellStyle{}, fmt.Errorf("its style is %q, where a number from 0 was expected", number)
		}
	}
	styles, err := s.book.styles()
	switch {
	case err != nil:
		return cellStyle{}, fmt.Errorf("the styles of the cells cannot be read: %w", err)
	case i >= len(styles):
		return cellStyle{}, nil
	case styles[i].damaged:
		return cellStyle{}, fmt.Errorf("its style, number %d of the workbook, is damaged", i)
	}
	return styles[i], nil
}
