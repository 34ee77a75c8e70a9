package devices

import (
	"slices"

	"github.com/mp196/ivp/devices/internal/scan"
)

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
