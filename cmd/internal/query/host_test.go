package query

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

type answered struct {
	Answer  json.RawMessage
	Error   string
	Columns *ColumnsError
}

func callWith(t *testing.T, handle func(Question) (any, error), question string) (a answered) {
	require.NoError(t, json.Unmarshal(Call(handle, []byte(question)), &a))
	assert.NotEqual(t, len(a.Answer) > 0, a.Error != "", "an answer or an error, and one of them: %s", question)
	return a
}

func TestCheck(t *testing.T) {
	for question, want := range map[string]string{
		`{"device": {"spec": "SMETS2 v3.1", "install_date": "2023-04-28"}}`:                                               "not_eligible",
		`{"device": {"spec": "SMETS2 v3.1"}, "terms": {"on": "2022-05-01", "as_at": "2022-02-23", "scope": null}}`:        "not_eligible",
		`{"device": {"spec": "SMETS2 v3.1"}, "terms": {"on": "2022-05-01", "as_at": "latest"}}`:                           "eligible",
		`{"device": {"spec": "SMETS2 v4.2", "install_date": "2030-01-01"}}`:                                               "undetermined",
		`{"device": {"spec": "SMETS2 v4.2", "install_date": "2030-01-01"}, "terms": {"assume_open": true, "why": false}}`: "eligible",
		`{"device": {}, "rules": null, "amend": null, "terms": null, "today": null, "rows": null}`:                        "undetermined",
	} {
		a := callWith(t, new(Host).Check, question)
		var answer Answer
		require.NoError(t, json.Unmarshal(a.Answer, &answer), a.Error)
		assert.Equal(t, want, answer.Outcome, question)
	}
	for question, says := range map[string]string{
		"": "is incomplete", "{": "not as expected", `{"devices": {}}`: `"devices" is not a field of a question`, `{"device": {"spec": 4}}`: "want a string, in quotes",
		`{"device": {}, "terms": {"as_at": 2022.5}}`: "want a string, true or false, or a whole number", `{"device": {}, "terms": {"on": ["a", "b"]}}`: "at most once",
		`{"device": {}, "terms": []}`: "not as expected", `{"device": {}, "amend": ["{"]}`: "file 1 of 1 cannot be added", `{"device": {}, "rules": "{"}`: "not a valid rules file",
		`{"device": {}, "terms": {"why": 1}}`: `why: "1": want true or false`, `{"device": {}, "terms": {"when": "now"}}`: "when: not allowed here: want each of",
		`{"device": {}, "terms": {"asAt": "latest"}}`: "amend, list at most once; did you mean as_at?", `{"device": {}, "terms": {"Amend": "{}"}}`: "did you mean amend?",
		`{"device": {}, "terms": {"last_day": "excluded", "last_day": "included"}}`: `terms: "last_day" is given twice`, `{"device": {}, "terms": {"last_day": "excluded"}, "terms": {}}`: `"terms" is given twice`,
		`{"device": {}, "terms": {"last_day": "excluded", "Last_Day": "included"}}`: `"Last_Day" is given twice in the terms, first as "last_day"`, `{"device": {}, "TERMS": {"last_day": "excluded"}}`: `write it "terms"`,
		`{"device": {"csv": "spec\ninstall_date"}}`: "CSV inside JSON", `{"device": "spec\ninstall_date"}`: "CSV inside JSON", `{"device": {"spec": "x", "spec": "y"}}`: `"spec" is given twice`, `{"device": {}, "terms": {"last_day": []}}`: "last_day: want one value", `{"device": {}, "terms": {"last_day": [null]}}`: "last_day: null",
		`{"device": {}, "terms": {"last_day": ""}}`: "last_day: no value is given", `{"device": {}} {}`: "not as expected", `{"device": {}, "rules": ""}`: "not a valid rules file", `{"device": {}, "amend": [null]}`: "file 1 of 1",
		`{"device": {}, "today": "2026-11-25"}`: "today: this call does not read it", `{"device": {}, "rows": 5}`: "rows: this call does not read it", "{\"device\": {\"spec\": \"\xff\"}}": "UTF-8",
		`{"device": {}, "terms": {"expect_rules": null}}`: "expect_rules: null", `{"device": {}, "terms": {"expect_rules": ""}}`: "expect_rules: no value", `{"device": {}, "terms": {"expect_rules": "` + strings.Repeat("0", 64) + `"}}`: ivp.Published().Digest(),
	} {
		assert.Contains(t, callWith(t, new(Host).Check, question).Error, says, question)
	}
}

