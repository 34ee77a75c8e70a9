package devices

import (
	"fmt"
	"strings"

	"github.com/mp196/ivp/devices/internal/scan"
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
	// Cells and Width are, of the wrong width, the number of cells and that of
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

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
