package ivp

import (
	"math/bits"
	"slices"
	"strings"
)

// timeline is what applies on each as-at day: a sequence of segments, the first
// of which begins on MinDate. R is the contents of one reading.
type timeline[R any] []segment[R]

// segment is a range of as-at days with the same readings. It ends before the
// first day of the next.
type segment[R any] struct {
	first Date
	// doubtful are the amendments in doubt on these days. There is a reading
	// for each choice among them, and its index is the choice: bit i is set if
	// doubtful[i] is in force.
	doubtful []string
	readings []R
}

// at returns the segment of an as-at day. There are few segments and the last
// ones are needed most, so a linear search from the end is faster than a binary
// one.
func (t timeline[R]) at(day Date) *segment[R] {
	for i := len(t) - 1; i > 0; i-- {
		if !t[i].first.After(day) {
			return &t[i]
		}
	}
	return &t[0]
}

// newTimeline calls fold for each segment and each choice among its amendments in
// doubt. touching are the amendments that can change the result, in the order of
// the history, each once.
func newTimeline[R any](touching []*Amendment, fold func(inForce func(*Amendment) bool) R) timeline[R] {
	firsts := []Date{minDate}
	for _, a := range touching {
		firsts = append(firsts, a.InForce)
		if a.PerhapsFrom.Valid() {
			firsts = append(firsts, a.PerhapsFrom)
		}
	}
	slices.SortFunc(firsts, Date.Compare)
	var line timeline[R]
	for _, first := range slices.Compact(firsts) {
		s := segment[R]{first: first}
		for _, a := range touching {
			if a.inDoubt(first) {
				s.doubtful = append(s.doubtful, a.ID)
			}
		}
		for choice := range 1 << len(s.doubtful) {
			s.readings = append(s.readings, fold(func(a *Amendment) bool {
				if a.inDoubt(first) {
					return choice>>slices.Index(s.doubtful, a.ID)&1 == 1
				}
				return !a.InForce.After(first)
			}))
		}
		line = append(line, s)
	}
	return line
}

// inDoubt reports whether no source says if the amendment was in force on the
// as-at day.
func (a *Amendment) inDoubt(asAt Date) bool {
	return a.PerhapsFrom.Valid() && !a.PerhapsFrom.After(asAt) && a.InForce.After(asAt)
}

// possibleFrom returns the first as-at day on which the amendment is, or may
// be, in force.
func (a *Amendment) possibleFrom() Date {
	if a.PerhapsFrom.Valid() {
		return a.PerhapsFrom
	}
	return a.InForce
}

// versionTimelines is what the history says of one version: a timeline for the
// general case, and one for each scope that has entries for the version.
type versionTimelines struct {
	general timeline[reading]
	scopes  []scopedTimeline
}

type scopedTimeline struct {
	scope string
	from  Date // the first as-at day on which an amendment that names the scope for the version is, or may be, in force
	line  timeline[reading]
}

// change is an entry with its amendment, and its place among the changes of a
// version in the order of the history.
type change struct {
	amendment *Amendment
	entry     *Entry
	place     int
}

// newVersions returns the timelines of every version.
func newVersions(amendments []Amendment) map[Spec]*versionTimelines {
	changes := map[Spec][]change{}
	for n := range amendments {
		a := &amendments[n]
		for i := range a.Entries {
			e := &a.Entries[i]
			changes[e.Spec] = append(changes[e.Spec], change{amendment: a, entry: e, place: len(changes[e.Spec])})
		}
	}
	versions := make(map[Spec]*versionTimelines, len(changes))
	for spec, all := range changes {
		versions[spec] = newVersionTimelines(spec, all)
	}
	return versions
}

func newVersionTimelines(spec Spec, changes []change) *versionTimelines {
	var general []change
	var scopes []string
	own := map[string][]change{} // by scope in lower case
	for _, c := range changes {
		if c.entry.Scope == "" {
			general = append(general, c)
			continue
		}
		key := strings.ToLower(c.entry.Scope)
		if own[key] == nil {
			scopes = append(scopes, c.entry.Scope)
		}
		own[key] = append(own[key], c)
	}
	v := &versionTimelines{general: foldTimeline(spec, "", general)}
	for _, scope := range scopes {
		changes := own[strings.ToLower(scope)]
		from := maxDate
		for _, c := range changes {
			from = earlier(from, c.amendment.possibleFrom())
		}
		changes = slices.Concat(general, changes) // a scope starts from the general window
		slices.SortFunc(changes, func(a, b change) int { return a.place - b.place })
		v.scopes = append(v.scopes, scopedTimeline{scope: scope, from: from, line: foldTimeline(spec, scope, changes)})
	}
	return v
}

func foldTimeline(spec Spec, scope string, changes []change) timeline[reading] {
	touching := amendmentsOf(changes, func(c change) *Amendment { return c.amendment })
	return newTimeline(touching, func(inForce func(*Amendment) bool) reading {
		f := newFold(spec, scope)
		for _, c := range changes {
			if inForce(c.amendment) {
				f.apply(c.amendment, c.entry)
			} else {
				f.leave(c.amendment, c.entry)
			}
		}
		return f.reading()
	})
}

