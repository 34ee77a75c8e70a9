//go:build unix

package main

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// takesColour reports whether the terminal shows colours.
func takesColour(*os.File) bool { return true }

// ownsConsole reports whether the terminal was opened for this program.
func ownsConsole() bool { return false }

// mayBeClosed reports whether a stream may have been closed when the program
// began, as by >&-. Go then opens the null device for reading and writing instead, so
// that no other file gets its number; a shell opens that device only for writing. Some
// programs that want no output open it for both, which looks the same.
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

// isClosedPipe reports whether a write failed because the reader has closed the pipe.
func isClosedPipe(err error) bool { return errors.Is(err, unix.EPIPE) }
