package ivp

import (
	"strings"
)

// Checker judges installations by a history, on terms. Its methods do not change
// it. In the zero value the history is empty, and every device is undetermined.
type Checker struct {
	History History
	// AsAt selects the Tables of one day for all devices. No date selects, for
	// each device, the Tables of its installation day.
	AsAt Date
	// LastDayExcluded makes a dated end the first day on which a version may not
	// be installed. If false, a period includes its last day, because the
	// government calls it "the date after which new installations … will not
	// count"
	// (gov.uk/government/consultations/the-operational-transition-of-smart-meters-including-draft-legal-text).
	LastDayExcluded bool
	// AssumeOpen makes an end that is not on record open. It does not affect
	// starts, or versions that are not listed.
	AssumeOpen bool
}

// Check judges one installation. It does not allocate memory. The verdict on an
// installation that cannot be judged is undetermined, with the reason.
func (c Checker) Check(i Installation) Verdict {
	if fault := i.unjudgeable(); fault != 0 {
		return Verdict{Reason: fault}
	}
	return c.decide(c.judge(i.Spec, i.Scope, i.On), c.judgeGBCS(i), c.judgePair(i))
}

// asAt returns the as-at day for an installation day.
func (c Checker) asAt(on Date) Date {
	if c.AsAt.Valid() {
		return c.AsAt
	}
	return on
}

// judge returns the finding on a version for an installation day.
func (c Checker) judge(spec Spec, scope string, on Date) Finding {
	v, ok := c.History.record().versions[spec]
	if !ok {
		return Finding{Reason: NotListed, Window: Window{Spec: spec}}
	}
	asAt := c.asAt(on)
	line, known := c.History.record().timelineOf(v, scope, asAt)
	if !known {
		return c.judgeUnknownScope(v, spec, on)
	}
	return c.judgeLine(line, asAt, on)
}

func (c Checker) judgeLine(line timeline[reading], asAt, on Date) Finding {
	return unanimous(c, line.at(asAt), func(r *reading) Finding { return r.judge(on, c) })
}

// timelineOf returns the timeline for a scope: its own or, if the version has
// none, that of the general case. known is false for a scope that no amendment
// names for any version by the as-at day.
func (r *record) timelineOf(v *versionTimelines, scope string, asAt Date) (line timeline[reading], known bool) {
	if scope = strings.TrimSpace(scope); scope == "" {
		return v.general, true
	}
	if !r.namesScope(scope, asAt) {
		return nil, false
	}
	if line := v.scoped(scope); line != nil {
		return line, true
	}
	return v.general, true
}

// judgeUnknownScope returns the finding on a version in a scope that no amendment
// names. The device may belong to the general case or to any scope of the
// version, so the finding has an outcome only if all of them agree on it.
func (c Checker) judgeUnknownScope(v *versionTimelines, spec Spec, on Date) Finding {
	asAt := c.asAt(on)
	all := unanimity{checker: c}
	all.add(c.judgeLine(v.general, asAt, on), 0)
	for i := range v.scopes {
		if scoped := &v.scopes[i]; !scoped.from.After(asAt) {
			all.add(c.judgeLine(scoped.line, asAt, on), 0)
		}
	}
	f, ok := all.finding()
	if !ok {
		return Finding{Reason: UnknownScope, Window: Window{Spec: spec}}
	}
	return f
}

// judgeGBCS returns the finding on the device's GBCS version, which has no
// scopes.
func (c Checker) judgeGBCS(i Installation) Finding {
	switch {
	case i.GBCS.IsZero() || i.GBCS.NoGBCS() && i.Spec.IsSMETS1():
		return c.judgeBlankGBCS(i)
	case i.GBCS.Family != GBCS:
		return Finding{Reason: BadVersion}
	case i.GBCS.NoGBCS():
		return Finding{} // judgePair reports it
	}
	return c.judge(i.GBCS, "", i.On)
}

// judgeBlankGBCS returns the finding on a device without a GBCS version, which is
// that on the most favourable GBCS version that it may have: one that the pairs
// permit or, for a version without pairs, one that the Tables list. The finding
// is zero for SMETS1, which has no GBCS version, and if in some reading no pair
// fits the type, because the pair then decides.
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
		fits := false // whether the device may have a GBCS version in this reading
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

