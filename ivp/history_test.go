package ivp

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	v90        = Spec{SMETS, "9.0"} // a version that the shipped rules do not have
	endOpen    = Bound{Kind: Open}
	notOnRec   = Bound{Kind: NotOnRecord}
	shippedIDs = []string{"SMETS1-EST", "CPL-1.1", "CPL-FIRST-S2", "GBCS-1.1", "S1-END-JUL", "BEIS-2018-01", "GBCS-1.0-END", "SEC-5.23",
		"SOS-2018-10", "SEC-6.2", "BEIS-2019-07", "SEC-6.21", "SEC-NOV-2020", "SEC-NOV-2021", "PRE-MP196", "MP196"}
)

func amended(t *testing.T, amendments ...Amendment) History {
	h, err := Published().Amend(amendments...)
	require.NoError(t, err)
	return h
}

// checkAsAt judges a TS version without a GBCS version.
func checkAsAt(h History, asAt string, spec Spec, scope, on string) Verdict {
	c := Checker{History: h, AsAt: theDay(asAt)}
	return c.decide(c.judge(spec, scope, theDay(on)), Finding{}, Finding{})
}

func TestAmendmentsInOrder(t *testing.T) {
	assert.Equal(t, shippedIDs, Published().ids())
	assert.Equal(t, "2022-02-24", Published().Latest().String())
	assert.Equal(t, "2022-09-21", Published().VouchedTo(Date{}).String(), "what is inferred vouches for nothing")
	h := amended(t, madeUp("ACME-1", "2018-10-28", Entry{Spec: v90, From: notOnRec, To: endOpen}))
	at := slices.Index(h.ids(), "ACME-1")
	assert.Equal(t, []string{"SOS-2018-10", "ACME-1", "SEC-6.2"}, h.ids()[at-1:at+2], "after those of the same day")
	assert.Equal(t, shippedIDs, Published().ids(), "the shipped rules are unchanged")
}

func TestLatest(t *testing.T) {
	later := amended(t, madeUp("ACME-1", "2024-05-01", Entry{Spec: v90, From: notOnRec, To: endOpen}))
	assert.Equal(t, "2024-05-01", later.Latest().String())
	confirmed := amended(t, madeUp("ACME-1", "2022-02-24", Entry{Spec: Spec{SMETS, "4.2"}, Confirmed: theDay("2025-01-01")}))
	assert.Equal(t, "2022-02-24", confirmed.Latest().String())
	assert.True(t, History{}.Latest().IsZero())
}

// TestVouchedTo checks that an added amendment vouches only for the versions of
// its entries, unless Whole is set, and that no day after today counts.
func TestVouchedTo(t *testing.T) {
	v42, v43 := Spec{SMETS, "4.2"}, Spec{SMETS, "4.3"}
	vouched := madeUp("ACME-1", "2024-05-01", Entry{Spec: v42, To: endOpen})
	vouched.Vouched = theDay("2026-11-01")
	whole := vouched
	whole.Whole = true
	inferred := madeUp("ACME-1", "2022-09-22", Entry{Spec: v42, Confirmed: theDay("2025-01-01")})
	inferred.Entries[0].Inferred = "a test"
	for _, c := range []struct {
		name              string
		amendment         Amendment
		today             string
		toWhole, v42, v43 string
	}{
		{"not added", Amendment{}, "2026-11-26", "2022-09-21", "2022-09-21", "2022-09-21"},
		{"not added, the day before it was confirmed", Amendment{}, "2022-09-20", "2022-02-24", "2022-02-24", "2022-02-24"},
		{"in force", madeUp("ACME-1", "2024-05-01", Entry{Spec: v42, To: endOpen}), "2026-11-26", "2022-09-21", "2024-05-01", "2022-09-21"},
		{"vouched", vouched, "2026-11-26", "2022-09-21", "2026-11-01", "2022-09-21"},
		{"vouched on the day", vouched, "2026-11-01", "2022-09-21", "2026-11-01", "2022-09-21"},
		{"vouched the day before", vouched, "2026-10-31", "2022-09-21", "2024-05-01", "2022-09-21"},
		{"before it is in force", vouched, "2024-04-30", "2022-09-21", "2022-09-21", "2022-09-21"},
		{"whole", whole, "2026-11-26", "2026-11-01", "2026-11-01", "2026-11-01"},
		{"whole, the day before", whole, "2026-10-31", "2024-05-01", "2024-05-01", "2024-05-01"},
		{"confirmed", madeUp("ACME-1", "2022-02-24", Entry{Spec: v42, Confirmed: theDay("2025-01-01")}), "2026-11-26", "2022-09-21", "2025-01-01", "2022-09-21"},
		{"inferred", inferred, "2026-11-26", "2022-09-21", "2022-09-22", "2022-09-21"},
		{"at any time", vouched, "", "2022-09-21", "2026-11-01", "2022-09-21"},
	} {
		h := Published()
		if c.amendment.ID != "" {
			h = amended(t, c.amendment)
		}
		today := Date{}
		if c.today != "" {
			today = theDay(c.today)
		}
		assert.Equal(t, c.toWhole, h.VouchedTo(today).String(), c.name)
		assert.Equal(t, c.v42, h.VouchedFor(v42, today).String(), c.name)
		assert.Equal(t, c.v43, h.VouchedFor(v43, today).String(), c.name)
	}
	assert.True(t, History{}.VouchedTo(Date{}).IsZero())
}

