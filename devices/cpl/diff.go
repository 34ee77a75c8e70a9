package cpl

import (
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

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
