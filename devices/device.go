package devices

import (
	"fmt"
	"strings"

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
