package input

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
)

// workbook is a sheet that is read as CSV.
type workbook struct {
	spool *sheetSpool
	// columns are the indexes of the columns that are read, ascending. Empty columns
	// beyond the last heading are left out, because a stray value may be in the last
	// of 16,384 columns.
	columns []int
	first   int // the number of the first row that is read
	merged  []xlsx.Range
	// serial converts a number to a day in the workbook's date system.
	serial   func(number string) (day string, ok bool)
	from1904 bool
}

// Cells returns a function that returns the cells of a row by its number, as stored
// in the workbook but with days in the 1900 date system. It must be called with
// ascending numbers; the cells are valid until the next call. Cells returns nil if
// the input is not a workbook.
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
		return exit.With(exit.Usage, fmt.Errorf("%s is a workbook: it has no encoding, no delimiter and no quotes%s", in.Name, in.options.flags("; leave out --encoding, --delimiter and --quote")))
	}
	book, err := in.book(content)
	if err != nil {
		return exit.With(exit.IO, fmt.Errorf("could not read the input: %w", err))
	}
	defer book.Close()
	in.sheets = book.Sheets()
	block, err := in.choose(book)
	if err != nil {
		return exit.With(exit.Usage, err)
	}
	if err := in.fill(book, block); err != nil {
		return exit.With(exit.IO, err)
	}
	err = in.readSheet(plainTexts)
	if exit.CodeOf(err) == exit.Usage && err != nil && in.others != nil && !in.options.Page {
		err = exit.With(exit.Usage, fmt.Errorf("%w\n  the first sheet, %q, was read; --sheet selects another: %q", err, in.sheet, in.others))
	}
	if err != nil || in.Empty {
		return err
	}
	if in.leaveOutColumns() {
		if err := in.readSheet(plainTexts); err != nil {
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

// book opens the workbook: from its file if it is an uncompressed file, so that it
// does not have to be kept in memory.
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

// everything is all of a sheet.
var everything = xlsx.Range{FirstRow: 1, LastRow: math.MaxInt, FirstColumn: 1, LastColumn: math.MaxInt}

// choose finds the part of the workbook to read: the table or sheet that was named,
// else the first sheet that is not hidden.
func (in *Input) choose(book *xlsx.Book) (xlsx.Range, error) {
	var err error
	switch {
	case in.one != "":
		in.sheet = in.one
	case in.options.Table != "":
		return in.chooseTable(book)
	case in.options.Sheet == "":
		err = in.chooseFirst(book)
	default:
		err = in.chooseSheet(book)
	}
	return everything, err
}

func (in *Input) chooseFirst(book *xlsx.Book) error {
	if in.sheet = book.FirstShown(); in.sheet == "" {
		return fmt.Errorf("%s has no worksheet", in.Name)
	}
	if sheets := book.Sheets(); len(sheets) > 1 {
		in.others = slices.DeleteFunc(sheets, func(name string) bool { return name == in.sheet })
		in.noteUnread("only the first of its %d sheets, %q, was read%s", len(sheets), in.sheet, in.options.flags("; --sheet selects another, and --sheet "+AllSheets+" reads all"))
	}
	return nil
}

// errAll is the error of opening an input that represents all sheets of a workbook.
var errAll = errors.New("all sheets are to be read")

// chooseSheet finds the sheet that was named: by its name, or else by its number.
func (in *Input) chooseSheet(book *xlsx.Book) error {
	sheets := book.Sheets()
	wanted := strings.TrimSpace(in.options.Sheet)
	for _, name := range sheets {
		if strings.EqualFold(strings.TrimSpace(name), wanted) {
			if in.sheet = name; strings.EqualFold(wanted, AllSheets) {
				in.noteUnread("only the sheet named %q was read", name)
			}
			return nil
		}
	}
	if strings.EqualFold(wanted, AllSheets) && len(sheets) > 0 {
		in.all = sheets
		return errAll
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(wanted, "#")); err == nil && n >= 1 && n <= len(sheets) {
		in.sheet = sheets[n-1]
		in.note("sheet %d of its %d was read, %q", n, len(sheets), in.sheet)
		return nil
	}
	return fmt.Errorf("%s has no sheet %q: its sheets are %q", in.Name, in.options.Sheet, sheets)
}

// chooseTable finds the table that was named, and returns its range.
func (in *Input) chooseTable(book *xlsx.Book) (xlsx.Range, error) {
	tables, damaged := book.Tables()
	var names []string
	for _, t := range tables {
		names = append(names, t.Name)
		if !strings.EqualFold(t.Name, strings.TrimSpace(in.options.Table)) {
			continue
		}
		if !t.Heading {
			return t.Range, fmt.Errorf("%s: the table %q has no heading row: switch it on in a spreadsheet, under the table's design", in.Name, t.Name)
		}
		if t.Totals > 0 {
			in.note("%s of totals at the end of the table %q left out", remarks.Plural(t.Totals, "row"), t.Name)
			t.Range.LastRow -= t.Totals
		}
		in.sheet, in.column = t.Sheet, t.Range.FirstColumn-1
		in.options.Reader.HeaderRow = t.Range.FirstRow
		return t.Range, nil
	}
	err := fmt.Errorf("%s has no table %q: its tables are %q", in.Name, in.options.Table, names)
	if damaged != nil {
		err = fmt.Errorf("%w, and not all could be read: %w", err, damaged)
	}
	return xlsx.Range{}, err
}

// openSheets opens the input. If all sheets of a workbook are to be read, it returns
// an input for each sheet that has the columns.
func (in *Input) openSheets() ([]*Input, error) {
	err := in.open()
	if !errors.Is(err, errAll) {
		return []*Input{in}, err
	}
	if in.stdin != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("%s: all sheets can be read only from a file, because it is opened once for each: save the workbook to a file, and name that", in.Name))
	}
	var sheets []*Input
	var passed, reasons []string
	for _, name := range in.all {
		one := &Input{Name: fmt.Sprintf("%s (%s)", in.Path, name), Path: in.Path, Info: in.Info, options: in.options, one: name}
		var mapping *devices.MappingError
		err := one.open()
		switch {
		case errors.As(err, &mapping):
			reasons = append(reasons, err.Error())
		case err != nil:
			CloseAll(sheets)
			return nil, err
		case !one.Empty:
			sheets = append(sheets, one)
			continue
		}
		one.Close()
		passed = append(passed, name)
	}
	switch {
	case len(sheets) == 0 && reasons == nil:
		in.Empty = true
		return []*Input{in}, nil
	case len(sheets) == 0:
		return nil, exit.With(exit.Usage, fmt.Errorf("%s: no sheet has the columns:\n%s", in.Path, strings.Join(reasons, "\n")))
	case passed != nil:
		sheets[0].noteUnread("%s of the workbook left out, without the columns or without a row: %q", remarks.Plural(len(passed), "sheet"), passed)
	}
	return sheets, nil
}
