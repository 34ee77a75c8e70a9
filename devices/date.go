package devices

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/mp196/ivp/ivp"
)

// ReadDate reads a day as installation dates are read; blank is none. Of a date
// with a time the date is taken as it is written. Where it fails, the day is
// [ivp.UnreadableDate].
func ReadDate(text string, format DateFormat) (ivp.Date, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return ivp.Date{}, nil
	}
	if format != ISODates && !isoShape.MatchString(trimmed) {
		return readWritten(trimmed, format)
	}
	date, rest := trimmed, ""
	if len(trimmed) > 10 {
		date, rest = trimmed[:10], trimmed[10:]
	}
	day, err := ivp.ParseDate(date)
	if err != nil {
		return ivp.UnreadableDate(), dateError(trimmed, format, dateHint(trimmed))
	}
	if rest != "" && !timeOfDay.MatchString(rest) {
		return ivp.UnreadableDate(), dateError(trimmed, format, "after the date only a time may stand, as in 2022-04-27T09:30")
	}
	return day, nil
}

// timeOfDay is what may follow an ISO date: T or a space, then a time.
var timeOfDay = regexp.MustCompile(`^[T ]([01]\d|2[0-4]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?( ?Z|[+-]\d\d:?\d\d)?$`)

// clockTime is what may follow a date as people write it.
const clockTime = `(?:,? +(?:[01]?\d|2[0-4])[:.][0-5]\d(?:[:.][0-5]\d(?:[.,]\d{1,9})?)?(?: ?[AaPp][Mm])?)?`

var (
	numbered   = regexp.MustCompile(`^(\d{1,2})(?:/(\d{1,2})/|-(\d{1,2})-)(\d{4})` + clockTime + `$`)
	namedMonth = regexp.MustCompile(`^(\d{1,2})(?: ([A-Za-z]{3,9})\.? |-([A-Za-z]{3,9})-)(\d{2}|\d{4})` + clockTime + `$`)
)

// writtenDate is a date as people write it, taken apart.
type writtenDate struct {
	first, second, year int // of a named month, second is the month
	named               bool
}

// takeApart takes a date apart; ok is false for any other text.
func takeApart(text string) (w writtenDate, ok bool) {
	if m := numbered.FindStringSubmatch(text); m != nil {
		w.first, _ = strconv.Atoi(m[1])
		w.second, _ = strconv.Atoi(m[2] + m[3])
		w.year, _ = strconv.Atoi(m[4])
		return w, true
	}
	m := namedMonth.FindStringSubmatch(text)
	if m == nil {
		return w, false
	}
	month, ok := monthNamed(m[2] + m[3])
	w.named, w.second = true, int(month)
	w.first, _ = strconv.Atoi(m[1])
	w.year, _ = strconv.Atoi(m[4])
	if len(m[4]) == 2 {
		w.year += 2000 // no device that the Code knows was installed before this century
	}
	return w, ok
}

// monthNamed reads the name of a month, whole or its first three letters.
func monthNamed(name string) (time.Month, bool) {
	for m := time.January; m <= time.December; m++ {
		if full := m.String(); strings.EqualFold(name, full) || strings.EqualFold(name, full[:3]) {
			return m, true
		}
	}
	return time.September, strings.EqualFold(name, "Sept")
}

// day returns the day that the date is in a format.
func (w writtenDate) day(format DateFormat) (ivp.Date, error) {
	day, month := w.first, w.second
	if format == MonthFirst && !w.named {
		day, month = month, day
	}
	return ivp.NewDate(w.year, time.Month(month), day)
}

func readWritten(text string, format DateFormat) (ivp.Date, error) {
	written, ok := takeApart(text)
	if !ok {
		return ivp.UnreadableDate(), dateError(text, format, dateHint(text))
	}
	day, err := written.day(format)
	if err != nil {
		return ivp.UnreadableDate(), dateError(text, format, "no calendar has that day")
	}
	return day, nil
}

func dateError(text string, format DateFormat, hint string) error {
	const most = 60
	if len(text) > most {
		text = text[:most] + "…"
	}
	msg := fmt.Sprintf("%q is not a date: want %s", text, format)
	if format != ISODates {
		msg += " or YYYY-MM-DD"
	}
	if hint != "" {
		msg += "; " + hint
	}
	return errors.New(msg)
}

var isoShape = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}`)

// shortYear is a date of numbers alone with a year of two digits.
var shortYear = regexp.MustCompile(`^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}$`)

// dateHint says what may have happened.
func dateHint(text string) string {
	if isoShape.MatchString(text) {
		return "no calendar has that day"
	}
	if shortYear.MatchString(text) {
		return "which number is the year? write it with four digits"
	}
	if written, ok := takeApart(text); ok {
		return writtenHint(written)
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && n > 20000 && n < 80000 {
		return "a spreadsheet's day number? format the column as a date and save it again"
	}
	return ""
}

// writtenHint says what to do about a date as people write it, where only ISO
// dates are read.
func writtenHint(w writtenDate) string {
	_, dayErr := w.day(DayFirst)
	_, monthErr := w.day(MonthFirst)
	if dayErr != nil && monthErr != nil {
		return "no calendar has that day"
	}
	return "say how dates are written with --date-format day-first or month-first"
}
