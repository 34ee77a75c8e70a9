package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

// TestGolden runs every case under testdata/cli. A case is a folder with args
// (a word a line), perhaps stdin, and perhaps files under in/; it holds what
// must come of it: stdout, stderr, exit, and files under out/.
func TestGolden(t *testing.T) {
	cases, err := os.ReadDir(casesDir)
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	for _, entry := range cases {
		t.Run(entry.Name(), func(t *testing.T) {
			folder, err := filepath.Abs(filepath.Join(casesDir, entry.Name()))
			require.NoError(t, err)
			got := runCase(t, folder, nil)
			if *update {
				writeCase(t, folder, got)
			}
			assert.Equal(t, readCase(t, folder), got)
		})
	}
}

// runCase runs a case in a folder of its own, with stdout closed if it is given, and
// returns what came of it, by the names of the case's files.
func runCase(t *testing.T, folder string, closed *os.File) map[string]string {
	place := t.TempDir()
	if in := filepath.Join(folder, "in"); exists(in) {
		require.NoError(t, os.CopyFS(place, os.DirFS(in)))
	}
	before := filesUnder(t, place)
	p := program{closed: closed}
	p.stdin = readIfThere(t, filepath.Join(folder, "stdin"))
	args := strings.FieldsFunc(readIfThere(t, filepath.Join(folder, "args")), func(r rune) bool { return r == '\n' })
	t.Chdir(place)
	code := p.run(args...)
	got := map[string]string{"exit": fmt.Sprintln(code)}
	put := func(name, text string) {
		if text != "" {
			got[name] = text
		}
	}
	put("stdout", p.stdout.String())
	put("stderr", p.stderr.String())
	for name, text := range filesUnder(t, place) {
		if before[name] != text {
			put("out/"+name, text)
		}
	}
	return got
}

// readCase returns what the case says must come of it.
func readCase(t *testing.T, folder string) map[string]string {
	want := map[string]string{}
	for name, text := range filesUnder(t, folder) {
		if name != "args" && name != "stdin" && !strings.HasPrefix(name, "in/") {
			want[name] = text
		}
	}
	return want
}

func writeCase(t *testing.T, folder string, got map[string]string) {
	for name := range readCase(t, folder) {
		require.NoError(t, os.Remove(filepath.Join(folder, name)))
	}
	for name, text := range got {
		path := filepath.Join(folder, name)
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

func readIfThere(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return ""
	}
	require.NoError(t, err)
	return string(text)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
