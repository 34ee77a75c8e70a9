// Package source opens the inventories that a command is to read.
package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync/atomic"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
)

// Stdin is the name by which standard input is asked for.
const Stdin = "-"

// Input is one inventory whose heading has been mapped.
type Input struct {
	// Name is what the user called it.
	Name string
	// Info is the file's; nil where there is none to ask.
	Info os.FileInfo
	// Empty says that there is no heading: the input has no byte, or blank
	// lines only.
	Empty bool

	options devices.ReaderOptions
	reader  *devices.Reader
	closers []io.Closer
	stream  counter
}

// mostOpen is how many inputs are held open from their heading on. The rest
// are opened again when it is their turn, since a system lets a program have
// only so many open files.
const mostOpen = 100

// OpenAll opens every input and maps its heading. The error names all that
// failed; then nothing is left open.
func OpenAll(names []string, stdin io.Reader, options devices.ReaderOptions) ([]*Input, error) {
	var inputs []*Input
	var errs []error
	for i, name := range names {
		if name == Stdin && slices.Contains(names[:i], Stdin) {
			errs = append(errs, exit.With(exit.Usage, errors.New("standard input, -, is named twice")))
			continue
		}
		in := &Input{Name: name, options: options}
		if name == Stdin {
			in.Name = "standard input"
		}
		if err := in.open(name, stdin); err != nil {
			errs = append(errs, err)
			continue
		}
		inputs = append(inputs, in)
		if i >= mostOpen && in.regular() {
			in.Close()
		}
	}
	if err := exit.Join(errs); err != nil {
		CloseAll(inputs)
		return nil, err
	}
	return inputs, nil
}

// CloseAll closes inputs.
func CloseAll(inputs []*Input) {
	for _, in := range inputs {
		in.Close()
	}
}

func (in *Input) regular() bool { return in.Info != nil && in.Info.Mode().IsRegular() }

// Close closes the input. There is nothing left to fail.
func (in *Input) Close() {
	for _, c := range slices.Backward(in.closers) {
		c.Close()
	}
	in.closers = nil
}

// Heading returns the reader as it stood after the heading: its columns are
// known, whether it is open or not.
func (in *Input) Heading() *devices.Reader { return in.reader }

// Start returns the reader, opened again if need be.
func (in *Input) Start() (*devices.Reader, error) {
	if in.closers != nil {
		return in.reader, nil
	}
	before := in.reader.Columns().Headings()
	in.stream.n.Store(0)
	if err := in.open(in.Name, nil); err != nil {
		return nil, err
	}
	if in.Empty || !slices.Equal(before, in.reader.Columns().Headings()) {
		return nil, exit.With(exit.IO, fmt.Errorf("%s changed while it was being read", in.Name))
	}
	return in.reader, nil
}

// BytesRead returns how many bytes of the file have been read.
func (in *Input) BytesRead() int64 { return in.stream.n.Load() }

// Size returns the file's size in bytes, 0 where it is not known.
func (in *Input) Size() int64 {
	if !in.regular() {
		return 0
	}
	return in.Info.Size()
}

func (in *Input) open(name string, stdin io.Reader) error {
	err := in.openFile(name, stdin)
	if err == nil {
		err = in.uncompress(name)
	}
	if err != nil {
		in.Close()
		return exit.With(exit.IO, err)
	}
	if err := in.readHeading(); err != nil {
		in.Close()
		return err
	}
	return nil
}

func (in *Input) openFile(name string, stdin io.Reader) error {
	if name == Stdin {
		in.stream.r = stdin
		in.closers = []io.Closer{io.NopCloser(nil)}
		if f, ok := stdin.(*os.File); ok {
			in.Info, _ = f.Stat()
		}
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("could not read the input: %w", err)
	}
	in.closers = []io.Closer{f}
	in.stream.r = f
	if in.Info, err = f.Stat(); err == nil && in.Info.IsDir() {
		err = fmt.Errorf("%s is a folder: name the files in it", name)
	}
	return err
}

// uncompress puts what a compressed file holds in the file's place.
func (in *Input) uncompress(name string) error {
	kind, _ := compress.Of(name)
	if kind == compress.None {
		return nil
	}
	raw := in.stream.r
	in.stream.r = nil
	counted := &counter{r: raw}
	r, err := compress.NewReader(kind, counted)
	if err != nil {
		return fmt.Errorf("could not read the input: %s: %w", name, err)
	}
	in.stream.r, in.stream.under = r, counted
	in.closers = append(in.closers, r)
	return nil
}

func (in *Input) readHeading() error {
	in.options.Name = in.Name
	reader, err := devices.NewReader(&in.stream, in.options)
	in.reader, in.Empty = reader, errors.Is(err, devices.ErrEmpty)
	switch failed := in.stream.failed(); {
	case in.Empty:
		return nil
	case err != nil && failed != nil:
		return exit.With(exit.IO, fmt.Errorf("could not read the input: %s: %w", in.Name, failed))
	}
	return exit.With(exit.Usage, err)
}

// counter counts the bytes of a file as they are read, for someone else to ask,
// and keeps the error that ended them.
type counter struct {
	r     io.Reader
	under *counter // of the compressed file, whose bytes count
	n     atomic.Int64
	err   error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.under != nil {
		c.n.Store(c.under.n.Load())
	} else {
		c.n.Add(int64(n))
	}
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

func (c *counter) failed() error { return c.err }
