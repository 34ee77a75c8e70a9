package testkit

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

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
