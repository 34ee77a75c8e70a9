package rundown

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// FitBy is what must be installed from one location by a day.
type FitBy struct {
	// Lot is the sum of what closes on the day. It has no type or version. Its
	// location is written as in one of the rows that have it: case is ignored.
	Lot
	// Lots are what closes on the day, by type and version.
	Lots []Lot
	// SoFar counts the devices of the location that close by the day, and PerWeek is
	// how many of them must be installed a week, from the day of the stock, for all
	// to be in time.
	SoFar   int
	PerWeek int64
}

// FitBy returns what must be installed from each location by which day, in the
// order of the locations and days. It is empty if no device that closes has a
// location.
func (r *Rundown) FitBy() []*FitBy {
	var all []*FitBy
	located := false
	names, found := map[string]string{}, map[Key]*FitBy{}
	for i := range r.Lots {
		lot := &r.Lots[i]
		if lot.Kind != Dated {
			continue
		}
		located = located || lot.Location != ""
		folded := strings.ToLower(lot.Location)
		if _, known := names[folded]; !known {
			names[folded] = lot.Location
		}
		key := Key{Kind: Dated, Day: lot.Day, Location: names[folded]}
		if found[key] == nil {
			found[key] = &FitBy{Lot: Lot{Key: key}}
			all = append(all, found[key])
		}
		found[key].add(lot)
		found[key].addOf(lot)
	}
	if !located {
		return nil
	}
	slices.SortStableFunc(all, func(a, b *FitBy) int {
		if (a.Location == "") != (b.Location == "") { // last without a location
			return cmp.Compare(len(b.Location), len(a.Location))
		}
		return cmp.Or(strings.Compare(strings.ToLower(a.Location), strings.ToLower(b.Location)), a.Day.Compare(b.Day))
	})
	for i, f := range all {
		if f.SoFar = f.Devices; i > 0 && all[i-1].Location == f.Location {
			f.SoFar += all[i-1].SoFar
		}
		f.PerWeek = r.perWeek(int64(f.SoFar), f.Day)
	}
	return all
}

// addOf adds a lot to the one of its type and version.
func (f *FitBy) addOf(lot *Lot) {
	for i := range f.Lots {
		if of := &f.Lots[i]; of.Type == lot.Type && of.Spec == lot.Spec {
			of.add(lot)
			return
		}
	}
	f.Lots = append(f.Lots, *lot)
}

// perWeek returns how many devices must be installed a week, from the day of the
// stock, for so many to be installed by the end of another.
func (r *Rundown) perWeek(devices int64, day ivp.Date) int64 {
	days := int64(r.DaysLeft(day) + 1)
	return (7*devices + days - 1) / days
}
