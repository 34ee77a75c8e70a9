package output

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Open opens the output at path.
//
// For a regular or an absent file, links resolved, a temporary file is written
// in the folder of the target and takes its place at Commit. It has the
// permission bits of the file that it replaces, else 0666 less the umask; the
// owner, other names (hard links) and further attributes of the old file are
// not kept. A file that may not be written is not replaced either. A device, a
// FIFO or an open descriptor of the process (such as /dev/stdout) is opened and
// written itself, after what it already holds; a FIFO waits until a reader
// comes or ctx ends. A folder is refused.
//
// The error is ctx.Err() where ctx has ended, else it names path and says what
// to do.
func Open(ctx context.Context, path string) (*Target, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if path == "" {
		return nil, errors.New("the name of the output is empty: name a file")
	}
	end, err := followLinks(path)
	if err != nil {
		return nil, fault("open", path, err)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return openBeside(path, end, nil)
	case err != nil:
		return nil, fault("open", path, err)
	case info.IsDir():
		return nil, namesFolder(path)
	case isDescriptor(end):
		return openItself(ctx, path, os.O_APPEND)
	case info.Mode().IsRegular():
		return openBeside(path, end, info)
	}
	return openItself(ctx, path, 0)
}

func namesFolder(path string) error {
	return fmt.Errorf("%s is a folder: name a file in it", path)
}

// openItself opens a target that is there and is written as it is.
func openItself(ctx context.Context, path string, flag int) (*Target, error) {
	type result struct {
		file *os.File
		err  error
	}
	opened := make(chan result, 1)
	go func() {
		file, err := os.OpenFile(path, os.O_WRONLY|flag, 0)
		opened <- result{file, err}
	}()
	select {
	case r := <-opened:
		if r.err != nil {
			return nil, fault("open", path, r.err)
		}
		return &Target{name: path, file: r.file}, nil
	case <-ctx.Done():
		go func() { // a reader may come yet, and must not wait for us
			if r := <-opened; r.err == nil {
				r.file.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

// openBeside opens a temporary file in the folder of final, where path leads.
// info is that of the file there, nil where it is absent.
func openBeside(path, final string, info fs.FileInfo) (*Target, error) {
	if os.IsPathSeparator(final[len(final)-1]) {
		return nil, namesFolder(path)
	}
	if info != nil {
		if err := mayWrite(final); err != nil {
			return nil, fault("open", path, err)
		}
	}
	file, err := createTemporary(final, info)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", fault("open", path, err), folderAdvice(err))
	}
	return &Target{name: path, file: file, temporary: file.Name(), final: final}, nil
}

// mayWrite holds that a file may be written, which replacing it would not ask.
func mayWrite(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return file.Close()
}

func folderAdvice(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "make its folder first, or name a file in another"
	}
	return "the results are written to a new file in the same folder, which takes its place when whole, so that folder must be writable"
}
