package rundown

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
