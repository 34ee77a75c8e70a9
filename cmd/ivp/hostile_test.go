package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const heading = "spec,install_date,note\n"

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestNULBytesAreData(t *testing.T) {
	var p program
	path := writeFile(t, "nul.csv", heading+"SMETS2 v4.2,2022-01-10,a\x00b\nSMETS2\x00 v4.2,2022-01-10,\n")
	assert.Equal(t, 1, p.run("check", path))
	assert.Contains(t, p.stdout.String(), "a\x00b,eligible,within-period")
	assert.Contains(t, p.stdout.String(), "SMETS2\x00 v4.2,2022-01-10,,undetermined,bad-version")
}

func TestTenMegabyteCell(t *testing.T) {
	var p program
	big := strings.Repeat("x", 10<<20)
	path := writeFile(t, "big.csv", heading+"SMETS2 v4.2,2022-01-10,"+big+"\nSMETS2 v4.2,2022-01-10,\n")
	assert.Equal(t, 0, p.run("check", path))
	assert.Contains(t, p.stderr.String(), "All 2 devices may be installed")
	assert.Greater(t, p.stdout.Len(), 10<<20)
}

func TestTwentyMegabyteRecordIsItsFirstLineAlone(t *testing.T) {
	var p program
	lines := strings.Repeat(strings.Repeat("y", 1023)+"\n", 20<<10)
	path := writeFile(t, "huge.csv", heading+"SMETS2 v4.2,2022-01-10,\"open\n"+lines+"\"\nSMETS2 v4.2,2022-01-10,last\n")
	assert.Equal(t, 1, p.run("check", path))
	assert.Contains(t, p.stdout.String(), "SMETS2 v4.2,2022-01-10,\"open,undetermined,bad-row")
	assert.Contains(t, p.stdout.String(), "SMETS2 v4.2,2022-01-10,last,eligible,within-period", "reading goes on")
}

func TestTwentyMegabyteLine(t *testing.T) {
	var p program
	path := writeFile(t, "line.csv", heading+strings.Repeat("z", 20<<20)+"\nSMETS2 v4.2,2022-01-10,last\n")
	assert.Equal(t, 1, p.run("check", path))
	assert.Contains(t, p.stdout.String(), "zzz,undetermined,bad-row")
	assert.Contains(t, p.stderr.String(), "Of 2 devices 1 may be installed on its date; 1 cannot be judged: ")
}

// run runs the program with real files for its streams.
func runWith(ctx context.Context, stdin io.Reader, stdout io.Writer, args ...string) (code int, stderr string) {
	var errs bytes.Buffer
	command := Command{Stdin: stdin, Stdout: stdout, Stderr: &errs, Getenv: os.Getenv, Now: time.Now}
	code = command.Main(ctx, args)
	return code, errs.String()
}

// TestClosedPipe runs every golden case, and so every command, with a stdout that its
// reader has closed: everything except stdout must be the same.
func TestClosedPipe(t *testing.T) {
	r, closed, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, r.Close())
	defer closed.Close()
	ran := map[string]bool{}
	for _, c := range goldenCases(t) {
		if c.files["stdout"] == "" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			delete(c.files, "stdout")
			assert.Equal(t, c.files, c.run(t, closed))
		})
		for n := range c.args {
			ran[strings.Join(c.args[:n+1], " ")] = true
		}
	}
	var all func(cmd *cobra.Command)
	all = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			name := strings.TrimPrefix(sub.CommandPath(), "ivp ")
			if !sub.HasSubCommands() && sub.Runnable() && !strings.HasPrefix(name, "completion") && name != "serve" && name != "version" && name != "man" {
				assert.True(t, ran[name], "no case of %s", name)
			}
			all(sub)
		}
	}
	all((&Command{}).root())
	p := program{closed: closed}
	for _, word := range []string{"completion bash", "version", "help files"} {
		assert.Equal(t, 0, p.run(strings.Fields(word)...), word)
	}

	began := time.Now()
	assert.Equal(t, 0, p.run("sample", "--rows", "1000000000"))
	assert.Less(t, time.Since(began), 10*time.Second, "nothing is made for nobody")
	assert.Empty(t, p.stderr.String())
}

func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	defer full.Close()
	path := writeFile(t, "a.csv", heading+"SMETS2 v4.2,2022-01-10,\n")
	for _, format := range []string{"csv", "json", "jsonl", "table", "markdown"} {
		code, stderr := runWith(t.Context(), nil, full, "check", "--format", format, path)
		assert.Equal(t, 3, code, format)
		assert.Contains(t, stderr, "could not write the output", format)
	}
	code, _ := runWith(t.Context(), nil, io.Discard, "check", "-o", "/dev/full", path)
	assert.Equal(t, 3, code)
	for _, args := range [][]string{{"rules", "list"}, {"rules", "export"}, {"rules", "status"}, {"version"}, {"sample"},
		{"explain", "--spec", "SMETS2 v4.2", "--on", "today"}} {
		code, _ := runWith(t.Context(), nil, full, args...)
		assert.Equal(t, 3, code, "%v", args)
	}
}

