package devices

import (
	"fmt"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Device is one row of an inventory, typed. The zero value is a device of
// which nothing was given.
type Device struct {
	// What is not judged by itself, as it is written.
	ID, Manufacturer, Model, HardwareVersion, HardwareRevision, ModelHardware, Firmware, EntryStatus string

	// Location and UnitCost are of stock, as they are written; [ParsePence] reads
	// the cost.
	Location, UnitCost string

	// Installation is what is judged. A blank cell gives the zero value, and
	// one that cannot be read the mark of package ivp for that.
	ivp.Installation

	// Moved is the installation date as it is written, if it is a time that falls
	// on another day in Great Britain than the one written; else it is empty.
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

// Unwrap returns the error underneath.
func (f CellFault) Unwrap() error { return f.Err }

// faultText says a fault as it follows a sentence: a row's fault without its
// place, which stands beside it.
func faultText(err error) string {
	if row, ok := err.(*RowFault); ok {
		return row.problem() + "."
	}
	return err.Error() + "."
}

// record is a row's cells by field, before they are read.
type record struct {
	DeviceID         string
	DeviceType       string
	Spec             string
	GBCS             string
	Manufacturer     string
	Model            string
	HardwareVersion  string
	HardwareRevision string
	ModelHardware    string
	Firmware         string
	InstallDate      string
	Scope            string
	EntryStatus      string
	Location         string
	UnitCost         string
}

// cell returns the cell of a field.
func (r *record) cell(f Field) *string {
	return [fieldEnd]*string{
		DeviceID: &r.DeviceID, DeviceType: &r.DeviceType, Spec: &r.Spec, GBCS: &r.GBCS, Manufacturer: &r.Manufacturer,
		Model: &r.Model, HardwareVersion: &r.HardwareVersion, HardwareRevision: &r.HardwareRevision,
		ModelHardware: &r.ModelHardware, Firmware: &r.Firmware, InstallDate: &r.InstallDate, Scope: &r.Scope,
		EntryStatus: &r.EntryStatus, Location: &r.Location, UnitCost: &r.UnitCost,
	}[f]
}

// device reads the cells.
func (r *record) device(how *manner) Device {
	how.translate(r)
	d := Device{
		ID: r.DeviceID, Manufacturer: r.Manufacturer, Model: r.Model, HardwareVersion: r.HardwareVersion,
		HardwareRevision: r.HardwareRevision, ModelHardware: r.ModelHardware, Firmware: r.Firmware, EntryStatus: r.EntryStatus,
		Location: r.Location, UnitCost: r.UnitCost,
	}
	fault := func(f Field, err error) {
		if err != nil {
			d.Faults = append(d.Faults, CellFault{f, *r.cell(f), err})
		}
	}
	var err error
	d.Type, err = ParseDeviceType(r.DeviceType)
	fault(DeviceType, err)
	d.Installation.Spec, err = readSpec(r.Spec, d.Type)
	fault(Spec, err)
	d.Installation.GBCS, err = readGBCS(r.GBCS)
	fault(GBCS, err)
	on := readDate(r.InstallDate, how.dates)
	fault(InstallDate, on.err(r.InstallDate, how.dates))
	if d.On = on.day; on.moved {
		d.Moved = strings.TrimSpace(r.InstallDate)
	}
	d.Installation.Scope = r.Scope
	return d
}
