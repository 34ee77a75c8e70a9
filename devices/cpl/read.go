package cpl

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/internal/scan"
	"github.com/mp196/ivp/ivp"
)

const (
	// mostRows is the number of rows that a list may have below its heading, because it is
	// kept in memory. The list of 2022 has 729.
	mostRows = 50_000
	// mostOfModel is the number of entries that a model may have, in all versions of its
	// hardware and firmware, because a device is judged by every entry that fits. In the
	// list of 2022 the most are 94.
	mostOfModel = 250
)

// headingRows is how many rows are searched for the heading: a workbook's tab may
// begin with a title.
const headingRows = 20

// Read reads a list from rows. The name is for messages. Blank rows are skipped.
// A damaged row is not an entry; its damage is kept: see [List.Damage]. Read
// fails if there is no heading with the columns of the list, if no row follows
// it, and if the rows end in an error.
func Read(rows Rows, name string) (*List, error) {
	r := reader{list: &List{name: name}, lineOf: map[string]int{}, ofModel: map[modelKey]int{}}
	for row, err := range rows {
		if err == nil {
			err = r.row(row)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return r.end()
}

// reader builds a list from rows.
type reader struct {
	list    *List
	at      *header // nil before the heading
	first   error   // why the row most like a heading is not one
	tried   int     // rows before the heading
	edition string  // the cell of the first row, which all others must equal
	lineOf  map[string]int
	ofModel map[modelKey]int // the entries
}

func (r *reader) row(row Row) error {
	switch {
	case row.Fault == "" && blank(row.Cells):
		return nil
	case r.at == nil:
		return r.heading(row)
	}
	return r.entry(row)
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// heading looks for the heading in the first rows. If there is none, the error is
// that of the row most like one.
func (r *reader) heading(row Row) error {
	at, err := findColumns(row.Cells)
	if err == nil {
		r.at = &at
		return nil
	}
	if row.Fault != "" {
		err = fmt.Errorf("%s", row.Fault)
	}
	err = fmt.Errorf("line %d: %w", row.Line, err)
	if r.first == nil || slices.ContainsFunc(row.Cells, colFirmware.heads) {
		r.first = err
	}
	if r.tried++; r.tried == headingRows {
		return r.first
	}
	return nil
}

func (r *reader) end() (*List, error) {
	switch {
	case r.at == nil && r.first != nil:
		return nil, fmt.Errorf("%s: %w", r.list.name, r.first)
	case r.at == nil:
		return nil, fmt.Errorf("%s: nothing to read: it is empty, where a Central Products List was expected", r.list.name)
	case len(r.list.entries) == 0 && r.list.damaged == 0:
		return nil, fmt.Errorf("%s: no entry follows the heading: get the list again from SECAS", r.list.name)
	}
	slices.SortStableFunc(r.list.entries, func(a, b Entry) int { return strings.Compare(a.Number, b.Number) })
	r.list.index()
	return r.list, nil
}

// entry adds the row to the entries or, if it is damaged, its faults to the
// list's. It fails if the list is too long.
func (r *reader) entry(row Row) error {
	if len(r.list.entries)+r.list.damaged == mostRows {
		return fmt.Errorf("line %d: more than %d rows, where a list of some hundred entries was expected: use the list as SECAS issues it", row.Line, mostRows)
	}
	if row.Fault != "" {
		r.damaged([]Fault{{Line: row.Line, Problem: row.Fault}})
		return nil
	}
	c := newCells(row, r.at)
	e := c.entry()
	r.checkEdition(c)
	r.checkNumber(c)
	if len(c.faults) > 0 {
		r.damaged(c.faults)
		return nil
	}
	model := modelKey{e.Model.Manufacturer, e.Model.Model}
	if r.ofModel[model]++; r.ofModel[model] > mostOfModel {
		return fmt.Errorf("line %d: more than %d entries of manufacturer %s, model %s: use the list as SECAS issues it", row.Line, mostOfModel, model.manufacturer, model.model)
	}
	r.list.entries = append(r.list.entries, e)
	return nil
}

func (r *reader) damaged(faults []Fault) {
	r.list.damaged++
	r.list.faults = append(r.list.faults, faults...)
}

// checkEdition takes the list's edition from the first row in which it can be
// read; the other rows must have the same.
func (r *reader) checkEdition(c *cells) {
	text := c.text(colVersion)
	edition, issued, ok := parseEdition(text)
	switch {
	case text == "": // newCells has reported it
	case !ok:
		c.fault(colVersion, "want an edition such as Version 2.051 Issued on 21-09-2022")
	case r.edition == "":
		r.edition, r.list.edition, r.list.issued = text, edition, issued
	case edition != r.list.edition || issued != r.list.issued:
		c.fault(colVersion, fmt.Sprintf("want %s, as in the rows before: the list has rows of two editions", r.edition))
	}
}

// checkNumber checks that no row before has the same entry number.
func (r *reader) checkNumber(c *cells) {
	number := c.text(colNumber)
	if !entryNumber.MatchString(number) {
		return // number or newCells has reported it
	}
	if line, ok := r.lineOf[number]; ok {
		c.fault(colNumber, fmt.Sprintf("every entry number must be unique, and line %d has the same", line))
		return
	}
	r.lineOf[number] = c.line
}

// parseEdition reads a text such as "Version 2.051 Issued on 21-09-2022".
func parseEdition(text string) (edition string, issued ivp.Date, ok bool) {
	part := editionText.FindStringSubmatch(text)
	if part == nil {
		return "", ivp.Date{}, false
	}
	issued, err := ivp.ParseDate(part[4] + "-" + part[3] + "-" + part[2])
	return part[1], issued, err == nil
}

// column is a column of the list.
type column int

const (
	colVersion column = iota
	colNumber
	colStatus
	colType
	colManufacturer
	colModel
	colHardware
	colRevision
	colModelHardware
	colFirmware
	colTS
	colGBCS
	colHash
	columnCount
)

// headings are the headings of the list's columns as SECAS writes them.
var headings = [columnCount]string{
	colVersion:       "Version",
	colNumber:        "Entry.number",
	colStatus:        "Entry.status",
	colType:          "Device_Type.name",
	colManufacturer:  "Device_Model.manufacturer_identifier",
	colModel:         "Device_Model.model_identifier",
	colHardware:      "Device_Model.hardware_version.version",
	colRevision:      "Device_Model.hardware_version.revision",
	colModelHardware: "Device_Model.model_identifier_concatenated_with_hardware_version",
	colFirmware:      "Device_Model.firmware_version",
	colTS:            "SMETS_CHTS Version.Version_number_and_effective_date",
	colGBCS:          "GBCS Version.version_number",
	colHash:          "Manufacturer_Image.hash",
}

// Headings returns the headings of the list, in their order.
func Headings() []string { return slices.Clone(headings[:]) }

// Tabs returns the names of the workbook's tabs with the list, the preferred one
// first. The first writes hexadecimal as the CSV does, the other with colons.
func Tabs() []string { return []string{"CPL - saveable in CSV", "Central Products List"} }

// optional reports whether the column, and the cell of an entry, may be missing.
// The image hash is not known for every entry.
func (c column) optional() bool { return c == colHash }

// places are the positions of the columns; -1 for a missing one.
type places [columnCount]int

// header is a mapped heading.
type header struct {
	places
	width int // number of columns, including those that are not the list's
}

// findColumns maps a heading. The error names every column that is missing or
// appears twice.
func findColumns(cells []string) (header, error) {
	at := header{width: len(cells)}
	var missing, twice []string
	for c := range columnCount {
		at.places[c] = slices.IndexFunc(cells, c.heads)
		switch {
		case at.places[c] < 0 && !c.optional():
			missing = append(missing, headings[c])
		case at.places[c] >= 0 && slices.ContainsFunc(cells[at.places[c]+1:], c.heads):
			twice = append(twice, headings[c])
		}
	}
	if len(missing) == 0 && len(twice) == 0 {
		return at, nil
	}
	return at, headingError(cells, missing, twice)
}

func headingError(cells, missing, twice []string) error {
	var faults []string
	if len(missing) > 0 {
		faults = append(faults, fmt.Sprintf("it has no column %s", quotedList(missing)))
	}
	if len(twice) > 0 {
		faults = append(faults, fmt.Sprintf("it has more than one column %s", quotedList(twice)))
	}
	return fmt.Errorf("this is not the heading of a Central Products List: %s; its columns are %s; use the list as SECAS issues it",
		strings.Join(faults, ", and "), quotedList(cells))
}

func quotedList(texts []string) string {
	const most = 20
	var quoted []string
	for i, text := range texts {
		if i == most {
			quoted = append(quoted, fmt.Sprintf("and %d more", len(texts)-most))
			break
		}
		quoted = append(quoted, fmt.Sprintf("%q", clip(text)))
	}
	return strings.Join(quoted, ", ")
}

// heads reports whether a heading is that of the column.
func (c column) heads(heading string) bool {
	return devices.SameHeading(heading, headings[c])
}

const (
	statusCurrent = "Current"
	statusRemoved = "Removed"
)

var (
	editionText = regexp.MustCompile(`(?i)^version\s+(\d+(?:\.\d+)+)\s+issued\s+on\s+(\d\d)[-/](\d\d)[-/](\d{4})$`)
	entryNumber = regexp.MustCompile(`^\d{6}$`)
	hexadecimal = regexp.MustCompile(`^[0-9A-F]+$`)
	scientific  = regexp.MustCompile(`(?i)^-?\d+([.,]\d+)?E[+-]?\d+$`)
	decimal     = regexp.MustCompile(`^-?\d+[.,]\d+$`)
)

// cells are the cells of one row and their faults.
type cells struct {
	line   int
	texts  [columnCount]string
	faults []Fault
}

// newCells returns the cells of a row. A missing or blank cell is a fault, as are
// cells beyond the heading.
func newCells(row Row, at *header) *cells {
	c := &cells{line: row.Line}
	for col, place := range at.places {
		if place >= 0 && place < len(row.Cells) {
			c.texts[col] = strings.TrimSpace(row.Cells[place])
		}
	}
	if len(row.Cells) > at.width && !blank(row.Cells[at.width:]) {
		c.faults = append(c.faults, Fault{Line: c.line, Entry: c.texts[colNumber],
			Problem: fmt.Sprintf("the row has %d cells and the heading %d: cells may have been split or moved", len(row.Cells), at.width)})
	}
	for col := range columnCount {
		if c.texts[col] == "" && !col.optional() {
			c.fault(col, "the cell is missing")
		}
	}
	return c
}

// text returns a cell without outer spaces.
func (c *cells) text(col column) string { return c.texts[col] }

func (c *cells) fault(col column, problem string) {
	c.faults = append(c.faults, Fault{c.line, short(c.texts[colNumber]), headings[col], short(c.texts[col]), problem})
}

// short returns the beginning of a text that is too long to be kept.
func short(text string) string {
	const most = 1 << 10
	if len(text) <= most {
		return text
	}
	return strings.Clone(text[:most]) + "…"
}

// entry reads the cells. The result is valid only if there are no faults.
func (c *cells) entry() Entry {
	e := Entry{Line: c.line}
	e.Number = c.number()
	e.Removed = c.removed()
	e.Type = c.deviceType()
	e.Model = c.model()
	e.Spec = c.version(colTS, func(text string) (ivp.Spec, error) { return devices.ParseTSVersion(text, e.Type) })
	e.GBCS = c.version(colGBCS, devices.ParseGBCSVersion)
	e.ImageHash = c.hex(colHash, 64)
	return e
}

func (c *cells) number() string {
	text := c.text(colNumber)
	if text != "" && !entryNumber.MatchString(text) {
		c.fault(colNumber, "want six digits, such as 000162"+damageHint(text, 6))
	}
	return text
}

func (c *cells) removed() bool {
	switch text := c.text(colStatus); {
	case strings.EqualFold(text, statusRemoved):
		return true
	case text != "" && !strings.EqualFold(text, statusCurrent):
		c.fault(colStatus, "want Current or Removed")
	}
	return false
}

func (c *cells) deviceType() ivp.DeviceType {
	t, err := ivp.ParseDeviceType(c.text(colType))
	if err != nil {
		c.fault(colType, "not a device type: want one such as Gas Smart Meter")
	}
	return t
}

// model reads the parts of the model, and checks the concatenated form against
// them.
func (c *cells) model() devices.DeviceModel {
	before := len(c.faults)
	m := devices.DeviceModel{
		Manufacturer:     c.hex(colManufacturer, 4),
		Model:            c.hex(colModel, 4),
		HardwareVersion:  c.hex(colHardware, 2),
		HardwareRevision: c.hex(colRevision, 2),
		ModelHardware:    c.hex(colModelHardware, 8),
		Firmware:         c.hex(colFirmware, 8),
	}
	joined := m.Model + m.HardwareVersion + m.HardwareRevision
	if len(c.faults) == before && len(joined) == 8 && m.ModelHardware != "" && m.ModelHardware != joined {
		c.fault(colModelHardware, fmt.Sprintf("want %s, the model followed by the hardware", joined))
	}
	return m
}

// hex reads a fixed number of hexadecimal digits; newCells reports blank cells.
func (c *cells) hex(col column, width int) string {
	text := Normal(c.text(col))
	if text != "" && (len(text) != width || !hexadecimal.MatchString(text)) {
		c.fault(col, fmt.Sprintf("want %d hexadecimal digits%s", width, damageHint(c.text(col), width)))
	}
	return text
}

// damageHint returns what may have happened to a cell, for a message.
func damageHint(text string, width int) string {
	switch {
	case strings.EqualFold(text, "nan"), strings.HasPrefix(text, "#"):
		return "; a program that opened the list read the cell as a number and lost its value"
	case scientific.MatchString(text), decimal.MatchString(text):
		return "; a spreadsheet read the cell as a number"
	case hexadecimal.MatchString(Normal(text)) && len(Normal(text)) < width:
		return "; a spreadsheet may have dropped leading zeros"
	}
	return ""
}

func (c *cells) version(col column, parse func(string) (ivp.Spec, error)) ivp.Spec {
	text := c.text(col)
	if text == "" {
		return ivp.Spec{}
	}
	spec, err := parse(text)
	if err != nil {
		c.fault(col, strings.TrimPrefix(err.Error(), fmt.Sprintf("%q is ", text)))
	}
	return spec
}

// delimiters are those that are detected from the heading line, most likely
// first.
const delimiters = ",;\t"

var (
	byteOrderMark = []byte("\xef\xbb\xbf")
	workbookStart = []byte("PK\x03\x04")
)

// ReadCSV reads a list as CSV, as [Read] does. It fails if src is a workbook or
// returns an error.
func ReadCSV(src io.Reader, name string) (*List, error) {
	records := scan.NewSplitter(src, scan.Dialect{Delimiter: ','})
	if records.Skip(workbookStart) {
		return nil, fmt.Errorf("%s: this is a workbook: give it the extension .xlsx or .xlsm", name)
	}
	records.Skip(byteOrderMark)
	records.SetDelimiter(records.DetectDelimiter(delimiters))
	return Read(csvRows(records), name)
}

func csvRows(records *scan.Splitter) Rows {
	return func(yield func(Row, error) bool) {
		for {
			data, record, err := records.Next()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			if record.Rest { // of a line that is damaged
				continue
			}
			if !yield(newRow(records.Line(), data, &record), nil) {
				return
			}
		}
	}
}

func newRow(line int, data []byte, record *scan.Record) Row {
	row := Row{Line: line}
	if record.Malformed() {
		row.Fault = fmt.Sprintf("this row cannot be split into cells: %s at line %d, byte %d: %q", faultTexts[record.Fault.Kind],
			line+record.Fault.Line, record.Fault.Column, clip(string(bytes.TrimRight(data, "\r\n"))))
		return row
	}
	for _, cell := range record.Cells {
		row.Cells = append(row.Cells, string(cell.AppendText(nil, data)))
	}
	return row
}

var faultTexts = map[scan.FaultKind]string{
	scan.BareQuote:    "a quote inside a cell without quotes",
	scan.AfterQuote:   "text after a closing quote",
	scan.Unterminated: "a quote that is not closed",
	scan.TooLong:      "a row of more than 16 MiB",
}
