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