// TestRecordIsThatOfTheQuestion uses one set of rules after another, each twice: the
// cached rules must not answer a question on others.
func TestRecordIsThatOfTheQuestion(t *testing.T) {
	example, err := os.ReadFile("../../../testdata/derogation-example.json")
	require.NoError(t, err)
	h := ivp.Published()
	amended, err := h.AmendFile(example)
	require.NoError(t, err)
	with, err := json.Marshal(map[string]any{"amend": []string{string(example)}})
	require.NoError(t, err)
	whole, err := json.Marshal(map[string]any{"rules": string(h.AppendCanonical(nil))})
	require.NoError(t, err)
	var host Host
	for range 2 {
		for question, want := range map[string]ivp.History{"": h, string(with): amended, string(whole): h} {
			var told struct{ SHA256, Edition string }
			require.NoError(t, json.Unmarshal(callWith(t, host.Rules, question).Answer, &told))
			assert.Equal(t, want.Digest(), told.SHA256)
			assert.Equal(t, want.Edition(), told.Edition)
		}
		assert.NotEmpty(t, callWith(t, host.Rules, `{"amend": ["{"]}`).Error)
	}
}

func TestTimeline(t *testing.T) {
	var drawn Timeline
	require.NoError(t, json.Unmarshal(callWith(t, new(Host).Timeline, `{"today": "2026-11-25"}`).Answer, &drawn))
	for _, svg := range []string{drawn.SVG, drawn.History} {
		assert.Contains(t, svg, "today, 25 Nov 2026")
	}
	assert.Contains(t, drawn.SVG, "May 2026", "six months before today")
	assert.NotContains(t, drawn.SVG, ">2019<")
	assert.Contains(t, drawn.History, ">2019<")
	assert.Contains(t, callWith(t, new(Host).Timeline, `{"today": "never"}`).Error, "not as expected")
	assert.Contains(t, callWith(t, new(Host).Timeline, `{"terms": {"scope": "prepayment"}}`).Error, "scope: not allowed here: want each of")
	assert.Contains(t, callWith(t, new(Host).Timeline, `{"terms": {"today": "2026-11-25"}}`).Error, "today: not allowed here: want each of")
}

// TestHostExpectsRules makes every call with the digest of the rules with an
// amendment added, and with that of the shipped rules.
func TestHostExpectsRules(t *testing.T) {
	example, err := os.ReadFile("../../../testdata/derogation-example.json")
	require.NoError(t, err)
	amended, err := ivp.Published().AmendFile(example)
	require.NoError(t, err)
	inventory := func(q Question) (any, error) { return new(Host).InventoryTerms(q) }
	for name, handle := range map[string]func(Question) (any, error){"check": new(Host).Check, "rules": new(Host).Rules, "timeline": new(Host).Timeline, "inventory": inventory} {
		for digest, refused := range map[string]bool{amended.Digest(): false, ivp.Published().Digest(): true} {
			question := map[string]any{"amend": []string{string(example)}, "terms": map[string]string{"expect_rules": digest}}
			if name == "check" {
				question["device"] = map[string]string{}
			}
			text, err := json.Marshal(question)
			require.NoError(t, err)
			a := callWith(t, handle, string(text))
			assert.Equal(t, refused, a.Error != "", "%s: %s", name, a.Error)
			if refused {
				assert.Contains(t, a.Error, amended.Digest())
				assert.Contains(t, a.Error, digest)
			}
		}
	}
	for question, says := range map[string]string{`{"device": {}}`: "device: this call does not read it", `{"rows": -1}`: "rows: -1", `{"terms": {"on": "2022-06-01", "map": []}}`: ""} {
		assert.Contains(t, callWith(t, inventory, question).Error, says)
	}
	assert.Contains(t, callWith(t, new(Host).Rules, `{"terms": {"as_at": "latest"}}`).Error, "as_at: not allowed here: want each of expect_rules")
}

func TestAFaultOfOursIsTold(t *testing.T) {
	a := callWith(t, func(Question) (any, error) { panic("something") }, "{}")
	assert.Contains(t, a.Error, "a fault of the program, please report it to whoever supplied it: something")
	a = callWith(t, func(Question) (any, error) {
		return nil, &ColumnsError{Columns: Columns{Headings: []string{"a"}}}
	}, "{}")
	assert.Equal(t, []string{"a"}, a.Columns.Headings)
}

func FuzzCheck(f *testing.F) {
	for _, text := range []string{`{}`, `{"device": {"spec": "SMETS2 v4.2"}, "terms": {"on": "2022-06-01", "why": true}}`, `{"amend": ["{}"]}`, `[`, "null", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { callWith(t, new(Host).Check, text) })
}
