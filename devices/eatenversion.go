package devices

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// eatenVersion adds to the error of a version what a spreadsheet may have made
// of it: 4.2 becomes the fourth of February where a day is guessed. The version
// is named, never assumed: 4.2 and 4.20 are eaten alike.
func eatenVersion(text string, err error) error {
	var fault *ivp.SpecError
	if !errors.As(err, &fault) || fault.Hint != "" {
		return err
	}
	day, month, ok := dayInVersion(strings.TrimSpace(text))
	if !ok {
		return err
	}
	told := *fault
	told.Hint = fmt.Sprintf("%d.%d? a spreadsheet may have read it as a date", day, month)
	return &told
}

// dayAndMonth is a date as a spreadsheet shows one without a year.
var dayAndMonth = regexp.MustCompile(`^(\d{1,2})[- /]([A-Za-z]{3,9})$`)

// dayInVersion reads a day and a month in the place of a version.
func dayInVersion(text string) (day, month int, ok bool) {
	if m := dayAndMonth.FindStringSubmatch(text); m != nil {
		day, _ := strconv.Atoi(m[1])
		month, ok := monthNamed(m[2])
		return day, int(month), ok && day >= 1 && day <= 31
	}
	on, err := ReadDate(text, DayFirst)
	if err != nil || !on.Valid() {
		if on, ok = serialDay(text); !ok {
			return 0, 0, false
		}
	}
	_, of, day := on.Civil()
	return day, int(of), true
}

// serialDay reads a spreadsheet's day number, of the days that a version may
// have been taken for: those of the years about now.
func serialDay(text string) (ivp.Date, bool) {
	n, err := strconv.Atoi(text)
	if err != nil || n < firstSerial || n > lastSerial {
		return ivp.Date{}, false
	}
	return serialZero.AddDays(n), true
}

const (
	firstSerial = 36526 // 1 January 2000
	lastSerial  = 54788 // 31 December 2049
)

// serialZero is the day before the first by the count of spreadsheets, as it
// holds since 1 March 1900.
var serialZero, _ = ivp.NewDate(1899, 12, 30)
