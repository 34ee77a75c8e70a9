package remarks

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

const (
	eligible   = "x,ESME,SMETS2 v4.2,3.2,2022-06-01\n"
	closing    = "x,ESME,SMETS2 v3.1,2.1,2022-06-01\n"
	tooLate    = "x,ESME,SMETS2 v3.1,2.1,2023-05-01\n"
	notKnown   = "x,ESME,SMETS2 v4.2,3.2,2022-09-22\n"
	unlisted   = "x,ESME,SMETS2 v5.1,4.0,2022-06-01\n"
	wholeGBCS  = "x,ESME,SMETS2 v4.2,4,2022-06-01\n"
	headingRow = "device_id,device_type,spec,gbcs,install_date\n"
)

func day(t *testing.T, text string) ivp.Date {
	t.Helper()
	d, err := ivp.ParseDate(text)
	require.NoError(t, err)
	return d
}

// answerOf returns the answer for rows.
func answerOf(t *testing.T, judge devices.Judge, door Door, rows ...string) Answer {
	t.Helper()
	reader, err := devices.NewReader(strings.NewReader(headingRow+strings.Join(rows, "")), devices.ReaderOptions{Columns: devices.ColumnOptions{OnGiven: judge.On.Valid()}})
	require.NoError(t, err)
	if !judge.Checker.AsAt.Valid() && judge.Checker.History == (ivp.History{}) {
		judge.Checker.History = ivp.Published()
	}
	judge.Today = day(t, "2026-11-26")
	pass := devices.Bulk{Judge: judge}.Begin(nil)
	require.NoError(t, pass.Input(t.Context(), reader))
	return NewAnswer(pass.Summary(), judge, door)
}

func TestSentence(t *testing.T) {
	on := func(text string) devices.Judge { return devices.Judge{On: day(t, text)} }
	within := func(judge devices.Judge, days int) devices.Judge {
		judge.WithinAsked, judge.Within = true, days
		return judge
	}
	many := func(row string, n int) string { return strings.Repeat(row, n) }
	const after = "the rules are not known after 21 September 2022"
	for _, tt := range []struct {
		judge devices.Judge
		rows  string
		want  string
	}{
		{devices.Judge{}, "", "No device was found."},
		{devices.Judge{}, eligible, "The one device may be installed on its date."},
		{devices.Judge{}, tooLate, "The one device may not be installed on its date."},
		{devices.Judge{}, notKnown, "The one device cannot be judged: " + after + "."},
		{devices.Judge{}, many(eligible, 1234), "All 1,234 devices may be installed on their dates."},
		{devices.Judge{}, many(tooLate, 2), "None of 2 devices may be installed on their dates."},
		{devices.Judge{}, many(notKnown, 2), "None of 2 devices can be judged: " + after + "."},
		{devices.Judge{}, eligible + tooLate, "Of 2 devices 1 may be installed on its date; 1 may not."},
		{devices.Judge{}, tooLate + notKnown, "Of 2 devices 1 may not be installed on its date; 1 cannot be judged: " + after + "."},
		{devices.Judge{}, many(eligible, 3) + many(notKnown, 2) + unlisted, "Of 6 devices 3 may be installed on their dates; 3 cannot be judged: for 2 " + after + "."},
		{on("2022-06-01"), eligible + eligible, "All 2 devices may be installed on 1 June 2022."},
		{within(on("2023-04-01"), 30), eligible + closing, "Of 2 devices 1 may be installed on 1 April 2023, and closes by 1 May 2023; 1 cannot be judged: " + after + "."},
		{within(devices.Judge{}, 400), closing + closing + eligible, "All 3 devices may be installed on their dates; 2 of them close within 400 days of their dates."},
		{within(devices.Judge{}, 400), closing + closing, "All 2 devices may be installed on their dates; all of them close within 400 days of their dates."},
		{within(devices.Judge{}, 3), closing + eligible, "All 2 devices may be installed on their dates; none of them closes within 3 days of their dates."},
	} {
		assert.Equal(t, tt.want, answerOf(t, tt.judge, CommandLine, tt.rows).Sentence)
	}
}

func TestTermsAndRemedy(t *testing.T) {
	h := ivp.Published()
	a := answerOf(t, devices.Judge{}, CommandLine, notKnown, notKnown, unlisted)
	assert.Equal(t, `To judge 2 of the 3: add the current Tables as an amendment file (--amend FILE; see "ivp help amend").`, a.Remedy)
	assert.Equal(t, "Terms: each device on its own date, by the rules of that day, the last day of a period inside it. Rules known up to 21 September 2022, edition "+h.Edition()+".", a.Terms)
	a = answerOf(t, devices.Judge{Checker: ivp.Checker{History: h, AsAt: day(t, "2022-02-24"), LastDayExcluded: true, AssumeOpen: true}, On: day(t, "2022-06-01"), ScopeGiven: true, Scope: "prepayment"}, Page, eligible)
	assert.Contains(t, a.Terms, `every device on 1 June 2022, by the rules as at 24 February 2022, the last day of a period outside it, ends that are not on record taken to be open, all in the scope "prepayment".`)
	added, err := h.AmendFile([]byte(`{"amendments": [{"id": "TSAT-2026-11", "title": "invented", "in_force": "2026-11-01", "whole": true, "citations": [{"document": "invented"}],
		"entries": [{"spec": "SMETS2 v4.2", "to": "2027-01-15", "unquoted": "invented"}]}]}`))
	require.NoError(t, err)
	assert.Equal(t, "Rules as of 1 November 2026 (TSAT-2026-11)", RulesKnown(added, day(t, "2026-11-26")))
}

func TestCausesInWords(t *testing.T) {
	a := answerOf(t, devices.Judge{}, CommandLine, unlisted, unlisted, unlisted, wholeGBCS, wholeGBCS, tooLate)
	require.Len(t, a.Causes, 3)
	assert.Equal(t, "SMETS2 v5.1 with GBCS v4.0 is no permitted pair; on record SMETS2 v5.1 goes with GBCS v4.1", a.Causes[0].What)
	assert.Equal(t, []string{"line 2", "line 3"}, a.Causes[0].First)
	assert.Equal(t, `GBCS "4" is not a version`, a.Causes[1].What)
	assert.Contains(t, a.Causes[1].Do, `add "4" = "4.0" under [values.gbcs]`)
	assert.Equal(t, "SMETS2 v3.1 after 27 April 2023 (MP196)", a.Causes[2].What)
	for _, cause := range answerOf(t, devices.Judge{}, Page, unlisted, wholeGBCS, tooLate).Causes {
		assert.NotContains(t, cause.Do, "--")
	}
}

func TestDaysLeft(t *testing.T) {
	for days, want := range map[int]string{-2: "2 days too late", -1: "1 day too late", 0: "the last day", 1: "1 day left", 1234: "1,234 days left"} {
		assert.Equal(t, want, DaysLeft(days))
	}
}
