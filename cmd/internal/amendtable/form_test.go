package amendtable

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

func date(t *testing.T, text string) ivp.Date {
	day, err := ivp.ParseDate(text)
	require.NoError(t, err)
	return day
}

func inventedForm(rows ...FormRow) Form {
	return Form{ID: "EXAMPLE-1", InForce: "01/11/2026", Document: "an invented table", Rows: rows}
}

// typedTables are the invented tables as a person types them into a form.
func typedTables(t *testing.T) Form {
	data, err := os.ReadFile("../../../testdata/trials/tables-invented.csv")
	require.NoError(t, err)
	records, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	require.NoError(t, err)
	f := inventedForm()
	for _, r := range records[1:] {
		end := r[3]
		if end == "-" {
			end = "open"
		}
		f.Rows = append(f.Rows, FormRow{Family: r[0], Version: r[1], Start: r[2], End: end, GBCS: r[6]})
	}
	f.Rows[6].Types = "ESME, HCALCS"
	return f
}

func reason(h ivp.History, spec, on string) string {
	s, err := ivp.ParseSpec(spec, 0)
	if err != nil {
		return err.Error()
	}
	day, err := ivp.ParseDate(on)
	if err != nil {
		return err.Error()
	}
	return ivp.Checker{History: h, AsAt: h.Latest()}.Check(ivp.Installation{Spec: s, On: day}).Reason.String()
}

// TestFormMakesTheFileOfRulesNew checks that a form makes the amendment which the
// same table makes as a file, and that its answers change on the right days.
func TestFormMakesTheFileOfRulesNew(t *testing.T) {
	h := ivp.Published()
	f := typedTables(t)
	c := f.Check(h, date(t, "2026-11-23"))
	require.Empty(t, c.Faults)
	assert.Equal(t, "example-1.json", c.Name)
	data, err := os.ReadFile("../../../testdata/trials/tables-invented.csv")
	require.NoError(t, err)
	made := makeOf(t, string(data), inventedHead(t), Given{NoEnd: []string{"open"}, Types: []string{"SMETS2 v5.2=ESME,HCALCS"}})
	amendment := made.Amendment
	for i := range amendment.Entries {
		if amendment.Entries[i].Unquoted != "" {
			amendment.Entries[i].Unquoted = "typed from an invented table"
		}
	}
	assert.Equal(t, string(ivp.AppendAmendments(nil, amendment)), c.File)

	amended, err := h.AmendFile([]byte(c.File))
	require.NoError(t, err)
	for _, want := range []struct{ spec, on, reason string }{
		{"SMETS2 v4.2", "2019-11-28", "before-start"}, {"SMETS2 v4.2", "2019-11-29", "within-period"},
		{"SMETS2 v4.2", "2027-03-31", "within-period"}, {"SMETS2 v4.2", "2027-04-01", "after-end"},
		{"SMETS2 v5.2", "2022-06-29", "before-start"}, {"SMETS2 v5.2", "2022-06-30", "within-period"}, {"SMETS2 v5.2", "2050-01-01", "within-period"},
		{"CHTS v1.3", "2026-06-30", "within-period"}, {"CHTS v1.3", "2026-07-01", "after-end"},
	} {
		assert.Equal(t, want.reason, reason(amended, want.spec, want.on), "%s on %s", want.spec, want.on)
	}
}

// TestFormIsContinued checks that the form of a file makes the same file.
func TestFormIsContinued(t *testing.T) {
	h := ivp.Published()
	full := typedTables(t)
	full.PerhapsFrom, full.Vouched, full.Whole, full.Title, full.Note, full.URL = "01/10/2026", "23/11/2026", true, "the Tables of November", "invented", "https://example.org/tables"
	full.Quotes = []string{"until 31 March 2027", "until 31 March 2028"}
	for name, f := range map[string]Form{
		"as typed": typedTables(t), "everything": full, "a pair alone": inventedForm(FormRow{Family: "SMETS", Version: "4.2", GBCS: "4.0"}),
		"seen":         inventedForm(FormRow{Family: "SMETS", Version: "4.2", Seen: "1 November 2026"}),
		"new, unknown": inventedForm(FormRow{Family: "SMETS", Version: "6.0", Seen: "01/11/2026"}, FormRow{Family: "SMETS", Version: "6.1"}),
		"scope":        inventedForm(FormRow{Family: "SMETS", Version: "1.2", Scope: "acme", End: "30/06/2019"}),
		"removed":      inventedForm(FormRow{Family: "GBCS", Version: "1.1", End: "removed"}),
		"withdrawn":    inventedForm(FormRow{Family: "SMETS", Version: "4.2", GBCS: "4.0", Withdrawn: "3.2", Types: "GSME"}, FormRow{Family: "CHTS", Version: "1.3", Withdrawn: "3.2"}),
		"types":        inventedForm(FormRow{Family: "SMETS", Version: "6.0", End: "open", GBCS: "4.1", Types: "ESME"}, FormRow{Family: "SMETS", Version: "6.0", GBCS: "4.0, 4.1", Types: "PPMID"}),
	} {
		c := f.Check(h, date(t, "2026-11-23"))
		require.Empty(t, c.Faults, name)
		again, err := FormOf(h, []byte(c.File))
		require.NoError(t, err, name)
		assert.Equal(t, c.File, again.Check(h, date(t, "2026-11-23")).File, name)
		assert.Equal(t, f.Title, again.Title, "%s: a title that was made is made again", name)
	}
}

