package amendtable

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// pair is a permitted pair and the row that gives it.
type pair struct {
	row
	ivp.Pair
}

// pairs returns the pairs of the tables, each once, that the record does not permit
// on the in-force day. If a row gives no device types, they are those of --types;
// else a combination that is on record for some type is not extended to others, and
// a new one is permitted for the types that the version has on record. asked has
// each version for which none of these gives a type. The pairs that the tables
// withdraw follow; faults has those that the record does not permit.
func (m *Made) pairs(h ivp.History, inForce ivp.Date, a *Answers, tables ...*Table) (added []pair, asked, faults Faults) {
	known := map[ivp.Pair]bool{}
	combined := map[[2]ivp.Spec]bool{}
	typesOf := map[ivp.Spec][]ivp.DeviceType{}
	onRecord := h.PermittedPairs(inForce)
	for _, permitted := range onRecord {
		if p := permitted.Pair; !permitted.Perhaps {
			known[p], combined[[2]ivp.Spec{p.Spec, p.GBCS}] = true, true
			if !slices.Contains(typesOf[p.Spec], p.Type) {
				typesOf[p.Spec] = append(typesOf[p.Spec], p.Type)
			}
		}
	}
	for _, t := range tables {
		if t == nil {
			continue
		}
		total, restated := 0, 0
		for _, e := range t.entries {
			var without []string
			for _, p := range e.pairs {
				types := p.types
				if types == nil {
					types = a.types[e.Spec]
				}
				if p.gbcs.IsZero() || e.Spec.IsZero() || e.end.removed {
					continue
				}
				total++
				if types == nil && combined[[2]ivp.Spec{e.Spec, p.gbcs}] {
					restated++
					continue
				}
				if types == nil {
					types = typesOf[e.Spec]
				}
				if name := p.gbcs.String(); types == nil && !slices.Contains(without, name) {
					without = append(without, name)
				}
				before := len(added)
				for _, kind := range types {
					one := ivp.Pair{Type: kind, Spec: e.Spec, GBCS: p.gbcs}
					if !known[one] && !covered(known, one) {
						known[one] = true
						added = append(added, pair{p.row, one})
					}
				}
				if len(added) == before && types != nil {
					restated++
				}
			}
			if without != nil {
				asked = append(asked, typesQuestion(e, without))
			}
		}
		for _, e := range t.entries {
			more, fault := e.withdrawals(onRecord)
			added, faults = append(added, more...), append(faults, fault...)
		}
		if restated > 0 && !t.sheet.form {
			m.notes = append(m.notes, t.sheet.note(fmt.Sprintf("%s: %s, %d of them on record already", t.sheet.title(gbcsColumn), count(total, "combination", "combinations"), restated)))
		}
	}
	return added, asked, faults
}

// withdrawals returns the pairs that an entry withdraws: those of the device types
// that the row gives or, if it gives none, all that are on record.
func (e *entry) withdrawals(onRecord []ivp.PermittedPair) (all []pair, faults Faults) {
	for _, w := range e.withdrawn {
		if w.gbcs.IsZero() || e.Spec.IsZero() || e.end.removed {
			continue
		}
		types := w.types
		if types == nil {
			for _, p := range onRecord {
				if p.Spec == e.Spec && p.GBCS == w.gbcs && !p.Perhaps {
					types = append(types, p.Type)
				}
			}
		}
		for _, kind := range types {
			all = append(all, pair{w.row, ivp.Pair{Type: kind, Spec: e.Spec, GBCS: w.gbcs, Remove: true}})
		}
		if types == nil {
			faults = append(faults, w.fault(withdrawnColumn, fmt.Sprintf("no pair of %s with %s is on record, so none can be withdrawn", e.Spec, w.gbcs), "a GBCS version that goes with it", "correct it, or empty the cell"))
		}
	}
	return all, faults
}

