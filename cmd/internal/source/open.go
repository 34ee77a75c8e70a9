package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
)

// open opens the input and reads as far as its heading, and as far as it takes
// to know how its dates are written.
func (in *Input) open() error {
	err := in.openReader()
	if err == nil && !in.Empty && !in.settled {
		err = in.settleDates()
	}
	if err != nil {
		in.Close()
	}
	return err
}

func (in *Input) openReader() error {
	if err := in.openFile(); err != nil {
		return exit.With(exit.IO, err)
	}
	text, err := in.uncompress()
	if err != nil {
		return exit.With(exit.IO, err)
	}
	head, text, err := sniff.Read(text)
	if err != nil {
		return readingFailed(fmt.Errorf("%s: %w", in.Name, err))
	}
	if head.IsZip() {
		return in.openWorkbook(text)
	}
	if kind := head.Foreign(); kind.Name != "" {
		if kind.Extension != "" {
			kind.Name += fmt.Sprintf(", though its name does not end in %s", kind.Extension)
			kind.Advice = fmt.Sprintf("call it %s, or %s", kind.Extension, kind.Advice)
		}
		return exit.With(exit.IO, fmt.Errorf("could not read the input: %s is %s, where a workbook or CSV file was expected: %s", in.Name, kind.Name, kind.Advice))
	}
	if name := head.UTF16(); name != "" && in.options.Encoding == "" {
		return exit.With(exit.Usage, fmt.Errorf("%s is text in UTF-16 without a byte order mark: say --encoding %s", in.Name, name))
	}
	if in.options.Encoding == sniff.Windows1252 && bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		in.note("begins with the mark of UTF-8, and is read as Windows-1252 all the same: leave out --encoding if letters such as £ come out wrong")
	}
	return in.openText(head, text)
}

func (in *Input) openFile() error {
	if in.stdin != nil {
		return in.openStdin()
	}
	f, err := OpenFile(in.Path, in.Info)
	if err != nil {
		return fmt.Errorf("could not read the input: %w", err)
	}
	in.closers = []io.Closer{f}
	in.file.begin(f, in.options.Digest)
	f.name, in.opened, in.Info = in.Name, f, f.Info
	if f.Info.IsDir() {
		return fmt.Errorf("%s is a folder: name the files in it", in.Name)
	}
	return nil
}

// openStdin takes standard input, where it is a file from where it stood first.
func (in *Input) openStdin() error {
	again := in.Info != nil
	in.file.begin(in.stdin, in.options.Digest)
	in.closers = []io.Closer{io.NopCloser(nil)}
	f, ok := in.stdin.(*os.File)
	if !ok {
		return nil
	}
	var err error
	if again {
		in.opened = &File{f, in.Info, in.Name}
		_, err = f.Seek(in.offset, io.SeekStart)
		return err
	}
	if in.Info, err = f.Stat(); err != nil || !in.Info.Mode().IsRegular() {
		return err
	}
	in.opened = &File{f, in.Info, in.Name}
	in.offset, err = f.Seek(0, io.SeekCurrent)
	return err
}

// uncompress returns what the file holds, uncompressed.
func (in *Input) uncompress() (io.Reader, error) {
	kind, _ := compress.Of(in.Path)
	if kind == compress.None {
		return &in.file, nil
	}
	r, err := compress.NewReader(kind, &in.file)
	if err != nil {
		return nil, fmt.Errorf("could not read the input: %s: %w", in.Name, err)
	}
	in.closers = append(in.closers, r)
	return r, nil
}

func (in *Input) openText(head []byte, text io.Reader) error {
	in.encoding = in.options.Encoding.OfMark(head)
	if in.encoding != sniff.UTF8 {
		in.note("read as %s; the output is UTF-8", in.encoding)
	}
	if err := in.readHeading(in.encoding.Reader(text), in.options.Reader); err != nil || in.Empty {
		return err
	}
	if line, found := in.reader.NotUTF8(); found && in.encoding == sniff.UTF8 {
		in.note("line %d is not UTF-8, and passes through as it is; if the file is in the encoding of Windows, say --encoding windows-1252", line)
	}
	return nil
}

func (in *Input) readHeading(r io.Reader, options devices.ReaderOptions) error {
	options.Name, options.Columns.FirstColumn = in.Name, in.column
	in.stream = kept{r: r}
	reader, err := devices.NewReader(&in.stream, options)
	in.Empty = errors.Is(err, devices.ErrEmpty)
	switch {
	case in.Empty:
		return nil
	case err != nil && in.stream.err != nil:
		return readingFailed(fmt.Errorf("%s: %w", in.Name, in.stream.err))
	case errors.Is(err, devices.ErrHeaderRow):
		return exit.Usagef("%w with --header-row", err)
	case err != nil:
		return exit.With(exit.Usage, err)
	}
	in.reader = reader
	if line := reader.HeadingFound(); line > 0 {
		in.note("the heading was found in row %d; what stands above it passes through", line)
	}
	if says := remarks.NotJudged(reader.Columns(), options.Columns); says != "" && !options.Columns.Lenient {
		in.note("%s", says)
	}
	return nil
}
