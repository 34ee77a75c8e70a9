package server

import (
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/mp196/ivp/cmd/internal/exit"
)

const (
	// aheadMemory is how much of an answer waits in memory for its client.
	aheadMemory = 1 << 20
	// aheadStart is how much of it waits before the client gets the first of it. A
	// smaller answer is sent when it is whole, without a goroutine of its own.
	aheadStart = 64 << 10
)

// ahead writes an answer as fast as its client takes it, and never waits for it:
// many clients send the whole of a request before they read any of the answer,
// and if the answer waited for them, and so the reading of the request for the
// answer, neither would ever end. What is ahead of the client is kept in memory,
// and beyond that in a temporary file.
type ahead struct {
	to   io.Writer
	keep *spools

	mu      sync.Mutex
	changed sync.Cond
	memory  []byte
	file    *spool // nil while memory holds all
	from    int64  // of the file: what comes next
	end     int64  // of the file
	over    bool
	failed  error
	done    chan struct{} // nil before the first is sent
}

// newAhead returns what writes to a client. Close must be called.
func newAhead(to io.Writer, keep *spools) *ahead {
	a := &ahead{to: to, keep: keep}
	a.changed.L = &a.mu
	return a
}

// Write keeps p for the client. It fails with what writing to the client, or to
// the temporary file, has failed with.
func (a *ahead) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failed != nil {
		return 0, a.failed
	}
	defer a.changed.Signal()
	if a.done == nil && len(a.memory)+len(p) > aheadStart {
		a.done = make(chan struct{})
		go a.send()
	}
	if a.file == nil && len(a.memory)+len(p) <= aheadMemory {
		a.memory = append(a.memory, p...)
		return len(p), nil
	}
	if a.file == nil {
		if a.file, a.failed = a.keep.spool(); a.failed != nil {
			return 0, a.failed
		}
	}
	n, err := a.file.WriteAt(p, a.end)
	a.end += int64(n)
	if err != nil {
		a.failed = err
	}
	return n, err
}

// Close waits until the client has all. Where the answer has failed, the client gets
// nothing more; err is then the error.
func (a *ahead) Close(err error) error {
	a.mu.Lock()
	a.over = true
	if a.failed == nil {
		a.failed = err
	}
	a.changed.Signal()
	begun := a.done != nil
	if !begun {
		a.done = make(chan struct{})
	}
	a.mu.Unlock()
	if !begun {
		a.send()
	}
	<-a.done
	return a.failed
}

// send writes to the client what is kept, in order.
func (a *ahead) send() {
	defer close(a.done)
	var part []byte
	for {
		var err error
		if part, err = a.next(part[:0]); err == nil && len(part) > 0 {
			err = exit.Guard(func() error {
				_, err := a.to.Write(part)
				return err
			})
		}
		if err != nil || len(part) == 0 {
			a.mu.Lock()
			a.failed = errors.Join(a.failed, err)
			a.mu.Unlock()
			return
		}
	}
}

// next waits for something to be kept and returns some of it, in the room of part,
// which is empty: nothing where all is over.
func (a *ahead) next(part []byte) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(a.memory) == 0 && a.from == a.end && !a.over && a.failed == nil {
		a.changed.Wait()
	}
	switch {
	case a.failed != nil:
		return nil, nil
	case len(a.memory) > 0:
		part, a.memory = a.memory, part // each goes on in the room of the other
		return part, nil
	case a.from == a.end: // and so over
		return nil, nil
	}
	part = slices.Grow(part, int(min(aheadMemory, a.end-a.from)))
	n, err := a.file.ReadAt(part[:min(int64(cap(part)), a.end-a.from)], a.from)
	if a.from += int64(n); a.from == a.end {
		a.from, a.end = 0, 0 // the client has caught up: what follows takes the same room
	}
	if err == io.EOF {
		err = nil
	}
	return part[:n], err
}
