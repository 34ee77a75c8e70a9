package devices

import (
	"slices"
	"strings"
)

// ColumnOptions says how headings are mapped to fields. The zero value maps
// them by their names alone, and needs a version and an installation date.
type ColumnOptions struct {
	// Map names a heading for a field; it wins over the headings that mean the
	// field.
	Map map[Field]string
	// OnGiven says that the installation day is given for every row: the date
	// column is neither needed nor read.
	OnGiven bool
	// ScopeGiven says the same of the scope.
	ScopeGiven bool
	// CPL says that a Central Products List is joined: no version is needed,
	// and what names a model is judged.
	CPL bool
	// Waivers says that waivers may name models.
	Waivers bool
	// Stock says that the location and the cost of a device are read.
	Stock bool
	// Recheck replaces the ivp_ columns that the input already carries.
	Recheck bool
	// Dates says how installation dates are written.
	Dates DateFormat
	// Values says, for a field, what a cell means that is written so: for
	// DeviceType "Elec Meter" means "ESME". Cells are compared without case and
	// outer spaces. Dates are not so translated.
	Values map[Field]map[string]string
	// Lenient maps what can be mapped and faults nothing: for a preview.
	Lenient bool
}

// judged reports whether an answer may depend on the field.
func (o ColumnOptions) judged(f Field) bool {
	switch f {
	case DeviceType, Spec, GBCS:
		return true
	case InstallDate:
		return !o.OnGiven
	case Scope:
		return !o.ScopeGiven
	case Location, UnitCost:
		return o.Stock
	case Model, ModelHardware:
		return o.CPL || o.Waivers
	case Manufacturer, HardwareVersion, HardwareRevision, Firmware:
		return o.CPL
	}
	return false
}

// needed reports whether there is no judging without the field.
func (o ColumnOptions) needed(f Field) bool {
	return f == Spec && !o.CPL || f == InstallDate && !o.OnGiven || f == Manufacturer && o.CPL
}

// read reports whether the field is read at all.
func (o ColumnOptions) read(f Field) bool {
	switch f {
	case InstallDate, Scope, Location, UnitCost:
		return o.judged(f)
	}
	return true
}

// Columns are the columns of an inventory. The zero value has none. Make it
// with [MapColumns].
type Columns struct {
	headings []string
	places   [fieldEnd]int // one more than the index; 0 where there is no column
	dropped  []int
	manner   manner
}

// MapColumns finds the column of each field by its heading. The error is a
// *[MappingError] that names every fault.
func MapColumns(headings []string, opts ColumnOptions) (Columns, error) {
	c := Columns{headings: slices.Clone(headings), manner: newManner(opts)}
	fault := &MappingError{Headings: c.headings}
	for i, heading := range headings {
		if isAdded(heading) {
			c.dropped = append(c.dropped, i)
		}
	}
	if !opts.Recheck {
		for _, i := range c.dropped {
			fault.Added = append(fault.Added, headings[i])
		}
		c.dropped = nil
	}
	for _, f := range Fields() {
		if opts.read(f) {
			c.mapField(f, opts, fault)
		}
	}
	if opts.CPL && c.Index(Model) < 0 && c.Index(ModelHardware) < 0 && len(fault.NotFound) == 0 && len(fault.Twice) == 0 {
		fault.Missing = append(fault.Missing, Model)
	}
	if fault.any() && !opts.Lenient {
		return Columns{}, fault
	}
	return c, nil
}

// isAdded reports whether a heading is one of ours.
func isAdded(heading string) bool {
	return strings.HasPrefix(strings.ToLower(strings.Trim(heading, " \t\ufeff")), "ivp_")
}

func (c *Columns) mapField(f Field, opts ColumnOptions, fault *MappingError) {
	wanted, mapped := opts.Map[f]
	var found []int
	for i, heading := range c.headings {
		if isAdded(heading) {
			continue
		}
		if mapped && normal(heading) == normal(wanted) || !mapped && f.isHeading(heading) && !opts.claimed(heading) {
			found = append(found, i)
		}
	}
	switch {
	case mapped && len(found) == 0:
		fault.NotFound = append(fault.NotFound, Mapping{f, wanted})
	case len(found) == 0 && opts.needed(f):
		fault.Missing = append(fault.Missing, f)
	case len(found) > 1 && (mapped || opts.judged(f)):
		fault.Twice = append(fault.Twice, Duplicate{f, c.named(found)})
		if opts.Lenient {
			c.places[f] = found[0] + 1
		}
	case len(found) > 0:
		c.places[f] = found[0] + 1
	}
}

// claimed reports whether the heading is mapped to a field by name; it then
// means no other.
func (o ColumnOptions) claimed(heading string) bool {
	for _, wanted := range o.Map {
		if normal(wanted) == normal(heading) {
			return true
		}
	}
	return false
}

func (c *Columns) named(places []int) []string {
	var names []string
	for _, i := range places {
		names = append(names, c.headings[i])
	}
	return names
}

// Headings returns the headings as they came. The caller must not change them.
func (c Columns) Headings() []string { return c.headings }

// Width returns the number of columns.
func (c Columns) Width() int { return len(c.headings) }

// Index returns the place of the field's column, from 0, and -1 where no
// column holds it.
func (c Columns) Index(f Field) int {
	if f == 0 || f >= fieldEnd {
		return -1
	}
	return c.places[f] - 1
}

// Dropped returns the places of old ivp_ columns that ours replace, ascending.
// The caller must not change them.
func (c Columns) Dropped() []int { return c.dropped }

// Device returns the device of a row. It needs as many cells as there are
// columns.
func (c Columns) Device(cells []string) Device {
	var r record
	for _, f := range Fields() {
		if i := c.Index(f); i >= 0 {
			*r.cell(f) = cells[i]
		}
	}
	return r.device(&c.manner)
}
