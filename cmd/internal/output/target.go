// Package output is where results go: a file that appears only when it is
// whole, or a device or pipe that is written as it is. What is written, and in
// which format, is no concern of it.
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
	"time"
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

// tries is how many names are tried for a temporary file; with 32 bits chosen
// at random the first is almost always free.
const tries = 100

// temporaryName matches the names of temporary files: after ".ivp-" eight digits
// that name the machine, and eight at random.
var temporaryName = regexp.MustCompile(`^\.ivp-([0-9a-f]{8})[0-9a-f]{8}\.tmp$`)

// machine names this machine in the names of temporary files.
func machine() string {
	name, _ := os.Hostname() // one without a name is as good as any other
	hash := fnv.New32a()
	hash.Write([]byte(name))
	return fmt.Sprintf("%08x", hash.Sum32())
}

// createTemporary creates a file beside final with the permission bits of info,
// or, where that is nil, with those that a new file gets. [os.CreateTemp] would
// not do: it ignores the umask. The name does not contain that of final, which
// may be as long as the system allows.
//
// The second file holds the lock that keeps [Outputs.sweep] of other processes
// away until it is closed; it is nil where the file system has no locks.
func createTemporary(final string, info fs.FileInfo) (file, lock *os.File, err error) {
	folder, _ := filepath.Split(final)
	create := fs.FileMode(0o666)
	if info != nil {
		create = 0o600 // no wider than the old file while it is being written
	}
	err = fs.ErrExist
	for i := 0; i < tries && errors.Is(err, fs.ErrExist); i++ {
		name := fmt.Sprintf("%s.ivp-%s%08x.tmp", folder, machine(), rand.Uint32())
		if file, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, create); err != nil {
			continue
		}
		if lock, err = lockFile(name); errors.Is(err, errLocked) {
			file.Close() // another process took it for an old one and removes it
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

// keepMode sets the permission bits where they differ: a file system that has
// none of its own refuses to set them at all.
func keepMode(file *os.File, want fs.FileMode) error {
	info, err := file.Stat()
	if err != nil || info.Mode().Perm() == want {
		return err
	}
	return file.Chmod(want)
}

const (
	// leftAfter is for how long a file must not have been written before it is old
	// whatever its lock says: the locks of other machines are not always seen.
	leftAfter = 24 * time.Hour
	// mostSwept is how many names of a folder are looked at.
	mostSwept = 100_000
)

// sweep removes from the folder of final, once, the temporary files of runs that
// were killed. A file is removed only if it has our name, is regular, and no
// process has it locked; and then only if it was made on this machine, whose
// locks are seen, or has not been written for [leftAfter]. Where there are no
// locks only the latter counts. What cannot be removed stays.
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

// errLocked is the error of a file that another process has locked, or that has
// been removed meanwhile.
var errLocked = errors.New("the file is locked")

// lockFile opens a file and locks it until it is closed or the process ends. The
// error is [errLocked], or [errors.ErrUnsupported] where the file system has no
// locks, or that of opening the file.
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

// WriteFile writes a file whole, or not at all, as [Outputs.Open] and Commit do,
// and waits until it is on the disk: such files are small and not made again with
// ease.
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
