package ivp

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// lawDays are installation days and as-at days on which the shipped rules differ.
func lawDays(h History) []Date {
	var days []Date
	for _, d := range h.record().breaks[1:] {
		days = append(days, d.AddDays(-1), d)
	}
	return slices.Compact(days)
}

// mayBecome reports whether an amendment that is not in force yet may change one
// finding into the other: NotListed may become BeforeStart, and BeforeStart may
// name another amendment that lists the version.
func mayBecome(was, is Finding) bool {
	return (was.Reason == NotListed || was.Reason == BeforeStart) && is.Reason == BeforeStart
}

// requireAppendOnly checks the append-only law. An amendment that is neither in
// force nor perhaps in force on an as-at day changes no finding of a version in
// one reading, except as mayBecome permits. It never changes an answer to
// eligible, or from eligible or not eligible.
func requireAppendOnly(t require.TestingT, before, after History, added Amendment, terms Checker, days []Date, devices []Installation) {
	for _, asAt := range days {
		if !asAt.Before(added.possibleFrom()) {
			continue
		}
		old, amended := terms, terms
		old.History, old.AsAt = before, asAt
		amended.History, amended.AsAt = after, asAt
		for _, on := range days {
			for _, spec := range after.record().specs {
				for _, scope := range append(after.Scopes(), "", "unheard-of") {
					was, is := old.readingsOf(spec, scope, on), amended.readingsOf(spec, scope, on)
					require.Equal(t, len(was), len(is), "%s changes the readings of %s %q as at %s", added.ID, spec, scope, asAt)
					for n := range was {
						if was[n].Finding != is[n].Finding && !mayBecome(was[n].Finding, is[n].Finding) {
							require.Equal(t, was[n], is[n], "%s changes %s %q as at %s on %s", added.ID, spec, scope, asAt, on)
						}
					}
				}
			}
			for _, i := range devices {
				i.On = on
				was, is := old.Check(i), amended.Check(i)
				switch {
				case was == is:
				case was.Outcome() == Eligible || is.Outcome() == Eligible, was.Outcome() == NotEligible && is.Outcome() != NotEligible:
					require.Equal(t, was, is, "%s changes %+v as at %s", added.ID, i, asAt)
				}
			}
		}
	}
}

func TestShippedRecordIsAppendOnly(t *testing.T) {
	all := Published().Amendments()
	for n := 1; n < len(all); n++ {
		before := History{newRecord(record{amendments: all[:n]})}
		after := History{newRecord(record{amendments: all[:n+1]})}
		var devices []Installation
		for m, i := range profiles(after) {
			if m%5 == n%5 {
				devices = append(devices, i)
			}
		}
		requireAppendOnly(t, before, after, all[n], Checker{}, lawDays(after), devices)
	}
}

// history is a random history, with the state before its last amendment.
type history struct {
	before, after History
	added         Amendment
}

// drawHistory draws amendments with entries and pairs, which are added one after
// another, in any order of their in-force days.
func drawHistory(t *rapid.T) history {
	h := history{before: Published()}
	if rapid.Bool().Draw(t, "of its own") {
		h.before = History{}
	}
	h.after = h.before
	for n := range rapid.IntRange(1, 4).Draw(t, "amendments") {
		added := drawAmendment(t, h.after, fmt.Sprintf("DRAWN-%d", n))
		after, err := h.after.Amend(added)
		if err != nil {
			continue // the loader refuses it
		}
		h = history{h.after, after, added}
	}
	if h.added.ID == "" {
		t.Skip("the loader refuses all")
	}
	return h
}

func drawDay(t *rapid.T, label string) Date {
	base, _ := ParseDate("2017-01-01")
	return base.AddDays(rapid.IntRange(0, 120).Draw(t, label) * 25)
}

