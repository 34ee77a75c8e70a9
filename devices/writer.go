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
