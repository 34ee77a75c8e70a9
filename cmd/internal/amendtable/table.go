// Package amendtable turns a table that a person typed from the TS
// Applicability Tables into an amendment of the record.
package amendtable

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Table is a table of versions and their periods as it was typed. Make one with
// [Read].
type Table struct {
	sheet   *sheet
	entries []entry
}

// entry is a row of the table and the entry that it gives.
type entry struct {
	row
	ivp.Entry
}

var tableColumns = []column{specColumn, toColumn, fromColumn, scopeColumn, confirmedColumn, inferredColumn, unquotedColumn}

// Read reads a table from CSV or a workbook with the columns spec and to, and
// optionally from, scope, confirmed, inferred and unquoted. dates is the format
// of dates; if nil, it is found from all dates. The error names every fault and
// carries the exit code.
func Read(ctx context.Context, name string, stdin io.Reader, options input.Options, dates *devices.DateFormat) (*Table, error) {
	s, err := readSheet(ctx, name, stdin, options, tableColumns, 2)
	if err != nil {
		return nil, err
	}
	format, err := s.dateFormat(dates)
	if err != nil {
		return nil, exit.With(exit.Usage, err)
	}
	t := &Table{sheet: s}
	faults := s.faults
	for _, r := range s.rows {
		e, wrong := t.read(r, format)
		faults = append(faults, wrong...)
		if len(wrong) == 0 && t.setsAnything(e) {
			t.entries = append(t.entries, e)
		}
	}
	if err := s.check(faults); err != nil {
		return nil, err
	}
	return t, nil
}

// Notes returns what the user should know about how the table was read.
func (t *Table) Notes() []string { return t.sheet.notes }

// check returns the faults of a table as an error, or that it has no row; nil if all
// is well.
func (s *sheet) check(faults Faults) error {
	switch {
	case len(faults) > 0:
		return exit.With(exit.Usage, sorted(faults))
	case len(s.rows) == 0:
		return exit.With(exit.Empty, fmt.Errorf("%s: no row follows the heading", s.name))
	}
	return nil
}

// setsAnything reports whether a row sets anything, and adds a note if not: a
// blank end may have been meant as open.
func (t *Table) setsAnything(e entry) bool {
	if e.Remove || e.From.Kind != 0 || e.To.Kind != 0 || e.Confirmed.Valid() {
		return true
	}
	t.sheet.notes = append(t.sheet.notes, fmt.Sprintf("warning: %s:%d: %s is left out: a blank end leaves the version as it is on record; write open if the Tables set no end",
		t.sheet.name, e.line, e.Spec))
	return false
}

// read reads one row.
func (t *Table) read(r row, dates devices.DateFormat) (e entry, faults Faults) {
	s := t.sheet
	e.row = r
	var err error
	if e.Spec, err = ivp.ParseSpec(s.cell(r, specColumn), 0); err != nil {
		faults = append(faults, s.versionFault(r, specColumn, err))
	}
	e.Scope = s.cell(r, scopeColumn)
	e.Inferred, e.Unquoted = s.cell(r, inferredColumn), s.cell(r, unquotedColumn)
	note := func(f *Fault) {
		if f != nil {
			faults = append(faults, *f)
		}
	}
	var fault *Fault
	e.From, _, fault = s.bound(r, fromColumn, dates, notOnRecordWord)
	note(fault)
	e.To, e.Remove, fault = s.bound(r, toColumn, dates, openWord, notOnRecordWord, removedWord)
	note(fault)
	if e.Confirmed, err = devices.ReadDate(s.cell(r, confirmedColumn), dates); err != nil {
		want, do := advice(err)
		note(new(s.fault(r, confirmedColumn, "this is not a date", want, do)))
	}
	return e, faults
}

// sheet is a file as it was read: its heading and the rows that are not blank.
type sheet struct {
	name     string // as the user named it
	word     string // what its rows are called: line, or row of a workbook
	headings []string
	heading  int // line of the heading
	at       places
	rows     []row
	faults   Faults // rows that cannot be read
	notes    []string
}

type row struct {
	line  int
	cells []string // without outer spaces
}

// readSheet reads a file as inventories are read: text in any encoding and with
// any delimiter, or a workbook. It maps the wanted columns; the first needed of
// them are required.
func readSheet(ctx context.Context, name string, stdin io.Reader, options input.Options, wanted []column, needed int) (*sheet, error) {
	options.Reader.Columns = devices.ColumnOptions{Lenient: true, OnGiven: true, ScopeGiven: true, Recheck: true}
	inputs, err := input.OpenAll(ctx, []string{name}, stdin, options)
	if err != nil {
		return nil, err
	}
	defer input.CloseAll(inputs)
	if len(inputs) > 1 {
		return nil, exit.With(exit.Usage, fmt.Errorf("%s: a table is read from one sheet: name the sheet", name))
	}
	in := inputs[0]
	if in.Empty {
		return nil, exit.With(exit.Empty, fmt.Errorf("%s is empty, where a heading and rows were expected", in.Name))
	}
	r, err := in.Start()
	if err != nil {
		return nil, err
	}
	s := &sheet{name: in.Name, word: "line", headings: r.Heading().Cells, heading: r.Heading().Line, notes: in.Notes()}
	if in.Evidence().Sheet != "" {
		s.word = "row"
	}
	if err := s.mapColumns(wanted, needed); err != nil {
		return nil, exit.With(exit.Usage, err)
	}
	return s, s.readRows(r)
}

