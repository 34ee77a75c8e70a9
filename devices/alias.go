package devices

import (
	"strings"
	"sync"
)

// aliases are the headings that mean a field, besides its own name. A heading
// that could mean something else is none: "Version" alone stands on the
// Central Products List for its edition, and DateCommissioned is no
// installation date.
var aliases = [fieldEnd][]string{
	DeviceID:         {"Device ID", "GUID", "EUI64", "MSN"},
	DeviceType:       {"Device Type", "Device_Type.name"},
	Spec:             {"SMETS Version", "SMETSCHTSVersion", "SMETS_CHTS Version.Version_number_and_effective_date", "SMETS CHTS Version", "CHTS Version", "Spec Version", "Technical Specification", "Technical Specification Version"},
	GBCS:             {"GBCS Version", "GBCS Version.version_number", "DeviceGBCSVersion"},
	Manufacturer:     {"Device Manufacturer", "Device_Model.manufacturer_identifier", "Manufacturer Identifier"},
	Model:            {"Device Model", "Device_Model.model_identifier", "Model Identifier"},
	HardwareVersion:  {"Device_Model.hardware_version.version"},
	HardwareRevision: {"Device_Model.hardware_version.revision"},
	ModelHardware:    {"Device_Model.model_identifier_concatenated_with_hardware_version"},
	Firmware:         {"Firmware Version", "Device Firmware Version", "Device_Model.firmware_version"},
	InstallDate:      {"Installation Date", "Install Date", "Installed Date", "Planned Install Date", "Planned Installation Date", "Date Installed"},
	Scope:            {},
	EntryStatus:      {"Entry.status"},
	Location:         {"Site", "Depot", "Warehouse", "Store"},
	UnitCost:         {"Cost", "Unit Price", "Price"},
}

// Aliases returns the headings that mean the field, its own name first.
func (f Field) Aliases() []string {
	if f == 0 || f >= fieldEnd {
		return nil
	}
	return append([]string{f.String()}, aliases[f]...)
}

// headingFields gives, for a heading as it is compared, the field that it means.
var headingFields = sync.OnceValue(func() map[string]Field {
	meant := map[string]Field{}
	for _, f := range Fields() {
		for _, alias := range f.Aliases() {
			meant[normal(alias)] = f
		}
	}
	return meant
})

// fieldOfHeading returns the field that a heading means, 0 where it means none.
func fieldOfHeading(heading string) Field { return headingFields()[normal(heading)] }

var headingNoise = strings.NewReplacer(" ", "", "\u00a0", "", "\t", "", "_", "", "-", "", ".", "", "/", "", "\ufeff", "")

// SameHeading reports whether two headings are compared as one: without case,
// spaces, _ - . / and a byte order mark.
func SameHeading(a, b string) bool { return normal(a) == normal(b) }

// normal is a heading as it is compared.
func normal(heading string) string { return headingNoise.Replace(strings.ToLower(heading)) }
