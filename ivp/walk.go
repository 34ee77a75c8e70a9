package ivp

import (
	"fmt"
	"strings"
)

// walk goes through every entry in the order of the record, and tells what is
// wrong with each, held against what stood before it.
func walk(all []*placed, tell func(a *placed, i int, faults Faults)) {
	stood := map[Spec]map[string]reading{}
	unsure := map[Spec]bool{} // versions that something unread may list or remove
	for _, a := range all {
		for i, e := range a.Entries {
			if a.unreadEntry(i) || !a.InForce.Valid() {
				unsure[e.Spec] = unsure[e.Spec] || a.unreadEntry(i) || e.From.Kind != 0 || e.Remove
				continue
			}
			sure := !unsure[e.Spec] && !unsure[Spec{}]
			scopes := stood[e.Spec]
			if scopes == nil {
				scopes = map[string]reading{"": {window: Window{Spec: e.Spec}}}
				stood[e.Spec] = scopes
			}
			if e.Remove {
				tell(a, i, a.removes(i, !sure || listedAnywhere(scopes)))
				stood[e.Spec] = map[string]reading{"": {window: Window{Spec: e.Spec}, removedBy: a.ID}}
				continue
			}
			scope := strings.ToLower(e.Scope)
			before, own := scopes[scope]
			if !own {
				before = scopes[""]
			}
			after := before
			after.apply(a.Amendment, e)
			if after.listed {
				scopes[scope] = after
			}
			tell(a, i, a.changes(i, before, after, sure))
		}
	}
}

func listedAnywhere(scopes map[string]reading) bool {
	for _, r := range scopes {
		if r.listed {
			return true
		}
	}
	return false
}

// entryPlace is one entry of the record.
type entryPlace struct {
	a     *placed
	entry int
}

// standing holds every entry that is added against what stood before it, and
// every later entry of the base against what is added: a record that has an
// amendment added must stand as a whole.
func (l *linter) standing() {
	excused := l.faultyBase()
	cause := map[Spec]entryPlace{}
	walk(l.combined(), func(a *placed, i int, faults Faults) {
		spec := a.Entries[i].Spec
		switch {
		case !l.isBase(a):
			cause[spec] = entryPlace{a, i}
			l.faults = append(l.faults, faults...)
		case len(faults) > 0 && cause[spec].a != nil && !excused[baseEntry{a.ID, i}]:
			by := cause[spec]
			l.fault(by.a, by.a.entryLine(by.entry), "entries", by.a.Entries[by.entry].name(),
				fmt.Sprintf("%s, which follows on %s, could not stand then: %s", a.ID, a.InForce, faults[0].Problem), "a change with which the later ones agree", fmt.Sprintf("correct it, or let it be in force after %s", a.ID))
		}
	})
}

// baseEntry names an entry of the base.
type baseEntry struct {
	amendment string
	entry     int
}

// faultyBase returns the entries of the base that are at fault by themselves,
// as they may be in a record that leaves an amendment out.
func (l *linter) faultyBase() map[baseEntry]bool {
	faulty := map[baseEntry]bool{}
	base := linter{base: l.base}
	walk(base.combined(), func(a *placed, i int, faults Faults) {
		if len(faults) > 0 {
			faulty[baseEntry{a.ID, i}] = true
		}
	})
	return faulty
}

// removes holds the removal of a version against what stood before it.
func (p *placed) removes(i int, listed bool) (faults Faults) {
	if !listed && !p.Entries[i].Spec.IsZero() {
		faults = append(faults, p.fault(p.entryLine(i), "remove", p.Entries[i].name(), "the version is not listed, so it cannot be removed", "a version that stands in the tables", "correct the version, or take the entry away; ivp rules list shows those that stand"))
	}
	return faults
}

// changes holds an entry against what stood before it, of which sure says that
// all was read.
func (p *placed) changes(i int, before, after reading, sure bool) (faults Faults) {
	e, line := p.Entries[i], p.entryLine(i)
	fault := func(field, value, problem, want, do string) {
		faults = append(faults, p.fault(line, field, value, problem, want, do))
	}
	if e.Spec.IsZero() {
		return nil
	}
	if !after.listed && sure {
		problem := "no earlier amendment lists the version"
		if before.removedBy != "" {
			problem = "the version was removed by " + before.removedBy
		}
		fault("spec", e.name(), problem, "a version that stands in the tables", "correct the version; or, to list it, give from and to")
		return faults
	}
	if !before.listed && e.To.Kind == 0 && sure {
		fault("to", e.name(), "an entry that lists a version does not say how it ends", "to: a date, open or not-on-record", "add it; where no source says how it ends, that is not-on-record")
	}
	if start, ok := after.window.From.Date(); ok && e.Confirmed.Valid() && e.Confirmed.Before(start) {
		fault("confirmed", e.Confirmed.String(), "this is before the start, "+start.String(), "a day on which the version could be installed", "correct the day, or take it away")
	}
	if after.window.backward() && (e.From.Kind != 0 || e.To.Kind != 0) {
		faults = append(faults, p.faultWindow(line, after.window))
	}
	if e.Inferred != "" || e.Unquoted != "" || p.unreadCitations {
		return faults
	}
	if day, ok := e.From.Date(); ok && (!before.listed || before.window.From != e.From) {
		faults = append(faults, p.quoted(line, "from", day)...)
	}
	if day, ok := e.To.Date(); ok && before.window.To != e.To {
		faults = append(faults, p.quoted(line, "to", day)...)
	}
	return faults
}
