//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package output

import (
	"errors"
	"os"
)

// tryLock locks nothing. Windows removes no file that a process has open.
func tryLock(*os.File) error { return errors.ErrUnsupported }
