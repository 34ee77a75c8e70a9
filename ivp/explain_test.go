package ivp

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSentences checks the sentence of each reason that a Checker gives, followed
// by the authority of the amendment.
func TestSentences(t *testing.T) {
	v12, v20, v30, v31, v42 := Spec{SMETS, "1.2"}, Spec{SMETS, "2.0"}, Spec{SMETS, "3.0"}, Spec{SMETS, "3.1"}, Spec{SMETS, "4.2"}
	on := func(day string) Date { return theDay(day) }
	seen := map[Reason]bool{}
	for _, c := range []struct {
		terms  Checker
		device Installation
		reason Reason
		want   string
		by     string
	}{
		{Checker{}, Installation{Spec: v31, On: on("2023-04-27")}, WithinPeriod,
			"SMETS2 v3.1 may be installed up to and including 2023-04-27.", "MP196"},
		{Checker{LastDayExcluded: true}, Installation{Spec: v31, On: on("2023-04-26")}, WithinPeriod,
			"SMETS2 v3.1 may be installed before 2023-04-27, that day excluded.", "MP196"},
		{Checker{}, Installation{Spec: v42, On: on("2022-09-21")}, WithinPeriod,
			"SMETS2 v4.2 may be installed; its end is not on record, and a source vouches for it up to 2022-09-21.", "SEC-6.21"},
		{Checker{AssumeOpen: true}, Installation{Spec: v42, On: on("2022-09-22")}, WithinPeriod,
			"SMETS2 v4.2 may be installed only if its end, which is not on record, is taken to be open, and a source vouches for it up to 2022-09-21.", "SEC-6.21"},
		{Checker{}, Installation{Spec: v12, Scope: "prepayment", On: on("2019-03-15")}, WithinPeriod,
			"SMETS1 v1.2, scope prepayment, may be installed up to and including 2019-03-15.", "SEC-5.23"},
		{Checker{}, Installation{Spec: v42, On: on("2019-11-28")}, BeforeStart,
			"SMETS2 v4.2 may not be installed before 2019-11-29.", "SEC-6.21"},
		{Checker{}, Installation{Spec: v31, On: on("2023-04-28")}, AfterEnd,
			"SMETS2 v3.1 may not be installed after 2023-04-27.", "MP196"},
		{Checker{LastDayExcluded: true}, Installation{Spec: v31, On: on("2023-04-27")}, AfterEnd,
			"SMETS2 v3.1 may not be installed on or after 2023-04-27.", "MP196"},
		{Checker{}, Installation{Spec: v20, GBCS: Spec{GBCS, "1.0"}, On: on("2018-05-08")}, GBCSEnded,
			"GBCS v1.0 no longer applies after 2018-05-07.", "GBCS-1.0-END"},
		{Checker{}, Installation{Spec: v20, GBCS: Spec{GBCS, "1.1"}, On: on("2017-11-05")}, BeforeStart,
			"GBCS v1.1 does not apply before 2017-11-06.", "GBCS-1.1"},
		{Checker{}, Installation{Spec: v30, On: on("2018-11-08")}, NotListed,
			"SMETS2 v3.0 was removed from the tables.", "SEC-6.2"},
		{Checker{}, Installation{Spec: v20, On: on("2017-04-19")}, NotListed,
			"No table on record lists SMETS2 v2.0 on that day.", ""},
		{Checker{}, Installation{Spec: v42, On: on("2022-09-22")}, BeyondRecord,
			"Whether SMETS2 v4.2 may be installed is not on record after 2022-09-21.", "SEC-6.21"},
		{Checker{AsAt: on("2022-02-24")}, Installation{Spec: v20, On: on("2017-04-19")}, BeyondRecord,
			"Whether SMETS2 v2.0 may be installed is not on record before 2017-04-20, when it was first seen.", "CPL-FIRST-S2"},
		{Checker{AsAt: on("2017-04-20")}, Installation{Spec: v20, On: on("2017-04-19")}, BeyondRecord,
			"Whether SMETS2 v2.0 may be installed is not on record before 2017-04-20, when it was first seen, or after 2019-07-31.", "CPL-FIRST-S2"},
		{Checker{}, Installation{Spec: v31, On: on("2021-06-01")}, Unsettled,
			"Whether PRE-MP196 was already in force on that day is not on record, and the answer for SMETS2 v3.1 depends on it.", "PRE-MP196"},
		{Checker{}, Installation{Type: ESME, Spec: v42, GBCS: Spec{GBCS, "2.1"}, On: on("2021-06-01")}, UnlistedPair,
			"No permitted pair on record fits SMETS2 v4.2 with GBCS v2.1 on ESME.", ""},
		{Checker{}, Installation{Spec: Spec{SMETS, "3.1"}, GBCS: Spec{GBCS, "2.1"}, On: on("2023-04-28")}, AfterEnd,
			"SMETS2 v3.1 may not be installed after 2023-04-27.", "MP196"},
		{Checker{AsAt: on("2017-04-20")}, Installation{Spec: v20, On: on("2018-05-08")}, GBCSBeyondRecord,
			"Whether GBCS v1.0 applies is not on record before 2016-10-28, when it was first seen, or after 2018-05-07.", "CPL-1.1"},
		{Checker{}, Installation{Spec: Spec{SMETS, "1.2"}, Scope: "PPM ", On: on("2019-01-01")}, UnknownScope,
			`No rule of that day names the scope "PPM", and whether SMETS1 v1.2 may be installed depends on the scope.`, ""},
		{Checker{}, Installation{Type: UnknownType, Spec: v42, On: on("2021-06-01")}, UnknownDeviceType,
			"A device type is given that is not known.", ""},
		{Checker{}, Installation{On: on("2021-06-01")}, NoVersion,
			"The row gives no specification version.", ""},
		{Checker{}, Installation{Spec: UnreadableSpec(), GBCS: UnreadableSpec(), On: on("2021-06-01")}, BadVersion,
			"A version is given that cannot be read.", ""},
		{Checker{}, Installation{Spec: v42, GBCS: UnreadableSpec(), On: on("2021-06-01")}, BadVersion,
			"The GBCS version cannot be read.", ""},
		{Checker{}, Installation{Spec: v42}, NoDate,
			"The row gives no installation date.", ""},
		{Checker{}, Installation{Spec: v42, On: UnreadableDate()}, BadDate,
			"An installation date is given that cannot be read.", ""},
	} {
		c.terms.History = Published()
		e := c.terms.Explain(c.device)
		seen[e.Verdict.Reason] = true
		require.Equal(t, c.reason, e.Verdict.Reason, "%+v", c.device)
		assert.Equal(t, c.by, e.Verdict.Amendment())
		assert.Equal(t, c.want+authorityOf(t, c.by), e.Sentence)
		assert.Equal(t, c.terms.Check(c.device), e.Verdict)
	}
	for _, r := range Reasons() {
		if r.NeedsCPL() || r == BadRow {
			assert.Equal(t, r.Sentence(), Checker{}.Sentence(Installation{}, Verdict{Reason: r}), "no Checker gives it")
		} else {
			assert.True(t, seen[r], "%s has no sentence under test", r)
		}
	}
}

