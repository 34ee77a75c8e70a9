package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
)

// TestCheckOnConformanceVectors checks every file of vectors and every byte pair with
// ivp check.
func TestCheckOnConformanceVectors(t *testing.T) {
	check := func(text []byte, flags ...string) []byte {
		file := filepath.Join(t.TempDir(), "inventory.csv")
		require.NoError(t, os.WriteFile(file, text, 0o600))
		var p program
		code := p.run(append([]string{"check", "-q", "--format", "csv", "--fail-on", "none", "--allow-empty", file}, flags...)...)
		require.Zero(t, code, p.stderr.String())
		return p.stdout.Bytes()
	}
	for _, f := range testkit.VectorFiles(t) {
		var flags []string
		if f.Terms.AsAt != "" {
			flags = append(flags, "--as-at", f.Terms.AsAt)
		}
		if f.Terms.LastDay != "" {
			flags = append(flags, "--last-day", f.Terms.LastDay)
		}
		if f.Terms.AssumeOpen {
			flags = append(flags, "--assume-open")
		}
		f.CompareCSV(t, check(f.Text, flags...))
	}
	for _, p := range testkit.BytePairs(t) {
		assert.Equal(t, string(p.Checked), string(check(p.Input)), p.Name)
	}
}
