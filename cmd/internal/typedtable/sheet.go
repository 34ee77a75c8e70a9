package typedtable

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
)

// sheet is a file as it was read: its heading and the rows that hold something.
type sheet struct {
	name     string // as the user called it
	word     string // what its rows are counted in: line, or row of a workbook
	headings []string
	heading  int // the line of the heading
	at       places
	rows     []row
	faults   Faults // of the rows that cannot be read
	notes    []string
}

type row struct {
	line  int
	cells []string // without the spaces around them
}

// readSheet reads a file as inventories are read: text in its encodings and
// with any delimiter, or a workbook. The columns wanted are mapped, the first
// few of which are needed.
func readSheet(ctx context.Context, name string, stdin io.Reader, options source.Options, wanted []column, needed int) (*sheet, error) {
	options.Reader.Columns = devices.ColumnOptions{Lenient: true, OnGiven: true, ScopeGiven: true, Recheck: true}
	inputs, err := source.OpenAll(ctx, []string{name}, stdin, options)
	if err != nil {
		return nil, err
	}
	defer source.CloseAll(inputs)
	if len(inputs) > 1 {
		return nil, exit.With(exit.Usage, fmt.Errorf("%s: a table is read from one sheet: name it", name))
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
		return fmt.Errorf("%s:%d: %s\n  headings found: %s", s.name, s.heading, strings.Join(problems, "\n  "), quotedList(s.headings))
	}
	s.at = at
	if len(rest) > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%s: not read: %s", s.name, quotedList(rest)))
	}
	return nil
}

// readRows keeps every row that holds something, and the fault of every row
// that cannot be read. The error is one of the stream.
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

// cell returns a row's cell in a column; "" where the table has no such column.
func (s *sheet) cell(r row, c column) string {
	if at := s.at[c]; at >= 0 {
		return r.cells[at]
	}
	return ""
}

// title returns the heading of a column as it is written, or its own name
// where the table has none.
func (s *sheet) title(c column) string {
	if at := s.at[c]; at >= 0 {
		return strings.Join(strings.Fields(strings.TrimPrefix(s.headings[at], "\ufeff")), " ")
	}
	return c.String()
}

// fault says what is wrong with a cell.
func (s *sheet) fault(r row, c column, problem, want, do string) Fault {
	return Fault{s.name, r.line, s.title(c), s.cell(r, c), problem, want, do}
}

// place names a row for a reader of the amendment, who may not have the folder.
func (s *sheet) place(r row) string {
	return fmt.Sprintf("%s %d of %s", s.word, r.line, filepath.Base(s.name))
}
