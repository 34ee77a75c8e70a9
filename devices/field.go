// Package devices reads inventories of smart metering devices, puts each device
// to the rules, and writes the answers beside what came in.
package devices

import (
	"fmt"
	"strings"
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
