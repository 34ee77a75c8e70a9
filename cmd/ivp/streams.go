package main

import (
	"errors"
	"io"
	"os"

	"github.com/mp196/ivp/cmd/internal/screen"
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
