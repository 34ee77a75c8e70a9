package devices

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Catalogue gives the versions of device models. Package devices/cpl makes one from a
// Central Products List.
type Catalogue interface {
	// Find returns every entry that fits the model, ordered by number. A blank part of
	// the model fits all.
	Find(m DeviceModel) []CatalogueEntry
	// Later returns the entries of the same manufacturer, model and hardware with later
	// firmware, ordered by firmware. The caller does not change them.
	Later(e CatalogueEntry) []CatalogueEntry
}

// DeviceModel identifies a device model, as it is written in an inventory. The model and
// its hardware may be given separately or joined in ModelHardware.
type DeviceModel struct {
	Manufacturer     string
	Model            string
	HardwareVersion  string
	HardwareRevision string
	ModelHardware    string
	Firmware         string
}

// String lists the parts of the model that are given.
func (m DeviceModel) String() string {
	var parts []string
	for _, part := range [...]struct{ name, value string }{
		{"manufacturer", m.Manufacturer}, {"model", m.Model}, {"hardware", m.HardwareVersion}, {"revision", m.HardwareRevision},
		{"model and hardware", m.ModelHardware}, {"firmware", m.Firmware},
	} {
		if strings.TrimSpace(part.value) != "" {
			parts = append(parts, part.name+" "+strings.TrimSpace(part.value))
		}
	}
	if len(parts) == 0 {
		return "a device whose model is not given"
	}
	return strings.Join(parts, ", ")
}

// CatalogueEntry is one entry of a catalogue.
type CatalogueEntry struct {
	// Number is the entry's number, as the catalogue writes it.
	Number string
	// Removed says that the entry is marked Removed: it is no longer on the list.
	Removed bool
	Type    ivp.DeviceType
	Spec    ivp.Spec
	GBCS    ivp.Spec
	// Model is as the catalogue writes it.
	Model DeviceModel
}

// reading is one version that a device may have, by the catalogue or by its own claim.
type reading struct {
	entry  string // the number of the catalogue's entry; empty for the claim
	device ivp.Installation
}

// lookup is what the catalogue has for a device. It does not depend on the day.
type lookup struct {
	model   DeviceModel
	as      ivp.Installation // as the device claims, without a day
	found   []string         // the numbers of all entries that fit
	listed  []reading        // one for each of them that is not Removed
	claimed []reading        // the claim, if it differs from an entry
	later   []reading        // entries with later firmware
}

func (j *Judge) look(d Device, i ivp.Installation) *lookup {
	i.On = ivp.Date{}
	l := &lookup{model: d.model(), as: i}
	found := j.Catalogue.Find(l.model)
	// Equal claims, and equal later entries, are kept once.
	for _, e := range found {
		l.found = append(l.found, e.Number)
		if e.Removed {
			continue
		}
		by := byEntry(i, e)
		l.listed = append(l.listed, reading{e.Number, by})
		if claim := byClaim(i, e); claim != by && !has(l.claimed, claim) {
			l.claimed = append(l.claimed, reading{"", claim})
		}
	}
	for _, e := range found {
		if e.Removed {
			continue
		}
		for _, later := range j.Catalogue.Later(e) {
			if by := byEntry(i, later); !later.Removed && !has(l.later, by) {
				l.later = append(l.later, reading{later.Number, by})
			}
		}
	}
	return l
}

func has(readings []reading, device ivp.Installation) bool {
	return slices.ContainsFunc(readings, func(r reading) bool { return r.device == device })
}

// joined judges a device with the catalogue: by every entry that fits its model, and by
// the version that it claims, if that differs. The answer is given only if all of them
// agree.
func (j Judge) joined(l *lookup, on ivp.Date, faults []CellFault) Result {
	i := l.as
	i.On = on
	if i.Spec.IsUnreadable() || i.GBCS.IsUnreadable() {
		return j.result(i, j.Checker.Check(i), faults)
	}
	switch {
	case len(l.found) == 0:
		r := j.result(i, ivp.Verdict{Reason: ivp.NotOnCPL}, faults)
		r.note = fmt.Sprintf("Looked for %s.", l.model)
		return r
	case len(l.listed) == 0:
		return j.removed(l, i, faults)
	}
	r := j.agreed(l, i, faults)
	for _, listed := range l.listed {
		r.Entries = append(r.Entries, listed.entry)
	}
	if r.Outcome() == ivp.NotEligible {
		r.Remedy = j.remedy(l, on)
	}
	return r
}

