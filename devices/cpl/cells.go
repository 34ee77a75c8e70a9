package cpl

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

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

// cells are the cells of one row, and what is wrong with them.
type cells struct {
	line   int
	texts  [columnCount]string
	faults []Fault
}

// newCells takes the cells of a row. One that is missing, or holds nothing, is
// a fault, as are cells beyond the heading.
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

// text returns the cell without outer spaces.
func (c *cells) text(col column) string { return c.texts[col] }

func (c *cells) fault(col column, problem string) {
	c.faults = append(c.faults, Fault{c.line, c.texts[colNumber], headings[col], c.texts[col], problem})
}

// entry reads the cells. It means nothing where there are faults.
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
		c.fault(colNumber, "want six digits, such as 000162"+spoilt(text, 6))
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

// model reads the parts of the model, and holds the concatenated form against
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
		c.fault(colModelHardware, fmt.Sprintf("want %s, which model and hardware make together", joined))
	}
	return m
}

// hex reads hexadecimal of a fixed number of digits; blank is told elsewhere.
func (c *cells) hex(col column, width int) string {
	text := Normal(c.text(col))
	if text != "" && (len(text) != width || !hexadecimal.MatchString(text)) {
		c.fault(col, fmt.Sprintf("want %d hexadecimal digits%s", width, spoilt(c.text(col), width)))
	}
	return text
}

// spoilt says what may have happened to a cell.
func spoilt(text string, width int) string {
	switch {
	case strings.EqualFold(text, "nan"), strings.HasPrefix(text, "#"):
		return "; a program that opened the list took the cell for a number and lost it"
	case scientific.MatchString(text), decimal.MatchString(text):
		return "; a spreadsheet took the cell for a number"
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
