package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLoadWaivers(t *testing.T) {
	path := written(t, "waivers.toml", `# invented
[[waiver]]
id = "W-1"
device_id = ["A-01", "A-02"]
until = 2026-12-31
reason = "a reason"
approver = "A. Approver"

[[waiver]]
model = "1F08"
spec = ["SMETS2 v3.1", "SMETS V2.0"]
until = "05/01/2027"
reason = "another"
approver = "A. Approver"
`)
	all, notes, err := LoadWaivers(path)
	require.NoError(t, err)
	require.Len(t, all, 2)
	assert.Equal(t, "W-1: a reason; approved by A. Approver; until 2026-12-31", all[0].String())
	assert.Equal(t, []string{"A-01", "A-02"}, all[0].DeviceIDs)
	assert.Equal(t, 2, all[0].Line)
	assert.Equal(t, []string{"1F08"}, all[1].Models)
	assert.Equal(t, "SMETS2 v2.0", all[1].Specs[1].String())
	assert.Equal(t, "2027-01-05", all[1].Until.String())
	assert.Equal(t, []string{path + ":12: 05/01/2027 is read as 5 January 2027, the day first"}, notes)
}

func TestLoadWaiversReportsEveryFault(t *testing.T) {
	path := written(t, "waivers.toml", `[[waiver]]
id = "W-1"
devices = "A-01"
until = 2026-02-30x
`)
	_, _, err := LoadWaivers(path)
	require.ErrorContains(t, err, "waivers.toml:4: this is not TOML")
	path = written(t, "waivers.toml", `[[waiver]]
id = "W-1"
device-id = "A-01"
until = "12/31/2026"
reason = 3

[[waiver]]
id = "W-1"
spec = ["SMETS2 v9", "3.1", "GBCS v2.0"]
model = []
until = 2026-12-31
approver = " "
reason = "r"

[waived]
x = 1
`)
	_, _, err = LoadWaivers(path)
	require.Error(t, err)
	for _, says := range []string{
		`waivers.toml:3: "device-id" is not a key of a waiver: want one of id, device_id`, "did you mean device_id?",
		`:4: until: "12/31/2026" is not a date`, `:5: reason is a whole number: want text in quotes`,
		`:1: the waiver has no approver`, `:1: the waiver names no rows`,
		`:7: id: "W-1" is already in line 1`, `:9: spec: "SMETS2 v9"`, `:9: spec: "3.1"`, `:9: spec: "GBCS v2.0"`, `:10: model names nothing`,
		`:12: approver is blank`, `:15: "waived" is not a key of a waiver`,
	} {
		assert.ErrorContains(t, err, says)
	}
	_, _, err = LoadWaivers(written(t, "loose.toml", "until = 2026-12-31\n"))
	require.ErrorContains(t, err, `:1: "until" is not a table of waivers`)
	_, _, err = LoadWaivers(written(t, "empty.toml", "# nothing\n"))
	assert.ErrorContains(t, err, "has no waiver")
}

func FuzzWaivers(f *testing.F) {
	f.Add("[[waiver]]\nid = \"W\"\nspec = \"SMETS2 v3.1\"\nuntil = 2026-12-31\nreason = \"r\"\napprover = \"a\"\n")
	f.Add("[[waiver]]\n[[waivers]]\nmodel = [1]\n")
	f.Add("x = '''\n[[waiver]]\n'''\n")
	f.Fuzz(func(t *testing.T, text string) {
		r := waiverReader{faults: faults{path: "f"}}
		if r.file(text) != nil || r.err() != nil {
			return
		}
		assert.NotEmpty(t, r.all)
		for _, w := range r.all {
			assert.True(t, w.Until.Valid())
			assert.NotEmpty(t, w.Reason)
			assert.NotEmpty(t, w.Approver)
			assert.Positive(t, len(w.DeviceIDs)+len(w.Models)+len(w.Specs))
		}
	})
}
