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
	// [UnreadableSpec] where it could not be read.
	GBCS Spec
	// Scope names the case in which a separate window may apply, such as
	// "prepayment" (Section A3.14); empty for the general case. Case and outer
	// spaces do not count.
	Scope string
	// On is the installation day; zero where none was given,
	// [UnreadableDate] where it could not be read.
	On Date
}

// Verdict is the answer for one installation, with its authority. The zero
// value is undetermined. Verdicts are comparable with ==.
type Verdict struct {
	Reason Reason
	// Window is the window that decided, with the amendment that is named for
	// the answer; zero where none did.
	Window Window
	// TS, GBCS and Pair are the findings; those not asked are zero.
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

// ByVersionAlone reports whether the device was judged by its TS version, with
// neither type nor GBCS version asked.
func (v Verdict) ByVersionAlone() bool {
	return v.TS.Asked() && !v.GBCS.Asked() && !v.Pair.Asked()
}

// decide weighs the findings, in the order TS, GBCS, pair.
func decide(ts, gbcs, pair Finding) Verdict {
	v := Verdict{TS: ts, GBCS: gbcs, Pair: pair}
	deciding := ts
	for _, f := range [...]Finding{gbcs, pair} {
		if f.weight() > deciding.weight() {
			deciding = f
		}
	}
	if deciding.Reason == WithinPeriod && closesBefore(gbcs.Window, ts.Window) {
		deciding = gbcs
	}
	v.Reason, v.Window = deciding.Reason, deciding.Window
	return v
}

// closesBefore reports whether w has a dated end and v has none or a later
// one.
func closesBefore(w, v Window) bool {
	wEnd, wDated := w.To.Date()
	vEnd, vDated := v.To.Date()
	return wDated && (!vDated || wEnd.Before(vEnd))
}
