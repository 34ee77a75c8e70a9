package ivp

import "strings"

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
	if fault := i.unjudgeable(); fault != 0 {
		return Verdict{Reason: fault}
	}
	return c.decide(c.judge(i.Spec, i.Scope, i.On), c.judgeGBCS(i), c.judgePair(i))
}

func (c Checker) asAt(on Date) Date {
	if c.AsAt.Valid() {
		return c.AsAt
	}
	return on
}

// judge finds what all readings of the record say of a version on a day.
func (c Checker) judge(spec Spec, scope string, on Date) Finding {
	s, ok := c.History.record().standings[spec]
	if !ok {
		return Finding{Reason: NotListed, Window: Window{Spec: spec}}
	}
	asAt := c.asAt(on)
	line, known := c.History.record().timelineOf(s, scope, asAt)
	if !known {
		return c.judgeUnknownScope(s, spec, on)
	}
	return c.judgeLine(line, asAt, on)
}

func (c Checker) judgeLine(line timeline[reading], asAt, on Date) Finding {
	return unanimous(c, line.at(asAt), func(r *reading) Finding { return r.judge(on, c) })
}

// timelineOf returns the timeline by which a scope is judged: its own, or the
// general one where the version has none. known is false for a scope that no
// amendment names for any version by the as-at day.
func (r *record) timelineOf(s *standing, scope string, asAt Date) (line timeline[reading], known bool) {
	if scope = strings.TrimSpace(scope); scope == "" {
		return s.general, true
	}
	if !r.namesScope(scope, asAt) {
		return nil, false
	}
	if line := s.scoped(scope); line != nil {
		return line, true
	}
	return s.general, true
}

// judgeUnknownScope judges a device whose scope no amendment names: it may
// belong to the general case or to any scope that the record has for the
// version, so the answer is given only if all of them give it.
func (c Checker) judgeUnknownScope(s *standing, spec Spec, on Date) Finding {
	asAt := c.asAt(on)
	all := unanimity{checker: c}
	all.add(c.judgeLine(s.general, asAt, on), 0)
	for i := range s.scopes {
		if scoped := &s.scopes[i]; !scoped.from.After(asAt) {
			all.add(c.judgeLine(scoped.line, asAt, on), 0)
		}
	}
	f, ok := all.finding()
	if !ok {
		return Finding{Reason: UnknownScope, Window: Window{Spec: spec}}
	}
	return f
}

// judgeGBCS finds whether the device's GBCS version applies. GBCS is judged in
// the general case.
func (c Checker) judgeGBCS(i Installation) Finding {
	switch {
	case i.GBCS.IsZero() || i.GBCS.NoGBCS() && i.Spec.IsSMETS1():
		return c.judgeBlankGBCS(i)
	case i.GBCS.Family != GBCS:
		return Finding{Reason: BadVersion}
	case i.GBCS.NoGBCS():
		return Finding{} // the pair is the finding that says so
	}
	return c.judge(i.GBCS, "", i.On)
}

// judgeBlankGBCS finds what a device without a GBCS version is worth: the
// finding of its most favourable completion, the GBCS versions that the pairs
// give it or, for a version without pairs, that the tables list. It is zero if
// the pairs of some reading give its type none, in which case the pair decides;
// and for SMETS1, which has no GBCS version.
func (c Checker) judgeBlankGBCS(i Installation) Finding {
	if i.Spec.IsSMETS1() {
		return Finding{}
	}
	if i.Type >= UnknownType {
		i.Type = 0
	}
	r := c.History.record()
	line := r.pairLines[i.Spec]
	if line == nil {
		return c.bestListed(i)
	}
	var best Finding
	seg := line.at(c.asAt(i.On))
	for n := range seg.readings {
		p := &seg.readings[n]
		fits := false // whether the reading gives the device some version
		if !p.mentions() {
			best, fits = c.better(best, c.bestListed(i)), true
		}
		for m := range p.permitted {
			if fit := &p.permitted[m]; fit.fits(i.Type, Spec{}) {
				best, fits = c.better(best, c.completed(i, fit.gbcs)), true
			}
		}
		if !fits {
			return Finding{}
		}
	}
	return best
}

// bestListed returns the finding of the most favourable GBCS version that the
// tables of the as-at day list; not listed if they list none.
func (c Checker) bestListed(i Installation) Finding {
	r := c.History.record()
	var best Finding
	sure := false // whether every reading of the record lists some version
	for _, spec := range r.gbcs {
		seg := r.standings[spec].general.at(c.asAt(i.On))
		listed := 0
		for n := range seg.readings {
			if seg.readings[n].listed {
				listed++
			}
		}
		if listed > 0 {
			best = c.better(best, c.completed(i, spec))
			sure = sure || listed == len(seg.readings)
		}
	}
	if !best.Asked() || !sure && best.outcome() == NotEligible {
		return Finding{Reason: NotListed, Window: Window{Spec: Spec{Family: GBCS}}}
	}
	return best
}

// completed returns the finding of a GBCS version that a device may have: its
// own, and where that is eligible and only some readings of the record permit
// the pair, that of the pair.
func (c Checker) completed(i Installation, gbcs Spec) Finding {
	f := c.judge(gbcs, "", i.On)
	if f.outcome() != Eligible {
		return f
	}
	i.GBCS = gbcs
	if pair := c.judgePair(i); pair.outcome() != Eligible {
		pair.Window.Spec = gbcs
		return pair
	}
	return f
}

// better returns the more favourable of two findings of GBCS versions: eligible
// before undetermined before not eligible, among eligible the one that closes
// last, among not eligible the latest end, else that of the higher version.
func (c Checker) better(f, g Finding) Finding {
	switch {
	case !f.Asked():
		return g
	case f.weight() != g.weight():
		if f.weight() < g.weight() {
			return f
		}
		return g
	}
	n := 0
	if f.outcome() != Undetermined {
		n = c.compareClosing(f.Window, g.Window)
	}
	if n > 0 || n == 0 && CompareSpecs(f.Window.Spec, g.Window.Spec) > 0 {
		return f
	}
	return g
}

// judgePair finds whether type, TS version and GBCS version go together.
func (c Checker) judgePair(i Installation) Finding {
	gbcs := i.GBCS
	if gbcs.Family != GBCS || gbcs.NoGBCS() && i.Spec.IsSMETS1() {
		gbcs = Spec{}
	}
	switch {
	case i.Type >= UnknownType:
		return Finding{Reason: UnknownDeviceType}
	case gbcs.NoGBCS():
		return Finding{Reason: UnlistedPair}
	}
	given := i.Type != 0 || !gbcs.IsZero()
	line := c.History.record().pairLines[i.Spec]
	if line == nil {
		return (&pairReading{}).judge(i.Spec, i.Type, gbcs)
	}
	return unanimous(c, line.at(c.asAt(i.On)), func(p *pairReading) Finding {
		f := p.judge(i.Spec, i.Type, gbcs)
		if !given && f.Reason == WithinPeriod {
			return Finding{} // not judged, unless every pair of the version was withdrawn
		}
		return f
	})
}
