package ivp

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	_ sql.Scanner   = (*Date)(nil)
	_ driver.Valuer = Date{}
	_ sql.Scanner   = (*Spec)(nil)
	_ driver.Valuer = Spec{}
)

func TestDateAndSpecInDatabases(t *testing.T) {
	day, _ := ParseDate("2023-04-27")
	east := time.FixedZone("", 9*60*60)
	for name, c := range map[string]struct {
		column any
		want   Date
	}{
		"NULL":              {nil, Date{}},
		"blank":             {"  ", Date{}},
		"text":              {"2023-04-27", day},
		"padded":            {[]byte("2023-04-27  "), day},
		"date column":       {time.Date(2023, 4, 27, 0, 0, 0, 0, time.UTC), day},
		"in its location":   {time.Date(2023, 4, 27, 0, 0, 0, 0, east), day},
		"a moment":          {time.Date(2023, 4, 27, 0, 0, 0, 1, time.UTC), UnreadableDate()},
		"in the last hour":  {time.Date(2023, 4, 27, 23, 0, 0, 0, time.UTC), UnreadableDate()},
		"before the years":  {time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC), UnreadableDate()},
		"another order":     {"27/04/2023", UnreadableDate()},
		"no such day":       {"2023-04-31", UnreadableDate()},
		"a number":          {int64(20230427), UnreadableDate()},
		"a time as text":    {"2023-04-27T00:00:00Z", UnreadableDate()},
		"the mark as text":  {"unreadable", UnreadableDate()},
		"a boolean":         {true, UnreadableDate()},
		"the zero time":     {time.Time{}, minDate},
		"the last day":      {time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), maxDate},
		"after the last":    {time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), UnreadableDate()},
		"a day in brackets": {"(2023-04-27)", UnreadableDate()},
	} {
		got := day // of the row before
		err := got.Scan(c.column)
		assert.Equal(t, c.want, got, name)
		assert.Equal(t, c.want.IsUnreadable(), err != nil, name)
		value, err := got.Value()
		if got.IsUnreadable() {
			assert.ErrorIs(t, err, ErrBadDate, name)
			continue
		}
		var back Date
		require.NoError(t, back.Scan(value), name)
		assert.Equal(t, got, back, name)
		assert.Equal(t, got.IsZero(), value == nil, name)
	}
	for name, c := range map[string]struct {
		column any
		want   Spec
	}{
		"NULL":          {nil, Spec{}},
		"blank":         {[]byte(" "), Spec{}},
		"text":          {"SMETS V3.1 ", Spec{SMETS, "3.1"}},
		"bytes":         {[]byte("GBCS Version 3.2"), Spec{GBCS, "3.2"}},
		"no family":     {"3.2", UnreadableSpec()},
		"a generation":  {"2", UnreadableSpec()},
		"a number":      {3.1, UnreadableSpec()},
		"of SMETS2":     {"SMETS v1.58", Spec{SMETS, "1.58"}},
		"the mark":      {"unreadable", UnreadableSpec()},
		"family alone":  {"SMETS2", UnreadableSpec()},
		"of a workbook": {"SMETS2 v4.20", Spec{SMETS, "4.20"}},
	} {
		got := Spec{SMETS, "4.2"} // of the row before
		err := got.Scan(c.column)
		assert.Equal(t, c.want, got, name)
		assert.Equal(t, c.want.IsUnreadable(), err != nil, name)
		value, err := got.Value()
		if got.IsUnreadable() {
			assert.ErrorIs(t, err, ErrBadVersion, name)
			continue
		}
		var back Spec
		require.NoError(t, back.Scan(value), name)
		assert.Equal(t, got, back, name)
	}
}