func (d Device) model() DeviceModel {
	return DeviceModel{d.Manufacturer, d.Model, d.HardwareVersion, d.HardwareRevision, d.ModelHardware, d.Firmware}
}

// removed returns the answer if every entry that fits is marked Removed. Without a valid
// day the reason is that of the day.
func (j Judge) removed(l *lookup, i ivp.Installation, faults []CellFault) Result {
	v := ivp.Verdict{Reason: ivp.RemovedFromCPL}
	switch {
	case i.On.IsZero():
		v.Reason = ivp.NoDate
	case !i.On.Valid():
		v.Reason = ivp.BadDate
	}
	r := j.result(i, v, faults)
	r.Entries = slices.Clone(l.found)
	return r
}

// byEntry returns the installation with the versions of the entry.
func byEntry(i ivp.Installation, e CatalogueEntry) ivp.Installation {
	i.Spec, i.GBCS = e.Spec, e.GBCS
	if i.Type == 0 {
		i.Type = e.Type
	}
	return i
}

// byClaim returns the installation with the versions that the device claims, and those
// of the entry for what it does not claim. The entry's GBCS version is used only
// together with the entry's TS version.
func byClaim(i ivp.Installation, e CatalogueEntry) ivp.Installation {
	claim := byEntry(i, e)
	if !i.Spec.IsZero() && i.Spec != e.Spec {
		claim.Spec, claim.GBCS = i.Spec, ivp.Spec{}
	}
	if !i.GBCS.IsZero() {
		claim.GBCS = i.GBCS
	}
	return claim
}

// agreed returns the answer if all readings agree, and else an undetermined one.
func (j Judge) agreed(l *lookup, i ivp.Installation, faults []CellFault) Result {
	listed := j.verdicts(l.listed, i.On)
	if _, ok := j.Checker.Unanimous(listed); !ok {
		return j.disagreed(i, faults, ivp.AmbiguousModel, l.listed, listed)
	}
	readings := append(l.listed[:len(l.listed):len(l.listed)], l.claimed...)
	all := append(listed, j.verdicts(l.claimed, i.On)...)
	place, ok := j.Checker.Unanimous(all)
	two := func() ([]reading, []ivp.Verdict) { // the first entry and the first claim
		n := len(l.listed)
		return []reading{readings[0], readings[n]}, []ivp.Verdict{all[0], all[n]}
	}
	if !ok {
		readings, verdicts := two()
		return j.disagreed(i, faults, ivp.CPLConflict, readings, verdicts)
	}
	as := readings[place].device
	as.On = i.On
	r := j.result(as, all[place], faults)
	if r.Differs = len(l.claimed) > 0; r.Differs {
		r.note = "The list differs from the claim, with the same answer: " + readingsText(two())
	}
	return r
}

// verdicts judges each reading on a day.
func (j Judge) verdicts(readings []reading, on ivp.Date) []ivp.Verdict {
	all := make([]ivp.Verdict, 0, len(readings))
	if len(readings) == 1 { // as most often
		r := readings[0].device
		r.On = on
		return append(all, j.Checker.Check(r))
	}
	known := map[ivp.Installation]int{} // the index of the first equal reading
	for n, r := range readings {
		if first, ok := known[r.device]; ok {
			all = append(all, all[first])
			continue
		}
		known[r.device] = n
		r.device.On = on
		all = append(all, j.Checker.Check(r.device))
	}
	return all
}

func (j Judge) disagreed(i ivp.Installation, faults []CellFault, reason ivp.Reason, readings []reading, verdicts []ivp.Verdict) Result {
	r := j.result(i, ivp.Verdict{Reason: reason}, faults)
	r.note = readingsText(readings, verdicts)
	return r
}

// readingsText lists readings with the answer of each.
func readingsText(readings []reading, verdicts []ivp.Verdict) string {
	var parts []string
	for n, r := range readings {
		who := "the claim"
		if r.entry != "" {
			who = "entry " + r.entry
		}
		version := r.device.Spec.String()
		if !r.device.GBCS.IsZero() {
			version += " with " + r.device.GBCS.String()
		}
		parts = append(parts, fmt.Sprintf("%s has %s: %s (%s)", who, version, verdicts[n].Outcome(), verdicts[n].Reason))
	}
	s := strings.Join(parts, "; ")
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// remedy returns the number of the first entry with later firmware with which the device
// would be eligible on the day, or "".
func (j Judge) remedy(l *lookup, on ivp.Date) string {
	for _, r := range l.later {
		r.device.On = on
		if j.Checker.Check(r.device).Outcome() == ivp.Eligible {
			return r.entry
		}
	}
	return ""
}
