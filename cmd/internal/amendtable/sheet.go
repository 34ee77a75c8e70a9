package amendtable

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/devices"
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

// isDamaged reports whether the row has bytes or characters that the encoding does not
// have.
func (r row) isDamaged() bool {
	return slices.ContainsFunc(r.cells, func(cell string) bool { return !utf8.ValidString(cell) || strings.ContainsRune(cell, utf8.RuneError) })
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