func (s *sheet) mapColumns(wanted []column, needed int) error {
	at, rest, problems := findColumns(s.headings, wanted, needed)
	if len(problems) > 0 {
		return fmt.Errorf("%s:%d: %s\n  headings found: %s", s.name, s.heading, strings.Join(problems, "\n  "), remarks.Quoted(s.headings))
	}
	s.at = at
	if len(rest) > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%s: not read: %s", s.name, remarks.Quoted(rest)))
	}
	return nil
}

// readRows keeps every row that is not blank, and a fault for every row that
// cannot be read. The error is that of the stream.
func (s *sheet) readRows(r *devices.Reader) error {
	for {
		next, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return exit.With(exit.IO, fmt.Errorf("could not read the table: %w", err))
		}
		kept := row{next.Line, trimmed(next.Cells)}
		var fault *devices.RowFault
		switch {
		case next.Kind == devices.BlankLine || next.Kind == devices.EmptyRow || next.Cells != nil && blank(kept.cells):
			continue
		case next.Kind == devices.BadRow && len(kept.cells) > len(s.headings) && blank(kept.cells[len(s.headings):]):
		case next.Kind == devices.BadRow && errors.As(next.Fault, &fault):
			_, problem, _ := strings.Cut(fault.Error(), ": ")
			s.faults = append(s.faults, Fault{File: s.name, Line: fault.Line, Problem: problem})
			continue
		}
		s.rows = append(s.rows, kept)
	}
}

func trimmed(cells []string) []string {
	all := make([]string, len(cells))
	for i, cell := range cells {
		all[i] = strings.TrimSpace(cell)
	}
	return all
}

func blank(cells []string) bool { return strings.Join(cells, "") == "" }

// cell returns a row's cell in a column; "" if the table has no such column.
func (s *sheet) cell(r row, c column) string {
	if at := s.at[c]; at >= 0 {
		return r.cells[at]
	}
	return ""
}

// title returns the heading of a column as it is written, or the column's own
// name if the table does not have it.
func (s *sheet) title(c column) string {
	if at := s.at[c]; at >= 0 {
		return strings.Join(strings.Fields(strings.TrimPrefix(s.headings[at], "\ufeff")), " ")
	}
	return c.String()
}

// fault returns a fault of a cell.
func (s *sheet) fault(r row, c column, problem, want, do string) Fault {
	return Fault{s.name, r.line, s.title(c), s.cell(r, c), problem, want, do}
}

// place names a row without the folder, which a reader of the amendment may not
// have.
func (s *sheet) place(r row) string {
	return fmt.Sprintf("%s %d of %s", s.word, r.line, filepath.Base(s.name))
}

// column is the meaning of a column of a table.
type column int

const (
	specColumn column = iota
	fromColumn
	toColumn
	scopeColumn
	confirmedColumn
	inferredColumn
	unquotedColumn
	typeColumn
	gbcsColumn
	columnEnd
)

// columnNames are the accepted headings of each column, its own name first.
// Headings of maintenance periods are not accepted: the Code's tables have both
// periods, and only the installation period is read.
var columnNames = [columnEnd][]string{
	specColumn: append([]string{"spec", "Version", "Specification Version", "TS Version"}, devices.Spec.Aliases()[1:]...),
	fromColumn: {"from", "Start", "Start Date", "Valid From", "IVP Start", "IVP Start Date", "IVP From", "Installation Start", "Installation Start Date",
		"Installation Validity Period Start", "Installation Validity Period Start Date", "Applicability Period Start Date"},
	toColumn: {"to", "End", "End Date", "Until", "Valid To", "IVP End", "IVP End Date", "IVP To", "Installation End", "Installation End Date",
		"Installation Validity Period End", "Installation Validity Period End Date", "Applicability Period End Date"},
	scopeColumn:     {"scope"},
	confirmedColumn: {"confirmed", "Confirmed To", "Confirmed Until"},
	inferredColumn:  {"inferred"},
	unquotedColumn:  {"unquoted"},
	typeColumn:      append([]string{"type"}, devices.DeviceType.Aliases()...),
	gbcsColumn:      devices.GBCS.Aliases(),
}

