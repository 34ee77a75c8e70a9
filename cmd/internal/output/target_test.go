package output

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func open(t *testing.T, path string) *Target {
	t.Helper()
	target, err := new(Outputs).Open(path)
	require.NoError(t, err)
	t.Cleanup(target.Abort)
	return target
}

func write(t *testing.T, target *Target, text string) {
	t.Helper()
	n, err := target.Write([]byte(text))
	require.NoError(t, err)
	require.Equal(t, len(text), n)
}

func put(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

func textOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	found := []string{}
	for _, e := range entries {
		found = append(found, e.Name())
	}
	return found
}

func TestAbsentFileAppearsWhenWhole(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "out.csv")
	target := open(t, path)
	assert.Equal(t, path, target.Name())
	write(t, target, "a")
	write(t, target, "b")
	assert.NoFileExists(t, path)
	require.NoError(t, target.Commit())
	assert.Equal(t, "ab", textOf(t, path))
	assert.Equal(t, []string{"out.csv"}, names(t, folder))
}

func TestOldFileStandsUntilCommit(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "out.csv")
	put(t, path, "old and longer")
	target := open(t, path)
	write(t, target, "new")
	assert.Equal(t, "old and longer", textOf(t, path))
	require.NoError(t, target.Commit())
	assert.Equal(t, "new", textOf(t, path))
	assert.Equal(t, []string{"out.csv"}, names(t, folder))
}

func TestAbortLeavesTheOldFileAndNoLitter(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "out.csv")
	put(t, path, "old")
	target := open(t, path)
	write(t, target, "new")
	require.Len(t, names(t, folder), 2, "the temporary file is in the same folder")
	target.Abort()
	assert.Equal(t, "old", textOf(t, path))
	assert.Equal(t, []string{"out.csv"}, names(t, folder))
	assert.ErrorIs(t, target.Commit(), fs.ErrClosed)
	assert.Equal(t, "old", textOf(t, path))
}

func TestAbortAfterCommitDoesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.csv")
	target := open(t, path)
	write(t, target, "new")
	require.NoError(t, target.Commit())
	target.Abort()
	assert.Equal(t, "new", textOf(t, path))
	assert.ErrorIs(t, target.Commit(), fs.ErrClosed)
	_, err := target.Write([]byte("late"))
	assert.ErrorIs(t, err, fs.ErrClosed)
}

func TestFileTakesWritesAtOffsets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.csv")
	target := open(t, path)
	require.True(t, target.Replaces())
	for _, offset := range []int64{4, 0, 2} {
		_, err := target.File().WriteAt([]byte{byte('a' + offset), '.'}, offset)
		require.NoError(t, err)
	}
	require.NoError(t, target.Commit())
	assert.Equal(t, "a.c.e.", textOf(t, path))
}

func TestRelativePath(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	target := open(t, "out.csv")
	write(t, target, "new")
	require.NoError(t, target.Commit())
	assert.Equal(t, []string{"out.csv"}, names(t, folder))
}

func TestLongestName(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("n", 255))
	target := open(t, path)
	require.NoError(t, target.Commit())
	assert.FileExists(t, path)
}

func TestWhatCannotBeOpened(t *testing.T) {
	folder := t.TempDir()
	put(t, filepath.Join(folder, "file"), "")
	for _, tt := range []struct{ path, want string }{
		{"", "the name of the output is empty"},
		{folder, "is a folder: name a file in it"},
		{filepath.Join(folder, "absent") + string(filepath.Separator), "is a folder: name a file in it"},
		{filepath.Join(folder, "absent", "out.csv"), "make its folder first"},
		{filepath.Join(folder, "file", "out.csv"), "file"},
	} {
		target, err := new(Outputs).Open(tt.path)
		require.ErrorContains(t, err, tt.want)
		assert.ErrorContains(t, err, tt.path)
		assert.NotContains(t, err.Error(), ".tmp", "a message names what the user named")
		assert.Nil(t, target)
	}
	assert.Equal(t, []string{"file"}, names(t, folder))
}

func TestAbortAll(t *testing.T) {
	folder := t.TempDir()
	var outputs Outputs
	whole, err := outputs.Open(filepath.Join(folder, "whole.csv"))
	require.NoError(t, err)
	require.NoError(t, whole.Commit())
	half, err := outputs.Open(filepath.Join(folder, "half.csv"))
	require.NoError(t, err)
	write(t, half, "half")
	outputs.AbortAll()
	assert.Equal(t, []string{"whole.csv"}, names(t, folder))
	assert.ErrorIs(t, half.Commit(), fs.ErrClosed)
	_, err = outputs.Open(filepath.Join(folder, "late.csv"))
	assert.ErrorIs(t, err, fs.ErrClosed)
	assert.Equal(t, []string{"whole.csv"}, names(t, folder))
}

