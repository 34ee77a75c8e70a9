package ivp

import (
	"fmt"
	"slices"
	"strings"
)

// unknown says what the record does not know of the versions asked, and what
// was not asked.
func (c Checker) unknown(i Installation, v Verdict) []string {
	var lines []string
	for _, f := range [...]Finding{v.TS, v.GBCS} {
		for _, line := range c.unknownOf(f) {
			if !slices.Contains(lines, line) { // both may be of one amendment
				lines = append(lines, line)
			}
		}
	}
	if !v.TS.Asked() {
		return lines
	}
	if i.GBCS.IsZero() && v.GBCS.Window.Spec.Version != "" {
		lines = append(lines, fmt.Sprintf("No GBCS version was given: of those that go with the device, %s is the most favourable and was judged.", v.GBCS.Window.Spec))
	} else if i.GBCS.IsZero() {
		lines = append(lines, "No GBCS version was given, so none was judged.")
	}
	if i.Type == 0 {
		lines = append(lines, "No device type was given, so the pair was not judged by type.")
	}
	asAt := c.asAt(i.On)
	if !v.Pair.Asked() && i.Type != 0 {
		lines = append(lines, fmt.Sprintf("The tables as at %s hold no permitted pair of %s, so only its family was compared with the device type.", asAt, i.Spec))
	}
	if !c.History.NamesScope(i.Scope, asAt) {
		lines = append(lines, fmt.Sprintf("No rule as at %s names the scope %q; the device was judged by the general case and by each scope that the rules name for %s.", asAt, strings.TrimSpace(i.Scope), i.Spec))
	}
	return lines
}

func (c Checker) unknownOf(f Finding) []string {
	w := f.Window
	if f.Reason == Unsettled {
		a, _ := c.History.Amendment(w.Amendment)
		return a.unknownOf(w)
	}
	if w.Spec.IsZero() || w.From.Kind == 0 && w.To.Kind == 0 {
		return nil
	}
	var lines []string
	if w.From.Kind == NotOnRecord {
		lines = append(lines, fmt.Sprintf("The start of %s is not on record; it was first seen on %s.", w.Spec, w.From.Day))
	}
	if w.To.Kind == NotOnRecord {
		line := fmt.Sprintf("The end of %s is not on record", w.Spec)
		if w.To.Day.Valid() {
			line += fmt.Sprintf("; a source vouches for it up to %s", w.To.Day)
		}
		lines = append(lines, line+".")
	}
	if a, ok := c.History.Amendment(w.Amendment); ok {
		lines = append(lines, a.unknownOf(w)...)
	}
	return lines
}

// unknownOf says what the amendment that set a window leaves in doubt.
func (a Amendment) unknownOf(w Window) []string {
	var lines []string
	for _, e := range a.Entries {
		if e.Spec == w.Spec && e.Scope == w.Scope && e.Inferred != "" {
			lines = append(lines, fmt.Sprintf("%s on %s is inferred: %s.", a.ID, e.Spec, e.Inferred))
		}
	}
	if a.PerhapsFrom.Valid() {
		lines = append(lines, fmt.Sprintf("%s is first seen in force on %s; it may have stood from %s.", a.ID, a.InForce, a.PerhapsFrom))
	}
	if a.Note != "" {
		lines = append(lines, a.ID+": "+a.Note)
	}
	return lines
}
