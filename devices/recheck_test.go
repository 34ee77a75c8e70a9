package devices

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkedCSV checks an inventory by the engine, and compares with the rows of
// Reader, Judge and Writer.
func checkedCSV(t *testing.T, input string, options CheckOptions) (string, *Summary) {
	options.Judge = bulkJudge
	var out bytes.Buffer
	summary, err := CheckCSV(context.Background(), &out, strings.NewReader(input), options)
	require.NoError(t, err)
	reader, err := NewReader(strings.NewReader(input), options.Reader)
	require.NoError(t, err)
	var plain bytes.Buffer
	w := NewWriter(&plain, reader, options.Judge.Columns(options.Why))
	require.NoError(t, w.WriteHeading())
	for row, err := reader.Read(); err == nil; row, err = reader.Read() {
		require.NoError(t, w.WriteRow(row, options.Judge.Row(row).Cells(options.Why)))
	}
	require.NoError(t, w.Flush())
	require.Equal(t, plain.String(), out.String())
	return out.String(), summary
}

var rechecked = []string{
	"1,SMETS2 v4.2,2022-06-01,\n", "1,SMETS2 v4.2\n", "2,SMETS2 v4.2,2022-06-01,x,y\n", "3,\"SMETS2 v4.2\",2022-06-01,\"a,\"\"b\"\"\"\r\n",
	"4,SMETS2 v4.2,2022-06-01,n,,\n", "5,SM\"ETS2,2022-06-01,\n", "\"6,SMETS2 v4.2,2022-06-01\n", "7,\"x\" y,2022-06-01,\n",
	"\n", ",,,\n", "TOTAL,,,\"1,000\"\n", "\n8,SMETS2 v4.2,2022-06-01,\"a\nb\"\n", "9\n", ",\n", "\xff,SMETS2 v4.2,2022-06-01,n,\n", "undetermined,bad-row,,,,,\n",
}

func FuzzRecheckGivesTheSame(f *testing.F) {
	f.Add(strings.Join(rechecked, ""))
	for _, row := range rechecked {
		f.Add(row)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		options := CheckOptions{Reader: ReaderOptions{Delimiter: ',', Columns: ColumnOptions{Dates: new(DateFormat)}}}
		first, one := checkedCSV(t, "Id,SMETS Version,Installation Date,Note\n"+rows, options)
		options.Reader.Columns.Recheck = true
		second, two := checkedCSV(t, first, options)
		require.Equal(t, first, second)
		require.Equal(t, one.Reasons, two.Reasons)
	})
}

func TestRecheckWithExplanations(t *testing.T) {
	options := CheckOptions{Why: true}
	input := "Id,SMETS Version,Installation Date,Note\n1,SMETS2 v4.2\n2,SMETS2 v4.2,2022-06-01,x,y\n5,SM\"ETS2,2022-06-01,\n"
	first, _ := checkedCSV(t, input, options)
	options.Reader.Columns.Recheck = true
	second, _ := checkedCSV(t, first, options)
	assert.Equal(t, first, second)
}

func TestCellsOfOursThatHoldTheDelimiterAreQuoted(t *testing.T) {
	options := CheckOptions{Why: true, Reader: ReaderOptions{Delimiter: '-', Columns: ColumnOptions{Dates: new(DateFormat)}}}
	out, _ := checkedCSV(t, "Id-SMETS Version-Installation Date\n1-SMETS2 v3.1-\"2023-05-01\"\n", options)
	assert.Contains(t, out, `-not_eligible-"after-end"-SMETS2 v3.1-"2023-04-27"-"-4"-MP196-"2023-05-01"-"2023-05-01"-`)
}

func TestLinesThatEndInCRAlone(t *testing.T) {
	unix := "Id,SMETS Version,Installation Date,Note\nM1,SMETS2 v4.2,01/06/2022,\"a\nb\"\n\nM2,SMETS2 v3.1,28/04/2023,\nM3,x\"y\nM4,SMETS2 v3.1"
	mac := strings.ReplaceAll(unix, "\n", "\r")
	want, one := checkedCSV(t, unix, CheckOptions{Reader: ReaderOptions{Columns: ColumnOptions{Dates: ptr(DayFirst)}}})
	got, two := checkedCSV(t, mac, CheckOptions{Reader: ReaderOptions{Columns: ColumnOptions{Dates: ptr(DayFirst)}}})
	assert.Equal(t, strings.ReplaceAll(want, "\n", "\r"), got)
	assert.Equal(t, one.Reasons, two.Reasons)
	assert.Contains(t, got, "M2,SMETS2 v3.1,28/04/2023,,not_eligible")

	var out bytes.Buffer // a column that must be read twice
	long := "Id,SMETS Version,Installation Date\r" + strings.Repeat("M1,SMETS2 v4.2,01/06/2022\r", 60_000)
	s, err := CheckCSV(context.Background(), &out, strings.NewReader(long), CheckOptions{Judge: bulkJudge})
	require.NoError(t, err)
	assert.Equal(t, 60_000, s.Devices)
	assert.Equal(t, 60_001, strings.Count(out.String(), "\r"))
}

func ptr(f DateFormat) *DateFormat { return &f }

func TestRowsThatAreNoDevices(t *testing.T) {
	input := "Id,SMETS Version,Installation Date,Note\n" + strings.Join(rechecked, "") +
		"Total:,,,\nGrand Total,,,66.75\nTotal,SMETS2 v4.2,2022-06-01,\nTotal,,,see below\nTotaliser,,,\n"
	_, s := checkedCSV(t, input, CheckOptions{})
	assert.Equal(t, 3, s.Totals.N)
	assert.Equal(t, 3, s.Surplus.N)
	assert.Equal(t, 1, s.NotUTF8.N)
	assert.Equal(t, "line 18", s.NotUTF8.First[0].Text)
}
