package config

import (
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// readable reports why a judged field could not be read from text. Blank text
// is a blank cell, which every field may have.
func readable(field devices.Field, text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	var err error
	switch field {
	case devices.DeviceType:
		_, err = devices.ParseDeviceType(text)
	case devices.Spec:
		// A bare version takes its family from each row's device type, so it is
		// enough that one kind of device can have it.
		if _, err = devices.ParseTSVersion(text, ivp.ESME); err != nil {
			if _, hub := devices.ParseTSVersion(text, ivp.CHF); hub == nil {
				return nil
			}
		}
	case devices.GBCS:
		_, err = devices.ParseGBCSVersion(text)
	}
	return err
}
