package rundown

import "github.com/mp196/ivp/ivp"

// Point is how the stock stands on the morning of a day.
type Point struct {
	Day ivp.Date
	// Installable is what the record says may be installed on that day, of what
	// may be now, if nothing is installed before; Unknown is that of which the
	// record does not say whether it still may.
	Installable int
	Unknown     int
	// Left is how much of Installable the plan has not installed by then.
	Left int
}

// At returns how the stock stands on the morning of a day, from the day of the
// stock on.
func (r *Rundown) At(day ivp.Date) Point {
	p := Point{Day: day}
	for _, lot := range r.Lots {
		switch {
		case lot.Kind == NotOnRecord && !lot.InstallableOn(day):
			p.Unknown += lot.Devices
		case lot.InstallableOn(day):
			p.Installable += lot.Devices
		}
	}
	p.Left = p.Installable
	if day.After(r.On) {
		for team := range r.queues {
			r.walk(team, day.AddDays(-1), func(lots []*Lot, fitted int) {
				if lots[0].InstallableOn(day) {
					p.Left -= fitted
				}
			})
		}
	}
	return p
}
