// Package output opens and writes outputs: files that appear only when complete, and
// devices and pipes, which are written directly. It does not know formats.
package output

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"syscall"
	"time"
)

// Target is an output opened by [Outputs.Open]. Commit or Abort ends it, whichever is
// called first; use `defer t.Abort()` after Open. The zero value is not usable. Its
// methods are not for concurrent use, except that Abort and [Outputs.AbortAll] may be
// called during another call.
type Target struct {
	// Durable makes Commit wait until the file and its name in the folder are on the
	// disk. Without it either the old or the new file is there whatever happens to the
	// program, but a crash of the system soon after the run may lose the new one.
	Durable bool

	of   *Outputs
	name string // as the user gave it
	file *os.File
	lock *os.File // see createTemporary
	// temporary is the file that is written, and final the name that it gets when
	// complete; both are empty if the target is written directly.
	temporary, final string
	failed           error // the error of the first Write that failed
	window           window
	ended            bool // guarded by of.mu
}

// Name returns the target's path as the user gave it.
func (t *Target) Name() string { return t.name }

// Replaces reports whether a new file is written, which Commit moves to its place.
// The parts of such a file may be written in any order. A device, a pipe or a
// descriptor of the process must be written in order, by Write.
func (t *Target) Replaces() bool { return t.temporary != "" }

// File returns the file that is written, for writes at any offset if
// [Target.Replaces]. The caller must not close it, and must call Abort if its own
// writes fail, because Commit sees only errors of Write.
func (t *Target) File() *os.File { return t.file }

// Write appends p, unbuffered. The error names the target. Once Write has failed,
// Commit fails too.
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

// Commit closes a complete output and moves it to its place. If it fails (because a
// Write failed before, or closing or replacing fails), the previous file is still
// there and the temporary file is removed; what was written to a device or pipe stays
// written. After Commit or Abort it returns an error that is [fs.ErrClosed].
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
	// A network file system may report a failed write only when the file is closed.
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

// place renames the file to its final name, unless the target has been aborted.
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

// forget ends the target. The lock is released last, so that no other process takes
// the temporary file for an abandoned one.
func (t *Target) forget() {
	t.ended = true
	delete(t.of.unfinished, t)
	closeBoth(t.file, t.lock)
}

// Abort discards the output: the temporary file is removed. What was written to a
// device or pipe stays written. After Commit or Abort it does nothing.
func (t *Target) Abort() {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	t.end()
}

// end is Abort for callers that hold the mutex.
func (t *Target) end() {
	if t.ended {
		return
	}
	t.forget()
	if t.Replaces() {
		os.Remove(t.temporary)
		t.of.aborted = append(t.of.aborted, t.name)
	}
}

// Sync waits until what was written to a file is on the disk. For a pipe, a terminal
// or another device it does nothing.
func Sync(file *os.File) error {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	return file.Sync()
}

// syncFolder waits until the name of a file is on the disk. Windows cannot do that
// for a folder; there the file system's journal protects names.
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

