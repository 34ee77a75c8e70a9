package ivp

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// lint checks amendments that are to be added to amendments without faults. It
// returns every fault, with its line.
func lint(base []Amendment, added []placed) Faults {
	l := &linter{base: base, added: added}
	if l.tooMuch() {
		return l.faults
	}
	for n := range added {
		l.amendment(&added[n])
	}
	l.order()
	l.doubts()
	l.changes()
	if len(l.faults) == 0 && !slices.ContainsFunc(added, func(a placed) bool { return a.faulty }) {
		l.windows()
	}
	return l.faults.sorted()
}

const (
	// mostAmendments is the greatest permitted number of amendments. The Tables
	// were amended about twenty times in ten years.
	mostAmendments = 5000
	// mostFolds limits the work on the windows of one version: the square of the
	// number of days on which its amendments come into force, times the number of
	// its scopes.
	mostFolds = 50_000_000
)

// tooMuch reports whether the amendments are too many to check, and adds a fault
// if they are.
func (l *linter) tooMuch() bool {
	if n := len(l.base) + len(l.added); n > mostAmendments && len(l.added) > 0 {
		l.report(&l.added[0], Fault{Code: "too-many-amendments", Line: max(0, l.added[0].line), Field: "amendments", Problem: fmt.Sprintf("the record would have %d amendments", n),
			Want: fmt.Sprintf("at most %d", mostAmendments), Do: "merge those that are in force on the same day"})
		return true
	}
	type extent struct {
		days, scopes map[string]bool
		last         *placed
	}
	specs := map[Spec]*extent{}
	for _, a := range l.combined() {
		for i := range a.Entries {
			e := &a.Entries[i]
			x := specs[e.Spec]
			if x == nil {
				x = &extent{days: map[string]bool{}, scopes: map[string]bool{"": true}}
				specs[e.Spec] = x
			}
			x.days[a.InForce.String()], x.scopes[e.key().scope] = true, true
			if x.last == nil || !a.isBase() {
				x.last = a
			}
		}
	}
	for spec, x := range specs {
		if days := len(x.days); days*days*len(x.scopes) > mostFolds && !x.last.isBase() {
			l.report(x.last, Fault{Code: "too-many-scopes", Line: max(0, x.last.line), Field: "entries", Value: spec.String(),
				Problem: fmt.Sprintf("amendments of %d days change the version in %d scopes", days, len(x.scopes)),
				Want:    fmt.Sprintf("days times days times scopes at most %d", mostFolds), Do: "leave out the scopes that no inventory has"})
			return true
		}
	}
	return false
}

type linter struct {
	base   []Amendment
	added  []placed
	faults Faults
}

// report adds a fault of an amendment.
func (l *linter) report(a *placed, f Fault) {
	f.Amendment = a.ID
	l.faults = append(l.faults, f)
}

var idShape = regexp.MustCompile(`^[A-Z][A-Za-z0-9._-]*$`)

// amendment checks one amendment without regard to others.
func (l *linter) amendment(a *placed) {
	if a.ID != "" && !idShape.MatchString(a.ID) {
		l.report(a, Fault{Code: "bad-id", Line: a.line, Field: "id", Value: a.ID, Problem: "this is not an id", Want: "a capital letter, then letters, digits, . _ -",
			Do: "write a name such as TSAT-2026: every answer that rests on the amendment shows it"})
	}
	if len(a.Citations) == 0 && !a.unreadCitations {
		l.report(a, Fault{Code: "no-citation", Line: a.line, Field: "citations", Problem: "there is no authority without a source",
			Want: "at least one citation, each with a document", Do: "say in document what was read, so that a reader finds it"})
	}
	if len(a.Entries)+len(a.Pairs) == 0 && !a.faulty {
		l.report(a, Fault{Code: "no-change", Line: a.line, Field: "entries", Problem: "the amendment changes nothing",
			Want: "at least one entry or pair", Do: "add one, or remove the amendment"})
	}
	if a.InForce.Valid() && a.PerhapsFrom.Valid() && !a.PerhapsFrom.Before(a.InForce) {
		l.report(a, Fault{Code: "bad-perhaps", Line: a.line, Field: "perhaps_from", Value: a.PerhapsFrom.String(), Problem: "this is not before in_force",
			Want: "an earlier day", Do: "leave it out if the day is not in doubt"})
	}
	if a.InForce.Valid() && a.Vouched.Valid() && a.Vouched.Before(a.InForce) {
		l.report(a, Fault{Code: "bad-vouched", Line: a.line, Field: "vouched", Value: a.Vouched.String(), Problem: "this is before in_force, " + a.InForce.String(),
			Want: "a day on which the Tables were seen to say this", Do: "correct the day, or remove it"})
	}
	l.entries(a)
	l.pairs(a)
}

// entryKey identifies an entry in its amendment.
type entryKey struct {
	spec  Spec
	scope string // in lower case
}

func (e *Entry) key() entryKey { return entryKey{e.Spec, strings.ToLower(e.Scope)} }

