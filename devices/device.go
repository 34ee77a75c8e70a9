package devices

import (
	"fmt"
	"strings"
	"sync"
	"unicode"

	"github.com/mp196/ivp/ivp"
)

// Device is one row of an inventory. In the zero value every cell is blank.
type Device struct {
	// The texts of cells that identify the device, as they are written. They are not
	// judged by themselves.
	ID, Manufacturer, Model, HardwareVersion, HardwareRevision, ModelHardware, Firmware, EntryStatus string

	// Location and UnitCost of a device in stock, as they are written. [ParsePence]
	// reads the cost.
	Location, UnitCost string

	// Installation is what is judged. A blank cell gives the zero value, and a cell
	// that cannot be read [ivp.UnreadableSpec], [ivp.UnreadableDate] or
	// [ivp.UnknownType].
	ivp.Installation

	// Moved is the installation date as it is written, if it is a time with a zone
	// that falls on another day in Great Britain than the one written. Otherwise it
	// is empty.
	Moved string

	// Faults has a fault for each cell that could not be read.
	Faults []CellFault
}

// CellFault is the error of a cell that could not be read.
type CellFault struct {
	Field Field
	Value string // as it is written
	Err   error  // what was expected, and what to do
}

// Error names the field, the value, what was expected and what to do.
func (f CellFault) Error() string { return fmt.Sprintf("%s: %v", f.Field, f.Err) }

// Unwrap returns Err.
func (f CellFault) Unwrap() error { return f.Err }

// faultText returns a fault as a sentence, without the line number of a row, which
// is shown beside it.
func faultText(err error) string {
	if row, ok := err.(*RowFault); ok {
		return row.problem() + "."
	}
	return err.Error() + "."
}

// record is the cells of a row by field, before they are read.
type record [fieldEnd]string

// device reads the cells into a Device.
func (r *record) device(options *cellOptions) Device {
	options.translate(r)
	d := Device{
		ID: r[DeviceID], Manufacturer: r[Manufacturer], Model: r[Model], HardwareVersion: r[HardwareVersion],
		HardwareRevision: r[HardwareRevision], ModelHardware: r[ModelHardware], Firmware: r[Firmware], EntryStatus: r[EntryStatus],
		Location: r[Location], UnitCost: r[UnitCost],
	}
	fault := func(f Field, err error) {
		if err != nil {
			d.Faults = append(d.Faults, CellFault{f, r[f], err})
		}
	}
	var err error
	d.Type, err = ParseDeviceType(r[DeviceType])
	fault(DeviceType, err)
	d.Installation.Spec, err = readSpec(r[Spec], d.Type)
	fault(Spec, err)
	d.Installation.GBCS, err = readGBCS(r[GBCS])
	fault(GBCS, err)
	on := readDate(r[InstallDate], options.dates)
	fault(InstallDate, on.err(r[InstallDate], options.dates))
	if d.On = on.day; on.moved {
		d.Moved = strings.TrimSpace(r[InstallDate])
	}
	d.Installation.Scope = r[Scope]
	return d
}

// Field is one of the canonical columns of an inventory. The zero value is no
// field.
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
	// EntryStatus is the status of an entry of a Central Products List that is read
	// as an inventory. It is not judged: rows marked Removed are counted.
	EntryStatus
	// Location and UnitCost are where a device in stock is kept, and its cost in
	// pounds. They are read only with [ColumnOptions.Stock].
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

// String returns the field's canonical name, such as "install_date", or "" for
// the zero value.
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
	return 0, fmt.Errorf("%q is not a field: want one of %s", name, strings.Join(names, ", "))
}

// aliases are the headings that mean a field, besides its own name. Ambiguous
// headings are not aliases: "Version" alone is the list's edition in the Central
// Products List, and DateCommissioned is not the installation date.
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

// headingFields maps normalised headings to fields.
var headingFields = sync.OnceValue(func() map[string]Field {
	meant := map[string]Field{}
	for _, f := range Fields() {
		for _, alias := range f.Aliases() {
			meant[normal(alias)] = f
		}
	}
	return meant
})

// fieldOfHeading returns the field that a heading means, or 0.
func fieldOfHeading(heading string) Field { return headingFields()[normal(heading)] }

// SameHeading reports whether two headings are equal, ignoring case, white space,
// the characters _ - . / and invisible characters such as a byte order mark.
func SameHeading(a, b string) bool { return normal(a) == normal(b) }

// normal returns a heading in the form in which headings are compared.
func normal(heading string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-./", r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, heading)
}