// covered reports whether other pairs permit a pair: ESME is three types on the
// Central Products List, and a communications hub has two functions.
func covered(known map[ivp.Pair]bool, p ivp.Pair) bool {
	types := map[ivp.DeviceType][]ivp.DeviceType{
		ivp.ESME: {ivp.SingleElement, ivp.TwinElement, ivp.Polyphase}, ivp.SAPC: {ivp.SingleElement},
		ivp.CHF: {ivp.CommunicationsHub}, ivp.GPF: {ivp.CommunicationsHub},
	}[p.Type]
	return types != nil && !slices.ContainsFunc(types, func(t ivp.DeviceType) bool {
		p.Type = t
		return !known[p]
	})
}

// typesQuestion asks for the device types of a version without a pair on record.
func typesQuestion(e *entry, gbcs []string) Fault {
	types := "ESME,GSME"
	if e.Spec.Family == ivp.CHTS {
		types = ivp.CommunicationsHub.String()
	}
	c := gbcsColumn
	if e.sheet.form {
		c = typeColumn
	}
	f := e.fault(c, fmt.Sprintf("%s has no permitted pair on record, and the table gives no device types: no pair is written for %s (%s)", e.Spec, count(len(gbcs), "combination", "combinations"), strings.Join(gbcs, ", ")),
		"the device types for which the Tables permit it", "")
	f.Flags = fmt.Sprintf("; say --types with them, as in --types %s, or leave it out", quote(e.Spec.String()+"="+types))
	f.Paste = "--types " + quote(e.Spec.String()+"="+placeholder+"TYPES")
	return f
}

// absent names what is on record on the in-force day and not in the table: the
// combinations of its versions and, if it restates the Tables as a whole, the
// versions. Nothing of it is taken away.
func (t *Table) absent(h ivp.History, whole bool, inForce ivp.Date) (notes []string) {
	given := map[[2]ivp.Spec]bool{}
	paired, has := map[ivp.Spec]bool{}, map[ivp.Spec]bool{}
	for _, e := range t.entries {
		has[e.Spec] = true
		for _, p := range e.pairs {
			given[[2]ivp.Spec{e.Spec, p.gbcs}], paired[e.Spec] = true, true
		}
		for _, p := range e.withdrawn {
			given[[2]ivp.Spec{e.Spec, p.gbcs}] = true
		}
	}
	var combinations, versions []string
	for _, p := range h.PermittedPairs(inForce) {
		name := fmt.Sprintf("%s with %s", p.Spec, p.GBCS)
		if paired[p.Spec] && !given[[2]ivp.Spec{p.Spec, p.GBCS}] && !slices.Contains(combinations, name) {
			combinations = append(combinations, name)
		}
	}
	for _, r := range h.Table(inForce) {
		if name := r.Spec.String(); !has[r.Spec] && !slices.Contains(versions, name) {
			versions = append(versions, name)
		}
	}
	if combinations != nil {
		place := "in the column " + withdrawnColumn.String()
		if t.sheet.form {
			place = "under “No longer permitted”"
		}
		notes = append(notes, t.sheet.note(fmt.Sprintf("on record and not in the table, and left as they are: %s; if the Tables permit them no more, name the GBCS versions %s", strings.Join(combinations, ", "), place)))
	}
	if whole && versions != nil {
		notes = append(notes, t.sheet.note(fmt.Sprintf("on record and not in the table, and left as they are: %s; for a version that the Tables no longer list, add a row with removed as its end", strings.Join(versions, ", "))))
	}
	return notes
}

// pairNotes names the pairs with a version that is not listed, and the new GBCS
// versions that have no pair.
func pairNotes(before, after ivp.History, added []pair) (notes []string) {
	known, all := before.Specs(), after.Specs()
	for _, p := range added {
		for _, spec := range []ivp.Spec{p.Spec, p.GBCS} {
			if !spec.NoGBCS() && !slices.Contains(all, spec) {
				notes = append(notes, "warning: "+p.note(gbcsColumn, fmt.Sprintf("neither the record nor the table lists %s: check it against the Tables", spec)))
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
	return fmt.Sprintf("warning: %s is new to the record and has no permitted pair: a device with it is undetermined (unlisted-pair) if its other version has pairs; name it in the GBCS column of that version", spec)
}
