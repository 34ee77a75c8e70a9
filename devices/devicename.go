package devices

import "strings"

// DeviceName returns what tells a person which row this is: the device's id, or
// else its model, or else the row's first cell; "" for a row that could not be
// split into cells.
func (c Columns) DeviceName(row Row) string {
	for _, f := range []Field{DeviceID, Model, ModelHardware} {
		if i := c.Index(f); i >= 0 && i < len(row.Cells) && strings.TrimSpace(row.Cells[i]) != "" {
			return row.Cells[i]
		}
	}
	if len(row.Cells) > 0 {
		return row.Cells[0]
	}
	return ""
}
