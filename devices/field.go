// Package devices reads inventories of smart metering devices, puts each device
// to the rules, and writes the answers beside what came in.
package devices

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
)

// Field is one of the canonical columns of an inventory. The zero value is
// none.
type Field uint8

// The canonical fields.
const (
	DeviceID Field = iota + 1
	DeviceType
	Spec
	GBCS
	Manufacturer
	Model
	HardwareVersion
	HardwareRevision
	ModelHardware
	Firmware
	InstallDate
	Scope
	// EntryStatus is read only to count the rows that a Central Products List,
	// read as an inventory, marks Removed.
	EntryStatus
	// Location and UnitCost are of stock: where a device lies, and what it cost,
	// in pounds. They are read only where [ColumnOptions.Stock] asks for them.
	Location
	UnitCost
	fieldEnd
)

var fieldNames = [fieldEnd]string{
	DeviceID: "device_id", DeviceType: "device_type", Spec: "spec", GBCS: "gbcs", Manufacturer: "manufacturer",
	Model: "model", HardwareVersion: "hardware_version", HardwareRevision: "hardware_revision",
	ModelHardware: "model_hardware", Firmware: "firmware", InstallDate: "install_date", Scope: "scope",
	EntryStatus: "entry_status", Location: "location", UnitCost: "unit_cost",
}

// Fields returns every field, in the order of the constants.
func Fields() []Field {
	all := make([]Field, 0, fieldEnd-1)
	for f := DeviceID; f < fieldEnd; f++ {
		all = append(all, f)
	}
	return all
}

// String returns the field's canonical name, such as "install_date"; "" for
// none.
func (f Field) String() string {
	if f < fieldEnd {
		return fieldNames[f]
	}
	return fmt.Sprintf("Field(%d)", uint8(f))
}

// ParseField reads a canonical name. It fails on any other text.
func ParseField(name string) (Field, error) {
	var names []string
	for _, f := range Fields() {
		if f.String() == name {
			return f, nil
		}
		names = append(names, f.String())
	}
	return 0, fmt.Errorf("%q is no field: want one of %s", name, strings.Join(names, ", "))
}

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

// SameHeading reports whether two headings are compared as one: without case,
// spaces of any kind, line breaks, _ - . / and what does not show, such as a byte
// order mark.
func SameHeading(a, b string) bool { return normal(a) == normal(b) }

// normal is a heading as it is compared.
func normal(heading string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-./", r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, heading)
}
