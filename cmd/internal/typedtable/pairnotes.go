package typedtable

import (
	"fmt"
	"slices"

	"github.com/mp196/ivp/ivp"
)

// pairNotes say which pairs needed no adding, which name a version that nothing
// lists, and which versions that are new to the record have none.
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
		if !slices.Contains(known, spec) && !paired(after, spec) {
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
	what := "a device that has it is not held against the permitted pairs"
	if spec.Family == ivp.GBCS {
		what = "a device that has it is undetermined, unlisted-pair, beside any version that has pairs"
	}
	return fmt.Sprintf("warning: %s is new to the record and stands in no permitted pair: %s; give its pairs with --pairs FILE (device_type, spec, gbcs)", spec, what)
}
