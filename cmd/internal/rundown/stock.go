// Package rundown works out what becomes of stock: until when it may be
// installed, and how much of it will not be in time at a given rate.
package rundown

import (
	"cmp"
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

// Key is what the devices of a lot have in common.
type Key struct {
	Kind Kind
	// Day is the last day of installation of what is Dated, the last day that a
	// source vouches for of what is NotOnRecord, and the first day of installation
	// of what OpensLater; no date for the rest.
	Day ivp.Date
	// Reason and Amendment say why it ends with that day, and for what does not
	// end, or may not be installed now, why that is so.
	Reason    ivp.Reason
	Amendment string
	Type      ivp.DeviceType
	Spec      ivp.Spec
	// Location is as it is written, without outer spaces; empty where none is.
	Location string
}

// Closes returns the last day of installation, where it is on record.
func (k Key) Closes() (day ivp.Date, ok bool) {
	if k.Kind != Dated {
		return ivp.Date{}, false
	}
	return k.Day, true
}

// InstallableOn reports whether the record says that stock which may be
// installed now may be so on a later day.
func (k Key) InstallableOn(day ivp.Date) bool {
	switch k.Kind {
	case Dated, NotOnRecord:
		return !day.After(k.Day)
	}
	return k.Kind == Open
}

func compareKeys(a, b Key) int {
	return cmp.Or(
		cmp.Compare(a.Kind, b.Kind), a.Day.Compare(b.Day), cmp.Compare(a.Type, b.Type), ivp.CompareSpecs(a.Spec, b.Spec),
		strings.Compare(a.Location, b.Location), cmp.Compare(a.Reason, b.Reason), strings.Compare(a.Amendment, b.Amendment),
	)
}

// Lot is devices in stock that are alike in what matters here.
type Lot struct {
	Key
	Devices int
	// Pence is what they cost together; Costless of them have no cost that could
	// be read, and are not in it.
	Pence    int64
	Costless int

	// Fitted and Stranded are how many of what is Dated are installed in time,
	// and how many are not; StrandedPence is the part of Pence that the latter
	// bear. All are 0 where no plan was asked.
	Fitted        int
	Stranded      int
	StrandedPence int64
}

// Kind says what becomes of stock that is not installed.
type Kind uint8

// The kinds, in the order of reports. The zero value is none.
const (
	// Dated may be installed up to a day that is on record.
	Dated Kind = iota + 1
	// NotOnRecord may be installed now; the day on which that ends is not on
	// record.
	NotOnRecord
	// Open may be installed on every day from now on.
	Open
	// OpensLater may not be installed yet.
	OpensLater
	// Closed may not be installed, and no later day on record allows it.
	Closed
	// Undetermined is stock of which the record cannot say whether it may be
	// installed now.
	Undetermined
)

// Kinds returns every kind in the order of reports.
func Kinds() []Kind { return []Kind{Dated, NotOnRecord, Open, OpensLater, Closed, Undetermined} }

var kindNames = [...]string{"", "date", "not-on-record", "open", "opens-later", "closed", "undetermined"}

// String returns "date", "not-on-record", "open", "opens-later", "closed" or
// "undetermined"; "" for none.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return ""
}

// Installable reports whether the stock may be installed now.
func (k Kind) Installable() bool { return k == Dated || k == NotOnRecord || k == Open }

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