func TestExpect(t *testing.T) {
	h := Published()
	other, err := h.Without("MP196")
	require.NoError(t, err)
	assert.NoError(t, h.Expect(h.Digest()))
	assert.NoError(t, h.Expect(strings.ToUpper(h.Digest())))
	err = other.Expect(h.Digest())
	assert.ErrorContains(t, err, h.Digest())
	assert.ErrorContains(t, err, other.Digest())
	assert.Error(t, History{}.Expect(h.Digest()))
	for _, text := range []string{"", "abc", h.Digest()[1:], h.Digest() + "0", h.Digest() + "00", " " + h.Digest()[1:], "g" + h.Digest()[1:], "sha256:" + h.Digest()} {
		assert.ErrorContains(t, h.Expect(text), "want the 64 hexadecimal digits", text)
	}
}

func TestEditionAndDigest(t *testing.T) {
	h := Published()
	sum := sha256.Sum256(tablesJSON)
	assert.Equal(t, hex.EncodeToString(sum[:]), h.Digest(), "of the file itself, since it is canonical")
	added := amended(t, madeUp("ACME-1", "2022-09-22", Entry{Spec: v90, From: notOnRec, To: endOpen}))
	assert.Equal(t, h.Edition()+"+ACME-1", added.Edition())
	assert.NotEqual(t, h.Digest(), added.Digest())
	without, err := added.Without("MP196")
	require.NoError(t, err)
	assert.Equal(t, h.Edition()+"+ACME-1-MP196", without.Edition())
	assert.Empty(t, History{}.Edition())
	file, err := h.AmendFile(amendmentFile(oneLiner("ACME-1", "2022-09-22", endsV42), oneLiner("ACME-2", "2022-09-23", endsV42)))
	require.NoError(t, err)
	assert.Equal(t, h.Edition()+"+ACME-1+ACME-2", file.Edition())
}

func TestAmendmentByID(t *testing.T) {
	a, ok := Published().Amendment("SEC-6.2")
	require.True(t, ok)
	assert.Equal(t, "2018-11-08", a.InForce.String())
	assert.Len(t, a.Pairs, 12)
	a, ok = Published().Amendment("sec-6.2")
	assert.False(t, ok)
	assert.Equal(t, Amendment{}, a)
}

func TestWithout(t *testing.T) {
	h, err := Published().Without("MP196")
	require.NoError(t, err)
	assert.Equal(t, shippedIDs[:len(shippedIDs)-1], h.ids())
	v := checkAsAt(h, "2022-02-24", Spec{SMETS, "3.1"}, "", "2022-04-28")
	assert.Equal(t, AfterEnd, v.Reason)
	assert.Equal(t, "PRE-MP196", v.Amendment())
	assert.Equal(t, WithinPeriod, checkAsAt(Published(), "2022-02-24", Spec{SMETS, "3.1"}, "", "2022-04-28").Reason)
	_, err = Published().Without("MP197")
	assert.EqualError(t, err, `no amendment "MP197" is on record: want one of SMETS1-EST, CPL-1.1, CPL-FIRST-S2, GBCS-1.1, S1-END-JUL, `+
		`BEIS-2018-01, GBCS-1.0-END, SEC-5.23, SOS-2018-10, SEC-6.2, BEIS-2019-07, SEC-6.21, SEC-NOV-2020, SEC-NOV-2021, PRE-MP196, MP196`)
}

