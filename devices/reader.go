package devices

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices/internal/scan"
)

// ErrEmpty is the error of an input without a heading: it has no byte, or
// blank lines only.
var ErrEmpty = errors.New("nothing to read: the input is empty, where a heading and rows were expected")

// ErrHeaderRow is the error of an input without a heading in the row in which
// [ReaderOptions] say that it is.
var ErrHeaderRow = errors.New("name the right line")

// byteOrderMark may stand before the heading; spreadsheets put it there.
var byteOrderMark = []byte("\xef\xbb\xbf")

// delimiters are those that a heading line can tell, the likeliest first.
const delimiters = ",;\t|"

// ReaderOptions says how an inventory is read. The zero value detects the
// delimiter and finds the columns by their headings.
type ReaderOptions struct {
	// Name is the input's name in messages; may be empty.
	Name string
	// Delimiter stands between cells; 0 takes that of a first line such as
	// "sep=;", and else the comma, semicolon, tab or bar that stands most often in
	// the heading line, and the comma where none does or two tie.
	Delimiter byte
	// NoQuotes says that the input has no quoting: a quote is a character like any
	// other, and every line is a row. The delimiter is then one of the four that are
	// found in a heading line, and one in an added cell is written as a space.
	NoQuotes bool
	// HeaderRow is the line of the heading, from 1; what stands above it passes
	// through. 0 takes the first of the first 30 rows that names the version and one
	// more field, and else the first line that is not blank.
	HeaderRow int
	// Sheet says that the input is a sheet of a workbook turned into CSV: each
	// record is a row and numbered so, whatever line ends its cells hold. Blank rows
	// below the heading are not written: a sheet may have a million of them.
	Sheet bool
	// FirstRow is the number of the first row of a sheet; 0 is 1.
	FirstRow int
	// Live says that the input may come slowly, as from a program that writes now and
	// then: a bulk pass then writes its rows soon after they have come. A goroutine
	// reads ahead, and is left behind in its read where the pass fails.
	Live bool
	// Columns says how headings are mapped to fields.
	Columns ColumnOptions
}

// Reader reads an inventory row by row: every record of the input, whatever is
// wrong with it, so that all of it can be written again. Make one with
// [NewReader].
type Reader struct {
	name      string
	delimiter byte
	records   *scan.Splitter
	columns   Columns
	options   ReaderOptions
	sheet     bool
	// cr says that lines end in "\r" alone: inside, "\r" and "\n" have changed
	// places, and they change back in CSV.
	cr bool
	// bom, leading and heading are what came before the first row.
	bom     []byte
	leading []byte
	heading Row
	// below is the line of the heading, if it was found below others.
	below int
}

// NewReader reads as far as the heading and maps its columns. It fails with [ErrEmpty] where there is no
// heading, with a *[RowFault] where it is malformed, with a *[MappingError]
// where the columns do not serve, and with what the stream fails with.
func NewReader(src io.Reader, opts ReaderOptions) (*Reader, error) {
	if err := opts.checkDelimiter(opts.Delimiter); err != nil {
		return nil, err
	}
	r := &Reader{name: opts.Name, records: opts.splitter(src), delimiter: opts.Delimiter, options: opts, sheet: opts.Sheet}
	if r.sheet {
		r.records.NumberRecords(max(1, opts.FirstRow))
	}
	if r.records.Skip(byteOrderMark) {
		r.bom = byteOrderMark
	}
	if !r.sheet && r.records.EndsInCR() {
		r.cr = true
		head, rest := r.records.Rest()
		r.records = opts.splitter(scan.SwapEnds(io.MultiReader(bytes.NewReader(head), rest)))
	}
	if err := r.readAbove(); err != nil {
		return nil, err
	}
	if opts.HeaderRow == 0 {
		if err := r.takeHeading(r.findHeading()); err != nil {
			return nil, err
		}
	}
	if r.delimiter == 0 {
		r.delimiter = r.records.DetectDelimiter(delimiters)
	}
	r.records.SetDelimiter(r.delimiter)
	if err := r.readHeading(); err != nil {
		return nil, err
	}
	if err := r.mapHeading(); err != nil {
		return nil, err
	}
	r.records.Limit(0)
	return r, nil
}

// mostOfHead is how many bytes an input may have up to the end of its heading.
const mostOfHead = 8 << 20

// errLongHead is the error of an input without the end of a heading in the bytes
// that it may have above its rows.
var errLongHead = fmt.Errorf("no heading ends in the first %d MiB, where it was expected: take away what stands above the heading, or look whether the line ends are missing", mostOfHead>>20)

func (o *ReaderOptions) splitter(src io.Reader) *scan.Splitter {
	s := scan.NewSplitter(src, scan.Dialect{Delimiter: ',', NoQuotes: o.NoQuotes})
	s.Limit(mostOfHead)
	return s
}

