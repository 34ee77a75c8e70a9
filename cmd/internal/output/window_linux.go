package output

import (
	"os"

	"golang.org/x/sys/unix"
)

// window keeps what of a very large output waits in memory for the disk to two
// stretches: one that is being written out, and one that fills. Left to itself
// the system lets gigabytes gather and then stops the program over and over:
// 60 million rows (8 GB) took 46 seconds so and 19 with the window, on the
// machine where both were run in turn. Outputs that fit into memory with ease
// gain nothing by it, and stay there for whoever reads them next.
type window struct {
	end  int64 // of what has been written
	done int64 // what is on disk, and let go from memory
}

const (
	// windowFrom is the size from which an output counts as very large.
	windowFrom = 1 << 30
	// windowSize is a stretch; 8 to 16 MiB served best, 64 less well.
	windowSize = 16 << 20
)

// wrote tells the window of n more bytes. The system's refusal to be advised is
// no fault of the output.
func (w *window) wrote(f *os.File, n int) {
	w.end += int64(n)
	if w.end < windowFrom {
		return
	}
	fd := int(f.Fd())
	for w.end-w.done > 2*windowSize {
		const wait = unix.SYNC_FILE_RANGE_WAIT_BEFORE | unix.SYNC_FILE_RANGE_WRITE | unix.SYNC_FILE_RANGE_WAIT_AFTER
		_ = unix.SyncFileRange(fd, w.done, windowSize, wait)
		_ = unix.Fadvise(fd, w.done, windowSize, unix.FADV_DONTNEED)
		w.done += windowSize
		_ = unix.SyncFileRange(fd, w.done, windowSize, unix.SYNC_FILE_RANGE_WRITE)
	}
}
