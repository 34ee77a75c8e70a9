package typedtable

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mp196/ivp/devices"
)

// dateColumns are those that hold days. One person typed them, in one order of
// day and month.
var dateColumns = []column{fromColumn, toColumn, confirmedColumn}

// dateFormat finds out how a table's dates are written, from all of them.
func (s *sheet) dateFormat(given *devices.DateFormat) (devices.DateFormat, error) {
	if given != nil {
		return *given, nil
	}
	var order devices.DateOrder
	for _, r := range s.rows {
		for _, c := range dateColumns {
			order.Add(r.line, []byte(s.cell(r, c)))
		}
	}
	format, note, err := order.Decide()
	var contradict *devices.DateOrderError
	if errors.As(err, &contradict) {
		return 0, fmt.Errorf("%s: the dates contradict each other: %q in line %d can only be day-first (DD/MM/YYYY), %q in line %d only month-first (MM/DD/YYYY); correct them, or say how they are written with --date-format day-first or month-first",
			s.name, contradict.Day, contradict.DayLine, contradict.Month, contradict.MonthLine)
	}
	if note != "" {
		s.notes = append(s.notes, s.name+": "+note)
	}
	return format, err
}

// advice returns what a fault of a date says after the value, which the table's
// fault names already.
func advice(err error) (want, do string) {
	_, text, ok := strings.Cut(err.Error(), "is not a date: want ")
	if !ok {
		return "a date", err.Error()
	}
	want, do, _ = strings.Cut(text, "; ")
	return want, do
}