// amendmentsOf returns the amendments of the changes, each once, in their order.
func amendmentsOf[T any](changes []T, amendment func(T) *Amendment) (all []*Amendment) {
	for _, c := range changes {
		all = append(all, amendment(c))
	}
	return slices.Compact(all)
}

func earlier(a, b Date) Date {
	if b.Before(a) {
		return b
	}
	return a
}

// scoped returns the timeline of a scope, nil if the version has none for it.
func (v *versionTimelines) scoped(scope string) timeline[reading] {
	for _, candidate := range v.scopes {
		if strings.EqualFold(candidate.scope, scope) {
			return candidate.line
		}
	}
	return nil
}

// chosen returns the amendments in doubt that are in force in the reading of a
// choice, and those that are not.
func (s *segment[R]) chosen(choice int) (with, without []string) {
	for i, id := range s.doubtful {
		if choice>>i&1 == 1 {
			with = append(with, id)
		} else {
			without = append(without, id)
		}
	}
	return with, without
}

// reading is a version in one scope, in one reading of the history. In the zero
// value it is not listed.
type reading struct {
	listed bool
	// window is the Installation Validity Period, without an amendment.
	// window.Scope is empty if the scope has the general window.
	window Window
	// seen is the in-force day of the amendment that listed the version,
	// confirmed the last day for which a source vouches.
	seen      Date
	confirmed Date
	// The ids of the amendments that listed the version, set its start, set its
	// end, and removed it.
	listedBy, fromBy, toBy, removedBy string
	// later are the windows with a dated start that amendments outside this
	// reading give the version, in the order of the history.
	later []Window
}

// fold accumulates the entries of one version for one scope, in the order of the
// history. A timeline folds the amendments of each reading; the linter folds all
// amendments and looks at the result after each entry.
type fold struct {
	spec  Spec
	scope string
	// general is the general case; own is the scope, listed after the first
	// entry for it.
	general, own reading
	later        []Window
}

func newFold(spec Spec, scope string) *fold {
	return &fold{spec: spec, scope: scope, general: reading{window: Window{Spec: spec}}}
}

// apply adds an entry of an amendment that is in force, for the general case or
// for the fold's scope.
func (f *fold) apply(a *Amendment, e *Entry) {
	switch {
	case e.Remove:
		f.general = reading{window: Window{Spec: f.spec}, removedBy: a.ID}
		f.own = reading{}
	case e.Scope == "":
		f.general.apply(a, e)
	default:
		if !f.own.listed {
			f.own = f.general
			f.own.confirmed = Date{} // that of the general case does not apply to a scope
		}
		f.own.apply(a, e)
		f.own.window.Scope = e.Scope
	}
}

// leave adds an entry of an amendment that is not in force. It may list the
// version later.
func (f *fold) leave(a *Amendment, e *Entry) {
	if e.From.Kind != Dated || e.To.Kind == 0 {
		return
	}
	w := Window{Spec: e.Spec, Scope: e.Scope, From: e.From, To: e.To, Amendment: a.ID}
	if w.To.Kind != Dated {
		w.To.Day = e.Confirmed
	}
	f.later = append(f.later, w)
}

// reading returns the result of the entries so far.
func (f *fold) reading() reading {
	r := f.general
	if f.own.listed {
		r = f.own
	}
	r.later = f.later
	return r
}

// apply changes the fields that the entry sets. An entry with a start and an end
// lists the version. On a version that is not listed any other entry has no
// effect.
func (r *reading) apply(a *Amendment, e *Entry) {
	if !r.listed {
		if e.From.Kind == 0 || e.To.Kind == 0 {
			return
		}
		*r = reading{listed: true, window: r.window, seen: a.InForce, listedBy: a.ID, toBy: a.ID}
		r.window.To = Bound{Kind: NotOnRecord}
	}
	if e.From.Kind != 0 {
		r.window.From, r.fromBy = e.From, a.ID
		if e.From.Kind == NotOnRecord {
			r.window.From.Day = r.seen
		}
	}
	if e.To.Kind != 0 {
		r.window.To, r.toBy = e.To, a.ID
	}
	if e.Confirmed.Valid() {
		r.confirmed = e.Confirmed
		if r.window.To.Kind == NotOnRecord {
			r.toBy = a.ID
		}
	}
	if r.window.To.Kind == NotOnRecord {
		r.window.To.Day = r.confirmed
	}
}

