package cpl

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"sort"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// List is a Central Products List. It implements [devices.Catalogue], and does
// not change after it is read. The zero value is an empty list.
type List struct {
	name    string
	edition string
	issued  ivp.Date
	entries []Entry
	faults  []Fault
	damaged int // rows
	// byModel maps a model, and the joined form of its model and hardware, to the
	// indices of the entries, in order.
	byModel map[modelKey][]int
	// current has the Current entries of each hardware, ordered by firmware, then by
	// number.
	current map[hardwareKey][]devices.CatalogueEntry
}

// modelKey is a manufacturer's model, or its model and hardware joined.
type modelKey struct{ manufacturer, model string }

// hardwareKey is a manufacturer's model with its hardware.
type hardwareKey struct {
	modelKey
	hardware string
}

func hardwareOf(m *devices.DeviceModel) hardwareKey {
	return hardwareKey{modelKey{m.Manufacturer, m.Model}, hardware(m)}
}

// Entry is one undamaged entry of the list. The parts of its model are in
// capitals, without colons and spaces, whichever form of the list they come from.
type Entry struct {
	devices.CatalogueEntry
	// Line is the row's number, as an editor or a spreadsheet counts it.
	Line int
	// ImageHash is the hash of the manufacturer's image, in hexadecimal; empty if
	// the list has none.
	ImageHash string
}

// Status returns the entry's status as the list writes it.
func (e Entry) Status() string {
	if e.Removed {
		return statusRemoved
	}
	return statusCurrent
}

// Edition returns the list's version, such as "2.051".
func (l *List) Edition() string { return l.edition }

// Issued returns the day on which the list was issued; zero if damage makes it
// unreadable.
func (l *List) Issued() ivp.Date { return l.issued }

// Entries returns the undamaged entries, ordered by number. The caller must not
// change them.
func (l *List) Entries() []Entry { return l.entries }

// Faults returns every damaged cell, in file order. The caller must not change
// them.
func (l *List) Faults() []Fault { return l.faults }

// DamagedRows returns the number of damaged rows, which are not entries.
func (l *List) DamagedRows() int { return l.damaged }

// Damage returns a *[DamageError] if a row of the list is damaged, or nil. A
// damaged list must not be used for answers, because a damaged row may be the one
// of the model in question.
func (l *List) Damage() error {
	if len(l.faults) == 0 {
		return nil
	}
	return &DamageError{Name: l.name, Rows: l.damaged, Faults: slices.Clone(l.faults)}
}

// String returns the name of the list, its edition and the day of its issue.
func (l *List) String() string {
	if l.edition == "" {
		return l.name
	}
	return fmt.Sprintf("%s (version %s, issued %s)", l.name, l.edition, l.issued)
}

// Count returns the numbers of undamaged entries that are Current and Removed.
func (l *List) Count() (current, removed int) {
	for _, e := range l.entries {
		if e.Removed {
			removed++
		}
	}
	return len(l.entries) - removed, removed
}

// Row is one row of a list as written.
type Row struct {
	// Line is the row's number as an editor or a spreadsheet counts it, from 1.
	Line int
	// Cells are the texts of the cells; blank cells at the end may be left out.
	Cells []string
	// Fault, if not empty, is why the row could not be split into cells.
	Fault string
}

// Rows yields the rows of a list. It ends after an error.
type Rows = iter.Seq2[Row, error]

var _ devices.Catalogue = (*List)(nil)

var modelNoise = strings.NewReplacer(":", "", " ", "", "\t", "", "\u00a0", "")

// Normal returns a part of a model in the form used for comparison: in capitals,
// without colons and spaces. Leading zeros count: 00 is not 0.
func Normal(part string) string {
	if !strings.ContainsFunc(part, unlikeNormal) {
		return part
	}
	return strings.ToUpper(modelNoise.Replace(part))
}

// unlikeNormal reports whether Normal may change a character.
func unlikeNormal(r rune) bool {
	return !('0' <= r && r <= '9' || 'A' <= r && r <= 'Z')
}

func normalModel(m devices.DeviceModel) devices.DeviceModel {
	return devices.DeviceModel{
		Manufacturer: Normal(m.Manufacturer), Model: Normal(m.Model), HardwareVersion: Normal(m.HardwareVersion),
		HardwareRevision: Normal(m.HardwareRevision), ModelHardware: Normal(m.ModelHardware), Firmware: Normal(m.Firmware),
	}
}

func (l *List) index() {
	l.byModel, l.current = map[modelKey][]int{}, map[hardwareKey][]devices.CatalogueEntry{}
	for i, e := range l.entries {
		for _, model := range []string{e.Model.Model, e.Model.ModelHardware} {
			key := modelKey{e.Model.Manufacturer, model}
			l.byModel[key] = append(l.byModel[key], i)
		}
		if !e.Removed {
			key := hardwareOf(&e.Model)
			l.current[key] = append(l.current[key], e.CatalogueEntry)
		}
	}
	for _, entries := range l.current {
		slices.SortStableFunc(entries, func(a, b devices.CatalogueEntry) int {
			return compareFirmware(a.Model.Firmware, b.Model.Firmware)
		})
	}
}

