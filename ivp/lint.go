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
	l.doubts()
	l.standing()
	if len(l.faults) == 0 && !slices.ContainsFunc(added, func(a placed) bool { return a.faulty }) {
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
	l.faults = append(l.faults, a.fault(line, field, value, problem, want, do))
}

func (p *placed) fault(line int, field, value, problem, want, do string) Fault {
	return Fault{p.ID, line, field, value, problem, want, do}
}

var idShape = regexp.MustCompile(`^[A-Z][A-Za-z0-9._-]*$`)

// each looks at every amendment by itself.
func (l *linter) each() {
	for n := range l.added {
		a := &l.added[n]
		if a.ID != "" && !idShape.MatchString(a.ID) {
			l.fault(a, a.line, "id", a.ID, "this is no id", "a capital letter, then letters, digits, . _ -", "write a name such as TSAT-2026: every answer that rests on the amendment bears it")
		}
		if len(a.Citations) == 0 && !a.unreadCitations {
			l.fault(a, a.line, "citations", "", "there is no authority without a source", "at least one citation, each with a document", "say in document what was read, so that a reader finds it")
		}
		if len(a.Entries)+len(a.Pairs) == 0 && !a.faulty {
			l.fault(a, a.line, "entries", "", "the amendment changes nothing", "at least one entry or pair", "add one, or take the amendment away")
		}
		if a.InForce.Valid() && a.PerhapsFrom.Valid() && !a.PerhapsFrom.Before(a.InForce) {
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
		case a.unreadEntry(i):
			continue // its fault is told already
		case e.Remove && (names || e.Scope != ""):
			l.fault(a, line, "remove", subject, "a version is removed in every scope, and with all that is known of it", "spec and remove alone", "take the other keys away; to end the version in one scope, give it an end there")
		case !e.Remove && !names:
			l.fault(a, line, "entries", subject, "the entry names nothing", "from, to, confirmed or remove", "say what it changes")
		case e.Scope != "" && e.Spec.Family == GBCS:
			l.fault(a, line, "scope", subject, "GBCS is judged in the general scope alone", "no scope", "take the scope away")
		case e.Confirmed.Valid() && (e.To.Kind == Dated || e.To.Kind == Open):
			l.fault(a, line, "confirmed", e.Confirmed.String(), "the end is on record, so nothing needs to vouch for it", "confirmed only where the end is not on record", "take it away")
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
		if a.unreadPair(i) {
			continue
		}
		line := a.pairLine(i)
		if p.Spec.Family == GBCS || p.Type == 0 || p.Type >= UnknownType || p.GBCS.Family != GBCS || p.Spec.IsZero() {
			l.fault(a, line, "pairs", fmt.Sprintf("%s, %s, %s", p.Type, p.Spec, p.GBCS), "this is no pair", "a device type, a SMETS or CHTS version, a GBCS version", "write each under its own key: type, spec, gbcs")
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
		if a.ID != "" && ids[a.ID] {
			l.fault(a, a.line, "id", a.ID, "an amendment of that id is on record already", "an id of its own", "choose another, or leave out the file that brought it")
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
// gone through. It is asked of the days from which an amendment may stand: on
// one of them the most are in doubt.
func (l *linter) doubts() {
	doubtful := slices.DeleteFunc(l.combined(), func(a *placed) bool { return !a.PerhapsFrom.Before(a.InForce) || !a.PerhapsFrom.Valid() })
	for n := range l.added {
		a := &l.added[n]
		for i, e := range a.Entries {
			day, open := mostInDoubt(doubtful, a, e.Spec)
			if open > mostDoubts && !e.Spec.IsZero() {
				l.fault(a, a.entryLine(i), "perhaps_from", a.PerhapsFrom.String(),
					fmt.Sprintf("%d amendments of %s are in doubt on %s", open, e.Spec, day), fmt.Sprintf("at most %d", mostDoubts), "settle some of them: where the day is known, leave perhaps_from out")
			}
		}
	}
}

// mostInDoubt returns the most amendments of a version that are in doubt
// together with a, and the first day on which they are.
func mostInDoubt(doubtful []*placed, a *placed, spec Spec) (day Date, most int) {
	together := slices.DeleteFunc(slices.Clone(doubtful), func(o *placed) bool {
		return !slices.ContainsFunc(o.Entries, func(e Entry) bool { return e.Spec == spec })
	})
	for _, start := range together {
		if !inDoubt(a.Amendment, start.PerhapsFrom) {
			continue
		}
		open := 0
		for _, other := range together {
			if inDoubt(other.Amendment, start.PerhapsFrom) {
				open++
			}
		}
		if open > most {
			day, most = start.PerhapsFrom, open
		}
	}
	return day, most
}

// windows holds that no window ends before it starts, in any reading of any
// day.
func (l *linter) windows() {
	var all []Amendment
	for _, a := range l.combined() {
		all = append(all, a.Amendment)
	}
	r := newRecord("", all)
	told := map[Window]bool{}
	for _, spec := range r.specs {
		s := r.standings[spec]
		l.backwards(s.general, told)
		for _, scoped := range s.scopes {
			l.backwards(scoped.line, told)
		}
	}
}

// backwards faults each window that ends before it starts, once.
func (l *linter) backwards(line timeline, told map[Window]bool) {
	for _, segment := range line {
		for _, r := range segment.readings {
			if r.listed && r.window.backward() && !told[r.window] {
				told[r.window] = true
				l.blameWindow(r)
			}
		}
	}
}

func (w Window) backward() bool {
	start, starts := w.From.Date()
	end, ends := w.To.Date()
	return starts && ends && end.Before(start)
}

func (p *placed) faultWindow(line int, w Window) Fault {
	return p.fault(line, "to", w.To.String(), fmt.Sprintf("the window of %s would end before it starts, on %s", w.Spec, w.From), "an end that is not before the start", "look both days up again, and correct the one that is wrong")
}

// blameWindow faults the entry, among those added, that set the later bound of
// the window; where none did, the last of its version, by which the bounds
// came together.
func (l *linter) blameWindow(r reading) {
	var blamed *placed
	entry, best := 0, 0
	for n := range l.added {
		a := &l.added[n]
		for i, e := range a.Entries {
			if e.Spec != r.window.Spec {
				continue
			}
			fit := 1
			if a.ID == r.toBy || a.ID == r.fromBy {
				fit = 2
				if strings.EqualFold(e.Scope, r.window.Scope) {
					fit = 3
				}
			}
			if fit >= best {
				blamed, entry, best = a, i, fit
			}
		}
	}
	if blamed != nil {
		l.faults = append(l.faults, blamed.faultWindow(blamed.entryLine(entry), r.window))
	}
}