func TestOutputThroughALink(t *testing.T) {
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target.csv"), filepath.Join(folder, "link.csv")
	require.NoError(t, os.WriteFile(target, []byte("old"), 0o640))
	require.NoError(t, os.Symlink("target.csv", link))
	path := writeFile(t, "a.csv", heading+"SMETS2 v4.2,2022-01-10,\n")
	code, _ := runWith(t.Context(), nil, io.Discard, "check", "-o", link, path)
	assert.Equal(t, 0, code)
	info, err := os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink, "the link stays a link")
	text, err := os.ReadFile(target)
	require.NoError(t, err)
	assert.Contains(t, string(text), "eligible,within-period")
}

func TestOutputOntoAnInputByALink(t *testing.T) {
	path := writeFile(t, "a.csv", heading+"SMETS2 v4.2,2022-01-10,\n")
	link := filepath.Join(t.TempDir(), "link.csv")
	require.NoError(t, os.Symlink(path, link))
	code, stderr := runWith(t.Context(), nil, io.Discard, "check", "-o", link, path)
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "is one of the inputs")
	out, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	defer out.Close()
	code, stderr = runWith(t.Context(), nil, out, "check", path)
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "standard output is one of the inputs")
}

func TestFailedRunLeavesTheOldOutput(t *testing.T) {
	folder := t.TempDir()
	out := filepath.Join(folder, "out.csv")
	require.NoError(t, os.WriteFile(out, []byte("old"), 0o600))
	path := writeFile(t, "a.csv", heading+"SMETS2 v4.2,2022-01-10,\n")
	broken := io.MultiReader(strings.NewReader(heading+"SMETS2 v4.2,2022-01-10,\nSMETS2"), brokenReader{})
	code, stderr := runWith(t.Context(), broken, io.Discard, "check", "-o", out, path, "-")
	assert.Equal(t, 3, code)
	assert.Contains(t, stderr, "the cable was pulled")
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, "old", string(text))
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, left, 1, "no litter")
}

var errPulled = errors.New("the cable was pulled")

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errPulled }

func TestInterruptWhileWaitingForInput(t *testing.T) {
	folder := t.TempDir()
	out := filepath.Join(folder, "out.csv")
	r, w := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		io.WriteString(w, heading+"SMETS2 v4.2,2022-01-10,\n")
		cancel()
	}()
	code, stderr := runWith(ctx, r, io.Discard, "check", "-o", out, "-")
	assert.Equal(t, 130, code)
	assert.Contains(t, stderr, "interrupted")
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left, "no half file")
	w.Close()
}

// TestPanic makes the program panic in its goroutines: that of the command, and the
// workers of a pass while they read and while they write.
func TestPanic(t *testing.T) {
	rows := heading + strings.Repeat("SMETS2 v4.2,27/04/2023,\n", 200_000)
	iso := strings.ReplaceAll(rows, "27/04/2023", "2022-01-10")
	panics := func(text string) io.Reader { return io.MultiReader(strings.NewReader(text), panickingReader{}) }
	for name, c := range map[string]struct {
		stdin  io.Reader
		stdout io.Writer
		args   string
	}{
		"before the heading":        {panics(""), io.Discard, "check -"},
		"while dates are read":      {panics(rows), io.Discard, "check -"},
		"while rows are read":       {panics(iso), io.Discard, "check -"},
		"while rows are counted":    {panics(iso), io.Discard, "rundown --on 2022-06-01 -"},
		"while rows are compared":   {panics(iso), io.Discard, "impact --after latest -"},
		"while rows are written":    {strings.NewReader(iso), panickingWriter{}, "check --format csv -"},
		"while typed rows are read": {panics(iso), panickingWriter{}, "check --format json -"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			out := filepath.Join(folder, "out.csv")
			require.NoError(t, os.WriteFile(out, []byte("before"), 0o666))
			args := strings.Fields(c.args)
			code, stderr := runWith(t.Context(), c.stdin, c.stdout, append(args, "-o", out)...)
			assert.Equal(t, 70, code)
			assert.Contains(t, stderr, "a fault made for this test")
			assert.Contains(t, stderr, "panicking", "the stack")
			assert.Contains(t, stderr, "to whoever supplied this program")
			text, err := os.ReadFile(out)
			require.NoError(t, err)
			assert.Equal(t, "before", string(text))
			left, err := os.ReadDir(folder)
			require.NoError(t, err)
			assert.Len(t, left, 1, "no temporary file")
		})
	}
}

