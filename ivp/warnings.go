package ivp

import (
	"fmt"
	"slices"
	"strings"
)

// Lint returns warnings about a history that has no faults: amendments with an
// in-force day before the last amendment of the history to which they were
// added, or after today; entries that a later amendment overrides; versions
// without a permitted pair; and windows that close later than the GBCS versions
// that go with them. If today is no date, no in-force day is after it.
func Lint(h History, today Date) Faults {
	l := &warner{history: h, r: h.record(), today: today}
	l.inForceDays()
	l.overridden()
	l.versions()
	return l.faults
}

type warner struct {
	history History
	r       *record
	today   Date
	faults  Faults
}

// inForceDays warns of an added amendment with an in-force day before the last
// amendment of the history to which it was added, and of one that is not in
// force yet.
func (l *warner) inForceDays() {
	last := Date{}
	for _, a := range l.r.amendments {
		if !slices.Contains(l.r.added, a.ID) {
			last = a.InForce
		}
	}
	for _, id := range l.r.added {
		a, ok := l.history.Amendment(id)
		if !ok {
			continue // Without removed it
		}
		if a.InForce.Before(last) {
			l.faults = append(l.faults, Fault{Code: "in-force-early", Amendment: a.ID, Field: "in_force", Value: a.InForce.String(),
				Problem: "this is before the last amendment of the record, " + last.String(),
				Want:    "a later day", Do: "check the day: later amendments of the record override what this one says of the same bound"})
			continue
		}
		last = a.InForce
	}
	for _, a := range l.r.amendments {
		if l.today.Valid() && a.InForce.After(l.today) {
			l.faults = append(l.faults, Fault{Code: "in-force-future", Amendment: a.ID, Field: "in_force", Value: a.InForce.String(), Problem: "this is after today, " + l.today.String(),
				Want: "a day on which the change is in force", Do: "check the day: until then the amendment changes no answer by the law of the day"})
		}
	}
}

// Override is an entry of an added amendment that has no lasting effect, because
// an earlier amendment of the history, with a later in-force day, sets the same
// bound or removes the version.
type Override struct {
	Amendment string // the id of the amendment that was added
	Entry     Entry
	By        string // the id of the amendment that overrides it
}

// Overrides returns the entries of added amendments that are overridden by
// amendments which the history had before.
func (h History) Overrides() []Override {
	var all []Override
	r := h.record()
	places := placesOf(r.added)
	for n, a := range r.amendments {
		place, added := places[a.ID]
		if !added {
			continue
		}
		for _, e := range a.Entries {
			for _, later := range r.amendments[n+1:] {
				if other, added := places[later.ID]; added && other > place {
					continue
				}
				if slices.ContainsFunc(later.Entries, e.overriddenBy) {
					all = append(all, Override{Amendment: a.ID, Entry: e, By: later.ID})
					break
				}
			}
		}
	}
	return all
}

// overriddenBy reports whether a later entry sets a bound that e sets.
func (e *Entry) overriddenBy(later Entry) bool {
	switch {
	case later.Spec != e.Spec:
		return false
	case later.Remove:
		return true
	case !strings.EqualFold(later.Scope, e.Scope):
		return false
	}
	return e.Remove && later.From.Kind != 0 || e.From.Kind != 0 && later.From.Kind != 0 ||
		(e.To.Kind != 0 || e.Confirmed.Valid()) && (later.To.Kind != 0 || later.Confirmed.Valid())
}

func (l *warner) overridden() {
	for _, o := range l.history.Overrides() {
		l.faults = append(l.faults, Fault{Code: "overridden", Amendment: o.Amendment, Field: "entries", Value: o.Entry.name(), Problem: o.By + ", which is in force later, overrides the entry",
			Want: "an entry that takes effect", Do: "if the entry is what the Tables say now, give an in-force day after " + o.By})
	}
}

// versions warns of versions in the latest Tables without pairs, or whose GBCS
// versions close first.
func (l *warner) versions() {
	for _, spec := range l.history.withoutPairs() {
		l.faults = append(l.faults, Fault{Code: "no-pair", Field: "pairs", Value: spec.String(),
			Problem: "no permitted pair on record mentions the version: only its family is compared with the device type",
			Want:    "the pairs that the Tables permit", Do: "add them, each with type, spec and gbcs"})
	}
	c := Checker{History: l.history, AsAt: l.history.Latest()}
	for _, row := range l.history.Table(c.AsAt) {
		if row.Spec.Family != GBCS {
			l.vouchedByGBCS(c, row)
		}
	}
}

// vouchedByGBCS warns of a window that closes later than every GBCS version that
// goes with its version.
func (l *warner) vouchedByGBCS(c Checker, row TableRow) {
	for _, reading := range row.Readings {
		w := reading.Window
		if !reading.Listed {
			continue
		}
		day, closes := c.closing(w)
		if !closes {
			day = MaxDate()
		}
		if start, ok := w.From.Date(); ok && day.Before(start) || !day.Valid() {
			continue
		}
		f := c.judgeBlankGBCS(Installation{Spec: row.Spec, On: day})
		if f.Judged() && f.Reason.Outcome() == Undetermined {
			l.faults = append(l.faults, Fault{Code: "gbcs-closes-first", Amendment: w.Amendment, Field: "to", Value: w.entryName(),
				Problem: fmt.Sprintf("the version may be installed %s, and no GBCS version that goes with it is on record for that long: %s", endText(w), gbcsEnd(f)),
				Want:    "an end or a confirmed day for its GBCS versions too", Do: "add the entries of GBCS from the same Tables: without them devices stay undetermined"})
			return
		}
	}
}

func (w Window) entryName() string { return (&Entry{Spec: w.Spec, Scope: w.Scope}).name() }

func endText(w Window) string {
	switch w.To.Kind {
	case Open:
		return "without an end"
	case NotOnRecord:
		return "up to " + w.To.Day.String() + ", the last day confirmed"
	}
	return "up to " + w.To.String()
}

func gbcsEnd(f Finding) string {
	if f.Reason == GBCSBeyondRecord && f.Window.To.Kind == NotOnRecord {
		return f.Window.Spec.String() + " is confirmed to " + f.Window.To.Day.String()
	}
	return f.Window.Spec.String() + " is " + f.Reason.String()
}

// withoutPairs returns the versions of SMETS and CHTS in the latest Tables that
// have no pair. Of those only the family is compared with a device's type.
func (h History) withoutPairs() []Spec {
	var all []Spec
	for _, row := range h.Table(h.Latest()) {
		if row.Spec.Family != GBCS && row.Scope == "" && h.record().pairLines[row.Spec] == nil {
			all = append(all, row.Spec)
		}
	}
	return all
}
