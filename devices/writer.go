package devices

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mp196/ivp/devices/internal/scan"
)

// Writer writes an inventory as it came, with columns added to the right of
// it. Make one with [NewWriter]. It buffers: call Flush at the end. Once the
// output has failed, every call returns that error.
type Writer struct {
	out    *bufio.Writer
	from   *Reader
	format rowFormat
	added  []string // the names of the added columns
	// open says that what was written last has no line end.
	open bool
	line []byte
}

// NewWriter returns a writer to w of what r reads, with the added columns of
// the given names. Rows of other readers may be written too, if their headings
// and delimiters are those of r.
func NewWriter(w io.Writer, r *Reader, added []string) *Writer {
	return &Writer{
		out:    bufio.NewWriterSize(w, 64<<10),
		from:   r,
		format: newRowFormat(r, len(added), CSVStyle{}),
		added:  slices.Clone(added),
	}
}

// SetStyle says in what the output departs from the input. Call it before
// WriteHeading.
func (w *Writer) SetStyle(style CSVStyle) { w.format.style = style }

// WriteHeading writes what the input has up to the end of its heading: byte
// order mark, blank lines and the heading, with the added names.
func (w *Writer) WriteHeading() error {
	w.line = w.format.appendHeading(w.line[:0], w.from, w.added)
	return w.write()
}

// WriteRow writes a row as it came, then the added cells, then its line end. A
// row of another width than the heading is not filled up. A blank
// line comes out as it came (that of a sheet is left out), and an empty row or a total
// with empty cells; so does any row where added is nil. Where the row before came without a line end, one
// like the heading's is put between. It fails where there are more or fewer
// cells than added names, and where the output fails.
func (w *Writer) WriteRow(row Row, added []string) error {
	if added != nil && len(added) != len(w.added) {
		return fmt.Errorf("line %d: %s to add, where %s expected", row.Line, count(len(added), "cell"), count(len(w.added), "column"))
	}
	w.line = w.line[:0]
	if w.open && row.Kind != RestOfLine && !isEndMark(row.Raw) {
		w.line = append(w.line, w.format.style.end(w.from.lineEnd())...)
	}
	w.line = w.format.appendRow(w.line, row, added)
	return w.write()
}

// Flush writes what is buffered.
func (w *Writer) Flush() error { return w.out.Flush() }

func (w *Writer) write() error {
	if len(w.line) == 0 {
		return nil
	}
	w.open = !endsLine(w.line)
	if w.from.cr && !w.format.style.Excel {
		w.line = scan.Swapped(w.line)
	}
	_, err := w.out.Write(w.line)
	return err
}

// endsLine reports whether what follows begins a line of its own.
func endsLine(written []byte) bool {
	return len(written) > 0 && written[len(written)-1] == '\n'
}

// lineEnd returns the line end for where the input has none.
func (r *Reader) lineEnd() []byte {
	if len(r.heading.End) > 0 {
		return r.heading.End
	}
	return []byte{'\n'}
}

// rowFormat is how rows of one heading are written with columns added.
type rowFormat struct {
	dialect scan.Dialect
	width   int
	dropped []int // the old columns that the added ones replace
	added   int
	style   CSVStyle
	sheet   bool // blank rows of a sheet are left out
	cells   []scan.Cell
	guarded []byte // room for an input row
}

func newRowFormat(r *Reader, added int, style CSVStyle) rowFormat {
	return rowFormat{dialect: r.dialect(), width: r.columns.Width(), dropped: r.columns.Dropped(), added: added, style: style, sheet: r.sheet}
}

// appendHeading appends what the input has up to the end of its heading.
func (f *rowFormat) appendHeading(dst []byte, r *Reader, names []string) []byte {
	dst = append(dst, f.style.bom(r.bom)...)
	leading := f.style.lines(r.leading)
	if f.style.Safe {
		leading = appendGuarded(nil, leading, f.dialect, false)
	}
	dst = append(dst, leading...)
	dst = f.appendInput(dst, r.heading)
	dst = f.appendAdded(dst, names)
	return append(dst, f.style.end(r.heading.End)...)
}