// TestAmendingWhatLacksAnAmendment checks that faults which a history has after
// Without are not reported as faults of an amendment added to it.
func TestAmendingWhatLacksAnAmendment(t *testing.T) {
	h, err := Published().Without("SEC-6.2")
	require.NoError(t, err)
	_, err = h.Amend(madeUp("ACME-1", "2018-11-09", Entry{Spec: v90, From: notOnRec, To: endOpen}))
	require.NoError(t, err)
	_, err = h.Amend(madeUp("ACME-1", "2018-11-09", Entry{Spec: Spec{SMETS, "3.1"}, From: On(theDay("2018-11-08")), To: notOnRec}))
	require.NoError(t, err)
}

func TestSpecsPairsScopes(t *testing.T) {
	var specs []string
	for _, s := range Published().Specs() {
		specs = append(specs, s.String())
	}
	assert.Equal(t, []string{
		"SMETS1 v1.1", "SMETS1 v1.2", "SMETS2 v2.0", "SMETS2 v3.0", "SMETS2 v3.1", "SMETS2 v4.2", "SMETS2 v4.3", "SMETS2 v4.4", "SMETS2 v5.0", "SMETS2 v5.1",
		"CHTS v1.0", "CHTS v1.1", "CHTS v1.3", "CHTS v1.4", "CHTS v1.5",
		"GBCS v1.0", "GBCS v1.1", "GBCS v2.0", "GBCS v2.1", "GBCS v3.2", "GBCS v4.0", "GBCS v4.1",
	}, specs)
	assert.Len(t, Published().Pairs(), 49+1+6, "SECAS's own, and those with GBCS v1.0")
	assert.Equal(t, []string{"prepayment"}, Published().Scopes())
	for scope, named := range map[string]bool{"": true, "  ": true, "prepayment": true, " PrePayment ": true, "acme": false, "pre payment": false} {
		assert.Equal(t, named, Published().NamesScope(scope, MaxDate()), "%q", scope)
	}
	h := amended(t, madeUp("ACME-1", "2022-09-22",
		Entry{Spec: Spec{SMETS, "4.2"}, Scope: "Prepayment", To: endOpen}, Entry{Spec: Spec{SMETS, "4.2"}, Scope: "acme", To: endOpen}))
	assert.Equal(t, []string{"prepayment", "acme"}, h.Scopes())
}

func TestBreaks(t *testing.T) {
	breaks := Published().Breaks()
	assert.Equal(t, MinDate(), breaks[0])
	assert.True(t, slices.IsSortedFunc(breaks, Date.Compare))
	assert.Equal(t, breaks, slices.Compact(slices.Clone(breaks)))
	for _, day := range []string{"2019-08-01", "2022-02-22", "2022-02-24", "2022-02-25", "2023-04-27", "2023-04-28", "2022-09-22"} {
		assert.Contains(t, breaks, theDay(day))
	}
	assert.Equal(t, []Date{MinDate()}, History{}.Breaks())
}

