package devices

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/devices/internal/scan"
	"github.com/mp196/ivp/ivp"
)

// RowKind is the kind of a row. The zero value is a row that is a device.
type RowKind uint8

// The kinds of rows.
const (
	// DataRow is a device.
	DataRow RowKind = iota
	// BadRow is malformed, or has another number of cells than the heading.
	BadRow
	// EmptyRow has as many cells as the heading, and only white space in them. It is
	// counted as blank and not judged.
	EmptyRow
	// TotalRow gives a total and nothing about a device. It is written unchanged and not
	// judged.
	TotalRow
	// RestOfLine continues the line of a BadRow that is Open, with its line number and
	// fault. It is written unchanged and not counted.
	RestOfLine
	// BlankLine is an empty line, a line of white space that has another width than the
	// heading, or a line of end marks (Ctrl-Z). It is written unchanged and not counted.
	BlankLine
)

// Row is one record of an inventory.
type Row struct {
	// Input is the input's name in messages, or empty.
	Input string
	// Line is the number of its first line, from 1.
	Line int
	Kind RowKind
	// Raw is the bytes of the record, without its line end and without surplus cells. Of
	// a bad row that is checked again, the ivp_ columns are left out too. It is valid
	// until the next row is read.
	Raw []byte
	// End is the line end: "\n", "\r\n", or empty at the end of the input. It is valid as
	// long as Raw.
	End []byte
	// Cells are the decoded cells. They are nil for a blank line and a malformed record.
	Cells []string
	// Open says that the line of a BadRow or RestOfLine continues in the next row: a line
	// of more than 16 MiB is returned in parts. End is then empty.
	Open bool
	// Surplus is the number of empty cells beyond the heading's width that were left out.
	Surplus int
	// Device is the device of a DataRow.
	Device Device
	// Fault is the *[RowFault] of a BadRow.
	Fault error

	before earlierAnswer
}

// Text returns a row that could not be split into cells as it is in its input.
func (r *Row) Text() []byte {
	if fault, ok := r.Fault.(*RowFault); ok && fault.kind == unreadRecord {
		return []byte(fault.record)
	}
	return r.Raw
}

// isPassed reports whether the row is written only in CSV.
func (r *Row) isPassed() bool { return r.Kind == BlankLine || r.Kind == RestOfLine }

// The kinds of faults of rows, besides those of package scan.
const (
	wrongWidth   scan.FaultKind = 128 + iota // another number of cells than the heading
	tooWide                                  // more than scan.MaxCells cells
	unreadRecord                             // as ReaderOptions.Records
)

// RowFault is the error of a row that cannot be read as a device.
type RowFault struct {
	Name string // of the input, or empty
	// Line and Column are the place of the fault, from 1. The column counts bytes, and is
	// 0 if the whole row is at fault. Line is after First, the first line of the row, if
	// a quoted cell contains line ends.
	Line, Column int
	First        int
	kind         scan.FaultKind
	// cells and width are the number of cells of a row with the wrong width, and that of
	// the heading.
	cells, width int
	noQuotes     bool // as ReaderOptions.NoQuotes
	heading      bool // the row is the heading
	// reason and record are why a record could not be read, and its text.
	reason, record string
}

func (r *Reader) malformed(line int, fault scan.Fault) *RowFault {
	return &RowFault{Name: r.name, Line: line + fault.Line, Column: fault.Column, First: line, kind: fault.Kind, noQuotes: r.options.NoQuotes}
}

// Error returns the place of the fault, what it is and what to do.
func (f *RowFault) Error() string {
	return f.place() + ": " + f.problem()
}

func (f *RowFault) place() string {
	var b strings.Builder
	if f.Name == "" {
		fmt.Fprintf(&b, "line %d", f.Line)
		if f.Column > 0 {
			fmt.Fprintf(&b, ", column %d", f.Column)
		}
	} else {
		fmt.Fprintf(&b, "%s:%d", f.Name, f.Line)
		if f.Column > 0 {
			fmt.Fprintf(&b, ":%d", f.Column)
		}
	}
	if f.heading {
		b.WriteString(": in the heading")
	}
	if f.Line != f.First {
		fmt.Fprintf(&b, ": in the record that begins at line %d", f.First)
	}
	return b.String()
}

