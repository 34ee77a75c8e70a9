package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/xuri/excelize/v2"
)

// mostUnpacked is how many bytes a workbook may hold once it is unpacked: far
// more than any inventory, and little enough that a small file made to unpack
// without end is refused.
const mostUnpacked = 4 << 30

// Book is an open workbook. Make one with [Open] or [OpenReader].
type Book struct {
	name string
	file *excelize.File
}

// Open opens the workbook of the given path. Close it when done. The error is
// that of the file system where the file cannot be read, and else says why the
// file is no workbook.
func Open(path string) (*Book, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := check(f, info.Size()); err != nil {
		return nil, unreadable(path, err)
	}
	file, err := excelize.OpenFile(path, options)
	return newBook(path, file, err)
}

// OpenReader reads a whole workbook. Close it when done.
func OpenReader(r io.Reader) (*Book, error) {
	const name = "the workbook"
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if err := check(bytes.NewReader(data), int64(len(data))); err != nil {
		return nil, unreadable(name, err)
	}
	file, err := excelize.OpenReader(bytes.NewReader(data), options)
	return newBook(name, file, err)
}

var options = excelize.Options{RawCellValue: true, UnzipSizeLimit: mostUnpacked}

func newBook(name string, file *excelize.File, err error) (*Book, error) {
	if err != nil {
		if file != nil {
			file.Close()
		}
		return nil, unreadable(name, err)
	}
	return &Book{name, file}, nil
}

func unreadable(name string, err error) error {
	if pathError := (*os.PathError)(nil); errors.As(err, &pathError) {
		return err
	}
	if errors.Is(err, zip.ErrFormat) {
		err = errors.New("not the format of .xlsx and .xlsm, or protected by a password: open it in a spreadsheet and save it as .xlsx")
	}
	return fmt.Errorf("%s cannot be read as a workbook: %w", name, err)
}

// Sheets returns the names of the workbook's tabs, in their order.
func (b *Book) Sheets() []string { return b.file.GetSheetList() }

// Close frees what the workbook takes, temporary files included.
func (b *Book) Close() error { return b.file.Close() }
