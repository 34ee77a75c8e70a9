package ivp

import (
	"slices"
	"strings"
)

// timeline holds what applies on each as-at day: a run of segments, the first
// of which begins on the first day there is. R is what one reading says.
type timeline[R any] []segment[R]

// segment is a run of as-at days with the same readings.
type segment[R any] struct {
	first Date
	// doubtful are the amendments that may or may not be in force on these
	// days. There is a reading for each choice among them, and the reading's
	// index is the choice: bit i is set where doubtful[i] is in force.
	doubtful []string
	readings []R
}

// at returns the segment of an as-at day. Segments are few and the last is the
// one needed most, so walking back from it is faster than a search.
func (t timeline[R]) at(day Date) *segment[R] {
	for i := len(t) - 1; i > 0; i-- {
		if !t[i].first.After(day) {
			return &t[i]
		}
	}
	return &t[0]
}

// newTimeline calls fold for each segment and each choice among the amendments
// in doubt there. touching are the amendments that bear on the result, in
// record order, each once.
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

// inDoubt reports whether no source says if the amendment is in force on the
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

// standing is all that the record says of one version: a timeline for the
// general case and one for each scope that has entries of its own.
type standing struct {
	general timeline[reading]
	scopes  []scopedTimeline
}

type scopedTimeline struct {
	scope string
	from  Date // the first as-at day on which an amendment may name the scope for the version
	line  timeline[reading]
}

// change is one entry with its amendment. place orders the changes of a
// version as the record does.
type change struct {
	amendment *Amendment
	entry     *Entry
	place     int
}

// newStandings works out what the record says of every version.
func newStandings(amendments []Amendment) map[Spec]*standing {
	changes := map[Spec][]change{}
	for n := range amendments {
		a := &amendments[n]
		for i := range a.Entries {
			e := &a.Entries[i]
			changes[e.Spec] = append(changes[e.Spec], change{a, e, len(changes[e.Spec])})
		}
	}
	standings := make(map[Spec]*standing, len(changes))
	for spec, all := range changes {
		standings[spec] = newStanding(spec, all)
	}
	return standings
}

func newStanding(spec Spec, changes []change) *standing {
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
	s := &standing{general: foldTimeline(spec, "", general)}
	for _, scope := range scopes {
		changes := own[strings.ToLower(scope)]
		from := maxDate
		for _, c := range changes {
			from = earlier(from, c.amendment.possibleFrom())
		}
		changes = slices.Concat(general, changes) // a scope starts from the general window
		slices.SortFunc(changes, func(a, b change) int { return a.place - b.place })
		s.scopes = append(s.scopes, scopedTimeline{scope, from, foldTimeline(spec, scope, changes)})
	}
	return s
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

// amendmentsOf returns the amendments of some changes in record order, each
// once.
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

// scoped returns the timeline of a scope, nil if the record has none for the
// version.
func (s *standing) scoped(scope string) timeline[reading] {
	for _, candidate := range s.scopes {
		if strings.EqualFold(candidate.scope, scope) {
			return candidate.line
		}
	}
	return nil
}

// chosen names the amendments in doubt that a choice takes and leaves.
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
