//go:build unix

package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
)

func TestOutputOntoAFIFO(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	path := writeFile(t, "a.csv", heading+"SMETS2 v4.2,2022-01-10,\n")
	read := make(chan string, 1)
	go func() {
		text, _ := os.ReadFile(fifo)
		read <- string(text)
	}()
	code, stderr := runWith(t.Context(), nil, nil, "check", "-o", fifo, path)
	require.Equal(t, 0, code, stderr)
	assert.Contains(t, <-read, "eligible,within-period")
	info, err := os.Lstat(fifo)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeNamedPipe, "the pipe stays a pipe")
}

// build builds the program and returns its path.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ivp")
	text, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	require.NoError(t, err, string(text))
	return path
}

// started is a program that runs in a new folder with a FIFO named pipe, and with
// another folder for temporary files.
type started struct {
	*exec.Cmd
	folder, temporary string
	stderr            testkit.Buffer
	ended             chan struct{}
	held              []*os.File // so that the FIFO has a writer
}

func start(t *testing.T, program string, stdin io.Reader, args ...string) *started {
	s := &started{folder: t.TempDir(), temporary: t.TempDir(), ended: make(chan struct{})}
	require.NoError(t, syscall.Mkfifo(filepath.Join(s.folder, "pipe"), 0o600))
	s.Cmd = exec.Command(program, args...)
	s.Dir, s.Env, s.Stdin, s.Stderr = s.folder, append(os.Environ(), "TMPDIR="+s.temporary), stdin, &s.stderr
	require.NoError(t, s.Start())
	go func() {
		s.Wait()
		close(s.ended)
	}()
	t.Cleanup(func() {
		s.Process.Kill()
		<-s.ended
	})
	return s
}

// waitFor waits until the program does something.
func (s *started) waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		select {
		case <-s.ended:
			t.Fatalf("ended early: %s", &s.stderr)
		default:
		}
		require.True(t, time.Now().Before(end), "still not there")
	}
}

// readsPipe reports whether the program has opened the FIFO to read it. From then on it
// waits for data.
func (s *started) readsPipe() bool {
	f, err := os.OpenFile(filepath.Join(s.folder, "pipe"), os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if err == nil {
		s.held = append(s.held, f)
	}
	return err == nil
}

// requireEnded requires that the program ends with a code at once and leaves no files.
// At once means within a second, or longer on a busy machine.
func (s *started) requireEnded(t *testing.T, code int) {
	t.Helper()
	select {
	case <-s.ended:
	case <-time.After(3 * time.Second):
		t.Fatal("the program does not end")
	}
	require.Equal(t, code, s.ProcessState.ExitCode(), s.stderr.String())
	for folder, want := range map[string]int{s.folder: 1, s.temporary: 0} {
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		assert.Len(t, left, want, "what is left")
	}
}

// TestProcess tests what only a process has: signals and closed streams.
func TestProcess(t *testing.T) {
	// If the tests run under nohup, the programs would ignore SIGHUP too.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(hangups) })
	program := build(t)
	for name, test := range map[string]func(*testing.T, string){"waiting": whileWaiting, "writing": whileWriting, "second": secondSignal, "nohup": nohup, "closed": closedStdout} {
		t.Run(name, func(t *testing.T) { test(t, program) })
	}
}

// whileWaiting runs every command with a FIFO, at whose other end nothing happens, as
// each file that it reads or writes, and sends it a signal to end.
func whileWaiting(t *testing.T, program string) {
	commands := useful(t)
	signals := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}
	cases := [][]string{{"check", "pipe"}, {"check", "pipe", "-o", "out.csv", "-o", "out.xlsx"}, {"check", "-"}, {"impact", "--after", "latest,+pipe", "x.csv"}, {"impact", "--before", "latest,+pipe", "--after", "latest", "x.csv"}, {"audit", "--against", "latest,+pipe", "x.csv"}}
	for path, leaf := range leaves((&Command{}).root()) {
		words := strings.Fields(path)
		for i, word := range commands[path] {
			if filepath.IsAbs(word) {
				with := append(slices.Clone(words), commands[path]...)
				with[len(words)+i] = "pipe"
				cases = append(cases, with)
			}
		}
		leaf.Flags().VisitAll(func(flag *pflag.Flag) {
			if kind, _ := pflag.UnquoteUsage(flag); kind == "FILE" && path+" "+flag.Name != "columns cpl" { // which is not read
				args := append(words, commands[path]...)
				if flag.Name == "changed-since" { // which names the inventory itself
					args = words
				}
				cases = append(cases, append(slices.Clone(args), "--"+flag.Name, "pipe"))
			}
		})
	}
	require.Greater(t, len(cases), 60)
	for i, args := range cases {
		signal := signals[i%len(signals)]
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			stdin, w, err := os.Pipe()
			require.NoError(t, err)
			defer stdin.Close()
			defer w.Close()
			writes := slices.Contains([]string{"--output", "--save"}, args[len(args)-2])
			if slices.Contains(args, "--save") {
				args = append(args, "--force")
			}
			s := start(t, program, stdin, args...)
			if writes || args[len(args)-1] == "-" {
				time.Sleep(time.Second) // nothing shows from outside how far it is
			} else {
				s.waitFor(t, s.readsPipe)
			}
			require.NoError(t, s.Process.Signal(signal))
			s.requireEnded(t, 130)
			assert.Regexp(t, `ivp: interrupted: (the output is incomplete|.* (was|were) not written)\n$`, s.stderr.String())
		})
	}
}

