//go:build unix

package output

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func modeOf(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

func TestModeOfTheOldFileIsKept(t *testing.T) {
	for _, mode := range []fs.FileMode{0o600, 0o640, 0o666, 0o755} {
		path := filepath.Join(t.TempDir(), "out.csv")
		put(t, path, "old")
		require.NoError(t, os.Chmod(path, mode))
		target := open(t, path)
		assert.Equal(t, mode, modeOf(t, target.temporary), "it is no wider while it is being written")
		require.NoError(t, target.Commit())
		assert.Equal(t, mode, modeOf(t, path))
	}
}

// The umask belongs to the whole process, so this test must not run beside
// others.
func TestModeOfANewFileFollowsTheUmask(t *testing.T) {
	for _, umask := range []int{0o022, 0o077, 0} {
		path := filepath.Join(t.TempDir(), "out.csv")
		old := syscall.Umask(umask)
		target, err := new(Outputs).Open(path)
		syscall.Umask(old)
		require.NoError(t, err)
		require.NoError(t, target.Commit())
		assert.Equal(t, fs.FileMode(0o666&^umask), modeOf(t, path))
	}
}

func TestWithoutPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("nothing is forbidden to root")
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "out.csv")
	put(t, path, "old")
	require.NoError(t, os.Chmod(path, 0o444))
	_, err := new(Outputs).Open(path)
	require.ErrorIs(t, err, fs.ErrPermission, "a file that may not be written is not replaced")
	require.NoError(t, os.Chmod(path, 0o644))
	require.NoError(t, os.Chmod(folder, 0o555))
	defer os.Chmod(folder, 0o755)
	_, err = new(Outputs).Open(path)
	require.ErrorIs(t, err, fs.ErrPermission)
	assert.ErrorContains(t, err, "that folder must be writable")
	assert.Equal(t, []string{"out.csv"}, names(t, folder))
}

func fifo(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	return path
}

func TestFIFO(t *testing.T) {
	path := fifo(t)
	read := make(chan string, 1)
	go func() {
		text, _ := os.ReadFile(path)
		read <- string(text)
	}()
	target := open(t, path)
	assert.False(t, target.Replaces(), "a pipe takes its bytes in order")
	write(t, target, "through")
	require.NoError(t, target.Commit())
	assert.Equal(t, "through", <-read)
	info, err := os.Lstat(path)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeNamedPipe, "the pipe stays a pipe")
	assert.Equal(t, []string{"pipe"}, names(t, filepath.Dir(path)))
}

func TestFIFOWhoseReaderHasLeft(t *testing.T) {
	path := fifo(t)
	reader := make(chan *os.File, 1)
	go func() {
		f, _ := os.Open(path)
		reader <- f
	}()
	target := open(t, path)
	require.NoError(t, (<-reader).Close())
	_, err := target.Write([]byte("lost"))
	require.ErrorIs(t, err, syscall.EPIPE)
	assert.ErrorIs(t, target.Commit(), syscall.EPIPE)
}

func TestAbortEndsAWriteThatWaits(t *testing.T) {
	path := fifo(t)
	reader := make(chan *os.File, 1)
	go func() {
		f, _ := os.Open(path)
		reader <- f
	}()
	target := open(t, path)
	defer (<-reader).Close()
	done := make(chan error, 1)
	go func() {
		_, err := target.Write(make([]byte, 4<<20)) // more than a pipe holds
		done <- err
	}()
	time.Sleep(10 * time.Millisecond)
	target.Abort()
	assert.ErrorIs(t, <-done, fs.ErrClosed)
}

func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	target := open(t, "/dev/full")
	_, err := target.Write([]byte("lost"))
	require.ErrorIs(t, err, syscall.ENOSPC)
	assert.ErrorContains(t, err, "/dev/full")
	assert.ErrorIs(t, target.Commit(), syscall.ENOSPC, "an error that was overlooked is told again")
}

func TestDevNull(t *testing.T) {
	target := open(t, os.DevNull)
	write(t, target, "gone")
	require.NoError(t, target.Commit())
}

// What another program has already written to a shared descriptor stays, and
// the file behind it is written, not replaced.
func TestDescriptorOfTheProcess(t *testing.T) {
	if _, err := os.Stat("/dev/fd/1"); err != nil {
		t.Skip("this system has no /dev/fd")
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "log")
	put(t, path, "before,")
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer file.Close()
	link := filepath.Join(folder, "link")
	symlink(t, fmt.Sprintf("/dev/fd/%d", file.Fd()), link)
	target := open(t, link)
	assert.False(t, target.Replaces())
	write(t, target, "ours")
	require.NoError(t, target.Commit())
	assert.Equal(t, "before,ours", textOf(t, path))
	assert.Equal(t, []string{"link", "log"}, names(t, folder))
}

func TestFileUnderALinkOfTheSystemIsReplaced(t *testing.T) {
	if _, err := os.Stat("/proc/self/cwd"); err != nil {
		t.Skip("this system has no /proc")
	}
	folder := t.TempDir()
	t.Chdir(folder)
	put(t, "out.csv", "old and longer")
	target := open(t, "/proc/self/cwd/out.csv")
	write(t, target, "new")
	require.NoError(t, target.Commit())
	assert.Equal(t, "new", textOf(t, "out.csv"))
}
