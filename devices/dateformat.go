package devices

import (
	"fmt"
	"strings"
)

// DateFormat says how the dates of a column are written. ISO dates, 2023-04-27 or
// 20230427, are read in each of them. All except the first also read a month that
// is named: 27 Apr 2023, 27th April 2023, 27-Apr-23.
type DateFormat uint8

// The date formats. The zero value reads ISO dates alone.
const (
	ISODates   DateFormat = iota // YYYY-MM-DD
	DayFirst                     // DD/MM/YYYY, DD-MM-YYYY, DD.MM.YYYY
	MonthFirst                   // MM/DD/YYYY, MM-DD-YYYY, MM.DD.YYYY
)

// dateFormats are the names of each format: its pattern first.
var dateFormats = [...][]string{
	ISODates:   {"YYYY-MM-DD", "iso"},
	DayFirst:   {"DD/MM/YYYY", "day-first"},
	MonthFirst: {"MM/DD/YYYY", "month-first"},
}

// String returns the format's pattern, such as "DD/MM/YYYY".
func (f DateFormat) String() string {
	if int(f) < len(dateFormats) {
		return dateFormats[f][0]
	}
	return fmt.Sprintf("DateFormat(%d)", uint8(f))
}

// Name returns the format's name in words: "iso", "day-first" or
// "month-first".
func (f DateFormat) Name() string {
	if int(f) < len(dateFormats) {
		return dateFormats[f][1]
	}
	return f.String()
}

// ParseDateFormat reads a format's pattern or name, without regard to case. It
// fails on any other text.
func ParseDateFormat(text string) (DateFormat, error) {
	for f, names := range dateFormats {
		for _, name := range names {
			if strings.EqualFold(name, strings.TrimSpace(text)) {
				return DateFormat(f), nil
			}
		}
	}
	return 0, fmt.Errorf("%q is no date format: want iso (YYYY-MM-DD), day-first (DD/MM/YYYY) or month-first (MM/DD/YYYY)", text)
}
