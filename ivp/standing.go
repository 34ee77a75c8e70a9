package ivp

import (
	"slices"
	"strings"
)

// standing is all that the record says of one version: a timeline for the
// general case and one for each scope that has entries of its own.
type standing struct {
	general timeline
	scopes  []scopedTimeline
}

type scopedTimeline struct {
	scope string
	line  timeline
}

func newStanding(spec Spec, amendments []Amendment) *standing {
	s := &standing{general: newTimeline(spec, "", amendments)}
	for _, a := range amendments {
		for _, e := range a.Entries {
			if e.Spec == spec && e.Scope != "" && s.scoped(e.Scope) == nil {
				s.scopes = append(s.scopes, scopedTimeline{e.Scope, newTimeline(spec, e.Scope, amendments)})
			}
		}
	}
	return s
}

func (s *standing) scoped(scope string) timeline {
	for _, candidate := range s.scopes {
		if strings.EqualFold(candidate.scope, scope) {
			return candidate.line
		}
	}
	return nil
}

// timeline returns the timeline by which the scope is judged: its own, or the
// general one where it has none.
func (s *standing) timeline(scope string) timeline {
	if scope = strings.TrimSpace(scope); scope != "" {
		if line := s.scoped(scope); line != nil {
			return line
		}
	}
	return s.general
}

// timeline is what stands for one version and scope on each as-at day: a run
// of segments, the first from the first day there is.
type timeline []segment

// segment is a run of as-at days on which the same readings stand.
type segment struct {
	first Date
	// doubtful are the amendments that may or may not have stood on these
	// days. There is a reading for each choice among them, and the reading's
	// place is the choice: bit i is set where doubtful[i] is taken.
	doubtful []string
	readings []reading
}

// at returns the segment of an as-at day. Segments are few, so that walking
// back from the last, which is asked most, beats a search.
func (t timeline) at(day Date) *segment {
	for i := len(t) - 1; i > 0; i-- {
		if !t[i].first.After(day) {
			return &t[i]
		}
	}
	return &t[0]
}

func newTimeline(spec Spec, scope string, amendments []Amendment) timeline {
	touching := slices.DeleteFunc(slices.Clone(amendments), func(a Amendment) bool {
		return !slices.ContainsFunc(a.Entries, touches(spec, scope))
	})
	firsts := []Date{minDate}
	for _, a := range touching {
		firsts = append(firsts, a.InForce)
		if a.PerhapsFrom.Valid() {
			firsts = append(firsts, a.PerhapsFrom)
		}
	}
	slices.SortFunc(firsts, Date.Compare)
	var line timeline
	for _, first := range slices.Compact(firsts) {
		line = append(line, newSegment(first, spec, scope, touching))
	}
	return line
}

// touches reports whether an entry bears on the version in the scope: entries
// for the general case do too, since a scope starts from them.
func touches(spec Spec, scope string) func(Entry) bool {
	return func(e Entry) bool {
		return e.Spec == spec && (e.Scope == "" || strings.EqualFold(e.Scope, scope))
	}
}

func newSegment(first Date, spec Spec, scope string, touching []Amendment) segment {
	s := segment{first: first}
	for _, a := range touching {
		if inDoubt(a, first) {
			s.doubtful = append(s.doubtful, a.ID)
		}
	}
	for choice := range 1 << len(s.doubtful) {
		stands := func(a Amendment) bool {
			if inDoubt(a, first) {
				return choice>>slices.Index(s.doubtful, a.ID)&1 == 1
			}
			return !a.InForce.After(first)
		}
		s.readings = append(s.readings, fold(spec, scope, touching, stands))
	}
	return s
}

func inDoubt(a Amendment, asAt Date) bool {
	return a.PerhapsFrom.Valid() && !a.PerhapsFrom.After(asAt) && a.InForce.After(asAt)
}
