package ivp

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// lint holds amendments that are to be added against the rules that every
// record keeps. base is a record that has passed; what is wrong is named with
// its line.
func lint(base []Amendment, added []placed) Faults {
	l := &linter{base: base, added: added}
	l.each()
	l.order()
	sound := len(l.faults) == 0 && !slices.ContainsFunc(added, func(a placed) bool { return a.faulty })
	if sound {
		l.doubts()
	}
	l.walk()
	if sound && len(l.faults) == 0 {
		l.windows()
	}
	return l.faults.sorted()
}

type linter struct {
	base   []Amendment
	added  []placed
	faults Faults
}

func (l *linter) fault(a *placed, line int, field, value, problem, want, do string) {
	l.faults = append(l.faults, Fault{a.ID, line, field, value, problem, want, do})
}

var idShape = regexp.MustCompile(`^[A-Z][A-Za-z0-9._-]*$`)

// each looks at every amendment by itself.
func (l *linter) each() {
	for n := range l.added {
		a := &l.added[n]
		if a.ID != "" && !idShape.MatchString(a.ID) {
			l.fault(a, a.line, "id", a.ID, "this is no id", "a capital letter, then letters, digits, . _ -", "")
		}
		if len(a.Citations) == 0 || slices.ContainsFunc(a.Citations, func(c Citation) bool { return strings.TrimSpace(c.Document) == "" }) {
			l.fault(a, a.line, "citations", "", "there is no authority without a source", "at least one citation, each with a document", "say what was read")
		}
		if a.faulty {
			continue
		}
		if len(a.Entries)+len(a.Pairs) == 0 {
			l.fault(a, a.line, "entries", "", "the amendment changes nothing", "at least one entry or pair", "add one, or take the amendment away")
		}
		if !a.InForce.Valid() {
			l.fault(a, a.line, "in_force", "", "there is no in-force day", "YYYY-MM-DD", "")
		}
		if a.PerhapsFrom.Valid() && !a.PerhapsFrom.Before(a.InForce) {
			l.fault(a, a.line, "perhaps_from", a.PerhapsFrom.String(), "this is not before in_force", "an earlier day", "leave it out where the day is not in doubt")
		}
		l.entries(a)
		l.pairs(a)
	}
}

func (l *linter) entries(a *placed) {
	for i, e := range a.Entries {
		line := a.entryLine(i)
		subject := e.name()
		names := e.From.Kind != 0 || e.To.Kind != 0 || e.Confirmed.Valid()
		switch {
		case e.Spec.Family == 0 || e.Spec.Version == "":
			continue // its fault is told already
		case e.Remove && (names || e.Scope != ""):
			l.fault(a, line, "remove", subject, "a version is removed in every scope, and with all that is known of it", "spec and remove alone", "")
		case !e.Remove && !names:
			l.fault(a, line, "entries", subject, "the entry names nothing", "from, to, confirmed or remove", "say what it changes")
		case e.Scope != "" && e.Spec.Family == GBCS:
			l.fault(a, line, "scope", subject, "GBCS is judged in the general scope alone", "no scope", "")
		case e.From.Kind != 0 && e.To.Kind == 0 && e.Scope == "":
			l.fault(a, line, "to", subject, "an entry that lists a version does not say how it ends", "to: a date, open or not-on-record", "")
		}
		if slices.ContainsFunc(a.Entries[:i], func(o Entry) bool { return o.Spec == e.Spec && strings.EqualFold(o.Scope, e.Scope) }) {
			l.fault(a, line, "spec", subject, "this amendment has an entry for it already", "one entry for a version and scope", "make one of the two")
		}
	}
}

func (e Entry) name() string {
	if e.Scope != "" {
		return e.Spec.String() + ", scope " + e.Scope
	}
	return e.Spec.String()
}

