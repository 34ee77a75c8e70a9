package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/ivp"
)

// stream is stdout or stderr as every command writes it, and the file beneath; nil
// where there is none.
type stream struct {
	io.Writer
	file *os.File
}

// guardStreams has everything that a command writes go through here: nothing that
// moves a cursor reaches stderr, and a stdout that its reader has closed is no
// error.
func (c *Command) guardStreams() {
	if _, guarded := c.Stdout.(*stream); guarded {
		return
	}
	c.Stdout = &stream{&quietOnceClosed{Writer: c.Stdout}, fileOf(c.Stdout)}
	c.Stderr = &stream{screen.NewWriter(c.Stderr), fileOf(c.Stderr)}
}

// fileOf returns the file that a stream is, or nil.
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

// stdoutIsTerminal reports whether a person reads the results as they come.
func (c *Command) stdoutIsTerminal() bool { return c.isTerminal(c.Stdout) }

// text is stdout for words that a person reads: nothing in them moves a cursor.
func (c *Command) text() io.Writer { return screen.NewWriter(c.Stdout) }

// quietOnceClosed is stdout. Once its reader has closed it no more is written, and
// that is no error: the command goes on to know its exit code.
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

// errClosed is the error of a stdout that its reader has closed, for a command
// whose exit code is known without the rest.
var errClosed = errors.New("the reader of standard output has closed it")

// endOnceClosed is a stdout that fails with errClosed once its reader has closed
// it: what would be written to nobody need not be made.
type endOnceClosed struct{ *stream }

func (w endOnceClosed) Write(p []byte) (int, error) {
	n, err := w.stream.Write(p)
	if quiet, ok := w.stream.Writer.(*quietOnceClosed); ok && quiet.closed {
		return 0, errClosed
	}
	return n, err
}

// colour reports whether outcomes on stdout are to be coloured, by the word of
// --color. With auto they are where stdout is a terminal that knows colour and
// NO_COLOR, the custom of no-color.org, does not speak against it; with always
// they are whatever the surroundings say.
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

// outcomeColours are the terminal's codes: not eligible is bold as well as red,
// since not everybody sees red beside green.
var outcomeColours = map[string]string{
	ivp.Eligible.String():     "\x1b[32m",
	ivp.NotEligible.String():  "\x1b[1;31m",
	ivp.Undetermined.String(): "\x1b[33m",
}

// colourOutcome returns an outcome in its colour, and any other word as it is.
// The codes take no room on the terminal: a caller that pads cells counts the
// word before it is coloured.
func colourOutcome(word string) string {
	code, ok := outcomeColours[word]
	if !ok {
		return word
	}
	return code + word + plainText
}

// progress shows how far a long run has come, on a terminal alone: rows, bytes,
// rate and time left. The zero value shows nothing.
type progress struct {
	bar    *progressbar.ProgressBar
	inputs []*input.Input
	rows   atomic.Int64
	stop   chan struct{}
	over   chan error
}

// progressAfter is how long a run lasts before it is worth a bar.
const progressAfter = time.Second

func (c *Command) newProgress(quiet bool, plan *outputPlan, inputs []*input.Input) *progress {
	if quiet || c.Getenv("IVP_PROGRESS") == "never" || !c.isTerminal(c.Stderr) || plan.toStdout() && c.stdoutIsTerminal() {
		return &progress{} // rows on the same terminal would be torn by a bar
	}
	total := int64(0)
	for _, in := range inputs {
		if in.Size() == 0 {
			total = -1 // a pipe has no size: the bar turns without an end
			break
		}
		total += in.Size()
	}
	p := &progress{inputs: inputs, stop: make(chan struct{}), over: make(chan error, 1)}
	p.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(fileOf(c.Stderr)),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription("checking"),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetRenderBlankState(false),
	)
	p.bar.StartWithoutRender() // the rate counts from here
	go func() { p.over <- exit.Guard(p.draw) }()
	return p
}

// draw draws the bar now and then. A bar that cannot be drawn is no reason to
// stop.
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
		p.bar.Describe(fmt.Sprintf("checking, %d rows", p.rows.Load()))
		p.bar.Set64(read)
	}
}

func (p *progress) add(rows int) { p.rows.Add(int64(rows)) }

func (p *progress) done() {
	if p.bar == nil {
		return
	}
	close(p.stop)
	if err := <-p.over; err != nil {
		panic(err) // as the goroutine did
	}
	p.bar.Clear()
}