// String returns the column's own name.
func (c column) String() string { return columnNames[c][0] }

// matches reports whether a heading names the column.
func (c column) matches(heading string) bool {
	return slices.ContainsFunc(columnNames[c], func(name string) bool { return sameHeading(name, heading) })
}

// sameHeading compares headings as those of an inventory are compared, and also
// ignores line breaks.
func sameHeading(a, b string) bool { return devices.SameHeading(oneLine(a), oneLine(b)) }

func oneLine(heading string) string { return strings.Join(strings.Fields(heading), " ") }

// places are the positions of the columns, from 0; -1 for an absent column.
type places [columnEnd]int

// findColumns maps a heading to the wanted columns; the first needed of them are
// required. rest are the headings that name none of them.
func findColumns(headings []string, wanted []column, needed int) (at places, rest []string, problems []string) {
	for c := range at {
		at[c] = -1
	}
	for i, c := range wanted {
		var found []string
		for place, heading := range headings {
			if c.matches(heading) {
				at[c] = place
				found = append(found, heading)
			}
		}
		switch {
		case len(found) == 0 && i < needed:
			problems = append(problems, fmt.Sprintf("no column for %s: want a heading such as %s; rename the right column", c, strings.Join(columnNames[c], ", ")))
		case len(found) > 1:
			problems = append(problems, fmt.Sprintf("%d columns for %s: %s; rename all but one", len(found), c, remarks.Quoted(found)))
		}
	}
	for place, heading := range headings {
		if !slices.Contains(at[:], place) && strings.TrimSpace(heading) != "" {
			rest = append(rest, strings.TrimSpace(heading))
		}
	}
	return at, rest, problems
}

// dateColumns are the columns of dates. All are written in one order of day and
// month.
var dateColumns = []column{fromColumn, toColumn, confirmedColumn}

// dateFormat returns the given format, or finds it from all dates of the table.
func (s *sheet) dateFormat(given *devices.DateFormat) (devices.DateFormat, error) {
	if given != nil {
		return *given, nil
	}
	var order devices.DateOrder
	for _, r := range s.rows {
		for _, c := range dateColumns {
			order.Add(r.line, []byte(s.cell(r, c)))
		}
	}
	format, note, err := order.Decide()
	var contradict *devices.DateOrderError
	if errors.As(err, &contradict) {
		return 0, fmt.Errorf("%s: the dates contradict each other: %q in line %d can only be day-first (DD/MM/YYYY), %q in line %d only month-first (MM/DD/YYYY); correct them, or say how they are written with --date-format day-first or month-first",
			s.name, contradict.Day, contradict.DayLine, contradict.Month, contradict.MonthLine)
	}
	if note != "" {
		s.notes = append(s.notes, s.name+": "+note)
	}
	return format, err
}

// advice returns what was expected and what to do from the error of a date,
// without the value, which the table's fault names already.
func advice(err error) (want, do string) {
	_, text, ok := strings.Cut(err.Error(), "is not a date: want ")
	if !ok {
		return "a date", err.Error()
	}
	want, do, _ = strings.Cut(text, "; ")
	return want, do
}

// Words accepted in place of a date.
const (
	openWord        = "open"
	notOnRecordWord = "not-on-record"
	removedWord     = "removed"
)

// bound reads a date or one of the words. A blank cell leaves the bound as it is
// on record.
func (s *sheet) bound(r row, c column, dates devices.DateFormat, accepted ...string) (b ivp.Bound, removed bool, fault *Fault) {
	text := s.cell(r, c)
	i := slices.IndexFunc(accepted, func(word string) bool { return sameHeading(word, text) })
	if i < 0 {
		day, err := devices.ReadDate(text, dates)
		switch {
		case err != nil:
			want, do := advice(err)
			f := s.fault(r, c, "this is neither a date nor an accepted word", want+", "+strings.Join(accepted, ", ")+" or blank", do)
			return b, false, &f
		case day.Valid():
			b = ivp.On(day)
		}
		return b, false, nil
	}
	switch accepted[i] {
	case openWord:
		b.Kind = ivp.Open
	case notOnRecordWord:
		b.Kind = ivp.NotOnRecord
	case removedWord:
		removed = true
	}
	return b, removed, nil
}

// versionFault returns the fault of a cell that is not a version.
func (s *sheet) versionFault(r row, c column, err error) Fault {
	var why *ivp.SpecError
	if !errors.As(err, &why) {
		return s.fault(r, c, err.Error(), "", "")
	}
	do := cmp.Or(why.Hint, "check it against the Tables")
	if _, bare := ivp.ParseSpec(s.cell(r, c), ivp.SMETS); bare == nil && s.at[typeColumn] < 0 {
		do = "write SMETS2, CHTS or GBCS before it"
	}
	return s.fault(r, c, "this is not a version", why.Want, do)
}
