package xlsx

import (
	"strconv"
	"strings"
)

// Kind says what a cell holds. The zero value is Blank.
type Kind uint8

const (
	// Blank is a cell that holds nothing, or an empty text.
	Blank Kind = iota
	// Text is a text, however much it looks like a number; and what stands where
	// a number, a day or a truth should and is none.
	Text
	// Number is a number that is not shown as a day. A time of day or a duration
	// is one, and so is a number shown as a day that is none, such as -1.
	Number
	// Day is a day, with or without a time of day.
	Day
	// Truth is true or false.
	Truth
	// Failed is an error value, such as that of a formula that divides by nought.
	Failed
	// Pending is a formula that was never calculated; there is no text.
	Pending
)

// Cell is what a cell holds. The zero value is a blank cell.
type Cell struct {
	Kind Kind
	// Text is the text; of a Number what the file holds, such as
	// 5.0999999999999996 or 4.2E+1; of a Day 2023-04-27 or, to the second and
	// where it is not midnight, 2023-04-27 09:30:00; of a Truth TRUE or FALSE; of
	// a Failed its name, such as #N/A; of other kinds nothing.
	Text string
	// Format is how a number in the cell is shown; nil is General.
	Format *Format
	// Serial is the number that a Day is held as, by the workbook's date system;
	// empty for a day that is held as text.
	Serial string
}

// Shown returns what a spreadsheet shows of a Number, as [Format.Show] does, and
// the text of other kinds. So 2 is 2 in one cell and 2.0 in another.
func (c Cell) Shown() (text string, ok bool) {
	switch {
	case c.Kind != Number:
		return c.Text, true
	case c.Format == nil:
		return Format{}.Show(c.Value())
	}
	return c.Format.Show(c.Value())
}

// Value returns the value of a Number, and 0 for other kinds.
func (c Cell) Value() float64 {
	if c.Kind != Number {
		return 0
	}
	n, _ := parseNumber(c.Text)
	return n
}

// Decimal returns a Number in its shortest decimal form, such as 5.1 for
// 5.0999999999999996, and the text of other kinds.
func (c Cell) Decimal() string {
	if c.Kind == Number {
		return strconv.FormatFloat(c.Value(), 'f', -1, 64)
	}
	return c.Text
}

// parseNumber reads a finite decimal number: none of the other forms that
// strconv takes, such as 0x10 or Inf.
func parseNumber(text string) (float64, bool) {
	if strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}
