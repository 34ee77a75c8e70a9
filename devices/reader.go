package devices

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/mp196/ivp/devices/internal/scan"
	"github.com/mp196/ivp/ivp"
)

// ErrEmpty is the error of an input without a heading: it is empty or has only blank
// lines.
var ErrEmpty = errors.New("nothing to read: the input is empty, where a heading and rows were expected")

// ErrHeaderRow is the error of an input without a heading in the line
// [ReaderOptions.HeaderRow].
var ErrHeaderRow = errors.New("name the right line")

// byteOrderMark is what spreadsheets write at the beginning of UTF-8.
var byteOrderMark = []byte("\xef\xbb\xbf")

// delimiters are those that are detected, the likeliest first.
const delimiters = ",;\t|"

// ReaderOptions says how an inventory is read. The zero value detects the delimiter and
// the heading.
type ReaderOptions struct {
	// Name is the input's name in messages, and optional.
	Name string
	// Delimiter is the delimiter of cells. 0 takes that of a first line such as "sep=;",
	// else the comma, semicolon, tab or bar that occurs most often in the heading, and
	// the comma if none occurs or two tie.
	Delimiter byte
	// NoQuotes says that a quote is an ordinary character, and every line is a row. The
	// delimiter must then be one of the four that are detected. A delimiter in an added
	// cell is written as a space.
	NoQuotes bool
	// HeaderRow is the line of the heading, from 1. The lines above it are written
	// unchanged. 0 takes the first of the first 30 rows that names the version and one
	// more field, and else the first line that is not blank.
	HeaderRow int
	// Sheet says that the input is a sheet of a workbook as CSV: every record counts as
	// one row, even if its cells contain line ends. Blank rows below the heading are not
	// written, because a sheet may have a million of them.
	Sheet bool
	// FirstRow is the number of the first row of a sheet. 0 means 1.
	FirstRow int
	// Records says that the input is CSV that a program made of records without rows, such
	// as JSON: it begins with the heading, and every record after it counts as one row,
	// from 1. Blank rows are not written; they stand for numbers without a row. A record
	// that could not be read begins with a cell that is a zero byte, followed by the reason,
	// the text of the record and, if an earlier check could not read it either, bad-row. It
	// has more cells than the heading.
	Records bool
	// Live says that the input may come slowly, as from a program that writes now and
	// then. A bulk pass then writes rows soon after they arrive. A goroutine reads ahead;
	// if the pass fails it ends only when its read returns.
	Live bool
	// Columns says how headings are mapped to fields.
	Columns ColumnOptions
}

// Reader reads an inventory row by row. It returns every record of the input, also those
// with faults, so that all of it can be written again. Make one with [NewReader].
type Reader struct {
	name      string
	delimiter byte
	records   *scan.Splitter
	columns   Columns
	options   ReaderOptions
	sheet     bool
	// cr says that lines end in "\r" alone. "\r" and "\n" are then swapped while reading,
	// and swapped back in CSV output.
	cr      bool
	bom     []byte
	leading []byte // the lines above the heading
	heading Row
	below   int // the line of the heading, if it was found below other lines
}

