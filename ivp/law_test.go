package ivp

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// lawDays are installation days and as-at days that tell tables apart.
func lawDays(h History) []Date {
	var days []Date
	for _, d := range h.record().breaks[1:] {
		days = append(days, d.AddDays(-1), d)
	}
	return slices.Compact(days)
}

// requireAppendOnly holds that an amendment changes no finding as at a day
// before it may have stood, but that not-listed may become before-start. Pairs
// carry no day and are left out of the comparison.
func requireAppendOnly(t require.TestingT, before, after History, added Amendment) {
	from := added.InForce
	if added.PerhapsFrom.Valid() {
		from = added.PerhapsFrom
	}
	days := lawDays(after)
	for _, spec := range after.Specs() {
		for _, scope := range append(after.Scopes(), "") {
			for n, asAt := range days {
				touched := slices.ContainsFunc(added.Entries, func(e Entry) bool { return e.Spec == spec })
				if !asAt.Before(from) || !touched && n%7 != 0 {
					continue
				}
				old := Checker{History: before, AsAt: asAt}
				amended := Checker{History: after, AsAt: asAt}
				for _, on := range days {
					was, is := old.judge(spec, scope, on), amended.judge(spec, scope, on)
					if was != is && !mayBecome(was, is, added) {
						require.Equal(t, was, is, "%s changes %s %q as at %s on %s", added.ID, spec, scope, asAt, on)
					}
				}
			}
		}
	}
}

// mayBecome says the one exception: what was not listed is before its start,
// since the amendment lists it. Where another lists it later too, the earlier
// of the two is named.
func mayBecome(was, is Finding, added Amendment) bool {
	return (was.Reason == NotListed || was.Reason == BeforeStart) && is.Reason == BeforeStart && is.Window.Amendment == added.ID
}

func TestShippedRecordIsAppendOnly(t *testing.T) {
	all := Published().Amendments()
	for n := 1; n < len(all); n++ {
		before := History{newRecord("", all[:n])}
		after := History{newRecord("", all[:n+1])}
		requireAppendOnly(t, before, after, all[n])
	}
}

func TestAnyAmendmentIsAppendOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		added := drawAmendment(t)
		after, err := Published().Amend(added)
		if err != nil {
			t.Skip("the loader refuses it")
		}
		requireAppendOnly(t, Published(), after, added)
	})
}

func drawAmendment(t *rapid.T) Amendment {
	day := rapid.Custom(func(t *rapid.T) Date {
		base, _ := ParseDate("2017-01-01")
		return base.AddDays(rapid.IntRange(0, 3000).Draw(t, "day"))
	})
	specs := append(Published().Specs(), Spec{SMETS, "6.0"}, Spec{GBCS, "5.0"})
	e := Entry{
		Spec:     rapid.SampledFrom(specs).Draw(t, "spec"),
		Remove:   rapid.IntRange(0, 9).Draw(t, "remove") == 0,
		Inferred: "a property test says so",
	}
	if !e.Remove {
		if e.Spec.Family != GBCS {
			e.Scope = rapid.SampledFrom([]string{"", "", "prepayment", "acme"}).Draw(t, "scope")
		}
		if rapid.Bool().Draw(t, "lists") {
			e.From = rapid.SampledFrom([]Bound{{Kind: NotOnRecord}, On(day.Draw(t, "from"))}).Draw(t, "start")
		}
		to := []Bound{{Kind: NotOnRecord}, {Kind: Open}, On(day.Draw(t, "to").AddDays(2000))}
		e.To = rapid.SampledFrom(to).Draw(t, "end")
	}
	a := Amendment{
		ID: "DRAWN", Title: "drawn", InForce: day.Draw(t, "in force"),
		Citations: []Citation{{Document: "a property test"}}, Entries: []Entry{e},
	}
	if rapid.IntRange(0, 3).Draw(t, "perhaps") == 0 {
		a.PerhapsFrom = a.InForce.AddDays(-rapid.IntRange(1, 400).Draw(t, "doubt"))
	}
	return a
}
