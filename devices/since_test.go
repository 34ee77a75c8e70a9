package devices

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

// checkedRows checks an inventory and returns the rows that are written.
func checkedRows(t *testing.T, input string, options CheckOptions) (*Summary, [][]string) {
	var out bytes.Buffer
	summary, err := CheckCSV(context.Background(), &out, strings.NewReader(input), options)
	require.NoError(t, err)
	reader := csv.NewReader(&out)
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	require.NoError(t, err)
	return summary, rows
}

// TestSource has the name of the input in the last column, for rows that are judged by
// their profile and for rows that are not.
func TestSource(t *testing.T) {
	const input = "id,spec,install_date,note\n1,SMETS2 v3.1,2023-04-27,\n2,SMETS2 v3.1,2023-04-27,\"a, b\"\n3,x\n4,\"SMETS2 \"\"v3.1\",2023-04-27,\n,,,\n5,SMETS2 v3.1,2023-04-27T23:30Z,\n"
	judge := Judge{Checker: ivp.Checker{History: ivp.Published()}, Source: true}
	for _, why := range []bool{false, true} {
		for _, waivers := range []*Waivers{nil, NewWaivers(nil, ivp.Date{})} {
			judge.Waivers = waivers
			_, rows := checkedRows(t, input, CheckOptions{Judge: judge, Why: why, Reader: ReaderOptions{Name: "a, \"b\".csv"}})
			require.Len(t, rows, 7)
			for i, row := range rows {
				want := []string{"ivp_file", `a, "b".csv`}[min(i, 1)]
				if i == 5 { // an empty row
					want = ""
				}
				assert.Equal(t, want, row[len(row)-1], "row %d", i)
				if i != 3 {
					assert.Len(t, row, len(rows[0]), "row %d", i)
				}
			}
		}
	}
}

// TestSince writes the rows whose answer is another one than before.
func TestSince(t *testing.T) {
	judge := Judge{Checker: ivp.Checker{History: ivp.Published()}, Since: true}
	options := CheckOptions{Judge: judge, Reader: ReaderOptions{Columns: ColumnOptions{Recheck: true}}}
	const device = "SMETS2 v3.1,2023-04-27"
	for name, c := range map[string]struct {
		heading, before string
		written         bool
	}{
		"the same":                 {"ivp_outcome,ivp_reason,ivp_to", "eligible,within-period,2023-04-27", false},
		"the day as people write":  {"ivp_outcome,ivp_reason,ivp_to", "eligible,within-period,27/04/2023", false},
		"another amendment":        {"ivp_outcome,ivp_reason,ivp_to,ivp_amendment", "eligible,within-period,2023-04-27,MP195", false},
		"another day":              {"ivp_outcome,ivp_reason,ivp_to", "eligible,within-period,2023-04-26", true},
		"no day":                   {"ivp_outcome,ivp_reason,ivp_to", "eligible,within-period,", true},
		"a day that is no day":     {"ivp_outcome,ivp_reason,ivp_to", "eligible,within-period,soon", true},
		"no column for the day":    {"ivp_outcome,ivp_reason", "eligible,within-period", false},
		"another reason":           {"ivp_outcome,ivp_reason", "eligible,beyond-record", true},
		"another outcome":          {"ivp_outcome,ivp_reason", "undetermined,within-period", true},
		"not judged before":        {"ivp_outcome,ivp_reason", ",", true},
		"in another order":         {"ivp_to,ivp_reason,ivp_outcome", "2023-04-27,within-period,eligible", false},
		"headings of another case": {"IVP_Outcome,Ivp_Reason", "eligible,within-period", false},
	} {
		summary, rows := checkedRows(t, "spec,install_date,"+c.heading+"\n"+device+","+c.before+"\n", options)
		assert.Equal(t, c.written, len(rows) == 2, name)
		assert.Equal(t, c.written, summary.Changed == 1, name)
		assert.Equal(t, 1, summary.Devices, name)
		if c.written {
			row := rows[1]
			assert.Equal(t, []string{"eligible", "within-period"}, row[2:4], name)
		}
	}
	// Rows without a device, and bad rows: only one that was judged before is written.
	const added = "ivp_outcome,ivp_reason,ivp_spec,ivp_to,ivp_days_left,ivp_amendment"
	summary, rows := checkedRows(t, "spec,install_date,"+added+"\n\n,,,,,,,\nx,undetermined,bad-row,,,,\n\"a\"b,undetermined,bad-row,,,,\nx,y,z\n", options)
	assert.Equal(t, 1, summary.Changed)
	require.Len(t, rows, 2)
	assert.Equal(t, []string{"x", "y", "z", "undetermined", "bad-row"}, rows[1][:5])
}

func TestRechecked(t *testing.T) {
	for heading, want := range map[string]bool{
		"spec,install_date": false, "spec,install_date,ivp_outcome": false, "spec,install_date,ivp_reason": false,
		"spec,install_date,ivp_reason,ivp_outcome": true,
	} {
		for _, recheck := range []bool{false, true} {
			columns, _ := MapColumns(strings.Split(heading, ","), ColumnOptions{Recheck: recheck})
			assert.Equal(t, want && recheck, columns.Rechecked(), heading)
		}
	}
}