// Find returns every entry that matches the model, Current and Removed, ordered
// by number. The parts are compared in the form of [Normal]. A blank part matches
// any, but a manufacturer is required, and either a model or a model joined with
// its hardware. Model may also be the joined form, and HardwareVersion may
// include the revision. Damaged rows are not searched: check [List.Damage] first.
func (l *List) Find(m devices.DeviceModel) []devices.CatalogueEntry {
	want := normalModel(m)
	if want.Manufacturer == "" || want.Model == "" && want.ModelHardware == "" {
		return nil
	}
	var found []devices.CatalogueEntry
	for _, i := range l.byModel[modelKey{want.Manufacturer, cmp.Or(want.Model, want.ModelHardware)}] {
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

// fitsPart reports whether a wanted part is blank or equals one of an entry's two
// forms of it.
func fitsPart(want, part, joined string) bool {
	return want == "" || want == part || want == joined
}

func hardware(m *devices.DeviceModel) string { return m.HardwareVersion + m.HardwareRevision }

// Later returns the Current entries with the same manufacturer, model and
// hardware as e and later firmware, ordered by firmware, then by number. It does
// not say whether a device can be upgraded to that firmware. The caller must not
// change the entries.
func (l *List) Later(e devices.CatalogueEntry) []devices.CatalogueEntry {
	of := normalModel(e.Model)
	entries := l.current[hardwareOf(&of)]
	n := sort.Search(len(entries), func(n int) bool { return compareFirmware(entries[n].Model.Firmware, of.Firmware) > 0 })
	return slices.Clip(entries[n:])
}

// compareFirmware orders hexadecimal numbers by value.
func compareFirmware(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// ChangeKind is how an entry differs between two lists.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed" // no longer on the list; an entry newly marked Removed is Changed
	Changed ChangeKind = "changed"
)

// Change is one entry that differs between two lists.
type Change struct {
	Kind   ChangeKind
	Number string
	// Old and New are the entry in each list; nil if the list does not have it.
	Old, New *Entry
	// Details are the cells of a changed entry that differ.
	Details []Detail
	// Before and After are the answers for the entry's model and firmware by the
	// old list and by the new, considering all entries that match.
	Before, After ivp.Verdict
	// NewAnswer is true if the outcome for some device differs.
	NewAnswer bool
}

// Detail is one cell that differs.
type Detail struct {
	Column   string // its heading
	Old, New string
}

// Diff compares two lists by meaning and returns the entries that differ, ordered
// by number. It ignores spelling, the form of the list and its edition. The judge
// decides whether a difference changes an answer; its catalogue is not used.
func Diff(old, new *List, judge devices.Judge) []Change {
	before, after := byNumber(old), byNumber(new)
	var all []Change
	for number := range before {
		if after[number] == nil {
			all = append(all, Change{Kind: Removed, Number: number, Old: before[number]})
		}
	}
	for number, e := range after {
		was := before[number]
		switch {
		case was == nil:
			all = append(all, Change{Kind: Added, Number: number, New: e})
		case len(details(was, e)) > 0:
			all = append(all, Change{Kind: Changed, Number: number, Old: was, New: e, Details: details(was, e)})
		}
	}
	slices.SortFunc(all, func(a, b Change) int { return strings.Compare(a.Number, b.Number) })
	oldJudge, newJudge := judge, judge
	oldJudge.Catalogue, newJudge.Catalogue = old, new
	for i := range all {
		all[i].answer(oldJudge, newJudge)
	}
	return all
}

func byNumber(l *List) map[string]*Entry {
	entries := map[string]*Entry{}
	for i := range l.entries {
		entries[l.entries[i].Number] = &l.entries[i]
	}
	return entries
}

func details(a, b *Entry) []Detail {
	var all []Detail
	before, after := a.texts(), b.texts()
	for col := range columnCount {
		if before[col] != after[col] {
			all = append(all, Detail{headings[col], before[col], after[col]})
		}
	}
	return all
}

// texts returns the entry's cells in one spelling, without the edition and the
// joined form, which follow from other cells.
func (e *Entry) texts() [columnCount]string {
	return [columnCount]string{
		colNumber: e.Number, colStatus: e.Status(), colType: e.Type.Name(),
		colManufacturer: e.Model.Manufacturer, colModel: e.Model.Model, colHardware: e.Model.HardwareVersion,
		colRevision: e.Model.HardwareRevision, colFirmware: e.Model.Firmware,
		colTS: e.Spec.String(), colGBCS: e.GBCS.String(), colHash: e.ImageHash,
	}
}

// answer judges the models that the change affects, by both lists.
func (c *Change) answer(old, new devices.Judge) {
	was, is := c.Old, c.New
	if was == nil {
		was = is
	}
	if is == nil {
		is = was
	}
	c.Before, c.After = judgeEntry(old, was), judgeEntry(new, is)
	c.NewAnswer = judgeEntry(new, was).Outcome() != c.Before.Outcome() || judgeEntry(old, is).Outcome() != c.After.Outcome()
}

// judgeEntry judges a device of the entry's type, model and firmware.
func judgeEntry(judge devices.Judge, e *Entry) ivp.Verdict {
	m := e.Model
	return judge.Device(devices.Device{
		Manufacturer: m.Manufacturer, Model: m.Model, HardwareVersion: m.HardwareVersion,
		HardwareRevision: m.HardwareRevision, Firmware: m.Firmware,
		Installation: ivp.Installation{Type: e.Type},
	}).Verdict
}
