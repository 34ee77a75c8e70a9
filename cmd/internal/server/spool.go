package server

import (
	"errors"
	"io"
	"sync/atomic"

	"github.com/mp196/ivp/devices"
)

// room is what the temporary files of all requests together may take.
type room struct {
	most int64
	used atomic.Int64
}

// errNoRoom is the error of a request that needs more room than is left.
var errNoRoom = errors.New("the requests at work keep as much in temporary files as all together may: ask again later, read the answer while you send the request, or give the server a larger limit")

// spool is a temporary file that counts against the room.
type spool struct {
	io.ReadSeeker
	io.ReaderAt
	file *devices.Spool
	room *room
	size int64
}

// Write appends to the file.
func (s *spool) Write(p []byte) (int, error) { return s.WriteAt(p, s.size) }

// WriteAt writes to a place of the file, where there is room.
func (s *spool) WriteAt(p []byte, at int64) (int, error) {
	if more := at + int64(len(p)) - s.size; more > 0 {
		if s.room.used.Add(more) > s.room.most {
			s.room.used.Add(-more)
			return 0, errNoRoom
		}
		s.size += more
	}
	return s.file.WriteAt(p, at)
}

// spools are the temporary files of one request.
type spools struct {
	room  *room
	files []*spool
}

func (s *spools) spool() (*spool, error) {
	file, err := devices.NewSpool()
	if err != nil {
		return nil, &devices.WriteError{Err: err}
	}
	made := &spool{ReadSeeker: file, ReaderAt: file, file: file, room: s.room}
	s.files = append(s.files, made)
	return made, nil
}

// close gives the room back.
func (s *spools) close() {
	for _, made := range s.files {
		made.file.Close()
		s.room.used.Add(-made.size)
	}
}