// judge returns the finding on the version for an installation day, in this
// reading and on the checker's terms.
func (r *reading) judge(on Date, c Checker) Finding {
	if !r.listed {
		return r.judgeUnlisted(on)
	}
	from, to := r.window.From, r.window.To
	switch {
	case from.Kind == Dated && on.Before(from.Day):
		return r.finding(BeforeStart, r.fromBy)
	case from.Kind == NotOnRecord && on.Before(from.Day):
		return r.finding(r.either(BeyondRecord, GBCSBeyondRecord), r.listedBy)
	case to.Kind == Dated && (on.After(to.Day) || c.LastDayExcluded && on == to.Day):
		return r.finding(r.either(AfterEnd, GBCSEnded), r.toBy)
	case to.Kind == NotOnRecord && on.After(to.Day):
		if !c.AssumeOpen {
			return r.finding(r.either(BeyondRecord, GBCSBeyondRecord), r.toBy)
		}
		f := r.finding(WithinPeriod, r.toBy)
		f.Assumed = true
		return f
	}
	return r.finding(WithinPeriod, r.toBy)
}

func (r *reading) judgeUnlisted(on Date) Finding {
	for _, w := range r.later {
		if on.Before(w.From.Day) {
			return Finding{Reason: BeforeStart, Window: w}
		}
	}
	return Finding{Reason: NotListed, Window: Window{Spec: r.window.Spec, Amendment: r.removedBy}}
}

// either returns gbcs if the version is one of GBCS, otherwise ts.
func (r *reading) either(ts, gbcs Reason) Reason {
	if r.window.Spec.Family == GBCS {
		return gbcs
	}
	return ts
}

func (r *reading) finding(reason Reason, amendment string) Finding {
	w := r.window
	w.Amendment = amendment
	return Finding{Reason: reason, Window: w}
}

// unanimity combines the findings of several readings into one, which has an
// outcome only if all of them agree on it. The zero value has no findings.
type unanimity struct {
	checker Checker // for closesBefore and compareClosing
	shown   Finding
	doubts  int  // the number of amendments in doubt that are in force in the reading of shown
	any     bool // whether there is a finding
	differ  bool // whether outcomes differ
	assumed bool // whether some finding is Assumed
}

// add adds the finding of a reading in which the given number of amendments in
// doubt is in force.
func (u *unanimity) add(f Finding, doubts int) {
	u.assumed = u.assumed || f.Assumed
	switch {
	case !u.any:
		u.shown, u.doubts, u.any = f, doubts, true
	case f.outcome() != u.shown.outcome():
		u.differ = true
	case u.nearer(f, doubts):
		u.shown, u.doubts = f, doubts
	}
}

// nearer reports whether f is nearer to the opposite outcome than the finding
// shown, which has the same outcome. If eligible, that is the window that closes
// first; if not eligible, the latest end; if undetermined, the reading with the
// fewest amendments in doubt in force.
func (u *unanimity) nearer(f Finding, doubts int) bool {
	switch f.outcome() {
	case Eligible:
		return u.checker.closesBefore(f.Window, u.shown.Window)
	case NotEligible:
		return u.checker.compareClosing(f.Window, u.shown.Window) > 0
	}
	return doubts < u.doubts
}

// finding returns the finding shown. ok is false if the outcomes differ.
func (u *unanimity) finding() (f Finding, ok bool) {
	f = u.shown
	f.Assumed = u.assumed && f.outcome() == Eligible
	return f, !u.differ
}

// unanimous combines the findings that judge returns for the readings of a
// segment. If the outcomes differ, the reason is Unsettled and the amendment is
// one in doubt on which the outcome depends.
func unanimous[R any](c Checker, s *segment[R], judge func(*R) Finding) Finding {
	if len(s.readings) == 1 {
		return judge(&s.readings[0])
	}
	all := unanimity{checker: c}
	for choice := range s.readings {
		all.add(judge(&s.readings[choice]), bits.OnesCount(uint(choice)))
	}
	f, ok := all.finding()
	if ok {
		return f
	}
	return Finding{Reason: Unsettled, Window: Window{Spec: f.Window.Spec, Scope: f.Window.Scope, Amendment: culprit(s, judge)}}
}

// culprit returns the first amendment in doubt that, by itself, changes the
// outcome of some reading.
func culprit[R any](s *segment[R], judge func(*R) Finding) string {
	for i, id := range s.doubtful {
		for choice := range s.readings {
			if choice>>i&1 == 1 {
				continue
			}
			if judge(&s.readings[choice]).outcome() != judge(&s.readings[choice|1<<i]).outcome() {
				return id
			}
		}
	}
	return ""
}

// Unanimous combines verdicts of this checker on installations of which only one
// is right, but it is not known which. ok is false if the outcomes differ or
// there is no verdict. Otherwise place is the index of the verdict to show, the
// nearest to the opposite outcome: if eligible, the one whose window closes
// first; if not eligible, the one with the latest end.
func (c Checker) Unanimous(verdicts []Verdict) (place int, ok bool) {
	all := unanimity{checker: c}
	for i, v := range verdicts {
		before := all.shown
		all.add(Finding{Reason: v.Reason, Window: v.Window}, 0)
		if all.shown != before {
			place = i
		}
	}
	return place, all.any && !all.differ
}
