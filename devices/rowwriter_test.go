package devices

import (
	"bytes"

	"github.com/mp196/ivp/devices/internal/scan"
)

// rowWriter writes an inventory row by row, with added columns. The engine must give the
// same bytes.
type rowWriter struct {
	out    *bytes.Buffer
	from   *Reader
	format rowFormat
	added  []string // the names of the added columns
	open   bool     // the output does not end with a line end
}

func newRowWriter(out *bytes.Buffer, r *Reader, added []string) *rowWriter {
	return &rowWriter{out: out, from: r, format: newRowFormat(r, len(added), CSVStyle{}), added: added}
}

func (w *rowWriter) setStyle(style CSVStyle) { w.format.style = style }

func (w *rowWriter) writeHeading() { w.write(w.format.appendHeading(nil, w.from, w.added)) }

func (w *rowWriter) writeRow(row Row, added []string) {
	var line []byte
	if w.open && row.Kind != RestOfLine && !isEndMark(row.Raw) {
		line = append(line, w.format.style.end(w.from.lineEnd())...)
	}
	w.write(w.format.appendRow(line, row, added))
}

func (w *rowWriter) write(line []byte) {
	if len(line) == 0 {
		return
	}
	w.open = !endsLine(line)
	if w.from.cr && !w.format.style.Excel {
		line = scan.Swapped(line)
	}
	w.out.Write(line)
}
