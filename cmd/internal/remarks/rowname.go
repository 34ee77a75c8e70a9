package remarks

import (
	"github.com/mp196/ivp/cmd/internal/words"
	"github.com/mp196/ivp/devices"
)

// RowName returns what tells a person which device a row is of, or else the row
// as it came, in one line of a readable length. It holds nothing of the row's own
// memory.
func RowName(columns devices.Columns, row devices.Row) string {
	if len(row.Cells) == 0 {
		return words.Clipped(string(row.Raw))
	}
	return words.Clipped(columns.DeviceName(row))
}
