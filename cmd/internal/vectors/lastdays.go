package vectors

import (
	"bytes"
	"encoding/csv"
	"fmt"
)

// LastDays are devices on the last days that matter most, with the answers that
// every way to the rules must give, by the law of each device's day. They are
// written by hand from the record: SMETS2 v2.0 and v3.1 may be installed up to
// and including 27 April 2023 (MP196), with a GBCS version and without, with a
// type and without; of SMETS2 v4.2 with GBCS v3.2 the last day for which a source
// vouches is 21 September 2022.
func LastDays() File {
	f := File{Name: "last-days"}
	add := func(kind, spec, gbcs, day string, want Answer) {
		f.Devices = append(f.Devices, Device{fmt.Sprintf("L%03d", len(f.Devices)+1), kind, spec, gbcs, day, "", want})
	}
	within := Answer{"eligible", "within-period", "2023-04-27", "MP196"}
	after := Answer{"not_eligible", "after-end", "2023-04-27", "MP196"}
	vouched := Answer{"eligible", "within-period", "", "SEC-6.21"}
	beyond := Answer{"undetermined", "beyond-record", "", "SEC-6.21"}
	for _, kind := range []string{"ESME", "GSME", ""} {
		for _, version := range []struct{ spec, gbcs string }{{"SMETS2 v2.0", "1.1"}, {"SMETS2 v2.0", ""}, {"SMETS2 v3.1", "2.0"}, {"SMETS2 v3.1", "2.1"}, {"SMETS2 v3.1", ""}} {
			add(kind, version.spec, version.gbcs, "2023-04-26", within)
			add(kind, version.spec, version.gbcs, "2023-04-27", within)
			add(kind, version.spec, version.gbcs, "2023-04-28", after)
		}
		for _, gbcs := range []string{"3.2", ""} {
			add(kind, "SMETS2 v4.2", gbcs, "2022-09-20", vouched)
			add(kind, "SMETS2 v4.2", gbcs, "2022-09-21", vouched)
			add(kind, "SMETS2 v4.2", gbcs, "2022-09-22", beyond)
		}
	}
	f.Text = f.inventory()
	return f
}

// inventory writes the devices in the canonical columns.
func (f File) inventory() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"device_id", "device_type", "spec", "gbcs", "install_date", "scope"}) // writing to memory does not fail
	for _, d := range f.Devices {
		_ = w.Write([]string{d.ID, d.DeviceType, d.Spec, d.GBCS, d.InstallDate, d.Scope})
	}
	w.Flush()
	return b.Bytes()
}
