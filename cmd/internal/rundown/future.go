package rundown

import (
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// future says what becomes of a device from a day on. The periods are the
// answers of all days, so that the law which will stand on later days counts.
func future(periods []devices.Period, on ivp.Date) Key {
	for len(periods) > 1 && periods[0].Last.Before(on) {
		periods = periods[1:]
	}
	now := periods[0].Result
	switch now.Outcome() {
	case ivp.Eligible:
		return end(periods)
	case ivp.NotEligible:
		for _, p := range periods {
			if p.Result.Outcome() == ivp.Eligible {
				return Key{Kind: OpensLater, Day: p.First, Reason: now.Reason, Amendment: now.Amendment()}
			}
		}
		return Key{Kind: Closed, Reason: now.Reason, Amendment: now.Amendment()}
	}
	return Key{Kind: Undetermined, Reason: now.Reason, Amendment: now.Amendment()}
}

// end says how the run of eligible days ends with which the periods begin.
func end(periods []devices.Period) Key {
	last := periods[0]
	for _, p := range periods[1:] {
		switch p.Result.Outcome() {
		case ivp.NotEligible:
			return Key{Kind: Dated, Day: last.Last, Reason: p.Result.Reason, Amendment: p.Result.Amendment()}
		case ivp.Undetermined:
			return Key{Kind: NotOnRecord, Day: last.Last, Reason: p.Result.Reason, Amendment: p.Result.Amendment()}
		}
		last = p
	}
	return Key{Kind: Open, Reason: last.Result.Reason, Amendment: last.Result.Amendment()}
}
