package ivp

import "math/bits"

// unanimity combines the findings of several readings, or of several ways to
// fill a blank cell: an answer stands only if all of them give it.
// The zero value has heard none.
type unanimity struct {
	shown   Finding
	doubts  int // perhaps-amendments that the finding shown rests on
	heard   bool
	differ  bool
	assumed bool
}

// add hears one more finding, which rests on so many amendments in doubt.
func (u *unanimity) add(f Finding, doubts int) {
	u.assumed = u.assumed || f.Assumed
	switch {
	case !u.heard:
		u.shown, u.doubts, u.heard = f, doubts, true
	case f.Reason.Outcome() != u.shown.Reason.Outcome():
		u.differ = true
	case nearer(f, doubts, u.shown, u.doubts):
		u.shown, u.doubts = f, doubts
	}
}

// finding returns the finding on which all agree, as the one nearest to the
// opposite answer shows it, or unsettled where they do not agree.
func (u *unanimity) finding() Finding {
	if u.differ {
		return Finding{Reason: Unsettled, Window: Window{Spec: u.shown.Window.Spec, Scope: u.shown.Window.Scope}}
	}
	f := u.shown
	f.Assumed = u.assumed
	return f
}

// nearer reports whether f is nearer to the opposite answer than g, which has
// the same outcome: for eligible the earliest dated end, for not eligible the
// latest end, for undetermined the fewest amendments in doubt.
func nearer(f Finding, fDoubts int, g Finding, gDoubts int) bool {
	switch f.Reason.Outcome() {
	case Eligible:
		return closesBefore(f.Window, g.Window)
	case NotEligible:
		return closesBefore(g.Window, f.Window)
	}
	return fDoubts < gDoubts
}

// Unanimous combines the verdicts of several readings of the evidence: an
// answer stands only if every reading gives it. ok is false where the outcomes
// differ, and where there is no verdict. Otherwise place is that of the verdict
// which stands for all, the one nearest to the opposite answer.
func Unanimous(verdicts []Verdict) (place int, ok bool) {
	var all unanimity
	for i, v := range verdicts {
		before := all.shown
		all.add(Finding{Reason: v.Reason, Window: v.Window}, 0)
		if all.shown != before {
			place = i
		}
	}
	return place, all.heard && !all.differ
}

// unanimous judges the day by every reading of a segment.
func (s *segment) unanimous(on Date, c *Checker) Finding {
	if len(s.readings) == 1 {
		return s.readings[0].judge(on, c)
	}
	var all unanimity
	for choice := range s.readings {
		all.add(s.readings[choice].judge(on, c), bits.OnesCount(uint(choice)))
	}
	f := all.finding()
	if f.Reason == Unsettled {
		f.Window.Amendment = s.culprit(on, c)
	}
	return f
}

// culprit returns the first amendment in doubt on which the outcome turns.
func (s *segment) culprit(on Date, c *Checker) string {
	for i, id := range s.doubtful {
		for choice := range s.readings {
			if choice>>i&1 == 1 {
				continue
			}
			without := s.readings[choice].judge(on, c)
			with := s.readings[choice|1<<i].judge(on, c)
			if with.Reason.Outcome() != without.Reason.Outcome() {
				return id
			}
		}
	}
	return ""
}
