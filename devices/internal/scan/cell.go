package scan

import "bytes"

// Form is how a cell is written.
type Form uint8

const (
	// Bare is a cell without quotes.
	Bare Form = iota
	// Quoted is a cell in quotes whose text needs no decoding.
	Quoted
	// Escaped is a cell in quotes whose text must be decoded: it contains a doubled quote
	// or a "\r\n".
	Escaped
)

// Cell is the place of a cell's text, without its quotes, as offsets from the start of
// its record. The zero value is an empty cell.
type Cell struct {
	Start, End uint32
	Form       Form
}

// Raw returns the bytes of the cell, with its quotes and the spaces around them. It
// shares the memory of the record, which must be without its line end.
func (c Cell) Raw(record []byte, d Dialect) []byte {
	from := int(c.Start)
	if c.Form != Bare {
		for from--; from > 0 && d.pads(record[from-1]); {
			from--
		}
	}
	return record[from:c.RawEnd(record, d)]
}

// RawEnd returns the offset of the end of Raw in the record.
func (c Cell) RawEnd(record []byte, d Dialect) int {
	to := int(c.End)
	if c.Form != Bare {
		for to++; to < len(record) && d.pads(record[to]); {
			to++
		}
	}
	return to
}

// AppendText appends the cell's text to dst. As in encoding/csv, a doubled quote becomes
// one, and "\r\n" inside quotes becomes "\n".
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

// Dialect is how a text is split into cells.
type Dialect struct {
	// Delimiter must be an ASCII character other than a quote, "\r" and "\n".
	Delimiter byte
	// NoQuotes says that a quote is an ordinary character, and every line is a record.
	NoQuotes bool
}

// pads reports whether a byte is ignored between a quote and the delimiter.
func (d Dialect) pads(c byte) bool { return (c == ' ' || c == '\t') && c != d.Delimiter }

// MaxRecord is the most bytes that a record may have, with its line end. A longer one is
// malformed, and a longer line is returned in parts.
const MaxRecord = 16 << 20

// MaxCells is the most cells of a record that are returned. A sheet has 16,384 columns.
const MaxCells = 1 << 18

// Record is the structure of one record, without its bytes. Offsets are from its first
// byte.
type Record struct {
	// Len is the length without the line end, EndLen that of the line end: 2 for "\r\n",
	// 1 for "\n" and for a "\r" at the end of the input, 0 if there is none.
	Len, EndLen int
	// Newlines counts every "\n" of the record, also in quotes and in the line end.
	Newlines int
	// Cells are the first MaxCells cells, and More is the number of those beyond. A blank
	// line and a malformed record have no cells.
	Cells []Cell
	More  int
	// Fault is what is malformed. It is zero for a good record.
	Fault Fault
	// Open says that the line of a malformed record continues: its next part is a record
	// with Rest and the same fault.
	Open, Rest bool
}

// Blank reports whether the record is a blank line.
func (r *Record) Blank() bool { return r.Len == 0 }

// Malformed reports whether the record is the first line of a malformed one.
func (r *Record) Malformed() bool { return r.Fault.Kind != 0 }

// FaultKind is a kind of malformed record. The zero value is none.
type FaultKind uint8

const (
	// BareQuote is a quote inside a cell that does not begin with one.
	BareQuote FaultKind = iota + 1
	// AfterQuote is text between a closing quote and the end of its cell.
	AfterQuote
	// Unterminated is a quote that is not closed.
	Unterminated
	// TooLong is a record of more than MaxRecord bytes.
	TooLong
)

// Fault is what is malformed, and where. The place may be after the first line, because a
// quoted cell may contain line ends. The zero value is no fault.
type Fault struct {
	Kind FaultKind
	// Offset is the place in bytes from the start of the record: of the stray quote
	// (BareQuote), of the text after the quote (AfterQuote), of the opening quote
	// (Unterminated), or of the cell that exceeds the limit (TooLong).
	Offset int
	// Line is the line of the fault, from 0 for that of the record. Column is the byte in
	// the line, from 1.
	Line, Column int
}