// appendRow appends a row with its added cells and its line end.
func (f *rowFormat) appendRow(dst []byte, row Row, added []string) []byte {
	switch {
	case row.Kind == BlankLine && f.sheet:
		return dst
	case row.Kind == BlankLine:
		dst = append(dst, row.Raw...)
	default:
		if row.Kind == EmptyRow || row.Kind == TotalRow || added == nil {
			added = make([]string, f.added)
		}
		if dst = f.appendInput(dst, row); row.Open {
			return dst // what is added follows the last part
		}
		dst = f.appendAdded(dst, added)
	}
	return append(dst, f.style.end(row.End)...)
}

// appendInput appends the row as it came, without dropped columns. A row that is
// malformed or has another width has no columns: it is written as it came.
func (f *rowFormat) appendInput(dst []byte, row Row) []byte {
	if f.style.Safe {
		f.guarded = appendGuarded(f.guarded[:0], row.Raw, f.dialect, false)
		row.Raw = f.guarded
	}
	if len(row.Raw) > scan.BlockSize {
		dst = slices.Grow(dst, len(row.Raw)+scan.BlockSize) // once, with room for what is added
	}
	if len(f.dropped) == 0 || len(row.Cells) != f.width {
		return append(dst, row.Raw...)
	}
	return f.appendKept(dst, row.Raw)
}

// appendKept appends the cells of a record that are not dropped, as they are
// written.
func (f *rowFormat) appendKept(dst, raw []byte) []byte {
	f.cells = scan.Cells(raw, f.dialect, f.cells)
	first := true
	for i, c := range f.cells {
		if slices.Contains(f.dropped, i) {
			continue
		}
		if !first {
			dst = append(dst, f.dialect.Delimiter)
		}
		first = false
		dst = append(dst, c.Raw(raw, f.dialect)...)
	}
	return dst
}

func (f *rowFormat) appendAdded(dst []byte, cells []string) []byte {
	from := len(dst)
	for _, cell := range cells {
		dst = append(dst, f.dialect.Delimiter)
		dst = appendCell(dst, cell, f.dialect)
	}
	return f.style.guardFrom(dst, from, f.dialect)
}

// CSVStyle says in what CSV output departs from the input. The zero value
// departs in nothing.
type CSVStyle struct {
	// Excel begins with a byte order mark and ends lines with "\r\n", so that
	// Excel reads it as UTF-8.
	Excel bool
	// Safe puts ' before a cell that a spreadsheet would take for a formula: one that
	// begins with = + - @, also in full width and with blanks before it, with a tab or
	// with a line end. It does so inside a cell too where a program that takes another
	// delimiter, or no quotes, would see a cell begin.
	Safe bool
}

var windowsEnd = []byte("\r\n")

// bom returns the byte order mark to write where the input has the given one.
func (s CSVStyle) bom(of []byte) []byte {
	if s.Excel {
		return byteOrderMark
	}
	return of
}

// end returns the line end to write for one of the input.
func (s CSVStyle) end(of []byte) []byte {
	if s.Excel && len(of) > 0 {
		return windowsEnd
	}
	return of
}

// lines returns whole lines with the line ends to write.
func (s CSVStyle) lines(of []byte) []byte {
	if !s.Excel || len(of) == 0 {
		return of
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(of, windowsEnd, []byte("\n")), []byte("\n"), windowsEnd)
}

// appendGuarded appends a record with ' where a spreadsheet would else find a cell
// that is a formula: before a cell that begins with a sign of formulas, with blanks
// before it or not, or with a tab or a line end, inside its quotes if it has some;
// and before such a sign inside a cell where another program may see a cell begin,
// after a comma, semicolon, tab, bar, line end or quote. Where numbers is true, a
// cell that is a whole number is none.
func appendGuarded(dst, raw []byte, d scan.Dialect, numbers bool) []byte {
	begins, quoted, inside := true, false, false
	for i := 0; i < len(raw); {
		if begins {
			begins, inside = false, false
			if open := openingQuote(raw[i:], d); open >= 0 {
				quoted = true
				dst = append(dst, raw[i:i+open+1]...)
				i += open + 1
			}
			if isFormula(raw[i:], d, quoted, numbers) {
				dst = append(dst, '\'')
			}
			if i == len(raw) {
				break
			}
		}
		r, size := utf8.DecodeRune(raw[i:])
		switch {
		case r == rune(d.Delimiter) && !quoted:
			begins = true
		case r == '"' && !d.NoQuotes:
			quoted, inside = !quoted, true
		case strings.ContainsRune(otherStarts, r), r == rune(d.Delimiter):
			inside = true
		case isFormulaSign(r):
			if inside {
				dst = append(dst, '\'')
			}
			inside = false
		case !passedOver(r):
			inside = false
		}
		dst = append(dst, raw[i:i+size]...)
		i += size
	}
	return dst
}