func drawAmendment(t *rapid.T, h History, id string) Amendment {
	specs := append(h.Specs(), Spec{SMETS, "6.0"}, Spec{SMETS, "1.1"}, Spec{CHTS, "6.0"}, Spec{GBCS, "5.0"}, Spec{GBCS, "3.2"})
	a := Amendment{
		ID: id, Title: "drawn", InForce: drawDay(t, "in force"),
		Citations: []Citation{{Document: "a property test"}},
		Whole:     rapid.Bool().Draw(t, "whole"),
	}
	if rapid.IntRange(0, 2).Draw(t, "perhaps") == 0 {
		a.PerhapsFrom = a.InForce.AddDays(-rapid.IntRange(1, 400).Draw(t, "doubt"))
	}
	for range rapid.IntRange(0, 3).Draw(t, "entries") {
		e := drawEntry(t, specs)
		if !slices.ContainsFunc(a.Entries, func(o Entry) bool { return o.key() == e.key() }) {
			a.Entries = append(a.Entries, e)
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "pairs") {
		p := Pair{
			Type:   rapid.SampledFrom([]DeviceType{ESME, TwinElement, GSME, CommunicationsHub, IHD}).Draw(t, "type"),
			Spec:   rapid.SampledFrom(specs).Draw(t, "paired"),
			GBCS:   rapid.SampledFrom([]Spec{{GBCS, "5.0"}, {GBCS, "3.2"}, {GBCS, "1.0"}}).Draw(t, "with"),
			Remove: rapid.IntRange(0, 3).Draw(t, "withdraws") == 0,
		}
		if on := h.PermittedPairs(a.InForce); p.Remove && len(on) > 0 {
			p = rapid.SampledFrom(on).Draw(t, "pair").Pair
			p.Remove = true
		}
		a.Pairs = append(a.Pairs, p)
	}
	return a
}

func drawEntry(t *rapid.T, specs []Spec) Entry {
	e := Entry{
		Spec:     rapid.SampledFrom(specs).Draw(t, "spec"),
		Remove:   rapid.IntRange(0, 9).Draw(t, "remove") == 0,
		Inferred: "a property test says so",
	}
	if e.Remove {
		return e
	}
	if e.Spec.Family != GBCS {
		e.Scope = rapid.SampledFrom([]string{"", "", "", "prepayment", "acme"}).Draw(t, "scope")
	}
	if rapid.IntRange(0, 2).Draw(t, "lists") > 0 {
		e.From = rapid.SampledFrom([]Bound{{Kind: NotOnRecord}, On(drawDay(t, "from"))}).Draw(t, "start")
	}
	e.To = rapid.SampledFrom([]Bound{{Kind: NotOnRecord}, {Kind: Open}, On(drawDay(t, "to").AddDays(2000))}).Draw(t, "end")
	if e.To.Kind == NotOnRecord && rapid.Bool().Draw(t, "vouched for") {
		e.Confirmed = drawDay(t, "confirmed").AddDays(2000)
	}
	return e
}

// drawDevice draws a device with versions that a drawn history may have.
func drawDevice(t *rapid.T, h History) Installation {
	specs := append(h.Specs(), Spec{SMETS, "6.0"}, Spec{SMETS, "8.8"}, Spec{CHTS, "8.8"}, Spec{GBCS, "8.8"})
	return Installation{
		Type:  rapid.SampledFrom(append(DeviceTypes(), 0, 0, 0, ESME, GSME, CommunicationsHub, UnknownType)).Draw(t, "device type"),
		Spec:  rapid.SampledFrom(slices.DeleteFunc(slices.Clone(specs), func(s Spec) bool { return s.Family == GBCS })).Draw(t, "TS version"),
		GBCS:  rapid.SampledFrom(append(slices.DeleteFunc(specs, func(s Spec) bool { return s.Family != GBCS }), Spec{}, Spec{}, Spec{}, Spec{GBCS, "0.0"})).Draw(t, "GBCS version"),
		Scope: rapid.SampledFrom([]string{"", "", "prepayment", "acme", "unheard-of"}).Draw(t, "case"),
	}
}

func drawTerms(t *rapid.T) Checker {
	return Checker{LastDayExcluded: rapid.Bool().Draw(t, "last day excluded"), AssumeOpen: rapid.Bool().Draw(t, "assume open")}
}

// drawDays draws some break days of a history.
func drawDays(t *rapid.T, h History) []Date {
	days := lawDays(h)
	return slices.Collect(func(yield func(Date) bool) {
		for range 12 {
			if !yield(rapid.SampledFrom(days).Draw(t, "day")) {
				return
			}
		}
	})
}

func TestAnyAmendmentIsAppendOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		var devices []Installation
		for range 8 {
			devices = append(devices, drawDevice(t, h.after))
		}
		requireAppendOnly(t, h.before, h.after, h.added, drawTerms(t), drawDays(t, h.after), devices)
	})
}

