package source

import (
	"fmt"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"io"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices/xlsx"
)

// workbook is a sheet that is read as CSV.
type workbook struct {
	spool *sheetSpool
	// columns are the places of those that are read, ascending. Empty ones beyond
	// the last heading are left out: a stray value may stand in the last of 16,384.
	columns []int
	first   int // the number of the first row that is read
	merged  []xlsx.Range
	// serial reads a number as a day of the workbook.
	serial   func(number string) (day string, ok bool)
	from1904 bool
}

// Cells returns what gives the cells of a row by its number, as the workbook holds
// them, but with days counted from 1900. Rows are to be asked for in their order;
// the cells are valid until the next is asked for. It returns nil for an input that
// is no workbook.
func (in *Input) Cells() (func(row int) ([]xlsx.Cell, error), error) {
	if in.work == nil {
		return nil, nil
	}
	rows, err := in.work.spool.rows(in.work.columns)
	if err != nil {
		return nil, exit.With(exit.IO, err)
	}
	c := in.conversion()
	var row xlsx.Row
	return func(number int) (cells []xlsx.Cell, err error) {
		for err == nil && row.Number < number {
			row, err = rows.next()
		}
		if err != nil || row.Number != number {
			return nil, err
		}
		if in.work.from1904 {
			c.countFrom1900(row)
		}
		return row.Cells, nil
	}, nil
}

// openWorkbook reads the sheet and its heading.
func (in *Input) openWorkbook(content io.Reader) error {
	if in.options.Encoding != "" || in.options.Reader.Delimiter != 0 || in.options.Reader.NoQuotes {
		return exit.With(exit.Usage, fmt.Errorf("%s is a workbook: it has no encoding, no delimiter and no quotes; leave out --encoding, --delimiter and --quote", in.Name))
	}
	book, err := in.book(content)
	if err != nil {
		return exit.With(exit.IO, fmt.Errorf("could not read the input: %w", err))
	}
	defer book.Close()
	block, err := in.choose(book)
	if err != nil {
		return exit.With(exit.Usage, err)
	}
	if err := in.fill(book, block); err != nil {
		return exit.With(exit.IO, err)
	}
	// Which cells need care is known once the heading has been found.
	plain := func(row xlsx.Row) []string { return texts(row, func(_ int, c xlsx.Cell) string { return c.Decimal() }) }
	err = in.readSheet(plain)
	if exit.CodeOf(err) == exit.Usage && err != nil && in.others != nil {
		err = exit.With(exit.Usage, fmt.Errorf("%w\n  sheet %q was read, the first; --sheet names another of %q", err, in.sheet, in.others))
	}
	if err != nil || in.Empty {
		return err
	}
	if in.leaveOutColumns() {
		if err := in.readSheet(plain); err != nil {
			return err
		}
	}
	if err := in.survey(); err != nil {
		return exit.With(exit.IO, err)
	}
	return in.startWorkbook()
}

// fill reads the sheet, or a block of it, into a spool.
func (in *Input) fill(book *xlsx.Book, block xlsx.Range) error {
	sheet, err := book.Sheet(in.sheet)
	if err != nil {
		return err
	}
	spool, err := newSheetSpool()
	if err != nil {
		return err
	}
	in.closers = append(in.closers, spool)
	pending := counted{}
	for row, err := range sheet.Rows() {
		if err != nil {
			return fmt.Errorf("could not read the input: %w", err)
		}
		if row.Number < block.FirstRow || row.Number > block.LastRow {
			continue
		}
		row.Cells = row.Cells[min(in.column, len(row.Cells)):min(block.LastColumn, len(row.Cells))]
		hasText := false
		for i, c := range row.Cells {
			hasText = hasText || c.Text != ""
			if c.Kind == xlsx.Pending {
				pending.add("in %s", xlsx.Reference(in.column+i+1, row.Number))
			}
		}
		if !hasText {
			continue
		}
		if err := spool.add(row); err != nil {
			return err
		}
	}
	if pending.n > 0 {
		in.note("%s never calculated%s: read as empty cells. Open the workbook in a spreadsheet and save it", remarks.Plural(pending.n, "formula"), pending.example)
	}
	in.work = &workbook{spool: spool, columns: counting(len(spool.used)), first: block.FirstRow, merged: sheet.Merged(), serial: book.Serial, from1904: book.From1904()}
	return nil
}

// counting returns the numbers from 0 to one less than n.
func counting(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// leaveOutColumns leaves out the empty columns beyond the last heading, and reports
// whether there are any.
func (in *Input) leaveOutColumns() bool {
	headed := 0
	for i, heading := range in.reader.Columns().Headings() {
		if strings.TrimSpace(heading) != "" {
			headed = i + 1
		}
	}
	before := len(in.work.columns)
	in.work.columns = slices.DeleteFunc(in.work.columns, func(i int) bool { return i >= headed && !in.work.spool.used[i] })
	if n := before - len(in.work.columns); n > 0 {
		in.note("%s beyond the last heading: left out", remarks.Plural(n, "empty column"))
		return true
	}
	return false
}

// startWorkbook reads the sheet from its start.
func (in *Input) startWorkbook() error { return in.readSheet(in.conversion().texts) }

// readSheet reads the sheet as CSV, as far as its heading.
func (in *Input) readSheet(texts func(xlsx.Row) []string) error {
	rows, err := in.work.spool.rows(in.work.columns)
	if err != nil {
		return exit.With(exit.IO, err)
	}
	options := in.options.Reader
	options.Sheet, options.FirstRow, options.Delimiter = true, in.work.first, ','
	return in.readHeading(&sheetCSV{rows: rows, width: len(in.work.columns), texts: texts, last: in.work.first - 1}, options)
}

// book opens the workbook: in its file if it is one as it is, so that it need not
// be held in memory.
func (in *Input) book(content io.Reader) (*xlsx.Book, error) {
	kind, _ := compress.Of(in.Path)
	if in.stdin != nil || kind != compress.None || !in.again() {
		return xlsx.OpenReader(content)
	}
	if in.options.Digest {
		if _, err := io.Copy(io.Discard, content); err != nil {
			return nil, err
		}
	}
	return xlsx.OpenAt(in.Name, in.opened, in.Info.Size())
}
