package ivp

// Finding is the result for one part of the question: the TS version, the GBCS
// version, or the pair. The zero value says that this part was not judged.
type Finding struct {
	Reason Reason
	Window Window
	// Assumed is set where the finding is eligible only because an end that is
	// not on record was taken to be open.
	Assumed bool
}

// Asked reports whether this part of the question was judged.
func (f Finding) Asked() bool { return f.Reason != 0 }

// outcome returns the outcome of the reason; what was not judged rules nothing
// out.
func (f Finding) outcome() Outcome {
	if f.Reason == 0 {
		return Eligible
	}
	return f.Reason.Outcome()
}

// weight orders findings for deciding: not eligible outweighs undetermined,
// undetermined outweighs eligible, and what was not judged weighs nothing.
func (f Finding) weight() int {
	if !f.Asked() {
		return 0
	}
	switch f.Reason.Outcome() {
	case NotEligible:
		return 3
	case Undetermined:
		return 2
	}
	return 1
}

// closing returns the day on which a window closes: that of a dated end, or for
// an end not on record the last day confirmed. ok is false for a window that
// never closes, because its end is open or taken to be.
func (c Checker) closing(w Window) (day Date, ok bool) {
	if w.To.Kind == Dated || w.To.Kind == NotOnRecord && !c.AssumeOpen {
		return w.To.Day, true
	}
	return Date{}, false
}

// compareClosing returns a negative number if w closes before v, and a positive
// one if it closes after v.
func (c Checker) compareClosing(w, v Window) int {
	wDay, wCloses := c.closing(w)
	vDay, vCloses := c.closing(v)
	switch {
	case wCloses && vCloses:
		return wDay.Compare(vDay)
	case wCloses:
		return -1
	case vCloses:
		return 1
	}
	return 0
}

// closesBefore reports whether w closes before v. Of two that close on one day
// the one with a dated end comes first.
func (c Checker) closesBefore(w, v Window) bool {
	n := c.compareClosing(w, v)
	return n < 0 || n == 0 && w.To.Kind == Dated && v.To.Kind != Dated
}
