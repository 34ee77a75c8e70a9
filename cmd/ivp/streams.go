package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/ivp"
)

// stream is the stdout or stderr of the commands.
type stream struct {
	io.Writer
	file *os.File    // the underlying file; nil if there is none
	size report.Size // of the terminal that it is
}

// sizeOf returns the size of the terminal that a stream is, or the zero value.
func sizeOf(w io.Writer) report.Size {
	switch w := w.(type) {
	case *stream:
		return w.size
	case endOnceClosed:
		return w.size
	}
	return report.Size{}
}

// guardStreams wraps the streams of the commands: control characters are escaped on
// stderr, and writing to a stdout that its reader has closed is not an error.
func (c *Command) guardStreams() {
	if _, guarded := c.Stdout.(*stream); guarded {
		return
	}
	c.Stdout = &stream{&quietOnceClosed{Writer: c.Stdout}, fileOf(c.Stdout), c.screen()}
	c.Stderr = &stream{screen.NewWriter(c.Stderr), fileOf(c.Stderr), report.Size{}}
}

// fileOf returns the file of a stream, or nil.
func fileOf(w io.Writer) *os.File {
	switch w := w.(type) {
	case *os.File:
		return w
	case *stream:
		return w.file
	}
	return nil
}

// isTerminal reports whether a stream is a terminal.
func (c *Command) isTerminal(w io.Writer) bool {
	f := fileOf(w)
	return f != nil && c.IsTerminal != nil && c.IsTerminal(f)
}

// stdoutIsTerminal reports whether stdout is a terminal.
func (c *Command) stdoutIsTerminal() bool { return c.isTerminal(c.Stdout) }

// text returns stdout for text, in which control characters are escaped.
func (c *Command) text() io.Writer { return screen.NewWriter(c.Stdout) }

// quietOnceClosed is stdout. Once its reader has closed it, nothing is written and no
// error returned, so that the command still finds its exit code.
type quietOnceClosed struct {
	io.Writer
	closed bool
}

func (w *quietOnceClosed) Write(p []byte) (int, error) {
	if !w.closed {
		n, err := w.Writer.Write(p)
		if w.closed = isClosedPipe(err); !w.closed {
			return n, err
		}
	}
	return len(p), nil
}

// errClosed is the error of a stdout that its reader has closed, for commands whose
// exit code does not depend on the rest of the output.
var errClosed = errors.New("the reader of standard output has closed it")

// endOnceClosed is a stdout that fails with errClosed once its reader has closed it, so
// that the command ends.
type endOnceClosed struct{ *stream }

func (w endOnceClosed) Write(p []byte) (int, error) {
	n, err := w.stream.Write(p)
	if quiet, ok := w.stream.Writer.(*quietOnceClosed); ok && quiet.closed {
		return 0, errClosed
	}
	return n, err
}

// colour reports whether outcomes on stdout are coloured, by the value of --color. With
// auto they are if stdout is a terminal with colours and NO_COLOR (no-color.org) is not
// set.
func (c *Command) colour(flag string) (bool, error) {
	switch flag {
	case "auto":
		return c.stdoutIsTerminal() && c.Getenv("NO_COLOR") == "" && c.Getenv("TERM") != "dumb" && takesColour(fileOf(c.Stdout)), nil
	case "always":
		return true, nil
	case "never":
		return false, nil
	}
	return false, exit.Usagef("--color %q: want auto, always or never", flag)
}

const plainText = "\x1b[0m"

// outcomeColours are the terminal codes. Not eligible is bold as well as red, because
// not everybody can distinguish red from green.
var outcomeColours = map[string]string{
	remarks.OutcomeWords(ivp.Eligible):     "\x1b[32m",
	remarks.OutcomeWords(ivp.NotEligible):  "\x1b[1;31m",
	remarks.OutcomeWords(ivp.Undetermined): "\x1b[33m",
}

// colourOutcome returns an outcome in words in its colour, and any other word unchanged. The
// codes have no width on the terminal: a caller that pads cells must measure the word
// before it is coloured.
func colourOutcome(word string) string {
	code, ok := outcomeColours[word]
	if !ok {
		return word
	}
	return code + word + plainText
}

// progress shows the progress of a long run on a terminal: rows, rate and time left.
// The zero value shows nothing.
type progress struct {
	w      io.Writer
	inputs []*input.Input
	name   string // of the input
	total  int64  // bytes; 0 if a pipe is among the inputs
	began  time.Time
	rows   atomic.Int64
	stop   chan struct{}
	over   chan error
}

// progressAfter is how long a run takes before its progress is shown.
const progressAfter = time.Second

func (c *Command) newProgress(quiet bool, plan *outputPlan, inputs []*input.Input) *progress {
	if quiet || c.Getenv("IVP_PROGRESS") == "never" || !c.isTerminal(c.Stderr) || plan.toStdout() && c.stdoutIsTerminal() {
		return &progress{} // it would mix with rows on the same terminal
	}
	p := &progress{w: fileOf(c.Stderr), inputs: inputs, name: remarks.Plural(len(inputs), "file"), began: time.Now(), stop: make(chan struct{}), over: make(chan error, 1)}
	if len(inputs) == 1 {
		p.name = screen.Line(filepath.Base(inputs[0].Name))
	}
	for _, in := range inputs {
		if in.Size() == 0 { // a pipe has no size
			p.total = 0
			break
		}
		p.total += in.Size()
	}
	go func() { p.over <- exit.Guard(p.draw) }()
	return p
}

// clearLine begins the line of a terminal again, empty.
const clearLine = "\r\x1b[K"

// draw draws the line repeatedly. Errors of drawing are ignored.
func (p *progress) draw() error {
	for wait := progressAfter; ; wait = progressAfter / 5 {
		select {
		case <-p.stop:
			return nil
		case <-time.After(wait):
		}
		read := int64(0)
		for _, in := range p.inputs {
			read += in.BytesRead()
		}
		io.WriteString(p.w, clearLine+progressLine(p.name, read, p.total, p.rows.Load(), time.Since(p.began)))
	}
}

// progressLine says how far a run has come: "Checking big.csv  64 %  1,940,628 rows
// 35 MB/s  2 s left". total is 0 if it is not known.
func progressLine(name string, read, total, rows int64, passed time.Duration) string {
	parts := []string{"Checking " + name}
	if total > 0 {
		parts = append(parts, fmt.Sprintf("%d %%", min(100*read/total, 100)))
	}
	rate := float64(read) / passed.Seconds()
	parts = append(parts, remarks.Plural(int(rows), "row"), fmt.Sprintf("%.0f MB/s", rate/1e6))
	if total > 0 && rate > 0 {
		parts = append(parts, timeLeft(float64(max(total-read, 0))/rate)+" left")
	}
	return strings.Join(parts, "  ")
}

// timeLeft writes a number of seconds.
func timeLeft(seconds float64) string {
	if seconds < 100 {
		return fmt.Sprintf("%.0f s", math.Ceil(seconds))
	}
	return fmt.Sprintf("%.0f min", math.Ceil(seconds/60))
}

func (p *progress) add(rows int) { p.rows.Add(int64(rows)) }

func (p *progress) done() {
	if p.w == nil {
		return
	}
	close(p.stop)
	if err := <-p.over; err != nil {
		panic(err) // as the goroutine did
	}
	if time.Since(p.began) >= progressAfter {
		io.WriteString(p.w, clearLine)
	}
}
