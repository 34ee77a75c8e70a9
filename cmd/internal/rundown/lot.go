package rundown

import (
	"cmp"
	"strings"

	"github.com/mp196/ivp/ivp"
)

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
