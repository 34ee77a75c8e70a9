package scan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Form says how a cell is written.
type Form uint8

const (
	// Bare is a cell without quotes.
	Bare Form = iota
	// Quoted is a cell in quotes whose text stands between them as it is.
	Quoted
	// Escaped is a cell in quotes whose text must be decoded: it holds a
	// doubled quote or a "\r\n".
	Escaped
)

// Cell is where a cell's text lies: offsets from the start of its record,
// without the quotes around it. The zero value is an empty cell.
type Cell struct {
	Start, End uint32
	Form       Form
}

// Raw returns the cell as it is written, with its quotes and what stands around
// them. The record, whose memory it shares, is given without its line end.
func (c Cell) Raw(record []byte, d Dialect) []byte {
	from := int(c.Start)
	if c.Form != Bare {
		for from--; from > 0 && d.pads(record[from-1]); {
			from--
		}
	}
	return record[from:c.RawEnd(record, d)]
}

// RawEnd returns where Raw ends in the record.
func (c Cell) RawEnd(record []byte, d Dialect) int {
	to := int(c.End)
	if c.Form != Bare {
		for to++; to < len(record) && d.pads(record[to]); {
			to++
		}
	}
	return to
}

// AppendText appends the cell's text to dst: doubled quotes become one, and
// "\r\n" inside quotes becomes "\n", as encoding/csv has it.
func (c Cell) AppendText(dst, record []byte) []byte {
	text := record[c.Start:c.End]
	if c.Form != Escaped {
		return append(dst, text...)
	}
	for {
		i := bytes.IndexAny(text, "\"\r")
		if i < 0 {
			return append(dst, text...)
		}
		if pair := text[i:min(i+2, len(text))]; string(pair) == `""` || string(pair) == "\r\n" {
			dst = append(dst, text[:i]...)
			dst = append(dst, text[i+1])
			text = text[i+2:]
			continue
		}
		dst = append(dst, text[:i+1]...)
		text = text[i+1:]
	}
}

// Dialect says how a text is cut into cells.
type Dialect struct {
	// Delimiter stands between cells. It must be an ASCII character other than a
	// quote, "\r" and "\n".
	Delimiter byte
	// NoQuotes says that a quote is a character like any other: every line is a
	// record.
	NoQuotes bool
}

// pads reports whether a byte may stand between a quote and the delimiter.
func (d Dialect) pads(c byte) bool { return (c == ' ' || c == '\t') && c != d.Delimiter }

// MaxRecord is the most bytes that a record may have, its line end included.
// A longer one is malformed, and a line of more bytes comes in parts.
const MaxRecord = 16 << 20

// MaxCells is the most cells of a record that are returned: a sheet has 16,384
// columns.
const MaxCells = 1 << 18

// Record is the shape of one record. It holds no bytes: offsets are from the
// record's first byte.
type Record struct {
	// Len is the length without the line end, EndLen that of the line end: 2
	// for "\r\n", 1 for "\n" and for a "\r" that ends the input, 0 where the input
	// ends without one.
	Len, EndLen int
	// Newlines counts every "\n" of the record, quoted ones and the line end
	// included.
	Newlines int
	// Cells are the cells, the first MaxCells of them; empty for a blank line and for
	// a malformed record. More are those beyond.
	Cells []Cell
	More  int
	// Fault says what is malformed; zero for a good record.
	Fault Fault
	// Open says that the line of a malformed record goes on: its next part follows as
	// a record with Rest, which has the same fault.
	Open, Rest bool
}

// Blank reports whether the record is a blank line.
func (r *Record) Blank() bool { return r.Len == 0 }

// Malformed reports whether the record is the first line of what could not be
// read as a record.
func (r *Record) Malformed() bool { return r.Fault.Kind != 0 }

// FaultKind is a way in which a record can be malformed; zero for none.
type FaultKind uint8

const (
	// BareQuote is a quote inside a cell that does not begin with one.
	BareQuote FaultKind = iota + 1
	// AfterQuote is text between a closing quote and the end of its cell.
	AfterQuote
	// Unterminated is a quote that the input never closes.
	Unterminated
	// TooLong is a record of more than MaxRecord bytes.
	TooLong
)

// Fault says what is malformed and where. The place may lie after the line
// that the record yields, since a quoted cell can run on. The zero value is no
// fault.
type Fault struct {
	Kind FaultKind
	// Offset is the place in bytes from the record's start: of the stray quote
	// (BareQuote), of the text after the quote (AfterQuote), of the quote that
	// opens (Unterminated), or of the cell that passes the limit (TooLong).
	Offset int
	// Line counts the lines from the record's first, which is 0, to that of
	// the fault; Column is the byte in that line, from 1.
	Line, Column int
}

// Each byte of a word is looked at by itself: its low seven bits plus 0x7f
// carry into its high bit unless they are zero, and never beyond it.
const (
	eachByte = 0x0101010101010101
	lowBits  = 0x7f * eachByte
	highBits = 0x80 * eachByte
)

// Cuts puts the offset of every delimiter of a line without quotes into dst
// and returns how many there are. Where there are more than dst holds it stops
// and returns len(dst) + 1. It looks at eight bytes at a time, which took half
// the time of a loop over bytes on lines of 80 bytes and ten cells
// (go test -bench Cuts ./devices/internal/scan).
func Cuts(dst []uint32, line []byte, delim byte) int {
	pattern := uint64(delim) * eachByte
	n, at := 0, 0
	for ; at+8 <= len(line); at += 8 {
		x := binary.LittleEndian.Uint64(line[at:]) ^ pattern
		for mask := ^((x&lowBits + lowBits) | x) & highBits; mask != 0; mask &= mask - 1 {
			if n == len(dst) {
				return n + 1
			}
			dst[n] = uint32(at + bits.TrailingZeros64(mask)>>3)
			n++
		}
	}
	for ; at < len(line); at++ {
		if line[at] != delim {
			continue
		}
		if n == len(dst) {
			return n + 1
		}
		dst[n] = uint32(at)
		n++
	}
	return n
}
