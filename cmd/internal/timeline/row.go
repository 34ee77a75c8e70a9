package timeline

import (
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Group is the rows of one family.
type Group struct {
	Family ivp.Family
	Title  string
	Rows   []Row
}

// Row is one version, in the general case or in one scope that has a window of
// its own.
type Row struct {
	Spec  ivp.Spec
	Scope string // empty for the general case
	// Bars cover every day there is, in order and without a gap.
	Bars []Bar
}

// Name returns the version, and the scope if there is one.
func (r Row) Name() string {
	if r.Scope == "" {
		return r.Spec.String()
	}
	return r.Spec.String() + ", " + r.Scope
}

func groupsOf(checker ivp.Checker, gbcs bool) []Group {
	groups := []Group{
		{Family: ivp.SMETS, Title: "SMETS: meters and other devices"},
		{Family: ivp.CHTS, Title: "CHTS: communications hubs"},
	}
	if gbcs {
		groups = append(groups, Group{Family: ivp.GBCS, Title: "GBCS: when each version applies, by itself"})
	}
	scopes := scopesOf(checker.History)
	for i := range groups {
		for _, spec := range checker.History.Specs() {
			if spec.Family == groups[i].Family {
				groups[i].Rows = append(groups[i].Rows, rowsOf(checker, spec, scopes[spec])...)
			}
		}
	}
	return slices.DeleteFunc(groups, func(g Group) bool { return len(g.Rows) == 0 })
}

// scopesOf returns the scopes in which the record has an entry for each
// version.
func scopesOf(h ivp.History) map[ivp.Spec][]string {
	scopes := map[ivp.Spec][]string{}
	for _, a := range h.Amendments() {
		for _, e := range a.Entries {
			same := func(scope string) bool { return strings.EqualFold(scope, e.Scope) }
			if e.Scope != "" && !slices.ContainsFunc(scopes[e.Spec], same) {
				scopes[e.Spec] = append(scopes[e.Spec], e.Scope)
			}
		}
	}
	return scopes
}

// rowsOf returns the version's row, and one for each scope whose answers are
// not those of the general case on every day.
func rowsOf(checker ivp.Checker, spec ivp.Spec, scopes []string) []Row {
	general := periods(checker, spec, "")
	rows := []Row{newRow(spec, "", general)}
	if spec.Family == ivp.GBCS {
		return rows
	}
	for _, scope := range scopes {
		if own := periods(checker, spec, scope); !slices.Equal(own, general) {
			rows = append(rows, newRow(spec, scope, own))
		}
	}
	return rows
}

func periods(checker ivp.Checker, spec ivp.Spec, scope string) []ivp.Period {
	if spec.Family == ivp.GBCS {
		return checker.GBCSPeriods(spec)
	}
	return checker.Periods(ivp.Installation{Spec: spec, Scope: scope})
}

func newRow(spec ivp.Spec, scope string, periods []ivp.Period) Row {
	r := Row{Spec: spec, Scope: scope}
	for _, p := range periods {
		if n := len(r.Bars); n > 0 && sameBar(r.Bars[n-1].Verdict, p.Verdict) {
			r.Bars[n-1].Last = p.Last
			continue
		}
		r.Bars = append(r.Bars, Bar{Period: p, name: r.Name(), family: spec.Family})
	}
	return r
}

// sameBar reports whether two verdicts are drawn as one bar: they may differ in
// findings that do not decide.
func sameBar(v, w ivp.Verdict) bool {
	return v.Reason == w.Reason && v.Amendment() == w.Amendment() && v.Assumed() == w.Assumed()
}
