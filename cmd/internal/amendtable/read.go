//go:build !js

// Reading files: the WebAssembly has none, and so neither workbooks nor compressors.

package amendtable

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
)

// Read reads a table of versions and their periods. What is wrong with it is
// reported by [Table.Amendment], with all else that must be asked; the error is
// that of a file that cannot be read or is empty, and carries the exit code.
func Read(ctx context.Context, name string, stdin io.Reader, options input.Options, a *Answers) (*Table, error) {
	return read(ctx, name, stdin, options, a, specColumn, toColumn)
}

// ReadPairs reads a table of permitted pairs, for [Table.Amendment]. Of the answers
// it takes what cells and types mean.
func ReadPairs(ctx context.Context, name string, stdin io.Reader, options input.Options, a *Answers) (*Table, error) {
	return read(ctx, name, stdin, options, &Answers{cells: a.cells, types: a.types}, specColumn, gbcsColumn, typeColumn)
}

func read(ctx context.Context, name string, stdin io.Reader, options input.Options, a *Answers, needed ...column) (*Table, error) {
	s, err := readSheet(ctx, name, stdin, options, a, needed...)
	if err != nil {
		return nil, err
	}
	if len(s.rows)+len(s.faults) == 0 {
		return nil, exit.With(exit.Empty, fmt.Errorf("%s: no row follows the heading", s.name))
	}
	t := &Table{sheet: s, answers: a}
	t.dates, t.ordered = s.dateFormat(options.Reader.Columns.Dates, a)
	if types := s.at[typeColumn]; types >= 0 && s.at[familyColumn] < 0 && !slices.ContainsFunc(s.rows, func(r row) bool {
		cell := abbreviated(a.meaning(r.cell(typeColumn)))
		return cell != "" && !isFamily(cell)
	}) {
		s.at[familyColumn], s.at[typeColumn] = types, -1
	}
	if s.at[specColumn] >= 0 {
		t.readRows()
	}
	return t, nil
}

// mostBytes is the greatest size of a table that is read from standard input.
const mostBytes = 16 << 20

// readSheet reads a file as inventories are read: text in any encoding and with
// any delimiter, or a workbook. It finds the heading and maps the columns. The
// error is that of a file that cannot be read or is empty; what is wrong with the
// table is in the sheet's faults.
func readSheet(ctx context.Context, name string, stdin io.Reader, options input.Options, a *Answers, needed ...column) (*sheet, error) {
	var data []byte // of standard input, which is read several times
	if name == input.Stdin {
		var err error
		data, err = io.ReadAll(io.LimitReader(stdin, mostBytes+1))
		if err != nil || len(data) > mostBytes {
			return nil, exit.With(exit.IO, errors.Join(err, fmt.Errorf("could not read the table: standard input has more than %d MiB, or ended early", mostBytes>>20)))
		}
	}
	open := func(o input.Options) (*input.Input, error) { return openTable(ctx, name, bytes.NewReader(data), o) }
	options.Reader.Columns = devices.ColumnOptions{Lenient: true, OnGiven: true, ScopeGiven: true, Recheck: true, Map: map[devices.Field]string{}}
	for _, f := range devices.Fields() {
		options.Reader.Columns.Map[f] = "#0"
	}
	best := mapHeadings(nil, a)
	for _, delimiter := range []byte{options.Reader.Delimiter, ',', ';', '\t', '|'} {
		o := options
		o.Reader.Delimiter = delimiter
		in, err := open(o)
		if err != nil {
			return nil, err
		}
		f, err := findHeading(in, a, options.Reader.HeaderRow)
		isText := in.Evidence().Sheet == ""
		in.Close()
		if err != nil {
			return nil, err
		}
		if f.delimiter = delimiter; best.line == 0 || f.roles > best.roles {
			best = f
		}
		if best.roles > 1 || !isText || options.Reader.Delimiter != 0 {
			break
		}
	}
	options.Reader.Delimiter = best.delimiter
	if options.Table == "" {
		options.Reader.HeaderRow = best.line
	}
	in, err := open(options)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	s := &sheet{name: in.Name, word: "line", headings: best.headings, heading: best.line, notes: in.Notes(), at: best.at}
	if in.Evidence().Sheet != "" {
		s.word = "row"
	}
	s.checkColumns(best, a, needed)
	if err := s.readRows(in, best, a); err != nil || options.Encoding != "" || !slices.ContainsFunc(s.rows, row.isDamaged) {
		return s, err
	}
	// The rest is read as it probably is, for the other questions.
	options.Encoding = sniff.Windows1252
	f := Fault{File: s.name, Problem: "the text is not UTF-8", Want: "UTF-8", Do: "save it as CSV UTF-8, or say --encoding with its encoding"}
	probable, err := readSheet(ctx, name, bytes.NewReader(data), options, a, needed...)
	if err == nil && !slices.ContainsFunc(probable.rows, row.isDamaged) {
		s, f.Paste = probable, "--encoding windows-1252"
		f.Do = "save it as CSV UTF-8, or say --encoding windows-1252 if it is in the encoding of Windows"
	}
	s.faults = append(s.faults, f)
	return s, err
}

