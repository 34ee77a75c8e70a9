package devices

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices/internal/scan"
	"github.com/mp196/ivp/ivp"
)

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
