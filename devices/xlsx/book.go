package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

// Book is an open workbook. Make one with [Open] or [OpenReader]. Several
// goroutines may use it at once.
type Book struct {
	name     string
	file     io.Closer // nil where the workbook is in memory
	parts    parts
	tabs     []tab
	date1904 bool
	// styles are those of the cells by their number, and strings the texts that
	// cells share. Each is read when a cell first needs it.
	styles  func() ([]cellStyle, error)
	strings func() (*sharedStrings, error)
}

// Open opens the workbook of the given path. Close it when done. The error is
// that of the file system where the file cannot be read, and else says why the
// file is no workbook.
func Open(path string) (*Book, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	book, err := newBook(path, f, info.Size())
	if err != nil {
		f.Close()
		return nil, err
	}
	book.file = f
	return book, nil
}

// OpenReader reads a whole workbook into memory, packed as it is. Close it when
// done. The error is the reader's where reading fails, and else says why this is
// no workbook.
func OpenReader(r io.Reader) (*Book, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return newBook("the workbook", bytes.NewReader(data), int64(len(data)))
}

func newBook(name string, r io.ReaderAt, size int64) (*Book, error) {
	b := &Book{name: name}
	if err := b.read(r, size); err != nil {
		return nil, unreadable(name, err)
	}
	return b, nil
}

// errFormat is of a file that is no workbook of the kinds that are read. A
// workbook with a password is no zip archive, so it looks like any other file.
var errFormat = errors.New("not the format of .xlsx and .xlsm, or protected by a password: open it in a spreadsheet and save it as .xlsx")

// errCutOff is of an archive that has a beginning and no end.
var errCutOff = errors.New("it begins as a workbook does and has no end: it was cut off when it was copied or downloaded; get it again")

func unreadable(name string, err error) error {
	if pathError := (*os.PathError)(nil); errors.As(err, &pathError) {
		return err
	}
	return fmt.Errorf("%s cannot be read as a workbook: %w", name, err)
}

// read reads all but the cells.
func (b *Book) read(r io.ReaderAt, size int64) (err error) {
	b.parts, err = newParts(r, size)
	switch {
	case errors.Is(err, zip.ErrFormat) && beginsAsZip(r):
		return errCutOff
	case errors.Is(err, zip.ErrFormat):
		return errFormat
	case err != nil:
		return err
	}
	main, err := findWorkbook(b.parts)
	if err != nil {
		return err
	}
	if b.tabs, b.date1904, err = readWorkbook(b.parts, main); err != nil {
		return err
	}
	b.styles = sync.OnceValues(func() ([]cellStyle, error) { return readStyles(b.parts, main.find("styles")) })
	b.strings = sync.OnceValues(func() (*sharedStrings, error) {
		return readSharedStrings(b.parts, main.find("sharedStrings"))
	})
	return nil
}

func beginsAsZip(r io.ReaderAt) bool {
	const mark = "PK\x03\x04"
	head := make([]byte, len(mark))
	_, err := r.ReadAt(head, 0)
	return err == nil && string(head) == mark
}

// From1904 reports whether the workbook counts days from 1904, and not from 1900.
func (b *Book) From1904() bool { return b.date1904 }

// Sheets returns the names of the tabs that hold cells, in their order, hidden and
// damaged ones included. Tabs of a chart alone are left out.
func (b *Book) Sheets() []string {
	var names []string
	for _, t := range b.tabs {
		if t.cells {
			names = append(names, t.name)
		}
	}
	return names
}

// FirstShown returns the name of the first tab with cells that a spreadsheet
// shows; that of the first at all where it shows none, and "" where there is
// none.
func (b *Book) FirstShown() string {
	for _, t := range b.tabs {
		if t.cells && !t.hidden {
			return t.name
		}
	}
	return strings.Join(b.Sheets()[:min(1, len(b.Sheets()))], "")
}

// Close frees what the workbook takes. Rows must not be read afterwards; texts
// of cells remain.
func (b *Book) Close() error {
	if b.file == nil {
		return nil
	}
	return b.file.Close()
}
