package typedtable

import (
	"fmt"
	"slices"

	"github.com/mp196/ivp/ivp"
)

// pairNotes say which pairs needed no adding, which name a version that nothing
// lists, and which versions of GBCS that are new to the record have none.
func pairNotes(before, after ivp.History, pairs *Pairs, added []pair) (notes []string) {
	known, all := before.Specs(), after.Specs()
	if pairs != nil && len(added) < len(pairs.pairs) {
		notes = append(notes, fmt.Sprintf("%s: %d of %d pairs are on record already, and were left out", pairs.sheet.name, len(pairs.pairs)-len(added), len(pairs.pairs)))
	}
	for _, p := range added {
		for _, spec := range []ivp.Spec{p.Spec, p.GBCS} {
			if !spec.NoGBCS() && !slices.Contains(all, spec) {
				notes = append(notes, fmt.Sprintf("warning: %s:%d: neither the record nor the table lists %s: look it up again", pairs.sheet.name, p.line, spec))
			}
		}
	}
	for _, spec := range all {
		if spec.Family == ivp.GBCS && !slices.Contains(known, spec) && !paired(after, spec) {
			notes = append(notes, unpairedNote(spec))
		}
	}
	return notes
}

// paired reports whether some pair on record names the version.
func paired(h ivp.History, spec ivp.Spec) bool {
	return slices.ContainsFunc(h.Pairs(), func(p ivp.Pair) bool { return p.Spec == spec || p.GBCS == spec })
}

func unpairedNote(spec ivp.Spec) string {
	return fmt.Sprintf("warning: %s is new to the record and is in no permitted pair: a device that has it is undetermined, unlisted-pair, beside any version that has pairs; give its pairs with --pairs FILE (device_type, spec, gbcs)", spec)
}

// Warnings returns what deserves a look in the amendments that were added to a
// record: of [ivp.Lint] what names one of them, and the versions without a pair
// that one of them names. For a whole record before is empty.
func Warnings(before, after ivp.History, today ivp.Date) (warnings ivp.Faults) {
	added := map[string]bool{}
	for _, a := range after.Amendments() {
		if _, known := before.Amendment(a.ID); known {
			continue
		}
		added[a.ID] = true
		for _, e := range a.Entries {
			added[e.Spec.String()] = true
		}
	}
	for _, w := range ivp.Lint(after, today) {
		if added[w.Amendment] || w.Amendment == "" && added[w.Value] {
			warnings = append(warnings, w)
		}
	}
	return warnings
}
