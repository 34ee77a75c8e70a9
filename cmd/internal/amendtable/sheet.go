package amendtable

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
)

// sheet is a file as it was read: its heading and the rows that are not blank.
type sheet struct {
	name     string // as the user named it
	word     string // what its rows are called: line, or row of a workbook
	form     bool   // typed in a form, not read from a file: a blank cell is unknown
	headings []string
	heading  int      // line of the heading
	above    []string // the texts above the heading
	at       places
	rows     []row
	faults   Faults
	notes    []string
}

type row struct {
	sheet *sheet
	line  int
	cells []string // without outer spaces
	left  bool     // left out by the user; its family still counts for the rows below
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

// isDamaged reports whether the row has bytes or characters that the encoding does not
// have.
func (r row) isDamaged() bool {
	return slices.ContainsFunc(r.cells, func(cell string) bool { return !utf8.ValidString(cell) || strings.ContainsRune(cell, utf8.RuneError) })
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

// fits reports whether each cell of a row that has too few may be in its column:
// then the last ones are missing, which spreadsheets leave out if they are blank.
func (r row) fits(a *Answers) bool {
	for i, cell := range r.cells {
		c := column(slices.Index(r.sheet.at[:], i))
		_, notDate := devices.ReadDate(a.meaning(oneLine(cell)), devices.DayFirst)
		if notDate != nil {
			_, notDate = devices.ReadDate(a.meaning(oneLine(cell)), devices.MonthFirst)
		}
		switch {
		case cell == "":
		case c == specColumn:
			if _, err := parseSpec(a.meaning(cell), ""); err != nil {
				if _, err = parseSpec(a.meaning(cell), "SMETS"); err != nil {
					return false
				}
			}
		case c == familyColumn:
			if !isFamily(abbreviated(a.meaning(cell))) {
				return false
			}
		case slices.Contains(dateColumns, c) || isMaintenance(letters(r.sheet.headings[i])):
			if notDate != nil && !isNone(cell) && (c == fromColumn || !isOpen(cell)) {
				return false
			}
		}
	}
	return r.cell(specColumn) != ""
}

// note returns a note about the table, after its name; a form has none.
func (s *sheet) note(text string) string {
	if s.form {
		return text
	}
	return s.name + ": " + text
}

// note returns a note about a cell, after its place; in a form the text names the
// version.
func (r row) note(c column, text string) string {
	if r.sheet.form {
		return text
	}
	return fmt.Sprintf("%s:%d: %s: %s", r.sheet.name, r.line, r.sheet.title(c), text)
}

// isRule reports whether a row is only a line between others, such as |---|---|.
func (r row) isRule() bool {
	text := strings.Join(r.cells, "")
	return strings.Contains(text, "---") && strings.Trim(text, "-:= ") == ""
}

// text returns the row in one line: a text without quotes may be cut at its commas.
func (r row) text() string {
	filled := slices.DeleteFunc(slices.Clone(r.cells), func(cell string) bool { return cell == "" })
	return oneLine(strings.Join(filled, ", "))
}

// filled counts the cells that are not blank.
func (r row) filled() (n int) {
	for _, cell := range r.cells {
		if cell != "" {
			n++
		}
	}
	return n
}

var noteMark = regexp.MustCompile(`^(?i:notes?\b|source\b|sources\b|key\b|footnotes?\b|[*†‡§]|\[\d+\]|\(\d+\))`)

// isNote reports whether a row is a note and no row of the table: it begins as one
// and has neither a version nor a date, or its only text has many words.
func (r row) isNote() bool {
	i := slices.IndexFunc(r.cells, func(cell string) bool { return cell != "" })
	if i < 0 {
		return false
	}
	isData := func(cell string) bool {
		_, versionErr := parseSpec(cell, "SMETS")
		day, dateErr := devices.ReadDate(cell, devices.DayFirst)
		return versionErr == nil || dateErr == nil && day.Valid()
	}
	return noteMark.MatchString(r.cells[i]) && !slices.ContainsFunc(r.cells, isData) || r.filled() == 1 && len(strings.Fields(r.cells[i])) > 5
}

func trimmed(cells []string) []string {
	all := make([]string, len(cells))
	for i, cell := range cells {
		all[i] = strings.TrimSpace(strings.TrimPrefix(cell, "\ufeff"))
	}
	return all
}

func blank(cells []string) bool { return strings.Join(cells, "") == "" }

func clipAll(texts []string) []string {
	const most = 5
	var all []string
	for _, text := range texts[:min(len(texts), most)] {
		all = append(all, devices.ClippedCell(text))
	}
	if more := len(texts) - len(all); more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	return all
}

// cell returns a row's cell in a column; "" if the table has no such column.
func (r row) cell(c column) string {
	if at := r.sheet.at[c]; at >= 0 && at < len(r.cells) {
		return r.cells[at]
	}
	return ""
}

// title returns the heading of a column as it is written, or the column's own
// name if the table does not have it.
func (s *sheet) title(c column) string {
	if at := s.at[c]; at >= 0 {
		return oneLine(s.headings[at])
	}
	return c.String()
}

// fault returns a fault of a cell.
func (r row) fault(c column, problem, want, do string) Fault {
	return Fault{File: r.sheet.name, Line: r.line, Column: r.sheet.title(c), Value: oneLine(r.cell(c)), Problem: problem, Want: want, Do: do}
}

// unclear returns a fault of a cell that --read can give a meaning.
func (r row) unclear(c column, problem, want, do, flags, meaning string) Fault {
	f := r.fault(c, problem, want, do)
	f.Flags = flags
	if f.Value != "" {
		f.Paste = "--read " + quote(f.Value+"="+meaning)
	}
	return f
}

// place names a row without the folder, which a reader of the amendment may not
// have.
func (r row) place() string {
	return fmt.Sprintf("%s %d of %s", r.sheet.word, r.line, filepath.Base(r.sheet.name))
}

// typedFrom says where the dates of a row were read.
func (r row) typedFrom(document string) string {
	if r.sheet.form {
		return "typed from " + document
	}
	return fmt.Sprintf("read in %s, typed from %s", r.place(), document)
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.TrimPrefix(text, "\ufeff")), " ")
}