// TestHistoryIsImmutable changes everything that the methods of a History return.
func TestHistoryIsImmutable(t *testing.T) {
	given := madeUp("ACME-1", "2022-09-22", Entry{Spec: v90, From: notOnRec, To: endOpen})
	given.Pairs = []Pair{{Type: GSME, Spec: v90, GBCS: Spec{GBCS, "3.2"}}}
	h := amended(t, given)
	canonical, digest := string(h.AppendCanonical(nil)), h.Digest()
	device := Installation{Type: GSME, Spec: v90, GBCS: Spec{GBCS, "3.2"}, On: theDay("2022-09-22")}
	verdict := Checker{History: h}.Check(device)

	given.Entries[0].To, given.Pairs[0].Type, given.Citations[0].Document = On(theDay("2020-01-01")), ESME, "spoilt"
	byID, _ := h.Amendment("ACME-1")
	for _, a := range append(h.Amendments(), byID) {
		for i := range a.Entries {
			a.Entries[i] = Entry{}
		}
		for i := range a.Pairs {
			a.Pairs[i] = Pair{}
		}
		for i := range a.Citations {
			a.Citations[i] = Citation{}
		}
	}
	all := h.Amendments()
	clear(all)
	clear(h.Specs())
	clear(h.Pairs())
	clear(h.Scopes())
	clear(h.Breaks())
	for _, f := range (Checker{History: h}).Explain(device).Findings {
		clear(f.Amendment.Entries)
		clear(f.Amendment.Citations)
	}

	assert.Equal(t, canonical, string(h.AppendCanonical(nil)))
	assert.Equal(t, digest, h.Digest())
	assert.Equal(t, verdict, Checker{History: h}.Check(device))
	assert.Equal(t, Published(), Published(), "comparable")
}

// TestSeenRemovedRelisted checks that seen is the day of the first listing, and
// that nothing earlier applies to a version that was removed and is listed again.
func TestSeenRemovedRelisted(t *testing.T) {
	h := amended(t,
		madeUp("LISTS", "2023-01-01", Entry{Spec: v90, From: notOnRec, To: notOnRec, Confirmed: theDay("2023-12-31")}),
		madeUp("RESTATES", "2023-03-01", Entry{Spec: v90, From: notOnRec, To: notOnRec}),
		madeUp("REMOVES", "2023-06-01", Entry{Spec: v90, Remove: true}),
		madeUp("RELISTS", "2023-09-01", Entry{Spec: v90, From: notOnRec, To: notOnRec}),
	)
	for _, c := range []struct {
		asAt, on string
		reason   Reason
		by       string
	}{
		{"2022-12-31", "2023-02-01", NotListed, ""},
		{"2023-01-01", "2022-12-31", BeyondRecord, "LISTS"},
		{"2023-01-01", "2023-01-01", WithinPeriod, "LISTS"},
		{"2023-03-01", "2023-01-01", WithinPeriod, "RESTATES"}, // seen on the day of LISTS, not of RESTATES
		{"2023-03-01", "2023-12-31", WithinPeriod, "RESTATES"},
		{"2023-03-01", "2024-01-01", BeyondRecord, "RESTATES"},
		{"2023-06-01", "2023-05-01", NotListed, "REMOVES"},
		{"2023-08-31", "2023-05-01", NotListed, "REMOVES"},
		{"2023-09-01", "2023-08-31", BeyondRecord, "RELISTS"},
		{"2023-09-01", "2023-09-01", BeyondRecord, "RELISTS"}, // the earlier confirmed day no longer applies
	} {
		v := checkAsAt(h, c.asAt, v90, "", c.on)
		assert.Equal(t, c.reason, v.Reason, "%+v", c)
		assert.Equal(t, c.by, v.Amendment(), "%+v", c)
	}
}

func TestAnEntryChangesOnlyWhatItNames(t *testing.T) {
	h := amended(t,
		madeUp("LISTS", "2023-01-01", Entry{Spec: v90, From: On(theDay("2023-01-01")), To: notOnRec, Confirmed: theDay("2023-12-31")}),
		madeUp("ENDS", "2023-02-01", Entry{Spec: v90, To: On(theDay("2024-06-30"))}),
		madeUp("STARTS", "2023-03-01", Entry{Spec: v90, From: On(theDay("2023-02-01"))}),
		madeUp("UNKNOWN-AGAIN", "2023-04-01", Entry{Spec: v90, To: notOnRec}),
		madeUp("CONFIRMS", "2023-05-01", Entry{Spec: v90, Confirmed: theDay("2025-01-01")}),
	)
	from := On(theDay("2023-01-01"))
	moved := On(theDay("2023-02-01"))
	for asAt, want := range map[string]Window{
		"2023-01-01": {v90, "", from, Bound{NotOnRecord, theDay("2023-12-31")}, "LISTS"},
		"2023-02-01": {v90, "", from, On(theDay("2024-06-30")), "ENDS"},
		"2023-03-01": {v90, "", moved, On(theDay("2024-06-30")), "ENDS"},
		"2023-04-01": {v90, "", moved, Bound{NotOnRecord, theDay("2023-12-31")}, "UNKNOWN-AGAIN"},
		"2023-05-01": {v90, "", moved, Bound{NotOnRecord, theDay("2025-01-01")}, "CONFIRMS"},
	} {
		assert.Equal(t, want, checkAsAt(h, asAt, v90, "", "2023-02-01").Window, asAt)
	}
	assert.Equal(t, "STARTS", checkAsAt(h, "2023-03-01", v90, "", "2023-01-31").Amendment(), "before a start, the one that set it")
}

