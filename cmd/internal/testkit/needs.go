package testkit

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// Program returns the path of a program: one in PATH, or in one of the folders, which
// may be patterns. Without it the test is skipped, and in CI it fails.
func Program(t testing.TB, name string, places ...string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, place := range places {
		if found, _ := filepath.Glob(filepath.Join(place, name)); len(found) > 0 {
			return found[len(found)-1]
		}
	}
	missing(t, name)
	return ""
}

// Modules returns the node_modules of a folder, in which the npm package must be
// installed, as [Program] requires.
func Modules(t testing.TB, folder, name string) string {
	t.Helper()
	return installed(t, filepath.Join(folder, "node_modules"), name, "npm install in "+filepath.Base(folder))
}

// PythonModules returns the folder python of a folder, in which the Python package
// must be installed, as [Program] requires.
func PythonModules(t testing.TB, folder, name string) string {
	t.Helper()
	return installed(t, filepath.Join(folder, "python"), name, "pip install --target python -r requirements.txt in "+filepath.Base(folder))
}

// installed returns the folder of packages, in which the named one must exist.
func installed(t testing.TB, folder, name, how string) string {
	t.Helper()
	path, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(path, name)); err != nil {
		missing(t, name+" ("+how+")")
	}
	return path
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is not installed; CI must have it", what)
	}
	t.Skipf("%s is not installed: this test requires it", what)
}

// Buffer keeps what a program writes, so that a test can read it while the program
// runs. The zero value is empty.
type Buffer struct {
	lock sync.Mutex
	text bytes.Buffer
}

// Write appends to the buffer.
func (b *Buffer) Write(p []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.Write(p)
}

// String returns the text written so far.
func (b *Buffer) String() string {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.String()
}

// Reset empties the buffer.
func (b *Buffer) Reset() {
	b.lock.Lock()
	defer b.lock.Unlock()
	b.text.Reset()
}
