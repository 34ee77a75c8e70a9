package devices

import (
	"io"
	"time"

	"github.com/mp196/ivp/devices/internal/scan"
)

// livePace is how long a live input may pause before the rows read so far are
// written.
const livePace = 200 * time.Millisecond

// liveReader reads ahead in a goroutine, so that Read can report a pause.
type liveReader struct {
	read, free chan []byte
	part       []byte // the rest of buf that Read has not returned yet
	buf        []byte
	timer      *time.Timer
	err        error // set before read is closed
}

// newLiveReader starts reading. Its goroutine ends at the end of the stream, or
// waits for a buffer if nobody calls Read.
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

// Read returns scan.ErrPause if nothing arrives within livePace.
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