// bestListed returns the finding on the most favourable GBCS version in the
// Tables of the as-at day. It is NotListed if there is none, or if the best is
// not eligible and no version is listed in every reading.
func (c Checker) bestListed(i Installation) Finding {
	r := c.History.record()
	var best Finding
	sure := false // whether some version is listed in every reading
	for _, spec := range r.gbcs {
		seg := r.versions[spec].general.at(c.asAt(i.On))
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
	if !best.Judged() || !sure && best.outcome() == NotEligible {
		return Finding{Reason: NotListed, Window: Window{Spec: Spec{Family: GBCS}}}
	}
	return best
}

// completed returns the finding on a device if it had the given GBCS version: the
// finding on the version or, if that is eligible and the finding on the pair is
// not, the finding on the pair.
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

// better returns the more favourable of two findings on GBCS versions: eligible
// before undetermined before not eligible, then the one that closes later if
// both are eligible or both not eligible, then the higher version.
func (c Checker) better(f, g Finding) Finding {
	switch {
	case !f.Judged():
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

// judgePair returns the finding on type, TS version and GBCS version together.
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

// Period is a range of installation days that have the same verdict. First and
// Last are both in the range.
type Period struct {
	First   Date
	Last    Date
	Verdict Verdict
}

// Periods returns the verdicts that [Checker.Check] returns for i on every
// installation day, as the fewest periods: in order, without a gap, from
// [MinDate] to [MaxDate]. It ignores i.On.
func (c Checker) Periods(i Installation) []Period {
	return c.periods(func(day Date) Verdict {
		i.On = day
		return c.Check(i)
	})
}

// periods joins the days that have the same verdict. A verdict can change on
// break days only.
func (c Checker) periods(on func(Date) Verdict) []Period {
	var periods []Period
	for _, day := range c.History.record().breaks {
		v := on(day)
		if n := len(periods); n > 0 {
			if periods[n-1].Verdict == v {
				continue
			}
			periods[n-1].Last = day.AddDays(-1)
		}
		periods = append(periods, Period{First: day, Last: maxDate, Verdict: v})
	}
	return periods
}

// GBCSPeriods returns the periods in which a GBCS version applies, in the form of
// [Checker.Periods]. Each verdict has a GBCS finding only. For a version of
// another family it returns one period with the reason bad-version.
func (c Checker) GBCSPeriods(gbcs Spec) []Period {
	return c.periods(func(day Date) Verdict { return c.decide(Finding{}, c.gbcsFinding(gbcs, day), Finding{}) })
}

func (c Checker) gbcsFinding(gbcs Spec, on Date) Finding {
	if gbcs.Family != GBCS {
		return Finding{Reason: BadVersion}
	}
	return c.judge(gbcs, "", on)
}

// Reading is the finding on a version in one reading of the history, which is
// the history with some of the amendments in doubt and without the others.
type Reading struct {
	Spec    Spec
	With    []string // the amendments in doubt that are in force in this reading
	Without []string // the amendments in doubt that are not
	Finding Finding
}

// readings returns the readings behind the findings of an installation: those
// for its TS version, then those for the GBCS version that was judged. A version
// without an amendment in doubt has one reading, for each scope that the device
// may have.
func (c Checker) readings(i Installation) []Reading {
	if i.unjudgeable() != 0 {
		return nil
	}
	readings := c.readingsOf(i.Spec, i.Scope, i.On)
	if gbcs := c.judgeGBCS(i).Window.Spec; gbcs.Version != "" {
		readings = append(readings, c.readingsOf(gbcs, "", i.On)...)
	}
	return readings
}

func (c Checker) readingsOf(spec Spec, scope string, on Date) []Reading {
	v, ok := c.History.record().versions[spec]
	if !ok {
		return []Reading{{Spec: spec, Finding: c.judge(spec, scope, on)}}
	}
	asAt := c.asAt(on)
	lines := []timeline[reading]{v.general}
	if line, known := c.History.record().timelineOf(v, scope, asAt); known {
		lines[0] = line
	} else {
		for _, scoped := range v.scopes {
			if !scoped.from.After(asAt) {
				lines = append(lines, scoped.line)
			}
		}
	}
	var readings []Reading
	for _, line := range lines {
		seg := line.at(asAt)
		for choice := range seg.readings {
			r := Reading{Spec: spec, Finding: seg.readings[choice].judge(on, c)}
			r.With, r.Without = seg.chosen(choice)
			readings = append(readings, r)
		}
	}
	return readings
}