func TestFilesThatAFormCannotShow(t *testing.T) {
	h := ivp.Published()
	f := inventedForm(FormRow{Family: "SMETS", Version: "4.2", End: "open"})
	one := f.Check(h, ivp.Date{}).File
	for want, file := range map[string]string{
		"the file has 2 amendments":             strings.Replace(one, `"amendments": [`, `"amendments": [`+strings.Replace(between(one, `"amendments": [`, "\n  ]"), "EXAMPLE-1", "EXAMPLE-0", 1)+",", 1),
		"the file has several sources":          strings.Replace(one, `{"document": "an invented table"}`, `{"document": "an invented table"}, {"document": "another"}`, 1),
		"the file cannot be added to the rules": "{",
		"\"this is no date\"":                   strings.Replace(one, "2026-11-01", "this is no date", 1),
	} {
		_, err := FormOf(h, []byte(file))
		require.Error(t, err, want)
		assert.Contains(t, err.Error(), want)
	}
}

func between(text, before, after string) string {
	_, text, _ = strings.Cut(text, before)
	text, _, _ = strings.Cut(text, after)
	return text
}

// TestFaultsAreAtTheirCells checks the place of each fault, and that no message names
// a flag or a key of the file.
func TestFaultsAreAtTheirCells(t *testing.T) {
	smets := func(r FormRow) []FormRow {
		r.Family, r.Version = "SMETS", "4.2"
		return []FormRow{{Family: "SMETS", Version: "5.0", End: "open"}, r}
	}
	tables := []struct {
		name string
		form Form
		want string // row, column, part of the problem
	}{
		{"no such day", inventedForm(smets(FormRow{End: "31/04/2027"})...), "2 end: neither a date"},
		{"month first", inventedForm(smets(FormRow{Start: "12/31/2019"})...), "2 start: neither a date"},
		{"a dash for the end", inventedForm(smets(FormRow{End: "-"})...), "2 end: does not say whether"},
		{"a dash for the start", inventedForm(smets(FormRow{Start: "n/a"})...), "2 start: does not say which"},
		{"a far end", inventedForm(smets(FormRow{End: "31/12/9999"})...), "2 end: may mean"},
		{"end before start", inventedForm(smets(FormRow{End: "28/11/2019"})...), "2 end: before it starts"},
		{"the day seen", inventedForm(smets(FormRow{Seen: "soon"})...), "2 seen: not a date"},
		{"seen and an end", inventedForm(smets(FormRow{End: "31/03/2027", Seen: "01/11/2026"})...), "2 seen: nothing needs to show"},
		{"seen before the start", inventedForm(smets(FormRow{Seen: "28/11/2019"})...), "2 seen: before the start, 29 November 2019"},
		{"GBCS", inventedForm(smets(FormRow{GBCS: "3.2 to 4.1"})...), "2 gbcs: not a version"},
		{"whole number", inventedForm(smets(FormRow{GBCS: "4"})...), "2 gbcs: not a version"},
		{"types", inventedForm(smets(FormRow{GBCS: "4.0", Types: "meters"})...), "2 types: not a device type"},
		{"nothing to withdraw", inventedForm(smets(FormRow{Withdrawn: "1.0"})...), "2 withdrawn: none can be withdrawn"},
		{"not permitted for the type", inventedForm(smets(FormRow{Withdrawn: "3.2", Types: "Communications Hub"})...), "2 withdrawn: cannot be withdrawn"},
		{"version", inventedForm(FormRow{Family: "SMETS", Version: "five", End: "open"}), "1 version: not a version"},
		{"no version", inventedForm(FormRow{Family: "SMETS", End: "open"}), "1 version: not a version"},
		{"no family", inventedForm(FormRow{Version: "4.2", End: "open"}), "1 version: not a version"},
		{"a row without version", inventedForm(FormRow{Family: "SMETS", Version: "4.2", End: "open"}, FormRow{GBCS: "4.0"}), "2 version: no version"},
		{"a family without Tables", inventedForm(FormRow{Family: "DUIS", Version: "4.2", End: "open"}), "1 family: not a family"},
		{"removed and more", inventedForm(smets(FormRow{End: "removed", Seen: "01/11/2026"})...), "2 end: all that is known"},
		{"removed unlisted", inventedForm(FormRow{Family: "SMETS", Version: "6.0", End: "removed"}), "1 end: not listed"},
		{"two rows, two ends", inventedForm(append(smets(FormRow{End: "open"}), FormRow{Family: "SMETS", Version: "4.2", End: "31/03/2027"})...), "3 end: row 2 has another"},
		{"GBCS in a scope", inventedForm(FormRow{Family: "GBCS", Version: "3.2", Scope: "acme", End: "open"}), "1 scope: only in the general case"},
		{"GBCS of GBCS", inventedForm(FormRow{Family: "GBCS", Version: "3.2", GBCS: "4.0", End: "open"}), "1 gbcs: no other version of GBCS"},
		{"nothing", inventedForm(), "0 : no row says anything"},
		{"no name", Form{InForce: "01/11/2026", Document: "x", Rows: smets(FormRow{End: "open"})}, "0 id: needs a name"},
		{"bad name", Form{ID: "my tables", InForce: "01/11/2026", Document: "x", Rows: smets(FormRow{End: "open"})}, "0 id: not an id"},
		{"a name on record", Form{ID: "MP196", InForce: "01/11/2026", Document: "x", Rows: smets(FormRow{End: "open"})}, "0 id: have an amendment of that name"},
		{"no day", Form{ID: "X", Document: "x", Rows: smets(FormRow{End: "open"})}, "0 in_force: first day on which"},
		{"bad day", Form{ID: "X", InForce: "11/31/2026", Document: "x", Rows: smets(FormRow{End: "open"})}, "0 in_force: not a date"},
		{"perhaps after", Form{ID: "X", InForce: "01/11/2026", PerhapsFrom: "01/11/2026", Document: "x", Rows: smets(FormRow{End: "open"})}, "0 perhaps_from: not before the day"},
		{"vouched before", Form{ID: "X", InForce: "01/11/2026", Vouched: "31/10/2026", Document: "x", Rows: smets(FormRow{End: "open"})}, "0 vouched: before the day"},
		{"no source", Form{ID: "X", InForce: "01/11/2026", Rows: smets(FormRow{End: "open"})}, "0 document: the source"},
		{"bad address", Form{ID: "X", InForce: "01/11/2026", Document: "x", URL: "nowhere", Rows: smets(FormRow{End: "open"})}, "0 url: "},
	}
	for _, one := range tables {
		c := one.form.Check(ivp.Published(), date(t, "2026-11-23"))
		require.Len(t, c.Faults, 1, "%s: %+v", one.name, c.Faults)
		f := c.Faults[0]
		place, problem, _ := strings.Cut(one.want, ":")
		assert.Equal(t, place, fmt.Sprintf("%d %s", f.Row, f.Column), one.name)
		assert.Contains(t, f.Problem, strings.TrimSpace(problem), one.name)
		assert.Empty(t, c.File, one.name)
		for _, word := range []string{"--", "in_force", "perhaps_from", "not-on-record", "ivp rules"} {
			assert.NotContains(t, f.Problem+f.Want+f.Do, word, one.name)
		}
		assert.Regexp(t, `^[^{}]*$`, f.Problem+f.Want+f.Do)
	}
}

