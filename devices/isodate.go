package devices

import (
	"time"

	"github.com/mp196/ivp/ivp"
)

// isoTable reads dates of ten bytes, YYYY-MM-DD, of the years in which devices
// are installed: the day before a month's first is looked up, so that nothing
// is divided. Anything else is left to readDate.
type isoTable struct {
	months [(isoTo - isoFrom + 1) * 16]isoMonth
}

type isoMonth struct {
	before ivp.Date // the day before the month's first
	days   uint8    // 0 for a month that no calendar has
}

const (
	isoFrom = 1975
	isoTo   = 2125
)

func newISOTable() *isoTable {
	t := &isoTable{}
	for year := isoFrom; year <= isoTo; year++ {
		for month := time.January; month <= time.December; month++ {
			first, _ := ivp.NewDate(year, month, 1)
			last := ivp.DateOf(time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC))
			t.months[(year-isoFrom)*16+int(month)] = isoMonth{first.AddDays(-1), uint8(first.DaysUntil(last) + 1)}
		}
	}
	return t
}

// read returns the day, and false for anything that it does not read.
func (t *isoTable) read(cell []byte) (ivp.Date, bool) {
	if len(cell) != 10 || cell[4] != '-' || cell[7] != '-' {
		return ivp.Date{}, false
	}
	bad := byte(0)
	digit := func(i int) int {
		d := cell[i] - '0'
		bad |= (d + 0x76) | d // the high bit is set for anything above 9
		return int(d)
	}
	year := digit(0)*1000 + digit(1)*100 + digit(2)*10 + digit(3) - isoFrom
	month := digit(5)*10 + digit(6)
	day := digit(8)*10 + digit(9)
	if bad&0x80 != 0 || uint(year) > isoTo-isoFrom || month > 12 {
		return ivp.Date{}, false
	}
	m := &t.months[year*16+month]
	if day < 1 || day > int(m.days) {
		return ivp.Date{}, false
	}
	return m.before.AddDays(day), true
}