func openTable(ctx context.Context, name string, stdin io.Reader, options input.Options) (*input.Input, error) {
	inputs, err := input.OpenAll(ctx, []string{name}, stdin, options)
	if err != nil {
		return nil, err
	}
	switch {
	case len(inputs) > 1:
		err = exit.With(exit.Usage, fmt.Errorf("%s: a table is read from one sheet: name the sheet", name))
	case inputs[0].Empty:
		err = exit.With(exit.Empty, fmt.Errorf("%s is empty, where a heading and rows were expected", inputs[0].Name))
	}
	if err != nil {
		input.CloseAll(inputs)
		return nil, err
	}
	return inputs[0], nil
}

// readRows keeps every row that is not blank, and a fault for every row that
// cannot be read. The error is that of the stream.
func (s *sheet) readRows(in *input.Input, f found, a *Answers) error {
	r, err := in.Start()
	if err != nil {
		return err
	}
	shown, err := in.Cells()
	if err != nil {
		return err
	}
	for _, above := range r.Above() {
		if text := (row{cells: trimmed(above.Cells)}).text(); text != "" && !(f.grouped && above.Line == f.group) {
			s.above = append(s.above, text)
		}
	}
	if len(s.above) > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%s: not read: %s above the heading: %s", s.name, remarks.Plural(len(s.above), s.word), remarks.Quoted(clipAll(s.above))))
	}
	var below, left []string
	var short []int
	for {
		next, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return exit.With(exit.IO, fmt.Errorf("could not read the table: %w", err))
		}
		kept := row{sheet: s, line: next.Line, cells: trimmed(next.Cells), left: a.leaves(next.Line)}
		if shown != nil {
			if err := kept.show(shown); err != nil {
				return err
			}
		}
		var fault *devices.RowFault
		switch {
		case next.Kind == devices.BlankLine || next.Kind == devices.EmptyRow || next.Cells != nil && blank(kept.cells), kept.isRule():
			continue
		case kept.left:
			left = append(left, fmt.Sprintf("%s %d: %s", s.word, next.Line, devices.ClippedCell(kept.text())))
			s.rows = append(s.rows, kept)
			continue
		case kept.isNote():
			below = append(below, kept.text())
			continue
		case slices.Equal(kept.cells, trimmed(r.Heading().Cells)):
			s.notes = append(s.notes, fmt.Sprintf("%s:%d: the heading again: left out", s.name, next.Line))
			continue
		case next.Kind == devices.BadRow && errors.As(next.Fault, &fault):
			width := len(s.headings)
			switch {
			case next.Cells == nil:
			case len(kept.cells) > width && blank(kept.cells[width:]):
				fault = nil
			case kept.filled() == 1 || len(kept.cells) < width && kept.fits(a):
				if kept.filled() > 1 {
					short = append(short, next.Line)
				}
				kept.cells = append(kept.cells, make([]string, max(0, width-len(kept.cells)))...)
				fault = nil
			}
			if fault != nil {
				_, problem, _ := strings.Cut(fault.Error(), ": ")
				s.faults = append(s.faults, Fault{File: s.name, Line: fault.Line, Problem: problem + "; or leave the row out", Paste: fmt.Sprintf("--leave-out %d", next.Line)})
				continue
			}
		}
		s.rows = append(s.rows, kept)
	}
	if len(left) > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%s: left out: %s", s.name, strings.Join(clipAll(left), "; ")))
	}
	if n := len(short); n > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%s: %s with fewer cells than the heading: the last ones are read as blank, the first in %s %d", s.name, count(n, "row", "rows"), s.word, short[0]))
	}
	if len(below) > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%s: not read: %s among the rows or below them: %s", s.name, remarks.Plural(len(below), "note"), remarks.Quoted(clipAll(below))))
	}
	return nil
}

// show puts what a spreadsheet shows in the place of numbers: 2 may be shown as
// 2.0.
func (r *row) show(cells func(row int) ([]xlsx.Cell, error)) error {
	all, err := cells(r.line)
	if err != nil {
		return exit.With(exit.IO, err)
	}
	for i, cell := range all {
		if text, ok := cell.Shown(); ok && i < len(r.cells) && cell.Kind == xlsx.Number {
			r.cells[i] = strings.TrimSpace(text)
		}
	}
	return nil
}

// headingRows is the number of rows that are searched for the heading.
const headingRows = 30

// findHeading returns the row that names the most columns, each alone or together
// with the row above it, whose cells may be merged over several columns.
func findHeading(in *input.Input, a *Answers, given int) (best found, err error) {
	r, err := in.Start()
	if err != nil {
		return found{}, err
	}
	rows := append(r.Above(), r.Heading())
	for len(rows) < headingRows+given {
		next, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return found{}, exit.With(exit.IO, fmt.Errorf("could not read the table: %w", err))
		}
		rows = append(rows, next)
	}
	best = mapHeadings(nil, a)
	above, aboveLine := []string(nil), 0
	for _, row := range rows {
		cells := trimmed(row.Cells)
		if blank(cells) {
			continue
		}
		if given == 0 || row.Line == given {
			for _, f := range []found{mapHeadings(cells, a), mapHeadings(under(above, cells), a)} {
				f.line, f.grouped, f.group = row.Line, !slices.Equal(f.headings, cells), aboveLine
				if best.line == 0 || f.roles > best.roles || best.roles == 0 && len(f.headings) > len(best.headings) {
					best = f
				}
			}
		}
		above, aboveLine = cells, row.Line
	}
	return best, nil
}
