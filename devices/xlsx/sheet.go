package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Sheet is a tab with cells. It is not safe for concurrent use.
type Sheet struct {
	book   *Book
	tab    tab
	merged []Range
}

// Row is one row of a sheet.
type Row struct {
	// Number is the row's number as the spreadsheet shows it, from 1.
	Number int
	// Hidden is true if a filter or a person has hidden the row.
	Hidden bool
	// Cells are the cells from column A on, without blank ones at the end. They
	// are valid until the next row is read; their texts stay valid.
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

// Sheet returns the tab with the given name.
func (b *Book) Sheet(name string) (*Sheet, error) {
	i := slices.IndexFunc(b.tabs, func(t tab) bool { return t.name == name })
	problem := ""
	switch {
	case i < 0:
		problem = "there is none of this name: its tabs are"
	case !b.tabs[i].cells:
		problem = "it has a chart or the like and no cells: the tabs with cells are"
	default:
		return &Sheet{book: b, tab: b.tabs[i]}, nil
	}
	return nil, fmt.Errorf("%s, tab %q: %s %q", b.name, name, problem, b.Sheets())
}

// Rows yields the rows that have a cell, as they are read, including hidden ones.
// After an error it ends; the error names the tab, and the row or the cell.
func (s *Sheet) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		err := s.read(func(r Row) bool { return yield(r, nil) })
		if err != nil && !errors.Is(err, errStopped) {
			yield(Row{}, fmt.Errorf("%s, tab %q%w; open the workbook in a spreadsheet and save it afresh, or ask for it again", s.book.name, s.tab.name, err))
		}
	}
}

// Merged returns the ranges of merged cells that span several rows. It is
// complete once the last row has been read.
func (s *Sheet) Merged() []Range { return s.merged }

// read yields the rows.
func (s *Sheet) read(yield func(Row) bool) error {
	if s.tab.damaged != nil {
		return fmt.Errorf(": %w", s.tab.damaged)
	}
	part, err := s.book.parts.open(s.tab.part, mostUnpacked)
	if err != nil {
		return fmt.Errorf(": %w", err)
	}
	defer part.Close()
	ahead := newReadAhead(part)
	defer ahead.stop()
	r := &sheetReader{book: s.book, elements: newElements(ahead), yield: yield}
	if err := r.sheet(); err != nil {
		return fmt.Errorf(", %s: %w", r.where(), err)
	}
	s.merged = r.merged
	return nil
}

// errStopped is returned when the caller wants no more rows.
var errStopped = errors.New("stopped")

// sheetReader reads the rows of one sheet.
type sheetReader struct {
	book     *Book
	elements *elements
	yield    func(Row) bool
	cells    []Cell
	kind     []byte          // the type of the current cell, as written
	style    []byte          // the number of its style, as written
	value    []byte          // of the current cell
	inline   []byte          // the inline text of the current cell
	kept     strings.Builder // the texts of the last cells
	row      int             // the last row begun
	column   int             // of the last cell begun in the row
	hidden   bool            // the row is hidden
	formula  bool            // the current cell has a formula
	valued   bool            // the current cell has a value, which may be empty
	inRow    bool
	inCell   bool
	merged   []Range
}

// where names the current place in the sheet.
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
	if string(root.name) != "worksheet" {
		return fmt.Errorf("it begins with <%s>, where <worksheet> was expected", root.name)
	}
	found := false
	err = s.children(func(start element) error {
		switch string(start.name) {
		case "mergeCells":
			return s.children(s.readMerged)
		case "sheetData":
		default:
			return s.elements.skip()
		}
		if found {
			return errors.New("it has a second <sheetData>, where one was expected")
		}
		found = true
		return s.children(s.readRow)
	})
	switch {
	case err != nil:
		return err
	case !found:
		return errors.New("it has no <sheetData>")
	}
	return s.elements.end()
}

// children calls read for each child of the open element.
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
	if string(start.name) != "row" {
		return s.elements.skip()
	}
	if err := s.beginRow(start.attribute("r")); err != nil {
		return err
	}
	s.hidden = isTrue(string(start.attribute("hidden")))
	if err := s.children(s.readCell); err != nil {
		return err
	}
	s.inRow = false
	if len(s.cells) > 0 && !s.yield(Row{Number: s.row, Hidden: s.hidden, Cells: s.cells}) {
		return errStopped
	}
	return nil
}

// readMerged keeps a merged range that spans several rows. An invalid range is
// ignored: it has no value.
func (s *sheetReader) readMerged(start element) error {
	if r, ok := parseRange(string(start.attribute("ref"))); ok && r.FirstRow < r.LastRow && len(s.merged) < lastRow {
		s.merged = append(s.merged, r)
	}
	return s.elements.skip()
}

// beginRow begins a row; its number may be missing.
func (s *sheetReader) beginRow(text []byte) error {
	number := s.row + 1
	if len(text) > 0 {
		var ok bool
		if number, ok = parseRow(text); !ok {
			return fmt.Errorf("a row has the number %q: want one from 1 to %d", text, lastRow)
		}
	}
	switch {
	case number <= s.row:
		return fmt.Errorf("row %d comes after row %d: want rows in their order, each once", number, s.row)
	case number > lastRow:
		return fmt.Errorf("a row follows row %d, the last that a sheet can have", lastRow)
	}
	s.row, s.column, s.inRow = number, 0, true
	s.cells = s.cells[:0]
	return nil
}

