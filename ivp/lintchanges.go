package ivp

import "fmt"

// changes checks that the history as a whole is free of faults. It goes through
// all entries and pairs in the order of the history, with the fold that the
// timelines use, and checks each against the result of those before it.
func (l *linter) changes() {
	all := l.combined()
	alone := linter{base: l.base}
	excused := map[entryPlace]bool{} // entries that have faults in base alone, because Without left an amendment out
	if len(l.added) > 0 {
		walk(alone.combined(), func(a *placed, i int, faults Faults) {
			if len(faults) > 0 {
				excused[entryPlace{a.ID, i}] = true
			}
		})
	}
	cause := map[Spec]placedEntry{}
	walk(all, func(a *placed, i int, faults Faults) {
		spec := a.Entries[i].Spec
		by := cause[spec]
		switch {
		case !a.isBase():
			cause[spec] = placedEntry{a, i}
			for _, f := range faults {
				l.report(a, f)
			}
		case len(faults) > 0 && by.a != nil && !excused[entryPlace{a.ID, i}]:
			l.report(by.a, Fault{Code: "breaks-later", Line: by.a.entryLine(by.entry), Field: "entries", Value: by.a.Entries[by.entry].name(),
				Problem: fmt.Sprintf("%s, in force on %s, would then have a fault: %s", a.ID, a.InForce, faults[0].Problem),
				Want:    "a change that agrees with the later ones", Do: fmt.Sprintf("correct it, or give it an in-force day after %s", a.ID)})
		}
	})
	l.withdrawals(all)
}

// entryPlace is an entry of base.
type entryPlace struct {
	amendment string
	entry     int
}

// placedEntry is an added entry.
type placedEntry struct {
	a     *placed
	entry int
}

// walk calls report for every entry in the order of the history, with the faults
// that it has after those before it.
func walk(all []*placed, report func(a *placed, i int, faults Faults)) {
	versions := map[Spec]*versionFolds{}
	allUnsure := false // whether an entry without a readable version may list or remove any
	for _, a := range all {
		for i := range a.Entries {
			e := &a.Entries[i]
			v := versions[e.Spec]
			if v == nil {
				v = &versionFolds{folds: map[string]*fold{"": newFold(e.Spec, "")}}
				versions[e.Spec] = v
			}
			if a.unreadEntry(i) || !a.InForce.Valid() {
				v.unsure = v.unsure || a.unreadEntry(i) || e.From.Kind != 0 || e.Remove
				allUnsure = allUnsure || v.unsure && e.Spec.IsZero()
				continue
			}
			sure := !v.unsure && !allUnsure
			if e.Remove {
				report(a, i, a.removes(i, !sure || v.listed()))
			}
			before, after, first := v.apply(&a.Amendment, e)
			if !e.Remove {
				report(a, i, a.changes(i, before, after, first, sure))
			}
		}
	}
}

// versionFolds are the folds of one version, by scope in lower case.
type versionFolds struct {
	folds map[string]*fold
	// unsure is true if something that could not be read may list or remove the
	// version.
	unsure bool
}

// apply adds an entry and returns the reading of its scope before and after it.
// first reports whether it is the first entry of its scope.
func (v *versionFolds) apply(a *Amendment, e *Entry) (before, after reading, first bool) {
	key := e.key().scope
	f := v.folds[key]
	if f == nil {
		f = newFold(e.Spec, e.Scope)
		f.general = v.folds[""].general
		v.folds[key] = f
	}
	first = e.Scope != "" && !f.own.listed
	before = f.reading()
	if e.Scope != "" && !e.Remove {
		f.apply(a, e)
		return before, f.reading(), first
	}
	for _, other := range v.folds {
		other.apply(a, e)
	}
	return before, f.reading(), first
}

// listed reports whether the version is listed in some scope.
func (v *versionFolds) listed() bool {
	for _, f := range v.folds {
		if f.reading().listed {
			return true
		}
	}
	return false
}

