package export

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

// jsonDocument is the part of the document that is compared with the tables.
type jsonDocument struct {
	Types, Specs, GBCS, Scopes [][]string
	Profiles                   [][]any
	Answers                    []jsonRun
	Amendments                 []jsonAmendment
}

// documentCheckers have all terms, and rules with an amendment in doubt and odd names.
func documentCheckers(t *testing.T) []ivp.Checker {
	h := oddRules(t)
	if testing.Short() {
		return []ivp.Checker{{}, {History: h}}
	}
	return []ivp.Checker{
		{}, {History: ivp.Published()}, {History: h}, {History: h, AsAt: h.Latest()}, {History: h, AssumeOpen: true, LastDayExcluded: true, AsAt: ivp.MinDate()},
	}
}

func TestAnswersSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(answersSchema))
	require.NoError(t, err)
	require.NoError(t, compiler.AddResource("answers.schema.json", parsed))
	schema, err := compiler.Compile("answers.schema.json")
	require.NoError(t, err)
	valid := func(text []byte) error {
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		require.NoError(t, err)
		return schema.Validate(instance)
	}
	for _, c := range documentCheckers(t) {
		d, err := NewDocument(c, "in a test", ivp.Date{})
		require.NoError(t, err)
		require.NoError(t, valid(d.JSON()))
	}
	d, err := NewDocument(ivp.Checker{}, "in a test", ivp.Date{})
	require.NoError(t, err)
	text := bytes.Replace(d.JSON(), []byte(`"answers":[`), []byte(`"answers":[
{"no_day":{"outcome":"undetermined","reason":"no-date","from":"","to":"","end":"","amendment":""},"bad_day":{"outcome":"undetermined","reason":"bad-date","from":"","to":"","end":"","amendment":""},"periods":[
{"first":"0001-01-01","last":"9999-12-31","outcome":"eligible","reason":"within-period","from":"","to":"2023-04-27","end":"date","amendment":"MP196"}]},`), 1)
	require.NoError(t, valid(text))
	for _, edit := range [][2]string{
		{`"schema":1`, `"schema":2`}, {`"outcome":"eligible"`, `"outcome":"perhaps"`}, {`"within-period"`, `"unknown-spelling"`}, {`"2023-04-27"`, `"27/04/2023"`},
		{`"first"`, `"start"`}, {`"included"`, `"yes"`}, {`,"SMETS"]`, `,"SMETS",""]`}, {`"no_day"`, `"other":1,"no_day"`}, {`"end":"date"`, `"end":"date","other":1`},
	} {
		changed := bytes.Replace(text, []byte(edit[0]), []byte(edit[1]), 1)
		require.NotEqual(t, text, changed, edit)
		assert.Error(t, valid(changed), edit)
	}
	var reasons []string
	for _, r := range ivp.Reasons() {
		if !r.NeedsCPL() && r != ivp.BadRow {
			reasons = append(reasons, r.String())
		}
	}
	listed, err := json.Marshal(reasons)
	require.NoError(t, err)
	assert.Contains(t, string(bytes.ReplaceAll(answersSchema, []byte(`", "`), []byte(`","`))), string(listed))
}

// TestDocumentCoversEveryDay checks that the profiles are all combinations of names, each
// with the answers of the checker on the first and last day of periods without a gap.
func TestDocumentCoversEveryDay(t *testing.T) {
	for _, c := range documentCheckers(t) {
		d, err := NewDocument(c, "in a test", ivp.Date{})
		require.NoError(t, err)
		var doc jsonDocument
		require.NoError(t, json.Unmarshal(d.JSON(), &doc))
		meant := func(names [][]string) int {
			all := map[string]bool{}
			for _, name := range names {
				all[name[1]] = true
			}
			return len(all)
		}
		assert.Equal(t, meant(doc.Types)*meant(doc.Specs)*meant(doc.GBCS)*meant(doc.Scopes), len(doc.Profiles))
		assert.Len(t, doc.Profiles, d.Profiles)
		assert.Len(t, doc.Answers, d.Runs)
		read, err := newReader()
		require.NoError(t, err)
		used := map[int]bool{}
		for _, p := range doc.Profiles {
			run := doc.Answers[int(p[4].(float64))]
			used[int(p[4].(float64))] = true
			device := read.read(p[0].(string), p[1].(string), p[2].(string), p[3].(string))
			expected := func(on ivp.Date) jsonVerdict {
				device.On = on
				return newVerdict(c.Check(device)).json()
			}
			require.Equal(t, expected(ivp.Date{}), run.NoDay, p)
			require.Equal(t, expected(ivp.UnreadableDate()), run.BadDay, p)
			next := ivp.MinDate()
			for _, period := range run.Periods {
				require.Equal(t, next, period.First, p)
				require.Equal(t, expected(period.First), period.jsonVerdict, p)
				require.Equal(t, expected(period.Last), period.jsonVerdict, p)
				next = period.Last.AddDays(1)
			}
			require.Equal(t, ivp.MaxDate(), run.Periods[len(run.Periods)-1].Last, p)
		}
		assert.Len(t, used, len(doc.Answers), "answers that no profile has")
	}
}

