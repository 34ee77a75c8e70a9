package ivp

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// profiles are every version without a type and with some types, every pair, and
// every pair without its type or GBCS version; SMETS1 also in its scope.
func profiles(h History) []Installation {
	var all []Installation
	for _, spec := range append(h.Specs(), Spec{}, UnreadableSpec(), Spec{SMETS, "1.58"}) {
		for _, kind := range []DeviceType{0, ESME, CHF, IHD, UnknownType} {
			all = append(all, Installation{Type: kind, Spec: spec})
		}
	}
	for _, p := range h.Pairs() {
		all = append(all,
			Installation{Type: p.Type, Spec: p.Spec, GBCS: p.GBCS},
			Installation{Spec: p.Spec, GBCS: p.GBCS},
			Installation{Type: p.Type, Spec: p.Spec})
	}
	all = append(all,
		Installation{Spec: Spec{SMETS, "3.0"}, GBCS: Spec{GBCS, "2.0"}},
		Installation{Spec: Spec{SMETS, "4.2"}, GBCS: Spec{GBCS, "0.0"}},
		Installation{Spec: Spec{SMETS, "4.2"}, GBCS: UnreadableSpec()})
	for _, i := range all {
		if i.Spec.IsSMETS1() {
			i.Scope = " Prepayment "
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b Installation) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return slices.Compact(all)
}

// termsUnderTest are combinations of terms, as at days with different Tables.
func termsUnderTest(h History) []Checker {
	var all []Checker
	for n, asAt := range []string{"", "2018-01-17", "2021-06-01", "2022-02-24"} {
		for bits := range 4 {
			if n > 1 && bits != n { // every pair of terms, not every three
				continue
			}
			c := Checker{History: h, LastDayExcluded: bits&1 == 1, AssumeOpen: bits&2 == 2}
			if asAt != "" {
				c.AsAt, _ = ParseDate(asAt)
			}
			all = append(all, c)
		}
	}
	return all
}

func TestPeriodsAreCheckOnEveryDay(t *testing.T) {
	first, _ := ParseDate("2010-01-01")
	last, _ := ParseDate("2030-12-31")
	all := profiles(Published())
	for n, c := range termsUnderTest(Published()) {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			for m, i := range all {
				if testing.Short() && (n+m)%7 != 0 {
					continue
				}
				requirePeriods(t, c, i, first, last)
			}
		})
	}
}

func requirePeriods(t *testing.T, c Checker, i Installation, first, last Date) {
	periods := c.Periods(i)
	require.Equal(t, MinDate(), periods[0].First)
	require.Equal(t, MaxDate(), periods[len(periods)-1].Last)
	at := 0
	for n := 1; n < len(periods); n++ {
		require.Equal(t, periods[n-1].Last.AddDays(1), periods[n].First, "no gap")
		require.NotEqual(t, periods[n-1].Verdict, periods[n].Verdict, "the fewest periods")
	}
	for day := first; !day.After(last); day = day.AddDays(1) {
		for periods[at].Last.Before(day) {
			at++
		}
		i.On = day
		if got := c.Check(i); got != periods[at].Verdict {
			require.Equal(t, periods[at].Verdict, got, "%+v on %s", i, day)
		}
	}
}

// TestGBCSPeriodsAreWhatDevicesAreFound compares the periods of each version
// with the GBCS finding of a device that has it, on both sides of every break.
func TestGBCSPeriodsAreWhatDevicesAreFound(t *testing.T) {
	published := Published()
	for _, checker := range []Checker{
		{History: published},
		{History: published, AsAt: published.Latest()},
		{History: published, LastDayExcluded: true, AssumeOpen: true},
	} {
		for _, spec := range published.Specs() {
			if spec.Family != GBCS {
				continue
			}
			periods := checker.GBCSPeriods(spec)
			assert.Equal(t, MinDate(), periods[0].First)
			assert.Equal(t, MaxDate(), periods[len(periods)-1].Last)
			for n, p := range periods {
				if n > 0 {
					assert.Equal(t, periods[n-1].Last.AddDays(1), p.First, "%s has a gap or an overlap", spec)
					assert.NotEqual(t, periods[n-1].Verdict, p.Verdict, "%s has two periods where one would do", spec)
				}
				for _, day := range []Date{p.First, p.Last} {
					device := Installation{Spec: Spec{Family: SMETS, Version: "4.2"}, GBCS: spec, On: day}
					require.Equal(t, checker.Check(device).GBCS, p.Verdict.GBCS, "%s on %s", spec, day)
					assert.Equal(t, p.Verdict.GBCS.Reason, p.Verdict.Reason)
				}
			}
		}
	}
}

func TestGBCSPeriodsOfAnotherFamily(t *testing.T) {
	for _, spec := range []Spec{{}, {Family: SMETS, Version: "4.2"}, UnreadableSpec()} {
		periods := Checker{History: Published()}.GBCSPeriods(spec)
		require.Len(t, periods, 1)
		assert.Equal(t, BadVersion, periods[0].Verdict.Reason)
	}
}