// fault returns err with the path that the user gave instead of that of a temporary
// file.
func fault(op, name string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	if heldOpen(runtime.GOOS, op, err) {
		err = fmt.Errorf("another program, such as Excel, has the file open: close it there, or write to another file (%w)", err)
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// tries is how many names are tried for a temporary file; with 32 random bits the
// first is almost always free.
const tries = 100

// temporaryName matches the names of temporary files: after ".ivp-" eight digits that
// identify the machine, and eight random ones.
var temporaryName = regexp.MustCompile(`^\.ivp-([0-9a-f]{8})[0-9a-f]{8}\.tmp$`)

// machine returns the digits that identify this machine in names of temporary files.
func machine() string {
	name, _ := os.Hostname() // "" is as good as any other
	hash := fnv.New32a()
	hash.Write([]byte(name))
	return fmt.Sprintf("%08x", hash.Sum32())
}

// heldOpen reports whether an error of a system says that another program has the file
// open. On Windows, Excel allows nobody else to write to a workbook that it shows.
func heldOpen(system, op string, err error) bool {
	const accessDenied, sharingViolation, lockViolation = syscall.Errno(5), syscall.Errno(32), syscall.Errno(33)
	return system == "windows" && (errors.Is(err, sharingViolation) || errors.Is(err, lockViolation) || op == "replace" && errors.Is(err, accessDenied))
}

// createTemporary creates a file in the folder of final with the permission bits of
// info or, if info is nil, those of a new file. [os.CreateTemp] cannot be used because
// it ignores the umask. The name does not contain that of final, which may be as long
// as the system allows.
//
// The second file has the lock that prevents [Outputs.sweep] of other processes from
// removing the first; it is nil if the file system has no locks.
func createTemporary(final string, info fs.FileInfo) (file, lock *os.File, err error) {
	folder, _ := filepath.Split(final)
	create := fs.FileMode(0o666)
	if info != nil {
		create = 0o600 // while it is written, no more open than the old file
	}
	err = fs.ErrExist
	for i := 0; i < tries && errors.Is(err, fs.ErrExist); i++ {
		name := fmt.Sprintf("%s.ivp-%s%08x.tmp", folder, machine(), rand.Uint32())
		if file, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, create); err != nil {
			continue
		}
		if lock, err = lockFile(name); errors.Is(err, errLocked) {
			file.Close() // another process took it for an abandoned one and removes it
			err = fs.ErrExist
		}
	}
	if file == nil || errors.Is(err, fs.ErrExist) {
		return nil, nil, err
	}
	if info == nil {
		return file, lock, nil
	}
	if err := keepMode(file, info.Mode().Perm()); err != nil {
		closeBoth(file, lock)
		os.Remove(file.Name())
		return nil, nil, err
	}
	return file, lock, nil
}

func closeBoth(file, lock *os.File) {
	file.Close()
	if lock != nil {
		lock.Close()
	}
}

// keepMode sets the permission bits if they differ: a file system without permission
// bits refuses every change.
func keepMode(file *os.File, want fs.FileMode) error {
	info, err := file.Stat()
	if err != nil || info.Mode().Perm() == want {
		return err
	}
	return file.Chmod(want)
}

const (
	// leftAfter is the age after which a file counts as abandoned on any machine, as
	// the locks of other machines are not always visible.
	leftAfter = 24 * time.Hour
	// mostSwept is how many names of a folder are examined.
	mostSwept = 100_000
)

// sweep removes the temporary files of killed runs from the folder of final, once per
// folder. A file is removed only if its name matches, it is regular, no process has
// locked it, and it either was made on this machine or has not been written for
// [leftAfter]. If the file system has no locks, its age alone decides. Files that
// cannot be removed stay.
func (o *Outputs) sweep(final string) {
	folder := filepath.Dir(final)
	if o.swept[folder] {
		return
	}
	if o.swept == nil {
		o.swept = map[string]bool{}
	}
	o.swept[folder] = true
	f, err := os.Open(folder)
	if err != nil {
		return
	}
	defer f.Close()
	names, _ := f.Readdirnames(mostSwept)
	for _, name := range names {
		if match := temporaryName.FindStringSubmatch(name); match != nil {
			removeLeft(filepath.Join(folder, name), match[1] == machine())
		}
	}
}

func removeLeft(path string, ours bool) {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	old := time.Since(info.ModTime()) > leftAfter
	if !old && !ours {
		return
	}
	lock, err := lockFile(path)
	if lock != nil {
		defer lock.Close()
	}
	if err == nil || errors.Is(err, errors.ErrUnsupported) && old {
		os.Remove(path)
	}
}

// errLocked is the error for a file that another process has locked, or that has been
// removed.
var errLocked = errors.New("the file is locked")

// lockFile opens a file and locks it until it is closed or the process ends. The error
// is [errLocked], or [errors.ErrUnsupported] if the file system has no locks, or the
// error of opening the file.
func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errLocked
	case err != nil:
		return nil, err
	}
	err = tryLock(file)
	if err == nil {
		mine, errMine := file.Stat()
		there, errThere := os.Lstat(path)
		if errMine == nil && errThere == nil && os.SameFile(mine, there) {
			return file, nil
		}
		err = errLocked
	}
	file.Close()
	return nil, err
}

// WriteFile writes a file completely or not at all, as [Outputs.Open] and Commit do,
// and waits until it is on the disk: it is used for small files that are laborious to
// make again.
func (o *Outputs) WriteFile(path string, data []byte) error {
	target, err := o.Open(path)
	if err != nil {
		return err
	}
	defer target.Abort()
	target.Durable = true
	target.Write(data) // Commit returns its error
	return target.Commit()
}
