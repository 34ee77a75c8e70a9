package ivp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var unlawfulFiles = []brokenFile{
	{"id in lower case", schemaRefuses,
		`"TEST-1"`,
		`"test-1"`, []string{
			`line 4: test-1: id: "test-1": this is not an id; want a capital letter, then letters, digits, . _ -; write a name such as TSAT-2026: every answer that rests on the amendment shows it`,
		}},
	{"id with a space", schemaRefuses,
		`"TEST-1"`,
		`"TEST 1"`, []string{
			`line 4: TEST 1: id: "TEST 1": this is not an id; want a capital letter, then letters, digits, . _ -; write a name such as TSAT-2026: every answer that rests on the amendment shows it`,
		}},
	{"no citations", schemaRefuses,
		"\n        {\"document\": \"a made-up letter\", \"url\": \"https://example.com/letter\", \"quote\": \"from 29 November 2019 to 27 April 2023\"}\n      ",
		"", []string{
			"line 4: TEST-1: citations: there is no authority without a source; want at least one citation, each with a document; say in document what was read, so that a reader finds it",
			`line 10: TEST-1: from: "2019-11-29": the date is in none of the amendment's quotations; want a quote with 29 November 2019, 29th November 2019, 29/11/2019 or 2019-11-29; quote the words that give it; if it is in a table, say so in unquoted; if no source says it, say in inferred why it is so`,
			`line 10: TEST-1: to: "2023-04-27": the date is in none of the amendment's quotations; want a quote with 27 April 2023, 27th April 2023, 27/04/2023 or 2023-04-27; quote the words that give it; if it is in a table, say so in unquoted; if no source says it, say in inferred why it is so`,
			`line 11: TEST-1: from: "2019-11-29": the date is in none of the amendment's quotations; want a quote with 29 November 2019, 29th November 2019, 29/11/2019 or 2019-11-29; quote the words that give it; if it is in a table, say so in unquoted; if no source says it, say in inferred why it is so`,
		}},
	{"nothing changes", schemaRefuses,
		"\"entries\": [\n        {\"spec\": \"SMETS2 v4.2\", \"from\": \"2019-11-29\", \"to\": \"2023-04-27\"},\n        {\"spec\": \"GBCS v3.2\", \"from\": \"2019-11-29\", \"to\": \"not-on-record\", \"confirmed\": \"2022-09-21\"}\n      ],\n      \"pairs\": [\n        {\"type\": \"GSME\", \"spec\": \"SMETS2 v4.2\", \"gbcs\": \"GBCS v3.2\"}\n      ]",
		`"entries": []`, []string{
			"line 4: TEST-1: entries: the amendment changes nothing; want at least one entry or pair; add one, or remove the amendment",
		}},
	{"perhaps_from is in_force", schemaCannotTell,
		`"in_force": "2019-11-29"`,
		`"in_force": "2019-11-29", "perhaps_from": "2019-11-29"`, []string{
			`line 4: TEST-1: perhaps_from: "2019-11-29": this is not before in_force; want an earlier day; leave it out if the day is not in doubt`,
		}},
	{"perhaps_from is after in_force", schemaCannotTell,
		`"in_force": "2019-11-29"`,
		`"in_force": "2019-11-29", "perhaps_from": "2019-11-30"`, []string{
			`line 4: TEST-1: perhaps_from: "2019-11-30": this is not before in_force; want an earlier day; leave it out if the day is not in doubt`,
		}},
	{"remove with an end", schemaRefuses,
		`{"spec": "GBCS v3.2", "from": "2019-11-29", "to": "not-on-record", "confirmed": "2022-09-21"}`,
		`{"spec": "SMETS2 v4.2", "remove": true, "to": "open"}`, []string{
			`line 13: TEST-1: remove: "SMETS2 v4.2": a version is removed in every scope, and with all that is known of it; want only spec and remove; remove the other keys; to end the version in one scope, give it an end there`,
			`line 13: TEST-1: spec: "SMETS2 v4.2": this amendment has an entry for it already; want one entry for a version and scope; merge the two`,
		}},
	{"remove in a scope", schemaRefuses,
		`{"spec": "GBCS v3.2", "from": "2019-11-29", "to": "not-on-record", "confirmed": "2022-09-21"}`,
		`{"spec": "SMETS2 v4.2", "remove": true, "scope": "prepayment"}`, []string{
			`line 13: TEST-1: remove: "SMETS2 v4.2, scope prepayment": a version is removed in every scope, and with all that is known of it; want only spec and remove; remove the other keys; to end the version in one scope, give it an end there`,
		}},
	{"remove of what is not listed", schemaCannotTell,
		`{"spec": "GBCS v3.2", "from": "2019-11-29", "to": "not-on-record", "confirmed": "2022-09-21"}`,
		`{"spec": "GBCS v3.2", "remove": true}`, []string{
			`line 13: TEST-1: remove: "GBCS v3.2": the version is not listed, so it cannot be removed; want a version that is in the tables; correct the version, or remove the entry`,
		}},
	{"an entry names nothing", schemaRefuses,
		`"from": "2019-11-29", "to": "not-on-record", "confirmed": "2022-09-21"`,
		`"inferred": "a test"`, []string{
			`line 13: TEST-1: entries: "GBCS v3.2": the entry changes nothing; want from, to, confirmed or remove; say what it changes`,
			`line 13: TEST-1: spec: "GBCS v3.2": no earlier amendment lists the version; want a version that is in the tables; correct the version; or, to list it, give from and to`,
		}},
	{"GBCS in a scope", schemaRefuses,
		`"to": "not-on-record"`,
		`"scope": "prepayment", "to": "not-on-record"`, []string{
			`line 13: TEST-1: scope: "GBCS v3.2, scope prepayment": GBCS is judged only in the general case; want no scope; remove the scope`,
		}},
	{"listed without an end", schemaCannotTell,
		`"from": "2019-11-29", "to": "2023-04-27"`,
		`"from": "2019-11-29"`, []string{
			`line 12: TEST-1: to: "SMETS2 v4.2": an entry that lists a version does not say how it ends; want to: a date, open or not-on-record; add it; if no source says how it ends, that is not-on-record`,
		}},
	{"not listed", schemaCannotTell,
		`"from": "2019-11-29", "to": "2023-04-27"`,
		`"to": "2023-04-27"`, []string{
			`line 12: TEST-1: spec: "SMETS2 v4.2": no earlier amendment lists the version; want a version that is in the tables; correct the version; or, to list it, give from and to`,
		}},
	{"two entries for one version", schemaCannotTell,
		`"spec": "GBCS v3.2", "from"`,
		`"spec": "SMETS2 v4.2", "from"`, []string{
			`line 13: TEST-1: spec: "SMETS2 v4.2": this amendment has an entry for it already; want one entry for a version and scope; merge the two`,
		}},
	{"two entries for one scope", schemaCannotTell,
		`{"spec": "GBCS v3.2", "from": "2019-11-29", "to": "not-on-record", "confirmed": "2022-09-21"}`,
		"{\"spec\": \"SMETS2 v4.2\", \"scope\": \"prepayment\", \"to\": \"open\"},\n        {\"spec\": \"SMETS2 v4.2\", \"scope\": \"Prepayment\", \"to\": \"not-on-record\"}", []string{
			`line 14: TEST-1: spec: "SMETS2 v4.2, scope Prepayment": this amendment has an entry for it already; want one entry for a version and scope; merge the two`,
		}},
	{"confirmed beside a dated end", schemaRefuses,
		`"to": "not-on-record"`,
		`"to": "2023-04-27"`, []string{
			`line 13: TEST-1: confirmed: "2022-09-21": the end is on record, so nothing needs to vouch for it; want confirmed only if the end is not on record; remove it`,
		}},
	{"confirmed beside an open end", schemaRefuses,
		`"to": "not-on-record"`,
		`"to": "open"`, []string{
			`line 13: TEST-1: confirmed: "2022-09-21": the end is on record, so nothing needs to vouch for it; want confirmed only if the end is not on record; remove it`,
		}},
	{"confirmed before the start", schemaCannotTell,
		`"confirmed": "2022-09-21"`,
		`"confirmed": "2019-11-28"`, []string{
			`line 13: TEST-1: confirmed: "2019-11-28": this is before the start, 2019-11-29; want a day on which the version could be installed; correct the day, or remove it`,
		}},
	{"the end before the start", schemaCannotTell,
		`"from": "2019-11-29", "to": "2023-04-27"`,
		`"from": "2023-04-27", "to": "2019-11-29"`, []string{
			`line 12: TEST-1: to: "2019-11-29": the window of SMETS2 v4.2 would end before it starts, on 2023-04-27; want an end that is not before the start; look both days up again, and correct the one that is wrong`,
		}},
	{"a start in no quotation", schemaCannotTell,
		"from 29 November 2019 to",
		"from 28 November 2019 to", []string{
			`line 12: TEST-1: from: "2019-11-29": the date is in none of the amendment's quotations; want a quote with 29 November 2019, 29th November 2019, 29/11/2019 or 2019-11-29; quote the words that give it; if it is in a table, say so in unquoted; if no source says it, say in inferred why it is so`,
			`line 13: TEST-1: from: "2019-11-29": the date is in none of the amendment's quotations; want a quote with 29 November 2019, 29th November 2019, 29/11/2019 or 2019-11-29; quote the words that give it; if it is in a table, say so in unquoted; if no source says it, say in inferred why it is so`,
		}},
	{"an end in no quotation", schemaCannotTell,
		`to 27 April 2023"`,
		`to 28 April 2023"`, []string{
			`line 12: TEST-1: to: "2023-04-27": the date is in none of the amendment's quotations; want a quote with 27 April 2023, 27th April 2023, 27/04/2023 or 2023-04-27; quote the words that give it; if it is in a table, say so in unquoted; if no source says it, say in inferred why it is so`,
		}},
	{"no quotation", schemaCannotTell,
		`, "quote": "from 29 November 2019 to 27 April 2023"`,
		"", []string{
			`line 12: TEST-1: from: "2019-11-29": the date is in none of the amendment's quotations; want a quote with 29 November 2019, 29th November 2019, 29/11/2019 or 2019-11-29; quote the words that give it; if it is in a table, say so in unquoted; if no source says it, say in inferred why it is so`,
			`line 12: TEST-1: to: "2023-04-27": the date is in none of the amendment's quotations; want a quote with 27 April 2023, 27th April 2023, 27/04/2023 or 2023-04-27; quote the words that give it; if it is in a table, say so in unquoted; if no source says it, say in inferred why it is so`,
			`line 13: TEST-1: from: "2019-11-29": the date is in none of the amendment's quotations; want a quote with 29 November 2019, 29th November 2019, 29/11/2019 or 2019-11-29; quote the words that give it; if it is in a table, say so in unquoted; if no source says it, say in inferred why it is so`,
		}},
	{"a pair of two GBCS versions", schemaRefuses,
		`"spec": "SMETS2 v4.2", "gbcs"`,
		`"spec": "GBCS v3.2", "gbcs"`, []string{
			`line 16: TEST-1: pairs: "GSME, GBCS v3.2, GBCS v3.2": this is not a pair; want a device type, a SMETS or CHTS version, a GBCS version; write each under its own key: type, spec, gbcs`,
		}},
	{"a pair without GBCS", schemaRefuses,
		`"gbcs": "GBCS v3.2"`,
		`"gbcs": "CHTS v1.3"`, []string{
			`line 16: TEST-1: pairs: "GSME, SMETS2 v4.2, CHTS v1.3": this is not a pair; want a device type, a SMETS or CHTS version, a GBCS version; write each under its own key: type, spec, gbcs`,
		}},
	{"a pair twice", schemaRefuses,
		`"gbcs": "GBCS v3.2"}`,
		"\"gbcs\": \"GBCS v3.2\"},\n        {\"type\": \"GSME\", \"spec\": \"SMETS2 v4.2\", \"gbcs\": \"GBCS v3.2\"}", []string{
			`line 17: TEST-1: pairs: "GSME, SMETS2 v4.2, GBCS v3.2": this amendment has the pair already; want each pair once in an amendment; remove one of the two`,
		}},
	{"a pair withdrawn that is not permitted", schemaCannotTell,
		`"gbcs": "GBCS v3.2"}`,
		"\"gbcs\": \"GBCS v3.2\"},\n        {\"type\": \"ESME\", \"spec\": \"SMETS2 v4.2\", \"gbcs\": \"GBCS v3.2\", \"remove\": true}", []string{
			`line 17: TEST-1: remove: "ESME, SMETS2 v4.2, GBCS v3.2": no earlier amendment permits the pair, so it cannot be withdrawn; want a pair that is permitted on that day; correct the pair, or remove it`,
		}},
}

