package ivp

import (
	"fmt"
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
