package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// Outputs are the outputs of one run. The zero value is ready. Its methods are
// for concurrent use.
type Outputs struct {
	mu sync.Mutex
	// unfinished are the targets that have neither been committed nor aborted.
	unfinished map[*Target]struct{}
	swept      map[string]bool // the folders that [Outputs.sweep] has looked into
	ended      bool
}

// Open opens the output at path.
//
// For a regular or an absent file, links resolved, a temporary file is written
// in the folder of the target and takes its place at Commit. It has the
// permission bits of the file that it replaces, else 0666 less the umask; the
// owner, other names (hard links) and further attributes of the old file are
// not kept. A file that may not be written is not replaced either. A device, a
// FIFO or an open descriptor of the process (such as /dev/stdout) is opened and
// written itself, after what it already holds; to open a FIFO waits until it has
// a reader. A folder is refused. The error names path and says what to do.
func (o *Outputs) Open(path string) (*Target, error) {
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
		return o.openBeside(path, end, nil)
	case err != nil:
		return nil, fault("open", path, err)
	case info.IsDir():
		return nil, namesFolder(path)
	case isDescriptor(end):
		return o.openItself(path, os.O_APPEND)
	case info.Mode().IsRegular():
		return o.openBeside(path, end, info)
	}
	return o.openItself(path, 0)
}

// AbortAll aborts every target that is not committed, and those that are opened
// or committed from now on fail. It is for a run that ends before its end: no
// temporary file is left when it returns, whatever other goroutines do.
func (o *Outputs) AbortAll() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = true
	for t := range o.unfinished {
		t.end()
	}
}

// add makes a target of an opened file.
func (o *Outputs) add(t *Target) *Target {
	if o.unfinished == nil {
		o.unfinished = map[*Target]struct{}{}
	}
	o.unfinished[t] = struct{}{}
	t.of = o
	return t
}

func namesFolder(path string) error {
	return fmt.Errorf("%s is a folder: name a file in it", path)
}

// openItself opens a target that is there and is written as it is.
func (o *Outputs) openItself(path string, flag int) (*Target, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|flag, 0)
	if err != nil {
		return nil, fault("open", path, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		file.Close()
		return nil, fault("open", path, fs.ErrClosed)
	}
	return o.add(&Target{name: path, file: file}), nil
}

// openBeside opens a temporary file in the folder of final, where path leads.
// info is that of the file there, nil where it is absent.
func (o *Outputs) openBeside(path, final string, info fs.FileInfo) (*Target, error) {
	if os.IsPathSeparator(final[len(final)-1]) {
		return nil, namesFolder(path)
	}
	if info != nil {
		if err := mayWrite(final); err != nil {
			return nil, fault("open", path, err)
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return nil, fault("open", path, fs.ErrClosed)
	}
	o.sweep(final)
	file, lock, err := createTemporary(final, info)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", fault("open", path, err), folderAdvice(err))
	}
	return o.add(&Target{name: path, file: file, lock: lock, temporary: file.Name(), final: final}), nil
}

// mayWrite returns an error for a file that may not be written: replacing it
// would not notice.
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