// TestWhatAKilledRunLeft opens an output in a folder with temporary files of
// several kinds, and expects that only those are removed that no run still writes.
func TestWhatAKilledRunLeft(t *testing.T) {
	folder := t.TempDir()
	place := func(name string, age time.Duration) string {
		path := filepath.Join(folder, name)
		put(t, path, "left")
		at := time.Now().Add(-age)
		require.NoError(t, os.Chtimes(path, at, at))
		return name
	}
	running := open(t, filepath.Join(folder, "running.csv"))
	old := time.Now().Add(-48 * time.Hour)
	require.NoError(t, os.Chtimes(running.temporary, old, old))
	other := fmt.Sprintf("%08x", ^uint32(0))
	require.NotEqual(t, other, machine())
	left := []string{
		filepath.Base(running.temporary),
		place(".ivp-"+other+"00000001.tmp", leftAfter-time.Minute),
		place("ivp-"+machine()+"00000002.tmp", 48*time.Hour),
		place(".ivp-"+machine()+"00000003.tmp.csv", 48*time.Hour),
		place(".ivp-"+machine()+"3.tmp", 48*time.Hour),
	}
	place(".ivp-"+other+"00000004.tmp", leftAfter+time.Minute)
	place(".ivp-"+machine()+"00000005.tmp", 0)
	symlink(t, "running.csv", filepath.Join(folder, ".ivp-"+machine()+"00000006.tmp"))
	left = append(left, ".ivp-"+machine()+"00000006.tmp")
	if running.lock == nil {
		t.Skip("this file system has no locks")
	}
	target := open(t, filepath.Join(folder, "out.csv"))
	assert.ElementsMatch(t, append(left, filepath.Base(target.temporary)), names(t, folder))
	require.NoError(t, running.Commit())
	require.NoError(t, target.Commit())
}

// TestSweepsWhileOthersWrite has several runs open, write and finish outputs in
// one folder, each sweeping it.
func TestSweepsWhileOthersWrite(t *testing.T) {
	folder := t.TempDir()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 25 {
				target, err := new(Outputs).Open(filepath.Join(folder, fmt.Sprint(i, ".", j)))
				if assert.NoError(t, err) {
					assert.NoError(t, target.Commit())
				}
			}
		})
	}
	all.Wait()
	assert.Len(t, names(t, folder), 200)
}

func TestDurable(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, path := range []string{"out.csv", os.DevNull} {
		target := open(t, path)
		target.Durable = true
		write(t, target, "kept")
		require.NoError(t, target.Commit())
	}
	assert.Equal(t, "kept", textOf(t, "out.csv"))
	require.NoError(t, new(Outputs).WriteFile("out.csv", []byte("new")))
	assert.Equal(t, "new", textOf(t, "out.csv"))
}

func TestRenameThatFails(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "out.csv")
	target := open(t, path)
	require.NoError(t, os.MkdirAll(filepath.Join(path, "in the way"), 0o755))
	err := target.Commit()
	require.ErrorContains(t, err, path)
	assert.NotContains(t, err.Error(), ".tmp")
	assert.Equal(t, []string{"out.csv"}, names(t, folder), "no litter")
}

func TestCommitAfterAWriteThatFailed(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "out.csv")
	put(t, path, "old")
	target := open(t, path)
	write(t, target, "half")
	require.NoError(t, target.file.Close(), "so that the next write fails")
	_, wrote := target.Write([]byte("lost"))
	require.ErrorIs(t, wrote, fs.ErrClosed)
	require.ErrorContains(t, wrote, path)
	assert.Equal(t, wrote, target.Commit())
	assert.Equal(t, "old", textOf(t, path), "a half file never takes a place")
	assert.Equal(t, []string{"out.csv"}, names(t, folder))
}

func TestConcurrentTargets(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "out.csv")
	text := func(i int) string { return strings.Repeat(fmt.Sprintf("%02d", i), 10_000) }
	whole := map[string]bool{}
	var all sync.WaitGroup
	for i := range 16 {
		whole[text(i)] = true
		all.Go(func() {
			target, err := new(Outputs).Open(path)
			if !assert.NoError(t, err) {
				return
			}
			_, err = target.Write([]byte(text(i)))
			assert.NoError(t, err)
			assert.NoError(t, target.Commit())
		})
	}
	all.Wait()
	assert.True(t, whole[textOf(t, path)], "one of them, whole")
	assert.Equal(t, []string{"out.csv"}, names(t, folder))
}

func TestHeldOpen(t *testing.T) {
	for _, c := range []struct {
		system, op string
		err        error
		want       bool
	}{
		{"windows", "open", syscall.Errno(32), true},
		{"windows", "replace", syscall.Errno(33), true},
		{"windows", "replace", syscall.Errno(5), true},
		{"windows", "open", syscall.Errno(5), false}, // it is read-only
		{"linux", "open", syscall.Errno(32), false},
		{"windows", "open", nil, false},
	} {
		assert.Equal(t, c.want, heldOpen(c.system, c.op, c.err), c)
	}
}