// TestTablesAreTheDocument compares the tables with the JSON document.
func TestTablesAreTheDocument(t *testing.T) {
	for _, c := range documentCheckers(t) {
		d, err := NewDocument(c, "in a test", ivp.Date{})
		require.NoError(t, err)
		var doc jsonDocument
		require.NoError(t, json.Unmarshal(d.JSON(), &doc))
		names, profiles, periods := d.CSV()
		var wantProfiles, wantPeriods, wantNames [][]string
		for _, p := range doc.Profiles {
			wantProfiles = append(wantProfiles, []string{p[0].(string), p[1].(string), p[2].(string), p[3].(string), fmt.Sprint(p[4])})
		}
		for n, run := range doc.Answers {
			row := func(day, first, last string, v jsonVerdict) {
				wantPeriods = append(wantPeriods, []string{fmt.Sprint(n), day, first, last, v.Outcome, v.Reason, v.From.String(), v.To.String(), v.End, v.Amendment})
			}
			row("blank", "", "", run.NoDay)
			row("unreadable", "", "", run.BadDay)
			for _, p := range run.Periods {
				row("date", p.First.String(), p.Last.String(), p.jsonVerdict)
			}
		}
		for _, kind := range []struct {
			name  string
			names [][]string
		}{{"type", doc.Types}, {"spec", doc.Specs}, {"gbcs", doc.GBCS}, {"scope", doc.Scopes}} {
			for _, name := range kind.names {
				wantNames = append(wantNames, append([]string{kind.name}, append(slices.Clone(name), "")[:3]...))
			}
		}
		for _, a := range doc.Amendments {
			wantNames = append(wantNames, []string{"amendment", a.ID, a.Title, a.InForce.String()})
			if a.PerhapsFrom.Valid() {
				wantNames = append(wantNames, []string{"perhaps_from", a.ID, a.PerhapsFrom.String(), ""})
			}
			for _, one := range a.Citations {
				wantNames = append(wantNames, []string{"citation", a.ID, ivp.Citation(one).String(), ""})
			}
		}
		withoutRules := slices.DeleteFunc(tableRows(t, names), func(row []string) bool { return row[0] == "rules" })
		assert.Equal(t, wantNames, withoutRules)
		assert.Equal(t, wantProfiles, tableRows(t, profiles))
		assert.Equal(t, wantPeriods, tableRows(t, periods))
	}
}

// TestReadmeSizes compares the compressed sizes with those of the help topic.
func TestReadmeSizes(t *testing.T) {
	topic, err := os.ReadFile("../../ivp/docs/answers.md")
	require.NoError(t, err)
	stated := regexp.MustCompile(`the document of the shipped rules is (\d+) kB, and so are the three tables together`).FindSubmatch(topic)
	require.NotNil(t, stated)
	kB, err := strconv.Atoi(string(stated[1]))
	require.NoError(t, err)
	d, err := NewDocument(ivp.Checker{History: ivp.Published()}, "in a test", ivp.Date{})
	require.NoError(t, err)
	names, profiles, periods := d.CSV()
	for _, text := range [][]byte{d.JSON(), slices.Concat(names, profiles, periods)} {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		require.NoError(t, err)
		_, err = w.Write(text)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		assert.InDelta(t, kB*1000, b.Len(), 1000)
	}
}

// tableRows returns the rows of a table below its heading.
func tableRows(t *testing.T, text []byte) [][]string {
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return rows[1:]
}
