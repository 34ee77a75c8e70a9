package xlsx

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// mostToken is how many bytes a single text or tag may have: far more than a
// spreadsheet allows, and few enough that none fills the memory.
const mostToken = 16 << 20

var errLongToken = fmt.Errorf("it holds a text or a tag of more than %d MiB, the most that is read", mostToken>>20)

// source hands bytes to the XML decoder, and stops it where one text has no end.
type source struct {
	r      io.Reader
	buffer [64 << 10]byte
	rest   []byte
	left   int // bytes that the present token may still have
	err    error
}

// ReadByte returns the next byte.
func (s *source) ReadByte() (byte, error) {
	if len(s.rest) == 0 {
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	if s.left--; s.left < 0 {
		return 0, errLongToken
	}
	b := s.rest[0]
	s.rest = s.rest[1:]
	return b, nil
}

// Read is there since the decoder wants a reader; it calls ReadByte alone.
func (s *source) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := s.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

func (s *source) fill() error {
	for len(s.rest) == 0 && s.err == nil {
		var n int
		n, s.err = s.r.Read(s.buffer[:])
		s.rest = s.buffer[:n]
	}
	if len(s.rest) > 0 {
		return nil
	}
	return s.err
}

// onlyUTF8 refuses the texts of other encodings, which spreadsheets do not
// write. Of ASCII there is nothing to decode.
func onlyUTF8(charset string, r io.Reader) (io.Reader, error) {
	if strings.EqualFold(charset, "us-ascii") {
		return r, nil
	}
	return nil, errors.New("want UTF-8")
}
