package devices

import (
	"sort"

	"github.com/mp196/ivp/ivp"
)

// breakTable finds, for a day, the last break day of a record that is not
// after it. Days of the years in which devices are installed are looked up in
// a dense table; others are searched.
type breakTable struct {
	days  []ivp.Date
	first int // the day number of dense[0]
	dense []uint16
}

// The dense table covers these years: two bytes a day, 110 KiB in all.
const (
	denseFrom = 1975
	denseTo   = 2125
)

func newBreakTable(days []ivp.Date) *breakTable {
	from, _ := ivp.NewDate(denseFrom, 1, 1)
	to, _ := ivp.NewDate(denseTo, 12, 31)
	t := &breakTable{days: days, first: from.DayNumber()}
	t.dense = make([]uint16, from.DaysUntil(to)+1)
	for n := range t.dense {
		t.dense[n] = uint16(t.search(from.AddDays(n)))
	}
	return t
}

// at returns the place of the break day that a day belongs to.
func (t *breakTable) at(day ivp.Date) int {
	if n := day.DayNumber() - t.first; uint(n) < uint(len(t.dense)) {
		return int(t.dense[n])
	}
	return t.search(day)
}

func (t *breakTable) search(day ivp.Date) int {
	return sort.Search(len(t.days), func(n int) bool { return t.days[n].After(day) }) - 1
}