// removes checks the removal of a version.
func (p *placed) removes(i int, listed bool) (faults Faults) {
	if !listed && !p.Entries[i].Spec.IsZero() {
		faults = append(faults, Fault{Code: "not-listed", Line: p.entryLine(i), Field: "remove", Value: p.Entries[i].name(), Problem: "the version is not listed, so it cannot be removed",
			Want: "a version that is in the tables", Do: "correct the version, or remove the entry"})
	}
	return faults
}

// changes checks an entry, given the readings before and after it. first is true
// if it is the first entry of its scope, sure if everything before it could be
// read.
func (p *placed) changes(i int, before, after reading, first, sure bool) (faults Faults) {
	e, line := &p.Entries[i], p.entryLine(i)
	report := func(f Fault) {
		f.Line = line
		faults = append(faults, f)
	}
	if e.Spec.IsZero() {
		return nil
	}
	noEnd := Fault{Code: "no-end", Field: "to", Value: e.name(), Problem: "an entry that lists a version does not say how it ends",
		Want: "to: a date, open or not-on-record", Do: "add it; if no source says how it ends, that is not-on-record"}
	if !after.listed && sure && e.From.Kind != 0 {
		report(noEnd)
		return faults
	}
	if !after.listed && sure {
		problem := "no earlier amendment lists the version"
		if before.removedBy != "" {
			problem = "the version was removed by " + before.removedBy
		}
		report(Fault{Code: "not-listed", Field: "spec", Value: e.name(), Problem: problem,
			Want: "a version that is in the tables", Do: "correct the version; or, to list it, give from and to"})
		return faults
	}
	switch {
	case e.To.Kind != 0:
	case first && sure:
		report(Fault{Code: "no-end", Field: "to", Value: e.name(), Problem: "the first entry of a scope does not say how the scope ends",
			Want: "to: a date, open or not-on-record", Do: "add it; an end that is the same as in the general case is written again"})
	case e.Confirmed.Valid() && after.window.To.Kind != NotOnRecord && after.listed:
		report(Fault{Code: "needless-confirmed", Field: "confirmed", Value: e.Confirmed.String(), Problem: "the end is on record already: " + after.window.To.String() + ", by " + after.toBy,
			Want: "confirmed only if the end is not on record", Do: "remove it; or, if no source gives the end any more, give to as not-on-record beside it"})
	}
	if start, ok := after.window.From.Date(); ok && e.Confirmed.Valid() && e.Confirmed.Before(start) {
		report(Fault{Code: "early-confirmed", Field: "confirmed", Value: e.Confirmed.String(), Problem: "this is before the start, " + start.String(),
			Want: "a day on which the version could be installed", Do: "correct the day, or remove it"})
	}
	if after.window.backward() && (e.From.Kind != 0 || e.To.Kind != 0) {
		report(faultWindow(line, after.window))
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

// withdrawals checks that each pair that an added amendment withdraws was
// permitted before.
func (l *linter) withdrawals(all []*placed) {
	pairs := map[Spec]*pairFold{}
	for _, a := range all {
		for i := range a.Pairs {
			p := &a.Pairs[i]
			if a.unreadPair(i) || !a.InForce.Valid() {
				continue
			}
			r := pairs[p.Spec]
			if r == nil {
				r = &pairFold{}
				pairs[p.Spec] = r
			}
			if p.Remove && !a.isBase() && !r.of(p.GBCS).permits(p) {
				l.report(a, Fault{Code: "not-a-pair", Line: a.pairLine(i), Field: "remove", Value: p.name(), Problem: "no earlier amendment permits the pair, so it cannot be withdrawn",
					Want: "a pair that is permitted on that day", Do: "correct the pair, or remove it"})
			}
			r.apply(&a.Amendment, p)
		}
	}
}

// permits reports whether a reading of one GBCS version permits the pair for all
// kinds of device of its type.
func (p *pairReading) permits(pair *Pair) bool {
	left := pair.Type.fact().kinds
	for _, fit := range p.permitted {
		left &^= fit.kinds
	}
	return left == 0
}