// otherStarts are the characters after which another program may see a cell begin.
const otherStarts = ",;\t|\r\n\""

// isFormula reports whether a cell, of which raw begins with the text, may be taken
// for a formula.
func isFormula(raw []byte, d scan.Dialect, quoted, numbers bool) bool {
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		switch {
		case r == rune(d.Delimiter) && !quoted:
			return false
		case i == 0 && (r == '\t' || r == '\r' || r == '\n'):
			return true
		case isFormulaSign(r):
			return !numbers || !isNumber(raw[i+size:], d)
		case r == '\t', r == '\r', r == '\n', passedOver(r):
		default:
			return false
		}
		i += size
	}
	return false
}

// isNumber reports whether a cell goes on with digits alone.
func isNumber(raw []byte, d scan.Dialect) bool {
	digits := 0
	for digits < len(raw) && raw[digits] >= '0' && raw[digits] <= '9' {
		digits++
	}
	return digits > 0 && (digits == len(raw) || raw[digits] == d.Delimiter || raw[digits] == '"')
}

// openingQuote returns where the quote is that a cell begins with; -1 for none.
func openingQuote(cell []byte, d scan.Dialect) int {
	for i, c := range cell {
		switch {
		case c == '"' && !d.NoQuotes:
			return i
		case c != ' ' && c != '\t', c == d.Delimiter:
			return -1
		}
	}
	return -1
}

// Guarded returns a cell as it is written in this style.
func (s CSVStyle) Guarded(cell string) string {
	if !s.Safe {
		return cell
	}
	return string(appendGuarded(nil, []byte(cell), scan.Dialect{NoQuotes: true}, false))
}

// guardFrom guards the cells that were added to a record, from a place on. Days left
// may be a number below zero, which is no formula.
func (s CSVStyle) guardFrom(dst []byte, from int, d scan.Dialect) []byte {
	if !s.Safe {
		return dst
	}
	return appendGuarded(dst[:from], bytes.Clone(dst[from:]), d, true)
}

// isFormulaSign reports whether a formula may begin with the character, in the
// widths that spreadsheets read alike.
func isFormulaSign(r rune) bool { return strings.ContainsRune("=+-@＝＋－＠﹦﹢﹣﹫", r) }

// passedOver reports whether a program may pass over a character before a formula: it
// takes room alone, does not show, or is no character in the encoding of the file.
func passedOver(r rune) bool {
	return unicode.IsSpace(r) || !unicode.IsGraphic(r) || strings.ContainsRune("\ufffd\u115f\u1160\u3164\uffa0", r)
}

// appendCell appends a cell as RFC 4180 has it: in quotes where it holds the
// delimiter, a quote or a line end, else as it is. Where there are no quotes a
// delimiter or a line end in it becomes a space, so that the row reads back.
func appendCell(dst []byte, cell string, d scan.Dialect) []byte {
	if d.NoQuotes {
		for _, c := range []byte(cell) {
			if c == d.Delimiter || c == '\r' || c == '\n' {
				c = ' '
			}
			dst = append(dst, c)
		}
		return dst
	}
	if strings.IndexByte(cell, d.Delimiter) < 0 && !strings.ContainsAny(cell, "\"\r\n") {
		return append(dst, cell...)
	}
	return appendQuoted(dst, cell)
}

// quoteFrom puts what was appended at from in quotes if it holds the delimiter.
func quoteFrom(dst []byte, from int, delimiter byte) []byte {
	if bytes.IndexByte(dst[from:], delimiter) < 0 {
		return dst
	}
	return appendQuoted(dst[:from], string(dst[from:]))
}

// appendQuoted appends a cell in quotes.
func appendQuoted(dst []byte, cell string) []byte {
	dst = append(dst, '"')
	for {
		before, after, found := strings.Cut(cell, `"`)
		dst = append(dst, before...)
		if !found {
			return append(dst, '"')
		}
		dst = append(dst, `""`...)
		cell = after
	}
}
