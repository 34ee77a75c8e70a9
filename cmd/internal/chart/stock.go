package chart

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// InventoryOptions are the options of the chart of the versions in an inventory, with
// the number of devices of each: around the day in question, or else today, or, if
// most of the inventory's dates are far from today, around these. Each day may be zero.
func InventoryOptions(s *devices.Summary, asAt, on, today ivp.Date) Options {
	o := Options{Marks: MarksOf(on, asAt, today), Stock: map[ivp.Spec]int{}}
	if day := cmp.Or(on, today); day.Valid() {
		o.From, o.To = Around(day)
	}
	if first, last, elsewhere := datesElsewhere(s, o.From, o.To); elsewhere && !on.Valid() {
		o.From, o.To = first, last
	}
	for spec, outcomes := range s.Specs {
		for _, n := range outcomes {
			o.Stock[spec] += n
		}
	}
	return o
}

// datesElsewhere returns the days around the dates of an inventory, if most of
// these are not within the days given. A fiftieth at each end is ignored.
func datesElsewhere(s *devices.Summary, from, to ivp.Date) (first, last ivp.Date, ok bool) {
	all, within := 0, 0
	for month, n := range s.Months {
		all += n
		if day := MonthStart(month); !day.Before(from) && !day.After(to) {
			within += n
		}
	}
	if 2*within >= all {
		return first, last, false
	}
	before := 0
	for _, month := range slices.Sorted(maps.Keys(s.Months)) {
		if before <= all/50 {
			first, _ = Around(MonthStart(month))
		}
		if before < all-all/50 {
			_, last = Around(MonthStart(month))
		}
		before += s.Months[month]
	}
	return first, last, true
}

// StockSays returns, in words, which devices the figures on the chart count.
func (c Chart) StockSays() string {
	shown, others := 0, 0
	for _, g := range c.groups {
		for _, r := range g.Rows {
			if r.Scope == "" && r.GBCS.IsZero() {
				shown += c.options.Stock[r.Spec]
			}
		}
	}
	for _, n := range c.options.Stock {
		others += n
	}
	words := fmt.Sprintf("The figures count the devices of this inventory by version: %s, whatever their answer.", remarks.Thousands(shown))
	if others -= shown; others > 0 {
		words += fmt.Sprintf(" %s more have no version that is on record, or none that can be read.", remarks.Thousands(others))
	}
	return words
}
