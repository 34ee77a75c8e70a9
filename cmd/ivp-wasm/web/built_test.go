package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	_ "github.com/mp196/ivp/cmd/internal/query" // part of the WebAssembly: a change of it must invalidate cached test results
	"github.com/mp196/ivp/cmd/internal/testkit"
)

// folder builds the web folder, once for all tests.
var folder = sync.OnceValues(func() (string, error) {
	place, err := os.MkdirTemp("", "ivp-web-")
	if err != nil {
		return "", err
	}
	_, err = build(place, "")
	return place, err
})

// program builds the command line, once for all tests.
var program = sync.OnceValues(func() (string, error) {
	place, err := os.MkdirTemp("", "ivp-program-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(place, "ivp")
	_, err = goTool("build", "-o", path, "github.com/mp196/ivp/cmd/ivp")
	return path, err
})

var built, programBuilt bool

// byProgram returns what the command line writes to its standard output.
func byProgram(t *testing.T, args ...string) []byte {
	t.Helper()
	programBuilt = true
	path, err := program()
	require.NoError(t, err)
	out, err := exec.Command(path, args...).Output()
	require.NoError(t, err)
	return out
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built {
		if place, err := folder(); err == nil {
			os.RemoveAll(place)
		}
	}
	if programBuilt {
		if path, err := program(); err == nil {
			os.RemoveAll(filepath.Dir(path))
		}
	}
	os.Exit(code)
}

// builtFolder returns the built folder. It opens the sources of the adapter, so that
// their changes invalidate cached test results.
func builtFolder(t *testing.T) string {
	t.Helper()
	sources, err := filepath.Glob("../*.go")
	require.NoError(t, err)
	require.NotEmpty(t, sources)
	for _, source := range sources {
		_, err := os.ReadFile(source)
		require.NoError(t, err)
	}
	built = true
	place, err := folder()
	require.NoError(t, err)
	return place
}

func node(t *testing.T) string { return testkit.Program(t, "node") }

// askNode runs a script in Node.js with questions and returns its replies.
func askNode[Reply any](t *testing.T, script, of string, questions any) (replies []Reply) {
	t.Helper()
	text, err := json.Marshal(questions)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "questions.json")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	cmd := exec.Command(node(t), "--no-warnings", script, of, file)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	require.NoError(t, err, fmt.Sprint(&problems))
	require.NoError(t, json.Unmarshal(out, &replies))
	return replies
}
