package ivp

import (
	"reflect"
	"slices"
	"strings"
)

// Comparison finds the amendments that make the difference between two
// checkers: the history before and after a change, or one history on different
// terms. Make it with [Compare]. The zero value compares two empty histories.
type Comparison struct {
	before, after Checker
	amendments    []comparedAmendment
}

// comparedAmendment is an amendment of the history before, after, or both.
type comparedAmendment struct {
	Amendment
	before, after bool
}

// force says whether an amendment is in force on an as-at day.
type force uint8

const (
	notInForce force = iota
	perhapsInForce
	inForce
)

// Compare returns the comparison of two checkers.
func Compare(before, after Checker) Comparison {
	c := Comparison{before: before, after: after}
	for _, a := range before.History.record().amendments {
		c.amendments = append(c.amendments, comparedAmendment{Amendment: a, before: true})
	}
	for _, a := range after.History.record().amendments {
		same := slices.IndexFunc(c.amendments, func(o comparedAmendment) bool { return o.before && !o.after && reflect.DeepEqual(o.Amendment, a) })
		if same < 0 {
			c.amendments = append(c.amendments, comparedAmendment{Amendment: a, after: true})
			continue
		}
		c.amendments[same].after = true
	}
	slices.SortStableFunc(c.amendments, func(a, b comparedAmendment) int { return a.InForce.Compare(b.InForce) })
	return c
}

// ChangedBy returns the ids of the amendments that make the difference between
// the two answers for an installation, or for any of several, in the order of
// their in-force days. It considers the fewest findings that turn one answer
// into the other, and the amendments whose state (in force, perhaps in force,
// not in force) differs between the two checkers. It returns those that such a
// finding names or, if it names none of them, those that change the finding's
// version. The result is empty if the answers agree, or if they differ because
// of the terms alone.
func (c Comparison) ChangedBy(all ...Installation) []string {
	var ids []string
	for _, i := range all {
		ids = append(ids, c.changedBy(i)...)
	}
	return c.inOrder(ids)
}

func (c *Comparison) changedBy(i Installation) (ids []string) {
	before, after := c.before.Check(i), c.after.Check(i)
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

// The findings of a verdict, as bits of a set.
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

// sameAnswer reports whether two verdicts have the same reason and window.
func sameAnswer(v, w Verdict) bool { return v.Reason == w.Reason && v.Window == w.Window }

// turned returns the verdict v with some of its findings replaced by those of
// another verdict.
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
	return c.after.decide(ts, gbcs, pair)
}

// behind returns the ids of the amendments that may be why a finding differs:
// of those for which touching is true, the ones that a finding names, or all.
func (c *Comparison) behind(old, new Finding, on Date, touching func(*comparedAmendment) bool) (ids []string) {
	var named, touched []string
	for n := range c.amendments {
		a := &c.amendments[n]
		differs := a.state(a.before, &c.before, on) != a.state(a.after, &c.after, on)
		if !touching(a) || !differs && a.before == a.after {
			continue
		}
		touched = append(touched, a.ID)
		if a.ID == old.Window.Amendment || a.ID == new.Window.Amendment {
			named = append(named, a.ID)
		}
	}
	if len(named) > 0 {
		return named
	}
	return touched
}

// state returns whether the amendment is in force for a checker. present says
// whether the checker's history has the amendment.
func (a *comparedAmendment) state(present bool, c *Checker, on Date) force {
	switch asAt := c.asAt(on); {
	case !present:
		return notInForce
	case a.inDoubt(asAt):
		return perhapsInForce
	case a.InForce.After(asAt):
		return notInForce
	}
	return inForce
}

// changes returns a function that reports whether an amendment changes one of
// the versions in the scope. A scope that no amendment names may be any scope.
func (c *Comparison) changes(scope string, specs ...Spec) func(*comparedAmendment) bool {
	scope = strings.TrimSpace(scope)
	named := c.before.History.NamesScope(scope, maxDate) || c.after.History.NamesScope(scope, maxDate)
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

// gbcsJudged returns the GBCS versions by which a device is judged: its own or,
// if it gives none, those of the findings and all that its pairs permit.
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

// inOrder returns each of the ids once, in the order of the amendments.
func (c *Comparison) inOrder(ids []string) (ordered []string) {
	for _, a := range c.amendments {
		if slices.Contains(ids, a.ID) && !slices.Contains(ordered, a.ID) {
			ordered = append(ordered, a.ID)
		}
	}
	return ordered
}
