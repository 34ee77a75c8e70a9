package output

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func open(t *testing.T, path string) *Target {
	t.Helper()
	target, err := Open(t.Context(), path)
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
		target, err := Open(t.Context(), tt.path)
		require.ErrorContains(t, err, tt.want)
		assert.ErrorContains(t, err, tt.path)
		assert.NotContains(t, err.Error(), ".tmp", "a message names what the user named")
		assert.Nil(t, target)
	}
	assert.Equal(t, []string{"file"}, names(t, folder))
}

func TestOpenAfterTheContextHasEnded(t *testing.T) {
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Open(ctx, filepath.Join(folder, "out.csv"))
	assert.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, names(t, folder))
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
			target, err := Open(t.Context(), path)
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
