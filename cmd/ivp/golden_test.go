package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the golden files anew")

const casesDir = "../../testdata/cli"

// program is the real program with a fixed day, so that a test can drive it.
type program struct {
	stdin          string
	stdout, stderr bytes.Buffer
	closed         *os.File // stdout, if not nil
}

func (p *program) run(args ...string) (code int) {
	command := Command{
		Stdin:  strings.NewReader(p.stdin),
		Stdout: &p.stdout,
		Stderr: &p.stderr,
		Getenv: func(string) string { return "" },
		Now:    func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	}
	if p.closed != nil {
		command.Stdout = p.closed
	}
	return command.Main(context.Background(), args)
}

// golden is a case of the command line: its arguments, files under in/ and stdin, and
// the expected exit code, stdout, stderr and files under out/.
type golden struct {
	name, path string
	args       []string
	files      map[string]string
}

// isGiven reports whether a file of a case is an input.
func isGiven(name string) bool { return name == "stdin" || strings.HasPrefix(name, "in/") }

// TestGolden runs every case under testdata/cli. A case is an archive, NAME.txtar: the
// command, its exit code, and the files. A case whose bytes an archive cannot contain is
// a folder with these files, args (one word on each line) and exit.
func TestGolden(t *testing.T) {
	for _, c := range goldenCases(t) {
		t.Run(c.name, func(t *testing.T) {
			got := c.run(t, nil)
			if *update {
				c.write(t, got)
				return
			}
			assert.Equal(t, c.files, got)
		})
	}
}

func goldenCases(t *testing.T) (cases []golden) {
	entries, err := os.ReadDir(casesDir)
	require.NoError(t, err)
	require.Greater(t, len(entries), 100)
	for _, entry := range entries {
		path, err := filepath.Abs(filepath.Join(casesDir, entry.Name()))
		require.NoError(t, err)
		c := golden{name: strings.TrimSuffix(entry.Name(), ".txtar"), path: path}
		if entry.IsDir() {
			c.readFolder(t)
		} else {
			c.readPage(t)
		}
		cases = append(cases, c)
	}
	return cases
}

func (c golden) write(t *testing.T, files map[string]string) {
	if strings.HasSuffix(c.path, ".txtar") {
		c.writePage(t, files)
	} else {
		c.writeFolder(t, files)
	}
}

// run runs a case in a new folder, with closed as stdout if that is not nil, and returns
// its files with the results.
func (c golden) run(t *testing.T, closed *os.File) map[string]string {
	place := t.TempDir()
	got := map[string]string{}
	for name, text := range c.files {
		if !isGiven(name) {
			continue
		}
		got[name] = text
		if own, ok := strings.CutPrefix(name, "in/"); ok {
			path := filepath.Join(place, own)
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
			require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		}
	}
	t.Chdir(place)
	p := program{stdin: c.files["stdin"], closed: closed}
	got["exit"] = fmt.Sprintln(p.run(c.args...))
	put := func(name, text string) {
		if text != "" {
			got[name] = text
		}
	}
	put("stdout", p.stdout.String())
	put("stderr", p.stderr.String())
	for name, text := range filesUnder(t, place) {
		if before, given := c.files["in/"+name]; !given || before != text {
			put("out/"+name, text)
		}
	}
	return got
}

// readPage reads a case from an archive. Its first line is the command, its second the
// exit code.
func (c *golden) readPage(t *testing.T) {
	archive, err := txtar.ParseFile(c.path)
	require.NoError(t, err)
	command, rest, _ := strings.Cut(string(archive.Comment), "\n")
	command, ok := strings.CutPrefix(command, "$ ivp")
	require.True(t, ok, "want a first line such as: $ ivp check stock.csv")
	c.args, c.files = []string{}, map[string]string{} // nil would be the arguments of the test itself
	for command = strings.TrimSpace(command); command != ""; command = strings.TrimSpace(command) {
		word, _, _ := strings.Cut(command, " ")
		command = command[len(word):]
		if strings.HasPrefix(word, `"`) {
			quoted, err := strconv.QuotedPrefix(word + command)
			require.NoError(t, err)
			command = (word + command)[len(quoted):]
			word, err = strconv.Unquote(quoted)
			require.NoError(t, err)
		}
		c.args = append(c.args, word)
	}
	if code, ok := strings.CutPrefix(rest, "exit "); ok {
		c.files["exit"] = code
	}
	for _, f := range archive.Files {
		c.files[f.Name] = string(f.Data)
	}
}

// marker matches a line that begins a file of an archive.
var marker = regexp.MustCompile(`(?m)^-- .* --$`)

func (c golden) writePage(t *testing.T, files map[string]string) {
	words := []string{"$ ivp"}
	for _, arg := range c.args {
		if arg == "" || strings.ContainsAny(arg, " \"\\\n\t") {
			arg = strconv.Quote(arg)
		}
		words = append(words, arg)
	}
	archive := txtar.Archive{Comment: []byte(strings.Join(words, " ") + "\nexit " + files["exit"])}
	names := slices.Sorted(maps.Keys(files))
	slices.SortStableFunc(names, func(a, b string) int { return place(a) - place(b) })
	for _, name := range names {
		text := files[name]
		require.True(t, utf8.ValidString(text) && !strings.Contains(text, "\r") && (text == "" || strings.HasSuffix(text, "\n")) && !marker.MatchString(text),
			"a page cannot hold the bytes of %s: make the case a folder", name)
		if name != "exit" {
			archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	require.NoError(t, os.WriteFile(c.path, txtar.Format(&archive), 0o666))
}

// place orders the files of an archive: inputs, then results.
func place(name string) int {
	switch {
	case isGiven(name):
		return 0
	case name == "stdout":
		return 1
	case name == "stderr":
		return 2
	}
	return 3
}

func (c *golden) readFolder(t *testing.T) {
	c.files = filesUnder(t, c.path)
	c.args = strings.FieldsFunc(c.files["args"], func(r rune) bool { return r == '\n' })
	delete(c.files, "args")
}

func (c golden) writeFolder(t *testing.T, files map[string]string) {
	for name := range c.files {
		if _, still := files[name]; !still {
			require.NoError(t, os.Remove(filepath.Join(c.path, name)))
		}
	}
	for name, text := range files {
		path := filepath.Join(c.path, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
	}
}

func filesUnder(t *testing.T, folder string) map[string]string {
	files := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	require.NoError(t, err)
	return files
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
