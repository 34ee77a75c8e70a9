package ivp

import (
	"reflect"
	"slices"
	"strings"
)

// Comparison is two checkers that are asked the same: the record before and
// after a change, or one record on two terms. Make it with [Compare]. The zero
// value compares two records without amendments.
type Comparison struct {
	Before, After Checker
	amendments    []comparedAmendment
}

// comparedAmendment is an amendment on record before, after, or both.
type comparedAmendment struct {
	Amendment
	before, after bool
}

// standsHow says how an amendment stands on an as-at day.
type standsHow uint8

const (
	standsNot standsHow = iota
	standsPerhaps
	stands
)

// Compare returns the comparison of two checkers.
func Compare(before, after Checker) Comparison {
	c := Comparison{Before: before, After: after}
	for _, a := range before.History.record().amendments {
		c.amendments = append(c.amendments, comparedAmendment{a, true, false})
	}
	for _, a := range after.History.record().amendments {
		same := slices.IndexFunc(c.amendments, func(o comparedAmendment) bool { return o.before && !o.after && reflect.DeepEqual(o.Amendment, a) })
		if same < 0 {
			c.amendments = append(c.amendments, comparedAmendment{a, false, true})
			continue
		}
		c.amendments[same].after = true
	}
	slices.SortStableFunc(c.amendments, func(a, b comparedAmendment) int { return a.InForce.Compare(b.InForce) })
	return c
}

// ChangedBy returns the ids of the amendments that make the difference between
// the two answers for an installation, or for any of several, in the order of
// their in-force days. The fewest findings that turn the one answer into the
// other are taken. Of the amendments that stand on one side and not, or only
// perhaps, on the other, they are those that such a finding names, and where it
// names none, those that speak of its version. It is empty where the answers
// agree, and where it is the terms that differ and no amendment.
func (c Comparison) ChangedBy(all ...Installation) []string {
	var ids []string
	for _, i := range all {
		ids = append(ids, c.changedBy(i)...)
	}
	return c.inOrder(ids)
}

func (c *Comparison) changedBy(i Installation) (ids []string) {
	before, after := c.Before.Check(i), c.After.Check(i)
	turned := c.turning(before, after)
	if turned&turnsTS != 0 {
		ids = append(ids, c.behind(before.TS, after.TS, i.On, c.changes(i.Scope, i.Spec))...)
	}
	if turned&turnsGBCS != 0 {
		gbcs := c.changes("", c.gbcsJudged(i, before.GBCS, after.GBCS)...)
		ids = append(ids, c.behind(before.GBCS, after.GBCS, i.On, func(a *comparedAmendment) bool {
			return gbcs(a) || i.GBCS.IsZero() && a.pairs(i.Spec)
		})...)
	}
	if turned&turnsPair != 0 {
		ids = append(ids, c.behind(before.Pair, after.Pair, i.On, func(a *comparedAmendment) bool { return a.pairs(i.Spec) })...)
	}
	return ids
}

// The findings of a verdict, as a set.
const (
	turnsTS = 1 << iota
	turnsGBCS
	turnsPair
)

// turning returns the fewest findings that turn the answer of before into that
// of after.
func (c *Comparison) turning(before, after Verdict) (turned int) {
	if sameAnswer(before, after) {
		return 0
	}
	for _, few := range [...]int{turnsTS, turnsGBCS, turnsPair, turnsTS | turnsGBCS, turnsTS | turnsPair, turnsGBCS | turnsPair} {
		if sameAnswer(c.turned(before, after, few), after) {
			return few
		}
	}
	return turnsTS | turnsGBCS | turnsPair
}

// sameAnswer reports whether two verdicts rest on one window for one reason.
func sameAnswer(v, w Verdict) bool { return v.Reason == w.Reason && v.Window == w.Window }

// turned returns what a verdict would be with some findings of another.
func (c *Comparison) turned(v, other Verdict, findings int) Verdict {
	ts, gbcs, pair := v.TS, v.GBCS, v.Pair
	if findings&turnsTS != 0 {
		ts = other.TS
	}
	if findings&turnsGBCS != 0 {
		gbcs = other.GBCS
	}
	if findings&turnsPair != 0 {
		pair = other.Pair
	}
	return c.After.decide(ts, gbcs, pair)
}

// behind returns the amendments behind a finding that differs.
func (c *Comparison) behind(old, new Finding, on Date, touching func(*comparedAmendment) bool) (ids []string) {
	var named, spoken []string
	for n := range c.amendments {
		a := &c.amendments[n]
		apart := a.standing(a.before, &c.Before, on) != a.standing(a.after, &c.After, on)
		if !touching(a) || !apart && a.before == a.after {
			continue
		}
		spoken = append(spoken, a.ID)
		if a.ID == old.Window.Amendment || a.ID == new.Window.Amendment {
			named = append(named, a.ID)
		}
	}
	if len(named) > 0 {
		return named
	}
	return spoken
}

// standing says how the amendment stands for a checker, where it is on its
// record at all.
func (a *comparedAmendment) standing(onRecord bool, c *Checker, on Date) standsHow {
	switch asAt := c.asAt(on); {
	case !onRecord:
		return standsNot
	case a.inDoubt(asAt):
		return standsPerhaps
	case a.InForce.After(asAt):
		return standsNot
	}
	return stands
}

// changes returns a function that reports whether an amendment changes one of
// the versions in the scope. A scope that no rule names may be any.
func (c *Comparison) changes(scope string, specs ...Spec) func(*comparedAmendment) bool {
	scope = strings.TrimSpace(scope)
	named := c.Before.History.NamesScope(scope, maxDate) || c.After.History.NamesScope(scope, maxDate)
	return func(a *comparedAmendment) bool {
		return slices.ContainsFunc(a.Entries, func(e Entry) bool {
			return slices.Contains(specs, e.Spec) && (e.Scope == "" || !named || strings.EqualFold(e.Scope, scope))
		})
	}
}

// pairs reports whether the amendment permits or withdraws a pair of a version.
func (a *comparedAmendment) pairs(spec Spec) bool {
	return slices.ContainsFunc(a.Pairs, func(p Pair) bool { return p.Spec == spec })
}

// gbcsJudged returns the versions of GBCS that a device is judged by: its own,
// or where it names none, those found and all that go with it.
func (c *Comparison) gbcsJudged(i Installation, findings ...Finding) []Spec {
	if i.GBCS.Family == GBCS {
		return []Spec{i.GBCS}
	}
	var specs []Spec
	for _, f := range findings {
		specs = append(specs, f.Window.Spec)
	}
	for n := range c.amendments {
		for _, p := range c.amendments[n].Pairs {
			if p.Spec == i.Spec {
				specs = append(specs, p.GBCS)
			}
		}
	}
	return specs
}

// inOrder returns the ids once each, in the order of the record.
func (c *Comparison) inOrder(ids []string) (ordered []string) {
	for _, a := range c.amendments {
		if slices.Contains(ids, a.ID) && !slices.Contains(ordered, a.ID) {
			ordered = append(ordered, a.ID)
		}
	}
	return ordered
}
