package ivp

// Period is a run of installation days with one verdict, both ends included.
type Period struct {
	First   Date
	Last    Date
	Verdict Verdict
}

// Periods returns the verdict of every installation day there is, as the
// fewest periods: in order, without a gap, from [MinDate] to [MaxDate]. The
// day of i does not count. For each day the verdict is what [Checker.Check]
// gives.
func (c Checker) Periods(i Installation) []Period {
	return c.periods(func(day Date) Verdict {
		i.On = day
		return c.Check(i)
	})
}

// periods joins the days on which the verdict is the same: it can change on the
// record's break days alone.
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
