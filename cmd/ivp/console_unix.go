//go:build unix

package main

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// takesColour reports whether a terminal understands colours.
func takesColour(*os.File) bool { return true }

// mayBeClosed reports whether a stream may have been closed when the program
// began, as by >&-. Go then opens the null device for reading and writing in its
// place, so that no other file takes its number; a shell opens that device for
// writing alone. Some programs open it for both when they want no output, which
// cannot be told apart.
func mayBeClosed(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return true
	}
	null, err := os.Stat(os.DevNull)
	if err != nil || !os.SameFile(info, null) {
		return false
	}
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	return err == nil && flags&unix.O_ACCMODE == unix.O_RDWR
}

// isClosedPipe reports whether a write failed because nobody reads any more.
func isClosedPipe(err error) bool { return errors.Is(err, unix.EPIPE) }
