package sample

import "github.com/mp196/ivp/ivp"

const dateWidth = len("2006-01-02")

// calendar holds the text of every day of a range, end to end.
type calendar string

func newCalendar(first, last ivp.Date) calendar {
	count := first.DaysUntil(last) + 1
	all := make([]byte, 0, count*dateWidth)
	for n := range count {
		all, _ = first.AddDays(n).AppendText(all) // it never fails
	}
	return calendar(all)
}

func (c calendar) count() int { return len(c) / dateWidth }

func (c calendar) text(day int) string { return string(c[day*dateWidth : (day+1)*dateWidth]) }
