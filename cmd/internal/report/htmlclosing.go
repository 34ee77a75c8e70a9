package report

import (
	"html/template"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// stock says until when the eligible devices may be installed.
type stock struct {
	// Tables are the closing days from the day of the run on, and those before
	// it; one without a row is left out.
	Tables                                          []closingTable
	Chart                                           template.HTML
	ChartCaption                                    string
	Today                                           string
	Eligible                                        string
	ComingWords, PastWords, OpenWords, UnknownWords string
	LastDayExcluded                                 bool
	// OwnDates says that each row was judged for a date of its own.
	OwnDates bool
}

// closingTable is a run of closing days.
type closingTable struct {
	Caption string
	Rows    []closingRow
	devices int
}

// closingRow is a day on which windows end.
type closingRow struct {
	Day, Versions, Devices, Cumulative string
}

func (t *closingTable) add(d closingDay) {
	t.devices += d.devices
	t.Rows = append(t.Rows, closingRow{d.day.String(), strings.Join(d.versions, ", "), thousands(d.devices), thousands(t.devices)})
}

// closingDay counts the eligible devices by the end of their window.
type closingDay struct {
	day      ivp.Date
	versions []string
	devices  int
}

// closingDays returns the closings of a summary, those of one day together.
func closingDays(s *devices.Summary) []closingDay {
	var days []closingDay
	for _, c := range s.SortedClosings() {
		if n := len(days); n == 0 || days[n-1].day != c.To {
			days = append(days, closingDay{day: c.To})
		}
		last := &days[len(days)-1]
		last.versions = append(last.versions, c.Spec.String())
		last.devices += s.Closings[c]
	}
	return days
}

func stockOf(s *devices.Summary, options Options, run *evidence.Run) stock {
	coming := closingTable{Caption: "Still to come"}
	past := closingTable{Caption: "Closed already before " + options.Today.String()}
	days := closingDays(s)
	for _, d := range days {
		if closed(d.day, options) {
			past.add(d)
		} else {
			coming.add(d)
		}
	}
	st := stock{
		Chart: closingChart(days, options), Today: options.Today.String(), Eligible: devicesWord(s.Count(ivp.Eligible)),
		ComingWords: devicesWord(coming.devices), PastWords: devicesWord(past.devices),
		OpenWords: devicesWord(s.OpenEnd), UnknownWords: devicesWord(s.EndUnknown),
		LastDayExcluded: options.Checker.LastDayExcluded, OwnDates: run != nil && run.Question.On == "",
	}
	if len(days) > 0 {
		st.ChartCaption = newClosingAxis(days, options.Today).caption() + "."
	}
	for _, t := range []closingTable{coming, past} {
		if len(t.Rows) > 0 {
			st.Tables = append(st.Tables, t)
		}
	}
	return st
}

// closed reports whether nothing of a window that ends then is left today.
func closed(end ivp.Date, options Options) bool {
	return end.Before(options.Today) || options.Checker.LastDayExcluded && end == options.Today
}
