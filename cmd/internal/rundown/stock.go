// Package rundown works out until when stock may be installed, and how much of it
// will not be installed in time at a given rate.
package rundown

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Stock collects devices that are not installed yet. Make it with [NewStock].
type Stock struct {
	judge    devices.Judge
	unitCost int64
	costed   bool
	lots     map[Key]*Lot
	others   int // rows that are no device
}

// NewStock returns empty stock, to be judged on the day given by [devices.Judge.On].
func NewStock(judge devices.Judge) *Stock { return &Stock{judge: judge, lots: map[Key]*Lot{}} }

// SetUnitCost sets the cost, in pence, of devices that have none.
func (s *Stock) SetUnitCost(pence int64) { s.unitCost, s.costed = pence, true }

// Add adds devices of one kind, as [devices.Bulk.Tally] reports them.
func (s *Stock) Add(t devices.Tallied) {
	key := Key{Kind: Undetermined, Reason: t.Result.Reason, Amendment: t.Result.Amendment()}
	switch {
	case t.Result.Reason == ivp.BadRow: // it may be a device, which was not read
	case !namesDevice(&t.Device):
		s.others += t.Devices
		return
	default:
		key = future(s.judge.Periods(t.Device), s.judge.On)
		key.Type, key.Spec, key.Location = t.Device.Type, t.Result.Spec(), strings.TrimSpace(t.Device.Location)
	}
	lot := s.lots[key]
	if lot == nil {
		lot = &Lot{Key: key}
		s.lots[key] = lot
	}
	lot.Devices += t.Devices
	lot.Pence += t.Pence
	if s.costed {
		lot.Pence += int64(t.Costless) * s.unitCost
	} else {
		lot.Costless += t.Costless
	}
}

// namesDevice reports whether a row says what the device is: a type, a version of
// the TS or of GBCS, or a model, readable or not. Others are notes and subtotals.
func namesDevice(d *devices.Device) bool {
	i := &d.Installation
	return !i.Spec.IsZero() || !i.GBCS.IsZero() || d.Type != 0 || strings.TrimSpace(d.Manufacturer+d.Model+d.ModelHardware+d.Firmware) != ""
}

// sorted returns the lots in report order.
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
	// Day is the last day of installation if Dated, the last day that a source
	// confirms if NotOnRecord, the first day of installation if OpensLater, and
	// zero otherwise.
	Day ivp.Date
	// Reason and Amendment say why installation ends on that day, or why it does
	// not end, or why it is not permitted now.
	Reason    ivp.Reason
	Amendment string
	Type      ivp.DeviceType
	Spec      ivp.Spec
	// Location is the cell without outer spaces; it may be empty.
	Location string
}

// Closes returns the last day of installation, if it is on record.
func (k Key) Closes() (day ivp.Date, ok bool) {
	if k.Kind != Dated {
		return ivp.Date{}, false
	}
	return k.Day, true
}

// InstallableOn reports whether stock that may be installed now may, by the
// record, also be installed on a later day.
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

// Lot is the devices in stock that share a key.
type Lot struct {
	Key
	Devices int
	// Pence is their total cost. It excludes the Costless devices, which have no
	// readable cost.
	Pence    int64
	Costless int

	// Fitted and Stranded count the Dated devices that are and are not installed
	// in time; StrandedPence is the cost of the stranded ones. All are 0 without
	// a plan.
	Fitted        int
	Stranded      int
	StrandedPence int64
}

// add adds the figures of another lot.
func (l *Lot) add(o *Lot) {
	l.Devices += o.Devices
	l.Pence += o.Pence
	l.Costless += o.Costless
	l.Fitted += o.Fitted
	l.Stranded += o.Stranded
	l.StrandedPence += o.StrandedPence
}

// Kind says until when stock may be installed.
type Kind uint8

// The kinds, in report order. The zero value is not a kind.
const (
	// Dated may be installed up to a day that is on record.
	Dated Kind = iota + 1
	// NotOnRecord may be installed now; until when is not on record.
	NotOnRecord
	// Open may be installed on every day from now on.
	Open
	// OpensLater may not be installed yet.
	OpensLater
	// Closed may not be installed, and no later day on record allows it.
	Closed
	// Undetermined may or may not be installed now: the record does not decide.
	Undetermined
)

// Kinds returns every kind in report order.
func Kinds() []Kind { return []Kind{Dated, NotOnRecord, Open, OpensLater, Closed, Undetermined} }

var kindNames = [...]string{"", "date", "not-on-record", "open", "opens-later", "closed", "undetermined"}

// String returns "date", "not-on-record", "open", "opens-later", "closed",
// "undetermined", or "" for the zero value.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return ""
}

// Installable reports whether the stock may be installed now.
func (k Kind) Installable() bool { return k == Dated || k == NotOnRecord || k == Open }

// Date is the stock that has one kind and one day: its key has nothing else.
type Date struct {
	Lot
	// Remain counts the devices that may still be installed on the day after, if
	// none is installed before. It is set only if Dated.
	Remain int
	// PerWeek is how many devices must be installed a week, from the day of the
	// stock, for all that close by this day to be in time. It is set only if
	// Dated.
	PerWeek int64
}

// DaysLeft returns the whole days from the day of the stock to the closing day:
// 0 on the last day.
func (r *Rundown) DaysLeft(day ivp.Date) int { return r.On.DaysUntil(day) }

// Dates returns the stock by kind and day, in report order.
func (r *Rundown) Dates() []Date {
	var dates []Date
	for _, lot := range r.Lots {
		if n := len(dates); n == 0 || dates[n-1].Kind != lot.Kind || dates[n-1].Day != lot.Day {
			dates = append(dates, Date{Lot: Lot{Key: Key{Kind: lot.Kind, Day: lot.Day}}})
		}
		dates[len(dates)-1].add(&lot)
	}
	closing := int64(0)
	for i := range dates {
		if d := &dates[i]; d.Kind == Dated {
			closing += int64(d.Devices)
			d.Remain = r.At(d.Day.AddDays(1)).Installable
			d.PerWeek = r.perWeek(closing, d.Day)
		}
	}
	return dates
}

// Total returns the sum of the lots whose kind is selected by of.
func (r *Rundown) Total(of func(Kind) bool) Lot {
	var sum Lot
	for _, lot := range r.Lots {
		if of(lot.Kind) {
			sum.add(&lot)
		}
	}
	return sum
}

// future returns the key of a device from a day on. The periods cover all days,
// so amendments that come into force later count.
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

// end returns how the eligible days at the beginning of the periods end.
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
