package scan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ErrLimit is the error of reading beyond [Splitter.Limit].
var ErrLimit = errors.New("no more may be read")

const (
	firstBuffer = 16 << 10
	// patience is the length of an incomplete record from which the splitter waits for as
	// many bytes again before it tries the record once more. Short records are returned
	// as soon as they are read, and long ones take time linear in their length.
	patience = 4 << 10
	// maxEmptyReads is the number of consecutive reads that may return nothing.
	maxEmptyReads = 100
)

// Splitter reads records from a stream. Make one with [NewSplitter].
type Splitter struct {
	src     io.Reader
	dialect Dialect

	buf        []byte
	start, end int // buf[start:end] is read but not returned yet
	err        error
	read, most int // the bytes read, and their limit; 0 for none

	cells    []Cell
	open     open
	line     int // of the last record
	nextLine int
	records  bool // number records instead of lines
}

// NewSplitter returns a splitter that reads from src.
func NewSplitter(src io.Reader, d Dialect) *Splitter {
	return &Splitter{src: src, dialect: d, nextLine: 1}
}

// Limit sets how many bytes may be read from the start of the stream, approximately. 0
// sets no limit. Reading more fails with ErrLimit.
func (s *Splitter) Limit(most int) { s.most = most }

// SetDelimiter changes the delimiter for the records that follow.
func (s *Splitter) SetDelimiter(delim byte) { s.dialect.Delimiter = delim }

// Line returns the number of the first line of the last record, from 1.
func (s *Splitter) Line() int { return s.line }

// NextLine returns the number of the next line.
func (s *Splitter) NextLine() int { return s.nextLine }

// Next returns the bytes of the next record, with its line end, and its structure. Both
// are valid until the next call of a method. It returns io.EOF at the end of the input.
// An error of the stream is returned, with the line that could not be read, after all
// complete records; an incomplete record is not returned.
func (s *Splitter) Next() ([]byte, Record, error) {
	for {
		pending := s.buf[s.start:s.end]
		var rec Record
		var n int
		var more bool
		if s.open.Kind != 0 {
			rec, n, more = s.open.rest(pending, s.err == io.EOF, firstBuffer)
		} else {
			rec, n, more = Next(pending, s.dialect, s.err == io.EOF, s.cells)
			s.cells = rec.Cells[:0]
		}
		switch {
		case !more && n == 0:
			return nil, Record{}, io.EOF
		case !more:
			s.start += n
			s.line, s.open = s.nextLine, openAfter(&rec)
			if s.nextLine += rec.Newlines; s.records && !rec.Open {
				s.nextLine = s.line + 1
			}
			return pending[:n], rec, nil
		}
		if err := s.fill(); err != nil {
			return nil, Record{}, fmt.Errorf("line %d: %w", s.nextLine, err)
		}
	}
}

// NumberRecords numbers records in place of lines. The next one has the number first.
func (s *Splitter) NumberRecords(first int) { s.records, s.nextLine = true, first }

// Peek reads ahead and returns at least the next n bytes, or fewer at the end of the
// input, in which case whole is true. It consumes nothing. Next returns an error of the
// stream.
func (s *Splitter) Peek(n int) (pending []byte, whole bool) {
	for s.end-s.start < n && s.err == nil {
		if s.fill() != nil {
			break
		}
	}
	return s.buf[s.start:s.end], s.err == io.EOF
}

// PeekRecord reads ahead and returns the record that begins after that many bytes. ok is
// false if there is none, or the stream fails. It consumes nothing. The record is valid
// until the next call of a method.
func (s *Splitter) PeekRecord(after int, delim byte) (data []byte, rec Record, ok bool) {
	for {
		pending := s.buf[s.start+after : s.end]
		rec, n, more := Next(pending, Dialect{delim, s.dialect.NoQuotes}, s.err == io.EOF, nil)
		if !more {
			return pending[:n], rec, n > 0
		}
		if s.fill() != nil {
			return nil, Record{}, false
		}
	}
}

// SkipLine consumes the next line, or the next record if records are numbered, and
// returns it with its line end. It returns io.EOF at the end of the input.
func (s *Splitter) SkipLine() ([]byte, error) {
	if s.records {
		data, _, err := s.Next()
		return data, err
	}
	for {
		pending := s.buf[s.start:s.end]
		n := bytes.IndexByte(pending, '\n') + 1
		if n == 0 && s.err == io.EOF {
			n = len(pending)
		}
		switch {
		case n > 0:
			s.start += n
			s.nextLine++
			return pending[:n], nil
		case s.err == io.EOF:
			return nil, io.EOF
		}
		if err := s.fill(); err != nil {
			return nil, fmt.Errorf("line %d: %w", s.nextLine, err)
		}
	}
}

// Skip consumes prefix if the rest of the input begins with it, and reports whether it
// does.
func (s *Splitter) Skip(prefix []byte) bool {
	for s.end-s.start < len(prefix) && bytes.HasPrefix(prefix, s.buf[s.start:s.end]) {
		if s.fill() != nil || s.err == io.EOF {
			break
		}
	}
	if !bytes.HasPrefix(s.buf[s.start:s.end], prefix) {
		return false
	}
	s.start += len(prefix)
	return true
}

// Rest returns the rest of the input, from NextLine: the bytes of head, then src, which
// returns an earlier error of the stream. Only Resume may be called afterwards.
func (s *Splitter) Rest() (head []byte, src io.Reader) {
	head, s.buf = s.buf[s.start:s.end], nil
	s.start, s.end = 0, 0
	if s.err != nil {
		return head, failed{s.err}
	}
	return head, s.src
}

// Resume continues with src after [Splitter.Rest], at the same line.
func (s *Splitter) Resume(src io.Reader) {
	s.src, s.err = src, nil
}

type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

// fill reads more of the stream. The end of the input is not an error.
func (s *Splitter) fill() error {
	have := s.end - s.start
	if s.err != nil && s.err != io.EOF {
		return s.err
	}
	if s.most > 0 && s.read >= s.most {
		return ErrLimit
	}
	want := have + 1
	if have >= patience {
		want = longer(have)
	}
	s.makeRoom(want)
	for empty := 0; s.end < want && s.err == nil; {
		n, err := s.src.Read(s.buf[s.end:])
		s.end += n
		s.read += n
		s.err = err
		if n > 0 {
			empty = 0
			continue
		}
		if empty++; empty == maxEmptyReads && err == nil {
			s.err = io.ErrNoProgress
		}
	}
	return nil
}

// longer returns the number of bytes to try next if a record does not end within have:
// twice as many, but not more than make it too long.
func longer(have int) int { return min(2*have, max(have, MaxRecord)+1) }

// makeRoom moves the pending bytes to the start of a buffer of at least want bytes.
func (s *Splitter) makeRoom(want int) {
	old := s.buf
	if size := max(len(old), firstBuffer); size < want || len(old) == 0 {
		for size < min(want, MaxRecord) {
			size *= 2
		}
		s.buf = make([]byte, max(size, want))
	}
	s.end = copy(s.buf, old[s.start:s.end])
	s.start = 0
}