// TestLastDayShownIsEligible checks that the last day in a verdict is never later
// than the last day on which the same device is eligible by the same Tables.
// With LastDayExcluded it is the first day on which the device is not eligible.
func TestLastDayShownIsEligible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		terms := drawTerms(t)
		terms.History = h.after
		for range 10 {
			i := drawDevice(t, h.after)
			for _, day := range drawDays(t, h.after) {
				c := terms
				if rapid.Bool().Draw(t, "as at") {
					c.AsAt = rapid.SampledFrom(lawDays(h.after)).Draw(t, "as at day")
				}
				i.On = day
				v := c.Check(i)
				to, dated := v.To()
				if v.Outcome() != Eligible || !dated {
					continue
				}
				require.False(t, to.Before(day), "%+v", i)
				c.AsAt = c.asAt(day)
				i.On = to
				if c.LastDayExcluded { // a device without a GBCS version may be eligible on that day by another one
					i.On = to.AddDays(-1)
				}
				require.Equal(t, Eligible, c.Check(i).Outcome(), "%+v was eligible on %s as at %s", i, day, c.AsAt)
			}
		}
	})
}

// TestBlankIsWorthItsBestCompletion checks that a device without a GBCS version
// has the answer of the most favourable version, and a device without a type
// none better than that of the most favourable type.
func TestBlankIsWorthItsBestCompletion(t *testing.T) {
	favour := func(v Verdict) int { return 4 - Finding{Reason: v.Reason}.weight() }
	rapid.Check(t, func(t *rapid.T) {
		c := drawTerms(t)
		c.History = drawHistory(t).after
		for range 10 {
			i := drawDevice(t, c.History)
			i.GBCS = Spec{}
			if i.Spec.IsSMETS1() {
				continue
			}
			for _, i.On = range drawDays(t, c.History) {
				blank := c.Check(i)
				best := 0
				for _, gbcs := range append(c.History.record().gbcs, Spec{GBCS, "5.0"}, Spec{GBCS, "8.8"}) {
					given := i
					given.GBCS = gbcs
					best = max(best, favour(c.Check(given)))
				}
				require.LessOrEqual(t, favour(blank), best, "%+v", i)
				if blank.Outcome() == Eligible {
					completed := i
					completed.GBCS = blank.GBCS.Window.Spec
					got := c.Check(completed)
					require.Equal(t, blank.Window, got.Window, "%+v completed with %s", i, completed.GBCS)
					require.Equal(t, blank.Reason, got.Reason)
				}
			}
		}
	})
}

// TestUnknownScopeIsUnanimous checks that a device in a scope that no rule names
// is eligible, or not eligible, only if it is in the general case and in every
// scope that the rules name.
func TestUnknownScopeIsUnanimous(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawTerms(t)
		c.History = drawHistory(t).after
		for range 10 {
			i := drawDevice(t, c.History)
			i.Scope = "unheard-of"
			for _, i.On = range drawDays(t, c.History) {
				unknown := c.Check(i)
				if unknown.Outcome() == Undetermined {
					continue
				}
				for _, scope := range append(c.History.Scopes(), "") {
					if c.History.NamesScope(scope, c.asAt(i.On)) {
						known := i
						known.Scope = scope
						require.Equal(t, unknown.Outcome(), c.Check(known).Outcome(), "%+v in scope %q", i, scope)
					}
				}
			}
		}
	})
}

