package devices

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/mp196/ivp/ivp"
)

// typeSpellings are the ways in which people write device types, besides the
// DUIS code and the name on the Central Products List. Each means one type
// alone. The letters that some write after ESME are its variant, on which no
// answer depends.
var typeSpellings = map[ivp.DeviceType][]string{
	ivp.ESME: {
		"Electricity Meter", "Electric Meter", "Elec Meter", "Smart Electricity Meter", "Smart Electric Meter",
		"Electricity Smart Meter", "Electric Smart Meter", "Electricity Metering Equipment",
		"ESME (A)", "ESME (B)", "ESME (C)", "ESME (D)", "ESME (AD)", "ESME (AE)", "ESME (ADE)", "ESME (BD)", "ESME (BE)", "ESME (BDE)", "ESME (CD)", "ESME (CE)", "ESME (CDE)",
	},
	ivp.SingleElement: {"Single Element", "Single Element ESME", "Single Element Meter", "Single Element Electricity Meter", "ESME Single Element"},
	ivp.TwinElement:   {"Twin Element", "Twin Element ESME", "Twin Element Meter", "Twin Element Electricity Meter", "ESME Twin Element"},
	ivp.Polyphase:     {"Polyphase", "Polyphase ESME", "Polyphase Meter", "Polyphase Electricity Meter", "ESME Polyphase"},
	ivp.SAPC:          {"Standalone APC"},
	ivp.GSME:          {"Gas Meter", "Smart Gas Meter", "Gas Smart Metering Equipment", "Gas Metering Equipment"},
	ivp.CommunicationsHub: {
		"Comms Hub", "Comm Hub", "Communication Hub", "CH", "Smart Comms Hub",
		"Single Band CH", "Single Band Comms Hub", "Single Band Communications Hub", "SBCH",
		"Dual Band CH", "Dual Band Comms Hub", "Dual Band Communications Hub", "DBCH", "4G CH", "4G Comms Hub", "4G Communications Hub",
	},
	ivp.CHF:    {"Comms Hub Function", "Communication Hub Function"},
	ivp.HCALCS: {"ALCS", "HAN Connected ALCS", "Auxiliary Load Control Switch"},
	ivp.PPMID:  {"Prepayment Meter Interface Device", "Prepayment Interface"},
	ivp.IHD:    {"In Home Display Unit"},
}

// TypeSpellings returns the ways to write a device type that are read: its code
// and its name first. They are compared by their letters and digits alone,
// without case.
func TypeSpellings(t ivp.DeviceType) []string {
	all := append([]string{t.String(), t.Name()}, typeSpellings[t]...)
	return slices.Compact(all)
}

// typesBySpelling gives, for a spelling as it is compared, the device type.
var typesBySpelling = sync.OnceValue(func() map[string]ivp.DeviceType {
	types := map[string]ivp.DeviceType{}
	for _, t := range ivp.DeviceTypes() {
		for _, written := range TypeSpellings(t) {
			types[lettersAndDigits(written)] = t
		}
	}
	return types
})

func lettersAndDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// ParseDeviceType reads a device type as people write it: see [TypeSpellings].
// Blank text is no type and no error. Other text gives [ivp.UnknownType] and an
// error that lists the types.
func ParseDeviceType(text string) (ivp.DeviceType, error) {
	if isBlank(text) {
		return 0, nil
	}
	if t, known := typesBySpelling()[lettersAndDigits(text)]; known {
		return t, nil
	}
	return ivp.ParseDeviceType(text)
}

// isBlank reports whether the text of a version, a GBCS version or a device type
// is none: it is empty, or says so.
func isBlank(text string) bool {
	switch strings.ToUpper(strings.TrimSpace(text)) {
	case "", "NONE", "N/A", "-":
		return true
	}
	return false
}
