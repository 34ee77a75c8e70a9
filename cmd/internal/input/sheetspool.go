package input

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
)

// sheetSpool keeps the rows of a sheet in a temporary file, so that the workbook is
// read once and the rows can be read several times. Rows without any text are left
// out.
type sheetSpool struct {
	*devices.Spool
	out     *bufio.Writer
	record  []byte // a row
	head    []byte // its length
	size    int64
	used    []bool // for each column, whether any cell has text
	last    int    // the number of the last row
	formats []*xlsx.Format
	numbers map[*xlsx.Format]int // indexes into formats, from 1
}

func newSheetSpool() (*sheetSpool, error) {
	s, err := devices.NewSpool()
	if err != nil {
		return nil, err
	}
	return &sheetSpool{Spool: s, out: bufio.NewWriterSize(s, 64<<10), numbers: map[*xlsx.Format]int{}}, nil
}

// add appends a row.
func (s *sheetSpool) add(row xlsx.Row) error {
	s.record = s.record[:0]
	hidden := 0
	if row.Hidden {
		hidden = 1
	}
	for _, n := range []int{row.Number - s.last, hidden, len(row.Cells)} {
		s.number(n)
	}
	s.last = row.Number
	s.used = append(s.used, make([]bool, max(0, len(row.Cells)-len(s.used)))...)
	for i, c := range row.Cells {
		s.used[i] = s.used[i] || c.Text != ""
		s.number(int(c.Kind))
		if c.Kind != xlsx.Blank {
			s.number(s.format(c.Format))
			s.text(c.Text)
		}
		if c.Kind == xlsx.Day {
			s.text(c.Serial)
		}
	}
	s.head = binary.AppendUvarint(s.head[:0], uint64(len(s.record)))
	s.size += int64(len(s.head) + len(s.record))
	s.out.Write(s.head) // an error stays with the writer
	_, err := s.out.Write(s.record)
	return err
}

func (s *sheetSpool) number(n int) { s.record = binary.AppendUvarint(s.record, uint64(n)) }

func (s *sheetSpool) text(text string) {
	s.number(len(text))
	s.record = append(s.record, text...)
}

// format returns 0 for General, else the number of the format in numbers.
func (s *sheetSpool) format(f *xlsx.Format) int {
	if f == nil {
		return 0
	}
	if s.numbers[f] == 0 {
		s.formats = append(s.formats, f)
		s.numbers[f] = len(s.formats)
	}
	return s.numbers[f]
}

// rows returns a reader of the given columns, from the first row on. Several readers
// are independent of each other.
func (s *sheetSpool) rows(columns []int) (*sheetRows, error) {
	if err := s.out.Flush(); err != nil {
		return nil, err
	}
	return &sheetRows{in: bufio.NewReaderSize(io.NewSectionReader(s.Spool, 0, s.size), 64<<10), formats: s.formats, columns: columns}, nil
}

// sheetRows reads the rows of a sheetSpool.
type sheetRows struct {
	in      *bufio.Reader
	formats []*xlsx.Format
	columns []int // ascending
	last    int
	cells   []xlsx.Cell
	record  []byte
	rest    string // of the row that is being read: the texts of its cells are parts of it
}

// next returns the next row, or io.EOF after the last. The cells are valid until next
// is called again, and their texts stay valid.
func (r *sheetRows) next() (xlsx.Row, error) {
	length, err := binary.ReadUvarint(r.in)
	if err != nil {
		return xlsx.Row{}, err
	}
	r.record = slices.Grow(r.record[:0], int(length))[:length]
	if _, err := io.ReadFull(r.in, r.record); err != nil {
		return xlsx.Row{}, err
	}
	r.rest = string(r.record)
	r.last += r.number()
	row := xlsx.Row{Number: r.last, Hidden: r.number() == 1}
	r.cells = r.cells[:0]
	for range r.number() {
		cell := xlsx.Cell{Kind: xlsx.Kind(r.number())}
		if cell.Kind != xlsx.Blank {
			if f := r.number(); f > 0 {
				cell.Format = r.formats[f-1]
			}
			cell.Text = r.text()
		}
		if cell.Kind == xlsx.Day {
			cell.Serial = r.text()
		}
		r.cells = append(r.cells, cell)
	}
	row.Cells = r.cells[:0] // safe: a column never moves to the right
	for _, from := range r.columns {
		if from < len(r.cells) {
			row.Cells = append(row.Cells, r.cells[from])
		}
	}
	return row, nil
}

// number reads a number as sheetSpool.number writes it.
func (r *sheetRows) number() (n int) {
	for i := range len(r.rest) {
		c := r.rest[i]
		if n |= int(c&0x7f) << (7 * i); c < 0x80 {
			r.rest = r.rest[i+1:]
			break
		}
	}
	return n
}

func (r *sheetRows) text() string {
	length := r.number()
	text := r.rest[:length]
	r.rest = r.rest[length:]
	return text
}

// sheetCSV reads a sheet as CSV: a record for each row, an empty line for each blank
// row, and all records as wide as the widest row.
type sheetCSV struct {
	rows  *sheetRows
	width int
	// texts converts the cells of a row.
	texts func(xlsx.Row) []string
	last  int // the number of the last row that was read
	blank int // empty lines to write before the record
	row   bytes.Buffer
}

// Read reads the CSV.
func (s *sheetCSV) Read(p []byte) (int, error) {
	if s.blank == 0 && s.row.Len() == 0 {
		row, err := s.rows.next()
		if err != nil {
			return 0, err
		}
		s.blank, s.last = row.Number-s.last-1, row.Number
		s.row.Reset()
		s.record(s.texts(row))
	}
	if s.blank == 0 {
		return s.row.Read(p)
	}
	n := min(s.blank, len(p))
	for i := range n {
		p[i] = '\n'
	}
	s.blank -= n
	return n, nil
}

func (s *sheetCSV) record(cells []string) {
	for i, cell := range cells {
		if i > 0 {
			s.row.WriteByte(',')
		}
		if !strings.ContainsAny(cell, ",\"\r\n") {
			s.row.WriteString(cell)
			continue
		}
		s.row.WriteByte('"')
		s.row.WriteString(strings.ReplaceAll(cell, `"`, `""`))
		s.row.WriteByte('"')
	}
	s.row.WriteString(strings.Repeat(",", s.width-len(cells)))
	s.row.WriteByte('\n')
}