// whileWriting sends signals to a run that is writing its outputs. Only a signal that
// cannot be caught may leave a file, which the next run removes.
func whileWriting(t *testing.T, program string) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			s := start(t, program, endless{}, "check", "-", "-o", "out.csv", "-o", "out.xlsx", "-o", "out.csv.gz", "-o", "out.json")
			s.waitFor(t, func() bool {
				found, err := filepath.Glob(filepath.Join(s.folder, ".ivp-*.tmp"))
				require.NoError(t, err)
				return slices.ContainsFunc(found, func(name string) bool {
					info, err := os.Stat(name)
					return err == nil && info.Size() > 1<<20
				})
			})
			require.NoError(t, s.Process.Signal(signal))
			if signal != syscall.SIGKILL {
				s.requireEnded(t, 130)
				return
			}
			<-s.ended
			left, err := os.ReadDir(s.temporary)
			require.NoError(t, err)
			assert.Empty(t, left, "temporary files that are not beside an output have no name")
			code, stderr := runWith(t.Context(), strings.NewReader(heading), io.Discard, "check", "--allow-empty", "-", "-o", filepath.Join(s.folder, "out.csv"))
			require.Equal(t, 0, code, stderr)
			now, err := os.ReadDir(s.folder)
			require.NoError(t, err)
			assert.Len(t, now, 2, "the pipe and the new output")
		})
	}
}

// endless is an inventory without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { panic("not read, but copied") }

func (endless) WriteTo(w io.Writer) (n int64, err error) {
	_, err = io.WriteString(w, heading)
	for rows := strings.Repeat("SMETS2 v4.2,2022-01-10,\n", 1000); err == nil; {
		_, err = io.WriteString(w, rows)
	}
	return 0, err
}

// secondSignal sends two signals to a service with a request that does not end.
func secondSignal(t *testing.T, program string) {
	s := start(t, program, nil, "serve", "--addr", "127.0.0.1:0")
	var address string
	s.waitFor(t, func() bool {
		found := regexp.MustCompile(`listening on http://(\S+),`).FindStringSubmatch(s.stderr.String())
		if found == nil {
			return false
		}
		address = found[1]
		return true
	})
	connection, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer connection.Close()
	fmt.Fprintf(connection, "POST /v1/check.csv HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000\r\n\r\nspec,", address)
	time.Sleep(200 * time.Millisecond)
	require.NoError(t, s.Process.Signal(syscall.SIGTERM))
	select {
	case <-s.ended:
		t.Fatal("the request is not finished")
	case <-time.After(time.Second):
	}
	require.NoError(t, s.Process.Signal(syscall.SIGTERM))
	s.requireEnded(t, 130)
}

// nohup starts a program that ignores SIGHUP, as nohup does.
func nohup(t *testing.T, program string) {
	s := start(t, "/bin/sh", nil, "-c", "trap '' HUP; exec "+program+" check pipe")
	s.waitFor(t, s.readsPipe)
	require.NoError(t, s.Process.Signal(syscall.SIGHUP))
	time.Sleep(500 * time.Millisecond)
	require.NoError(t, s.Process.Signal(syscall.SIGTERM))
	s.requireEnded(t, 130)
}

// closedStdout runs the program with a closed stdout, whose results are lost, and
// with outputs that are files, which must not take its number.
func closedStdout(t *testing.T, program string) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("a.csv", []byte(heading+"SMETS2 v4.2,2022-01-10,\n"), 0o666))
	for command, warns := range map[string]bool{
		"check a.csv >&-": true, "check -q a.csv >&-": true, "explain --spec 'SMETS2 v3.1' --on 2022-06-01 >&-": true, "rules list >&-": true,
		"check -q a.csv -o out.csv >&-": false, "check -q a.csv >/dev/null": false, "check -q a.csv -o out.csv": false, "check -q a.csv | cat": false,
	} {
		out, err := exec.Command("/bin/sh", "-c", program+" "+command).CombinedOutput()
		require.NoError(t, err, "%s: %s", command, out)
		assert.Equal(t, warns, strings.Contains(string(out), "warning: standard output is closed"), "%s: %s", command, out)
	}
	written, err := os.ReadFile("out.csv")
	require.NoError(t, err)
	assert.Equal(t, 2, strings.Count(string(written), "\n"))
	reader, pipe, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	defer pipe.Close()
	for _, name := range []string{"-", "/dev/stdout"} {
		cmd := exec.Command(program, "check", "-q", "a.csv", "-o", name)
		var said strings.Builder
		cmd.Stdout, cmd.Stderr = pipe, &said
		assert.NoError(t, cmd.Run(), "%s: %s", name, &said)
		assert.Empty(t, said.String(), name)
	}
}
