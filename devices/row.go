package devices

// RowKind says what a record of an inventory is. The zero value is a row that
// holds a device.
type RowKind uint8

// The kinds of rows.
const (
	// DataRow holds a device.
	DataRow RowKind = iota
	// BadRow is malformed, or has another number of cells than the heading.
	BadRow
	// EmptyRow has as many cells as the heading, and nothing but white space
	// in them. It is counted as blank and not judged.
	EmptyRow
	// TotalRow says that it is a total, and nothing of a device. It passes through,
	// named and not counted.
	TotalRow
	// RestOfLine is a further part of the line of a BadRow that is Open. It has the
	// line number and the fault of that row, is no row of its own, and passes through
	// uncounted.
	RestOfLine
	// BlankLine is a line without anything, or one of another width than the heading
	// with nothing but white space, or marks of a text's end (Ctrl-Z). It passes
	// through, and is no row.
	BlankLine
)

// Row is one record of an inventory.
type Row struct {
	// Input is the input's name in messages; may be empty.
	Input string
	// Line is the number of its first line, from 1, as an editor counts.
	Line int
	Kind RowKind
	// Raw is the record as it came, without its line end, without surplus cells,
	// and of a bad row that is checked again without the ivp_ columns that are to
	// be replaced. It is valid until the next row is read.
	Raw []byte
	// End is its line end: "\n", "\r\n", or empty at the end of the input. It
	// is valid as long as Raw.
	End []byte
	// Cells are its cells, decoded; nil for a blank line and for a malformed
	// record.
	Cells []string
	// Open says that the line of a BadRow or RestOfLine goes on in the next row: a
	// line of more than 16 MiB comes in parts. End is empty then.
	Open bool
	// Surplus is how many empty cells beyond the heading's width were left out.
	Surplus int
	// Device is the device of a DataRow.
	Device Device
	// Fault says what is wrong with a BadRow: a *[RowFault].
	Fault error
}

// isPassed reports whether the row comes out in CSV alone: a blank line or the rest
// of one.
func (r *Row) isPassed() bool { return r.Kind == BlankLine || r.Kind == RestOfLine }