func TestParseInstallation(t *testing.T) {
	day, _ := ParseDate("2023-04-27")
	for name, c := range map[string]struct {
		texts  [5]string
		want   Installation
		causes []error
	}{
		"all":              {[5]string{" esme ", "SMETS V3.1 ", "GBCS Version 2.1", "prepayment", " 2023-04-27 "}, Installation{ESME, Spec{SMETS, "3.1"}, Spec{GBCS, "2.1"}, "prepayment", day}, nil},
		"none":             {[5]string{}, Installation{}, nil},
		"blank words":      {[5]string{"n/a", "NONE", " - ", "N/A", ""}, Installation{Scope: "N/A"}, nil},
		"a blank date":     {[5]string{"", "", "", "", "NONE"}, Installation{On: UnreadableDate()}, []error{ErrBadDate}},
		"a bare hub":       {[5]string{"GPF", "V1.3", "4.0", "", ""}, Installation{Type: GPF, Spec: Spec{CHTS, "1.3"}, GBCS: Spec{GBCS, "4.0"}}, nil},
		"a bare version":   {[5]string{"", "4.2", "", "", ""}, Installation{Spec: UnreadableSpec()}, []error{ErrBadVersion}},
		"of an unknown":    {[5]string{"Toaster", "4.2", "", "", ""}, Installation{Type: UnknownType, Spec: UnreadableSpec()}, []error{ErrUnknownType, ErrBadVersion}},
		"columns swapped":  {[5]string{"", "GBCS v3.2", "SMETS2 v4.2", "", ""}, Installation{Spec: UnreadableSpec(), GBCS: UnreadableSpec()}, []error{ErrBadVersion}},
		"a generation":     {[5]string{"ESME", "2", "", "", "27/04/2023"}, Installation{Type: ESME, Spec: UnreadableSpec(), On: UnreadableDate()}, []error{ErrBadVersion, ErrBadDate}},
		"a day that isn't": {[5]string{"", "", "", "", "2023-04-31"}, Installation{On: UnreadableDate()}, []error{ErrBadDate}},
	} {
		got, err := ParseInstallation(c.texts[0], c.texts[1], c.texts[2], c.texts[3], c.texts[4])
		assert.Equal(t, c.want, got, name)
		for _, cause := range []error{ErrUnknownType, ErrBadVersion, ErrBadDate} {
			wanted := false
			for _, want := range c.causes {
				wanted = wanted || want == cause
			}
			assert.Equal(t, wanted, errors.Is(err, cause), "%s: %v is %v", name, err, cause)
		}
		if c.causes != nil {
			assert.NotEqual(t, Eligible, Checker{History: Published(), AssumeOpen: true}.Check(got).Outcome(), name)
		}
	}
}

func TestCauses(t *testing.T) {
	_, err := Published().Without("MP999")
	assert.ErrorIs(t, err, ErrNoAmendment)
	assert.ErrorIs(t, Published().Expect("00"), ErrOtherRules)
	assert.ErrorIs(t, Published().Expect(History{}.Digest()), ErrOtherRules)
	_, err = Parse([]byte(`{}`))
	assert.ErrorIs(t, err, ErrBadRules)
	_, err = NewDate(2023, 4, 31)
	assert.ErrorIs(t, err, ErrBadDate)
	_, err = ParseDeviceType("Toaster")
	assert.ErrorIs(t, err, ErrUnknownType)
	assert.NotErrorIs(t, err, ErrBadVersion)
}

// TestClosing is about the ends of the shipped rules, and the days around them.
func TestClosing(t *testing.T) {
	closing := func(day string, within int) (all []string) {
		on, err := ParseDate(day)
		require.NoError(t, err)
		for _, w := range Published().Closing(on, within) {
			all = append(all, w.Spec.String()+w.Scope+" "+w.To.String()+" "+w.Amendment)
		}
		return all
	}
	smets2 := []string{"SMETS2 v2.0 2023-04-27 MP196", "SMETS2 v3.1 2023-04-27 MP196"}
	assert.Equal(t, smets2, closing("2023-04-27", 0), "the last day")
	assert.Empty(t, closing("2023-04-27", -1))
	assert.Empty(t, closing("2023-04-28", 1000), "the day after")
	assert.Equal(t, smets2, closing("2023-04-26", 1))
	assert.Empty(t, closing("2023-04-26", 0))
	smets1 := []string{"SMETS1 v1.1 2018-12-05 SEC-5.23", "SMETS1 v1.2 2018-12-05 SEC-5.23"}
	scoped := []string{"SMETS1 v1.1prepayment 2019-03-15 SEC-5.23", "SMETS1 v1.2prepayment 2019-03-15 SEC-5.23"}
	assert.Equal(t, smets1, closing("2018-11-08", 60))
	assert.Equal(t, append(smets1, scoped...), closing("2018-11-08", 365), "the earliest end first, and scopes")
	assert.Equal(t, scoped, closing("2018-12-06", 365))
	assert.Equal(t, []string{"GBCS v1.0 2018-05-07 GBCS-1.0-END"}, closing("2018-05-07", 0), "GBCS")
	assert.Empty(t, closing("2021-12-01", 1000), "ends that are not on record")
}

