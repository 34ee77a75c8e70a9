package source

import (
	"errors"
	"fmt"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
)

// everything is all of a sheet.
var everything = xlsx.Range{FirstRow: 1, LastRow: math.MaxInt, FirstColumn: 1, LastColumn: math.MaxInt}

// choose finds what is to be read of the workbook: the table or the sheet that was
// named, and else the first sheet that a spreadsheet shows.
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
		return fmt.Errorf("%s holds no sheet of cells", in.Name)
	}
	if sheets := book.Sheets(); len(sheets) > 1 {
		in.others = slices.DeleteFunc(sheets, func(name string) bool { return name == in.sheet })
		in.noteUnread("the first of its %d sheets was read, %q; --sheet names another, and --sheet %s reads all", len(sheets), in.sheet, AllSheets)
	}
	return nil
}

// errAll is the error of an input that stands for all sheets of a workbook.
var errAll = errors.New("all sheets are to be read")

// chooseSheet finds the sheet that was named: by its name, or else by its number.
func (in *Input) chooseSheet(book *xlsx.Book) error {
	sheets := book.Sheets()
	wanted := strings.TrimSpace(in.options.Sheet)
	for _, name := range sheets {
		if strings.EqualFold(strings.TrimSpace(name), wanted) {
			if in.sheet = name; strings.EqualFold(wanted, AllSheets) {
				in.noteUnread("the sheet named %q was read, and no other", name)
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

// chooseTable finds the table that was named, and the block that it has.
func (in *Input) chooseTable(book *xlsx.Book) (xlsx.Range, error) {
	tables, damaged := book.Tables()
	var names []string
	for _, t := range tables {
		names = append(names, t.Name)
		if !strings.EqualFold(t.Name, strings.TrimSpace(in.options.Table)) {
			continue
		}
		if !t.Heading {
			return t.Range, fmt.Errorf("%s: the table %q has no heading row: show it in a spreadsheet, under the table's design", in.Name, t.Name)
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

// openSheets opens the input. Where all sheets of a workbook are asked for, it
// returns an input for each sheet that has the columns.
func (in *Input) openSheets() ([]*Input, error) {
	err := in.open()
	if !errors.Is(err, errAll) {
		return []*Input{in}, err
	}
	if in.stdin != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("%s: all sheets can be read of a file alone, as it is opened for each: save it, and name the file", in.Name))
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