func (f *RowFault) problem() string {
	switch f.kind {
	case unreadRecord:
		return f.reason
	case wrongWidth:
		advice := [...]string{"add the missing cells, or ", "quote a cell that contains a line end", "remove a line end inside a cell"}
		if f.cells > f.width {
			advice = [...]string{"remove the surplus cells, or ", "quote a cell that contains a delimiter", "replace a delimiter inside a cell"}
		}
		return fmt.Sprintf("%s, the heading has %d: %s", count(f.cells, "cell"), f.width, advice[0]+f.quoting(advice[1], advice[2]))
	case tooWide:
		if f.heading {
			return fmt.Sprintf("%s, and at most %d are read: remove the surplus cells, or check whether line ends are missing", count(f.cells, "cell"), scan.MaxCells)
		}
		return fmt.Sprintf("%s, the heading has %d, and at most %d are read: remove the surplus cells, or check whether line ends are missing", count(f.cells, "cell"), f.width, scan.MaxCells)
	case scan.BareQuote:
		return "a quote inside a cell that does not begin with one: put the whole cell in quotes and double those inside it"
	case scan.AfterQuote:
		return "text after a closing quote, where a delimiter or the end of the line was expected: double a quote that is part of the cell"
	case scan.Unterminated:
		return "a quote opens a cell and is never closed: close it, or put the cell in quotes and double those inside it"
	case scan.TooLong:
		return fmt.Sprintf("the record has more than %d MiB: look for %smissing line ends", scan.MaxRecord>>20, f.quoting("a quote that is not closed, or for ", ""))
	}
	return "the row cannot be read"
}

// quoting returns one of two texts: for an input with quotes, or without.
func (f *RowFault) quoting(with, without string) string {
	if f.noQuotes {
		return without
	}
	return with
}

// fit returns the number of cells of a record that belong to its row, the number of empty
// cells beyond the heading's width, and the number of cells that the heading asks for. The
// cells that an earlier check added to a bad row are in none of the three, so that such a
// row does not fit.
func (c *Columns) fit(data []byte, cells []scan.Cell) (own, surplus, width int) {
	own, width = len(cells), c.Width()
	if own == width {
		return own, 0, width
	}
	if from := own - len(c.dropped); from > 0 && c.addedLast() {
		outcome, reason := cells[from], cells[from+1]
		if string(data[outcome.Start:outcome.End]) == ivp.BadRow.Outcome().String() && string(data[reason.Start:reason.End]) == ivp.BadRow.String() {
			return from, 0, width - len(c.dropped)
		}
	}
	for own > width && cells[own-1].Start == cells[own-1].End {
		own, surplus = own-1, surplus+1
	}
	if own > width {
		return own + surplus, 0, width
	}
	return own, surplus, width
}

// addedLast reports whether the columns that are replaced are the last ones.
func (c *Columns) addedLast() bool {
	n := len(c.dropped)
	return n > 1 && c.dropped[0] == c.Width()-n && c.headings[c.dropped[0]] == "ivp_outcome" && c.headings[c.dropped[1]] == "ivp_reason"
}

// withoutAdded returns a malformed line without the cells that an earlier check added.
func (r *Reader) withoutAdded(raw []byte) []byte {
	if !r.columns.addedLast() {
		return raw
	}
	added := appendCell([]byte{r.delimiter}, ivp.BadRow.Outcome().String(), r.dialect())
	added = appendCell(append(added, r.delimiter), ivp.BadRow.String(), r.dialect())
	if i := bytes.LastIndex(raw, append(added, r.delimiter)); i >= 0 {
		return raw[:i]
	}
	return raw
}

// totals are the labels of rows that give a total.
var totals = []string{"total", "totals", "grand total", "sub total", "subtotal", "sub-total", "sum"}

// isTotal reports whether the first cell that is not blank is a label of totals, every
// other contains a number, and the judged cells are blank.
func (c *Columns) isTotal(cells []string) bool {
	labelled := false
	for i, cell := range cells {
		cell = strings.ToLower(strings.TrimSpace(cell))
		if cell == "" || slices.Contains(c.dropped, i) {
			continue
		}
		for f := range c.places {
			if c.places[f] == i+1 && judgedOfTotal(Field(f)) {
				return false
			}
		}
		switch {
		case !labelled:
			if labelled = slices.Contains(totals, strings.TrimSpace(strings.TrimSuffix(cell, ":"))); !labelled {
				return false
			}
		case !strings.ContainsAny(cell, "0123456789"):
			return false
		}
	}
	return labelled
}

// judgedOfTotal reports whether a row with a text in the field's column is a device, and
// not a total.
func judgedOfTotal(f Field) bool {
	switch f {
	case DeviceType, Spec, GBCS, InstallDate, Scope, Manufacturer, Model, ModelHardware, Firmware, HardwareVersion, HardwareRevision:
		return true
	}
	return false
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// NotUTF8 returns the first line up to the heading that is not UTF-8. The rows below are
// counted in [Summary.NotUTF8].
func (r *Reader) NotUTF8() (line int, found bool) {
	if !utf8.Valid(r.heading.Raw) {
		return r.heading.Line, true
	}
	line = 1
	for _, text := range bytes.Split(r.leading, []byte("\n")) {
		if !utf8.Valid(text) {
			return line, true
		}
		line++
	}
	return 0, false
}
