package cpl

import (
	"fmt"
	"slices"

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
