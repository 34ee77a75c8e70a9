package ivp

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
