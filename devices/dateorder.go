package devices

import (
	"bytes"
	"fmt"

	"github.com/mp196/ivp/ivp"
)

// DateOrder finds out from the cells of a whole column how its dates are
// written: never from one cell, for 03/04/2023 alone can be two days. The zero
// value has seen none.
type DateOrder struct {
	iso, numbered, named int
	// dayOnly and monthOnly are the first dates that are one only day-first, and
	// only month-first; either is the first that is one both ways.
	dayOnly, monthOnly, either seenDate
}

// seenDate is a date and where it stands; line 0 for none.
type seenDate struct {
	line int
	text string
}

func (s *seenDate) see(line int, text []byte) {
	if s.line == 0 || line < s.line {
		*s = seenDate{line, string(text)}
	}
}

// Add takes the cell of one row.
func (o *DateOrder) Add(line int, cell []byte) {
	cell = bytes.TrimSpace(cell)
	switch {
	case len(cell) == 0:
	case isoStart(cell):
		o.iso++
	default:
		o.written(line, cell)
	}
}

// isoStart reports whether a cell has the shape of an ISO date. It spares
// takeApart where every row is looked at.
func isoStart(cell []byte) bool {
	if len(cell) < 10 || cell[4] != '-' || cell[7] != '-' {
		return false
	}
	for _, i := range [...]int{0, 1, 2, 3, 5, 6, 8, 9} {
		if !isDigit(cell[i]) {
			return false
		}
	}
	return true
}

func (o *DateOrder) written(line int, cell []byte) {
	w, ok := takeApart(string(cell))
	if !ok || !w.isDay() {
		return
	}
	switch w.form {
	case yearFirst:
		o.iso++
		return
	case namedMonth:
		o.named++
		return
	}
	_, dayErr := w.day(DayFirst)
	_, monthErr := w.day(MonthFirst)
	switch {
	case monthErr != nil:
		o.dayOnly.see(line, cell)
	case dayErr != nil:
		o.monthOnly.see(line, cell)
	case w.first != w.second: // 03/03/2023 is one day both ways
		o.either.see(line, cell)
	}
	o.numbered++
}

// Merge adds what another has seen in the same column.
func (o *DateOrder) Merge(other *DateOrder) {
	o.iso += other.iso
	o.numbered += other.numbered
	o.named += other.named
	for _, pair := range [...]struct{ to, from *seenDate }{
		{&o.dayOnly, &other.dayOnly}, {&o.monthOnly, &other.monthOnly}, {&o.either, &other.either},
	} {
		if pair.from.line > 0 && (pair.to.line == 0 || pair.from.line < pair.to.line) {
			*pair.to = *pair.from
		}
	}
}

// ISOAlone reports whether there were dates, and every one was an ISO date. A
// cell that is a date in no order, such as "n/a", says nothing of the order.
func (o *DateOrder) ISOAlone() bool {
	return o.iso > 0 && o.numbered == 0 && o.named == 0
}

// Decide returns the format in which the column is to be read. note says what
// the user should know of it, and is empty where every date was an ISO date. A
// column that fits both orders is read day-first, since these are British
// files. The error is a *[DateOrderError] where the column contradicts itself.
func (o *DateOrder) Decide() (format DateFormat, note string, err error) {
	switch {
	case o.dayOnly.line > 0 && o.monthOnly.line > 0:
		return 0, "", &DateOrderError{o.dayOnly.line, o.dayOnly.text, o.monthOnly.line, o.monthOnly.text}
	case o.monthOnly.line > 0:
		return MonthFirst, fmt.Sprintf("dates read month-first (MM/DD/YYYY): %q in line %d can be no other, and nothing in the column speaks against it", o.monthOnly.text, o.monthOnly.line), nil
	case o.dayOnly.line > 0:
		return DayFirst, fmt.Sprintf("dates read day-first (DD/MM/YYYY), as %q in line %d shows", o.dayOnly.text, o.dayOnly.line), nil
	case o.either.line > 0:
		return DayFirst, fmt.Sprintf("dates read day-first (DD/MM/YYYY): the column fits month-first too, and day-first is the British order, so that %q in line %d is %s; the date format month-first reads it the other way",
			o.either.text, o.either.line, o.dayOf(o.either.text)), nil
	case o.numbered+o.named > 0:
		return DayFirst, "", nil
	}
	return ISODates, "", nil
}

func (o *DateOrder) dayOf(text string) ivp.Date {
	day, _ := ReadDate(text, DayFirst)
	return day
}

// DateOrderError is the error of a column in which some dates can only be
// day-first and others only month-first.
type DateOrderError struct {
	DayLine   int
	Day       string
	MonthLine int
	Month     string
}

// Error names a date of each kind, and what to do.
func (e *DateOrderError) Error() string {
	return fmt.Sprintf("the installation dates contradict each other: %q in line %d can only be day-first (DD/MM/YYYY), %q in line %d only month-first (MM/DD/YYYY); correct the column, or give the date format, day-first or month-first: dates that do not fit are then bad-date",
		e.Day, e.DayLine, e.Month, e.MonthLine)
}
