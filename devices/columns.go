package devices

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// ColumnOptions says how headings are mapped to fields. The zero value maps
// them by their names alone, and needs a version and an installation date.
type ColumnOptions struct {
	// Map names the column of a field: by its heading, or by its number from 1 as
	// in "#3", or, if no heading is so, by its letters as in "AB". It wins over the
	// headings that mean the field. "#0" leaves the field out: no column is read
	// for it.
	Map map[Field]string
	// FirstColumn is how many columns of a sheet stand before the first, which the
	// letters of columns count.
	FirstColumn int
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
	// Dates says how installation dates are written. Where it is nil,
	// [Reader.DecideDates] decides it from the whole column; until
	// [Reader.SetDates] is called only ISO dates are read.
	Dates *DateFormat
	// Values says, for a field, what a cell means that is written so: for
	// DeviceType "Elec Meter" means "ESME". Cells are compared without case and
	// outer spaces. Dates are not so translated.
	Values map[Field]map[string]string
	// Lenient maps what can be mapped and faults nothing: for a preview.
	Lenient bool
}

// Judges reports whether an answer may depend on the field.
func (o ColumnOptions) Judges(f Field) bool {
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

// Needs reports whether nothing can be judged without the field.
func (o ColumnOptions) Needs(f Field) bool {
	return f == Spec && !o.CPL || f == InstallDate && !o.OnGiven || f == Manufacturer && o.CPL
}

// Reads reports whether the field is read at all.
func (o ColumnOptions) Reads(f Field) bool {
	switch f {
	case InstallDate, Scope, Location, UnitCost:
		return o.Judges(f)
	}
	return true
}

// Columns are the columns of an inventory. The zero value has none. Make it
// with [MapColumns].
type Columns struct {
	headings []string
	first    int           // FirstColumn of the options
	places   [fieldEnd]int // one more than the index; 0 where there is no column
	dropped  []int
	manner   manner
	// notJudged are the fields that NotJudged returns.
	notJudged []Field
}

// MapColumns finds the column of each field by its heading. The error is a
// *[MappingError] that names every fault.
func MapColumns(headings []string, opts ColumnOptions) (Columns, error) {
	c := Columns{headings: slices.Clone(headings), first: opts.FirstColumn, manner: newManner(opts)}
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
	found := c.findFields(opts)
	for _, f := range Fields() {
		if opts.Reads(f) {
			c.mapField(f, opts, found[f], fault)
		}
	}
	if opts.CPL && c.Index(Model) < 0 && c.Index(ModelHardware) < 0 && len(fault.NotFound) == 0 && len(fault.Twice) == 0 {
		fault.Missing = append(fault.Missing, Model)
	}
	for _, f := range []Field{DeviceType, GBCS, Scope} {
		if opts.Judges(f) && c.Index(f) < 0 && (f == Scope || !opts.CPL) {
			c.notJudged = append(c.notJudged, f)
		}
	}
	if fault.columns = c; fault.any() && !opts.Lenient {
		return Columns{}, fault
	}
	return c, nil
}

// isAdded reports whether a heading is one of ours.
func isAdded(heading string) bool {
	return strings.HasPrefix(strings.ToLower(strings.Trim(heading, " \t\ufeff")), "ivp_")
}

// leftOut names no column in [ColumnOptions.Map].
const leftOut = "#0"

// findFields returns the places of the columns that may hold each field: those
// that the options name for it, or else those whose headings mean it. A column
// that is named for a field means no other.
func (c *Columns) findFields(opts ColumnOptions) map[Field][]int {
	found := map[Field][]int{}
	named := map[int]bool{}
	for f, wanted := range opts.Map {
		found[f] = c.find(wanted)
		for _, i := range found[f] {
			named[i] = true
		}
	}
	for i, heading := range c.headings {
		f := fieldOfHeading(heading)
		if _, mapped := opts.Map[f]; f != 0 && !mapped && !named[i] && !isAdded(heading) {
			found[f] = append(found[f], i)
		}
	}
	return found
}

// find returns the places of the columns that a text names: that of its number,
// those headed exactly so, or else those whose headings are compared as the same,
// or else that of its letters. A column of ours is never among them.
func (c *Columns) find(wanted string) []int {
	if n, numbered := columnNumber(wanted); numbered {
		if n < 1 || n > len(c.headings) || isAdded(c.headings[n-1]) {
			return nil
		}
		return []int{n - 1}
	}
	var exact, alike []int
	for i, heading := range c.headings {
		switch {
		case isAdded(heading):
		case heading == wanted:
			exact = append(exact, i)
		case SameHeading(heading, wanted):
			alike = append(alike, i)
		}
	}
	switch i := columnOfLetters(wanted) - c.first; {
	case len(exact) > 0:
		return exact
	case len(alike) == 0 && i >= 0 && i < len(c.headings) && !isAdded(c.headings[i]):
		return []int{i}
	}
	return alike
}

// columnOfLetters returns the place, from 0, of a column that is named as a
// spreadsheet names it, such as "AB"; -1 for any other text.
func columnOfLetters(text string) int {
	n := 0
	for _, r := range text {
		if r < 'A' || r > 'Z' || len(text) > 3 {
			return -1
		}
		n = 26*n + int(r-'A') + 1
	}
	return n - 1
}

// columnNumber reads a column's number, such as "#3".
func columnNumber(text string) (n int, ok bool) {
	digits, ok := strings.CutPrefix(text, "#")
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && strconv.Itoa(n) == digits && n >= 0
}

// longestName is how long a heading may be that names its column in a message.
const longestName = 100

// Name returns what names the column at a place in [ColumnOptions.Map]: its
// heading, or its number where the heading names another column too, is blank or
// long, or holds what does not show.
func (c Columns) Name(place int) string {
	heading := c.headings[place]
	unfit := strings.TrimSpace(heading) == "" || len(heading) > longestName ||
		strings.ContainsFunc(heading, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar })
	if unfit {
		return fmt.Sprintf("#%d", place+1)
	}
	if places := c.find(c.headings[place]); len(places) == 1 && places[0] == place {
		return c.headings[place]
	}
	return fmt.Sprintf("#%d", place+1)
}

