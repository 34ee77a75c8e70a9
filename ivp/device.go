package ivp

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// DeviceType is a kind of device, named by its DUIS code or by its name on the
// Central Products List. The zero value means that no type was given.
type DeviceType uint8

// The device types of DUIS and of the Central Products List.
const (
	// ESME is electricity metering equipment of any of the next three types.
	ESME DeviceType = iota + 1
	SingleElement
	TwinElement
	Polyphase
	// SAPC is a standalone auxiliary proportional controller; the Central
	// Products List enters it as single element.
	SAPC
	GSME
	// CommunicationsHub is one box with a CHF and a GPF in it.
	CommunicationsHub
	CHF
	GPF
	HCALCS
	PPMID
	IHD
	CAD
	// UnknownType means that a type was given that this package does not know.
	UnknownType
)

// typeFact is a row of the table of device types. kinds are the types under
// which permitted pairs list the type.
type typeFact struct {
	code   string
	name   string
	family Family
	kinds  kindSet
}

// kindSet is a set of device types as bits.
type kindSet uint32

func kinds(types ...DeviceType) (set kindSet) {
	for _, t := range types {
		set |= 1 << t
	}
	return set
}

var typeFacts = [...]typeFact{
	ESME:              {"ESME", "Electricity Smart Metering Equipment", SMETS, kinds(SingleElement, TwinElement, Polyphase)},
	SingleElement:     {"", "Single Element Electricity Metering Equipment", SMETS, kinds(SingleElement)},
	TwinElement:       {"", "Twin Element Electricity Metering Equipment", SMETS, kinds(TwinElement)},
	Polyphase:         {"", "Polyphase Electricity Metering Equipment", SMETS, kinds(Polyphase)},
	SAPC:              {"SAPC", "Standalone Auxiliary Proportional Controller", SMETS, kinds(SingleElement)},
	GSME:              {"GSME", "Gas Smart Meter", SMETS, kinds(GSME)},
	CommunicationsHub: {"", "Communications Hub", CHTS, kinds(CommunicationsHub)},
	CHF:               {"CHF", "Communications Hub Function", CHTS, kinds(CommunicationsHub)},
	GPF:               {"GPF", "Gas Proxy Function", CHTS, kinds(CommunicationsHub)},
	HCALCS:            {"HCALCS", "HAN Connected Auxiliary Load Control Switch", SMETS, kinds(HCALCS)},
	PPMID:             {"PPMID", "Pre-Payment Interface Device", SMETS, kinds(PPMID)},
	IHD:               {"IHD", "In-Home Display", 0, kinds(IHD)},
	CAD:               {"CAD", "Consumer Access Device", 0, kinds(CAD)},
	UnknownType:       {"", "unknown", 0, 0},
}

func (t DeviceType) fact() typeFact {
	if int(t) < len(typeFacts) {
		return typeFacts[t]
	}
	return typeFact{}
}

// DeviceTypes returns every device type except [UnknownType], in the order of
// the constants.
func DeviceTypes() []DeviceType {
	all := make([]DeviceType, 0, UnknownType-1)
	for t := ESME; t < UnknownType; t++ {
		all = append(all, t)
	}
	return all
}

// ParseDeviceType reads a DUIS code or a name of the Central Products List. It
// ignores case and outer spaces. For empty text it returns 0 and no error, for
// any other text [UnknownType] and an error that lists the known types.
func ParseDeviceType(text string) (DeviceType, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return 0, nil
	}
	for t := ESME; t < UnknownType; t++ {
		fact := typeFacts[t]
		if strings.EqualFold(trimmed, fact.code) || strings.EqualFold(trimmed, fact.name) {
			return t, nil
		}
	}
	return UnknownType, typeError{text}
}

// typeError is the error of a text that is no device type. What it says is put
// together when it is shown.
type typeError struct{ text string }

// Error names the text and the types.
func (e typeError) Error() string {
	return fmt.Sprintf("%q is not a device type: want one of %s", clip(e.text), strings.Join(typeNames(), ", "))
}

func (e typeError) Unwrap() error { return ErrUnknownType }

