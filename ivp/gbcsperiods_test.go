package ivp_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

// TestGBCSPeriodsAreWhatDevicesAreFound holds the periods of each version
// against the GBCS finding of a device that carries it, around every break.
func TestGBCSPeriodsAreWhatDevicesAreFound(t *testing.T) {
	published := ivp.Published()
	for _, checker := range []ivp.Checker{
		{History: published},
		{History: published, AsAt: published.Latest()},
		{History: published, LastDayExcluded: true, AssumeOpen: true},
	} {
		for _, spec := range published.Specs() {
			if spec.Family != ivp.GBCS {
				continue
			}
			periods := checker.GBCSPeriods(spec)
			assert.Equal(t, ivp.MinDate(), periods[0].First)
			assert.Equal(t, ivp.MaxDate(), periods[len(periods)-1].Last)
			for n, p := range periods {
				if n > 0 {
					assert.Equal(t, periods[n-1].Last.AddDays(1), p.First, "%s has a gap or an overlap", spec)
					assert.NotEqual(t, periods[n-1].Verdict, p.Verdict, "%s has two periods where one would do", spec)
				}
				for _, day := range []ivp.Date{p.First, p.Last} {
					device := ivp.Installation{Spec: ivp.Spec{Family: ivp.SMETS, Version: "4.2"}, GBCS: spec, On: day}
					require.Equal(t, checker.Check(device).GBCS, p.Verdict.GBCS, "%s on %s", spec, day)
					assert.Equal(t, p.Verdict.GBCS.Reason, p.Verdict.Reason)
				}
			}
		}
	}
}

func TestGBCSPeriodsOfAnotherFamily(t *testing.T) {
	for _, spec := range []ivp.Spec{{}, {Family: ivp.SMETS, Version: "4.2"}, ivp.UnreadableSpec()} {
		periods := ivp.Checker{History: ivp.Published()}.GBCSPeriods(spec)
		require.Len(t, periods, 1)
		assert.Equal(t, ivp.BadVersion, periods[0].Verdict.Reason)
	}
}
