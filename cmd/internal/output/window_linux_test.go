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
	path := filepath.Join(t.TempDir(), "large")
	target := open(t, path)
	target.window.end = windowFrom // as if so much had been written
	target.window.done = windowFrom
	part := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for range 80 {
		write(t, target, string(part))
	}
	assert.Greater(t, target.window.done, int64(windowFrom), "the window moves on")
	require.NoError(t, target.Commit())
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(bytes.Repeat(part, 80), got))
}
