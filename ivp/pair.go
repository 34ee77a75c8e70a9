package ivp

// Pair says that devices of a type may hold a version of a technical
// specification together with a version of GBCS. GBCS 0.0 is SECAS's mark for
// "SMETS1: no GBCS". A pair carries no dates of its own: the windows of its
// two versions do.
type Pair struct {
	Type DeviceType
	Spec Spec
	GBCS Spec
}

// pairFit is a pair as it is asked: the kinds it is listed for, and its GBCS.
type pairFit struct {
	kinds kindSet
	gbcs  Spec
}

// fits reports whether the pair may be what is given: a blank type or GBCS
// fits all.
func (p pairFit) fits(t DeviceType, gbcs Spec) bool {
	if t != 0 && p.kinds&t.fact().kinds == 0 {
		return false
	}
	return gbcs.IsZero() || gbcs == p.gbcs
}
