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
	"time"
)

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
