package devices

import (
	"sort"

	"github.com/mp196/ivp/ivp"
)

// breakTable finds, for a day, the last break day of a record that is not
// after it. In the years in which devices are installed the search begins at the
// break of the day's stretch of the table; other days are searched among all.
type breakTable struct {
	days  []ivp.Date
	first int // the day number at which dense[0] begins
	dense []uint16
}

// The dense table covers these years, by stretches of 32 days: few breaks fall
// into one, and a table for a small inventory is made in microseconds.
const (
	denseFrom  = 1975
	denseTo    = 2125
	denseShift = 5
)

func newBreakTable(days []ivp.Date) *breakTable {
	from, _ := ivp.NewDate(denseFrom, 1, 1)
	to, _ := ivp.NewDate(denseTo, 12, 31)
	t := &breakTable{days: days, first: from.DayNumber()}
	t.dense = make([]uint16, from.DaysUntil(to)>>denseShift+1)
	at := t.search(from)
	for n := range t.dense {
		at = t.forward(at, from.AddDays(n<<denseShift))
		t.dense[n] = uint16(at)
	}
	return t
}

// at returns the place of the break day that a day belongs to.
func (t *breakTable) at(day ivp.Date) int {
	if n := (day.DayNumber() - t.first) >> denseShift; uint(n) < uint(len(t.dense)) {
		return t.forward(int(t.dense[n]), day)
	}
	return t.search(day)
}

// forward goes on from the place of an earlier day.
func (t *breakTable) forward(at int, day ivp.Date) int {
	for at+1 < len(t.days) && !t.days[at+1].After(day) {
		at++
	}
	return at
}

func (t *breakTable) search(day ivp.Date) int {
	return sort.Search(len(t.days), func(n int) bool { return t.days[n].After(day) }) - 1
}
