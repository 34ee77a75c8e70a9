package hosted

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/ask"
	"github.com/mp196/ivp/ivp"
)

type answered struct {
	Answer  json.RawMessage
	Error   string
	Columns *ask.ColumnsError
}

func callWith(t *testing.T, handle func(Question) (any, error), question string) (a answered) {
	require.NoError(t, json.Unmarshal(Call(handle, []byte(question)), &a))
	assert.NotEqual(t, len(a.Answer) > 0, a.Error != "", "an answer or an error, and one of them: %s", question)
	return a
}

func TestCheck(t *testing.T) {
	for question, want := range map[string]string{
		`{"device": {"spec": "SMETS2 v3.1", "install_date": "2023-04-28"}}`:                                           "not_eligible",
		`{"device": {"spec": "SMETS2 v3.1"}, "terms": {"on": "2022-05-01", "as_at": "2022-02-23", "scope": null}}`:    "not_eligible",
		`{"device": {"spec": "SMETS2 v3.1"}, "terms": {"on": "2022-05-01", "as_at": "latest"}}`:                       "eligible",
		`{"device": {"spec": "SMETS2 v4.2", "install_date": "2030-01-01"}}`:                                           "undetermined",
		`{"device": {"spec": "SMETS2 v4.2", "install_date": "2030-01-01"}, "terms": {"assume_open": true, "why": 0}}`: "eligible",
		`{"device": {}, "rules": "", "amend": null}`:                                                                  "undetermined",
	} {
		a := callWith(t, Check, question)
		var answer ask.Answer
		require.NoError(t, json.Unmarshal(a.Answer, &answer), a.Error)
		assert.Equal(t, want, answer.Outcome, question)
	}
	for question, says := range map[string]string{
		"": "ends before it is whole", "{": "not as expected", `{"devices": {}}`: `unknown field "devices"`, `{"device": {"spec": 4}}`: "want a text, in quotes",
		`{"device": {}, "terms": {"as_at": 2022.5}}`: "want a text, true or false, or a whole number", `{"device": {}, "terms": {"on": ["a", "b"]}}`: "at most once",
		`{"device": {}, "terms": []}`: "not as expected", `{"device": {}, "amend": ["{"]}`: "file 1 of 1 cannot be added", `{"device": {}, "rules": "{"}`: "no record of rules",
		`{"device": {}, "terms": {"when": "now"}}`: "when: want each of",
	} {
		assert.Contains(t, callWith(t, Check, question).Error, says, question)
	}
}

// TestRecordIsThatOfTheQuestion asks one record after another, and each again:
// the one that is kept must never answer for the other.
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
	for range 2 {
		for question, want := range map[string]ivp.History{"": h, string(with): amended, string(whole): h} {
			var told struct{ SHA256, Edition string }
			require.NoError(t, json.Unmarshal(callWith(t, Rules, question).Answer, &told))
			assert.Equal(t, want.Digest(), told.SHA256)
			assert.Equal(t, want.Edition(), told.Edition)
		}
		assert.NotEmpty(t, callWith(t, Rules, `{"amend": ["{"]}`).Error)
	}
}

func TestTimeline(t *testing.T) {
	var drawn ask.Timeline
	require.NoError(t, json.Unmarshal(callWith(t, Timeline, `{"today": "2026-11-25"}`).Answer, &drawn))
	assert.Contains(t, drawn.SVG, "today, 2026-11-25")
	assert.Contains(t, callWith(t, Timeline, `{"today": "never"}`).Error, "not as expected")
}

func TestAFaultOfOursIsTold(t *testing.T) {
	a := callWith(t, func(Question) (any, error) { panic("something") }, "{}")
	assert.Contains(t, a.Error, "a fault of ours, please report it: something")
	a = callWith(t, func(Question) (any, error) {
		return nil, &ask.ColumnsError{Columns: ask.Columns{Headings: []string{"a"}}}
	}, "{}")
	assert.Equal(t, []string{"a"}, a.Columns.Headings)
}

func FuzzCheck(f *testing.F) {
	for _, text := range []string{`{}`, `{"device": {"spec": "SMETS2 v4.2"}, "terms": {"on": "2022-06-01", "why": true}}`, `{"amend": ["{}"]}`, `[`, "null", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { callWith(t, Check, text) })
}
