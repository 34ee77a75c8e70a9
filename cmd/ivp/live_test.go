package main

import (
	"bufio"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
)

// piped runs the program between two pipes. It returns its input, its output lines and
// its exit code.
func piped(t *testing.T, args ...string) (in *os.File, lines chan string, stderr *testkit.Buffer, ended chan int) {
	read, in, err := os.Pipe()
	require.NoError(t, err)
	out, stdout, err := os.Pipe()
	require.NoError(t, err)
	stderr, lines, ended = &testkit.Buffer{}, make(chan string, 1000), make(chan int, 1)
	t.Cleanup(func() { in.Close(); read.Close(); out.Close(); stdout.Close() })
	go func() {
		command := Command{Stdin: read, Stdout: stdout, Stderr: stderr, Getenv: os.Getenv, Now: time.Now}
		ended <- command.Main(t.Context(), args)
		stdout.Close()
	}()
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return in, lines, stderr, ended
}

// within waits for the next line that contains text, for at most a second.
func within(t *testing.T, lines chan string, text string) {
	t.Helper()
	for late := time.After(time.Second); ; {
		select {
		case line, ok := <-lines:
			require.True(t, ok, "the output ended before %q", text)
			if strings.Contains(line, text) {
				return
			}
		case <-late:
			require.FailNow(t, "nothing came out in a second", text)
		}
	}
}

// TestRowsComeOutAsTheyGoIn writes rows to a pipe with pauses, some in parts, and reads
// their answers before it writes the next.
func TestRowsComeOutAsTheyGoIn(t *testing.T) {
	for _, args := range []string{
		"check --date-format iso -", "check --on 2022-01-10 -o - -", "check --date-format iso --format jsonl -", "check --date-format iso --format table -",
		"impact --date-format iso --before latest,-MP196 --after latest -", "check --on 2022-01-10 --encoding utf-8 --format csv --csv-safe -",
	} {
		t.Run(args, func(t *testing.T) {
			in, lines, stderr, ended := piped(t, strings.Fields(args)...)
			write := func(text string) {
				_, err := io.WriteString(in, text)
				require.NoError(t, err)
			}
			write("Device ID,SMETS Version,Installation Date,Note\n\"first\",SMETS2 v3.1,2023-04-28,\nsecond,SMETS2 v3.1,2023-04-28,\"two\nlines\"\n")
			within(t, lines, "first")
			within(t, lines, "second")
			write("third,SMETS2 v3.1,2023-04-28,\nfour")
			within(t, lines, "third")
			time.Sleep(2 * livePause)
			write("th,SMETS2 v3.1,2023-04-28,\"")
			time.Sleep(2 * livePause)
			write("a\"\n")
			within(t, lines, "fourth")
			began := time.Now()
			for time.Since(began) < time.Second { // without pauses, which must not be necessary
				write("trickle,SMETS2 v3.1,2023-04-28,\n")
				time.Sleep(livePause / 10)
			}
			within(t, lines, "trickle")
			require.NoError(t, in.Close())
			assert.LessOrEqual(t, <-ended, 1, stderr)
			assert.NotContains(t, stderr.String(), "no row is written until")
		})
	}
}

// livePause is how long rows that were read may wait for more.
const livePause = 200 * time.Millisecond

// TestWhyNothingComesOut checks that the flags which avoid the wait are named, once and
// only if the wait is for dates.
func TestWhyNothingComesOut(t *testing.T) {
	in, lines, stderr, ended := piped(t, "check", "-")
	_, err := io.WriteString(in, "Device ID,SMETS Version,Installation Date\nfirst,SMETS2 v3.1,27/04/2023\n")
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		return strings.Contains(stderr.String(), "with --date-format or --on, rows are written as they are read")
	}, 5*time.Second, 20*time.Millisecond)
	assert.Empty(t, lines)
	require.NoError(t, in.Close())
	within(t, lines, "first")
	assert.Equal(t, 0, <-ended)
	assert.Equal(t, 1, strings.Count(stderr.String(), "no row is written until"))
}
