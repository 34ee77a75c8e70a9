// Package input opens the inventories that a command is to read: text in its
// encodings, compressed or not, and workbooks.
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
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
)

// Stdin is the name by which standard input is asked for.
const Stdin = "-"

// Input is one inventory whose heading has been mapped.
type Input struct {
	// Name is what the user called it, in one line; of one of several sheets that are read, with
	// the name of the sheet.
	Name string
	// Path is the name of the file; empty for standard input.
	Path string
	// Info is the file's; nil where there is none to ask.
	Info os.FileInfo
	// Empty says that there is no heading: the input has no byte, or blank
	// lines only.
	Empty bool

	options Options
	stdin   io.Reader // where it is the input
	offset  int64     // of standard input, where it is a file
	reader  *devices.Reader
	closers []io.Closer
	opened  *File // nil where the input is no file
	file    fileBytes
	stream  kept // what reader reads
	// settled says that the options hold how the dates are written, or are about
	// to.
	settled bool

	encoding sniff.Encoding
	work     *workbook // nil for text
	sum      string    // the file's digest, once it is known
	sheet    string    // of a workbook
	others   []string  // the sheets passed over, where none was named
	one      string    // the sheet that is read where all of a workbook are
	all      []string  // the names of all, where each is to be read
	// column is the place of the first column, from 0: a table has others before it.
	column   int
	notes    []string
	unread   []string // those of notes that say what was not judged
	dateNote string   // how the order of day and month was decided
}

// mostOpen is how many inputs are held open from their heading on. The rest
// are opened again when it is their turn, since a system lets a program have
// only so many open files, and each holds what has been read of it.
const mostOpen = 8

// OpenAll opens every input, maps its heading and finds out how its dates are
// written. The error names all that failed; then nothing is left open. If ctx
// has ended, no further input is opened and the error is that of ctx.
func OpenAll(ctx context.Context, names []string, stdin io.Reader, options Options) ([]*Input, error) {
	var inputs []*Input
	var errs []error
	for i, name := range names {
		if err := ctx.Err(); err != nil {
			CloseAll(inputs)
			return nil, err
		}
		if name == Stdin && slices.Contains(names[:i], Stdin) {
			errs = append(errs, exit.With(exit.Usage, errors.New("standard input, -, is named twice")))
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

// CloseAll closes inputs.
func CloseAll(inputs []*Input) {
	for _, in := range inputs {
		in.Close()
	}
}

// again reports whether the input can be read twice.
func (in *Input) again() bool { return in.Info != nil && in.Info.Mode().IsRegular() }

// Close closes the input. There is nothing left to fail.
func (in *Input) Close() {
	for _, c := range slices.Backward(in.closers) {
		c.Close()
	}
	in.closers, in.work, in.opened = nil, nil, nil
	if in.reader != nil {
		in.reader.Release()
	}
	in.stream.r, in.file.r = nil, nil
}

// Heading returns the reader as it stood after the heading: its columns are
// known, whether it is open or not.
func (in *Input) Heading() *devices.Reader { return in.reader }

// Start returns the reader, opened again if need be.
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

// reopen opens the input anew, to be read from its start.
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

// Column returns the place in its sheet of one of the input's columns, from 0 as
// that is.
func (in *Input) Column(i int) int {
	if in.work == nil || i >= len(in.work.columns) {
		return i
	}
	return in.column + in.work.columns[i]
}

// OfSeveral returns the name of the sheet where the input is one of several sheets
// of a file, and "" for any other.
func (in *Input) OfSeveral() string { return in.one }

// BytesRead returns how many bytes of the file have been read.
func (in *Input) BytesRead() int64 { return in.file.n.Load() }

// Size returns the file's size in bytes, 0 where it is not known.
func (in *Input) Size() int64 {
	if !in.again() {
		return 0
	}
	return in.Info.Size()
}

// Notes say what the user should know of how the input was read, each of them
// after the input's name.
func (in *Input) Notes() []string {
	if in.dateNote == "" {
		return in.notes
	}
	return append(slices.Clone(in.notes), in.Name+": "+in.dateNote)
}

// Holds adds a note if the input, one of several, had no rows.
func (in *Input) Holds(rows int) {
	switch {
	case in.Empty:
		in.noteUnread("nothing to read: no heading and no row")
	case rows == 0:
		in.noteUnread("no row below the heading")
	}
}

// Unread returns those of the notes that say that something was not judged: a sheet,
// or an input without a row among several.
func (in *Input) Unread() []string { return in.unread }

// noteUnread keeps a note of what was not judged, once.
func (in *Input) noteUnread(format string, args ...any) {
	before := len(in.notes)
	in.note(format, args...)
	in.unread = append(in.unread, in.notes[before:]...)
}

// note keeps a note, once: a heading is sometimes read twice.
func (in *Input) note(format string, args ...any) {
	if text := in.Name + ": " + fmt.Sprintf(format, args...); !slices.Contains(in.notes, text) {
		in.notes = append(in.notes, text)
	}
}

// Options say how inputs are read. The zero value finds everything out by
// itself.
type Options struct {
	// Reader says how CSV is read and how headings are mapped.
	Reader devices.ReaderOptions
	// Encoding is that of text; the zero value reads UTF-8, and UTF-16 where a
	// byte order mark says so.
	Encoding sniff.Encoding
	// Sheet is the tab of a workbook, by its name or its number from 1; AllSheets
	// takes every one that has the columns, and empty takes the first.
	Sheet string
	// Table is a table of a workbook by its name; it is read in Sheet's place.
	Table string
	// Digest has the SHA-256 of every input worked out as it is read.
	Digest bool
	// Say, if not nil, is called with messages for the user while inputs are read.
	Say func(text string)
}

// AllSheets asks for every sheet that has the columns, unless a sheet is so named.
const AllSheets = "all"

func (o Options) say(text string) {
	if o.Say != nil {
		o.Say(text)
	}
}

// Evidence says what was read and how. Its digest is there once the input has
// been read to its end, if it was asked for.
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
	if in.sheet == "" {
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

// settleDates decides how the input's dates are written, and has them read so now
// and whenever the input is opened again.
func (in *Input) settleDates() error {
	var once sync.Once
	if in.reader.Live() {
		slow := time.AfterFunc(slowAfter, func() {
			once.Do(func() {
				in.options.say(fmt.Sprintf("%s: no row comes out before the input has ended or is a mebibyte long, as the order of day and month is decided from the whole column: with --date-format, or with --on, rows come out as they go in", in.Name))
			})
		})
		defer slow.Stop()
	}
	format, note, err := in.reader.DecideDates(func() (*devices.DateOrder, error) { return in.surveyDates(&once) })
	once.Do(func() {}) // a message that is being written is written first; none comes later
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

// slowAfter is how long an input may take to show how its dates are written before
// the user is told why nothing comes out.
const slowAfter = time.Second

// surveyDates looks at the whole column. A file is read once and opened again;
// what cannot be read twice is kept in a spool.
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
		in.settled = true // for the time of opening it again
		err = in.reopen()
		return order, err
	}
	once.Do(func() {
		in.options.say(fmt.Sprintf("%s: not all of its first dates are YYYY-MM-DD, so the whole of it is kept in a temporary file first, to see in which order day and month stand; --date-format saves that", in.Name))
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
