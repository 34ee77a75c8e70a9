package ivp

// GBCSPeriods returns, as [Checker.Periods] does for a device, what is found of
// a version of GBCS by itself: whether it applies on each day there is. Nothing
// is asked but that, so each verdict's GBCS finding is the only one. A version
// of another family cannot be asked about: bad-version on every day.
func (c Checker) GBCSPeriods(gbcs Spec) []Period {
	return c.periods(func(day Date) Verdict { return c.decide(Finding{}, c.gbcsFinding(gbcs, day), Finding{}) })
}

func (c Checker) gbcsFinding(gbcs Spec, on Date) Finding {
	if gbcs.Family != GBCS {
		return Finding{Reason: BadVersion}
	}
	return c.judge(gbcs, "", on)
}
