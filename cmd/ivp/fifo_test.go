//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOutputOntoAFIFO(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	path := writeFile(t, "a.csv", heading+"SMETS2 v4.2,2022-01-10,\n")
	read := make(chan string, 1)
	go func() {
		text, _ := os.ReadFile(fifo)
		read <- string(text)
	}()
	code, stderr := runWith(t.Context(), nil, nil, "check", "-o", fifo, path)
	require.Equal(t, 0, code, stderr)
	assert.Contains(t, <-read, "eligible,within-period")
	info, err := os.Lstat(fifo)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeNamedPipe, "the pipe stays a pipe")
}
