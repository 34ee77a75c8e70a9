package scan

import "bytes"

// Next reads the record at the start of buf. n is its number of bytes with the line end,
// and 0 only at the end of the input. atEOF says that the input ends with buf. more says
// that a longer buffer is required, because the record may continue after buf: the other
// results then have no meaning, except that rec.Cells has the memory to reuse. The cells
// are put into the memory of cells, which may be nil.
//
// If more is false, the result does not depend on how much of the input follows in buf.
//
// After a malformed record reading continues at its second line. All records together
// still take time linear in the length of the input: without a fault so far, a byte is
// inside quotes if an odd number of quotes precedes it in its record. So a scan ends at
// the latest with the second line that has an odd number of quotes, and the lines between
// have an even number and end in themselves when they are read again.
func Next(buf []byte, d Dialect, atEOF bool, cells []Cell) (rec Record, n int, more bool) {
	rec.Cells = cells[:0]
	if len(buf) == 0 {
		return rec, 0, !atEOF
	}
	w := walk{data: buf, dialect: d, final: atEOF, cells: rec.Cells}
	if len(buf) > MaxRecord {
		w.data, w.final = buf[:MaxRecord], false
	}
	rec.Fault.Kind, rec.Fault.Offset = w.record()
	rec.Cells = w.cells
	if w.ranOut {
		if len(buf) <= MaxRecord {
			return rec, 0, true
		}
		rec.Fault.Kind, rec.Fault.Offset = TooLong, w.at
	}
	if rec.Fault.Kind != 0 {
		return firstLine(rec, buf, atEOF)
	}
	if w.length == 0 {
		rec.Cells = rec.Cells[:0]
	}
	rec.More = w.more
	rec.Len, rec.EndLen, rec.Newlines = w.length, w.endLen, w.newlines
	return rec, w.length + w.endLen, false
}

// Cells returns the cells of a good record without its line end, in the memory of cells,
// which may be nil.
func Cells(record []byte, d Dialect, cells []Cell) []Cell {
	w := walk{data: record, dialect: d, final: true, noEnd: true, cells: cells[:0]}
	w.record()
	return w.cells
}

// firstLine returns the first line as a malformed record, or the first part of a line
// that is too long.
func firstLine(rec Record, buf []byte, atEOF bool) (_ Record, n int, more bool) {
	rec.Cells = rec.Cells[:0]
	newline := bytes.IndexByte(buf[:min(len(buf), MaxRecord)], '\n')
	switch {
	case newline >= 0:
		rec.Len, rec.EndLen = lineEnd(buf, newline)
		rec.Newlines = 1
	case len(buf) > MaxRecord: // the last byte may be the "\r" of a line end
		rec.Len, rec.Open = MaxRecord-1, true
	case atEOF:
		rec.Len, rec.EndLen = inputEnd(buf)
	default:
		return rec, 0, true
	}
	before := buf[:rec.Fault.Offset]
	rec.Fault.Line = bytes.Count(before, newlineByte)
	rec.Fault.Column = len(before) - bytes.LastIndexByte(before, '\n')
	return rec, rec.Len + rec.EndLen, false
}

// open is the fault of a line that continues. The zero value is none.
type open Fault

func openAfter(rec *Record) open {
	if rec.Open {
		return open(rec.Fault)
	}
	return open{}
}

// rest reads the next part of the line. A part that is not the last has at least that
// many bytes. more says that a longer buffer is required.
func (o open) rest(buf []byte, atEOF bool, least int) (rec Record, n int, more bool) {
	rec.Fault, rec.Rest = Fault(o), true
	newline := bytes.IndexByte(buf, '\n')
	switch {
	case newline >= 0:
		rec.Len, rec.EndLen = lineEnd(buf, newline)
		rec.Newlines = 1
	case atEOF:
		rec.Len, rec.EndLen = inputEnd(buf)
	case len(buf) <= least:
		return rec, 0, true
	default: // the last byte may be the "\r" of a line end
		rec.Len, rec.Open = len(buf)-1, true
	}
	return rec, rec.Len + rec.EndLen, false
}

var newlineByte = []byte{'\n'}

// lineEnd returns the length of the line whose "\n" is at the given offset, without its
// line end, and the length of the line end.
func lineEnd(buf []byte, newline int) (length, endLen int) {
	if newline > 0 && buf[newline-1] == '\r' {
		return newline - 1, 2
	}
	return newline, 1
}

// EndMark ends a text file of DOS (Ctrl-Z).
const EndMark = 0x1a

