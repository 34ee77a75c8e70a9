package ivp

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// DeviceType is a kind of device, by its DUIS code or its name on the Central
// Products List. The zero value says that no type was given.
type DeviceType uint8

// The device types of DUIS and of the Central Products List.
const (
	// ESME is electricity metering equipment of any of its three kinds.
	ESME DeviceType = iota + 1
	SingleElement
	TwinElement
	Polyphase
	// SAPC is a standalone auxiliary proportional controller; the Central
	// Products List enters it as single element.
	SAPC
	GSME
	// CommunicationsHub is the box that holds a CHF and a GPF.
	CommunicationsHub
	CHF
	GPF
	HCALCS
	PPMID
	IHD
	CAD
	// UnknownType says that a type was given that we do not know.
	UnknownType
)

// typeFact is what is known of one device type. kinds are the types under
// which the record's pairs list it.
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

// DeviceTypes returns every device type we know, in the order of the
// constants.
func DeviceTypes() []DeviceType {
	all := make([]DeviceType, 0, UnknownType-1)
	for t := ESME; t < UnknownType; t++ {
		all = append(all, t)
	}
	return all
}

// ParseDeviceType reads a DUIS code or a name of the Central Products List,
// without regard to case or outer spaces. Empty text is no type and no error;
// text that we do not know gives [UnknownType] and an error that lists what we
// do.
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
	return UnknownType, fmt.Errorf("%q is not a device type: want one of %s", clip(text), strings.Join(typeNames(), ", "))
}

func typeNames() []string {
	var names []string
	for _, t := range DeviceTypes() {
		names = append(names, t.String())
	}
	return names
}

// String returns the DUIS code, or the name on the Central Products List for
// a type that has no code of its own; "" for none.
func (t DeviceType) String() string {
	if code := t.fact().code; code != "" {
		return code
	}
	return t.fact().name
}

// Name returns the type's name in full, "" for none.
func (t DeviceType) Name() string { return t.fact().name }

// BareFamily returns the family that a version without one belongs to on a
// device of this type: CHTS for hubs, SMETS for meters, HCALCS and PPMID, none
// for the rest.
func (t DeviceType) BareFamily() Family { return t.fact().family }

// MarshalText returns what String returns; it never fails.
func (t DeviceType) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what [ParseDeviceType] reads, and fails where it fails.
func (t *DeviceType) UnmarshalText(text []byte) error {
	parsed, err := ParseDeviceType(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}

// Pair says that devices of a type may hold a version of a technical
// specification together with a version of GBCS. GBCS 0.0 is SECAS's mark for
// "SMETS1: no GBCS". A pair is permitted from the in-force day of the amendment
// that holds it.
type Pair struct {
	Type DeviceType
	Spec Spec
	GBCS Spec
	// Remove withdraws the pair: from the amendment's in-force day it is no
	// longer permitted.
	Remove bool
}

// PermittedPair is a pair of the tables on one day.
type PermittedPair struct {
	Pair
	// Amendment permits the pair.
	Amendment string
	// Perhaps says that some reading of the record permits the pair on that day
	// and some other does not.
	Perhaps bool
}

// PermittedPairs returns the pairs that are, or may be, permitted on a day, by
// TS version, then by GBCS version. A pair of which an amendment has withdrawn
// a part, such as one of the three types of ESME, is returned for each type
// that is left.
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

// pairs returns the pairs of a reading, as they were written where they are
// whole.
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

// pairReading is what one reading of the record says of the pairs of one TS
// version. Withdrawn pairs are kept: a version whose pairs were all withdrawn
// is not one without pairs on record.
type pairReading struct {
	permitted []pairFit // by GBCS version, then in record order
	withdrawn []pairFit // in record order
}

// pairFit is a pair, or what is left of one: the kinds of device that it is for.
type pairFit struct {
	as    DeviceType // the type as it was written
	kinds kindSet
	gbcs  Spec
	by    string // the amendment that permitted or withdrew it
	place int    // in record order
}

// mentions reports whether the reading has any pair of the version.
func (p *pairReading) mentions() bool { return len(p.permitted)+len(p.withdrawn) > 0 }

// pairFold reads the pairs of one TS version in record order. The zero value has
// read none.
type pairFold struct {
	versions map[Spec]*pairReading // by GBCS version
	read     int
}

// of returns what the pairs with a GBCS version amount to.
func (f *pairFold) of(gbcs Spec) *pairReading {
	if f.versions == nil {
		f.versions = map[Spec]*pairReading{}
	}
	if f.versions[gbcs] == nil {
		f.versions[gbcs] = &pairReading{}
	}
	return f.versions[gbcs]
}

// apply adds or withdraws a pair. A pair that is permitted already stays with
// the amendment that permitted it.
func (f *pairFold) apply(a *Amendment, pair *Pair) {
	p := f.of(pair.GBCS)
	fit := pairFit{pair.Type, pair.Type.fact().kinds, pair.GBCS, a.ID, f.read}
	f.read++
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

// reading returns what the pairs read so far amount to.
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

// fits reports whether the pair may be what is given: a blank type or GBCS
// fits all.
func (p *pairFit) fits(t DeviceType, gbcs Spec) bool {
	if t != 0 && p.kinds&t.fact().kinds == 0 {
		return false
	}
	return gbcs.IsZero() || gbcs == p.gbcs
}

// newPairLines works out the pairs of every TS version that has some.
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