// TestRecordedPairsAreNeverRefused checks that each pair on record is permitted
// from the in-force day of its amendment, also if the type has another family.
func TestRecordedPairsAreNeverRefused(t *testing.T) {
	h := Published()
	pairs := 0
	for _, a := range h.Amendments() {
		for _, p := range a.Pairs {
			pairs++
			for _, c := range []struct {
				on   Date
				want bool
			}{{a.InForce.AddDays(-1), false}, {a.InForce, true}, {a.InForce.AddDays(1), true}, {h.Latest(), true}} {
				f := Checker{History: h}.Check(Installation{Type: p.Type, Spec: p.Spec, GBCS: p.GBCS, On: c.on}).Pair
				if c.want {
					assert.Equal(t, Finding{Reason: WithinPeriod, Window: Window{Amendment: a.ID}}, f, "%s on %s", p.name(), c.on)
				} else {
					assert.NotEqual(t, WithinPeriod, f.Reason, "%s on %s", p.name(), c.on)
				}
			}
		}
	}
	assert.Equal(t, 56, pairs)
}

// TestFamilyOfAVersionWithoutAPair checks that CHTS goes with hubs, SMETS with all
// other types except IHD and CAD, and no family with these two.
func TestFamilyOfAVersionWithoutAPair(t *testing.T) {
	h := amended(t, madeUp("LISTS", "2023-01-01",
		Entry{Spec: Spec{CHTS, "1.6"}, From: notOnRec, To: endOpen}, Entry{Spec: Spec{SMETS, "5.4"}, From: notOnRec, To: endOpen},
		Entry{Spec: Spec{GBCS, "4.2"}, From: notOnRec, To: endOpen}))
	goesWith := map[DeviceType]Family{CommunicationsHub: CHTS, CHF: CHTS, GPF: CHTS, IHD: 0, CAD: 0}
	for _, kind := range DeviceTypes() {
		want, special := goesWith[kind]
		if !special {
			want = SMETS
		}
		for _, spec := range []Spec{{CHTS, "1.6"}, {SMETS, "5.4"}} {
			for _, gbcs := range []Spec{{}, {GBCS, "4.2"}} {
				v := Checker{History: h}.Check(Installation{Type: kind, Spec: spec, GBCS: gbcs, On: theDay("2023-01-01")})
				if spec.Family == want {
					assert.Equal(t, WithinPeriod, v.Reason, "%s with %s", kind, spec)
					assert.False(t, v.Pair.Judged(), "nothing is known of the pair")
				} else {
					assert.Equal(t, UnlistedPair, v.Reason, "%s with %s", kind, spec)
				}
			}
		}
	}
	assert.Equal(t, []string{"SMETS1 v1.1", "SMETS2 v5.4", "CHTS v1.6"}, specNames(h.withoutPairs()))
}

func specNames(specs []Spec) (names []string) {
	for _, s := range specs {
		names = append(names, s.String())
	}
	return names
}

