package devices

import "strings"

// record is a row's cells by field, before they are read.
type record struct {
	DeviceID         string `csv:"device_id"`
	DeviceType       string `csv:"device_type"`
	Spec             string `csv:"spec"`
	GBCS             string `csv:"gbcs"`
	Manufacturer     string `csv:"manufacturer"`
	Model            string `csv:"model"`
	HardwareVersion  string `csv:"hardware_version"`
	HardwareRevision string `csv:"hardware_revision"`
	ModelHardware    string `csv:"model_hardware"`
	Firmware         string `csv:"firmware"`
	InstallDate      string `csv:"install_date"`
	Scope            string `csv:"scope"`
	EntryStatus      string `csv:"entry_status"`
	Location         string `csv:"location"`
	UnitCost         string `csv:"unit_cost"`
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
