package devices

import (
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Catalogue tells which version a device model holds. The Central Products
// List is one; the judge asks it where one is joined.
type Catalogue interface {
	// Find returns every entry that fits the model, in the order of their
	// numbers. A blank part of the model fits all.
	Find(m DeviceModel) []CatalogueEntry
	// Later returns the entries of the same manufacturer, model and hardware
	// as the entry whose firmware is later than its own, in the order of
	// firmware.
	Later(e CatalogueEntry) []CatalogueEntry
}

// DeviceModel is what names a device model, as it is written in an inventory. The
// model and its hardware may be given apart or, in ModelHardware, as one.
type DeviceModel struct {
	Manufacturer     string
	Model            string
	HardwareVersion  string
	HardwareRevision string
	ModelHardware    string
	Firmware         string
}

// String names the model, as far as it is given.
func (m DeviceModel) String() string {
	var parts []string
	for _, part := range [...]struct{ name, value string }{
		{"manufacturer", m.Manufacturer}, {"model", m.Model}, {"hardware", m.HardwareVersion}, {"revision", m.HardwareRevision},
		{"model and hardware", m.ModelHardware}, {"firmware", m.Firmware},
	} {
		if strings.TrimSpace(part.value) != "" {
			parts = append(parts, part.name+" "+strings.TrimSpace(part.value))
		}
	}
	if len(parts) == 0 {
		return "a device whose model is not given"
	}
	return strings.Join(parts, ", ")
}

// CatalogueEntry is one entry of a catalogue.
type CatalogueEntry struct {
	// Number is the entry's number, as the catalogue writes it.
	Number string
	// Removed says that the entry is no longer on the list.
	Removed bool
	Type    ivp.DeviceType
	Spec    ivp.Spec
	GBCS    ivp.Spec
	// Model is as the catalogue writes it.
	Model DeviceModel
}
