package report

import (
	"strings"

	"github.com/mp196/ivp/devices"
)

// deviceName is what tells a person which row this is: the device's id, or else
// its model, or else the row's first cell; "" for a row that could not be split
// into cells.
func deviceName(columns devices.Columns, row devices.Row) string {
	for _, f := range []devices.Field{devices.DeviceID, devices.Model, devices.ModelHardware} {
		if i := columns.Index(f); i >= 0 && i < len(row.Cells) && strings.TrimSpace(row.Cells[i]) != "" {
			return row.Cells[i]
		}
	}
	if len(row.Cells) > 0 {
		return row.Cells[0]
	}
	return ""
}