// TestBlankIsUnknown checks that a blank cell never becomes open, and never takes away
// what is on record.
func TestBlankIsUnknown(t *testing.T) {
	h := ivp.Published()
	c := inventedForm(FormRow{Family: "SMETS", Version: "6.0", GBCS: "4.1", Types: "GSME"}, FormRow{Family: "SMETS", Version: "2.0", GBCS: "4.1"}).Check(h, ivp.Date{})
	require.Empty(t, c.Faults)
	assert.Contains(t, c.File, `{"spec": "SMETS2 v6.0", "from": "not-on-record", "to": "not-on-record"}`)
	assert.NotContains(t, c.File, "open")
	assert.NotContains(t, c.File, `{"spec": "SMETS2 v2.0"`)
	amended, err := h.AmendFile([]byte(c.File))
	require.NoError(t, err)
	assert.Equal(t, "within-period", reason(amended, "SMETS2 v2.0", "2023-04-27"))
	assert.Equal(t, "after-end", reason(amended, "SMETS2 v2.0", "2023-04-28"))
	for _, on := range []string{"2026-10-31", "2026-11-02", "2030-01-01"} {
		assert.Equal(t, "beyond-record", reason(amended, "SMETS2 v6.0", on))
	}
	assert.Equal(t, []string{"start", "end"}, knownOf(c.Then, "SMETS2 v6.0").Unknown)
}

