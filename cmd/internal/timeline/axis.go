package timeline

import (
	"time"

	"github.com/mp196/ivp/ivp"
)

// axis places days: a day begins at its x, and ends where the next begins.
type axis struct {
	first, last ivp.Date // the days shown, both included
	left, width float64
}

// What is shown beyond the days that matter: a year, and after the last change
// room for the words that say what follows.
const (
	margin = 366
	after  = 3 * 366
)

func newAxis(events []ivp.Date, marks []Mark) axis {
	a := axis{left: labelWidth, width: plotWidth}
	for _, day := range events {
		a.show(day.AddDays(-margin), day.AddDays(after))
	}
	for _, m := range marks {
		a.show(m.Day.AddDays(-margin), m.Day.AddDays(margin))
	}
	if a.first.IsZero() { // nothing ever happens: any years will do
		a.show(yearStart(2000), yearStart(2003))
	}
	return a
}

// show has the axis reach from one day to another.
func (a *axis) show(from, to ivp.Date) {
	if a.first.IsZero() || from.Before(a.first) {
		a.first = from
	}
	if to.After(a.last) {
		a.last = to
	}
}

// x returns where the day begins, held to the axis.
func (a axis) x(day ivp.Date) float64 {
	days := float64(a.first.DaysUntil(a.last) + 1)
	return a.left + a.width*min(max(float64(a.first.DaysUntil(day))/days, 0), 1)
}

// end returns where the day ends: where the next begins, if there is one.
func (a axis) end(day ivp.Date) float64 {
	if day == ivp.MaxDate() {
		return a.left + a.width
	}
	return a.x(day.AddDays(1))
}

func (a axis) right() float64 { return a.left + a.width }

// narrowest is the least room between two labelled years.
const narrowest = 36

// years returns the first days of the years that get a tick, as many as there
// is room to label.
func (a axis) years() []ivp.Date {
	step := 1
	perYear := a.width / float64(a.first.DaysUntil(a.last)+1) * 365.25
	for _, step = range []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000} {
		if perYear*float64(step) >= narrowest {
			break
		}
	}
	from, _, _ := a.first.Civil()
	to, _, _ := a.last.Civil()
	var days []ivp.Date
	for year := from - from%step; year <= to; year += step {
		if day := yearStart(year); day.Valid() && !day.Before(a.first) {
			days = append(days, day)
		}
	}
	return days
}

// yearStart returns no date where the calendar has no such year.
func yearStart(year int) ivp.Date {
	day, err := ivp.NewDate(year, time.January, 1)
	if err != nil {
		return ivp.Date{}
	}
	return day
}
