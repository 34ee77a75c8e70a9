package cpl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
)

// column is one of the list's columns.
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

// headings are the list's columns as SECAS heads them.
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

// Tabs returns the names of the workbook's tabs that hold the list, the one to
// be preferred first. The first writes hexadecimal as the CSV does, the other
// with colons.
func Tabs() []string { return []string{"CPL - saveable in CSV", "Central Products List"} }

// optional reports whether a list without the column, or an entry without the
// cell, is whole. The image hash is not known for every entry.
func (c column) optional() bool { return c == colHash }

// places are where the columns stand; -1 for one that is not there.
type places [columnCount]int

// header is a heading, mapped.
type header struct {
	places
	width int // how many columns it has, those that are not the list's included
}

// findColumns maps a heading. The error names every column that is missing or
// stands twice.
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
	return fmt.Errorf("this is no heading of a Central Products List: %s; its columns are %s; take the list as SECAS issues it",
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

// heads reports whether a heading is the column's.
func (c column) heads(heading string) bool {
	return devices.SameHeading(heading, headings[c])
}
