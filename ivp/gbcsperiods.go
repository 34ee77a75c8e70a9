package ivp

// GBCSPeriods returns, as [Checker.Periods] does for a device, what is found of
// a version of GBCS by itself: whether it applies on each day there is. Nothing
// is asked but that, so each verdict's GBCS finding is the only one. A version
// of another family cannot be asked about: bad-version on every day.
func (c Checker) GBCSPeriods(gbcs Spec) []Period {
	var periods []Period
	for _, day := range c.History.record().breaks {
		v := decide(Finding{}, c.gbcsFinding(gbcs, day), Finding{})
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

func (c *Checker) gbcsFinding(gbcs Spec, on Date) Finding {
	if gbcs.Family != GBCS {
		return Finding{Reason: BadVersion}
	}
	return c.judge(gbcs, "", on)
}
