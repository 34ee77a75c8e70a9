package ivp

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestChangedBy(t *testing.T) {
	without := func(ids ...string) History {
		h := Published()
		for _, id := range ids {
			var err error
			h, err = h.Without(id)
			require.NoError(t, err)
		}
		return h
	}
	latest := func(h History) Checker { return Checker{History: h, AsAt: h.Latest()} }
	ofTheDay := Checker{History: Published()}
	pairs, err := Published().Amend(Amendment{
		ID: "DRAFT", Title: "invented", InForce: Published().Latest(), Citations: []Citation{{Document: "invented"}},
		Pairs: []Pair{{Type: GSME, Spec: mustSpec(t, "SMETS2 v3.1"), GBCS: mustSpec(t, "GBCS v3.2")}},
	})
	require.NoError(t, err)
	for name, test := range map[string]struct {
		before, after     Checker
		spec, gbcs, scope string
		kind              DeviceType
		on                string
		want              []string
	}{
		"MP196 and no other":               {latest(without("MP196")), latest(Published()), "SMETS2 v3.1", "", "", 0, "2022-06-01", []string{"MP196"}},
		"the other way round":              {latest(Published()), latest(without("MP196")), "SMETS2 v3.1", "", "", 0, "2022-06-01", []string{"MP196"}},
		"nothing for v4.2":                 {latest(without("MP196")), latest(Published()), "SMETS2 v4.2", "", "", 0, "2022-06-01", nil},
		"a doubt that is settled":          {ofTheDay, latest(Published()), "SMETS2 v3.1", "", "", 0, "2021-06-01", []string{"PRE-MP196", "MP196"}},
		"the day's end, and a later one":   {ofTheDay, latest(Published()), "SMETS1 v1.2", "", "", 0, "2018-10-01", []string{"SEC-5.23"}},
		"a scope of its own":               {latest(without("SEC-5.23")), latest(Published()), "SMETS1 v1.2", "", "Prepayment ", 0, "2019-03-01", []string{"SEC-5.23"}},
		"listed by one that is left out":   {latest(without("SEC-6.2")), latest(Published()), "SMETS2 v3.1", "", "", 0, "2022-06-01", []string{"SEC-6.2"}},
		"GBCS alone":                       {latest(without("GBCS-1.0-END")), latest(Published()), "SMETS2 v2.0", "GBCS v1.0", "", ESME, "2018-06-01", []string{"GBCS-1.0-END"}},
		"TS and GBCS":                      {latest(without("MP196")), latest(Published()), "SMETS2 v3.1", "GBCS v2.1", "", ESME, "2023-01-01", []string{"MP196"}},
		"GBCS of a device that names none": {latest(without("GBCS-1.0-END", "GBCS-1.1", "SOS-2018-10")), latest(without("GBCS-1.1", "SOS-2018-10")), "SMETS2 v2.0", "", "", GSME, "2018-06-01", []string{"GBCS-1.0-END"}},
		"a pair":                           {latest(Published()), latest(pairs), "SMETS2 v3.1", "GBCS v3.2", "", GSME, "2022-06-01", []string{"DRAFT"}},
		"terms alone":                      {latest(Published()), Checker{History: Published(), AsAt: Published().Latest(), AssumeOpen: true}, "SMETS2 v4.2", "", "", 0, "2024-01-01", nil},
	} {
		i := Installation{Type: test.kind, Spec: mustSpec(t, test.spec), Scope: test.scope}
		if test.gbcs != "" {
			i.GBCS = mustSpec(t, test.gbcs)
		}
		i.On, err = ParseDate(test.on)
		require.NoError(t, err)
		assert.Equal(t, test.want, Compare(test.before, test.after).ChangedBy(i), name)
	}
}

// TestChangedByIsNeverSilent checks, for every version and break day, that an
// amendment is named if two histories give different answers.
func TestChangedByIsNeverSilent(t *testing.T) {
	h := Published()
	latest := Checker{History: h, AsAt: h.Latest()}
	for _, a := range h.Amendments() {
		without, err := h.Without(a.ID)
		require.NoError(t, err)
		for _, before := range []Checker{{History: h}, {History: without}, {History: without, AsAt: without.Latest()}} {
			c := Compare(before, latest)
			for _, spec := range h.Specs() {
				for _, gbcs := range append([]Spec{{}}, mustSpec(t, "GBCS v1.0"), mustSpec(t, "GBCS v2.1")) {
					for _, on := range h.Breaks() {
						i := Installation{Spec: spec, GBCS: gbcs, On: on}
						if before.Check(i).Reason != latest.Check(i).Reason {
							assert.NotEmpty(t, c.ChangedBy(i), "%s: %s, %s on %s", a.ID, spec, gbcs, on)
						}
					}
				}
			}
		}
	}
}

func mustSpec(t *testing.T, text string) Spec {
	spec, err := ParseSpec(text, 0)
	require.NoError(t, err)
	return spec
}

// TestNoEndOnRecordMovedToAnEarlierDay checks a statement of the documentation
// about the shipped rules: a device that was eligible on its installation day is
// never not eligible by the latest Tables.
func TestNoEndOnRecordMovedToAnEarlierDay(t *testing.T) {
	h := Published()
	ofTheDay, latest := Checker{History: h}, Checker{History: h, AsAt: h.Latest()}
	eligible := 0
	for _, spec := range h.Specs() {
		for _, pair := range append(h.Pairs(), Pair{}) {
			for _, on := range h.Breaks() {
				i := Installation{Spec: spec, Type: pair.Type, GBCS: pair.GBCS, On: on}
				if ofTheDay.Check(i).Outcome() == Eligible {
					eligible++
					assert.NotEqual(t, NotEligible, latest.Check(i).Outcome(), "%v", i)
				}
			}
		}
	}
	assert.Positive(t, eligible)
}