// TestWithdrawnPairs checks that a pair is withdrawn from the in-force day of its
// amendment, only for the types that are named, and that a version whose pairs
// are all withdrawn is not judged as one without pairs.
func TestWithdrawnPairs(t *testing.T) {
	day := "2022-06-01"
	withdraw := func(types ...DeviceType) History {
		a := madeUp("CROSSES", day)
		for _, kind := range types {
			a.Pairs = append(a.Pairs, Pair{Type: kind, Spec: Spec{SMETS, "4.2"}, GBCS: Spec{GBCS, "3.2"}, Remove: true})
		}
		return amended(t, a)
	}
	everyType := []DeviceType{ESME, GSME, HCALCS, PPMID}
	for _, c := range []struct {
		name   string
		h      History
		kind   DeviceType
		gbcs   string
		on     string
		reason Reason
		by     string
	}{
		{"day before", withdraw(GSME), GSME, "3.2", "2022-05-31", WithinPeriod, "SEC-6.21"},
		{"first day", withdraw(GSME), GSME, "3.2", day, UnlistedPair, "CROSSES"},
		{"GBCS blank", withdraw(GSME), GSME, "", day, UnlistedPair, "CROSSES"},
		{"another type", withdraw(GSME), PPMID, "3.2", day, WithinPeriod, "SEC-6.21"},
		{"type blank", withdraw(GSME), 0, "3.2", day, WithinPeriod, "SEC-6.21"},
		{"one type of ESME", withdraw(TwinElement), TwinElement, "3.2", day, UnlistedPair, "CROSSES"},
		{"the others of ESME", withdraw(TwinElement), ESME, "3.2", day, WithinPeriod, "SEC-6.21"},
		{"ESME for its three types", withdraw(ESME), Polyphase, "3.2", day, UnlistedPair, "CROSSES"},
		{"every type, none given", withdraw(everyType...), 0, "3.2", day, UnlistedPair, "CROSSES"},
		{"every type, nothing given", withdraw(everyType...), 0, "", day, UnlistedPair, "CROSSES"},
	} {
		i := Installation{Type: c.kind, Spec: Spec{SMETS, "4.2"}, On: theDay(c.on)}
		if c.gbcs != "" {
			i.GBCS = Spec{GBCS, c.gbcs}
		}
		v := Checker{History: c.h}.Check(i)
		assert.Equal(t, c.reason, v.Reason, c.name)
		assert.Equal(t, c.by, v.Amendment(), c.name)
	}
	twin := withdraw(TwinElement)
	assert.Len(t, twin.PermittedPairs(theDay("2022-05-31")), 56)
	assert.Len(t, twin.PermittedPairs(theDay(day)), 55)
}

// TestPairInDoubt checks that a device that depends on a pair is unsettled while
// the pair's amendment is in doubt.
func TestPairInDoubt(t *testing.T) {
	a := madeUp("DOUBT", "2022-06-01")
	a.PerhapsFrom = theDay("2022-05-01")
	a.Pairs = []Pair{{Type: GSME, Spec: Spec{SMETS, "4.2"}, GBCS: Spec{GBCS, "4.0"}}}
	i := Installation{Type: GSME, Spec: Spec{SMETS, "4.2"}, GBCS: Spec{GBCS, "4.0"}}
	for on, want := range map[string]struct {
		reason Reason
		by     string
	}{
		"2022-04-30": {UnlistedPair, ""},
		"2022-05-01": {Unsettled, "DOUBT"},
		"2022-05-31": {Unsettled, "DOUBT"},
		"2022-06-01": {WithinPeriod, "SEC-6.21"},
	} {
		i.On = theDay(on)
		v := Checker{History: amended(t, a)}.Check(i)
		assert.Equal(t, want.reason, v.Reason, on)
		assert.Equal(t, want.by, v.Amendment(), on)
	}
}