type panickingReader struct{}

func (panickingReader) Read([]byte) (int, error) { panic("a fault made for this test") }

type panickingWriter struct{}

func (panickingWriter) Write([]byte) (int, error) { panic("a fault made for this test") }

// TestClock runs every command that depends on today with clocks that are certainly
// wrong, and with clocks that may be right.
func TestClock(t *testing.T) {
	path := writeFile(t, "a.csv", heading+"SMETS2 v4.2,2022-01-10,\n")
	waivers := writeFile(t, "w.toml", "[[waiver]]\nid = \"A\"\nspec = \"SMETS2 v4.2\"\nuntil = \"2027-01-01\"\nreason = \"a test\"\napprover = \"A. Test\"\n")
	run := func(now time.Time, args ...string) (int, string) {
		var p program
		command := Command{Stdin: strings.NewReader(""), Stdout: &p.stdout, Stderr: &p.stderr, Getenv: os.Getenv, Now: func() time.Time { return now }}
		return command.Main(t.Context(), args), p.stderr.String()
	}
	wrong := []time.Time{
		{}, time.Unix(0, 0), time.Unix(-1, 0), time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-400, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC),
		time.Date(2101, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(1<<47, 0), time.Unix(-1<<47, 0),
	}
	for _, args := range [][]string{
		{"check", "--on", "today", path}, {"check", "--as-at", "today", path}, {"check", "--waivers", waivers, path}, {"explain", "--spec", "SMETS2 v4.2", "--on", "today"},
		{"rundown", path}, {"impact", "--after", "today", path}, {"audit", "--against", "today", path}, {"rules", "list", "--as-at", "today"},
	} {
		for _, now := range wrong {
			code, stderr := run(now, args...)
			assert.Equal(t, 2, code, "%v %s: %s", args, now, stderr)
			assert.Contains(t, stderr, "clock of this machine", "%v %s", args, now)
		}
		for _, now := range []time.Time{time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2100, 12, 31, 0, 0, 0, 0, time.UTC)} {
			code, stderr := run(now, args...)
			assert.LessOrEqual(t, code, 1, "%v %s: %s", args, now, stderr)
		}
	}
	for _, now := range wrong { // harmless if nothing depends on today
		for _, args := range [][]string{{"check", path, "-o", filepath.Join(t.TempDir(), "out.html")}, {"rules", "status"}, {"rules", "list"}, {"version"}} {
			code, stderr := run(now, args...)
			assert.Equal(t, 0, code, "%v %s: %s", args, now, stderr)
		}
	}
}

// TestOutputsThatAreOneFile gives two names of one file as outputs, or as an output and
// a file that is read. Nothing may be written.
func TestOutputsThatAreOneFile(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("a.csv", []byte(heading+"SMETS2 v4.2,2022-01-10,\n"), 0o666))
	require.NoError(t, os.WriteFile("old.csv", []byte("a.csv\n"), 0o666))
	require.NoError(t, os.WriteFile("c.toml", []byte("quiet = true\n"), 0o666))
	require.NoError(t, os.Link("old.csv", "hard.csv"))
	require.NoError(t, os.Mkdir("folder", 0o777))
	folder, err := filepath.Abs("folder")
	require.NoError(t, err)
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(folder, link))
	before := filesUnder(t, ".")
	for _, args := range []string{
		"check a.csv -o old.csv -o hard.csv", "check a.csv -o new.csv -o NEW.csv", "check a.csv -o folder/new.csv -o link:new.csv",
		"check a.csv --split folder -o link:a.eligible.csv", "check a.csv --evidence -o new.csv -o New.Run.json", "check a.csv --evidence -o new.csv -o new.jsonl",
		"check a.csv --config c.toml -o c.toml.csv -o c.toml.CSV", "impact --after latest a.csv -o new.csv -o NEW.csv", "audit a.csv -o new.csv -o NEW.csv", "rundown a.csv -o new.csv -o NEW.csv",
		"check a.csv --files-from hard.csv -o old.csv", "check a.csv -o ", "check a.csv --split ",
	} {
		var p program
		words := strings.Split(strings.ReplaceAll(args, "link:", link+"/"), " ")
		assert.Equal(t, 2, p.run(words...), "%q: %s", words, p.stderr.String())
		assert.Equal(t, before, filesUnder(t, "."), args)
	}
	var p program
	require.Equal(t, 0, p.run("check", "-q", "a.csv", "--fsync", "-o", os.DevNull, "-o", "folder/new.csv", "-o", "new.csv", "--split", "split"), p.stderr.String())
	assert.FileExists(t, "split/a.eligible.csv")
}
