package devices

import (
	"io"
	"time"

	"github.com/mp196/ivp/devices/internal/scan"
)

// livePace is how long what was read of a live input waits for more.
const livePace = 200 * time.Millisecond

// liveReader reads ahead, so that it can say when nothing has come for a while.
type liveReader struct {
	read, free chan []byte
	part       []byte // of buf, that is not taken yet
	buf        []byte
	timer      *time.Timer
	err        error // set before read is closed
}

// newLiveReader begins to read. Its goroutine ends with the stream, or once the
// stream returns from the read at hand and the two buffers are full.
func newLiveReader(src io.Reader) *liveReader {
	r := &liveReader{read: make(chan []byte, 2), free: make(chan []byte, 2), timer: time.NewTimer(livePace)}
	for range cap(r.free) {
		r.free <- make([]byte, 64<<10)
	}
	go func() {
		defer close(r.read)
		if fault := caught(func() { r.readAhead(src) }); fault != nil {
			r.err = fault
		}
	}()
	return r
}

func (r *liveReader) readAhead(src io.Reader) {
	for r.err == nil {
		buf := <-r.free
		n, err := src.Read(buf)
		r.err = err
		r.read <- buf[:n]
	}
}

// Read returns what has come, or scan.ErrPause where nothing came in time.
func (r *liveReader) Read(p []byte) (int, error) {
	if len(r.part) == 0 {
		if r.buf != nil {
			r.free <- r.buf[:cap(r.buf)]
			r.buf = nil
		}
		r.timer.Reset(livePace)
		select {
		case buf, ok := <-r.read:
			if !ok {
				return 0, r.err
			}
			r.buf, r.part = buf, buf
		case <-r.timer.C:
			return 0, scan.ErrPause
		}
	}
	n := copy(p, r.part)
	r.part = r.part[n:]
	return n, nil
}
