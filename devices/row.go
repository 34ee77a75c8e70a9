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

// RowKind says what a record of an inventory is. The zero value is a row that
// holds a device.
type RowKind uint8

// The kinds of rows.
const (
	// DataRow holds a device.
	DataRow RowKind = iota
	// BadRow is malformed, or has another number of cells than the heading.
	BadRow
	// EmptyRow has as many cells as the heading, and nothing but white space
	// in them. It is counted as blank and not judged.
	EmptyRow
	// TotalRow says that it is a total, and nothing of a device. It passes through,
	// named and not counted.
	TotalRow
	// RestOfLine is a further part of the line of a BadRow that is Open. It has the
	// line number and the fault of that row, is no row of its own, and passes through
	// uncounted.
	RestOfLine
	// BlankLine is a line without anything, or one of another width than the heading
	// with nothing but white space, or marks of a text's end (Ctrl-Z). It passes
	// through, and is no row.
	BlankLine
)

// Row is one record of an inventory.
type Row struct {
	// Input is the input's name in messages; may be empty.
	Input string
	// Line is the number of its first line, from 1, as an editor counts.
	Line int
	Kind RowKind
	// Raw is the record as it came, without its line end, without surplus cells,
	// and of a bad row that is checked again without the ivp_ columns that are to
	// be replaced. It is valid until the next row is read.
	Raw []byte
	// End is its line end: "\n", "\r\n", or empty at the end of the input. It
	// is valid as long as Raw.
	End []byte
	// Cells are its cells, decoded; nil for a blank line and for a malformed
	// record.
	Cells []string
	// Open says that the line of a BadRow or RestOfLine goes on in the next row: a
	// line of more than 16 MiB comes in parts. End is empty then.
	Open bool
	// Surplus is how many empty cells beyond the heading's width were left out.
	Surplus int
	// Device is the device of a DataRow.
	Device Device
	// Fault says what is wrong with a BadRow: a *[RowFault].
	Fault error
}

// isPassed reports whether the row comes out in CSV alone: a blank line or the rest
// of one.
func (r *Row) isPassed() bool { return r.Kind == BlankLine || r.Kind == RestOfLine }

// RowProblem is what can be wrong with a row as a whole.
type RowProblem uint8

// What can be wrong with a row.
const (
	// WrongWidth: it has another number of cells than the heading.
	WrongWidth RowProblem = iota + 1
	// BareQuote: a quote stands inside a cell that does not begin with one.
	BareQuote
	// TextAfterQuote: text stands between a closing quote and the delimiter.
	TextAfterQuote
	// UnclosedQuote: a quote is never closed.
	UnclosedQuote
	// TooLong: the record has more than 16 MiB.
	TooLong
	// TooWide: it has more than 262,144 cells.
	TooWide
)

// RowFault is the error of a row that cannot be read as a device.
type RowFault struct {
	Name string // of the input; may be empty
	// Line and Column are where the fault lies, both from 1; the column counts
	// bytes and is 0 where the row as a whole is at fault. A quoted cell can
	// run on, so that the line may be a later one than First, the row's own.
	Line, Column int
	First        int
	Problem      RowProblem
	// Cells and Width are, of a row that has the wrong width or is too wide, the number of cells and that of
	// the heading.
	Cells, Width int
	// Heading says that the row is the heading.
	Heading bool
}

var problemOf = [...]RowProblem{
	scan.BareQuote:    BareQuote,
	scan.AfterQuote:   TextAfterQuote,
	scan.Unterminated: UnclosedQuote,
	scan.TooLong:      TooLong,
}

func malformed(name string, line int, fault scan.Fault) *RowFault {
	return &RowFault{Name: name, Line: line + fault.Line, Column: fault.Column, First: line, Problem: problemOf[fault.Kind]}
}

// Error says where the fault lies, what it is and what to do about it.
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
	if f.Heading {
		b.WriteString(": in the heading")
	}
	if f.Line != f.First {
		fmt.Fprintf(&b, ": in the record that begins at line %d", f.First)
	}
	return b.String()
}

func (f *RowFault) problem() string {
	switch f.Problem {
	case WrongWidth:
		advice := "add the missing cells, or quote a cell that holds a line end"
		if f.Cells > f.Width {
			advice = "take away the cells that are too many, or quote a cell that holds a delimiter"
		}
		return fmt.Sprintf("%s, the heading has %d: %s", count(f.Cells, "cell"), f.Width, advice)
	case TooWide:
		if f.Heading {
			return fmt.Sprintf("%s, where at most %d are read: take away the cells that are too many, or look whether line ends are missing", count(f.Cells, "cell"), scan.MaxCells)
		}
		return fmt.Sprintf("%s, the heading has %d, and at most %d are read: take away the cells that are too many, or look whether line ends are missing", count(f.Cells, "cell"), f.Width, scan.MaxCells)
	case BareQuote:
		return "a quote inside a cell that does not begin with one: put the whole cell in quotes and double those inside it"
	case TextAfterQuote:
		return "text after a closing quote, where a delimiter or the end of the line was expected: double a quote that belongs to the cell"
	case UnclosedQuote:
		return "a quote opens a cell and is never closed: close it, or put the cell in quotes and double those inside it"
	case TooLong:
		return fmt.Sprintf("the record has more than %d MiB: look for a quote that is not closed, or for missing line ends", scan.MaxRecord>>20)
	}
	return "the row cannot be read"
}

// fit returns how many of the cells of a good record are those of its row, and how
// many empty cells follow these beyond the heading's width. Of a bad row that was
// checked before, the cells that were added then are neither.
func (c *Columns) fit(data []byte, cells []scan.Cell) (own, surplus int) {
	own = len(cells)
	if own == c.Width() {
		return own, 0
	}
	if from := own - len(c.dropped); from > 0 && c.addedLast() {
		outcome, reason := cells[from], cells[from+1]
		if string(data[outcome.Start:outcome.End]) == ivp.BadRow.Outcome().String() && string(data[reason.Start:reason.End]) == ivp.BadRow.String() {
			return from, 0
		}
	}
	for own > c.Width() && cells[own-1].Start == cells[own-1].End {
		own, surplus = own-1, surplus+1
	}
	if own > c.Width() {
		return own + surplus, 0
	}
	return own, surplus
}

// addedLast reports whether the columns that are to be replaced are the last ones,
// as they were added.
func (c *Columns) addedLast() bool {
	n := len(c.dropped)
	return n > 1 && c.dropped[0] == c.Width()-n && c.headings[c.dropped[0]] == "ivp_outcome" && c.headings[c.dropped[1]] == "ivp_reason"
}

// withoutOurs returns a malformed line without the cells that were added to it when
// it was checked before.
func (r *Reader) withoutOurs(raw []byte) []byte {
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

// totals are what a row says that is a total.
var totals = []string{"total", "totals", "grand total", "sub total", "subtotal", "sub-total", "sum"}

// saysTotal reports whether the first cell with a text says that the row is a total,
// no judged cell has one, and every other is a number of something.
func (c *Columns) saysTotal(cells []string) bool {
	said := false
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
		case !said:
			if said = slices.Contains(totals, strings.TrimSpace(strings.TrimSuffix(cell, ":"))); !said {
				return false
			}
		case !strings.ContainsAny(cell, "0123456789"):
			return false
		}
	}
	return said
}

// judgedOfTotal reports whether a text in the field's column says that the row is a
// device.
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

// NotUTF8 returns the first line of the heading and of what stands above it that
// is not UTF-8. The rows below are counted in [Summary.NotUTF8].
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
