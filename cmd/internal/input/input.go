// Package input opens inventories: text in several encodings, compressed or not, and
// workbooks.
package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/records"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
)

// Stdin is the file name that means standard input.
const Stdin = "-"

// Input is one inventory whose heading has been mapped.
type Input struct {
	// Name is the name that the user gave, in one line; if several sheets are read,
	// with the name of the sheet.
	Name string
	// Path is the name of the file; empty for standard input.
	Path string
	// Info is the file's; nil if the input is not a file.
	Info os.FileInfo
	// Empty is true if there is no heading: the input has no bytes, or only blank
	// lines.
	Empty bool

	options Options
	stdin   io.Reader // nil if the input is not standard input
	offset  int64     // where reading of standard input began, if that is a file
	reader  *devices.Reader
	closers []io.Closer
	opened  *File // nil if the input is not a file
	file    fileBytes
	stream  kept // the stream that reader reads
	// settled is true if the date format is in the options, or about to be.
	settled bool

	encoding sniff.Encoding
	work     *workbook      // nil for text
	records  *records.Table // nil unless the input is JSON or XML whose columns are known
	sum      string         // the file's digest, once it is known
	sheet    string         // of a workbook
	sheets   []string       // the names of the workbook's sheets
	others   []string       // the sheets left out, if no sheet was named
	one      string         // this input's sheet, if all sheets are read
	all      []string       // the names of all sheets, if all are to be read
	// column is the index of the first column: a table may have columns before it.
	column   int
	notes    []string
	unread   []string // the notes on what was not judged
	dateNote string   // how the order of day and month was decided
}

// mostOpen is how many inputs stay open once their heading has been read. The others
// are opened again when it is their turn, because open files are limited and each
// takes memory.
const mostOpen = 8

// OpenAll opens every input, maps its heading and determines its date format. The
// error names every input that failed; then none is left open. If ctx is done, no
// further input is opened and the error is that of ctx.
func OpenAll(ctx context.Context, names []string, stdin io.Reader, options Options) ([]*Input, error) {
	var inputs []*Input
	var errs []error
	for i, name := range names {
		if err := ctx.Err(); err != nil {
			CloseAll(inputs)
			return nil, err
		}
		if name == Stdin && slices.Contains(names[:i], Stdin) {
			errs = append(errs, exit.With(exit.Usage, errors.New("standard input, -, is given twice")))
			continue
		}
		in := &Input{Name: screen.Line(name), Path: name, options: options}
		if name == Stdin {
			in.Name, in.Path, in.stdin = "standard input", "", stdin
		}
		sheets, err := in.openSheets()
		if err != nil {
			errs = append(errs, err)
			continue
		}
		for _, in := range sheets {
			inputs = append(inputs, in)
			if len(inputs) > mostOpen && in.again() && in.stdin == nil {
				errs = append(errs, in.opened.Unchanged())
				in.Close()
			}
		}
	}
	if err := exit.Join(errs); err != nil {
		CloseAll(inputs)
		return nil, err
	}
	return inputs, nil
}

// Open opens an inventory that is not a file of this machine: it has a name, and can be
// read once. After an error only its Sheets can be used.
func Open(name string, content io.Reader, options Options) (*Input, error) {
	in := &Input{Name: screen.Line(name), stdin: content, options: options}
	err := in.open()
	if err == nil && in.Empty {
		err = exit.With(exit.Empty, devices.ErrEmpty)
	}
	return in, err
}

// Sheets returns the names of the sheets of a workbook, and of the one that is read.
func (in *Input) Sheets() (names []string, read string) { return in.sheets, in.sheet }

// CloseAll closes inputs.
func CloseAll(inputs []*Input) {
	for _, in := range inputs {
		in.Close()
	}
}

// again reports whether the input can be read twice.
func (in *Input) again() bool { return in.Info != nil && in.Info.Mode().IsRegular() }

// Close closes the input. It cannot fail.
func (in *Input) Close() {
	for _, c := range slices.Backward(in.closers) {
		c.Close()
	}
	in.closers, in.work, in.opened = nil, nil, nil
	if in.reader != nil {
		in.reader.Release()
	}
	if in.again() { // otherwise a goroutine may still wait for the next byte
		in.stream.r, in.file.r = nil, nil
	}
}

