package ivp

// Installation is one device on one installation day, as it is judged.
type Installation struct {
	// Type is the device type; zero where none was given, UnknownType where
	// what was given is none we know.
	Type DeviceType
	// Spec is the version of the technical specification; zero where none was
	// given, [UnreadableSpec] where it could not be read.
	Spec Spec
	// GBCS is the version of GBCS; zero where none was given,
	// [UnreadableSpec] where it could not be read. Without one, the most
	// favourable version on record is judged in its place.
	GBCS Spec
	// Scope names the case in which a separate window may apply, such as
	// "prepayment" (Section A3.14); empty for the general case. Case and outer
	// spaces do not count.
	Scope string
	// On is the installation day; zero where none was given,
	// [UnreadableDate] where it could not be read.
	On Date
}

// ByVersionAlone reports whether the TS version is all that was given besides
// the day: neither a type nor a GBCS version.
func (i Installation) ByVersionAlone() bool {
	return i.unjudgeable() == 0 && i.Type == 0 && i.GBCS.IsZero()
}

// unjudgeable returns why the device cannot be judged, or 0.
func (i Installation) unjudgeable() Reason {
	switch {
	case i.Spec.IsZero():
		return NoVersion
	case i.Spec.Family != SMETS && i.Spec.Family != CHTS:
		return BadVersion
	case i.On.IsZero():
		return NoDate
	case !i.On.Valid():
		return BadDate
	}
	return 0
}

// Verdict is the answer for one installation, with its authority. The zero
// value is undetermined. Verdicts are comparable with ==.
type Verdict struct {
	Reason Reason
	// Window is the window that decided, with the amendment that is named for
	// the answer; zero where none did.
	Window Window
	// TS, GBCS and Pair are the findings; those not judged are zero. Where no
	// GBCS version was given, GBCS is the finding of the most favourable version
	// on record, which its window names.
	TS   Finding
	GBCS Finding
	Pair Finding
}

// Outcome returns the outcome that follows from the reason.
func (v Verdict) Outcome() Outcome { return v.Reason.Outcome() }

// Amendment returns the id of the amendment named for the answer, "" where
// none is.
func (v Verdict) Amendment() string { return v.Window.Amendment }

// To returns the last day of the window that decided; ok is false where it has
// no date, or where the answer does not rest on it.
func (v Verdict) To() (day Date, ok bool) {
	switch v.Reason {
	case WithinPeriod, BeforeStart, AfterEnd, GBCSEnded:
		return v.Window.To.Date()
	}
	return Date{}, false
}

// Assumed reports whether the device is eligible only because an end that is
// not on record was taken to be open.
func (v Verdict) Assumed() bool {
	return v.Outcome() == Eligible && (v.TS.Assumed || v.GBCS.Assumed)
}

// decide weighs the findings, in the order TS, GBCS, pair: the first with the
// worst outcome decides. If all are eligible, the window that closes first does.
func (c Checker) decide(ts, gbcs, pair Finding) Verdict {
	deciding := ts
	for _, f := range [...]Finding{gbcs, pair} {
		if f.weight() > deciding.weight() {
			deciding = f
		}
	}
	if deciding.Reason == WithinPeriod && gbcs.Asked() && c.closesBefore(gbcs.Window, ts.Window) {
		deciding = gbcs
	}
	return Verdict{Reason: deciding.Reason, Window: deciding.Window, TS: ts, GBCS: gbcs, Pair: pair}
}

// Finding is the result for one part of the question: the TS version, the GBCS
// version, or the pair. The zero value says that this part was not judged.
type Finding struct {
	Reason Reason
	Window Window
	// Assumed is set where the finding is eligible only because an end that is
	// not on record was taken to be open.
	Assumed bool
}

// Asked reports whether this part of the question was judged.
func (f Finding) Asked() bool { return f.Reason != 0 }

// outcome returns the outcome of the reason; what was not judged rules nothing
// out.
func (f Finding) outcome() Outcome {
	if f.Reason == 0 {
		return Eligible
	}
	return f.Reason.Outcome()
}

// weight orders findings for deciding: not eligible outweighs undetermined,
// undetermined outweighs eligible, and what was not judged weighs nothing.
func (f Finding) weight() int {
	if !f.Asked() {
		return 0
	}
	switch f.Reason.Outcome() {
	case NotEligible:
		return 3
	case Undetermined:
		return 2
	}
	return 1
}

// closing returns the day on which a window closes: that of a dated end, or for
// an end not on record the last day confirmed. ok is false for a window that
// never closes, because its end is open or taken to be.
func (c Checker) closing(w Window) (day Date, ok bool) {
	if w.To.Kind == Dated || w.To.Kind == NotOnRecord && !c.AssumeOpen {
		return w.To.Day, true
	}
	return Date{}, false
}

// compareClosing returns a negative number if w closes before v, and a positive
// one if it closes after v.
func (c Checker) compareClosing(w, v Window) int {
	wDay, wCloses := c.closing(w)
	vDay, vCloses := c.closing(v)
	switch {
	case wCloses && vCloses:
		return wDay.Compare(vDay)
	case wCloses:
		return -1
	case vCloses:
		return 1
	}
	return 0
}

// closesBefore reports whether w closes before v. Of two that close on one day
// the one with a dated end comes first.
func (c Checker) closesBefore(w, v Window) bool {
	n := c.compareClosing(w, v)
	return n < 0 || n == 0 && w.To.Kind == Dated && v.To.Kind != Dated
}

// Window is the Installation Validity Period of one version, in one scope, as
// one reading of the record gives it; for GBCS it is the applicability period.
// Both bounds are inside it. The zero value says nothing.
type Window struct {
	Spec Spec
	// Scope is empty for the general window.
	Scope string
	From  Bound
	To    Bound
	// Amendment is the id of the amendment that set the bound which decided;
	// in a table, the end. Empty where none did.
	Amendment string
}

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