func (l *linter) pairs(a *placed) {
	for i, p := range a.Pairs {
		line := a.pairLine(i)
		if p.Spec.Family == GBCS || p.Type == 0 || p.Type >= UnknownType || p.GBCS.Family != GBCS || p.Spec.IsZero() {
			l.fault(a, line, "pairs", fmt.Sprintf("%s, %s, %s", p.Type, p.Spec, p.GBCS), "this is no pair", "a device type, a SMETS or CHTS version, a GBCS version", "")
			continue
		}
		if slices.Contains(a.Pairs[:i], p) || l.pairBefore(a, p) {
			l.fault(a, line, "pairs", fmt.Sprintf("%s, %s, %s", p.Type, p.Spec, p.GBCS), "the pair is on record already", "each pair once", "take it away")
		}
	}
}

func (l *linter) pairBefore(a *placed, p Pair) bool {
	if slices.ContainsFunc(l.base, func(b Amendment) bool { return slices.Contains(b.Pairs, p) }) {
		return true
	}
	for n := range l.added {
		if other := &l.added[n]; other == a {
			return false
		} else if slices.Contains(other.Pairs, p) {
			return true
		}
	}
	return false
}

// order holds ids unique and amendments in order.
func (l *linter) order() {
	ids := map[string]bool{}
	for _, b := range l.base {
		ids[b.ID] = true
	}
	for n := range l.added {
		a := &l.added[n]
		if ids[a.ID] {
			l.fault(a, a.line, "id", a.ID, "an amendment of that id is on record already", "an id of its own", "")
		}
		ids[a.ID] = true
		if n > 0 && a.InForce.Valid() && a.InForce.Before(l.added[n-1].InForce) {
			l.fault(a, a.line, "in_force", a.InForce.String(), "this is before the amendment above it", "amendments in order of their in-force day", "move it up")
		}
	}
}

// combined returns base and added by in-force day, as the record will have
// them.
func (l *linter) combined() []*placed {
	var all []*placed
	for _, b := range l.base {
		all = append(all, &placed{Amendment: b, line: -1})
	}
	for n := range l.added {
		all = append(all, &l.added[n])
	}
	slices.SortStableFunc(all, func(a, b *placed) int { return a.InForce.Compare(b.InForce) })
	return all
}

func (l *linter) isBase(a *placed) bool { return a.line < 0 }

// mostDoubts is how many amendments of one version may be in doubt on one day:
// each doubles the readings.
const mostDoubts = 8

// doubts holds the readings of every version and day to a number that can be
// gone through.
func (l *linter) doubts() {
	all := l.combined()
	for n := range l.added {
		a := &l.added[n]
		for i, e := range a.Entries {
			open := 0
			for _, other := range all {
				if inDoubt(other.Amendment, a.PerhapsFrom) && slices.ContainsFunc(other.Entries, func(o Entry) bool { return o.Spec == e.Spec }) {
					open++
				}
			}
			if open > mostDoubts {
				l.fault(a, a.entryLine(i), "perhaps_from", a.PerhapsFrom.String(),
					fmt.Sprintf("%d amendments of %s are in doubt on that day", open, e.Spec), fmt.Sprintf("at most %d", mostDoubts), "settle some of them")
			}
		}
	}
}

