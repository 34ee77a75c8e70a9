package ivp

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func rowOf(t *testing.T, rows []TableRow, spec Spec, scope string) TableRow {
	n := slices.IndexFunc(rows, func(r TableRow) bool { return r.Spec == spec && r.Scope == scope })
	require.GreaterOrEqual(t, n, 0, "%s %q has no row", spec, scope)
	return rows[n]
}

// TestTableInDoubt checks a day on which PRE-MP196 is in doubt.
func TestTableInDoubt(t *testing.T) {
	rows := Published().Table(theDay("2021-06-01"))
	for spec, start := range map[Spec]Bound{
		{SMETS, "2.0"}: {NotOnRecord, theDay("2017-04-20")},
		{SMETS, "3.1"}: On(theDay("2018-11-08")),
	} {
		assert.Equal(t, []TableReading{
			{Listed: true, Window: Window{Spec: spec, From: start, To: On(theDay("2020-10-27")), Amendment: "BEIS-2019-07"}, Without: []string{"PRE-MP196"}},
			{Listed: true, Window: Window{Spec: spec, From: start, To: On(theDay("2022-04-27")), Amendment: "PRE-MP196"}, With: []string{"PRE-MP196"}},
		}, rowOf(t, rows, spec, "").Readings)
	}
	for _, row := range rows {
		if row.Spec != (Spec{SMETS, "2.0"}) && row.Spec != (Spec{SMETS, "3.1"}) {
			assert.Len(t, row.Readings, 1, "%s", row.Spec)
		}
	}
}

func TestTableHoldsWhatStood(t *testing.T) {
	var got []string
	for _, row := range Published().Table(theDay("2018-11-08")) {
		got = append(got, row.Spec.String()+" "+row.Scope)
	}
	assert.Equal(t, []string{
		"SMETS1 v1.1 ", "SMETS1 v1.1 prepayment", "SMETS1 v1.2 ", "SMETS1 v1.2 prepayment",
		"SMETS2 v2.0 ", "SMETS2 v3.1 ", "CHTS v1.0 ", "CHTS v1.1 ",
		"GBCS v1.0 ", "GBCS v1.1 ", "GBCS v2.0 ", "GBCS v2.1 ",
	}, got, "v3.0 is removed, what comes later is not listed yet")
}

func TestTableOfTheDayBeforeTheFirst(t *testing.T) {
	assert.Empty(t, Published().Table(theDay("2012-12-30")))
	assert.Empty(t, History{}.Table(theDay("2022-01-01")))
	first := Published().Table(theDay("2012-12-31"))
	assert.Equal(t, []TableReading{
		{Listed: true, Window: Window{Spec: Spec{SMETS, "1.1"}, From: Bound{NotOnRecord, theDay("2012-12-31")}, To: Bound{NotOnRecord, theDay("2017-12-04")}, Amendment: "SMETS1-EST"}, Without: []string{"S1-END-JUL"}},
		{Listed: true, Window: Window{Spec: Spec{SMETS, "1.1"}, From: Bound{NotOnRecord, theDay("2012-12-31")}, To: On(theDay("2018-07-13")), Amendment: "S1-END-JUL"}, With: []string{"S1-END-JUL"}},
	}, rowOf(t, first, Spec{SMETS, "1.1"}, "").Readings)
}

// TestTableWithAListingInDoubt checks a version that only one of two readings
// lists.
func TestTableWithAListingInDoubt(t *testing.T) {
	v := Spec{SMETS, "9.0"}
	a := madeUp("ACME-1", "2024-01-01", Entry{Spec: v, From: On(theDay("2024-01-01")), To: Bound{Kind: Open}})
	a.PerhapsFrom = theDay("2023-01-01")
	h, err := Published().Amend(a)
	require.NoError(t, err)
	readings := rowOf(t, h.Table(theDay("2023-06-01")), v, "").Readings
	require.Len(t, readings, 2)
	assert.False(t, readings[0].Listed)
	assert.True(t, readings[1].Listed)
	day := theDay("2022-12-31")
	assert.False(t, slices.ContainsFunc(h.Table(day), func(r TableRow) bool { return r.Spec == v }))
}

// TestTableDoubtThatChangesNothing checks that there is no second reading then.
func TestTableDoubtThatChangesNothing(t *testing.T) {
	a := madeUp("ACME-1", "2024-01-01", Entry{Spec: Spec{SMETS, "3.1"}, Scope: "acme", To: On(theDay("2025-01-01"))})
	a.PerhapsFrom = theDay("2023-01-01")
	h, err := Published().Amend(a)
	require.NoError(t, err)
	rows := h.Table(theDay("2023-06-01"))
	assert.Len(t, rowOf(t, rows, Spec{SMETS, "3.1"}, "").Readings, 1)
	scoped := rowOf(t, rows, Spec{SMETS, "3.1"}, "acme").Readings
	require.Len(t, scoped, 2)
	assert.Equal(t, On(theDay("2023-04-27")), scoped[0].Window.To, "without it, the general window serves the scope")
	assert.Equal(t, On(theDay("2025-01-01")), scoped[1].Window.To)
}
