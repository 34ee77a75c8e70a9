package cpl_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

func TestLint(t *testing.T) {
	type found struct {
		kind               cpl.Kind
		line               int
		first              string
		straddles, differs bool
	}
	var got []found
	for _, f := range cpl.Lint(read(t, "list.csv"), published()) {
		got = append(got, found{f.Kind, f.Line, f.Entries[0], f.Straddles, f.Differs})
	}
	assert.Equal(t, []found{
		{cpl.UnlistedPair, 17, "000017", false, false},
		{cpl.SeveralVersions, 2, "000001", false, true},
		{cpl.SeveralVersions, 6, "000005", false, false},
		{cpl.SeveralVersions, 12, "000011", true, false},
		{cpl.SeveralVersions, 18, "000018", false, false},
		{cpl.SeveralVersions, 27, "000027", false, false},
		{cpl.GBCSEnded, 2, "000001", false, false},
		{cpl.GBCSEnded, 7, "000006", false, false},
	}, got)
}

func TestLintOfACleanList(t *testing.T) {
	assert.Empty(t, cpl.Lint(read(t, "clean-list.csv"), published()))
}

func TestLintNamesAllDamage(t *testing.T) {
	list := read(t, "list-saved-by-spreadsheet.csv")
	findings := cpl.Lint(list, published())
	assert.Len(t, findings, len(list.Faults()))
	for _, f := range findings {
		assert.Equal(t, cpl.Damage, f.Kind)
	}
}

func TestDiff(t *testing.T) {
	old, new := read(t, "list.csv"), read(t, "later-list.csv")
	judge := devices.Judge{Checker: published(), On: new.Issued()}
	type change struct {
		kind          cpl.ChangeKind
		number        string
		details       int
		before, after string
		newAnswer     bool
	}
	var got []change
	for _, c := range cpl.Diff(old, new, judge) {
		got = append(got, change{c.Kind, c.Number, len(c.Details), c.Before.Reason.String(), c.After.Reason.String(), c.NewAnswer})
	}
	assert.Equal(t, []change{
		{cpl.Changed, "000008", 1, "within-period", "removed-from-cpl", true},
		{cpl.Changed, "000015", 2, "within-period", "within-period", false},
		{cpl.Changed, "000022", 1, "within-period", "within-period", false},
		{cpl.Removed, "000026", 0, "within-period", "not-on-cpl", true},
		{cpl.Added, "000032", 0, "not-on-cpl", "within-period", true},
	}, got)
	assert.Empty(t, cpl.Diff(old, old, judge))
	assert.Len(t, cpl.Diff(new, old, judge), len(got), "what differs one way differs the other")
}

// TestDiffConsidersAllEntriesThatMatch adds an entry beside one that matches the same
// devices: if the two have different outcomes, the answer changes.
func TestDiffConsidersAllEntriesThatMatch(t *testing.T) {
	one := sound(1, "Current", "00000E10")
	old := parse(t, one)
	new := parse(t, one, "Version 1.031 Issued on 01-06-2022,000002,Current,Gas Smart Meter,E004,00E1,01,0E,00E1010E,00000E10,SMETS V2.0,GBCS Version 1.0,\n")
	changes := cpl.Diff(old, new, devices.Judge{Checker: published(), On: day("2022-06-01")})
	assert.Len(t, changes, 1)
	assert.Equal(t, "within-period", changes[0].Before.Reason.String())
	assert.Equal(t, "ambiguous-model", changes[0].After.Reason.String())
	assert.True(t, changes[0].NewAnswer)
}

// TestStraddledVersionIsOfTheRecord gives SMETS2 v4.2 an end, before and after
// the day on which the list was issued: from then on the first version after
// those with an end is v4.3.
func TestStraddledVersionIsOfTheRecord(t *testing.T) {
	list := read(t, "list.csv")
	for _, c := range []struct {
		name    string
		inForce ivp.Date
		want    bool
	}{
		{"in force on the day of issue", list.Issued(), false},
		{"in force a day later", list.Issued().AddDays(1), true},
	} {
		h, err := ivp.Published().Amend(ivp.Amendment{
			ID: "ENDS-4.2", Title: "invented", InForce: c.inForce, Citations: []ivp.Citation{{Document: "invented"}},
			Entries: []ivp.Entry{{Spec: ivp.Spec{Family: ivp.SMETS, Version: "4.2"}, To: ivp.On(c.inForce.AddDays(400)), Unquoted: "invented"}},
		})
		require.NoError(t, err)
		straddles := false
		for _, f := range cpl.Lint(list, ivp.Checker{History: h}) {
			straddles = straddles || f.Straddles
		}
		assert.Equal(t, c.want, straddles, c.name)
	}
	for _, f := range cpl.Lint(list, ivp.Checker{}) {
		assert.False(t, f.Straddles, "without rules no version is the first later one")
	}
}
