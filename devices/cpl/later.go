package cpl

import (
	"cmp"
	"slices"

	"github.com/mp196/ivp/devices"
)

// Later returns the Current entries of the same manufacturer, model and hardware
// as the entry whose firmware is later than its own, in the order of firmware
// and, where two have the same, of their numbers. That an entry is returned
// does not say that a device can be upgraded to its firmware.
func (l *List) Later(e devices.CatalogueEntry) []devices.CatalogueEntry {
	of := normalModel(e.Model)
	var later []devices.CatalogueEntry
	for _, i := range l.byManufacturer[of.Manufacturer] {
		other := &l.entries[i]
		if !other.Removed && sameHardware(&of, &other.Model) && compareFirmware(other.Model.Firmware, of.Firmware) > 0 {
			later = append(later, other.CatalogueEntry)
		}
	}
	slices.SortStableFunc(later, func(a, b devices.CatalogueEntry) int {
		return compareFirmware(a.Model.Firmware, b.Model.Firmware)
	})
	return later
}

func sameHardware(a, b *devices.DeviceModel) bool {
	return a.Model == b.Model && hardware(a) == hardware(b)
}

// compareFirmware orders hexadecimal numbers by their size.
func compareFirmware(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