func TestScopes(t *testing.T) {
	h := amended(t,
		madeUp("LISTS", "2023-01-01", Entry{Spec: v90, From: On(theDay("2023-01-01")), To: On(theDay("2024-01-01"))}),
		madeUp("SCOPE", "2023-02-01", Entry{Spec: v90, Scope: "Acme", To: On(theDay("2025-01-01"))}),
		madeUp("MOVES", "2023-03-01", Entry{Spec: v90, From: On(theDay("2023-01-15")), To: On(theDay("2024-02-01"))}),
		madeUp("REMOVES", "2023-04-01", Entry{Spec: v90, Remove: true}),
		madeUp("RELISTS", "2023-05-01", Entry{Spec: v90, From: On(theDay("2023-05-01")), To: endOpen}),
	)
	general := Window{v90, "", On(theDay("2023-01-01")), On(theDay("2024-01-01")), "LISTS"}
	scoped := Window{v90, "Acme", On(theDay("2023-01-01")), On(theDay("2025-01-01")), "SCOPE"}
	moved := Window{v90, "", On(theDay("2023-01-15")), On(theDay("2024-02-01")), "MOVES"}
	relisted := Window{v90, "", On(theDay("2023-05-01")), endOpen, "RELISTS"}
	for _, c := range []struct {
		asAt, scope string
		want        Window
		why         string
	}{
		{"2023-01-31", "acme", general, "a scope with no window of its own yet"},
		{"2023-02-01", "other", general, "a scope that no rule names: of the general case and Acme the one that closes first"},
		{"2023-02-01", "acme", scoped, "its first entry takes the start from the general window"},
		{"2023-02-01", "  ACME ", scoped, "case and outer spaces do not count"},
		{"2023-02-01", "", general, "the scope changes nothing in general"},
		{"2023-03-01", "acme", scoped, "nor does the general case change the scope"},
		{"2023-03-01", "", moved, ""},
		{"2023-05-01", "acme", relisted, "removed in every scope, so that the general window serves it"},
	} {
		assert.Equal(t, c.want, checkAsAt(h, c.asAt, v90, c.scope, "2023-05-02").Window, "as at %s, scope %q: %s", c.asAt, c.scope, c.why)
	}
	for _, scope := range []string{"", "acme", "other"} {
		v := checkAsAt(h, "2023-04-01", v90, scope, "2023-05-02")
		assert.Equal(t, NotListed, v.Reason, "scope %q", scope)
		assert.Equal(t, "REMOVES", v.Amendment(), "scope %q", scope)
	}
}

