package ivp

import "math/bits"

// unanimity combines the findings of several readings: an answer is given only
// if all of them give it. The zero value has no finding yet.
type unanimity struct {
	checker Checker // its terms say when a window closes
	shown   Finding
	doubts  int // how many amendments in doubt the finding shown takes
	any     bool
	differ  bool
	assumed bool
}

// add takes one more finding, which takes so many amendments in doubt.
func (u *unanimity) add(f Finding, doubts int) {
	u.assumed = u.assumed || f.Assumed
	switch {
	case !u.any:
		u.shown, u.doubts, u.any = f, doubts, true
	case f.outcome() != u.shown.outcome():
		u.differ = true
	case u.nearer(f, doubts):
		u.shown, u.doubts = f, doubts
	}
}

// nearer reports whether f is nearer to the opposite answer than the finding
// shown, which has the same outcome: for eligible the window that closes first,
// for not eligible the latest end, for undetermined the fewest amendments in
// doubt.
func (u *unanimity) nearer(f Finding, doubts int) bool {
	switch f.outcome() {
	case Eligible:
		return u.checker.closesBefore(f.Window, u.shown.Window)
	case NotEligible:
		return u.checker.compareClosing(f.Window, u.shown.Window) > 0
	}
	return doubts < u.doubts
}

// finding returns the finding on which all agree. ok is false if they differ.
func (u *unanimity) finding() (f Finding, ok bool) {
	f = u.shown
	f.Assumed = u.assumed && f.outcome() == Eligible
	return f, !u.differ
}

// unanimous combines what judge finds in each reading of a segment. Where the
// outcomes differ the finding is unsettled and names the amendment in doubt.
func unanimous[R any](c Checker, s *segment[R], judge func(*R) Finding) Finding {
	if len(s.readings) == 1 {
		return judge(&s.readings[0])
	}
	all := unanimity{checker: c}
	for choice := range s.readings {
		all.add(judge(&s.readings[choice]), bits.OnesCount(uint(choice)))
	}
	f, ok := all.finding()
	if ok {
		return f
	}
	return Finding{Reason: Unsettled, Window: Window{Spec: f.Window.Spec, Scope: f.Window.Scope, Amendment: culprit(s, judge)}}
}

// culprit returns the first amendment in doubt that changes the outcome.
func culprit[R any](s *segment[R], judge func(*R) Finding) string {
	for i, id := range s.doubtful {
		for choice := range s.readings {
			if choice>>i&1 == 1 {
				continue
			}
			if judge(&s.readings[choice]).outcome() != judge(&s.readings[choice|1<<i]).outcome() {
				return id
			}
		}
	}
	return ""
}

// Unanimous combines the verdicts that the checker gave for several readings of
// the evidence: an answer is given only if every reading gives it. ok is false
// where the outcomes differ, and where there is no verdict. Otherwise place is
// the index of the verdict that is shown for all, the one nearest to the
// opposite answer.
func (c Checker) Unanimous(verdicts []Verdict) (place int, ok bool) {
	all := unanimity{checker: c}
	for i, v := range verdicts {
		before := all.shown
		all.add(Finding{Reason: v.Reason, Window: v.Window}, 0)
		if all.shown != before {
			place = i
		}
	}
	return place, all.any && !all.differ
}