func TestLintRefuses(t *testing.T) { requireBroken(t, unlawfulFiles) }

// amendmentFile is an amendment file with the first amendment on line 2 and each
// further one on a line of its own.
func amendmentFile(amendments ...string) []byte {
	return []byte("{\"amendments\": [\n" + strings.Join(amendments, ",\n") + "\n]}")
}

// oneLiner returns an amendment with the given members, in one line.
func oneLiner(id, inForce, members string) string {
	return fmt.Sprintf(`{"id": %q, "title": "made up", "in_force": %q, "citations": [{"document": "a test"}], %s}`, id, inForce, members)
}

// TestManyEntriesTakeLinearTime reads a file of very many entries or pairs, which
// once took minutes.
func TestManyEntriesTakeLinearTime(t *testing.T) {
	const many = 20_000
	joined := func(item func(i int) string) string {
		var all []string
		for i := range many {
			all = append(all, item(i))
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	for name, members := range map[string]string{
		"scopes": `"entries": ` + joined(func(i int) string {
			return fmt.Sprintf(`{"spec": "SMETS2 v4.2", "scope": "scope %d", "to": "2027-06-30", "unquoted": "a test"}`, i)
		}),
		"versions": `"entries": ` + joined(func(i int) string {
			return fmt.Sprintf(`{"spec": "SMETS2 v%d.%d", "from": "2027-06-01", "to": "open", "unquoted": "a test"}`, 6+i/100, i%100)
		}),
		"pairs": `"pairs": ` + joined(func(i int) string {
			return fmt.Sprintf(`{"type": "ESME", "spec": "SMETS2 v4.2", "gbcs": "GBCS v%d.%d"}`, 6+i/100, i%100)
		}),
	} {
		start := time.Now()
		h, err := Published().AmendFile(amendmentFile(oneLiner("ACME-1", "2027-06-01", members)))
		require.NoError(t, err, name)
		assert.Len(t, h.Amendments(), len(Published().Amendments())+1)
		assert.Less(t, time.Since(start), 20*time.Second, name)
	}
}

// TestTooMuchToWorkOut checks that a file that would take very long is refused at
// once.
func TestTooMuchToWorkOut(t *testing.T) {
	var amendments []string
	for i := range 5001 {
		amendments = append(amendments, oneLiner(fmt.Sprintf("ACME-%d", i), theDay("2027-01-01").AddDays(i%500).String(), endsV42))
	}
	_, err := Published().AmendFile(amendmentFile(amendments...))
	assert.ErrorContains(t, err, "line 2: ACME-0: amendments: the record would have 5017 amendments; want at most 5000")
	var scopes []string
	for i := range 5000 {
		scopes = append(scopes, fmt.Sprintf(`{"spec": "SMETS2 v4.2", "scope": "scope %d", "to": "open"}`, i))
	}
	amendments = amendments[:500]
	amendments[499] = oneLiner("ACME-499", "2029-01-01", `"entries": [`+strings.Join(scopes, ", ")+`]`)
	_, err = Published().AmendFile(amendmentFile(amendments...))
	assert.ErrorContains(t, err, `line 501: ACME-499: entries: "SMETS2 v4.2": amendments of`)
	_, err = Published().AmendFile(append(amendmentFile(amendments[0]), make([]byte, MostBytes)...))
	assert.ErrorContains(t, err, "line 1: the file has more than 8 MiB")
}

const endsV42 = `"entries": [{"spec": "SMETS2 v4.2", "to": "2027-06-30", "unquoted": "a test"}]`

func TestQuotations(t *testing.T) {
	for quote, accepted := range map[string]bool{
		"27 April 2023":                         true,
		"27th April 2023":                       true,
		"27/04/2023":                            true,
		"2023-04-27":                            true,
		"until (27 April 2023).":                true,
		"27 April 2022 to 27 April 2023":        true,
		"127 April 2023, that is 27 April 2023": true,
		"127 April 2023":                        false,
		"27 April 20231":                        false,
		"28 April 2023":                         false,
		"7 April 2023":                          false,
		"27 May 2023":                           false,
		"27 April 2022":                         false,
		"27 April":                              false,
		"April 2023":                            false,
		"27/4/2023":                             false,
		"04/27/2023":                            false,
		"127/04/2023":                           false,
		"27/04/20231":                           false,
		"2023-04-271":                           false,
		"12023-04-27":                           false,
		"27  April 2023":                        false,
		"27 april 2023":                         false,
	} {
		a := madeUp("ACME-1", "2022-09-22", Entry{Spec: Spec{SMETS, "4.2"}, To: On(theDay("2023-04-27"))})
		a.Entries[0].Unquoted = ""
		a.Citations[0].Quote = quote
		_, err := Published().Amend(a)
		if accepted {
			assert.NoError(t, err, quote)
		} else {
			assert.ErrorContains(t, err, `"2023-04-27": the date is in none of the amendment's quotations; want a quote with 27 April 2023`, quote)
		}
	}
	assert.False(t, Citation{Quote: "no day"}.Quotes(Date{}))
	assert.Regexp(t, quotedShape(theDay("2018-05-07")), "7th May 2018")
	assert.Regexp(t, quotedShape(theDay("2018-05-07")), "07 May 2018")
	assert.NotRegexp(t, quotedShape(theDay("2018-05-07")), "17 May 2018")
}

// TestQuotedSpellings checks that each form that a fault names is found in a
// quotation.
func TestQuotedSpellings(t *testing.T) {
	assert.Equal(t, "1 July 2027, 1st July 2027, 01/07/2027 or 2027-07-01", quotedSpellings(theDay("2027-07-01")))
	for day := theDay("2024-01-01"); day.Before(theDay("2024-02-01")); day = day.AddDays(1) {
		for _, spelling := range strings.FieldsFunc(strings.ReplaceAll(quotedSpellings(day), " or ", ","), func(r rune) bool { return r == ',' }) {
			assert.True(t, Citation{Quote: "until " + spelling + "."}.Quotes(day), spelling)
		}
	}
	for day, want := range map[int]string{1: "st", 2: "nd", 3: "rd", 4: "th", 11: "th", 12: "th", 13: "th", 21: "st", 22: "nd", 23: "rd", 30: "th", 31: "st"} {
		assert.Equal(t, want, ordinal(day), day)
	}
}

func TestQuotationsStandForTheirOwnAmendment(t *testing.T) {
	end := Entry{Spec: Spec{SMETS, "4.2"}, To: On(theDay("2027-06-30"))}
	first, second := madeUp("ACME-1", "2022-09-22", end), madeUp("ACME-2", "2022-09-23", end)
	first.Entries[0].Unquoted, second.Entries[0].Unquoted = "", ""
	second.Entries[0].Spec.Version = "4.3"
	first.Citations[0].Quote = "until 30 June 2027"
	_, err := Published().Amend(first, second)
	assert.ErrorContains(t, err, "ACME-2: to")
	second.Citations = append(second.Citations, Citation{Document: "another", Quote: "30 June 2027"})
	_, err = Published().Amend(first, second)
	assert.NoError(t, err, "any of the quotations will do")
}

func TestWhatNeedsNoQuotation(t *testing.T) {
	end := On(theDay("2027-06-30"))
	for name, e := range map[string]Entry{
		"inferred":                    {Spec: Spec{SMETS, "4.2"}, To: end, Inferred: "from the next version's start"},
		"said why not":                {Spec: Spec{SMETS, "4.2"}, To: end, Unquoted: "the source is a table"},
		"confirmed":                   {Spec: Spec{SMETS, "4.2"}, Confirmed: theDay("2023-12-31")},
		"open":                        {Spec: Spec{SMETS, "4.2"}, To: Bound{Kind: Open}},
		"an end that does not change": {Spec: Spec{SMETS, "3.1"}, To: On(theDay("2023-04-27"))},
		"both unchanged":              {Spec: Spec{SMETS, "3.1"}, From: On(theDay("2018-11-08")), To: On(theDay("2023-04-27"))},
	} {
		a := madeUp("ACME-1", "2022-09-22", e)
		a.Entries[0].Unquoted = e.Unquoted
		_, err := Published().Amend(a)
		assert.NoError(t, err, name)
	}
	a := madeUp("ACME-1", "2022-09-22", Entry{Spec: Spec{SMETS, "3.0"}, From: On(theDay("2018-10-28")), To: Bound{Kind: Open}})
	a.Entries[0].Unquoted = ""
	_, err := Published().Amend(a)
	assert.ErrorContains(t, err, "2018-10-28", "what was removed is listed anew, with its start")
}

// TestStartAloneOfAListedVersion checks that an entry changes only what it sets.
func TestStartAloneOfAListedVersion(t *testing.T) {
	h, err := Published().Amend(madeUp("ACME-1", "2022-09-22", Entry{Spec: Spec{SMETS, "2.0"}, From: On(theDay("2016-11-30"))}))
	require.NoError(t, err)
	f := Checker{History: h, AsAt: h.Latest()}.Check(Installation{Spec: Spec{SMETS, "2.0"}, On: theDay("2017-01-01")}).TS
	assert.Equal(t, WithinPeriod, f.Reason)
	assert.Equal(t, On(theDay("2023-04-27")), f.Window.To)
}

func TestLintOnTopOfTheRecord(t *testing.T) {
	for _, c := range []struct {
		name string
		file []byte
		want []string
	}{
		{"sound", amendmentFile(oneLiner("ACME-1", "2022-09-22", endsV42)), nil},
		{"an id on record", amendmentFile(oneLiner("MP196", "2022-09-22", endsV42)), []string{
			`line 2: MP196: id: "MP196": an amendment of that id is on record already; want an id of its own; choose another, or leave out the file that brought it`}},
		{"an id twice", amendmentFile(oneLiner("ACME-1", "2022-09-22", endsV42), oneLiner("ACME-1", "2022-09-23", endsV42)), []string{
			`line 3: ACME-1: id: "ACME-1": an amendment of that id is on record already; want an id of its own; choose another, or leave out the file that brought it`}},
		{"two without an id", amendmentFile(`{"title": "a"}`, `{"title": "b"}`), []string{
			"line 2: id: the key is missing; want a name such as MP196; add it",
			"line 2: in_force: the key is missing; want the first day on which a source shows it in force; add it",
			"line 2: citations: there is no authority without a source; want at least one citation, each with a document; say in document what was read, so that a reader finds it",
			"line 3: id: the key is missing; want a name such as MP196; add it",
			"line 3: in_force: the key is missing; want the first day on which a source shows it in force; add it",
			"line 3: citations: there is no authority without a source; want at least one citation, each with a document; say in document what was read, so that a reader finds it"}},
		{"out of order", amendmentFile(oneLiner("ACME-1", "2022-09-23", endsV42), oneLiner("ACME-2", "2022-09-22", endsV42)), []string{
			`line 3: ACME-2: in_force: "2022-09-22": this is before the amendment above it; want amendments in order of their in-force day; move it up`}},
		{"before what is on record", amendmentFile(oneLiner("ACME-1", "2020-01-01", endsV42)), nil},
		{"a pair on record, restated", amendmentFile(oneLiner("ACME-1", "2022-09-22", `"pairs": [{"type": "GSME", "spec": "SMETS2 v4.2", "gbcs": "GBCS v3.2"}]`)), nil},
		{"a pair in two amendments", amendmentFile(
			oneLiner("ACME-1", "2022-09-22", `"pairs": [{"type": "IHD", "spec": "SMETS2 v4.2", "gbcs": "GBCS v3.2"}]`),
			oneLiner("ACME-2", "2022-09-22", `"pairs": [{"type": "IHD", "spec": "SMETS2 v4.2", "gbcs": "GBCS v3.2"}]`)), nil},
		{"a pair withdrawn", amendmentFile(oneLiner("ACME-1", "2022-09-22", `"pairs": [{"type": "ESME", "spec": "SMETS2 v4.2", "gbcs": "GBCS v3.2", "remove": true}]`)), nil},
		{"a pair withdrawn before it is permitted", amendmentFile(oneLiner("ACME-1", "2019-11-28", `"pairs": [{"type": "GSME", "spec": "SMETS2 v4.2", "gbcs": "GBCS v3.2", "remove": true}]`)), []string{
			`line 2: ACME-1: remove: "GSME, SMETS2 v4.2, GBCS v3.2": no earlier amendment permits the pair, so it cannot be withdrawn; want a pair that is permitted on that day; correct the pair, or remove it`}},
		{"a pair withdrawn twice", amendmentFile(
			oneLiner("ACME-1", "2022-09-22", `"pairs": [{"type": "GSME", "spec": "SMETS2 v4.2", "gbcs": "GBCS v3.2", "remove": true}]`),
			oneLiner("ACME-2", "2022-09-23", `"pairs": [{"type": "GSME", "spec": "SMETS2 v4.2", "gbcs": "GBCS v3.2", "remove": true}]`)), []string{
			`line 3: ACME-2: remove: "GSME, SMETS2 v4.2, GBCS v3.2": no earlier amendment permits the pair, so it cannot be withdrawn; want a pair that is permitted on that day; correct the pair, or remove it`}},
		{"a scope without an end", amendmentFile(oneLiner("ACME-1", "2022-09-22", `"entries": [{"spec": "SMETS2 v4.2", "scope": "acme", "from": "not-on-record"}]`)), []string{
			`line 2: ACME-1: to: "SMETS2 v4.2, scope acme": the first entry of a scope does not say how the scope ends; want to: a date, open or not-on-record; add it; an end that is the same as in the general case is written again`}},
		{"a second entry of a scope", amendmentFile(
			oneLiner("ACME-1", "2022-09-22", `"entries": [{"spec": "SMETS2 v4.2", "scope": "acme", "to": "open"}]`),
			oneLiner("ACME-2", "2022-09-23", `"entries": [{"spec": "SMETS2 v4.2", "scope": "acme", "from": "not-on-record"}]`)), nil},
		{"confirmed beside a dated end", amendmentFile(oneLiner("ACME-1", "2022-09-22", `"entries": [{"spec": "SMETS2 v3.1", "confirmed": "2023-05-01"}]`)), []string{
			`line 2: ACME-1: confirmed: "2023-05-01": the end is on record already: 2023-04-27, by MP196; want confirmed only if the end is not on record; remove it; or, if no source gives the end any more, give to as not-on-record beside it`}},
		{"confirmed beside an end that is no longer on record", amendmentFile(oneLiner("ACME-1", "2022-09-22", `"entries": [{"spec": "SMETS2 v3.1", "to": "not-on-record", "confirmed": "2023-05-01"}]`)), nil},
		{"not listed", amendmentFile(oneLiner("ACME-1", "2022-09-22", `"entries": [{"spec": "SMETS2 v9.0", "to": "open"}]`)), []string{
			`line 2: ACME-1: spec: "SMETS2 v9.0": no earlier amendment lists the version; want a version that is in the tables; correct the version; or, to list it, give from and to`}},
		{"not yet listed", amendmentFile(oneLiner("ACME-1", "2019-11-28", endsV42)), []string{
			`line 2: ACME-1: spec: "SMETS2 v4.2": no earlier amendment lists the version; want a version that is in the tables; correct the version; or, to list it, give from and to`}},
		{"removed", amendmentFile(oneLiner("ACME-1", "2022-09-22", `"entries": [{"spec": "SMETS2 v3.0", "to": "open"}]`)), []string{
			`line 2: ACME-1: spec: "SMETS2 v3.0": the version was removed by SEC-6.2; want a version that is in the tables; correct the version; or, to list it, give from and to`}},
		{"removed twice", amendmentFile(oneLiner("ACME-1", "2022-09-22", `"entries": [{"spec": "SMETS2 v3.0", "remove": true}]`)), []string{
			`line 2: ACME-1: remove: "SMETS2 v3.0": the version is not listed, so it cannot be removed; want a version that is in the tables; correct the version, or remove the entry`}},
		{"a scope of what is not listed", amendmentFile(oneLiner("ACME-1", "2022-09-22", `"entries": [{"spec": "SMETS2 v9.0", "scope": "acme", "to": "open"}]`)), []string{
			`line 2: ACME-1: spec: "SMETS2 v9.0, scope acme": no earlier amendment lists the version; want a version that is in the tables; correct the version; or, to list it, give from and to`}},
		{"a scope that lists without an end", amendmentFile(oneLiner("ACME-1", "2022-09-22", `"entries": [{"spec": "SMETS2 v9.0", "scope": "acme", "from": "not-on-record"}]`)), []string{
			`line 2: ACME-1: to: "SMETS2 v9.0, scope acme": an entry that lists a version does not say how it ends; want to: a date, open or not-on-record; add it; if no source says how it ends, that is not-on-record`}},
		{"a scope that ends before the general start", amendmentFile(oneLiner("ACME-1", "2022-09-22", `"entries": [{"spec": "SMETS2 v4.2", "scope": "acme", "to": "2019-11-28", "unquoted": "a test"}]`)), []string{
			`line 2: ACME-1: to: "2019-11-28": the window of SMETS2 v4.2 would end before it starts, on 2019-11-29; want an end that is not before the start; look both days up again, and correct the one that is wrong`}},
		{"a scope that ends on the general start", amendmentFile(oneLiner("ACME-1", "2022-09-22", `"entries": [{"spec": "SMETS2 v4.2", "scope": "acme", "to": "2019-11-29", "unquoted": "a test"}]`)), nil},
		{"removed before it was changed", amendmentFile(oneLiner("ACME-1", "2021-01-01", `"entries": [{"spec": "SMETS2 v3.1", "remove": true}]`)), []string{
			`line 2: ACME-1: entries: "SMETS2 v3.1": PRE-MP196, in force on 2022-02-22, would then have a fault: the version was removed by ACME-1; want a change that agrees with the later ones; correct it, or give it an in-force day after PRE-MP196`,
			`line 2: ACME-1: entries: "SMETS2 v3.1": MP196, in force on 2022-02-24, would then have a fault: the version was removed by ACME-1; want a change that agrees with the later ones; correct it, or give it an in-force day after MP196`}},
		{"a start after a later end", amendmentFile(oneLiner("ACME-1", "2018-11-09", `"entries": [{"spec": "SMETS2 v3.1", "from": "2021-01-01", "unquoted": "a test"}]`)), []string{
			`line 2: ACME-1: entries: "SMETS2 v3.1": BEIS-2019-07, in force on 2019-07-31, would then have a fault: the window of SMETS2 v3.1 would end before it starts, on 2021-01-01; want a change that agrees with the later ones; correct it, or give it an in-force day after BEIS-2019-07`}},
		{"an end before a later day that is confirmed", amendmentFile(oneLiner("ACME-1", "2021-01-01", `"entries": [{"spec": "GBCS v1.1", "to": "2024-01-01", "unquoted": "a test"}]`)), []string{
			`line 2: ACME-1: entries: "GBCS v1.1": MP196, in force on 2022-02-24, would then have a fault: the end is on record already: 2024-01-01, by ACME-1; want a change that agrees with the later ones; correct it, or give it an in-force day after MP196`}},
	} {
		h, err := Published().AmendFile(c.file)
		assert.Equal(t, c.want, faultLines(t, err), c.name)
		assert.Equal(t, c.want, faultLines(t, lintFile(Published(), c.file)), c.name)
		if err == nil {
			_, err := Parse(h.AppendCanonical(nil))
			assert.NoError(t, err, "%s: the history with it is complete in itself", c.name)
		}
	}
}

func TestLintTellsARecordFromAmendments(t *testing.T) {
	require.NoError(t, lintFile(History{}, tablesJSON))
	require.NoError(t, lintFile(Published(), tablesJSON), "a file with an edition is complete in itself")
	file := amendmentFile(oneLiner("ACME-1", "2022-09-22", endsV42))
	require.NoError(t, lintFile(Published(), file))
	assert.ErrorContains(t, lintFile(History{}, file), "no earlier amendment lists the version")
}

// TestBackwardsInOneReading adds two amendments in doubt. With both of them or
// neither in force the window is valid. With only the second it would end before
// it starts.
func TestBackwardsInOneReading(t *testing.T) {
	v := Spec{SMETS, "9.0"}
	listed := madeUp("LISTS", "2020-01-01", Entry{Spec: v, From: On(theDay("2020-01-01")), To: On(theDay("2021-01-01"))},
		Entry{Spec: v, Scope: "acme", To: Bound{Kind: Open}})
	ends := madeUp("ENDS", "2024-06-01", Entry{Spec: v, To: On(theDay("2030-01-01"))})
	starts := madeUp("STARTS", "2024-07-01", Entry{Spec: v, From: On(theDay("2025-01-01"))})
	_, err := Published().Amend(listed, ends, starts)
	require.NoError(t, err)
	ends.PerhapsFrom = theDay("2021-02-01")
	starts.PerhapsFrom = theDay("2022-02-01")
	_, err = Published().Amend(listed, ends, starts)
	assert.Equal(t, []string{`STARTS: to: "2021-01-01": the window of SMETS2 v9.0 would end before it starts, on 2025-01-01; want an end that is not before the start; look both days up again, and correct the one that is wrong`}, faultLines(t, err))
}

// doubted is an amendment in doubt until a day in 2024, from n days before
// 2023-01-01.
func doubted(n int) Amendment {
	a := madeUp(fmt.Sprintf("DOUBT-%d", n), "2024-01-01", Entry{Spec: Spec{SMETS, "4.2"}, To: On(theDay("2027-06-30").AddDays(n))})
	a.PerhapsFrom = theDay("2023-01-01").AddDays(-n)
	return a
}

func TestDoubtsAreLimited(t *testing.T) {
	var all []Amendment
	for n := range mostDoubts + 1 {
		all = append(all, doubted(n))
	}
	_, err := Published().Amend(all...)
	assert.ErrorContains(t, err, "DOUBT-0: perhaps_from: \"2023-01-01\": 9 amendments of SMETS2 v4.2 are in doubt on 2023-01-01; want at most 8; settle some of them: leave perhaps_from out if the day is known")
	h, err := Published().Amend(all[:mostDoubts]...)
	require.NoError(t, err)
	_, err = h.Amend(all[mostDoubts])
	assert.ErrorContains(t, err, "DOUBT-8", "the ninth begins before the others, and is in doubt with them all the same")
	other := all[mostDoubts]
	other.Entries[0].Spec.Version = "4.3"
	_, err = h.Amend(other)
	assert.NoError(t, err, "another version has doubts of its own")
}

// lintFile returns the faults of a file that is added to a history.
func lintFile(base History, data []byte) error {
	_, err := LintFile(base, data)
	return err
}
