package scan

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
