package scan

import "bytes"

// Next reads the record at the start of buf, which must be where a record
// begins. n is the number of bytes it takes, line end included; it is 0 only
// where there is no record, because buf is empty and the input has ended.
// atEOF says that nothing comes after buf. more asks for a longer buffer: what
// buf holds does not settle the record, and nothing else that is returned
// means anything but the memory of rec.Cells. The cells are put into the
// memory of cells, which may be nil.
//
// What Next returns does not depend on how much of the input buf holds, so
// long as it does not ask for more.
//
// Reading resumes after a malformed record at its second line, and yet all
// records of an input together cost a number of steps that grows with its
// length only: where all was well so far, a byte lies inside quotes if an odd
// number of quotes stands between it and the record's start. So a scan ends at
// the latest with the second line that has an odd number of quotes, and the
// lines between, which have an even number, end in themselves when they are
// judged anew.
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

// Cells returns the cells of a good record, which is given without its line end.
// They are put into the memory of cells, which may be nil.
func Cells(record []byte, d Dialect, cells []Cell) []Cell {
	w := walk{data: record, dialect: d, final: true, noEnd: true, cells: cells[:0]}
	w.record()
	return w.cells
}

// firstLine makes a malformed record of the first line, whatever is in it, or of its
// first part if that makes the record too long.
func firstLine(rec Record, buf []byte, atEOF bool) (_ Record, n int, more bool) {
	rec.Cells = rec.Cells[:0]
	newline := bytes.IndexByte(buf[:min(len(buf), MaxRecord)], '\n')
	switch {
	case newline >= 0:
		rec.Len, rec.EndLen = lineEnd(buf, newline)
		rec.Newlines = 1
	case len(buf) > MaxRecord: // the last byte may be half of a line end
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

// open is the fault of a line of which the rest is still to come; zero for none.
type open Fault

// openAfter returns what is open after a record.
func openAfter(rec *Record) open {
	if rec.Open {
		return open(rec.Fault)
	}
	return open{}
}

// rest reads the next part of the line. A part that is not the last has at least so
// many bytes. more asks for a longer buffer.
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
	default: // the last byte may be half of a line end
		rec.Len, rec.Open = len(buf)-1, true
	}
	return rec, rec.Len + rec.EndLen, false
}

var newlineByte = []byte{'\n'}

// lineEnd returns the length of what stands before the line end whose "\n" is
// at the given offset, and the length of the line end.
func lineEnd(buf []byte, newline int) (length, endLen int) {
	if newline > 0 && buf[newline-1] == '\r' {
		return newline - 1, 2
	}
	return newline, 1
}

// EndMark ends a text that comes from DOS (Ctrl-Z).
const EndMark = 0x1a

// inputEnd returns, of the last record of an input, which has no "\n", the length
// of what stands before its line end and that of the line end: half of a "\r\n",
// or nothing. End marks are left for a record of their own.
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

// endsInput reports whether nothing but a "\r" and end marks follows.
func endsInput(rest []byte) bool {
	rest = bytes.TrimPrefix(rest, []byte("\r"))
	for len(rest) > 0 && rest[0] == EndMark {
		rest = rest[1:]
	}
	return len(rest) == 0
}

// walk goes through the cells of one record.
type walk struct {
	data    []byte
	dialect Dialect
	// final says that the input ends with data; noEnd that data has no line end.
	final, noEnd bool
	at           int // where the cell begins that is being read
	cells        []Cell
	more         int // the cells beyond MaxCells

	// How it ended: either data ran out before the record was settled, or
	// these are its lengths.
	ranOut                   bool
	length, endLen, newlines int
}

// record reads cells until the record is settled or data runs out. It returns
// the fault, if there is one, and its place.
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

// cell adds a cell.
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

// quoted reads a cell whose quote stands at open. last reports that no cell follows.
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

// closingQuote returns where the quote stands that closes the one at open, or
// -1 where data does not hold it.
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

// afterQuote judges what follows a closing quote, at i.
func (w *walk) afterQuote(i int) (last bool, fault FaultKind, place int) {
	i = w.skipPads(i)
	rest := w.data[i:]
	switch {
	case len(rest) == 0 && w.final:
		w.length = i
		return true, 0, 0
	case !w.final && endsInput(rest): // which it may, or not
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
