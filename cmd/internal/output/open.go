package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
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
	swept      map[string]bool // the folders that [Outputs.sweep] has examined
	ended      bool
	aborted    []string // the names of the files that were not written
}

// Aborted returns the names of the files that were opened and not written.
func (o *Outputs) Aborted() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Sorted(slices.Values(o.aborted))
}

// Open opens the output at path.
//
// If path, with links resolved, is a regular file or does not exist, a temporary file
// is written in the same folder, and Commit renames it. It has the permission bits of
// the file that it replaces, else 0666 less the umask; the owner, hard links and other
// attributes of the old file are not kept. A file without write permission is not
// replaced. A device, a FIFO or an open descriptor of the process (such as
// /dev/stdout) is written directly, after its existing content; opening a FIFO waits
// until it has a reader. A folder is refused. The error names path and says what to
// do.
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

// AbortAll aborts every target that is not committed; Open and Commit fail from then
// on. It is for runs that are interrupted: no temporary file is left when it returns,
// whatever other goroutines do.
func (o *Outputs) AbortAll() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = true
	for t := range o.unfinished {
		t.end()
	}
}

// add registers a target.
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

// openItself opens a target that is written directly.
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

// openBeside opens a temporary file in the folder of final, which is path with links
// resolved. info describes the existing file; nil if there is none.
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

// mayWrite returns an error if the file may not be written, which renaming over it
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

// Place is the location of an output, which may not exist yet. Two outputs at the
// same place would be one file.
type Place struct {
	info   os.FileInfo // nil if the file does not exist
	folder os.FileInfo // nil if the folder does not exist
	dir    string      // links resolved
	name   string      // in the form that file systems without case compare
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

// PlaceOfFile returns the place of an output that is already open.
func PlaceOfFile(file *os.File) Place {
	info, _ := file.Stat()
	return Place{info: info}
}

// resolved returns a folder with links resolved, as far as it exists.
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

// Is reports whether the output would be the file: by any name, through links, by
// another hard link, or in another case if the system ignores case. It returns false
// for a terminal, another device or a socket, because reading and writing one, or
// writing one twice, is not a mistake.
func (p Place) Is(file os.FileInfo) bool {
	return p.info != nil && file != nil && !p.shared() && os.SameFile(p.info, file)
}

func (p Place) shared() bool {
	return p.info != nil && p.info.Mode()&(os.ModeDevice|os.ModeSocket) != 0
}

// Same reports whether two outputs would be one file. Names that differ only in case
// count as one on every system, because another system may treat them as one.
func (p Place) Same(other Place) bool {
	if p.Is(other.info) {
		return true
	}
	if p.name == "" || p.name != other.name || p.shared() {
		return false
	}
	return p.dir == other.dir || p.folder != nil && other.folder != nil && os.SameFile(p.folder, other.folder)
}

// maxLinks is how many links are followed before they count as a cycle.
const maxLinks = 40

// followLinks returns the end of a chain of links. Unlike [filepath.EvalSymlinks] it
// also follows a link to a file that does not exist, and leaves folders to the system,
// because "link/../x" is resolved through the link. It stops at a descriptor, whose
// link cannot be followed as a path.
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

// followLink returns the target of a link; ok is false if name is not a link.
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

// isDescriptor reports whether name is an open descriptor of a process; /dev/stdout
// links to one. The file behind it must not be replaced, because other processes that
// share the descriptor would go on writing to the old file.
func isDescriptor(name string) bool {
	for _, pattern := range []string{"/dev/fd/*", "/proc/*/fd/*", "/proc/*/task/*/fd/*"} {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return false
}
