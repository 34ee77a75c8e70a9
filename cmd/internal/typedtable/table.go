// Package typedtable turns a table that a person typed from the TS
// Applicability Tables into an amendment of the record.
package typedtable

import (
	"context"
	"fmt"
	"io"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Table is a table of versions and their periods, as it was typed. Make one
// with [Read].
type Table struct {
	sheet   *sheet
	entries []entry
}

// entry is a row of the table, typed.
type entry struct {
	row
	ivp.Entry
}

var tableColumns = []column{specColumn, toColumn, fromColumn, scopeColumn, confirmedColumn, inferredColumn, unquotedColumn}

// Read reads a table: CSV, or a workbook, with the columns spec and to, perhaps
// from, scope, confirmed, inferred and unquoted. dates says how days are
// written; nil finds it out from all of them. The error names every fault; its
// exit code says of which kind.
func Read(ctx context.Context, name string, stdin io.Reader, options source.Options, dates *devices.DateFormat) (*Table, error) {
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
		if len(wrong) == 0 && t.says(e) {
			t.entries = append(t.entries, e)
		}
	}
	switch {
	case len(faults) > 0:
		return nil, exit.With(exit.Usage, sorted(faults))
	case len(s.rows) == 0:
		return nil, exit.With(exit.Empty, fmt.Errorf("%s: no row follows the heading", s.name))
	}
	return t, nil
}

// Notes say what the user should know of how the table was read.
func (t *Table) Notes() []string { return t.sheet.notes }

// says reports whether a row says something of its version, and notes one that
// does not: the writer of a blank end may have meant open.
func (t *Table) says(e entry) bool {
	if e.Remove || e.From.Kind != 0 || e.To.Kind != 0 || e.Confirmed.Valid() {
		return true
	}
	t.sheet.notes = append(t.sheet.notes, fmt.Sprintf("warning: %s:%d: %s is left out: a blank end leaves it as it stands on record; write open where the Tables set no end",
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
		note(new(s.fault(r, confirmedColumn, "this is no day", want, do)))
	}
	return e, faults
}
