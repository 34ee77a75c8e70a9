package chart

import (
	"cmp"
	"fmt"
	"time"

	"github.com/mp196/ivp/ivp"
)

// axis maps days to positions: a day begins at its x and ends where the next
// begins.
type axis struct {
	first, last ivp.Date // the days shown, both included
	left, width float64
}

// The days shown around the days that matter: a year, and more after the last
// change, for its label.
const (
	margin = 366
	after  = 3 * 366
)

func newAxis(first, last ivp.Date) axis {
	return axis{first: first, last: last, left: labelWidth, width: plotWidth}
}

// axisAround returns the axis of every day that matters.
func axisAround(events []ivp.Date, marks []Mark) axis {
	a := newAxis(ivp.Date{}, ivp.Date{})
	for _, day := range events {
		a.show(day.AddDays(-margin), day.AddDays(after))
	}
	for _, m := range marks {
		a.show(m.Day.AddDays(-margin), m.Day.AddDays(margin))
	}
	if a.first.IsZero() { // no events: any years will do
		a.show(MonthStart(12*2000), MonthStart(12*2003))
	}
	return a
}

// show extends the axis to include the days from one to another.
func (a *axis) show(from, to ivp.Date) {
	if a.first.IsZero() || from.Before(a.first) {
		a.first = from
	}
	if to.After(a.last) {
		a.last = to
	}
}

// x returns where the day begins, limited to the axis.
func (a axis) x(day ivp.Date) float64 {
	days := float64(a.first.DaysUntil(a.last) + 1)
	return a.left + a.width*min(max(float64(a.first.DaysUntil(day))/days, 0), 1)
}

// end returns where the day ends.
func (a axis) end(day ivp.Date) float64 {
	if !day.Before(a.last) { // the next day may be beyond the calendar
		return a.right()
	}
	return a.x(day.AddDays(1))
}

func (a axis) right() float64 { return a.left + a.width }

// begins and ends report whether days begin or end on a day that the axis shows.
func (a axis) begins(day ivp.Date) bool { return !day.Before(a.first) }
func (a axis) ends(day ivp.Date) bool   { return !day.After(a.last) }

// shows reports whether some of the days are on the axis.
func (a axis) shows(first, last ivp.Date) bool { return a.begins(last) && a.ends(first) }

// Tick is the first day of a month or year, and how an axis names it.
type Tick struct {
	Day   ivp.Date
	Label string
}

// The smallest distances between two labels.
const (
	monthRoom = 64
	yearRoom  = 36
)

// Ticks returns the months, or the years, that an axis names, which shows the days
// from first to last on so much width: as many as there is room for.
func Ticks(first, last ivp.Date, width float64) (ticks []Tick) {
	perMonth := width / float64(first.DaysUntil(last)+1) * 365.25 / 12
	months, label := 12, func(day ivp.Date) string { return day.String()[:4] }
	for _, few := range []int{1, 2, 3, 6} {
		if float64(few)*perMonth >= monthRoom {
			months, label = few, MonthName
			break
		}
	}
	for _, years := range []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000} {
		if months%12 == 0 {
			months = 12 * years
		}
		if float64(months)*perMonth >= yearRoom {
			break
		}
	}
	for n := monthOf(first) / months * months; n <= monthOf(last); n += months {
		if day := MonthStart(n); day.Valid() && !day.Before(first) {
			ticks = append(ticks, Tick{day, label(day)})
		}
	}
	return ticks
}

// monthOf numbers the month of a day: twelve times the year, and 0 for January.
func monthOf(day ivp.Date) int {
	year, month, _ := day.Civil()
	return 12*year + int(month) - 1
}

// MonthStart returns the first day of a month, given as twelve times the year, and
// 0 for January. It is zero if the calendar does not have the month.
func MonthStart(n int) ivp.Date {
	day, err := ivp.NewDate(n/12, time.Month(n%12+1), 1)
	if err != nil {
		return ivp.Date{}
	}
	return day
}

// Around returns the days that matter to someone who plans on a day: from six
// months before to eighteen months after, in whole months.
func Around(day ivp.Date) (from, to ivp.Date) {
	month := monthOf(day)
	from, to = cmp.Or(MonthStart(month-6), ivp.MinDate()), ivp.MaxDate()
	if next := MonthStart(month + 19); next.Valid() {
		to = next.AddDays(-1)
	}
	return from, to
}

// MonthName returns a month as in "Jan 2027".
func MonthName(day ivp.Date) string {
	year, month, _ := day.Civil()
	return fmt.Sprintf("%s %d", month.String()[:3], year)
}

// ShortDay returns a day as in "15 Jan 2027", for a picture or a table; it is empty
// if the day is zero.
func ShortDay(day ivp.Date) string {
	if !day.Valid() {
		return day.String()
	}
	_, _, d := day.Civil()
	return fmt.Sprintf("%d %s", d, MonthName(day))
}