// Heading returns the reader that has read the heading. Its columns are known even
// if the input is closed.
func (in *Input) Heading() *devices.Reader { return in.reader }

// Start returns the reader. It opens the input again if it was closed.
func (in *Input) Start() (*devices.Reader, error) {
	if in.closers != nil {
		return in.reader, nil
	}
	if err := in.reopen(); err != nil {
		return nil, err
	}
	return in.reader, nil
}

// Finish ends the reading of the input and closes it.
func (in *Input) Finish() error {
	defer in.Close()
	if in.sum != "" || in.closers == nil {
		return nil
	}
	var err error
	if in.sum, err = in.file.digest(); err != nil {
		return readingFailed(err)
	}
	return in.opened.Unchanged()
}

// reopen opens the input again, to read it from its start.
func (in *Input) reopen() error {
	if err := in.opened.Unchanged(); err != nil {
		return err
	}
	in.Close()
	in.notes, in.unread = nil, nil
	if err := in.open(); err != nil {
		return err
	}
	if in.Empty {
		return exit.With(exit.IO, fmt.Errorf("%s changed while it was being read", in.Name))
	}
	return nil
}

// Column returns the index in the sheet of the input's column i.
func (in *Input) Column(i int) int {
	if in.work == nil || i >= len(in.work.columns) {
		return i
	}
	return in.column + in.work.columns[i]
}

// OfSeveral returns the name of the sheet if the input is one of several sheets of a
// workbook, else "".
func (in *Input) OfSeveral() string { return in.one }

// BytesRead returns how many bytes of the file have been read.
func (in *Input) BytesRead() int64 { return in.file.n.Load() }

// Size returns the file's size in bytes, or 0 if it is not known.
func (in *Input) Size() int64 {
	if !in.again() {
		return 0
	}
	return in.Info.Size()
}

// Notes returns remarks for the user on how the input was read, each after the
// input's name.
func (in *Input) Notes() []string {
	if in.dateNote == "" {
		return in.notes
	}
	return append(slices.Clone(in.notes), in.named(in.dateNote))
}

// Holds adds a note if the input, one of several, has no rows.
func (in *Input) Holds(rows int) {
	switch {
	case in.Empty:
		in.noteUnread("nothing to read: no heading and no row")
	case rows == 0:
		in.noteUnread("no row below the heading")
	}
}

// Unread returns the notes on what was not judged: a sheet, or one of several inputs
// that has no rows.
func (in *Input) Unread() []string { return in.unread }

// noteUnread adds a note on what was not judged, unless it exists.
func (in *Input) noteUnread(format string, args ...any) {
	before := len(in.notes)
	in.note(format, args...)
	in.unread = append(in.unread, in.notes[before:]...)
}

// note adds a note unless it exists: a heading is sometimes read twice.
func (in *Input) note(format string, args ...any) {
	if text := in.named(fmt.Sprintf(format, args...)); !slices.Contains(in.notes, text) {
		in.notes = append(in.notes, text)
	}
}

// named returns a note after the input's name, if there may be several inputs.
func (in *Input) named(note string) string {
	if in.options.Page {
		return note
	}
	return in.Name + ": " + note
}

// Options determine how inputs are read. With the zero value everything is detected.
type Options struct {
	// Reader determines how CSV is read and how headings are mapped.
	Reader devices.ReaderOptions
	// Encoding is the encoding of text. The zero value is UTF-8, or UTF-16 if there
	// is a byte order mark.
	Encoding sniff.Encoding
	// Sheet is the name of a workbook's tab, or its number, from 1. AllSheets means
	// each sheet that has the columns, and "" the first sheet.
	Sheet string
	// Table is the name of a workbook's table, which is read instead of Sheet.
	Table string
	// Digest is true if the SHA-256 of every input is to be calculated.
	Digest bool
	// Page says that the messages are read on a page, where there are no flags, and one
	// input is read at a time, whose name they leave out.
	Page bool
	// Say, if not nil, is called with messages for the user while inputs are read.
	Say func(text string)
}

// AllSheets means every sheet that has the columns, unless a sheet has this name.
const AllSheets = "all"

// flags returns words that name flags, except on a page.
func (o Options) flags(words string) string {
	if o.Page {
		return ""
	}
	return words
}

