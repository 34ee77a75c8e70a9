package devices

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// reading is one version that a device may hold, by the catalogue or by its own
// claim, and the answer for it.
type reading struct {
	entry   string // the number of the catalogue's entry; empty for the claim
	device  ivp.Installation
	verdict ivp.Verdict
}

// joined judges a device with the catalogue: by every entry that fits its
// model, and by the version that it claims, if that is another. The answer
// stands only if all of them give it.
func (j Judge) joined(d Device, i ivp.Installation) Result {
	if i.Spec.IsUnreadable() || i.GBCS.IsUnreadable() {
		return j.result(i, j.Checker.Check(i), d.Faults)
	}
	found := j.Catalogue.Find(d.model())
	current := slices.DeleteFunc(slices.Clone(found), func(e CatalogueEntry) bool { return e.Removed })
	switch {
	case len(found) == 0:
		r := j.result(i, ivp.Verdict{Reason: ivp.NotOnCPL}, d.Faults)
		r.note = fmt.Sprintf("Looked for %s.", d.model())
		return r
	case len(current) == 0:
		return j.removed(d, i, found)
	}
	listed, claimed := j.readings(i, current)
	r := j.agreed(d, i, listed, claimed)
	r.Entries = numbers(current)
	if r.Outcome() == ivp.NotEligible {
		r.Remedy = j.remedy(i, current)
	}
	return r
}

func (d Device) model() DeviceModel {
	return DeviceModel{d.Manufacturer, d.Model, d.HardwareVersion, d.HardwareRevision, d.ModelHardware, d.Firmware}
}

// removed is the answer where every entry that fits is marked Removed. Without
// a day nothing is asked.
func (j Judge) removed(d Device, i ivp.Installation, found []CatalogueEntry) Result {
	v := ivp.Verdict{Reason: ivp.RemovedFromCPL}
	switch {
	case i.On.IsZero():
		v.Reason = ivp.NoDate
	case !i.On.Valid():
		v.Reason = ivp.BadDate
	}
	r := j.result(i, v, d.Faults)
	r.Entries = numbers(found)
	return r
}

func numbers(entries []CatalogueEntry) []string {
	var all []string
	for _, e := range entries {
		all = append(all, e.Number)
	}
	return all
}

// readings judges the device by each entry, and by its claim where that differs
// from an entry.
func (j Judge) readings(i ivp.Installation, entries []CatalogueEntry) (listed, claimed []reading) {
	for _, e := range entries {
		by := byEntry(i, e)
		listed = append(listed, reading{e.Number, by, j.Checker.Check(by)})
		if claim := byClaim(i, e); claim != by {
			claimed = append(claimed, reading{"", claim, j.Checker.Check(claim)})
		}
	}
	return listed, claimed
}

// byEntry is the device as the entry has it.
func byEntry(i ivp.Installation, e CatalogueEntry) ivp.Installation {
	i.Spec, i.GBCS = e.Spec, e.GBCS
	if i.Type == 0 {
		i.Type = e.Type
	}
	return i
}

// byClaim is the device as it is claimed; what is not claimed is as the entry
// has it. A GBCS version of the entry goes with the entry's own version alone.
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

// agreed is the answer that all readings give, if they give one.
func (j Judge) agreed(d Device, i ivp.Installation, listed, claimed []reading) Result {
	if _, ok := ivp.Unanimous(verdicts(listed)); !ok {
		return j.disagreed(d, i, ivp.AmbiguousModel, listed)
	}
	all := append(listed, claimed...)
	place, ok := ivp.Unanimous(verdicts(all))
	if !ok {
		return j.disagreed(d, i, ivp.CPLConflict, append(listed[:1:1], claimed[0]))
	}
	r := j.result(all[place].device, all[place].verdict, d.Faults)
	if r.Differs = len(claimed) > 0; r.Differs {
		r.note = "The list differs from the claim, with the same answer: " + told(append(listed[:1:1], claimed[0]))
	}
	return r
}

func verdicts(readings []reading) []ivp.Verdict {
	var all []ivp.Verdict
	for _, r := range readings {
		all = append(all, r.verdict)
	}
	return all
}

func (j Judge) disagreed(d Device, i ivp.Installation, reason ivp.Reason, readings []reading) Result {
	r := j.result(i, ivp.Verdict{Reason: reason}, d.Faults)
	r.note = told(readings)
	return r
}

// told names readings and what each answers.
func told(readings []reading) string {
	var parts []string
	for _, r := range readings {
		who := "the claim"
		if r.entry != "" {
			who = "entry " + r.entry
		}
		version := r.device.Spec.String()
		if !r.device.GBCS.IsZero() {
			version += " with " + r.device.GBCS.String()
		}
		parts = append(parts, fmt.Sprintf("%s has %s: %s (%s)", who, version, r.verdict.Outcome(), r.verdict.Reason))
	}
	s := strings.Join(parts, "; ")
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// remedy returns the number of the first entry with later firmware by which the
// device would be eligible, "" where there is none.
func (j Judge) remedy(i ivp.Installation, entries []CatalogueEntry) string {
	for _, e := range entries {
		for _, later := range j.Catalogue.Later(e) {
			if !later.Removed && j.Checker.Check(byEntry(i, later)).Outcome() == ivp.Eligible {
				return later.Number
			}
		}
	}
	return ""
}