func (l *linter) entries(a *placed) {
	seen := map[entryKey]bool{}
	for i := range a.Entries {
		e, line := &a.Entries[i], a.entryLine(i)
		names := e.From.Kind != 0 || e.To.Kind != 0 || e.Confirmed.Valid()
		repeated := seen[e.key()]
		seen[e.key()] = true
		switch {
		case a.unreadEntry(i):
			continue // its fault is reported already
		case e.Remove && (names || e.Scope != ""):
			l.report(a, Fault{Code: "remove-and-more", Line: line, Field: "remove", Value: e.name(), Problem: "a version is removed in every scope, and with all that is known of it",
				Want: "only spec and remove", Do: "remove the other keys; to end the version in one scope, give it an end there"})
		case !e.Remove && !names:
			l.report(a, Fault{Code: "empty-entry", Line: line, Field: "entries", Value: e.name(), Problem: "the entry changes nothing",
				Want: "from, to, confirmed or remove", Do: "say what it changes"})
		case e.Scope != "" && e.Spec.Family == GBCS:
			l.report(a, Fault{Code: "scope-of-gbcs", Line: line, Field: "scope", Value: e.name(), Problem: "GBCS is judged only in the general case",
				Want: "no scope", Do: "remove the scope"})
		case e.Confirmed.Valid() && (e.To.Kind == Dated || e.To.Kind == Open):
			l.reportConfirmed(a, line, e)
		}
		if repeated {
			l.report(a, Fault{Code: "repeated-entry", Line: line, Field: "spec", Value: e.name(), Problem: "this amendment has an entry for it already",
				Want: "one entry for a version and scope", Do: "merge the two"})
		}
	}
}

func (l *linter) reportConfirmed(a *placed, line int, e *Entry) {
	l.report(a, Fault{Code: "needless-confirmed", Line: line, Field: "confirmed", Value: e.Confirmed.String(), Problem: "the end is on record, so nothing needs to vouch for it",
		Want: "confirmed only if the end is not on record", Do: "remove it"})
}

func (e *Entry) name() string {
	if e.Scope != "" {
		return e.Spec.String() + ", scope " + e.Scope
	}
	return e.Spec.String()
}

// pairs checks the form of an amendment's pairs.
func (l *linter) pairs(a *placed) {
	seen := map[Pair]bool{}
	for i, p := range a.Pairs {
		if a.unreadPair(i) {
			continue
		}
		line := a.pairLine(i)
		if p.Spec.Family == GBCS || p.Type == 0 || p.Type >= UnknownType || p.GBCS.Family != GBCS || p.Spec.IsZero() {
			l.report(a, Fault{Code: "bad-pair", Line: line, Field: "pairs", Value: p.name(), Problem: "this is not a pair",
				Want: "a device type, a SMETS or CHTS version, a GBCS version", Do: "write each under its own key: type, spec, gbcs"})
			continue
		}
		key := p
		key.Remove = false
		if seen[key] {
			l.report(a, Fault{Code: "repeated-pair", Line: line, Field: "pairs", Value: p.name(), Problem: "this amendment has the pair already",
				Want: "each pair once in an amendment", Do: "remove one of the two"})
		}
		seen[key] = true
	}
}

func (p Pair) name() string { return fmt.Sprintf("%s, %s, %s", p.Type, p.Spec, p.GBCS) }

// order checks that ids are unique and that the amendments of a file are in
// order.
func (l *linter) order() {
	ids := map[string]bool{}
	for _, b := range l.base {
		ids[b.ID] = true
	}
	for n := range l.added {
		a := &l.added[n]
		if a.ID != "" && ids[a.ID] {
			l.report(a, Fault{Code: "repeated-id", Line: a.line, Field: "id", Value: a.ID, Problem: "an amendment of that id is on record already",
				Want: "an id of its own", Do: "choose another, or leave out the file that brought it"})
		}
		ids[a.ID] = true
		if n > 0 && a.InForce.Valid() && a.InForce.Before(l.added[n-1].InForce) {
			l.report(a, Fault{Code: "out-of-order", Line: a.line, Field: "in_force", Value: a.InForce.String(), Problem: "this is before the amendment above it",
				Want: "amendments in order of their in-force day", Do: "move it up"})
		}
	}
}

// combined returns base and added amendments, sorted by in-force day.
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

func (p *placed) isBase() bool { return p.line < 0 }

// mostDoubts is the greatest permitted number of amendments of one version in
// doubt on one day. Each doubles the number of readings.
const mostDoubts = 8

