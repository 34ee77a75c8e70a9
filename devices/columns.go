package devices

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// ColumnOptions says how headings are mapped to fields. The zero value maps them by
// [Field.Aliases], and requires a version and an installation date.
type ColumnOptions struct {
	// Map names the column of a field: by its heading, by its number from 1, such as
	// "#3", or, if no column has that heading, by its letters, such as "AB". It takes
	// precedence over the aliases of the field. With "#0" no column is read for the
	// field.
	Map map[Field]string
	// FirstColumn is the number of columns of a sheet before the first one that is
	// read. The letters in Map count them too.
	FirstColumn int
	// OnGiven says that [Judge.On] is set: the date column is neither required nor
	// read.
	OnGiven bool
	// ScopeGiven says that [Judge.ScopeGiven] is set: the scope column is not read.
	ScopeGiven bool
	// CPL says that [Judge.Catalogue] is set: no version is required, and the columns
	// of the model are judged.
	CPL bool
	// Waivers says that waivers may name models.
	Waivers bool
	// Stock says that Location and UnitCost are read.
	Stock bool
	// Recheck replaces the ivp_ columns of an earlier check. Without it they are an
	// error.
	Recheck bool
	// Dates is the format of the installation dates. If it is nil,
	// [Reader.DecideDates] decides it from the whole column, and only ISO dates are
	// read until [Reader.SetDates] is called.
	Dates *DateFormat
	// Values translates cells of a field: "Elec Meter" of DeviceType to "ESME". Cells
	// are compared without case and outer spaces. Dates are not translated.
	Values map[Field]map[string]string
	// Lenient maps the columns that it can, and reports no error. It is for a preview.
	Lenient bool
}

// Judges reports whether answers may depend on the field.
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

// Needs reports whether the field is required.
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

// Columns are the columns of an inventory, from [MapColumns]. The zero value has no
// columns.
type Columns struct {
	headings []string
	first    int           // FirstColumn of the options
	places   [fieldEnd]int // the index of the column plus 1; 0 for no column
	dropped  []int
	kept     []string // the headings of the other columns
	// earlier has the indexes plus 1 of the dropped columns of outcome, reason and to.
	earlier [3]int
	cellOptions
	notJudged []Field
}

// MapColumns finds the column of each field. The error is a *[MappingError] with
// every fault.
func MapColumns(headings []string, opts ColumnOptions) (Columns, error) {
	c := Columns{headings: slices.Clone(headings), first: opts.FirstColumn, cellOptions: newCellOptions(opts)}
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
	c.kept = c.headings
	if len(c.dropped) > 0 {
		c.kept = slices.DeleteFunc(slices.Clone(headings), isAdded)
		for i, name := range [...]string{"ivp_outcome", "ivp_reason", "ivp_to"} {
			c.earlier[i] = 1 + slices.IndexFunc(headings, func(heading string) bool { return SameHeading(heading, name) })
		}
	}
	found := c.findFields(opts)
	for _, f := range Fields() {
		if opts.Reads(f) {
			c.mapField(f, opts, found[f], fault)
		}
	}
	if opts.CPL && c.Index(Model) < 0 && c.Index(ModelHardware) < 0 && len(fault.notFound) == 0 && len(fault.twice) == 0 {
		fault.missing = append(fault.missing, Model)
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

// isAdded reports whether a heading is that of a column that an earlier check added.
func isAdded(heading string) bool {
	return strings.HasPrefix(strings.ToLower(strings.Trim(heading, " \t\ufeff")), "ivp_")
}

// leftOut names no column in [ColumnOptions.Map].
const leftOut = "#0"

// findFields returns the columns of each field: those that opts.Map names, or else
// those whose headings mean the field. A column that opts.Map names for one field is
// not used for another.
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

// find returns the columns that a text names: by number, else by equal heading, else
// by [SameHeading], else by letters. Columns of an earlier check are left out.
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

// columnOfLetters returns the index of a column such as "AB", or -1 for other text.
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

// longestName is the longest heading, in bytes, by which a message names a column.
const longestName = 100

// Name returns the text that names the column of an index in [ColumnOptions.Map]:
// its heading, or its number if the heading is not unique, is blank or long, or has
// invisible characters.
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
		fault.notFound = append(fault.notFound, mapping{f, wanted})
	case len(found) == 0 && opts.Needs(f):
		fault.missing = append(fault.missing, f)
	case len(found) > 1 && (mapped || opts.Judges(f)):
		fault.twice = append(fault.twice, duplicate{f, c.named(found)})
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

// Headings returns the headings as they are written. The caller must not change them.
func (c Columns) Headings() []string { return c.headings }

// Width returns the number of columns.
func (c Columns) Width() int { return len(c.headings) }

// Index returns the index of the field's column, or -1 if it has none.
func (c Columns) Index(f Field) int {
	if f == 0 || f >= fieldEnd {
		return -1
	}
	return c.places[f] - 1
}

// NotJudged returns those of DeviceType, GBCS and Scope that are not judged because
// they have no column, no value given for every row and none from a Central Products
// List.
func (c Columns) NotJudged() []Field { return c.notJudged }

// Dropped returns the indexes of the ivp_ columns that are replaced, ascending. The
// caller must not change them.
func (c Columns) Dropped() []int { return c.dropped }

// Rechecked reports whether the columns of an earlier check that are replaced have its
// answers.
func (c Columns) Rechecked() bool { return c.earlier[0] > 0 && c.earlier[1] > 0 }

// earlierAnswer returns the answer of an earlier check in the cells of a row.
func (c *Columns) earlierAnswer(cells []string) (e earlierAnswer) {
	for i, to := range [...]*string{&e.outcome, &e.reason, &e.to} {
		if at := c.earlier[i]; at > 0 && at <= len(cells) {
			*to = strings.TrimSpace(cells[at-1])
		}
	}
	e.hasTo = c.earlier[2] > 0
	return e
}

// Device returns the device of a row. It requires [Columns.Width] cells.
func (c Columns) Device(cells []string) Device {
	var r record
	for _, f := range Fields() {
		if i := c.Index(f); i >= 0 {
			r[f] = readable(cells[i])
		}
	}
	return r.device(&c.cellOptions)
}

// mostOfCell is the longest cell, in bytes, that is read as a value.
const mostOfCell = 4 << 10

// readable returns a cell, or the beginning of one that is too long, with a mark that
// makes it unreadable as a value.
func readable(cell string) string {
	if len(cell) <= mostOfCell {
		return cell
	}
	if cell = strings.TrimSpace(cell); len(cell) <= mostOfCell {
		return cell
	}
	return cell[:mostOfCell] + " […]"
}

// cellOptions are the options for reading cells.
type cellOptions struct {
	dates  DateFormat
	values map[Field]map[string]string // ColumnOptions.Values by cellName
}

func newCellOptions(opts ColumnOptions) cellOptions {
	m := cellOptions{values: map[Field]map[string]string{}}
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

// translate replaces cells by their meaning.
func (m *cellOptions) translate(r *record) {
	for f, meanings := range m.values {
		if meaning, ok := meanings[cellName(r[f])]; ok {
			r[f] = meaning
		}
	}
}

// DeviceName returns a name of the row for people: the device id, else the model,
// else the first cell. It is "" for a malformed row.
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
