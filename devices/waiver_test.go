package devices

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mp196/ivp/ivp"
)

func day(t require.TestingT, text string) ivp.Date {
	d, err := ivp.ParseDate(text)
	require.NoError(t, err)
	return d
}

func testWaivers(t require.TestingT) *Waivers {
	v31, err := ivp.ParseSpec("SMETS2 v3.1", 0)
	require.NoError(t, err)
	until := day(t, "2026-12-31")
	return NewWaivers([]Waiver{
		{ID: "OLD", DeviceIDs: []string{"a"}, Until: day(t, "2026-11-22"), Reason: "over", Approver: "A"},
		{ID: "ID", DeviceIDs: []string{" A ", "zoë", "two\nlines", "00-1D:24"}, Until: until, Reason: "by id", Approver: "A"},
		{ID: "SPEC", Specs: []ivp.Spec{v31}, Until: until, Reason: "by, \"version\"", Approver: "B"},
		{ID: "BOTH", DeviceIDs: []string{"b"}, Specs: []ivp.Spec{v31}, Until: until, Reason: "both", Approver: "B"},
		{Models: []string{"M1"}, Until: until, Reason: "by model", Approver: "C"},
	}, day(t, "2026-11-23"))
}

const waivedHeading = "device_id,spec,install_date,model\n"

var waivableRows = []string{
	"a,SMETS2 v4.2,2030-01-01,\n", "A ,SMETS2 v4.2,2020-01-01,\n", "b,SMETS2 v3.1,2024-01-01,M1\n", "b,SMETS2 v4.3,2030-01-01, m1\n",
	"c,SMETS2 v3.1,2024-01-01,\n", "zoë,4,2024-01-01,\n", "\"two\nlines\",SMETS2 v99.0,2024-01-01,\n", "\"a\",,2024-01-01,\n",
	"x,SMETS2 v3.1,2020-01-01,M1\n", "d,SMETS2 v4.2,2030-01-01,M2\n", ",,,\n", "short\n",
	"001d24,SMETS2 v4.2,2020-01-01,\n", " 00:1D-24,SMETS2 v4.2,2030-01-01,\n",
}

func TestWaiversOfTheEngineAreThoseOfTheTypedPath(t *testing.T) {
	judge := bulkJudge
	judge.Waivers = testWaivers(t)
	opts := ReaderOptions{Name: "f", Columns: ColumnOptions{Waivers: true}}
	rapid.Check(t, func(t *rapid.T) {
		input := []byte(waivedHeading)
		for _, row := range rapid.SliceOfN(rapid.SampledFrom(waivableRows), 1, 30).Draw(t, "rows") {
			input = append(input, row...)
		}
		requireSame(t, input, judge, opts, nil, rapid.Bool().Draw(t, "why"), rapid.IntRange(1, 3).Draw(t, "workers"), rapid.IntRange(1, 200).Draw(t, "block"))
	})
}

func TestWaiversChangeNoAnswer(t *testing.T) {
	judge := bulkJudge
	judge.Waivers = testWaivers(t)
	for _, row := range waivableRows {
		reader, err := NewReader(bytes.NewReader([]byte(waivedHeading+row)), ReaderOptions{})
		require.NoError(t, err)
		read, err := reader.Read()
		require.NoError(t, err)
		plain, waived := bulkJudge.Row(read), judge.Row(read)
		assert.Equal(t, plain.Verdict, waived.Verdict, row)
		if waived.Outcome() == ivp.Eligible {
			assert.Nil(t, waived.Waiver, row)
		}
	}
}

func TestWhichWaiverFits(t *testing.T) {
	want := map[string]string{
		waivableRows[0]: "ID: by id; approved by A; until 2026-12-31", waivableRows[1]: "",
		waivableRows[2]: "SPEC: by, \"version\"; approved by B; until 2026-12-31", waivableRows[3]: "by model; approved by C; until 2026-12-31",
		waivableRows[5]: "ID: by id; approved by A; until 2026-12-31", waivableRows[8]: "",
		waivableRows[9]: "",
	}
	judge := bulkJudge
	judge.Waivers = testWaivers(t)
	for row, text := range want {
		reader, err := NewReader(bytes.NewReader([]byte(waivedHeading+row)), ReaderOptions{})
		require.NoError(t, err)
		read, err := reader.Read()
		require.NoError(t, err)
		cells := judge.Row(read).Cells(false)
		assert.Equal(t, text, cells[len(cells)-1], row)
	}
}

func TestWaivedRowsDoNotCountForTheSelection(t *testing.T) {
	judge := bulkJudge
	judge.Waivers = testWaivers(t)
	failing, err := ParseSelection("not_eligible,undetermined")
	require.NoError(t, err)
	for rows, any := range map[string]bool{waivableRows[0] + waivableRows[2]: false, waivableRows[0] + waivableRows[9]: true, waivableRows[11]: true} {
		reader, err := NewReader(bytes.NewReader([]byte(waivedHeading+rows)), ReaderOptions{})
		require.NoError(t, err)
		pass := Bulk{Judge: judge}.Begin(nil)
		require.NoError(t, pass.Input(context.Background(), reader))
		assert.Equal(t, any, pass.Summary().Any(failing), rows)
	}
}

func TestExpiredWaiversAreKnown(t *testing.T) {
	w := testWaivers(t)
	assert.Len(t, w.All(), 5)
	for _, one := range w.All() {
		assert.Equal(t, one.ID == "OLD", one.Expired(), one.ID)
	}
}

func TestWaiversNameIDsAsPeopleWriteThem(t *testing.T) {
	w := NewWaivers([]Waiver{{DeviceIDs: []string{"00-1D-24-02", "-", ""}, Until: day(t, "2026-12-31")}}, day(t, "2026-11-23"))
	for id, want := range map[string]bool{
		"00-1d-24-02": true, "00:1D:24:02": true, "001D2402": true, " 001d2402 ": true,
		"00-1D-24-03": false, "0 01D2402": false, "": false, "-": false,
	} {
		assert.Equal(t, want, w.find(id, waivedModel{}) != nil, "%q", id)
	}
}
