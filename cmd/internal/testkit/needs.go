package testkit

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

// Example is a code block, and the block "output" after it, with what it prints.
type Example struct {
	path       string
	start, end int // the byte offsets of the output in the file

	Code, Output string
}

// pattern matches a code block of a language and the output after it, with at most
// one line of text between them.
func pattern(language string) *regexp.Regexp {
	return regexp.MustCompile("(?m)^```" + language + "\n((?:[^`].*\n|\n)+)```\n\n(?:[^`\n].*\n\n)?```output\n((?:[^`].*\n|\n)*)```$")
}

// Examples returns the examples of a language in the file at path, in order. It fails
// the test if there is none.
func Examples(t testing.TB, path, language string) (examples []*Example) {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range pattern(language).FindAllSubmatchIndex(text, -1) {
		examples = append(examples, &Example{path, m[4], m[5], string(text[m[2]:m[3]]), string(text[m[4]:m[5]])})
	}
	if len(examples) == 0 {
		t.Fatalf("%s shows no example in %s with its output", path, language)
	}
	return examples
}

// Settle compares what the example prints with what the file shows or, with the test's
// flag -update, writes it to the file. The examples of one file must be settled from
// the last to the first, because writing one moves those after it.
func (e *Example) Settle(t testing.TB, printed string) {
	t.Helper()
	if printed == e.Output {
		return
	}
	if f := flag.Lookup("update"); f == nil || f.Value.String() != "true" {
		t.Errorf("%s shows an example that prints something else; -update rewrites it\nshown:\n%s\nprinted:\n%s", filepath.Base(e.path), e.Output, printed)
		return
	}
	text, err := os.ReadFile(e.path)
	if err == nil {
		changed := append(append(text[:e.start:e.start], printed...), text[e.end:]...)
		err = os.WriteFile(e.path, changed, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}
