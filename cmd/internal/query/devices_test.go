package query

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadDevices(t *testing.T) {
	one, err := ReadDevices(strings.NewReader(` {"device_id": "a", "spec": "SMETS2 v3.1", "install_date": "2023-04-27", "gbcs": null} `), 1)
	require.NoError(t, err)
	answers, err := one.Check(Terms{Judge: judge()})
	require.NoError(t, err)
	require.Len(t, answers, 1)
	assert.Equal(t, "a eligible 2023-04-27 MP196", answers[0].DeviceID+" "+answers[0].Outcome+" "+answers[0].To+" "+answers[0].Amendment)
	assert.Equal(t, answers[0], one.Reply(answers))
	assert.Empty(t, answers[0].Explanation)

	none, err := ReadDevices(strings.NewReader(`[]`), 1)
	require.NoError(t, err)
	answers, err = none.Check(Terms{Judge: judge()})
	require.NoError(t, err)
	reply, err := json.Marshal(none.Reply(answers))
	require.NoError(t, err)
	assert.Equal(t, "[]", string(reply), "an array is answered with an array")

	_, err = ReadDevices(strings.NewReader(`[{}, {}]`), 1)
	var many *TooMany
	require.ErrorAs(t, err, &many)
	assert.Equal(t, TooMany{1}, *many)
	for text, says := range map[string]string{
		`{"spec": `: "is incomplete", ``: "is incomplete", `{"spec": }`: "at byte 10", `{} {}`: "text after the JSON",
		`[{"spec": "x"}, {"spec": 4.2}]`: "device 1: spec: want a string", `{"smets": "x"}`: `"smets" is not a field of a device: want device_id`,
		`{"spec": "SMETS2 v3.1", "spec": "SMETS2 v4.2"}`: `"spec" is given twice in a device`, `{"spec": "x", "sp\u0065c": "x"}`: `"spec" is given twice`, `{"spec": "x", "spec": null}`: "given twice",
		`[{}, {"gbcs": null, "gbcs": null}]`: `device 1: "gbcs" is given twice`, `{"Spec": "x"}`: `"Spec" is not a field of a device: write it "spec"`, `{"spec": "x", "SPEC": "y"}`: `write it "spec"`,
		`{"device": {"spec": "x"}}`: `"device" is not a field of a device`, `{"spec": {"spec": "x"}}`: `spec: want a string, in quotes, where {"spec": "x"} was given`, `{"spec": ["x"]}`: "spec: want a string",
		`{"gbcs": 3.2}`: "gbcs: want a string, in quotes, where 3.2 was given", `{"device_id": 1}`: "device_id: want a string", `{"scope": true}`: "scope: want a string", `{"": "x"}`: `"" is not a field of a device`,
		`{"spec": "x"} x`: "text after the JSON", `{"spec": "x"},`: "text after the JSON", `{"spec": "x"}]`: "text after the JSON", "{\"spec\": \"x\"}\x00": "text after the JSON", `{"spec": "x",}`: "at byte", `{spec: "x"}`: "at byte",
		"{\"device_id\": \"\xe9\"}": "not UTF-8", "\ufeff{}": "at byte 1", `[null]`: "device 0: a device is an object", `"x"`: "a device is an object", `[[]]`: "device 0: a device is an object",
	} {
		_, err := ReadDevices(strings.NewReader(text), 9)
		assert.ErrorContains(t, err, says, text)
	}
}

// TestReadDevicesHoldsLittle checks that the text sent is not kept in memory.
func TestReadDevicesHoldsLittle(t *testing.T) {
	const sent = 8 << 20
	fill := func(head, part, tail string) string {
		return head + strings.Repeat(part, (sent-len(head)-len(tail))/len(part)) + tail
	}
	for name, tt := range map[string]struct{ text, says string }{
		"noughts":           {fill("[0", ",0", "]"), "device 0: a device is an object"},
		"empty devices":     {fill("[{}", ",{}", "]"), "more than 9 devices"},
		"one long text":     {fill(`{"spec": "`, "x", `"}`), "more than 64 KiB for one device"},
		"one long key":      {fill(`[{}, {"`, "x", `": 1}]`), "device 1: more than 64 KiB for one device"},
		"arrays in arrays":  {fill("[[", "[", ""), "exceeded max depth"},
		"spaces in a value": {fill(`{"spec":`, " ", `"x"}`), "for one device"},
		"spaces behind":     {fill("{}", " ", "x"), "for one device"},
		"spaces before":     {fill("", " ", "x"), fmt.Sprintf("at byte %d", sent)},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := ReadDevices(strings.NewReader(tt.text), 9)
			runtime.ReadMemStats(&after)
			assert.ErrorContains(t, err, tt.says)
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
		})
	}
	id := strings.Repeat("x", 32<<10)
	read, err := ReadDevices(strings.NewReader(fill("[{}", `,{"device_id": "`+id+`"}`, "]")), 1000)
	require.NoError(t, err, "devices that take less than they may, together more")
	assert.Equal(t, id, read.cells[len(read.cells)-1][0])
}

func FuzzReadDevices(f *testing.F) {
	for _, text := range []string{`{}`, `[{"spec": "SMETS2 v4.2", "install_date": "2022-06-01"}]`, `[`, `null`, `{"spec": {"a": 1}}`, "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read, err := ReadDevices(strings.NewReader(text), 10)
		if err != nil {
			return
		}
		answers, err := read.Check(Terms{Judge: judge(), Why: true})
		require.NoError(t, err)
		require.Len(t, answers, len(read.cells), "every device has its answer")
		for i, a := range answers {
			require.Equal(t, read.cells[i][0], a.DeviceID)
			require.NotEmpty(t, a.Outcome)
			require.NotEmpty(t, a.Explanation)
		}
	})
}