// TestTwoDoubtsAtOnce checks the four readings of two amendments in doubt. If the
// outcomes differ, the amendment on which they depend is named.
func TestTwoDoubtsAtOnce(t *testing.T) {
	first := madeUp("FIRST", "2023-06-01", Entry{Spec: v90, To: On(theDay("2024-03-31"))})
	first.PerhapsFrom = theDay("2023-02-01")
	second := madeUp("SECOND", "2023-07-01", Entry{Spec: v90, To: On(theDay("2024-06-30"))})
	second.PerhapsFrom = theDay("2023-03-01")
	h := amended(t, madeUp("LISTS", "2023-01-01", Entry{Spec: v90, From: On(theDay("2023-01-01")), To: On(theDay("2024-04-30"))}), first, second)

	var got []Reading
	for _, r := range (Checker{History: h, AsAt: theDay("2023-04-01")}).readingsOf(v90, "", theDay("2024-01-01")) {
		to, _ := r.Finding.Window.To.Date()
		assert.Equal(t, WithinPeriod, r.Finding.Reason)
		got = append(got, Reading{With: r.With, Without: r.Without, Finding: Finding{Window: Window{To: On(to)}}})
	}
	ending := func(day string) Finding { return Finding{Window: Window{To: On(theDay(day))}} }
	assert.Equal(t, []Reading{
		{Without: []string{"FIRST", "SECOND"}, Finding: ending("2024-04-30")},
		{With: []string{"FIRST"}, Without: []string{"SECOND"}, Finding: ending("2024-03-31")},
		{With: []string{"SECOND"}, Without: []string{"FIRST"}, Finding: ending("2024-06-30")},
		{With: []string{"FIRST", "SECOND"}, Finding: ending("2024-06-30")},
	}, got)

	for _, c := range []struct {
		on     string
		reason Reason
		by     string
		to     string
	}{
		{"2024-03-31", WithinPeriod, "FIRST", "2024-03-31"}, // the earliest end is shown
		{"2024-04-01", Unsettled, "FIRST", ""},
		{"2024-05-01", Unsettled, "SECOND", ""},
		{"2024-07-01", AfterEnd, "SECOND", "2024-06-30"}, // the latest end is shown
	} {
		v := checkAsAt(h, "2023-04-01", v90, "", c.on)
		to, _ := v.To()
		assert.Equal(t, c.reason, v.Reason, c.on)
		assert.Equal(t, c.by, v.Amendment(), c.on)
		assert.Equal(t, c.to, to.String(), c.on)
	}
	readings := func(asAt string) int {
		return len(Checker{History: h, AsAt: theDay(asAt)}.readingsOf(v90, "", theDay("2024-01-01")))
	}
	for asAt, want := range map[string]int{
		"2023-01-31": 1, "2023-02-01": 2, "2023-02-28": 2, "2023-03-01": 4, "2023-05-31": 4, "2023-06-01": 2, "2023-06-30": 2, "2023-07-01": 1,
	} {
		assert.Equal(t, want, readings(asAt), asAt)
	}
}

// TestTies checks that of two amendments with the same in-force day the last one
// prevails, whether they are added together or one after the other.
func TestTies(t *testing.T) {
	lists := madeUp("LISTS", "2023-01-01", Entry{Spec: v90, From: notOnRec, To: endOpen})
	a := madeUp("A", "2023-02-01", Entry{Spec: v90, To: On(theDay("2024-01-01"))})
	b := madeUp("B", "2023-02-01", Entry{Spec: v90, To: On(theDay("2024-02-01"))})
	for name, amendments := range map[string][]Amendment{"B": {lists, a, b}, "A": {lists, b, a}} {
		together := amended(t, amendments...)
		v := checkAsAt(together, "2023-02-01", v90, "", "2023-03-01")
		assert.Equal(t, name, v.Amendment())
		oneByOne := Published()
		for _, each := range amendments {
			var err error
			oneByOne, err = oneByOne.Amend(each)
			require.NoError(t, err)
		}
		assert.Equal(t, v, checkAsAt(oneByOne, "2023-02-01", v90, "", "2023-03-01"))
		assert.Equal(t, together.Digest(), oneByOne.Digest())
	}
	shippedFirst := amended(t, madeUp("ACME-1", "2022-02-24", Entry{Spec: Spec{SMETS, "3.1"}, To: On(theDay("2025-01-01"))}))
	assert.Equal(t, "ACME-1", checkAsAt(shippedFirst, "2022-02-24", Spec{SMETS, "3.1"}, "", "2022-03-01").Amendment())
}

func TestAmendRefusesAndLeavesNothing(t *testing.T) {
	h, err := Published().Amend(madeUp("MP196", "2022-09-22", Entry{Spec: v90, To: endOpen}))
	assert.Equal(t, History{}, h)
	assert.Equal(t, []string{
		`MP196: id: "MP196": an amendment of that id is on record already; want an id of its own; choose another, or leave out the file that brought it`,
		`MP196: spec: "SMETS2 v9.0": no earlier amendment lists the version; want a version that is in the tables; correct the version; or, to list it, give from and to`,
	}, faultLines(t, err))
	same, err := Published().Amend()
	require.NoError(t, err)
	assert.Equal(t, Published().Digest(), same.Digest())
}
