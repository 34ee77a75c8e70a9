package rundown

import "github.com/mp196/ivp/ivp"

// Date is the stock of one kind that has one day.
type Date struct {
	Kind Kind
	// Day is that of [Key].
	Day ivp.Date
	// What follows is as in [Lot].
	Devices, Costless, Fitted, Stranded int
	Pence, StrandedPence                int64
	// Remain is how many devices the record says may still be installed on the
	// day after, if none is installed before. It is told of Dated alone.
	Remain int
	// PerWeek is how many devices must be installed a week from the day of the
	// stock on for all to be in time that close by this day. It is told of Dated
	// alone.
	PerWeek int64
}

// Lot returns the stock of the date as one lot.
func (d Date) Lot() Lot {
	return Lot{
		Key: Key{Kind: d.Kind, Day: d.Day}, Devices: d.Devices, Pence: d.Pence, Costless: d.Costless,
		Fitted: d.Fitted, Stranded: d.Stranded, StrandedPence: d.StrandedPence,
	}
}

// DaysLeft returns the whole days from the day of the stock to the closing day:
// 0 on the last day.
func (r *Rundown) DaysLeft(day ivp.Date) int { return r.On.DaysUntil(day) }

// Dates returns the stock by its days, in the order of reports.
func (r *Rundown) Dates() []Date {
	var dates []Date
	for _, lot := range r.Lots {
		if n := len(dates); n == 0 || dates[n-1].Kind != lot.Kind || dates[n-1].Day != lot.Day {
			dates = append(dates, Date{Kind: lot.Kind, Day: lot.Day})
		}
		d := &dates[len(dates)-1]
		d.Devices += lot.Devices
		d.Pence += lot.Pence
		d.Costless += lot.Costless
		d.Fitted += lot.Fitted
		d.Stranded += lot.Stranded
		d.StrandedPence += lot.StrandedPence
	}
	closing := int64(0)
	for i := range dates {
		if d := &dates[i]; d.Kind == Dated {
			closing += int64(d.Devices)
			d.Remain = r.At(d.Day.AddDays(1)).Installable
			days := int64(r.DaysLeft(d.Day) + 1)
			d.PerWeek = (7*closing + days - 1) / days
		}
	}
	return dates
}

// Total adds up the stock of some kinds.
func (r *Rundown) Total(of func(Kind) bool) Lot {
	var sum Lot
	for _, lot := range r.Lots {
		if of(lot.Kind) {
			sum.Devices += lot.Devices
			sum.Pence += lot.Pence
			sum.Costless += lot.Costless
			sum.Fitted += lot.Fitted
			sum.Stranded += lot.Stranded
			sum.StrandedPence += lot.StrandedPence
		}
	}
	return sum
}
