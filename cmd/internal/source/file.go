package source

import (
	"fmt"
	"io"
	"os"

	"github.com/mp196/ivp/cmd/internal/exit"
)

// File is a file that must stay what it is while it is read: what is read of one
// that changes may be neither the old file nor the new one.
type File struct {
	*os.File
	// Info is what the file was when it was opened first.
	Info os.FileInfo
	name string // in messages
}

// OpenFile opens a file. If it was opened before, was is what it was then, and the
// error, which has its exit code, says if it is another file now or has changed.
func OpenFile(path string, was os.FileInfo) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	file := &File{f, was, path}
	if was == nil {
		file.Info, err = f.Stat()
	} else {
		err = file.Unchanged()
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return file, nil
}

// ReadFile reads a whole file, which must not change meanwhile, or its first bytes
// if it has more than most.
func ReadFile(path string, most int64) ([]byte, error) {
	f, err := OpenFile(path, nil)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most))
	if err == nil {
		err = f.Unchanged()
	}
	return data, err
}

// Regular reports whether the file can be read twice.
func (f *File) Regular() bool { return f.Info != nil && f.Info.Mode().IsRegular() }

// Unchanged fails if the file is no longer what it was when it was opened first.
func (f *File) Unchanged() error {
	if f == nil || !f.Regular() {
		return nil
	}
	now, err := f.Stat()
	if err != nil {
		return readingFailed(fmt.Errorf("%s: %w", f.name, err))
	}
	var says string
	switch {
	case !os.SameFile(f.Info, now):
		says = "another file has taken its place"
	case f.Info.Size() != now.Size():
		says = fmt.Sprintf("it had %d bytes, and has %d", f.Info.Size(), now.Size())
	case !f.Info.ModTime().Equal(now.ModTime()):
		says = "it was written to"
	default:
		return nil
	}
	return exit.With(exit.IO, fmt.Errorf("%s changed while it was being read: %s; run again when it is complete, or on a copy", f.name, says))
}