// authorityOf returns the text that must follow a sentence that names an
// amendment.
func authorityOf(t *testing.T, id string) string {
	if id == "" {
		return ""
	}
	a, ok := Published().Amendment(id)
	require.True(t, ok, id)
	var citations []string
	for _, c := range a.Citations {
		citations = append(citations, c.String())
	}
	return " " + id + ", in force " + a.InForce.String() + ": " + strings.Join(citations, "; ") + "."
}

func TestSentenceOfAnOpenEnd(t *testing.T) {
	h := amended(t, madeUp("ACME-1", "2023-01-01", Entry{Spec: v90, From: notOnRec, To: endOpen}))
	c := Checker{History: h}
	i := Installation{Spec: v90, On: theDay("2023-01-01")}
	c.AsAt = theDay("2023-01-01")
	assert.Equal(t, "SMETS2 v9.0 may be installed; the Tables set no end.", c.Explain(i).Findings[0].Sentence)
}

func TestCitationInWords(t *testing.T) {
	assert.Equal(t, "a letter", Citation{Document: "a letter"}.String())
	assert.Equal(t, "“until then”, a letter <https://example.com>", Citation{"a letter", "https://example.com", "until then"}.String())
}

func TestExplainNamesItsCitations(t *testing.T) {
	e := Checker{History: Published()}.Explain(Installation{
		Type: GSME, Spec: Spec{SMETS, "2.0"}, GBCS: Spec{GBCS, "1.0"}, On: theDay("2018-05-08"),
	})
	require.Len(t, e.Findings, 3)
	var named []string
	for _, f := range e.Findings {
		named = append(named, f.Subject+": "+f.Amendment.ID)
	}
	assert.Equal(t, []string{"TS version: CPL-FIRST-S2", "GBCS version: GBCS-1.0-END", "pair: CPL-FIRST-S2"}, named)
	assert.Equal(t, []string{
		"SMETS2 v2.0 may be installed; its end is not on record, and a source vouches for it up to 2019-07-31.",
		"GBCS v1.0 no longer applies after 2018-05-07.",
		"The permitted pairs on record allow SMETS2 v2.0 with GBCS v1.0 on GSME.",
	}, []string{e.Findings[0].Sentence, e.Findings[1].Sentence, e.Findings[2].Sentence})
	first, _ := Published().Amendment("CPL-FIRST-S2")
	second, _ := Published().Amendment("GBCS-1.0-END")
	assert.Equal(t, append(first.Citations, second.Citations...), e.Citations())

	both := Checker{History: Published()}.Explain(Installation{Spec: Spec{SMETS, "4.2"}, GBCS: Spec{GBCS, "3.2"}, On: theDay("2021-06-01")})
	one, _ := Published().Amendment("SEC-6.21")
	assert.Equal(t, one.Citations, both.Citations(), "named by both, and given once")
}

