package ivp

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLessDataNeverGivesMorePermission checks that if a device with blank cells
// is eligible by the law of the day or by the latest Tables, so is some device
// with these cells filled. As at any other day, some such device is at least not
// ruled out, because Tables from before a GBCS version was listed do not vouch
// for it.
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

// blankProfiles are the profiles without a type or a GBCS version.
func blankProfiles(h History) []Installation {
	var all []Installation
	for _, i := range profiles(h) {
		if i.Type == 0 || i.GBCS.IsZero() {
			all = append(all, i)
		}
	}
	return all
}

// someCompletion reports whether some device with the blanks filled is eligible
// or, if that is enough, not ruled out.
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

// TestBlankGBCSIsRuledOutWithAllItsVersions ends the only GBCS version that goes
// with SMETS2 v4.2. A device without a GBCS version must not be eligible after
// that.
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

// TestPeriodDoesNotVouchForGBCS restates SMETS2 v4.2, but not its GBCS version. A
// device is undetermined then, with a GBCS version and without one.
func TestPeriodDoesNotVouchForGBCS(t *testing.T) {
	end, _ := ParseDate("2027-06-30")
	on, _ := ParseDate("2026-11-23")
	h := amended(t, madeUp("ENDS-4.2", "2022-09-22", Entry{Spec: Spec{SMETS, "4.2"}, To: On(end)}))
	given := Installation{Type: ESME, Spec: Spec{SMETS, "4.2"}, GBCS: Spec{GBCS, "3.2"}, On: on}
	blank := given
	blank.GBCS = Spec{}
	assert.Equal(t, GBCSBeyondRecord, Checker{History: h}.Check(given).Reason)
	assert.Equal(t, Checker{History: h}.Check(given), Checker{History: h}.Check(blank))
}

// TestMostFavourableCompletion checks that of the eligible GBCS versions the one
// that closes last is judged, and of not eligible ones that with the latest end.
func TestMostFavourableCompletion(t *testing.T) {
	pair := func(gbcs string) Pair { return Pair{Type: GSME, Spec: v90, GBCS: Spec{GBCS, gbcs}} }
	lists := madeUp("LISTS", "2023-01-01", Entry{Spec: v90, From: On(theDay("2023-01-01")), To: endOpen},
		Entry{Spec: Spec{GBCS, "9.0"}, From: On(theDay("2023-01-01")), To: On(theDay("2023-06-30"))},
		Entry{Spec: Spec{GBCS, "9.1"}, From: On(theDay("2023-01-01")), To: On(theDay("2023-12-31"))},
		Entry{Spec: Spec{GBCS, "9.2"}, From: On(theDay("2023-01-01")), To: On(theDay("2023-03-31"))})
	lists.Pairs = []Pair{pair("9.0"), pair("9.1"), pair("9.2")}
	withUnknown := lists
	withUnknown.Pairs = append(withUnknown.Pairs, pair("9.3"))
	for _, c := range []struct {
		name   string
		added  Amendment
		kind   DeviceType
		on     string
		reason Reason
		gbcs   string
		to     string
	}{
		{"day before the first", lists, GSME, "2022-12-31", BeforeStart, "GBCS v2.1", ""},
		{"all eligible", lists, GSME, "2023-01-01", WithinPeriod, "GBCS v9.1", "2023-12-31"},
		{"last day of the last", lists, GSME, "2023-12-31", WithinPeriod, "GBCS v9.1", "2023-12-31"},
		{"day after", lists, GSME, "2024-01-01", GBCSEnded, "GBCS v9.1", "2023-12-31"},
		{"without a type", lists, 0, "2024-01-01", GBCSEnded, "GBCS v9.1", "2023-12-31"},
		{"a type that cannot be read", lists, UnknownType, "2023-05-01", UnknownDeviceType, "GBCS v9.1", ""},
		{"no pair for the type", lists, PPMID, "2023-05-01", UnlistedPair, "", ""},
		{"one of which nothing is known", withUnknown, GSME, "2024-01-01", NotListed, "GBCS v9.3", ""},
		{"one of which nothing is known, beside an eligible one", withUnknown, GSME, "2023-05-01", WithinPeriod, "GBCS v9.1", "2023-12-31"},
	} {
		v := Checker{History: amended(t, c.added)}.Check(Installation{Type: c.kind, Spec: v90, On: theDay(c.on)})
		to, _ := v.To()
		assert.Equal(t, c.reason, v.Reason, c.name)
		assert.Equal(t, c.gbcs, v.GBCS.Window.Spec.String(), c.name)
		assert.Equal(t, c.to, to.String(), c.name)
	}
}