// NewReader reads up to the heading and maps its columns. The error is [ErrEmpty] or
// [ErrHeaderRow] if there is no heading, a *[RowFault] if it is malformed, a
// *[MappingError] if the columns cannot be used, or that of the stream.
func NewReader(src io.Reader, opts ReaderOptions) (*Reader, error) {
	if err := opts.checkDelimiter(opts.Delimiter); err != nil {
		return nil, err
	}
	r := &Reader{name: opts.Name, records: opts.splitter(src), delimiter: opts.Delimiter, options: opts, sheet: opts.Sheet || opts.Records}
	switch {
	case opts.Records:
		r.records.NumberRecords(0)
	case r.sheet:
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
	if opts.HeaderRow == 0 && !opts.Records {
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

// mostOfHead is the number of bytes within which the heading must end.
const mostOfHead = 8 << 20

// errLongHead is the error of an input whose heading does not end within mostOfHead.
var errLongHead = fmt.Errorf("the heading does not end within the first %d MiB: remove the lines above the heading, or check whether line ends are missing", mostOfHead>>20)

func (o *ReaderOptions) splitter(src io.Reader) *scan.Splitter {
	s := scan.NewSplitter(src, scan.Dialect{Delimiter: ',', NoQuotes: o.NoQuotes})
	s.Limit(mostOfHead)
	return s
}

func (r *Reader) dialect() scan.Dialect {
	return scan.Dialect{Delimiter: r.delimiter, NoQuotes: r.options.NoQuotes}
}

func (o *ReaderOptions) checkDelimiter(delimiter byte) error {
	if o.NoQuotes && delimiter != 0 && strings.IndexByte(delimiters, delimiter) < 0 {
		return fmt.Errorf("the delimiter %q cannot be used without quotes, because an added cell may contain it: give a comma, a semicolon, a tab or a bar", string(rune(delimiter)))
	}
	if delimiter == '"' || delimiter == '\r' || delimiter == '\n' || delimiter == scan.EndMark || delimiter >= 0x80 {
		return fmt.Errorf("the delimiter %q cannot be used: give one ASCII character other than a quote or a line end, such as a comma, a semicolon or a tab", string(rune(delimiter)))
	}
	return nil
}

// named adds the input's name, if it has one, to an error.
func named(name string, err error) error {
	if name == "" || err == nil {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// readAbove reads the lines above the heading: one that names the delimiter, and those
// above HeaderRow.
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

// passLine reads a line that is written above the heading.
func (r *Reader) passLine() error {
	line, err := r.records.SkipLine()
	if err == io.EOF && r.options.HeaderRow > 0 {
		err = fmt.Errorf("the heading was expected in line %d, and the input ends before it: %w", r.options.HeaderRow, ErrHeaderRow)
	}
	if r.keepAbove(line); errors.Is(err, scan.ErrLimit) {
		err = errLongHead
	}
	return named(r.name, err)
}

// keepAbove keeps a line that is written above the heading. The buffer doubles, so that
// few copies are made.
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
		case rec.Blank(), isWhite(data):
			r.keepAbove(data)
			continue
		case isUTF16(data):
			return named(r.name, errors.New("the input begins like UTF-16, where UTF-8 was expected: save it as “CSV UTF-8”"))
		}
		r.heading = r.row(r.records.Line(), data, rec)
		if rec.Malformed() {
			fault := r.heading.Fault.(*RowFault)
			fault.heading = true
			return fault
		}
		if rec.More > 0 {
			return &RowFault{Name: r.name, Line: r.heading.Line, First: r.heading.Line, kind: tooWide, cells: len(rec.Cells) + rec.More, width: scan.MaxCells, heading: true}
		}
		r.heading.Raw = append([]byte(nil), r.heading.Raw...)
		r.heading.End = append([]byte(nil), r.heading.End...)
		return nil
	}
}

// isUTF16 reports whether a text begins with the byte order mark of UTF-16, which some
// spreadsheets call Unicode.
func isUTF16(data []byte) bool {
	return len(data) >= 2 && (data[0] == 0xff && data[1] == 0xfe || data[0] == 0xfe && data[1] == 0xff)
}

// Columns returns the columns of the heading.
func (r *Reader) Columns() Columns { return r.columns }

// Heading returns the heading. It stays valid while rows are read. Its Kind has no
// meaning.
func (r *Reader) Heading() Row { return r.heading }

// Above returns the rows above the heading, also blank ones, except a first line such as
// "sep=;". Their Kind has no meaning.
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

// Release frees the buffers of the reader. No row may be read after it. The heading and
// the columns stay available.
func (r *Reader) Release() { r.records = nil }

// Live reports whether the input may come slowly.
func (r *Reader) Live() bool { return r.options.Live }

// Delimiter returns the delimiter of cells.
func (r *Reader) Delimiter() byte { return r.delimiter }

// Read returns the next row, also one with faults, and io.EOF at the end. Any other
// error is that of the stream, after all complete rows before it.
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
	if r.options.Records && len(data) > 0 && data[0] == 0 && len(row.Cells) > 2 {
		row.Kind, row.Fault = BadRow, &RowFault{Name: r.name, Line: line, First: line, kind: unreadRecord, reason: row.Cells[1], record: row.Cells[2]}
		if len(row.Cells) > 3 && row.Cells[3] == badBefore.reason {
			row.before = badBefore
		}
		row.Cells, row.Raw = nil, rec.Cells[2].Raw(data, r.dialect())
		return row
	}
	own, surplus, width := r.columns.fit(data, rec.Cells)
	switch {
	case rec.Malformed():
		if !rec.Open {
			whole := len(row.Raw)
			if row.Raw = r.withoutAdded(row.Raw); len(row.Raw) < whole {
				row.before = badBefore
			}
		}
	case rec.More > 0: // its cells are not kept
		row.Kind, row.Cells = BadRow, nil
		row.Fault = &RowFault{Name: r.name, Line: row.Line, First: row.Line, kind: tooWide, cells: len(rec.Cells) + rec.More, width: r.columns.Width()}
		return row
	case own != width && !rec.Blank() && isWhite(data), isEndMark(data):
		row.Kind, row.Cells = BlankLine, nil
	case !rec.Blank() && own != width:
		row.Kind = BadRow
		row.Fault = &RowFault{Name: r.name, Line: row.Line, First: row.Line, kind: wrongWidth, cells: own, width: width, noQuotes: r.options.NoQuotes}
	case surplus > 0:
		row.Surplus = surplus
	}
	switch {
	case row.Kind == BadRow && row.Cells != nil && own+len(r.columns.dropped) == len(rec.Cells) && width < r.columns.Width():
		row.before = badBefore
	case row.Kind == DataRow && len(row.Cells) == r.columns.Width():
		row.before = r.columns.earlierAnswer(row.Cells)
	}
	if own < len(row.Cells) {
		row.Cells, row.Raw = row.Cells[:own], row.Raw[:rec.Cells[own-1].RawEnd(row.Raw, r.dialect())]
	}
	switch {
	case row.Kind != DataRow:
	case allEmpty(row.Cells):
		row.Kind = EmptyRow
	case r.columns.isTotal(row.Cells):
		row.Kind = TotalRow
	default:
		row.Device = r.columns.Device(row.Cells)
	}
	return row
}

// badBefore is the earlier answer for a row that could not be read then either.
var badBefore = earlierAnswer{outcome: ivp.BadRow.Outcome().String(), reason: ivp.BadRow.String()}

// row returns the row of a record, without what depends on the columns.
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
		row.Fault = r.malformed(row.Line, rec.Fault)
	case rec.More > 0: // read reports that it is too wide
	default:
		row.Cells = cellTexts(row.Raw, rec.Cells)
	}
	return row
}