// walk goes through every entry in the order of the record, and holds each
// that is added against what stood before it.
func (l *linter) walk() {
	stood := map[Spec]map[string]reading{}
	for _, a := range l.combined() {
		for i, e := range a.Entries {
			scopes := stood[e.Spec]
			if scopes == nil {
				scopes = map[string]reading{"": {window: Window{Spec: e.Spec}}}
				stood[e.Spec] = scopes
			}
			if e.Remove {
				if !l.isBase(a) && !a.faulty {
					l.removes(a, i, scopes)
				}
				stood[e.Spec] = nil
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
			if !l.isBase(a) && !a.faulty {
				l.changes(a, i, before, after)
			}
		}
	}
}

func (l *linter) removes(a *placed, i int, scopes map[string]reading) {
	if !scopes[""].listed {
		l.fault(a, a.entryLine(i), "remove", a.Entries[i].name(), "the version is not listed, so it cannot be removed", "a version that stands in the tables", "")
	}
}

// changes holds an entry against what stood before it.
func (l *linter) changes(a *placed, i int, before, after reading) {
	e, line := a.Entries[i], a.entryLine(i)
	if e.Spec.IsZero() {
		return
	}
	if !after.listed {
		problem := "no earlier amendment lists the version"
		if before.removedBy != "" {
			problem = "the version was removed by " + before.removedBy
		}
		l.fault(a, line, "spec", e.name(), problem, "a version that stands in the tables", "to list it, give from and to")
		return
	}
	if e.Confirmed.Valid() && after.window.To.Kind != NotOnRecord {
		l.fault(a, line, "confirmed", e.Confirmed.String(), "the end is on record, so nothing needs to vouch for it", "confirmed only where the end is not on record", "take it away")
	}
	if start, ok := after.window.From.Date(); ok && e.Confirmed.Valid() && e.Confirmed.Before(start) {
		l.fault(a, line, "confirmed", e.Confirmed.String(), "this is before the start, "+start.String(), "a day on which the version could be installed", "")
	}
	if e.Inferred != "" || e.Unquoted != "" {
		return
	}
	if day, ok := e.From.Date(); ok && (!before.listed || before.window.From != e.From) {
		l.quoted(a, line, "from", day)
	}
	if day, ok := e.To.Date(); ok && before.window.To != e.To {
		l.quoted(a, line, "to", day)
	}
}

// quoted holds that a date stands in one of the amendment's quotations.
func (l *linter) quoted(a *placed, line int, field string, day Date) {
	shape := quotedShape(day)
	for _, c := range a.Citations {
		if shape.MatchString(c.Quote) {
			return
		}
	}
	year, month, d := day.Civil()
	l.fault(a, line, field, day.String(), "the date stands in none of the amendment's quotations",
		fmt.Sprintf("a quote with %d %s %d", d, month, year), "quote the source, or say why not in inferred or unquoted")
}

// quotedShape matches the ways in which sources write a day: 27 April 2023,
// 27th April 2023, 27/04/2023, 2023-04-27.
func quotedShape(day Date) *regexp.Regexp {
	year, month, d := day.Civil()
	return regexp.MustCompile(fmt.Sprintf(`(^|[^0-9])(0?%d(st|nd|rd|th)? %s %d|%02d/%02d/%d|%s)($|[^0-9])`,
		d, month, year, d, int(month), year, day))
}

// windows holds that no window ends before it starts, in any reading of any
// day.
func (l *linter) windows() {
	var all []Amendment
	for _, a := range l.combined() {
		all = append(all, a.Amendment)
	}
	r := newRecord("", all)
	for _, spec := range r.specs {
		s := r.standings[spec]
		l.backwards(s.general)
		for _, scoped := range s.scopes {
			l.backwards(scoped.line)
		}
	}
}

func (l *linter) backwards(line timeline) {
	told := map[string]bool{}
	for _, segment := range line {
		for _, r := range segment.readings {
			start, starts := r.window.From.Date()
			end, ends := r.window.To.Date()
			if !r.listed || !starts || !ends || !end.Before(start) || told[r.toBy+r.fromBy] {
				continue
			}
			told[r.toBy+r.fromBy] = true
			l.blameWindow(r, start, end)
		}
	}
}

// blameWindow faults the entry, among those added, that set the later bound.
func (l *linter) blameWindow(r reading, start, end Date) {
	for n := len(l.added) - 1; n >= 0; n-- {
		a := &l.added[n]
		if a.ID != r.toBy && a.ID != r.fromBy {
			continue
		}
		for i, e := range a.Entries {
			if e.Spec == r.window.Spec {
				l.fault(a, a.entryLine(i), "to", end.String(), fmt.Sprintf("the window of %s would end before it starts, on %s", e.Spec, start), "an end that is not before the start", "")
				return
			}
		}
	}
}