func (c *Columns) mapField(f Field, opts ColumnOptions, found []int, fault *MappingError) {
	wanted, mapped := opts.Map[f]
	switch {
	case len(found) == 0 && mapped && wanted != leftOut:
		fault.NotFound = append(fault.NotFound, Mapping{f, wanted})
	case len(found) == 0 && opts.Needs(f):
		fault.Missing = append(fault.Missing, f)
	case len(found) > 1 && (mapped || opts.Judges(f)):
		fault.Twice = append(fault.Twice, Duplicate{f, c.named(found)})
		if opts.Lenient {
			c.places[f] = found[0] + 1
		}
	case len(found) > 0:
		c.places[f] = found[0] + 1
	}
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

// NotJudged returns the fields on which answers may depend, and that are judged
// nowhere for want of a column: of the device type, the GBCS version and the
// scope. A field whose value is given for every row, or that a Central Products
// List gives, is not among them.
func (c Columns) NotJudged() []Field { return c.notJudged }

// Dropped returns the places of old ivp_ columns that ours replace, ascending.
// The caller must not change them.
func (c Columns) Dropped() []int { return c.dropped }

// Device returns the device of a row. It needs as many cells as there are
// columns.
func (c Columns) Device(cells []string) Device {
	var r record
	for _, f := range Fields() {
		if i := c.Index(f); i >= 0 {
			*r.cell(f) = readable(cells[i])
		}
	}
	return r.device(&c.manner)
}

// mostOfCell is how many bytes a cell may have that is read: nothing that can be
// read is as long.
const mostOfCell = 4 << 10

// readable returns a cell, and of one that is too long the beginning, with a mark by
// which it cannot be read as anything else.
func readable(cell string) string {
	if len(cell) <= mostOfCell {
		return cell
	}
	if cell = strings.TrimSpace(cell); len(cell) <= mostOfCell {
		return cell
	}
	return cell[:mostOfCell] + " […]"
}

// manner is how cells are understood.
type manner struct {
	dates  DateFormat
	values map[Field]map[string]string // by the cell without case and outer spaces
}

func newManner(opts ColumnOptions) manner {
	m := manner{values: map[Field]map[string]string{}}
	if opts.Dates != nil {
		m.dates = *opts.Dates
	}
	for f, meanings := range opts.Values {
		m.values[f] = map[string]string{}
		for cell, meaning := range meanings {
			m.values[f][cellName(cell)] = meaning
		}
	}
	return m
}

func cellName(cell string) string { return strings.ToLower(strings.TrimSpace(cell)) }

// translate puts what cells mean in their place.
func (m *manner) translate(r *record) {
	for f, meanings := range m.values {
		if meaning, ok := meanings[cellName(*r.cell(f))]; ok {
			*r.cell(f) = meaning
		}
	}
}

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