// cellTexts decodes the cells. Cells that need no decoding share one string, except in a
// long row, so that a cell that is kept does not keep all of the row.
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

// isWhite reports whether a line has only spaces, tabs, line ends and end marks (Ctrl-Z).
func isWhite(line []byte) bool { return len(bytes.Trim(line, " \t\r\n\x1a")) == 0 }

// isEndMark reports whether a line consists of end marks (Ctrl-Z).
func isEndMark(line []byte) bool {
	return len(line) > 0 && line[0] == scan.EndMark && isWhite(line)
}

func allEmpty(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// livePace is how long a live input may pause before the rows read so far are
// written.
const livePace = 200 * time.Millisecond

// liveReader reads ahead in a goroutine, so that Read can report a pause.
type liveReader struct {
	read, free chan []byte
	part       []byte // the rest of buf that Read has not returned yet
	buf        []byte
	timer      *time.Timer
	err        error // set before read is closed
}

// newLiveReader starts reading. Its goroutine ends at the end of the stream, or
// waits for a buffer if nobody calls Read.
func newLiveReader(src io.Reader) *liveReader {
	r := &liveReader{read: make(chan []byte, 2), free: make(chan []byte, 2), timer: time.NewTimer(livePace)}
	for range cap(r.free) {
		r.free <- make([]byte, 64<<10)
	}
	go func() {
		defer close(r.read)
		if fault := caught(func() { r.readAhead(src) }); fault != nil {
			r.err = fault
		}
	}()
	return r
}

func (r *liveReader) readAhead(src io.Reader) {
	for r.err == nil {
		buf := <-r.free
		n, err := src.Read(buf)
		r.err = err
		r.read <- buf[:n]
	}
}

// Read returns scan.ErrPause if nothing arrives within livePace.
func (r *liveReader) Read(p []byte) (int, error) {
	if len(r.part) == 0 {
		if r.buf != nil {
			r.free <- r.buf[:cap(r.buf)]
			r.buf = nil
		}
		r.timer.Reset(livePace)
		select {
		case buf, ok := <-r.read:
			if !ok {
				return 0, r.err
			}
			r.buf, r.part = buf, buf
		case <-r.timer.C:
			return 0, scan.ErrPause
		}
	}
	n := copy(p, r.part)
	r.part = r.part[n:]
	return n, nil
}