// inputEnd returns the lengths of the last record of an input, which has no "\n", and of
// its line end: "\r" or nothing. End marks are left for a record of their own.
func inputEnd(buf []byte) (length, endLen int) {
	text := bytes.TrimRight(buf, string(rune(EndMark)))
	switch n := len(text); {
	case n == 0:
		return len(buf), 0
	case text[n-1] == '\r':
		return n - 1, 1
	default:
		return n, 0
	}
}

// endsInput reports whether only a "\r" and end marks follow.
func endsInput(rest []byte) bool {
	rest = bytes.TrimPrefix(rest, []byte("\r"))
	for len(rest) > 0 && rest[0] == EndMark {
		rest = rest[1:]
	}
	return len(rest) == 0
}

// walk reads the cells of one record.
type walk struct {
	data         []byte
	dialect      Dialect
	final, noEnd bool // the input ends with data; data has no line end
	at           int  // the start of the current cell
	cells        []Cell
	more         int // the number of cells beyond MaxCells

	// ranOut says that the record may continue after data. Otherwise its lengths are set.
	ranOut                   bool
	length, endLen, newlines int
}

// record reads the cells of the record. It returns the fault, if any, and its place.
func (w *walk) record() (FaultKind, int) {
	for {
		var last bool
		var fault FaultKind
		var place int
		if open := w.skipPads(w.at); open < len(w.data) && w.data[open] == '"' && !w.dialect.NoQuotes {
			last, fault, place = w.quoted(open)
		} else {
			last, fault, place = w.bare()
		}
		if last || fault != 0 {
			return fault, place
		}
	}
}

func (w *walk) skipPads(i int) int {
	for i < len(w.data) && w.dialect.pads(w.data[i]) {
		i++
	}
	return i
}

func (w *walk) cell(start, end int, form Form) {
	if len(w.cells) >= MaxCells {
		w.more++
		return
	}
	w.cells = append(w.cells, Cell{uint32(start), uint32(end), form})
}

// bare reads a cell without quotes. last reports that no cell follows.
func (w *walk) bare() (last bool, fault FaultKind, place int) {
	data, delim := w.data, w.dialect.Delimiter
	for i := w.at; i < len(data); i++ {
		switch c := data[i]; {
		case c == delim:
			w.cell(w.at, i, Bare)
			w.at = i + 1
			return false, 0, 0
		case c == '\n':
			w.length, w.endLen = lineEnd(data, i)
			w.newlines++
			w.cell(w.at, w.length, Bare)
			return true, 0, 0
		case c == '"' && !w.dialect.NoQuotes:
			return true, BareQuote, i
		}
	}
	if !w.final {
		w.ranOut = true
		return true, 0, 0
	}
	if w.length = len(data); !w.noEnd {
		w.length, w.endLen = inputEnd(data)
	}
	w.cell(w.at, w.length, Bare)
	return true, 0, 0
}

// quoted reads a cell with its opening quote at open. last reports that no cell follows.
func (w *walk) quoted(open int) (last bool, fault FaultKind, place int) {
	end, form := closingQuote(w.data, open)
	if end < 0 {
		if w.final {
			return true, Unterminated, open
		}
		w.ranOut = true
		return true, 0, 0
	}
	text := w.data[open+1 : end]
	if newlines := bytes.Count(text, newlineByte); newlines > 0 {
		w.newlines += newlines
		if bytes.IndexByte(text, '\r') >= 0 {
			form = Escaped
		}
	}
	w.cell(open+1, end, form)
	return w.afterQuote(end + 1)
}

// closingQuote returns the offset of the quote that closes the one at open, or -1.
func closingQuote(data []byte, open int) (end int, form Form) {
	form = Quoted
	for i := open + 1; ; i += 2 {
		q := bytes.IndexByte(data[i:], '"')
		if q < 0 {
			return -1, form
		}
		i += q
		if i+1 == len(data) || data[i+1] != '"' {
			return i, form
		}
		form = Escaped
	}
}

// afterQuote reads what follows a closing quote, from i.
func (w *walk) afterQuote(i int) (last bool, fault FaultKind, place int) {
	i = w.skipPads(i)
	rest := w.data[i:]
	switch {
	case len(rest) == 0 && w.final:
		w.length = i
		return true, 0, 0
	case !w.final && endsInput(rest): // the input may end here
		w.ranOut = true
		return true, 0, 0
	case rest[0] == w.dialect.Delimiter:
		w.at = i + 1
		return false, 0, 0
	case rest[0] == '\n':
		w.length, w.endLen = i, 1
	case len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n':
		w.length, w.endLen = i, 2
	case w.final && !w.noEnd && endsInput(rest):
		w.length = i
		if rest[0] == '\r' {
			w.endLen = 1
		}
		return true, 0, 0
	default:
		return true, AfterQuote, i
	}
	w.newlines++
	return true, 0, 0
}
