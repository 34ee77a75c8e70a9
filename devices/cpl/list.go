package cpl

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// List is a Central Products List. It implements [devices.Catalogue], and it
// does not change once it is read. The zero value is a list without entries.
type List struct {
	name    string
	edition string
	issued  ivp.Date
	entries []Entry
	faults  []Fault
	damaged int // rows
	// byManufacturer holds the places of a manufacturer's entries.
	byManufacturer map[string][]int
}

// Entry is one sound entry of the list. The parts of its model are in capitals,
// without colons and spaces, whichever form of the list they come from.
type Entry struct {
	devices.CatalogueEntry
	// Line is the row's number, as an editor or a spreadsheet counts it.
	Line int
	// ImageHash is the hash of the manufacturer's image, in hexadecimal; it is
	// empty where the list gives none.
	ImageHash string
}

// Status returns the entry's status as the list writes it.
func (e Entry) Status() string {
	if e.Removed {
		return statusRemoved
	}
	return statusCurrent
}

// Name returns the name by which the list was read, for messages.
func (l *List) Name() string { return l.name }

// Edition returns the list's version, such as "2.051".
func (l *List) Edition() string { return l.edition }

// Issued returns the day on which the list was issued; no date where the list
// is so damaged that it could not be read.
func (l *List) Issued() ivp.Date { return l.issued }

// Entries returns the sound entries, in the order of their numbers. The caller
// must not change them.
func (l *List) Entries() []Entry { return l.entries }

// Faults returns every damaged cell, in the order of the file. The caller must
// not change them.
func (l *List) Faults() []Fault { return l.faults }

// DamagedRows returns how many rows have damage; they are no entries.
func (l *List) DamagedRows() int { return l.damaged }

// Damage returns the error of a list that must not be relied upon, since a row
// of it is damaged: a model that is looked for may stand in that row. It is a
// *[DamageError], or nil where the list is sound.
func (l *List) Damage() error {
	if len(l.faults) == 0 {
		return nil
	}
	return &DamageError{Name: l.name, Rows: l.damaged, Faults: slices.Clone(l.faults)}
}

// String names the list, its edition and the day of its issue.
func (l *List) String() string {
	if l.edition == "" {
		return l.name
	}
	return fmt.Sprintf("%s (version %s, issued %s)", l.name, l.edition, l.issued)
}

// Count returns how many sound entries are Current, and how many Removed.
func (l *List) Count() (current, removed int) {
	for _, e := range l.entries {
		if e.Removed {
			removed++
		}
	}
	return len(l.entries) - removed, removed
}

// Row is one row of a list as it is written.
type Row struct {
	// Line is the row's number as an editor or a spreadsheet counts it, from 1.
	Line int
	// Cells are the texts of the cells; cells that are blank at the end may be
	// left out.
	Cells []string
	// Fault, if not empty, says why the row could not be split into cells.
	Fault string
}

// Rows yields the rows of a list. An error ends them.
type Rows = iter.Seq2[Row, error]

var _ devices.Catalogue = (*List)(nil)

var modelNoise = strings.NewReplacer(":", "", " ", "", "\t", "", "\u00a0", "")

// Normal returns a part of a model as it is compared: in capitals, without
// colons and spaces. Leading zeros count: 00 is not 0.
func Normal(part string) string { return strings.ToUpper(modelNoise.Replace(part)) }

func normalModel(m devices.DeviceModel) devices.DeviceModel {
	return devices.DeviceModel{
		Manufacturer: Normal(m.Manufacturer), Model: Normal(m.Model), HardwareVersion: Normal(m.HardwareVersion),
		HardwareRevision: Normal(m.HardwareRevision), ModelHardware: Normal(m.ModelHardware), Firmware: Normal(m.Firmware),
	}
}

func (l *List) index() {
	l.byManufacturer = map[string][]int{}
	for i, e := range l.entries {
		maker := e.Model.Manufacturer
		l.byManufacturer[maker] = append(l.byManufacturer[maker], i)
	}
}

// Find returns every entry that fits the model, Current and Removed, in the
// order of their numbers. The parts are compared as [Normal] has them. A blank
// part fits all, but without a manufacturer, and without a model or the model
// joined with its hardware, nothing is found. The model may also stand as one
// with the hardware where the model is asked for, and the hardware's version as
// one with its revision.
//
// Damaged rows are not searched: ask [List.Damage] first.
func (l *List) Find(m devices.DeviceModel) []devices.CatalogueEntry {
	want := normalModel(m)
	if want.Manufacturer == "" || want.Model == "" && want.ModelHardware == "" {
		return nil
	}
	var found []devices.CatalogueEntry
	for _, i := range l.byManufacturer[want.Manufacturer] {
		if e := &l.entries[i]; fits(want, &e.Model) {
			found = append(found, e.CatalogueEntry)
		}
	}
	return found
}

func fits(want devices.DeviceModel, m *devices.DeviceModel) bool {
	return fitsPart(want.Model, m.Model, m.ModelHardware) &&
		fitsPart(want.HardwareVersion, m.HardwareVersion, hardware(m)) &&
		fitsPart(want.HardwareRevision, m.HardwareRevision, "") &&
		fitsPart(want.ModelHardware, m.ModelHardware, "") &&
		fitsPart(want.Firmware, m.Firmware, "")
}

// fitsPart reports whether a part that is asked for is blank or one of the two
// forms that an entry has of it.
func fitsPart(want, part, joined string) bool {
	return want == "" || want == part || want == joined
}

func hardware(m *devices.DeviceModel) string { return m.HardwareVersion + m.HardwareRevision }

// Later returns the Current entries of the same manufacturer, model and hardware
// as the entry whose firmware is later than its own, in the order of firmware
// and, where two have the same, of their numbers. That an entry is returned
// does not say that a device can be upgraded to its firmware.
func (l *List) Later(e devices.CatalogueEntry) []devices.CatalogueEntry {
	of := normalModel(e.Model)
	var later []devices.CatalogueEntry
	for _, i := range l.byManufacturer[of.Manufacturer] {
		other := &l.entries[i]
		if !other.Removed && sameHardware(&of, &other.Model) && compareFirmware(other.Model.Firmware, of.Firmware) > 0 {
			later = append(later, other.CatalogueEntry)
		}
	}
	slices.SortStableFunc(later, func(a, b devices.CatalogueEntry) int {
		return compareFirmware(a.Model.Firmware, b.Model.Firmware)
	})
	return later
}

func sameHardware(a, b *devices.DeviceModel) bool {
	return a.Model == b.Model && hardware(a) == hardware(b)
}

// compareFirmware orders hexadecimal numbers by their size.
func compareFirmware(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
