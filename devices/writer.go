package devices

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mp196/ivp/devices/internal/scan"
)

// endsLine reports whether the output ends with a line end.
func endsLine(written []byte) bool {
	return len(written) > 0 && written[len(written)-1] == '\n'
}

// lineEnd returns the line end to write after a last row that has none.
func (r *Reader) lineEnd() []byte {
	if len(r.heading.End) > 0 {
		return r.heading.End
	}
	return []byte{'\n'}
}

// rowFormat writes rows of one heading with columns added.
type rowFormat struct {
	dialect scan.Dialect
	width   int
	dropped []int // the columns that the added ones replace
	added   int
	style   CSVStyle
	sheet   bool // blank rows of a sheet are left out
	cells   []scan.Cell
	guarded []byte // a buffer for an input row
}

func newRowFormat(r *Reader, added int, style CSVStyle) rowFormat {
	return rowFormat{dialect: r.dialect(), width: r.columns.Width(), dropped: r.columns.Dropped(), added: added, style: style, sheet: r.sheet}
}

// appendHeading appends the byte order mark, the lines above the heading, and the
// heading with the added names.
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

// appendRow appends a row, its added cells and its line end. A row of another width than
// the heading is not padded. A blank line is unchanged, and that of a sheet is left out.
// The added cells of an empty row or a total are empty.
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
			return dst // the added cells follow the last part
		}
		dst = f.appendAdded(dst, added)
	}
	return append(dst, f.style.end(row.End)...)
}

// appendInput appends the bytes of the row, without dropped columns. A row that does not
// fit the heading is unchanged.
func (f *rowFormat) appendInput(dst []byte, row Row) []byte {
	if f.style.Safe {
		f.guarded = appendGuarded(f.guarded[:0], row.Raw, f.dialect, false)
		row.Raw = f.guarded
	}
	if len(row.Raw) > scan.BlockSize {
		if len(dst) == 0 && row.Open && !f.style.Safe {
			return row.Raw // the only row of its block, with nothing added: not copied
		}
		dst = slices.Grow(dst, len(row.Raw)+scan.BlockSize) // once, with room for the added cells
	}
	if len(f.dropped) == 0 || row.Kind == BadRow || len(row.Cells) != f.width {
		return append(dst, row.Raw...)
	}
	return f.appendKept(dst, row.Raw)
}

// appendKept appends the bytes of the cells that are not dropped.
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

// CSVStyle is how CSV output differs from the input. The zero value changes nothing.
type CSVStyle struct {
	// Excel writes a byte order mark and ends lines with "\r\n", so that Excel reads the
	// output as UTF-8.
	Excel bool
	// Safe puts ' before a cell that a spreadsheet would read as a formula: one that
	// begins with = + - @, also in full width and after blanks, with a tab or with a line
	// end. It does so inside a cell too, where a program with another delimiter or
	// without quotes would see a cell begin.
	Safe bool
}

var windowsEnd = []byte("\r\n")

// bom returns the byte order mark to write; of is that of the input.
func (s CSVStyle) bom(of []byte) []byte {
	if s.Excel {
		return byteOrderMark
	}
	return of
}

// end returns the line end to write; of is that of the input.
func (s CSVStyle) end(of []byte) []byte {
	if s.Excel && len(of) > 0 {
		return windowsEnd
	}
	return of
}

// lines returns lines with the line ends to write.
func (s CSVStyle) lines(of []byte) []byte {
	if !s.Excel || len(of) == 0 {
		return of
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(of, windowsEnd, []byte("\n")), []byte("\n"), windowsEnd)
}

// appendGuarded appends a record with ' wherever a spreadsheet could find a formula:
// before a cell that begins with a formula sign, also after blanks, or with a tab or a
// line end, inside its quotes if it has quotes; and before a formula sign inside a cell
// where another program may see a cell begin, after one of otherStarts. If numbers is
// true, a cell with a signed whole number is left as it is.
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
		}
		if !inside { // nothing matters before the next start
			n := 0
			for n < len(raw)-i && raw[i+n] != d.Delimiter && !isOtherStart[raw[i+n]] {
				n++
			}
			dst = append(dst, raw[i:i+n]...)
			i += n
		}
		if i == len(raw) {
			break
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

var isOtherStart = func() (is [256]bool) {
	for _, c := range []byte(otherStarts) {
		is[c] = true
	}
	return is
}()

// isFormula reports whether the cell at the beginning of raw, after its opening quote,
// may be read as a formula.
func isFormula(raw []byte, d scan.Dialect, quoted, numbers bool) bool {
	if len(raw) > 0 && (raw[0] >= 'A' && raw[0] <= 'Z' || raw[0] >= '0' && raw[0] <= '9') { // as most cells
		return false
	}
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

// isNumber reports whether the rest of the cell is digits.
func isNumber(raw []byte, d scan.Dialect) bool {
	digits := 0
	for digits < len(raw) && raw[digits] >= '0' && raw[digits] <= '9' {
		digits++
	}
	return digits > 0 && (digits == len(raw) || raw[digits] == d.Delimiter || raw[digits] == '"')
}

// openingQuote returns the index of the opening quote of a cell, or -1.
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

// Guarded returns a cell as this style writes it.
func (s CSVStyle) Guarded(cell string) string {
	if !s.Safe {
		return cell
	}
	return string(appendGuarded(nil, []byte(cell), scan.Dialect{NoQuotes: true}, false))
}

// guardFrom guards the added cells, which begin at from. Days left may be negative, which
// is not a formula.
func (s CSVStyle) guardFrom(dst []byte, from int, d scan.Dialect) []byte {
	if !s.Safe {
		return dst
	}
	return appendGuarded(dst[:from], bytes.Clone(dst[from:]), d, true)
}

// isFormulaSign reports whether a formula may begin with the character, in any width.
func isFormulaSign(r rune) bool { return strings.ContainsRune("=+-@＝＋－＠﹦﹢﹣﹫", r) }

// passedOver reports whether a program may ignore a character before a formula: it is
// white space, invisible, or not valid in the encoding of the file.
func passedOver(r rune) bool {
	return unicode.IsSpace(r) || !unicode.IsGraphic(r) || strings.ContainsRune("\ufffd\u115f\u1160\u3164\uffa0", r)
}

// appendCell appends a cell, in quotes if RFC 4180 requires it. Without quoting, a
// delimiter or a line end in the cell becomes a space, so that the row can be read again.
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

// quoteDigits puts the cell that begins at from, of digits and hyphens, in quotes if it
// contains the delimiter.
func quoteDigits(dst []byte, from int, delimiter byte) []byte {
	if (delimiter < '0' || delimiter > '9') && delimiter != '-' || bytes.IndexByte(dst[from:], delimiter) < 0 {
		return dst
	}
	return appendQuoted(dst[:from], string(dst[from:]))
}

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
