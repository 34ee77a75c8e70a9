package devices

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// ReadDate reads a day as installation dates are read; blank is none. A date
// with a time and a zone is the day in Great Britain at that moment; of any
// other date with a time, and of a date with a zone alone, the date is taken as
// it is written. Where it fails, the day is [ivp.UnreadableDate].
func ReadDate(text string, format DateFormat) (ivp.Date, error) {
	read := readDate(text, format)
	return read.day, read.err(text, format)
}

// dateRead is a cell read as a day.
type dateRead struct {
	day ivp.Date
	// moved says that the cell is a time which falls on another day in Great
	// Britain than the one written.
	moved bool
	fault dateFault
}

// dateFault says why a cell could not be read as a day; 0 if it was.
type dateFault uint8

const (
	notADate    dateFault = iota + 1
	noOrder               // day and month are in an order that is not known
	noSuchDay             // 31 April
	noSuchTime            // 24:00, or something that is no time
	outsideTime           // a moment before the first day of the calendar or after the last
)

// readDate is [ReadDate] for the engine: it does not allocate.
func readDate(text string, format DateFormat) dateRead {
	text = strings.TrimSpace(text)
	if text == "" {
		return dateRead{}
	}
	s := dateScanner{text}
	written, ok := s.date()
	switch {
	case !ok:
		return unreadable(notADate)
	case format == ISODates && written.form != yearFirst:
		return unreadable(noOrder)
	}
	day, err := written.day(format)
	if err != nil {
		return unreadable(noSuchDay)
	}
	clock, ok := s.time()
	switch {
	case !ok:
		return unreadable(noSuchTime)
	case !clock.moment:
		return dateRead{day: day}
	}
	there, err := clock.inBritain(day)
	if err != nil {
		return unreadable(outsideTime)
	}
	return dateRead{day: there, moved: there != day}
}

func unreadable(fault dateFault) dateRead {
	return dateRead{day: ivp.UnreadableDate(), fault: fault}
}

// err returns the error of a cell that could not be read: what was expected,
// and what may have happened.
func (r dateRead) err(text string, format DateFormat) error {
	if r.fault == 0 {
		return nil
	}
	text = strings.TrimSpace(text)
	hint := r.fault.hint(text)
	msg := fmt.Sprintf("%q is not a date: want %s", clipped(text), format)
	if format != ISODates {
		msg += " or YYYY-MM-DD"
	}
	if hint != "" {
		msg += "; " + hint
	}
	return errors.New(msg)
}

// clipped keeps a cell that goes into a message to a readable length.
func clipped(text string) string {
	const most = 60
	if len(text) <= most {
		return text
	}
	return text[:most] + "…"
}

// shortYear is a date of numbers alone with a year of two digits.
var shortYear = regexp.MustCompile(`^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}$`)

// hint says what may have happened, or what to do.
func (f dateFault) hint(text string) string {
	s := dateScanner{text}
	written, _ := s.date()
	switch f {
	case noSuchDay:
		return "no calendar has that day"
	case noSuchTime:
		return "after the date only a time from 00:00 to 23:59:59 and a zone may stand, as in 2022-04-27T09:30+01:00"
	case outsideTime:
		return "the calendar has no such day in Great Britain"
	case noOrder:
		if !written.isDay() {
			return "no calendar has that day"
		}
		return "give the date format, day-first or month-first, or write YYYY-MM-DD"
	}
	if shortYear.MatchString(text) {
		return "which number is the year? write it with four digits"
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && n > 20000 && n < 80000 {
		return "a spreadsheet's day number? format the column as a date and save it again"
	}
	return ""
}
