package devices

import (
	"fmt"

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
