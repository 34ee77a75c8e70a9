package ivp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLessDataNeverGivesMorePermission holds that where a device with blank
// cells is eligible, by the law of the day or as at latest, some way to fill
// them is eligible too. As at any other day, some way to fill them is at least
// not ruled out: tables that stood before a GBCS version was listed do not
// vouch for it.
func TestLessDataNeverGivesMorePermission(t *testing.T) {
	h := Published()
	days := lawDays(h)
	for n, asAt := range append([]Date{{}, h.Latest()}, days...) {
		if n%3 != 0 && n > 2 {
			continue
		}
		worst := Eligible
		if asAt.Valid() && asAt.Before(h.Latest()) {
			worst = Undetermined
		}
		for _, terms := range []Checker{{}, {AssumeOpen: true}, {LastDayExcluded: true}} {
			c := terms
			c.History, c.AsAt = h, asAt
			for _, i := range blankProfiles(h) {
				for _, on := range days {
					i.On = on
					if c.Check(i).Outcome() == Eligible {
						require.True(t, someCompletion(c, i, worst), "%+v is eligible on %s as at %s, and no completion is", i, on, asAt)
					}
				}
			}
		}
	}
}

// blankProfiles are those with a type or a GBCS version left blank.
func blankProfiles(h History) []Installation {
	var all []Installation
	for _, i := range profiles(h) {
		if i.Type == 0 || i.GBCS.IsZero() {
			all = append(all, i)
		}
	}
	return all
}

// someCompletion reports whether some way to fill the blanks has the outcome
// Eligible, or else is not ruled out, where that is enough.
func someCompletion(c Checker, i Installation, enough Outcome) bool {
	types, versions := []DeviceType{i.Type}, []Spec{i.GBCS}
	if i.Type == 0 {
		types = DeviceTypes()
	}
	if i.GBCS.IsZero() {
		versions = []Spec{{GBCS, "0.0"}}
		for _, spec := range c.History.record().specs {
			if spec.Family == GBCS {
				versions = append(versions, spec)
			}
		}
	}
	for _, i.Type = range types {
		for _, i.GBCS = range versions {
			if o := c.Check(i).Outcome(); o == Eligible || o == enough {
				return true
			}
		}
	}
	return false
}

// TestBlankGBCSIsRuledOutWithAllItsVersions ends the one GBCS version that
// goes with SMETS2 v4.2: a blank cell must not hide it.
func TestBlankGBCSIsRuledOutWithAllItsVersions(t *testing.T) {
	end, _ := ParseDate("2022-03-31")
	on, _ := ParseDate("2022-06-01")
	h, err := Published().Amend(Amendment{
		ID: "ENDS-3.2", InForce: end, Citations: []Citation{{Document: "a test"}},
		Title:   "ends GBCS v3.2",
		Entries: []Entry{{Spec: Spec{GBCS, "3.2"}, To: On(end), Unquoted: "a test"}},
	})
	require.NoError(t, err)
	v := Checker{History: h}.Check(Installation{Spec: Spec{SMETS, "4.2"}, On: on})
	require.Equal(t, GBCSEnded, v.Reason)
	require.Equal(t, "ENDS-3.2", v.Amendment())
	other := Checker{History: h}.Check(Installation{Spec: Spec{SMETS, "4.3"}, On: on})
	require.Equal(t, WithinPeriod, other.Reason, "v4.3 goes with other GBCS versions too")
}

// TestPeriodPresupposesGBCS restates SMETS2 v4.2 and leaves its GBCS version as
// it stood: a device without a GBCS cell rests on what was stated.
func TestPeriodPresupposesGBCS(t *testing.T) {
	inForce, _ := ParseDate("2022-09-22")
	end, _ := ParseDate("2027-06-30")
	on, _ := ParseDate("2026-11-23")
	h, err := Published().Amend(Amendment{
		ID: "ENDS-4.2", InForce: inForce, Citations: []Citation{{Document: "a test"}},
		Title:   "ends SMETS2 v4.2",
		Entries: []Entry{{Spec: Spec{SMETS, "4.2"}, To: On(end), Unquoted: "a test"}},
	})
	require.NoError(t, err)
	blank := Installation{Type: ESME, Spec: Spec{SMETS, "4.2"}, On: on}
	require.Equal(t, WithinPeriod, Checker{History: h}.Check(blank).Reason)
	blank.GBCS = Spec{GBCS, "3.2"}
	require.Equal(t, BeyondRecord, Checker{History: h}.Check(blank).Reason)
}
