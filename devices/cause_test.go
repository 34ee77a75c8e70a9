package devices

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

const causeRows = `device_id,device_type,spec,gbcs,install_date,scope
a,ESME,SMETS2 v3.1,,2023-04-27,
b,ESME,SMETS2 v3.1,,2023-04-28,
c,GSME,SMETS2 v3.1,2.0,2024-01-01,
d,ESME,4,3.2,2022-06-01,
e,ESME,SMETS2 v4.2,4,2022-06-01,
f,GSME,SMETS2 v4.2,4,2022-06-02,
g,ESME,SMETS2 v5.1,4.0,2022-06-01,
h,GSME,SMETS2 v5.1,4.0,2022-06-01,
i,ESME,CHTS v1.3,3.2,2022-06-01,
j,ESME,SMETS2 v4.2,3.2,2022-04-31,
k,Smart Meter,SMETS2 v4.2,3.2,2022-06-01,
l,ESME,SMETS2 v4.2,3.2,2022-09-22,
m,Smart Meter,SMETS2 v3.1,,2023-04-28,
n,ESME
`

// causeLines shows causes one a line.
func causeLines(s *Summary) (lines []string) {
	for _, c := range s.Causes.Sorted() {
		var places []string
		for _, note := range c.First {
			places = append(places, note.Text)
		}
		value := c.Text
		switch {
		case c.Pair != (ivp.Pair{}):
			value = strings.Trim(fmt.Sprintf("%s %s %s", c.Pair.Type, c.Pair.Spec, c.Pair.GBCS), " ")
		case c.Window != (ivp.Window{}):
			value = strings.Trim(fmt.Sprintf("%s %s %s %s", c.Window.Spec, c.Window.From, c.Window.To, c.Window.Amendment), " ")
		}
		lines = append(lines, fmt.Sprintf("%d %s %s: %s", c.Devices, c.Reason, value, strings.Join(places, ", ")))
	}
	return lines
}

func TestCausesAreGroupedByReasonAndValue(t *testing.T) {
	want := []string{
		"3 after-end SMETS2 v3.1  2023-04-27 MP196: f:3, f:4",
		"2 bad-version 4: f:6, f:7",
		"2 unlisted-pair SMETS2 v5.1 GBCS v4.0: f:8, f:9",
		"1 bad-version 4: f:5",
		"1 unlisted-pair ESME CHTS v1.3: f:10",
		"1 bad-date 2022-04-31: f:11",
		"1 unknown-type Smart Meter: f:12",
		"1 beyond-record SMETS2 v4.2  not-on-record: f:13",
		"1 bad-row 2 cells, the heading has 6: add the missing cells, or quote a cell that contains a line end: f:15",
	}
	for workers := 1; workers <= 3; workers++ {
		for _, block := range []int{1, 50, 1 << 20} {
			for _, lines := range []Lines{CSVLines, TypedRows} {
				out := BulkOutput{Lines: lines, Rows: func([]TypedRow) error { return nil }}
				_, summary, err := bulkPass(strings.NewReader(causeRows), bulkJudge, ReaderOptions{Name: "f"}, CSVStyle{}, out, false, workers, block)
				require.NoError(t, err)
				assert.Equal(t, want, causeLines(summary))
				assert.Equal(t, Noted{1, []FaultNote{{14, "f:14"}}}, summary.SideFaults, "the type of m cannot be read, and decides nothing")
				assert.Equal(t, []int{5, 4}, []int{summary.PastRecord, summary.PastAnswered}, "l is undetermined")
			}
		}
	}
}

// TestSoManyCausesAreKept has more values than are kept, and more in a block than
// are held at once: which are kept does not depend on the workers.
func TestSoManyCausesAreKept(t *testing.T) {
	var text strings.Builder
	text.WriteString("device_id,spec,install_date,scope\n")
	for n := range 3 * mostEvents {
		fmt.Fprintf(&text, "a,v%da,2022-06-01,\nb,SMETS2 v4.2,day %d,\nc,SMETS2 v9.%d,2022-06-01,\n", n%(2*causesKept), n, n%1000)
	}
	_, want, err := typedPass(t, []byte(text.String()), bulkJudge, ReaderOptions{}, CSVStyle{}, BulkOutput{}, false)
	require.NoError(t, err)
	assert.Equal(t, 3*mostEvents-causesKept, want.Causes.Others(ivp.BadDate))
	assert.Greater(t, want.Causes.Others(ivp.NotListed), 2*mostEvents)
	kept := 0
	for _, c := range want.Causes.Sorted() {
		if c.Reason == ivp.BadVersion {
			kept++
			assert.Greater(t, c.Devices, 1)
		}
	}
	assert.Equal(t, causesKept, kept)
	for _, workers := range []int{1, 2, 4} {
		_, got, err := bulkPass(strings.NewReader(text.String()), bulkJudge, ReaderOptions{}, CSVStyle{}, BulkOutput{}, false, workers, 1<<14)
		require.NoError(t, err)
		assert.Equal(t, want.Causes, got.Causes)
	}
}
