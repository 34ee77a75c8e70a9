//go:build js

package devices

import (
	"errors"
	"io"
)

// Spool is a temporary file in memory: a browser has no other.
type Spool struct {
	content []byte
	at      int64 // where Read and Write continue
}

// NewSpool creates a spool.
func NewSpool() (*Spool, error) { return &Spool{}, nil }

// Read continues reading.
func (s *Spool) Read(p []byte) (int, error) {
	n, err := s.ReadAt(p, s.at)
	s.at += int64(n)
	if n > 0 {
		err = nil
	}
	return n, err
}

// ReadAt reads at an offset.
func (s *Spool) ReadAt(p []byte, at int64) (n int, err error) {
	if at < int64(len(s.content)) {
		n = copy(p, s.content[at:])
	}
	if n < len(p) {
		err = io.EOF
	}
	return n, err
}

// Write continues writing.
func (s *Spool) Write(p []byte) (int, error) {
	n, err := s.WriteAt(p, s.at)
	s.at += int64(n)
	return n, err
}

// WriteAt writes at an offset.
func (s *Spool) WriteAt(p []byte, at int64) (int, error) {
	if missing := at + int64(len(p)) - int64(len(s.content)); missing > 0 {
		s.content = append(s.content, make([]byte, missing)...)
	}
	return copy(s.content[at:], p), nil
}

// Seek sets where Read and Write continue.
func (s *Spool) Seek(offset int64, whence int) (int64, error) {
	from := map[int]int64{io.SeekStart: 0, io.SeekCurrent: s.at, io.SeekEnd: int64(len(s.content))}[whence]
	if from+offset < 0 {
		return s.at, errors.New("a negative place in a temporary file")
	}
	s.at = from + offset
	return s.at, nil
}

// Close releases the memory.
func (s *Spool) Close() error {
	if s != nil {
		s.content = nil
	}
	return nil
}
