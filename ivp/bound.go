package ivp

// BoundKind says what is known of one end of a window. The zero value says
// nothing: an entry that leaves the bound as it stood.
type BoundKind uint8

// What can be known of a bound.
const (
	// NotOnRecord: no source that we read gives the day.
	NotOnRecord BoundKind = iota + 1
	// Dated: the bound is the day given, itself inside the window.
	Dated
	// Open: the Tables set no end. Only an end can be open.
	Open
)

var boundKinds = [...]string{"", "not-on-record", "date", "open"}

// String returns "date", "open" or "not-on-record", and "" for the zero value.
func (k BoundKind) String() string {
	if int(k) < len(boundKinds) {
		return boundKinds[k]
	}
	return ""
}

// Bound is one end of a [Window]. The zero value says nothing.
type Bound struct {
	Kind BoundKind
	// Day is the date of a Dated bound. For a bound not on record it is the
	// nearest day that a source vouches for, if there is one: of a start the
	// day the version was first seen, of an end the last day confirmed.
	Day Date
}

// On returns the bound that is the given day.
func On(day Date) Bound { return Bound{Dated, day} }

// Date returns the bound's date; ok is false where it has none.
func (b Bound) Date() (day Date, ok bool) {
	if b.Kind != Dated {
		return Date{}, false
	}
	return b.Day, true
}

// String returns the date, "open" or "not-on-record".
func (b Bound) String() string {
	if b.Kind == Dated {
		return b.Day.String()
	}
	return b.Kind.String()
}
