package ivp

// Finding is what was found of one thing that was asked: the TS version, the
// GBCS version, or the pair. The zero value says that it was not asked.
type Finding struct {
	Reason Reason
	Window Window
	// Assumed is set where the finding is eligible only because an end that is
	// not on record was taken to be open.
	Assumed bool
}

// Asked reports whether the question was put at all.
func (f Finding) Asked() bool { return f.Reason != 0 }

// weight orders findings for deciding: not eligible outweighs undetermined,
// undetermined outweighs eligible, and what was not asked weighs nothing.
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
