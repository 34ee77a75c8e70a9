package ivp

// Checker is a record and the terms on which it is asked. It is an immutable
// value; the zero value knows no table and finds every device undetermined.
type Checker struct {
	History History
	// AsAt asks what the tables said on that day. No date asks for the law of
	// the day: each device by the tables of its own installation day.
	AsAt Date
	// LastDayExcluded takes a dated end for the first day on which the version
	// may no longer be installed. The library otherwise reads a period as
	// including its last day, after the government's "the date after which new
	// installations … will not count"
	// (gov.uk/government/consultations/the-operational-transition-of-smart-meters-including-draft-legal-text).
	LastDayExcluded bool
	// AssumeOpen takes an end that is not on record to be open. Starts and
	// listings are unaffected.
	AssumeOpen bool
}

// Check judges one installation. It allocates nothing. It never fails: what
// cannot be judged is undetermined, with the reason.
func (c Checker) Check(i Installation) Verdict {
	if fault := unasked(i); fault != 0 {
		return Verdict{Reason: fault}
	}
	ts := c.judge(i.Spec, i.Scope, i.On)
	return decide(ts, c.judgeGBCS(i, ts), c.judgePair(i))
}

// unasked returns the reason for which nothing can be asked of the device.
func unasked(i Installation) Reason {
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

// judge finds what all readings of the record say of a version on a day.
func (c *Checker) judge(spec Spec, scope string, on Date) Finding {
	s, ok := c.History.record().standings[spec]
	if !ok {
		return Finding{Reason: NotListed, Window: Window{Spec: spec}}
	}
	return s.timeline(scope).at(c.asAt(on)).unanimous(on, c)
}

func (c *Checker) asAt(on Date) Date {
	if c.AsAt.Valid() {
		return c.AsAt
	}
	return on
}

// judgeGBCS finds whether the device's GBCS version applies; it is judged in
// the general scope.
func (c *Checker) judgeGBCS(i Installation, ts Finding) Finding {
	switch {
	case i.GBCS.IsZero() || i.GBCS.NoGBCS() && i.Spec.IsSMETS1():
		return c.judgeBlankGBCS(i, ts)
	case i.GBCS.Family != GBCS:
		return Finding{Reason: BadVersion}
	case i.GBCS.NoGBCS():
		return Finding{} // the pair says what is wrong with it
	}
	return c.judge(i.GBCS, "", i.On)
}

// judgeBlankGBCS does not ask for a GBCS version that is not given, but for
// this: less data never gives more permission. Where every GBCS version that
// goes with the device is ruled out, so is the device. One that is merely
// undetermined rules nothing out: an installation period presupposes that some
// GBCS version of it still applies, as the record itself infers (MP196).
func (c *Checker) judgeBlankGBCS(i Installation, ts Finding) Finding {
	if ts.Reason != WithinPeriod {
		return Finding{}
	}
	var all unanimity
	for _, fit := range c.History.record().fits[i.Spec] {
		if !fit.fits(i.Type, Spec{}) {
			continue
		}
		if fit.gbcs.NoGBCS() {
			return Finding{}
		}
		f := c.judge(fit.gbcs, "", i.On)
		if f.Reason.Outcome() != NotEligible {
			return Finding{}
		}
		all.add(f, 0)
	}
	if !all.heard {
		return Finding{}
	}
	return all.finding()
}

// judgePair finds whether type, TS version and GBCS version go together.
func (c *Checker) judgePair(i Installation) Finding {
	gbcs := i.GBCS
	if gbcs.Family != GBCS || gbcs.NoGBCS() && i.Spec.IsSMETS1() {
		gbcs = Spec{}
	}
	switch {
	case i.Type == 0 && gbcs.IsZero():
		return Finding{}
	case i.Type >= UnknownType:
		return Finding{Reason: UnknownDeviceType}
	case gbcs.NoGBCS():
		return Finding{Reason: UnlistedPair}
	}
	fits := c.History.record().fits[i.Spec]
	if len(fits) == 0 {
		return Finding{} // not held against the device
	}
	for _, fit := range fits {
		if fit.fits(i.Type, gbcs) {
			return Finding{Reason: WithinPeriod}
		}
	}
	return Finding{Reason: UnlistedPair}
}
