package rundown

import "github.com/mp196/ivp/ivp"

// Day is what closes on one day, or what has no closing day on record.
type Day struct {
	Kind    Kind
	Closes  ivp.Date // as in [Standing]; no date where there are several
	Devices int
	Pence   int64
	// Remaining is how many of the stock may still be installed the day after,
	// if none were installed before.
	Remaining int
	// DueSoFar are the devices that close on this day or before, and WeeklyRate
	// how many a week must be installed for none of them to be left, rounded up.
	DueSoFar   int
	WeeklyRate int
	// Fitted, Stranded and StrandedPence are as in [Fitted].
	Fitted, Stranded int
	StrandedPence    int64
}

// Days gathers lots by their closing days, in the order of the lots. Those that
// may not be installed any more, or not yet, and those of which the record
// cannot say, have a line each.
func Days(all []Fitted, on ivp.Date) []Day {
	var days []Day
	installable := 0
	for _, f := range all {
		if f.Kind.Installable() {
			installable += f.Devices
		}
		if n := len(days); n == 0 || days[n-1].Kind != f.Kind || f.Kind == Closes && days[n-1].Closes != f.Closes {
			days = append(days, Day{Kind: f.Kind, Closes: f.Closes})
		}
		day := &days[len(days)-1]
		if day.Closes != f.Closes {
			day.Closes = ivp.Date{}
		}
		day.Devices += f.Devices
		day.Pence += f.Pence
		day.Fitted += f.Fitted
		day.Stranded += f.Stranded
		day.StrandedPence += f.StrandedPence
	}
	due := 0
	for i := range days {
		day := &days[i]
		if day.Kind != Closes {
			if day.Kind.Installable() {
				day.Remaining = installable - due
			}
			continue
		}
		due += day.Devices
		day.DueSoFar, day.Remaining = due, installable-due
		weeks := on.DaysUntil(day.Closes) + 1
		day.WeeklyRate = (due*7 + weeks - 1) / weeks
	}
	return days
}
