package rundown

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Rate is how many devices are installed in a week, from a day on.
type Rate struct {
	From ivp.Date
	// To is the last day of the rate; no date for one without an end.
	To      ivp.Date
	PerWeek int64
}

// mostPerWeek keeps a rate times the days of all time within an int64.
const mostPerWeek = 1_000_000_000

func (r Rate) covers(day ivp.Date) bool {
	return !day.Before(r.From) && (!r.To.Valid() || !day.After(r.To))
}

// ParseRate reads a rate such as "40/week" or "8/day", and returns how many that
// are in a week of seven days.
func ParseRate(text string) (perWeek int64, err error) {
	number, per, _ := strings.Cut(strings.TrimSpace(text), "/")
	n, err := parseCount(number)
	switch {
	case err != nil:
	case per == "week":
		return n, nil
	case per == "day" && n <= mostPerWeek/7:
		return 7 * n, nil
	}
	return 0, fmt.Errorf("%q: want a whole number of devices a week or a day, such as 40/week or 8/day", text)
}

func parseCount(text string) (int64, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 63)
	if err != nil || n > mostPerWeek {
		return 0, fmt.Errorf("%q: want a whole number of devices, at most %d", text, mostPerWeek)
	}
	return int64(n), nil
}
