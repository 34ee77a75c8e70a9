package devices

import (
	"bytes"

	"github.com/mp196/ivp/devices/internal/scan"
)

// simpleLines finds the simple lines of a block: those that are a row of the heading's
// width in which no cell contains a delimiter, line end or quote. Nearly all lines of
// nearly all files are, also if their cells are in quotes. A line longer than a block is
// not simple, because its delimiters might take much memory.
type simpleLines struct {
	dialect scan.Dialect
	cuts    scan.Cuts
	data    []byte
	quote   int // the offset of the next quote
}

func newSimpleLines(r *Reader) simpleLines {
	return simpleLines{dialect: r.dialect(), cuts: scan.NewCuts(r.delimiter, r.columns.Width())}
}

// begin begins with a block.
func (l *simpleLines) begin(data []byte) {
	l.cuts.Begin(data)
	l.data, l.quote = data, 0
	l.findQuote(0)
}

func (l *simpleLines) findQuote(from int) {
	l.quote = len(l.data)
	if i := bytes.IndexByte(l.data[from:], '"'); i >= 0 && !l.dialect.NoQuotes {
		l.quote = from + i
	}
}

// split finds the cells of the line that begins at an offset. It returns the offset of the
// line after it. ok is false if it is not a simple line. Offsets must not descend.
func (l *simpleLines) split(r *splitRow, at int) (end int, ok bool) {
	length := bytes.IndexByte(l.data[at:], '\n')
	if length < 0 || length > scan.BlockSize {
		return 0, false
	}
	end = at + length
	raw := l.data[at:end]
	if length > 0 && raw[length-1] == '\r' {
		raw = raw[:length-1]
	}
	cuts, ok := l.cuts.Line(at, end)
	if !ok || len(raw) == 0 {
		return 0, false
	}
	// One by one, because a literal would write all of the row twice.
	r.raw, r.at, r.cuts, r.cells, r.quoted = raw, at, cuts, nil, false
	if l.quote < at {
		l.findQuote(at)
	}
	if l.quote < end {
		r.quoted = true
		return end + 1, r.isSimple(bytes.Count(raw, quoteByte))
	}
	return end + 1, true
}

var quoteByte = []byte{'"'}

// splitRow is a row and the places of its cells.
type splitRow struct {
	raw []byte
	// A simple line begins at an offset of the block and has cuts, its delimiters in the
	// block. Any other row has cells.
	at    int
	cuts  []uint32
	cells []scan.Cell
	// quoted says that cells of a simple line may be in quotes.
	quoted bool
}

// cell returns the text of a cell. One that must be decoded is returned as it is written.
func (r *splitRow) cell(column int) []byte {
	if r.cells != nil {
		return r.raw[r.cells[column].Start:r.cells[column].End]
	}
	text := r.run(column, column)
	if r.quoted && len(text) > 0 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	return text
}

// run returns the cells of adjacent columns of a simple line, as they are written.
func (r *splitRow) run(first, last int) []byte {
	from, to := 0, len(r.raw)
	if first > 0 {
		from = int(r.cuts[first-1]) + 1 - r.at
	}
	if last < len(r.cuts) {
		to = int(r.cuts[last]) - r.at
	}
	return r.raw[from:to]
}

// appendRuns appends runs of adjacent cells of a simple line, with delimiters between them.
func (r *splitRow) appendRuns(dst []byte, runs [][2]int, delimiter byte) []byte {
	for i, run := range runs {
		if i > 0 {
			dst = append(dst, delimiter)
		}
		dst = appendShort(dst, r.run(run[0], run[1]))
	}
	return dst
}

// isSimple reports whether a line with a number of quotes is good and has the cells of its
// cuts: each cell has no quotes, or one at each end.
func (r *splitRow) isSimple(quotes int) bool {
	for column := 0; column <= len(r.cuts) && quotes >= 0; column++ {
		if text := r.run(column, column); len(text) > 0 && text[0] == '"' {
			if len(text) < 2 || text[len(text)-1] != '"' {
				return false
			}
			quotes -= 2
		}
	}
	return quotes == 0
}
