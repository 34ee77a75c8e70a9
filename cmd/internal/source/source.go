// Package source opens the inventories that a command is to read.
package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
)

// Stdin is the name by which standard input is asked for.
const Stdin = "-"

// Input is one inventory, open, its heading mapped.
type Input struct {
	// Name is what the user called it.
	Name string
	// Info is the file's; nil where there is none to ask.
	Info os.FileInfo
	// Reader is nil for an input without a heading: one of no bytes.
	Reader *devices.Reader

	file   io.Closer
	counts *counter
}

// Close closes the input.
func (in *Input) Close() error { return in.file.Close() }

// BytesRead returns how many bytes have been read.
func (in *Input) BytesRead() int64 { return in.counts.n }

// Size returns the input's size in bytes, 0 where it is not known.
func (in *Input) Size() int64 {
	if in.Info == nil || !in.Info.Mode().IsRegular() {
		return 0
	}
	return in.Info.Size()
}

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
		in, err := open(name, stdin, options)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		inputs = append(inputs, in)
	}
	if err := exit.Join(errs); err != nil {
		CloseAll(inputs)
		return nil, err
	}
	return inputs, nil
}

// CloseAll closes inputs, for which there is nothing left to fail.
func CloseAll(inputs []*Input) {
	for _, in := range inputs {
		in.Close()
	}
}

func open(name string, stdin io.Reader, options devices.ReaderOptions) (*Input, error) {
	in, err := openFile(name, stdin)
	if err != nil {
		return nil, exit.With(exit.IO, err)
	}
	options.Name = in.Name
	in.Reader, err = devices.NewReader(in.counts, options)
	switch {
	case errors.Is(err, devices.ErrEmpty):
		in.Reader = nil
	case err != nil && in.counts.err != nil:
		in.Close()
		return nil, exit.With(exit.IO, fmt.Errorf("%s: could not read: %w", in.Name, in.counts.err))
	case err != nil:
		in.Close()
		return nil, exit.With(exit.Usage, err)
	}
	return in, nil
}

func openFile(name string, stdin io.Reader) (*Input, error) {
	if name == Stdin {
		in := &Input{Name: "standard input", file: io.NopCloser(stdin), counts: &counter{r: stdin}}
		if f, ok := stdin.(*os.File); ok {
			in.Info, _ = f.Stat()
		}
		return in, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("could not read the input: %w", err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder: name the files in it", name)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &Input{Name: name, Info: info, file: f, counts: &counter{r: f}}, nil
}

// counter counts the bytes read, and keeps the error that ended them.
type counter struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}
