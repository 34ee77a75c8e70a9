package output

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// tries is how many names are tried for a temporary file; with 64 bits chosen
// at random the first is free.
const tries = 100

// createTemporary creates a file beside final with the permission bits of info,
// or, where that is nil, with those that a new file gets. [os.CreateTemp] would
// not do: it ignores the umask. The name does not contain that of final, which
// may be as long as the system allows.
func createTemporary(final string, info fs.FileInfo) (*os.File, error) {
	folder, _ := filepath.Split(final)
	create := fs.FileMode(0o666)
	if info != nil {
		create = 0o600 // no wider than the old file while it is being written
	}
	var file *os.File
	err := fs.ErrExist
	for i := 0; i < tries && errors.Is(err, fs.ErrExist); i++ {
		name := fmt.Sprintf("%s.ivp-%016x.tmp", folder, rand.Uint64())
		file, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, create)
	}
	if err != nil {
		return nil, err
	}
	if info == nil {
		return file, nil
	}
	if err := keepMode(file, info.Mode().Perm()); err != nil {
		file.Close()
		os.Remove(file.Name())
		return nil, err
	}
	return file, nil
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
