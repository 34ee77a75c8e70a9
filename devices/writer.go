package devices

import (
	"bufio"
	"fmt"
	"io"
	"slices"

	"github.com/mp196/ivp/devices/internal/scan"
)

// Writer writes an inventory as it came, with columns added to the right of
// it. Make one with [NewWriter]. It buffers: call Flush at the end. Once the
// output has failed, every call returns that error.
type Writer struct {
	out  *bufio.Writer
	from *Reader
	// added are the names of the added columns, dropped the indexes of the old
	// ones that they replace.
	added   []string
	dropped []int
	// open says that what was written last has no line end.
	open bool

	line  []byte
	cells []scan.Cell
}

// NewWriter returns a writer to w of what r reads, with the added columns of
// the given names. Rows of other readers may be written too, if their headings
// and delimiters are those of r.
func NewWriter(w io.Writer, r *Reader, added []string) *Writer {
	return &Writer{
		out:     bufio.NewWriterSize(w, 64<<10),
		from:    r,
		added:   slices.Clone(added),
		dropped: r.columns.Dropped(),
	}
}

// WriteHeading writes what the input has up to the end of its heading: byte
// order mark, blank lines and the heading, with the added names.
func (w *Writer) WriteHeading() error {
	heading := w.from.heading
	w.line = append(w.line[:0], w.from.bom...)
	w.line = append(w.line, w.from.leading...)
	w.appendInput(heading)
	w.appendAdded(w.added)
	return w.endLine(heading.End)
}

// WriteRow writes a row as it came, then the added cells, then its line end. A
// row that is too short is filled up to the heading's width first. A blank
// line comes out as it came, and an empty row with empty cells; so does any
// row where added is nil. Where the row before came without a line end, one
// like the heading's is put between. It fails where there are more or fewer
// cells than added names, and where the output fails.
func (w *Writer) WriteRow(row Row, added []string) error {
	w.line = w.line[:0]
	if w.open {
		w.line = append(w.line, w.lineEnd()...)
	}
	if row.Kind == BlankLine {
		return w.endLine(row.End)
	}
	if row.Kind == EmptyRow || added == nil {
		added = make([]string, len(w.added))
	}
	if len(added) != len(w.added) {
		return fmt.Errorf("line %d: %s to add, where %s expected", row.Line, count(len(added), "cell"), count(len(w.added), "column"))
	}
	w.appendInput(row)
	w.appendAdded(added)
	return w.endLine(row.End)
}

// Flush writes what is buffered.
func (w *Writer) Flush() error { return w.out.Flush() }

// lineEnd returns the line end for where the input has none.
func (w *Writer) lineEnd() []byte {
	if end := w.from.heading.End; len(end) > 0 {
		return end
	}
	return []byte{'\n'}
}

// appendInput appends the row as it came, but for dropped columns. What has no
// column, in a malformed row or one that is too long, is never dropped.
func (w *Writer) appendInput(row Row) {
	width := w.from.columns.Width()
	if len(w.dropped) == 0 || row.Cells == nil || len(row.Cells) > width {
		w.line = append(w.line, row.Raw...)
	} else {
		w.appendKept(row.Raw)
	}
	if row.Cells == nil {
		return
	}
	for i := len(row.Cells); i < width; i++ {
		if !slices.Contains(w.dropped, i) {
			w.line = append(w.line, w.from.delimiter)
		}
	}
}

// appendKept appends the cells of a record that are not dropped, as they are
// written.
func (w *Writer) appendKept(raw []byte) {
	rec, _, _ := scan.Next(raw, w.from.delimiter, true, w.cells)
	w.cells = rec.Cells
	first := true
	for i, c := range rec.Cells {
		if slices.Contains(w.dropped, i) {
			continue
		}
		if !first {
			w.line = append(w.line, w.from.delimiter)
		}
		first = false
		w.line = append(w.line, c.Raw(raw)...)
	}
}

func (w *Writer) appendAdded(cells []string) {
	for _, cell := range cells {
		w.line = append(w.line, w.from.delimiter)
		w.line = appendCell(w.line, cell, w.from.delimiter)
	}
}

func (w *Writer) endLine(end []byte) error {
	w.open = len(end) == 0
	w.line = append(w.line, end...)
	_, err := w.out.Write(w.line)
	return err
}
