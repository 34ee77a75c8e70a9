package main

import (
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/query"
	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// question is a file of vectors in the form that the scripts read.
type question struct {
	Devices []map[string]string `json:"devices,omitempty"`
	Terms   map[string]string   `json:"terms"`
	CSV     []byte              `json:"csv,omitempty"` // base64 in JSON
}

func questionOf(f testkit.VectorFile) question {
	q := question{Terms: map[string]string{}}
	for name := range f.Query() {
		q.Terms[name] = f.Query().Get(name)
	}
	for _, d := range f.Devices {
		q.Devices = append(q.Devices, d.JSON())
	}
	return q
}

type moduleReply struct {
	Answers []testkit.Answer
	CSV     []byte
	Devices int
	Read    int
}

// TestModuleOnConformanceVectors checks every vector with check and with checkCSV.
func TestModuleOnConformanceVectors(t *testing.T) {
	node(t)
	files := testkit.VectorFiles(t)
	var questions []question
	for _, f := range files {
		q := questionOf(f)
		q.CSV = f.Text
		questions = append(questions, q)
	}
	replies := askNode[moduleReply](t, "testdata/module.mjs", filepath.Join(builtFolder(t), "ivp.mjs"), questions)
	require.Len(t, replies, len(files))
	for i, f := range files {
		f.Compare(t, replies[i].Answers)
		f.CompareCSV(t, replies[i].CSV)
		assert.Equal(t, len(f.Devices), replies[i].Devices)
		assert.Equal(t, len(f.Text), replies[i].Read, "the progress ends at the end")
	}
}

// TestModuleOnBytes checks that the module returns inventories byte for byte as the
// program writes them.
func TestModuleOnBytes(t *testing.T) {
	node(t)
	pairs := testkit.BytePairs(t)
	var questions []question
	for _, p := range pairs {
		questions = append(questions, question{CSV: p.Input, Terms: map[string]string{}})
	}
	replies := askNode[moduleReply](t, "testdata/module.mjs", filepath.Join(builtFolder(t), "ivp.mjs"), questions)
	require.Len(t, replies, len(pairs))
	for i, p := range pairs {
		assert.Equal(t, string(p.Checked), string(replies[i].CSV), p.Name)
	}
}

// TestModuleRefuses checks that the module refuses rules other than those expected,
// and values that it cannot pass on, instead of dropping them.
func TestModuleRefuses(t *testing.T) {
	node(t)
	digest := ivp.Published().Digest()
	replies := askNode[struct {
		Says, Message string
		Ours          bool
	}](t, "testdata/refused.mjs", filepath.Join(builtFolder(t), "ivp.mjs"), digest)
	require.NotEmpty(t, replies)
	for _, r := range replies {
		assert.Contains(t, r.Message, r.Says)
		assert.True(t, r.Ours, "%s: %s", r.Says, r.Message)
	}
}

// TestModuleTakesDates passes Date objects to the module: each is the day in Great
// Britain at that instant; an invalid one is bad-date.
func TestModuleTakesDates(t *testing.T) {
	node(t)
	at := func(text string) *int64 {
		moment, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		return new(moment.UnixMilli())
	}
	instants := []*int64{at("2023-04-27T22:59:59Z"), at("2023-04-27T23:00:00Z"), nil}
	for range 2000 {
		instants = append(instants, new(rand.Int64N(4e12)))
	}
	type reply struct {
		Alone, Together []query.Answer
		Refused, Cell   string
	}
	got := askNode[reply](t, "testdata/dates.mjs", filepath.Join(builtFolder(t), "ivp.mjs"), instants)[0]
	require.Len(t, got.Together, len(instants))
	assert.Equal(t, got.Alone, got.Together[:3])
	assert.Equal(t, "eligible", got.Alone[0].Outcome)
	assert.Equal(t, "after-end", got.Alone[1].Reason)
	assert.Equal(t, `"2023-04-27T23:00:00.000Z" is 2023-04-28 in Great Britain`, got.Alone[1].Note)
	assert.Equal(t, "bad-date", got.Alone[2].Reason)
	assert.Contains(t, got.Alone[2].Explanation, `"Invalid Date" is not a date`)
	assert.Contains(t, got.Refused, `on: "Invalid Date": want a day`)
	assert.Equal(t, "bad-version", got.Cell)
	for i, at := range instants {
		if at != nil {
			assert.Equal(t, devices.DayInBritain(time.UnixMilli(*at)).String(), got.Together[i].On)
		}
	}
}
