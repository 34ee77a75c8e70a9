package rundown

import (
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Team installs the stock of one device type, of one location, of both, or all.
type Team struct {
	Type     ivp.DeviceType // zero for every type
	Location string         // empty for every location
	// Rates say how fast it works: on a day, the rate counts that begins last of
	// those that cover it, so that a line for a holiday stands before the rest
	// for its days. Where none covers the day, the team does not work.
	Rates []Rate
}

// String names the team by what it installs.
func (t *Team) String() string {
	switch {
	case t.Type == 0 && t.Location == "":
		return "all stock"
	case t.Location == "":
		return t.Type.String()
	case t.Type == 0:
		return "all at " + t.Location
	}
	return t.Type.String() + " at " + t.Location
}

func (t *Team) perWeek(day ivp.Date) int64 {
	var found Rate
	for _, r := range t.Rates {
		if r.covers(day) && (!found.From.Valid() || found.From.Before(r.From)) {
			found = r
		}
	}
	return found.PerWeek
}

// Capacity returns how many devices the team can install from the first day to
// the last, both included: whole devices, what is begun of one being carried
// over from week to week. It is 0 where last is before first.
func (t *Team) Capacity(first, last ivp.Date) int64 {
	sevenths := int64(0) // of a device, which is what a rate by the week makes in a day
	for day := first; !last.Before(day); {
		next := t.change(day, last)
		sevenths += t.perWeek(day) * int64(day.DaysUntil(next)+1)
		if next == last { // the day after may be beyond the calendar
			break
		}
		day = next.AddDays(1)
	}
	return sevenths / 7
}

// change returns the last day up to which the rate of a day stands, and at the
// latest last.
func (t *Team) change(day, last ivp.Date) ivp.Date {
	for _, r := range t.Rates {
		if r.From.After(day) && !r.From.After(last) {
			last = r.From.AddDays(-1)
		}
		if r.To.Valid() && !r.To.Before(day) && r.To.Before(last) {
			last = r.To
		}
	}
	return last
}

// fit says how closely the team fits stock: the higher, the closer; 0 for not at
// all. A type outweighs a location.
func (t *Team) fit(k Key) int {
	fit := 1
	switch {
	case t.Type == 0:
	case t.Type == k.Type:
		fit += 6
	case slices.Contains(parts[t.Type], k.Type):
		fit += 3
	default:
		return 0
	}
	switch {
	case t.Location == "":
	case strings.EqualFold(t.Location, k.Location):
		fit++
	default:
		return 0
	}
	return fit
}

// parts are the types that another stands for.
var parts = map[ivp.DeviceType][]ivp.DeviceType{
	ivp.ESME:              {ivp.SingleElement, ivp.TwinElement, ivp.Polyphase},
	ivp.CommunicationsHub: {ivp.CHF, ivp.GPF},
}
