package source

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"strings"
)

// rowSpool keeps rows of text in a temporary file until all of them are known,
// and gives them back as CSV in which every row is as wide as the widest.
type rowSpool struct {
	*Spool
	out    *bufio.Writer
	width  int
	number []byte
}

func newRowSpool() (*rowSpool, error) {
	s, err := NewSpool()
	if err != nil {
		return nil, err
	}
	return &rowSpool{Spool: s, out: bufio.NewWriterSize(s, 64<<10)}, nil
}

// add keeps a row; one without cells is blank.
func (s *rowSpool) add(cells []string) error {
	s.width = max(s.width, len(cells))
	s.length(len(cells))
	for _, cell := range cells {
		s.length(len(cell))
		s.out.WriteString(cell)
	}
	_, err := s.out.Write(nil) // tells of the first error there was
	return err
}

func (s *rowSpool) length(n int) {
	s.number = binary.AppendUvarint(s.number[:0], uint64(n))
	s.out.Write(s.number)
}

// reader returns the rows as CSV, from the first.
func (s *rowSpool) reader() (io.Reader, error) {
	if err := s.out.Flush(); err != nil {
		return nil, err
	}
	if _, err := s.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return &rowReader{in: bufio.NewReaderSize(s.File, 64<<10), width: s.width}, nil
}

// rowReader turns kept rows into CSV as it is read.
type rowReader struct {
	in    *bufio.Reader
	width int
	row   bytes.Buffer
	cell  []byte
}

func (r *rowReader) Read(p []byte) (int, error) {
	for r.row.Len() == 0 {
		r.row.Reset()
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	return r.row.Read(p)
}

// next writes the next row; a blank one is a blank line.
func (r *rowReader) next() error {
	cells, err := binary.ReadUvarint(r.in)
	if err != nil {
		return err
	}
	for i := range cells {
		if i > 0 {
			r.row.WriteByte(',')
		}
		if err := r.writeCell(); err != nil {
			return err
		}
	}
	if cells > 0 {
		r.row.WriteString(strings.Repeat(",", r.width-int(cells)))
	}
	r.row.WriteByte('\n')
	return nil
}

func (r *rowReader) writeCell() error {
	length, err := binary.ReadUvarint(r.in)
	if err != nil {
		return err
	}
	if uint64(cap(r.cell)) < length {
		r.cell = make([]byte, length)
	}
	r.cell = r.cell[:length]
	if _, err := io.ReadFull(r.in, r.cell); err != nil {
		return err
	}
	if !bytes.ContainsAny(r.cell, ",\"\r\n") {
		r.row.Write(r.cell)
		return nil
	}
	r.row.WriteByte('"')
	r.row.Write(bytes.ReplaceAll(r.cell, []byte(`"`), []byte(`""`)))
	r.row.WriteByte('"')
	return nil
}
