package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/ivp"
)

// TestTypeOfReasons compares the union of reasons with those of the library.
func TestTypeOfReasons(t *testing.T) {
	union := "export type Reason =\n"
	for _, outcome := range ivp.Outcomes() {
		union += "  // " + outcome.String() + "\n "
		for _, reason := range ivp.Reasons() {
			if reason.Outcome() == outcome {
				union += " | '" + reason.String() + "'"
			}
		}
		union += "\n"
	}
	types, err := os.ReadFile("../js/ivp.d.mts")
	require.NoError(t, err)
	assert.Contains(t, string(types), strings.TrimSuffix(union, "\n")+";\n")
	assert.Contains(t, string(types), "export type Outcome = 'eligible' | 'not_eligible' | 'undetermined';\n")
}

// TestTypes checks the types of ivp.mjs with a program that uses all of them, and
// against the exports of the module.
func TestTypes(t *testing.T) {
	runs := node(t)
	compiler := filepath.Join(testkit.Modules(t, "../../../testdata/typescript", "typescript"), "typescript", "bin", "tsc")
	place := t.TempDir()
	for _, from := range []string{"testdata/use.mts", "../js/ivp.d.mts", "../js/ivp.mjs"} {
		text, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(place, filepath.Base(from)), text, 0o600))
	}
	cmd := exec.Command(runs, compiler, "--noEmit", "--strict", "--noUncheckedIndexedAccess", "--target", "es2024", "--module", "nodenext", "--lib", "es2024,dom", "use.mts")
	cmd.Dir = place
	out, err := cmd.CombinedOutput()
	assert.NoError(t, err, string(out))

	cmd = exec.Command(runs, "--input-type=module", "-e", `console.log(Object.keys(await import('./ivp.mjs')).join(' '))`)
	cmd.Dir = builtFolder(t)
	out, err = cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Equal(t, "IVPError check checkCSV load rules tables timeline\n", string(out), "ivp.d.mts and its test must know all that the module exports")
}