// doubts limits the number of readings of a version on a day, for windows and for
// pairs. It looks only at the first day on which each amendment is in doubt,
// because the number is greatest on one of these days.
func (l *linter) doubts() {
	windows, pairs := map[Spec][]*placed{}, map[Spec][]*placed{}
	add := func(to map[Spec][]*placed, spec Spec, a *placed) {
		if n := len(to[spec]); n == 0 || to[spec][n-1] != a {
			to[spec] = append(to[spec], a)
		}
	}
	for _, a := range l.combined() {
		if !a.PerhapsFrom.Valid() || !a.PerhapsFrom.Before(a.InForce) {
			continue
		}
		for i := range a.Entries {
			add(windows, a.Entries[i].Spec, a)
		}
		for i := range a.Pairs {
			add(pairs, a.Pairs[i].Spec, a)
		}
	}
	for _, bySpec := range [...]map[Spec][]*placed{windows, pairs} {
		for spec, together := range bySpec {
			if len(together) > mostDoubts && !spec.IsZero() {
				l.doubtsOf(spec, together)
			}
		}
	}
}

// doubtsOf reports each added amendment of a version that is in doubt on a day on
// which too many are.
func (l *linter) doubtsOf(spec Spec, together []*placed) {
	opens := make([]int, len(together)) // the number in doubt on the PerhapsFrom of each
	for i, start := range together {
		for _, other := range together {
			if other.inDoubt(start.PerhapsFrom) {
				opens[i]++
			}
		}
	}
	for _, a := range together {
		if a.isBase() {
			continue
		}
		for i, start := range together {
			if open := opens[i]; open > mostDoubts && a.inDoubt(start.PerhapsFrom) {
				l.report(a, Fault{Code: "too-many-doubts", Line: a.line, Field: "perhaps_from", Value: a.PerhapsFrom.String(),
					Problem: fmt.Sprintf("%d amendments of %s are in doubt on %s", open, spec, start.PerhapsFrom),
					Want:    fmt.Sprintf("at most %d", mostDoubts), Do: "settle some of them: leave perhaps_from out if the day is known"})
				break
			}
		}
	}
}

// windows checks that no window ends before it starts, in any reading on any day.
func (l *linter) windows() {
	var all []Amendment
	for _, a := range l.combined() {
		all = append(all, a.Amendment)
	}
	r := newRecord(record{amendments: all})
	reported := map[Window]bool{}
	for _, spec := range r.specs {
		v := r.versions[spec]
		l.backwards(v.general, reported)
		for _, scoped := range v.scopes {
			l.backwards(scoped.line, reported)
		}
	}
}

// backwards reports each window that ends before it starts, once.
func (l *linter) backwards(line timeline[reading], reported map[Window]bool) {
	for _, segment := range line {
		for _, r := range segment.readings {
			if r.listed && r.window.backward() && !reported[r.window] {
				reported[r.window] = true
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

func faultWindow(line int, w Window) Fault {
	return Fault{Code: "backward-window", Line: line, Field: "to", Value: w.To.String(), Problem: fmt.Sprintf("the window of %s would end before it starts, on %s", w.Spec, w.From),
		Want: "an end that is not before the start", Do: "look both days up again, and correct the one that is wrong"}
}

// blameWindow reports the added entry that set a bound of the window or, if none
// did, the last added entry for its version.
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
		l.report(blamed, faultWindow(blamed.entryLine(entry), r.window))
	}
}

// Quotes reports whether the quotation contains the day in one of the forms
// 27 April 2023, 27th April 2023, 27/04/2023 and 2023-04-27. It returns false
// for a day that is not valid.
func (c Citation) Quotes(day Date) bool {
	return day.Valid() && quotedShape(day).MatchString(c.Quote)
}

// quoted returns a fault if none of the amendment's quotations contains the day.
func (p *placed) quoted(line int, field string, day Date) Faults {
	found, sought := p.quotes[day]
	if !sought {
		shape := quotedShape(day)
		found = slices.ContainsFunc(p.Citations, func(c Citation) bool { return shape.MatchString(c.Quote) })
		if p.quotes == nil {
			p.quotes = map[Date]bool{}
		}
		p.quotes[day] = found
	}
	if found {
		return nil
	}
	return Faults{{Code: "unquoted", Amendment: p.ID, Line: line, Field: field, Value: day.String(),
		Problem: "the date is in none of the amendment's quotations",
		Want:    "a quote with " + quotedSpellings(day),
		Do:      "quote the words that give it; if it is in a table, say so in unquoted; if no source says it, say in inferred why it is so"}}
}

// quotedShape matches the day in the forms that sources use, but not as a part of
// a longer number.
func quotedShape(day Date) *regexp.Regexp {
	year, month, d := day.Civil()
	return regexp.MustCompile(fmt.Sprintf(`(^|[^0-9])(0?%d(st|nd|rd|th)? %s %d|%02d/%02d/%d|%s)($|[^0-9])`,
		d, month, year, d, int(month), year, day))
}

// quotedSpellings lists the forms that quotedShape matches.
func quotedSpellings(day Date) string {
	year, month, d := day.Civil()
	return fmt.Sprintf("%d %s %d, %d%s %s %d, %02d/%02d/%d or %s", d, month, year, d, ordinal(d), month, year, d, int(month), year, day)
}

// ordinal returns the English suffix of the day of a month.
func ordinal(day int) string {
	if day/10 == 1 {
		return "th"
	}
	switch day % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}