func TestExplainSaysWhatIsUnknown(t *testing.T) {
	for _, c := range []struct {
		device Installation
		want   []string
	}{
		{Installation{Type: GSME, Spec: Spec{SMETS, "2.0"}, GBCS: Spec{GBCS, "1.1"}, On: theDay("2018-01-01")}, []string{
			"The start of SMETS2 v2.0 is not on record; it was first seen on 2017-04-20.",
			"The end of SMETS2 v2.0 is not on record; a source vouches for it up to 2019-07-31.",
			"The end of GBCS v1.1 is not on record; a source vouches for it up to 2022-09-21.",
		}},
		{Installation{Spec: Spec{SMETS, "4.4"}, On: theDay("2022-01-01")}, []string{
			"The end of SMETS2 v4.4 is not on record; a source vouches for it up to 2022-09-21.",
			"SEC-NOV-2021 on SMETS2 v4.4 is inferred: the history names the release, not the versions.",
			"The end of GBCS v4.1 is not on record; a source vouches for it up to 2022-09-21.",
			"SEC-NOV-2021 on GBCS v4.1 is inferred: the history names the release, not the versions.",
			"No GBCS version was given: of those that go with the device, GBCS v4.1 is the most favourable and was judged.",
			"No device type was given, so the pair was not judged by type.",
		}},
		{Installation{Type: ESME, Spec: Spec{SMETS, "3.0"}, Scope: "acme", On: theDay("2018-11-01")}, []string{
			"The end of SMETS2 v3.0 is not on record; a source vouches for it up to 2018-11-07.",
			"The end of GBCS v2.1 is not on record; a source vouches for it up to 2022-09-21.",
			"No GBCS version was given: of those that go with the device, GBCS v2.1 is the most favourable and was judged.",
			"The tables as at 2018-11-01 contain no permitted pair for SMETS2 v3.0, so only its family was compared with the device type.",
			`No rule as at 2018-11-01 names the scope "acme"; the device was judged by the general case and by each scope that the rules name for SMETS2 v3.0.`,
		}},
		{Installation{Type: GSME, Spec: Spec{SMETS, "2.0"}, GBCS: Spec{GBCS, "1.1"}, On: theDay("2022-02-23")}, []string{
			"The start of SMETS2 v2.0 is not on record; it was first seen on 2017-04-20.",
			"PRE-MP196 is first seen in force on 2022-02-22; it may have been in force from 2019-08-01.",
			"PRE-MP196: Which instrument set this is not on record.",
			"The end of GBCS v1.1 is not on record; a source vouches for it up to 2022-09-21.",
		}},
		{Installation{On: theDay("2018-11-01")}, nil},
	} {
		assert.Equal(t, c.want, Checker{History: Published()}.Explain(c.device).Unknown, "%+v", c.device)
	}
}

func TestExplainGivesTheReadings(t *testing.T) {
	c := Checker{History: Published()}
	e := c.Explain(Installation{Spec: Spec{SMETS, "3.1"}, GBCS: Spec{GBCS, "2.1"}, On: theDay("2021-06-01")})
	assert.Equal(t, theDay("2021-06-01"), e.AsAt, "the law of the day")
	require.Len(t, e.Readings, 3)
	assert.Equal(t, []string{"PRE-MP196"}, e.Readings[0].Without)
	assert.Equal(t, AfterEnd, e.Readings[0].Finding.Reason)
	assert.Equal(t, []string{"PRE-MP196"}, e.Readings[1].With)
	assert.Equal(t, WithinPeriod, e.Readings[1].Finding.Reason)
	assert.Equal(t, Spec{GBCS, "2.1"}, e.Readings[2].Spec)
	c.AsAt = theDay("2022-02-24")
	assert.Equal(t, c.AsAt, c.Explain(e.Installation).AsAt)
}

// TestSentenceHoldsForItsPeriod checks that the sentence depends on the day only
// through the verdict, and names the verdict's amendment.
func TestSentenceHoldsForItsPeriod(t *testing.T) {
	for _, c := range termsUnderTest(Published()) {
		for n, i := range profiles(Published()) {
			if n%3 != 0 {
				continue
			}
			for _, p := range c.Periods(i) {
				i.On = p.First
				want := c.Sentence(i, c.Check(i))
				for _, i.On = range []Date{p.First.AddDays(p.First.DaysUntil(p.Last) / 2), p.Last} {
					require.Equal(t, want, c.Sentence(i, c.Check(i)), "%+v", i)
				}
				require.Contains(t, want, p.Verdict.Amendment())
			}
		}
	}
}
