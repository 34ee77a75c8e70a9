package devices

import (
	"github.com/mp196/ivp/ivp"
)

// readSpec reads the version of a technical specification; blank is none.
func readSpec(text string, t ivp.DeviceType) (ivp.Spec, error) {
	if isBlank(text) {
		return ivp.Spec{}, nil
	}
	spec, err := ParseTSVersion(text, t)
	if err != nil {
		return ivp.UnreadableSpec(), err
	}
	return spec, nil
}

// readGBCS reads a version of GBCS; blank is none.
func readGBCS(text string) (ivp.Spec, error) {
	if isBlank(text) {
		return ivp.Spec{}, nil
	}
	spec, err := ParseGBCSVersion(text)
	if err != nil {
		return ivp.UnreadableSpec(), err
	}
	return spec, nil
}

// ParseTSVersion reads the version of a technical specification. One without a
// family takes it from the device type. It fails on a version of GBCS too.
func ParseTSVersion(text string, t ivp.DeviceType) (ivp.Spec, error) {
	spec, err := ivp.ParseSpec(text, t.BareFamily())
	if err != nil {
		return ivp.Spec{}, refusedVersion(text, err)
	}
	if spec.Family == ivp.GBCS {
		return ivp.Spec{}, &ivp.SpecError{Text: text, Want: "a version of SMETS or CHTS", Hint: "a GBCS version belongs in the GBCS column"}
	}
	return spec, nil
}

// ParseGBCSVersion reads a version of GBCS, with or without the family. It
// fails on a version of another family.
func ParseGBCSVersion(text string) (ivp.Spec, error) {
	spec, err := ivp.ParseSpec(text, ivp.GBCS)
	if err != nil {
		return ivp.Spec{}, refusedVersion(text, err)
	}
	if spec.Family != ivp.GBCS {
		return ivp.Spec{}, &ivp.SpecError{Text: text, Want: "a version of GBCS such as 3.2", Hint: "a SMETS or CHTS version belongs in the version column"}
	}
	return spec, nil
}