func (o Options) say(text string) {
	if o.Say != nil {
		o.Say(text)
	}
}

// Evidence describes the input and how it was read. The digest is set if
// Options.Digest is, and the input has been read to its end.
func (in *Input) Evidence() evidence.Input {
	e := evidence.Input{
		File:  evidence.File{Name: in.Name, Bytes: in.BytesRead(), SHA256: in.sum},
		Empty: in.Empty,
		Notes: in.Notes(),
	}
	if in.sheet != "" {
		e.Sheet, e.Table = in.sheet, in.options.Table
	} else {
		e.Encoding = in.encoding.String()
	}
	if in.Empty {
		return e
	}
	if in.sheet == "" && in.records == nil {
		e.Delimiter = string(in.reader.Delimiter())
		if in.options.Reader.NoQuotes {
			e.Quote = "none"
		}
	}
	e.HeaderRow = in.reader.Heading().Line
	if in.reader.DatesRead() {
		e.Dates = in.reader.Dates().String()
	}
	in.addColumns(&e)
	return e
}

func (in *Input) addColumns(e *evidence.Input) {
	columns := in.reader.Columns()
	read := map[int]bool{}
	for _, f := range devices.Fields() {
		if i := columns.Index(f); i >= 0 {
			e.Columns = append(e.Columns, evidence.Column{Field: f.String(), Heading: columns.Headings()[i]})
			read[i] = true
		}
	}
	for i, heading := range columns.Headings() {
		if !read[i] {
			e.NotRead = append(e.NotRead, heading)
		}
	}
}

// settleDates determines the format of the input's dates, and sets it in the reader
// and in the options, for when the input is opened again.
func (in *Input) settleDates() error {
	var once sync.Once
	if in.reader.Live() {
		slow := time.AfterFunc(slowAfter, func() {
			once.Do(func() {
				in.options.say(fmt.Sprintf("%s: no row is written until the input has ended or 1 MiB of it was read, because the order of day and month is derived from the whole column; with --date-format or --on, rows are written as they are read", in.Name))
			})
		})
		defer slow.Stop()
	}
	format, note, err := in.reader.DecideDates(func() (*devices.DateOrder, error) { return in.surveyDates(&once) })
	once.Do(func() {}) // wait for a message that is being written, and prevent later ones
	var contradiction *devices.DateOrderError
	if errors.As(err, &contradiction) {
		err = exit.With(exit.Usage, err)
	}
	if err != nil {
		return err
	}
	in.dateNote, in.settled = note, true
	in.options.Reader.Columns.Dates = &format
	in.reader.SetDates(format)
	return nil
}

// slowAfter is how long determining the date format may take before the user gets a
// message on why nothing is written yet.
const slowAfter = time.Second

// surveyDates reads the whole date column. A file is read and then opened again; an
// input that cannot be read twice is copied to a temporary file.
func (in *Input) surveyDates(once *sync.Once) (*devices.DateOrder, error) {
	if in.work != nil {
		order, err := in.reader.SurveyDates(nil)
		if err != nil {
			return nil, readingFailed(err)
		}
		return order, in.startWorkbook()
	}
	if in.again() {
		order, err := in.reader.SurveyDates(nil)
		if err != nil {
			return nil, readingFailed(err)
		}
		in.settled = true // so that opening it again does not survey it again
		err = in.reopen()
		return order, err
	}
	once.Do(func() {
		in.options.say(fmt.Sprintf("%s: not all of its first dates are YYYY-MM-DD, so the whole input is first copied to a temporary file, to find the order of day and month; --date-format avoids this", in.Name))
	})
	keep, err := devices.NewSpool()
	if err != nil {
		return nil, exit.With(exit.IO, err)
	}
	in.closers = append(in.closers, keep)
	order, err := in.reader.SurveyDates(keep)
	var spooling *devices.WriteError
	if errors.As(err, &spooling) {
		return nil, exit.With(exit.IO, fmt.Errorf("could not keep %s in a temporary file: %w", in.Name, err))
	}
	return order, readingFailed(err)
}

func readingFailed(err error) error {
	if err == nil {
		return nil
	}
	return exit.With(exit.IO, fmt.Errorf("could not read the input: %w", err))
}
