package scan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ErrLimit is the error of reading on where [Splitter.Limit] lets no more be read.
var ErrLimit = errors.New("no more may be read")

const (
	firstBuffer = 16 << 10
	// patience is how many bytes a record may have before the splitter stops
	// judging it anew at every read, and first waits for as many again. Short
	// records come out as soon as they are there, and long ones cost a number
	// of steps that grows with their length only.
	patience = 4 << 10
	// maxEmptyReads is how many reads in a row may bring nothing.
	maxEmptyReads = 100
)

// Splitter reads records from a stream. Make one with [NewSplitter].
type Splitter struct {
	src     io.Reader
	dialect Dialect

	buf        []byte
	start, end int // buf[start:end] is read but not yet delivered
	err        error
	read, most int // the bytes read, and how many may be; 0 for any number

	cells    []Cell
	open     open
	line     int // of the record last delivered
	nextLine int
	records  bool // whether records are numbered instead of lines
}

// NewSplitter returns a splitter that reads from src.
func NewSplitter(src io.Reader, d Dialect) *Splitter {
	return &Splitter{src: src, dialect: d, nextLine: 1}
}

// Limit lets no more than so many bytes be read from the start of the stream, of
// which a little more may be taken ahead; 0 lets any number be. Reading on fails
// with ErrLimit.
func (s *Splitter) Limit(most int) { s.most = most }

// SetDelimiter changes the delimiter for the records that follow.
func (s *Splitter) SetDelimiter(delim byte) { s.dialect.Delimiter = delim }

// Line returns the number of the first line of the record last delivered, from
// 1, as an editor counts.
func (s *Splitter) Line() int { return s.line }

// NextLine returns the number of the line that comes next.
func (s *Splitter) NextLine() int { return s.nextLine }

// Next returns the next record: its bytes, line end included, and its shape.
// Both are valid until the next call of a method. It returns io.EOF at the end
// of the input. An error of the stream is returned, with the line that could
// not be read, after the whole records before it; what was read of a record
// that it cuts off is not delivered.
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

// NumberRecords numbers records, whatever line ends their cells hold; the next one
// has the number first.
func (s *Splitter) NumberRecords(first int) { s.records, s.nextLine = true, first }

// Peek reads ahead until n bytes are pending, and returns what is: more where
// more was read already, and less where the input ends, which whole then says.
// It consumes nothing; an error of the stream is left for Next.
func (s *Splitter) Peek(n int) (pending []byte, whole bool) {
	for s.end-s.start < n && s.err == nil {
		if s.fill() != nil {
			break
		}
	}
	return s.buf[s.start:s.end], s.err == io.EOF
}

// PeekRecord reads ahead until the record is whole that begins so many bytes after
// what comes next, and returns it. ok is false where there is none, or the stream
// fails. It consumes nothing; what it returns is valid until the next call of a
// method.
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

// SkipLine drops the next line, or the next record where records are numbered,
// and returns it with its line end. It returns io.EOF where nothing is left.
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

// Skip drops prefix if what comes next begins with it, and reports whether it
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

// Rest hands over what Next has not delivered, for another to go on reading at
// NextLine: first the bytes of head, then src, which returns the error of the
// stream if it was met already. The splitter is of no use afterwards.
func (s *Splitter) Rest() (head []byte, src io.Reader) {
	head, s.buf = s.buf[s.start:s.end], nil
	s.start, s.end = 0, 0
	if s.err != nil {
		return head, failed{s.err}
	}
	return head, s.src
}

// Resume goes on reading from src after [Splitter.Rest], at the same line.
func (s *Splitter) Resume(src io.Reader) {
	s.src, s.err = src, nil
}

type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

// fill reads more, so that what is pending can be judged anew. It fails where
// there is no more because of an error; the end of the input is none.
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

// longer returns how many bytes to look at next where so many did not settle a
// record: twice as many, but no more than make it too long.
func longer(have int) int { return min(2*have, max(have, MaxRecord)+1) }

// makeRoom moves what is pending to the start of a buffer that holds at least
// want bytes.
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