// dialect returns how the input is cut into cells.
func (r *Reader) dialect() scan.Dialect {
	return scan.Dialect{Delimiter: r.delimiter, NoQuotes: r.options.NoQuotes}
}

func (o *ReaderOptions) checkDelimiter(delimiter byte) error {
	if o.NoQuotes && delimiter != 0 && strings.IndexByte(delimiters, delimiter) < 0 {
		return fmt.Errorf("the delimiter %q cannot be used without quotes, as it may be in a cell that is added: give a comma, a semicolon, a tab or a bar", string(rune(delimiter)))
	}
	if delimiter == '"' || delimiter == '\r' || delimiter == '\n' || delimiter == scan.EndMark || delimiter >= 0x80 {
		return fmt.Errorf("the delimiter %q cannot be used: give one ASCII character that is no quote and no line end, such as a comma, a semicolon or a tab", string(rune(delimiter)))
	}
	return nil
}

// named puts the input's name, if it has one, before an error.
func named(name string, err error) error {
	if name == "" || err == nil {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// readAbove reads what stands above the heading: a line that names the
// delimiter, as spreadsheets write it, and the lines above HeaderRow.
func (r *Reader) readAbove() error {
	head, _ := r.records.Peek(len("\"sep=;\"\r\n"))
	if delimiter, ok := r.options.delimiterLine(head); ok && !r.sheet {
		if r.delimiter == 0 {
			r.delimiter = delimiter
		}
		if err := r.passLine(); err != nil {
			return err
		}
	}
	for r.records.NextLine() < r.options.HeaderRow {
		if err := r.passLine(); err != nil {
			return err
		}
	}
	return nil
}

// passLine keeps a line that is to come out above the heading.
func (r *Reader) passLine() error {
	line, err := r.records.SkipLine()
	if err == io.EOF && r.options.HeaderRow > 0 {
		err = fmt.Errorf("the heading was to be in line %d, and the input ends before it: %w", r.options.HeaderRow, ErrHeaderRow)
	}
	if r.keepAbove(line); errors.Is(err, scan.ErrLimit) {
		err = errLongHead
	}
	return named(r.name, err)
}

// keepAbove keeps what is to come out above the heading. Its room doubles, so that
// little of it is made in vain.
func (r *Reader) keepAbove(line []byte) {
	if len(r.leading)+len(line) > cap(r.leading) {
		r.leading = slices.Grow(r.leading, len(r.leading)+len(line))
	}
	r.leading = append(r.leading, line...)
}

func (r *Reader) readHeading() error {
	for {
		data, rec, err := r.records.Next()
		switch {
		case err == nil && rec.Blank() && r.options.HeaderRow > 0:
			return named(r.name, fmt.Errorf("line %d is blank, where the heading was expected: %w", r.options.HeaderRow, ErrHeaderRow))
		case err == io.EOF:
			return named(r.name, ErrEmpty)
		case errors.Is(err, scan.ErrLimit):
			return named(r.name, errLongHead)
		case err != nil:
			return named(r.name, err)
		case rec.Blank(), saysNothing(data):
			r.keepAbove(data)
			continue
		case isUTF16(data):
			return named(r.name, errors.New("the input begins as UTF-16 does, where UTF-8 was expected: save it as “CSV UTF-8”"))
		}
		r.heading = r.row(r.records.Line(), data, rec)
		if rec.Malformed() {
			fault := r.heading.Fault.(*RowFault)
			fault.Heading = true
			return fault
		}
		if rec.More > 0 {
			return &RowFault{Name: r.name, Line: r.heading.Line, First: r.heading.Line, Problem: TooWide, Cells: len(rec.Cells) + rec.More, Width: scan.MaxCells, Heading: true}
		}
		r.heading.Raw = append([]byte(nil), r.heading.Raw...)
		r.heading.End = append([]byte(nil), r.heading.End...)
		return nil
	}
}

// isUTF16 knows by its byte order mark the text that some spreadsheets call
// Unicode.
func isUTF16(data []byte) bool {
	return len(data) >= 2 && (data[0] == 0xff && data[1] == 0xfe || data[0] == 0xfe && data[1] == 0xff)
}

// Columns returns the columns of the heading.
func (r *Reader) Columns() Columns { return r.columns }

// Heading returns the heading; it stays valid. Its Kind means nothing.
func (r *Reader) Heading() Row { return r.heading }

// Above returns the rows that stand above the heading, blank ones too, but not a
// first line such as "sep=;". Their Kind means nothing.
func (r *Reader) Above() (rows []Row) {
	above, line := r.leading, 1
	if r.sheet {
		line = max(1, r.options.FirstRow)
	} else if _, ok := r.options.delimiterLine(above); ok {
		above, line = above[bytes.IndexByte(above, '\n')+1:], 2
	}
	for len(above) > 0 {
		rec, n, _ := scan.Next(above, r.dialect(), true, nil)
		rows = append(rows, r.row(line, above[:n], rec))
		if above, line = above[n:], line+rec.Newlines; r.sheet {
			line = rows[len(rows)-1].Line + 1
		}
	}
	return rows
}

// Release lets go of what was read ahead. No row may be read after it; what the
// heading says stays known.
func (r *Reader) Release() { r.records = nil }

// BOM returns the byte order mark that stood before the heading, or nil.
func (r *Reader) BOM() []byte { return r.bom }

// Live reports whether the input may come slowly.
func (r *Reader) Live() bool { return r.options.Live }

// Delimiter returns what stands between cells.
func (r *Reader) Delimiter() byte { return r.delimiter }

// Read returns the next row, whatever is wrong with it, and io.EOF at the end.
// Any other error is one of the stream; it comes after the whole rows before
// it.
func (r *Reader) Read() (Row, error) {
	data, rec, err := r.records.Next()
	if err == io.EOF {
		return Row{}, err
	}
	if err != nil {
		return Row{}, named(r.name, err)
	}
	return r.read(r.records.Line(), data, rec), nil
}

// read returns the row of a record, with its device.
func (r *Reader) read(line int, data []byte, rec scan.Record) Row {
	row := r.row(line, data, rec)
	width := r.columns.Width()
	own, surplus := r.columns.fit(data, rec.Cells)
	switch {
	case rec.Malformed():
		if !rec.Open {
			row.Raw = r.withoutOurs(row.Raw)
		}
	case rec.More > 0: // of these no cells are held
		row.Kind, row.Cells = BadRow, nil
		row.Fault = &RowFault{Name: r.name, Line: row.Line, First: row.Line, Problem: TooWide, Cells: len(rec.Cells) + rec.More, Width: width}
		return row
	case own != width && !rec.Blank() && saysNothing(data), isEndMark(data):
		row.Kind, row.Cells = BlankLine, nil
	case !rec.Blank() && own != width:
		row.Kind = BadRow
		row.Fault = &RowFault{Name: r.name, Line: row.Line, First: row.Line, Problem: WrongWidth, Cells: own, Width: width}
		if own < len(rec.Cells) {
			row.Fault.(*RowFault).Width -= len(r.columns.dropped)
		}
	case surplus > 0:
		row.Surplus = surplus
	}
	if own < len(row.Cells) {
		row.Cells, row.Raw = row.Cells[:own], row.Raw[:rec.Cells[own-1].RawEnd(row.Raw, r.dialect())]
	}
	switch {
	case row.Kind != DataRow:
	case allEmpty(row.Cells):
		row.Kind = EmptyRow
	case r.columns.saysTotal(row.Cells):
		row.Kind = TotalRow
	default:
		row.Device = r.columns.Device(row.Cells)
	}
	return row
}

// row makes a row of a record, as far as the record alone tells.
func (r *Reader) row(line int, data []byte, rec scan.Record) Row {
	row := Row{Input: r.name, Line: line, Raw: data[:rec.Len:rec.Len], End: data[rec.Len:]}
	switch {
	case rec.Blank() && !rec.Rest:
		row.Kind = BlankLine
	case rec.Malformed():
		row.Kind, row.Open = BadRow, rec.Open
		if rec.Rest {
			row.Kind = RestOfLine
		}
		row.Fault = malformed(r.name, row.Line, rec.Fault)
	case rec.More > 0: // it is said to be too wide
	default:
		row.Cells = cellTexts(row.Raw, rec.Cells)
	}
	return row
}

// cellTexts decodes the cells. Those that need no decoding share one string, unless
// it is long: whoever keeps a cell is not to keep all of the row.
func cellTexts(raw []byte, cells []scan.Cell) []string {
	texts := make([]string, len(cells))
	if len(raw) > scan.BlockSize {
		for i, c := range cells {
			texts[i] = string(c.AppendText(nil, raw))
		}
		return texts
	}
	text := string(raw)
	for i, c := range cells {
		if c.Form == scan.Escaped {
			texts[i] = string(c.AppendText(nil, raw))
			continue
		}
		texts[i] = text[c.Start:c.End]
	}
	return texts
}

// saysNothing reports whether a line holds only spaces, tabs, line ends and marks of
// a text's end.
func saysNothing(line []byte) bool { return len(bytes.Trim(line, " \t\r\n\x1a")) == 0 }

// isEndMark reports whether a line is a mark of a text's end, or several.
func isEndMark(line []byte) bool {
	return len(line) > 0 && line[0] == scan.EndMark && saysNothing(line)
}

func allEmpty(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}
