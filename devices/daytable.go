package devices

import (
	"sync"
	"time"

	"github.com/mp196/ivp/ivp"
)

// dayTable reads dates of ten bytes, YYYY-MM-DD, DD/MM/YYYY or MM/DD/YYYY, of the
// years in which devices are installed: the day before a month's first is looked
// up, so that nothing is divided. Anything else is left to readDate.
type dayTable struct {
	months [(tableTo - tableFrom + 1) * 16]tableMonth
}

type tableMonth struct {
	before ivp.Date // the day before the month's first
	days   uint8    // 0 for a month that no calendar has
}

const (
	tableFrom = 1975
	tableTo   = 2125
)

// days is the one table, made when an inventory is first checked.
var days = sync.OnceValue(newDayTable)

func newDayTable() *dayTable {
	t := &dayTable{}
	for year := tableFrom; year <= tableTo; year++ {
		for month := time.January; month <= time.December; month++ {
			first, _ := ivp.NewDate(year, month, 1)
			last := ivp.DateOf(time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC))
			t.months[(year-tableFrom)*16+int(month)] = tableMonth{first.AddDays(-1), uint8(first.DaysUntil(last) + 1)}
		}
	}
	return t
}

// read returns the day, and false for anything that it does not read.
func (t *dayTable) read(cell []byte, format DateFormat) (ivp.Date, bool) {
	if len(cell) != 10 {
		return ivp.Date{}, false
	}
	switch {
	case cell[4] == '-' && cell[7] == '-':
		return t.day(cell[0:4], cell[5:7], cell[8:10])
	case cell[2] != cell[5] || cell[2] != '/' && cell[2] != '.' && cell[2] != '-' || format == ISODates:
		return ivp.Date{}, false
	case format == DayFirst:
		return t.day(cell[6:10], cell[3:5], cell[0:2])
	}
	return t.day(cell[6:10], cell[0:2], cell[3:5])
}

// day returns the day of a year of four digits and a month and a day of two.
func (t *dayTable) day(y, m, d []byte) (ivp.Date, bool) {
	bad := byte(0)
	digit := func(c byte) int {
		c -= '0'
		bad |= (c + 0x76) | c // the high bit is set for anything above 9
		return int(c)
	}
	year := digit(y[0])*1000 + digit(y[1])*100 + digit(y[2])*10 + digit(y[3]) - tableFrom
	month := digit(m[0])*10 + digit(m[1])
	day := digit(d[0])*10 + digit(d[1])
	if bad&0x80 != 0 || uint(year) > tableTo-tableFrom || month > 12 {
		return ivp.Date{}, false
	}
	known := &t.months[year*16+month]
	if day < 1 || day > int(known.days) {
		return ivp.Date{}, false
	}
	return known.before.AddDays(day), true
}
