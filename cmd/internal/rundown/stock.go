// Package rundown works out what becomes of stock: until when it may be
// installed, and how much of it will not be in time at a given rate.
package rundown

import (
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Stock gathers devices that are not installed yet. Make it with [NewStock].
type Stock struct {
	judge    devices.Judge
	unitCost int64
	costed   bool
	lots     map[Key]*Lot
}

// NewStock returns empty stock, to be judged on the day given by [devices.Judge.On].
func NewStock(judge devices.Judge) *Stock { return &Stock{judge: judge, lots: map[Key]*Lot{}} }

// SetUnitCost gives a cost to devices that have none, in pence.
func (s *Stock) SetUnitCost(pence int64) { s.unitCost, s.costed = pence, true }

// Add adds devices of one kind, as [devices.Bulk.Tally] tells of them.
func (s *Stock) Add(told devices.Tallied) {
	key := Key{Kind: Undetermined, Reason: told.Result.Reason, Amendment: told.Result.Amendment()}
	if told.Result.Reason != ivp.BadRow { // of which there is no device to judge
		key = future(s.judge.Periods(told.Device), s.judge.On)
		key.Type, key.Spec, key.Location = told.Device.Type, told.Result.Spec(), strings.TrimSpace(told.Device.Location)
	}
	lot := s.lots[key]
	if lot == nil {
		lot = &Lot{Key: key}
		s.lots[key] = lot
	}
	lot.Devices += told.Devices
	lot.Pence += told.Pence
	if s.costed {
		lot.Pence += int64(told.Costless) * s.unitCost
	} else {
		lot.Costless += told.Costless
	}
}

// sorted returns the lots in the order of reports.
func (s *Stock) sorted() []Lot {
	var all []Lot
	for _, lot := range s.lots {
		all = append(all, *lot)
	}
	slices.SortFunc(all, func(a, b Lot) int { return compareKeys(a.Key, b.Key) })
	return all
}