func typeNames() []string {
	var names []string
	for _, t := range DeviceTypes() {
		names = append(names, t.String())
	}
	return names
}

// String returns the DUIS code or, for a type without a code, the name on the
// Central Products List. It returns "" for the zero value.
func (t DeviceType) String() string {
	if code := t.fact().code; code != "" {
		return code
	}
	return t.fact().name
}

// Name returns the full name of the type, "" for the zero value.
func (t DeviceType) Name() string { return t.fact().name }

// BareFamily returns the family of a version that is written without one on a
// device of this type: CHTS for hubs, SMETS for meters, HCALCS and PPMID, none
// for other types.
func (t DeviceType) BareFamily() Family { return t.fact().family }

// MarshalText returns what String returns; it never fails.
func (t DeviceType) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads a type as [ParseDeviceType] does.
func (t *DeviceType) UnmarshalText(text []byte) error {
	parsed, err := ParseDeviceType(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}

// Pair permits devices of a type to have a version of a technical specification
// together with a version of GBCS, from the in-force day of its amendment. GBCS
// 0.0 is the mark that SECAS uses for "SMETS1: no GBCS".
type Pair struct {
	Type DeviceType
	Spec Spec
	GBCS Spec
	// Remove withdraws the pair from the in-force day of its amendment.
	Remove bool
}

// PermittedPair is a pair of the Tables on one day.
type PermittedPair struct {
	Pair
	// Amendment is the id of the amendment that permits the pair.
	Amendment string
	// Perhaps is true if not every reading of the history permits the pair on
	// that day.
	Perhaps bool
}

// PermittedPairs returns the pairs that are, or may be, permitted on a day,
// sorted by TS version, then by GBCS version. If an amendment has withdrawn a
// part of a pair, such as one of the three types of ESME, the result has a pair
// for each type that remains.
func (h History) PermittedPairs(asAt Date) []PermittedPair {
	var all []PermittedPair
	r := h.record()
	for _, spec := range slices.SortedFunc(maps.Keys(r.pairLines), CompareSpecs) {
		seg := r.pairLines[spec].at(asAt)
		readingsOf := map[Pair]int{}
		first := len(all)
		for n := range seg.readings {
			for _, p := range seg.readings[n].pairs(spec) {
				if readingsOf[p.Pair] == 0 {
					all = append(all, p)
				}
				readingsOf[p.Pair]++
			}
		}
		for n := range all[first:] {
			all[first+n].Perhaps = readingsOf[all[first+n].Pair] < len(seg.readings)
		}
	}
	return all
}

// pairs returns the pairs that a reading permits: a whole pair as its amendment
// gives it, a part of one as a pair for each type.
func (p *pairReading) pairs(spec Spec) (all []PermittedPair) {
	for _, fit := range p.permitted {
		types := []DeviceType{fit.as}
		if fit.as.fact().kinds != fit.kinds {
			types = slices.DeleteFunc(DeviceTypes(), func(t DeviceType) bool {
				return t.fact().kinds != kinds(t) || fit.kinds&kinds(t) == 0
			})
		}
		for _, t := range types {
			all = append(all, PermittedPair{Pair: Pair{Type: t, Spec: spec, GBCS: fit.gbcs}, Amendment: fit.by})
		}
	}
	return all
}

// pairReading is the pairs of one TS version in one reading of the history. It
// keeps the withdrawn pairs, because a version whose pairs were all withdrawn is
// judged differently from a version that has no pair on record.
type pairReading struct {
	permitted []pairFit // sorted by GBCS version, then in the order of the history
	withdrawn []pairFit // in the order of the history
}

// pairFit is a pair, or the part of it that remains, for some kinds of device.
type pairFit struct {
	as    DeviceType // the type that the amendment gives
	kinds kindSet
	gbcs  Spec
	by    string // the amendment that permitted or withdrew it
	place int    // in the order of the history
}

// mentions reports whether the reading has a pair, permitted or withdrawn.
func (p *pairReading) mentions() bool { return len(p.permitted)+len(p.withdrawn) > 0 }

// pairFold accumulates the pairs of one TS version in the order of the history.
// The zero value has none.
type pairFold struct {
	versions map[Spec]*pairReading // by GBCS version
	count    int
}

// of returns the result of the pairs so far for a GBCS version.
func (f *pairFold) of(gbcs Spec) *pairReading {
	if f.versions == nil {
		f.versions = map[Spec]*pairReading{}
	}
	if f.versions[gbcs] == nil {
		f.versions[gbcs] = &pairReading{}
	}
	return f.versions[gbcs]
}

// apply permits or withdraws a pair. A pair that is permitted already keeps the
// amendment that first permitted it.
func (f *pairFold) apply(a *Amendment, pair *Pair) {
	p := f.of(pair.GBCS)
	fit := pairFit{as: pair.Type, kinds: pair.Type.fact().kinds, gbcs: pair.GBCS, by: a.ID, place: f.count}
	f.count++
	from, to := &p.withdrawn, &p.permitted
	if pair.Remove {
		from, to = to, from
	}
	for _, other := range *to {
		fit.kinds &^= other.kinds
	}
	for i := range *from {
		(*from)[i].kinds &^= fit.kinds
	}
	*from = slices.DeleteFunc(*from, func(f pairFit) bool { return f.kinds == 0 })
	if fit.kinds != 0 {
		*to = append(*to, fit)
	}
}

// reading returns the result of the pairs so far.
func (f *pairFold) reading() (all pairReading) {
	for _, p := range f.versions {
		all.permitted = append(all.permitted, p.permitted...)
		all.withdrawn = append(all.withdrawn, p.withdrawn...)
	}
	slices.SortFunc(all.permitted, func(a, b pairFit) int { return cmp.Or(CompareSpecs(a.gbcs, b.gbcs), a.place-b.place) })
	slices.SortFunc(all.withdrawn, func(a, b pairFit) int { return a.place - b.place })
	return all
}

// judge finds whether type, TS version and GBCS version go together, in this
// reading. A blank type or GBCS version fits every pair. The finding is zero if
// the version has no pair on record and its family goes with the type.
func (p *pairReading) judge(spec Spec, t DeviceType, gbcs Spec) Finding {
	if !p.mentions() {
		if t != 0 && t.BareFamily() != spec.Family {
			return Finding{Reason: UnlistedPair}
		}
		return Finding{}
	}
	for _, fit := range p.permitted {
		if fit.fits(t, gbcs) {
			return Finding{Reason: WithinPeriod, Window: Window{Amendment: fit.by}}
		}
	}
	f := Finding{Reason: UnlistedPair}
	for _, fit := range p.withdrawn {
		if fit.fits(t, gbcs) {
			f.Window.Amendment = fit.by
		}
	}
	return f
}

// fits reports whether the pair fits the type and the GBCS version given. A
// blank fits every pair.
func (p *pairFit) fits(t DeviceType, gbcs Spec) bool {
	if t != 0 && p.kinds&t.fact().kinds == 0 {
		return false
	}
	return gbcs.IsZero() || gbcs == p.gbcs
}

// newPairLines returns a timeline of the pairs of every TS version that has
// pairs.
func newPairLines(amendments []Amendment) map[Spec]timeline[pairReading] {
	type addition struct {
		amendment *Amendment
		pair      *Pair
	}
	additions := map[Spec][]addition{}
	for n := range amendments {
		a := &amendments[n]
		for i := range a.Pairs {
			p := &a.Pairs[i]
			additions[p.Spec] = append(additions[p.Spec], addition{a, p})
		}
	}
	lines := make(map[Spec]timeline[pairReading], len(additions))
	for spec, all := range additions {
		touching := amendmentsOf(all, func(one addition) *Amendment { return one.amendment })
		lines[spec] = newTimeline(touching, func(inForce func(*Amendment) bool) pairReading {
			var f pairFold
			for _, one := range all {
				if inForce(one.amendment) {
					f.apply(one.amendment, one.pair)
				}
			}
			return f.reading()
		})
	}
	return lines
}
