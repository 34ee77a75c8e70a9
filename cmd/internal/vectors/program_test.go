package vectors

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// program builds the program and returns a function that has it check a text.
func program(t *testing.T) func(text []byte, flags ...string) []byte {
	ivp := filepath.Join(t.TempDir(), "ivp")
	out, err := exec.Command("go", "build", "-o", ivp, "github.com/mp196/ivp/cmd/ivp").CombinedOutput()
	require.NoError(t, err, string(out))
	file := filepath.Join(t.TempDir(), "inventory.csv")
	return func(text []byte, flags ...string) []byte {
		require.NoError(t, os.WriteFile(file, text, 0o600))
		cmd := exec.Command(ivp, append(append([]string{"check", "-q", "--format", "csv", "--fail-on", "none", "--allow-empty"}, flags...), file)...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		require.NoError(t, err, stderr.String())
		return out
	}
}

// TestProgram holds ivp check against every file and every pair.
func TestProgram(t *testing.T) {
	check := program(t)
	for _, f := range Files(t) {
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
	for _, p := range Bytes(t) {
		assert.Equal(t, string(p.Checked), string(check(p.Input)), p.Name)
	}
}

func TestBytes(t *testing.T) {
	pairs := Bytes(t)
	require.Greater(t, len(pairs), 15)
	for _, p := range pairs {
		assert.NotContains(t, p.Name, ".checked")
		assert.NotEmpty(t, p.Input, p.Name)
		assert.Contains(t, string(p.Checked), "ivp_outcome", p.Name)
	}
}
