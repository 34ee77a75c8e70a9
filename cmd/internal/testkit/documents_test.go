package testkit

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReadmeCounts checks the number of vectors in README.md.
func TestReadmeCounts(t *testing.T) {
	text, err := os.ReadFile("../../../README.md")
	require.NoError(t, err)
	devices := 0
	files := VectorFiles(t)
	for _, f := range files {
		devices += len(f.Devices)
	}
	assert.Contains(t, string(text), fmt.Sprintf("%d,%03d devices on %d sets of terms", devices/1000, devices%1000, len(files)))
}
