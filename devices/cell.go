package devices

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// readType reads a device type; blank is none.
func readType(text string) (ivp.DeviceType, error) { return ivp.ParseDeviceType(text) }

// readSpec reads the version of a technical specification; blank is none.
func readSpec(text string, t ivp.DeviceType) (ivp.Spec, error) {
	if strings.TrimSpace(text) == "" {
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
	if strings.TrimSpace(text) == "" {
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
		return ivp.Spec{}, err
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
		return ivp.Spec{}, err
	}
	if spec.Family != ivp.GBCS {
		return ivp.Spec{}, &ivp.SpecError{Text: text, Want: "a version of GBCS such as 3.2", Hint: "a SMETS or CHTS version belongs in the version column"}
	}
	return spec, nil
}

// timeOfDay is what may follow a date: T or a space, then a time.
var timeOfDay = regexp.MustCompile(`^[T ]([01]\d|2[0-4]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?( ?Z|[+-]\d\d:?\d\d)?$`)

// readDate reads an installation day; blank is none. Of a date with a time the
// date is taken as it is written.
func readDate(text string) (ivp.Date, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return ivp.Date{}, nil
	}
	date, rest := trimmed, ""
	if len(trimmed) > 10 {
		date, rest = trimmed[:10], trimmed[10:]
	}
	day, err := ivp.ParseDate(date)
	if err != nil {
		return ivp.UnreadableDate(), dateError(trimmed, dateHint(trimmed))
	}
	if rest != "" && !timeOfDay.MatchString(rest) {
		return ivp.UnreadableDate(), dateError(trimmed, "after the date only a time may stand, as in 2022-04-27T09:30")
	}
	return day, nil
}

func dateError(text, hint string) error {
	const most = 60
	if len(text) > most {
		text = text[:most] + "…"
	}
	msg := fmt.Sprintf("%q is not a date: want YYYY-MM-DD", text)
	if hint != "" {
		msg += "; " + hint
	}
	return errors.New(msg)
}

var isoShape = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}`)

// dateHint says what may have happened.
func dateHint(text string) string {
	if isoShape.MatchString(text) {
		return "no calendar has that day"
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && n > 20000 && n < 80000 {
		return "a spreadsheet's day number? format the column as a date and save it again"
	}
	return ""
}