func (s *sheetReader) readCell(start element) error {
	if string(start.name) != "c" {
		return s.elements.skip()
	}
	if err := s.beginCell(start.attribute("r")); err != nil {
		return err
	}
	s.kind, s.style = append(s.kind[:0], start.attribute("t")...), append(s.style[:0], start.attribute("s")...)
	if err := s.readValue(); err != nil {
		return err
	}
	cell, err := s.cell()
	if err != nil {
		return err
	}
	if cell.Kind == Text || cell.Kind == Day && cell.Serial == "" {
		look, _ := s.look() // a text needs no style
		cell.Format = look.format
	}
	s.inCell = false
	if cell.Kind == Blank && s.formula && !(string(s.kind) == "str" && s.valued) { // an empty text is a result of a formula
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

// beginCell begins a cell; its reference may be missing.
func (s *sheetReader) beginCell(ref []byte) error {
	column, row, ok := s.column+1, s.row, true
	if len(ref) > 0 {
		column, row, ok = parseReference(ref)
	}
	switch {
	case !ok:
		return fmt.Errorf("a cell has the reference %q: want one from A1 to %s", ref, Reference(lastColumn, lastRow))
	case row != s.row:
		return fmt.Errorf("cell %s is in row %d", ref, s.row)
	case column > lastColumn:
		return fmt.Errorf("a cell follows %s, which is in the last column that a sheet can have", Reference(lastColumn, row))
	case column <= s.column:
		return fmt.Errorf("cell %s comes after cell %s: want the cells of a row in the order of their columns, each once", ref, Reference(s.column, row))
	}
	s.column, s.inCell = column, true
	return nil
}

// readValue reads the content of a cell.
func (s *sheetReader) readValue() error {
	s.value, s.inline, s.formula, s.valued = s.value[:0], s.inline[:0], false, false
	values := 0
	for {
		start, ok, err := s.elements.child()
		if err != nil || !ok {
			return err
		}
		switch string(start.name) {
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
			return errors.New("it has two values, where one was expected")
		}
	}
}

// cell returns the cell that was read, by its type and, for a number, by its
// style.
func (s *sheetReader) cell() (Cell, error) {
	switch string(s.kind) {
	case "s":
		return s.shared()
	case "inlineStr", "str":
		return textCell(s.keep(append(s.inline, unescape(s.value)...))), nil
	}
	if len(s.inline) > 0 {
		return textCell(s.keep(s.inline)), nil
	}
	text := s.keep(bytes.TrimSpace(s.value))
	if text == "" {
		return Cell{}, nil
	}
	switch string(s.kind) {
	case "", "n":
		return s.number(text)
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
	return Cell{}, fmt.Errorf("its type is %q, which a workbook does not have", s.kind)
}

// keptBlock is how many bytes of texts are allocated at once.
const keptBlock = 4 << 10

// keep returns a text as a string. Short texts share a block, which is a tenth of the
// time of a string for each.
func (s *sheetReader) keep(text []byte) string {
	if s.kept.Cap()-s.kept.Len() < len(text) {
		s.kept.Reset()
		s.kept.Grow(max(keptBlock, len(text)))
	}
	from := s.kept.Len()
	s.kept.Write(text)
	return s.kept.String()[from:]
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

// shared returns the shared text whose number is the cell's value.
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

func (s *sheetReader) number(text string) (Cell, error) {
	n, ok := parseNumber(text)
	if !ok {
		return textCell(text), nil
	}
	look, err := s.look()
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

// look returns the style of the current cell. A cell without a number of a style has
// the first style; a style that the workbook does not have has no format.
func (s *sheetReader) look() (cellStyle, error) {
	i := 0
	if len(s.style) > 0 {
		var err error
		if i, err = strconv.Atoi(string(s.style)); err != nil || i < 0 {
			return cellStyle{}, fmt.Errorf("its style is %q, where a number from 0 was expected", s.style)
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

const (
	lastRow    = 1_048_576
	lastColumn = 16_384 // XFD
)

// parseReference parses a cell's reference, such as B7. ok is false if it is not
// a reference, or is beyond the last column or row of a sheet.
func parseReference[T string | []byte](text T) (column, row int, ok bool) {
	i := 0
	for ; i < len(text) && i < 3; i++ {
		letter := text[i] &^ 0x20 // upper case
		if letter < 'A' || letter > 'Z' {
			break
		}
		column = column*26 + int(letter-'A') + 1
	}
	row, ok = parseRow(text[i:])
	return column, row, ok && column >= 1 && column <= lastColumn
}

// parseRow parses the number of a row; it returns false if the text is not one.
func parseRow[T string | []byte](text T) (int, bool) {
	if len(text) == 0 || text[0] < '1' || text[0] > '9' {
		return 0, false
	}
	n, err := strconv.Atoi(string(text))
	return n, err == nil && n <= lastRow
}

// Reference returns the reference, such as B7, of the cell in a column and row,
// each counted from 1.
func Reference(column, row int) string {
	var letters []byte
	for ; column > 0; column = (column - 1) / 26 {
		letters = append([]byte{byte('A' + (column-1)%26)}, letters...)
	}
	return string(letters) + strconv.Itoa(row)
}