// TestScopeThatNoRuleNames checks that only the rules of the as-at day count.
func TestScopeThatNoRuleNames(t *testing.T) {
	for _, c := range []struct {
		scope, on string
		reason    Reason
		to        string
	}{
		{"PPM", "2018-10-03", WithinPeriod, "2018-10-05"}, // no rule names any scope yet
		{"prepayment", "2018-10-03", WithinPeriod, "2018-10-05"},
		{"PPM", "2018-10-04", WithinPeriod, "2018-12-05"}, // the window that closes first is shown
		{"prepayment", "2018-10-04", WithinPeriod, "2019-03-15"},
		{"PPM", "2018-12-05", WithinPeriod, "2018-12-05"},
		{"PPM", "2018-12-06", UnknownScope, ""},
		{"N/A", "2019-03-15", UnknownScope, ""},
		{" PREPAYMENT ", "2019-03-15", WithinPeriod, "2019-03-15"},
		{"prepaymnet", "2019-03-16", AfterEnd, "2019-03-15"}, // the latest end is shown
		{"", "2019-03-16", AfterEnd, "2018-12-05"},
	} {
		v := Checker{History: Published()}.Check(Installation{Spec: Spec{SMETS, "1.2"}, Scope: c.scope, On: theDay(c.on)})
		to, _ := v.To()
		assert.Equal(t, c.reason, v.Reason, "%q on %s", c.scope, c.on)
		assert.Equal(t, c.to, to.String(), "%q on %s", c.scope, c.on)
	}
	v := Checker{History: Published()}.Check(Installation{Spec: Spec{SMETS, "4.2"}, Scope: "PPM", On: theDay("2021-06-01")})
	assert.Equal(t, WithinPeriod, v.Reason, "a version without a scope of its own")
}

// FuzzAmendments adds files that the loader accepts to the shipped record: whatever
// they say, every question has an answer, an answer is a function of the day, and
// the record reads back the same.
func FuzzAmendments(f *testing.F) {
	example, err := os.ReadFile("../testdata/derogation-example.json")
	require.NoError(f, err)
	f.Add(example, uint16(0))
	for n, members := range []string{
		endsV42, `"entries": [{"spec": "SMETS2 v6.0", "from": "2022-01-01", "to": "open", "inferred": "x"}], "pairs": [{"type": "ESME", "spec": "SMETS2 v6.0", "gbcs": "GBCS v4.1"}]`,
		`"perhaps_from": "2019-11-01", "entries": [{"spec": "SMETS2 v4.2", "scope": "acme", "from": "not-on-record", "to": "open", "inferred": "x"}]`,
		`"whole": true, "vouched": "2023-01-01", "entries": [{"spec": "GBCS v3.2", "to": "2026-12-31", "inferred": "x"}, {"spec": "SMETS2 v2.0", "remove": true, "inferred": "x"}]`,
	} {
		f.Add(amendmentFile(oneLiner("ACME-1", "2022-09-22", members)), uint16(n*777))
	}
	f.Fuzz(func(t *testing.T, data []byte, pick uint16) {
		h, err := Published().AmendFile(data)
		if err != nil {
			return
		}
		requireFixedPoint(t, h)
		Lint(h, theDay("2026-11-23"))
		h.Overrides()
		added := h.Amendments()[len(Published().Amendments()):]
		specs := h.Specs()
		for _, a := range added { // the versions that the file speaks of, before all others
			for _, e := range a.Entries {
				specs = append(specs, e.Spec, e.Spec, e.Spec)
			}
		}
		n := int(pick)
		next := func(of int) int {
			defer func() { n /= max(of, 1) }()
			return n % of
		}
		c := Checker{History: h, LastDayExcluded: next(2) == 1, AssumeOpen: next(2) == 1}
		if next(2) == 1 {
			c.AsAt = h.Latest()
		}
		i := Installation{Spec: specs[next(len(specs))], Type: append(DeviceTypes(), 0)[next(len(DeviceTypes())+1)]}
		if scopes := append(h.Scopes(), ""); len(scopes) > 0 {
			i.Scope = scopes[next(len(scopes))]
		}
		if pairs := h.Pairs(); n%2 == 1 && len(pairs) > 0 {
			i.GBCS = pairs[n%len(pairs)].GBCS
		}
		periods := c.Periods(i)
		at := 0
		for _, day := range h.Breaks() {
			for _, i.On = range []Date{day.AddDays(-1), day, day.AddDays(1)} {
				for at = 0; periods[at].Last.Before(i.On); at++ {
				}
				require.Equal(t, periods[at].Verdict, c.Check(i))
			}
			require.NotEmpty(t, c.Explain(i).Sentence)
		}
	})
}
