package output

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWindowLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a large file")
	}
	path := filepath.Join(t.TempDir(), "large")
	target := open(t, path)
	part := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	// A file with a hole is as large as the window asks, and takes no time.
	from := int64(windowFrom)
	for n := range int64(80) {
		_, err := target.WriteAt(part, from+n*int64(len(part)))
		require.NoError(t, err)
	}
	assert.Greater(t, target.window.done, from, "the window moves on")
	require.NoError(t, target.Commit())
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	got := make([]byte, 80*len(part))
	_, err = file.ReadAt(got, from)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(bytes.Repeat(part, 80), got))
}