// TestVerdictsAsJSON reads back the JSON of verdicts on drawn devices, histories and
// terms, also on versions that no table and no parser has.
func TestVerdictsAsJSON(t *testing.T) {
	seen := map[Reason]bool{}
	check := func(t require.TestingT, v Verdict) {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		var back Verdict
		require.NoError(t, json.Unmarshal(text, &back), "%s", text)
		require.Equal(t, v, back, "%s", text)
		var outcome struct{ Outcome Outcome }
		require.NoError(t, json.Unmarshal(text, &outcome))
		require.Equal(t, v.Outcome(), outcome.Outcome)
		seen[v.Reason] = true
	}
	check(t, Verdict{})
	check(t, Verdict{Reason: BadRow})
	for _, spec := range []Spec{{SMETS, ""}, {SMETS, "6.x v2"}, {CHTS, " v"}, {GBCS, "9.9"}, {SMETS, "1.58"}, UnreadableSpec()} {
		check(t, Verdict{Reason: NotListed, Window: Window{Spec: spec, Scope: "a"}})
	}
	for _, terms := range []Checker{{History: Published()}, {History: Published(), AssumeOpen: true, LastDayExcluded: true}} {
		for n, i := range profiles(Published()) {
			if n%5 < 2 {
				for _, p := range terms.Periods(i) {
					check(t, p.Verdict)
				}
			}
		}
	}
	for _, reason := range []Reason{WithinPeriod, BeforeStart, AfterEnd, GBCSEnded, NotListed, BeyondRecord, Unsettled, UnlistedPair, UnknownDeviceType} {
		assert.True(t, seen[reason], "no verdict with %s", reason)
	}
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		terms := drawTerms(t)
		terms.History = h.after
		i := drawDevice(t, h.after)
		for _, day := range drawDays(t, h.after) {
			i.On = day
			check(t, terms.Check(i))
		}
	})
}

func TestVerdictsOfOthers(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"an outcome that is not that of the reason": {`{"outcome":"eligible","reason":"after-end"}`, "the outcome eligible contradicts the reason \"after-end\", whose outcome is not_eligible"},
		"the outcome left out":                      {`{"reason":"within-period"}`, "the outcome undetermined contradicts the reason"},
		"a finding that contradicts":                {`{"outcome":"eligible","reason":"within-period","gbcs":{"outcome":"eligible","reason":"gbcs-ended"}}`, "contradicts the reason \"gbcs-ended\""},
		"an unknown reason":                         {`{"outcome":"undetermined","reason":"moon"}`, `"moon" is not a reason`},
		"an outcome alone":                          {`{"outcome":"eligible"}`, `contradicts the reason ""`},
		"a version that cannot be read":             {`{"outcome":"eligible","reason":"within-period","window":{"spec":"moon"}}`, `"moon" is not a version`},
		"a day that does not exist":                 {`{"outcome":"eligible","reason":"within-period","window":{"to":"2023-04-31"}}`, `to: "2023-04-31" is not a date`},
		"no object":                                 {`"eligible"`, "cannot unmarshal"},
	} {
		verdict := Verdict{Reason: AfterEnd}
		assert.ErrorContains(t, json.Unmarshal([]byte(c.text), &verdict), c.want, name)
		assert.Equal(t, Verdict{Reason: AfterEnd}, verdict, name)
	}
	var later Verdict
	require.NoError(t, json.Unmarshal([]byte(`{"outcome":"eligible","reason":"within-period","a later key":1}`), &later))
	assert.Equal(t, Verdict{Reason: WithinPeriod}, later)
}
