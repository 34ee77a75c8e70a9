package output

import (
	"errors"
	"io/fs"
	"os"
)

// Target is an output that [Open] has opened. It ends with Commit or Abort, of
// which the first decides; `defer t.Abort()` after Open is right. The zero
// value is not usable. Its methods are not for concurrent use, but Abort may be
// called while a Write waits for a reader that never comes.
type Target struct {
	name string // as the user gave it
	file *os.File
	// temporary is the file that is written and final the place it takes when
	// it is whole; both are empty where the target is written itself.
	temporary, final string
	failed           error // of the first Write that failed
	window           window
	ended            bool
}

// Name returns the target's path as the user gave it.
func (t *Target) Name() string { return t.name }

// Replaces reports whether what is written is a new file of our own, which
// takes its place at Commit. Its parts may be written in any order; a device, a
// pipe or a descriptor of the process takes its bytes in order, by Write.
func (t *Target) Replaces() bool { return t.temporary != "" }

// File returns the file that is written, for writes at offsets of one's own
// choice where [Target.Replaces]. It stays the target's own: do not close it.
// Commit knows nothing of an error of a write made past Write: call Abort then.
func (t *Target) File() *os.File { return t.file }

// Write writes p at the end of what Write has written, without a buffer. The
// error names the target. Once Write has failed, Commit fails too.
func (t *Target) Write(p []byte) (int, error) {
	n, err := t.file.Write(p)
	if err == nil {
		if t.Replaces() {
			t.window.wrote(t.file, n)
		}
		return n, nil
	}
	err = fault("write", t.name, err)
	if t.failed == nil {
		t.failed = err
	}
	return n, err
}

// Commit says that the output is whole: it closes the file and puts it in its
// place. It does not wait for the disk. Where it fails (a Write has failed
// before, or closing or replacing fails) a file that stood there before stands
// there still, and nothing is left beside it; a device or pipe keeps what it
// got. After Commit or Abort it returns an error that is [fs.ErrClosed].
func (t *Target) Commit() error {
	if t.ended {
		return fault("finish", t.name, fs.ErrClosed)
	}
	if t.failed != nil {
		t.Abort()
		return t.failed
	}
	t.ended = true
	if err := t.file.Close(); err != nil {
		t.remove()
		return fault("close", t.name, err)
	}
	if !t.Replaces() {
		return nil
	}
	if err := os.Rename(t.temporary, t.final); err != nil {
		t.remove()
		return fault("replace", t.name, err)
	}
	return nil
}

// Abort gives the output up: what was written beside its place is removed. A
// device or pipe keeps what it got. After Commit or Abort it does nothing.
func (t *Target) Abort() {
	if t.ended {
		return
	}
	t.ended = true
	t.file.Close()
	t.remove()
}

func (t *Target) remove() {
	if t.Replaces() {
		os.Remove(t.temporary)
	}
}

// fault names the path that the user gave in place of that of a temporary file.
func fault(op, name string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