func knownOf(all []Known, spec string) Known {
	for _, k := range all {
		if k.Spec == spec && k.Scope == "" {
			return k
		}
	}
	return Known{}
}

// TestKnown checks what the rules know, before and after rows are typed; a row with a
// fault does not hide the others.
func TestKnown(t *testing.T) {
	h, today := ivp.Published(), date(t, "2026-11-23")
	known := KnownBy(h, today)
	require.Len(t, known, len(h.Table(today)))
	for spec, want := range map[string]string{
		"SMETS2 v4.2": `{"spec":"SMETS2 v4.2","family":"SMETS","version":"4.2","start":"29/11/2019","seen":"21/09/2022","gbcs":"3.2","from":"2019-11-29","last_seen":"2022-09-21","unknown":["end"]}`,
		"SMETS2 v2.0": `{"spec":"SMETS2 v2.0","family":"SMETS","version":"2.0","end":"27/04/2023","gbcs":"1.0, 1.1","first_seen":"2017-04-20","to":"2023-04-27","unknown":["start"]}`,
	} {
		k := knownOf(known, spec)
		assert.NotEmpty(t, k.Types)
		k.Types = ""
		text, err := json.Marshal(k)
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
	}
	f := inventedForm(FormRow{Family: "SMETS", Version: "4.2", End: "31/03/2027"}, FormRow{Family: "SMETS", Version: "5.0", End: "soon"}, FormRow{Family: "SMETS", Version: "6.0", Start: "01/12/2026", End: "open"})
	f.ID = ""
	c := f.Check(h, today)
	require.Len(t, c.Faults, 2)
	assert.Equal(t, "31/03/2027", knownOf(c.Then, "SMETS2 v4.2").End)
	assert.Equal(t, []string{"end"}, knownOf(c.Then, "SMETS2 v5.0").Unknown)
	assert.Equal(t, "open", knownOf(c.Then, "SMETS2 v6.0").End)
}

// TestKnownInDoubt checks that a day on which the readings of the rules differ is
// unknown.
func TestKnownInDoubt(t *testing.T) {
	h := ivp.Published()
	f := inventedForm(FormRow{Family: "SMETS", Version: "2.0", End: "31/03/2027"})
	f.PerhapsFrom = "01/10/2026"
	c := f.Check(h, ivp.Date{})
	require.Empty(t, c.Faults)
	amended, err := h.AmendFile([]byte(c.File))
	require.NoError(t, err)
	for day, want := range map[string]string{"2026-09-30": "27/04/2023", "2026-10-01": "", "2026-10-31": "", "2026-11-01": "31/03/2027"} {
		assert.Equal(t, want, knownOf(KnownBy(amended, date(t, day)), "SMETS2 v2.0").End, day)
	}
}

func TestWarningsOfForms(t *testing.T) {
	f := inventedForm(FormRow{Family: "SMETS", Version: "4.2", End: "31/03/2027"}, FormRow{Family: "SMETS", Version: "6.0", End: "open", GBCS: "4.1"}, FormRow{Family: "SMETS", Version: "4.4", GBCS: "4.0", Start: "05/11/2021"})
	c := f.Check(ivp.Published(), date(t, "2026-10-31"))
	require.Empty(t, c.Faults)
	var got []string
	for _, w := range c.Warnings {
		got = append(got, fmt.Sprintf("%d %s %s", w.Row, w.Column, w.Problem))
		assert.NotContains(t, w.Problem+w.Want+w.Do, "--")
	}
	text := strings.Join(got, "\n")
	assert.Contains(t, text, "2 types SMETS2 v6.0 has no permitted pair on record")
	assert.Contains(t, text, "1 end the version may be installed up to 31 March 2027, and no GBCS version that goes with it is on record for that long")
	assert.Contains(t, text, "0 in_force this is after today, 31 October 2026")
	assert.Contains(t, text, "SMETS2 v4.4 starts on 5 November 2021 in the table and on 4 November 2021 on record")
	assert.Contains(t, text, "on record and not in the table, and left as they are: SMETS2 v4.4 with GBCS v4.1")
}
