package xlsx

import (
	"math"
	"time"
)

const (
	secondsOfDay = 24 * 60 * 60
	// falseLeapDay is 29 February 1900, which the system of 1900 counts and the
	// calendar has not.
	falseLeapDay = 60
	lastYear     = 9999
)

// Serial returns what a number means as a day of the workbook's date system, as
// [Cell] writes a Day: for a column of days whose cells show plain numbers. Not
// ok is a text that is no finite number, and a number of no day: one before the
// first of 1900 or of 1904, the 29 February that 1900 did not have, and one
// after 9999.
func (b *Book) Serial(text string) (iso string, ok bool) {
	n, ok := parseNumber(text)
	if !ok {
		return "", false
	}
	return serialDay(n, b.date1904)
}

// serialDay returns the day that a number of days means.
func serialDay(serial float64, date1904 bool) (string, bool) {
	if !(serial >= 0 && serial < 3e6) { // 9999 ends before 3 million
		return "", false
	}
	days := math.Floor(serial)
	milliseconds := math.Round((serial - days) * 1000 * secondsOfDay) // what is less is the error of the arithmetic
	if milliseconds == 1000*secondsOfDay {
		days, milliseconds = days+1, 0
	}
	seconds := math.Floor(milliseconds / 1000)
	var start time.Time
	switch {
	case date1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 0 || days == falseLeapDay:
		return "", false
	case days < falseLeapDay:
		start = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	default:
		start = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	}
	return isoDay(start.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second))
}

// isoDay writes a day, and the time of day where it is not midnight.
func isoDay(t time.Time) (string, bool) {
	switch {
	case t.Year() > lastYear:
		return "", false
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.Format(time.DateOnly), true
	}
	return t.Format(time.DateTime), true
}

// writtenDays are the forms of a day that a workbook holds as ISO text. Each is
// read with and without parts of a second.
var writtenDays = []string{time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04"}

// writtenDay reads a day that is held as ISO text. A time with a zone is none: on
// which day it falls depends on the place, so that it stays as it is written.
func writtenDay(text string) (string, bool) {
	for _, layout := range writtenDays {
		if t, err := time.Parse(layout, text); err == nil {
			return isoDay(t.Truncate(time.Second))
		}
	}
	return "", false
}
