package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
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

// Place is where an output is, or is to be. Two outputs at one place would be one
// file.
type Place struct {
	info   os.FileInfo // nil where there is no file yet
	folder os.FileInfo // nil where there is no folder yet
	dir    string      // links resolved
	name   string      // as systems compare it that tell no capitals from small letters
}

// PlaceOf returns the place of the output at path.
func PlaceOf(path string) Place {
	end, err := followLinks(path)
	if err != nil {
		end = path
	}
	if absolute, err := filepath.Abs(end); err == nil {
		end = absolute
	}
	p := Place{dir: resolved(filepath.Dir(end)), name: strings.ToLower(norm.NFC.String(filepath.Base(end)))}
	p.info, _ = os.Stat(path)
	p.folder, _ = os.Stat(p.dir)
	return p
}

// PlaceOfFile returns the place of an output that is open already.
func PlaceOfFile(file *os.File) Place {
	info, _ := file.Stat()
	return Place{info: info}
}

// resolved returns a folder without links, as far as it is there.
func resolved(folder string) string {
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		return real
	}
	parent := filepath.Dir(folder)
	if parent == folder {
		return folder
	}
	return filepath.Join(resolved(parent), filepath.Base(folder))
}

// Is reports whether the output would be the file: by whatever name, through
// links, by another hard link, or in other letters where the system does not tell
// them apart. A terminal, another device or a socket is never one, because to read
// and write it, or to write it twice, is no mistake.
func (p Place) Is(file os.FileInfo) bool {
	return p.info != nil && file != nil && !p.shared() && os.SameFile(p.info, file)
}

func (p Place) shared() bool {
	return p.info != nil && p.info.Mode()&(os.ModeDevice|os.ModeSocket) != 0
}

// Same reports whether two outputs would be one file. Names that differ only in
// capitals are taken for one on every system: where they are two files, the next
// system may make one of them.
func (p Place) Same(other Place) bool {
	if p.Is(other.info) {
		return true
	}
	if p.name == "" || p.name != other.name || p.shared() {
		return false
	}
	return p.dir == other.dir || p.folder != nil && other.folder != nil && os.SameFile(p.folder, other.folder)
}

// maxLinks is how many links are followed before they are taken for a circle.
const maxLinks = 40

// followLinks returns where a chain of links ends. Unlike
// [filepath.EvalSymlinks] it also follows a link to a file that is not there,
// and it leaves folders to the system: "link/../x" is not what it seems. It
// stops at a descriptor, whose own link is none that a path can follow.
func followLinks(name string) (string, error) {
	for range maxLinks {
		next, ok := followLink(name)
		if !ok || isDescriptor(name) {
			return name, nil
		}
		name = next
	}
	return "", errors.New("too many links")
}

// followLink returns where one link leads; ok is false for what is no link.
func followLink(name string) (next string, ok bool) {
	next, err := os.Readlink(name)
	switch {
	case err != nil || next == "":
		return "", false
	case filepath.IsAbs(next):
		return next, true
	case os.IsPathSeparator(next[0]): // on Windows: from the root of the same volume
		return filepath.VolumeName(name) + next, true
	}
	folder, _ := filepath.Split(name)
	return folder + next, true
}

// isDescriptor reports whether name is an open descriptor of a process, which
// is where /dev/stdout leads. The file behind it is not to be replaced: others
// who share the descriptor would write on into the old one.
func isDescriptor(name string) bool {
	for _, pattern := range []string{"/dev/fd/*", "/proc/*/fd/*", "/proc/*/task/*/fd/*"} {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return false
}
