package cpl

import (
	"strings"

	"github.com/mp196/ivp/devices"
)

var _ devices.Catalogue = (*List)(nil)

var modelNoise = strings.NewReplacer(":", "", " ", "", "\t", "", "\u00a0", "")

// Normal returns a part of a model as it is compared: in capitals, without
// colons and spaces. Leading zeros count: 00 is not 0.
func Normal(part string) string { return strings.ToUpper(modelNoise.Replace(part)) }

func normalModel(m devices.DeviceModel) devices.DeviceModel {
	return devices.DeviceModel{
		Manufacturer: Normal(m.Manufacturer), Model: Normal(m.Model), HardwareVersion: Normal(m.HardwareVersion),
		HardwareRevision: Normal(m.HardwareRevision), ModelHardware: Normal(m.ModelHardware), Firmware: Normal(m.Firmware),
	}
}

func (l *List) index() {
	l.byManufacturer = map[string][]int{}
	for i, e := range l.entries {
		maker := e.Model.Manufacturer
		l.byManufacturer[maker] = append(l.byManufacturer[maker], i)
	}
}

// Find returns every entry that fits the model, Current and Removed, in the
// order of their numbers. The parts are compared as [Normal] has them. A blank
// part fits all, but without a manufacturer, and without a model or the model
// joined with its hardware, nothing is found. The model may also stand as one
// with the hardware where the model is asked for, and the hardware's version as
// one with its revision.
//
// Damaged rows are not searched: ask [List.Damage] first.
func (l *List) Find(m devices.DeviceModel) []devices.CatalogueEntry {
	want := normalModel(m)
	if want.Manufacturer == "" || want.Model == "" && want.ModelHardware == "" {
		return nil
	}
	var found []devices.CatalogueEntry
	for _, i := range l.byManufacturer[want.Manufacturer] {
		if e := &l.entries[i]; fits(want, &e.Model) {
			found = append(found, e.CatalogueEntry)
		}
	}
	return found
}

func fits(want devices.DeviceModel, m *devices.DeviceModel) bool {
	return fitsPart(want.Model, m.Model, m.ModelHardware) &&
		fitsPart(want.HardwareVersion, m.HardwareVersion, hardware(m)) &&
		fitsPart(want.HardwareRevision, m.HardwareRevision, "") &&
		fitsPart(want.ModelHardware, m.ModelHardware, "") &&
		fitsPart(want.Firmware, m.Firmware, "")
}

// fitsPart reports whether a part that is asked for is blank or one of the two
// forms that an entry has of it.
func fitsPart(want, part, joined string) bool {
	return want == "" || want == part || want == joined
}

func hardware(m *devices.DeviceModel) string { return m.HardwareVersion + m.HardwareRevision }
