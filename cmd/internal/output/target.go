package output

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Target is an output that [Outputs.Open] has opened. It ends with Commit or
// Abort, whichever comes first; `defer t.Abort()` after Open is right. The zero
// value is not usable. Its methods are not for concurrent use, except that Abort
// and [Outputs.AbortAll] may be called while another waits.
type Target struct {
	// Durable has Commit wait until the file, and after it the name in its folder,
	// are on the disk. Without it Commit does not wait for the disk: the old or the
	// new file is there whatever happens to the program, but a crash of the whole
	// system soon after the run may lose the new one.
	Durable bool

	of   *Outputs
	name string // as the user gave it
	file *os.File
	lock *os.File // see createTemporary
	// temporary is the file that is written and final the place it takes when
	// it is whole; both are empty where the target is written itself.
	temporary, final string
	failed           error // of the first Write that failed
	window           window
	ended            bool // guarded by of.mu
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

// Commit closes a whole output and puts it in its place. Where it fails (a Write
// has failed before, or closing or replacing fails) a file that was there before
// is still there, and nothing is left beside it; a device or pipe keeps what it
// got. After Commit or Abort it returns an error that is [fs.ErrClosed].
func (t *Target) Commit() error {
	if t.hasEnded() {
		return fault("finish", t.name, fs.ErrClosed)
	}
	defer t.Abort() // does nothing after a Commit that succeeds
	if t.failed != nil {
		return t.failed
	}
	if t.Durable {
		if err := Sync(t.file); err != nil {
			return fault("write to the disk", t.name, err)
		}
	}
	// A network's file system says only at closing that a write has failed.
	if err := t.file.Close(); err != nil {
		return fault("close", t.name, err)
	}
	if err := t.place(); err != nil {
		return err
	}
	if t.Durable && t.Replaces() {
		if err := syncFolder(t.final); err != nil {
			return fault("write to the disk the folder of", t.name, err)
		}
	}
	return nil
}

func (t *Target) hasEnded() bool {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	return t.ended
}

// place gives the file its name, unless the target was aborted meanwhile.
func (t *Target) place() error {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	if t.ended {
		return fault("finish", t.name, fs.ErrClosed)
	}
	if t.Replaces() {
		if err := os.Rename(t.temporary, t.final); err != nil {
			return fault("replace", t.name, err)
		}
	}
	t.forget()
	return nil
}

// forget ends the target. The lock goes last: until then no other process takes
// the temporary file for an old one.
func (t *Target) forget() {
	t.ended = true
	delete(t.of.unfinished, t)
	closeBoth(t.file, t.lock)
}

// Abort gives the output up: what was written beside its place is removed. A
// device or pipe keeps what it got. After Commit or Abort it does nothing.
func (t *Target) Abort() {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	t.end()
}

// end is Abort for a caller that holds the lock.
func (t *Target) end() {
	if t.ended {
		return
	}
	t.forget()
	if t.Replaces() {
		os.Remove(t.temporary)
	}
}

// Sync waits until what was written to a file is on the disk. A pipe, a terminal
// or another device has no disk, and is no error.
func Sync(file *os.File) error {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	return file.Sync()
}

// syncFolder waits until the name of a file is on the disk. Windows opens no
// folder for that, and keeps names safe by its journal.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
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
