package devices

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
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
	w := newRowWriter(&plain, reader, options.Judge.Columns(options.Why))
	w.writeHeading()
	for row, err := reader.Read(); err == nil; row, err = reader.Read() {
		w.writeRow(row, options.Judge.Row(row).Cells(options.Why))
	}
	require.Equal(t, plain.String(), out.String())
	return out.String(), summary
}

var rechecked = []string{
	"1,SMETS2 v4.2,2022-06-01,\n", "1,SMETS2 v4.2\n", "2,SMETS2 v4.2,2022-06-01,x,y\n", "3,\"SMETS2 v4.2\",2022-06-01,\"a,\"\"b\"\"\"\r\n",
	"4,SMETS2 v4.2,2022-06-01,n,,\n", "5,SM\"ETS2,2022-06-01,\n", "\"6,SMETS2 v4.2,2022-06-01\n", "7,\"x\" y,2022-06-01,\n",
	"\n", ",,,\n", "TOTAL,,,\"1,000\"\n", "\n8,SMETS2 v4.2,2022-06-01,\"a\nb\"\n", "9\n", ",\n", "\xff,SMETS2 v4.2,2022-06-01,n,\n", "undetermined,bad-row,,,,,\n", ",,,n,bad-row,,,,,\n",
	"  \t\n", "1, \"SMETS2 v4.2\"\t,2022-06-01, \"a,b\"  \r\n", "1,SMETS2 v4.2,2022-06-01,\r", "1,SMETS2 v4.2,2022-06-01,\x1a", "\x1a \n",
}

func FuzzRecheckGivesTheSame(f *testing.F) {
	f.Add(strings.Join(rechecked, ""))
	for _, row := range rechecked {
		f.Add(row)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		for _, noQuotes := range []bool{false, true} {
			options := CheckOptions{Reader: ReaderOptions{Delimiter: ',', NoQuotes: noQuotes, Columns: ColumnOptions{Dates: new(DateFormat)}}}
			first, one := checkedCSV(t, "Id,SMETS Version,Installation Date,Note\n"+rows, options)
			options.Reader.Columns.Recheck = true
			second, two := checkedCSV(t, first, options)
			require.Equal(t, first, second)
			require.Equal(t, one.Reasons, two.Reasons)
		}
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

// TestLinesThatAreNoRows has lines of nothing, and ends of the input, pass through.
func TestLinesThatAreNoRows(t *testing.T) {
	const heading, added = "Id,SMETS Version,Installation Date", ",ivp_outcome,ivp_reason,ivp_spec,ivp_to,ivp_days_left,ivp_amendment"
	const row, answer = "1,SMETS2 v3.1,2022-06-01", ",eligible,within-period,SMETS2 v3.1,2023-04-27,330,MP196"
	for _, tt := range []struct {
		name, rows, want string
		nothing          int
	}{
		{"white space", "  \n" + row + "\n \t \r\n" + row + "\n ", "  \n" + row + answer + "\n \t \r\n" + row + answer + "\n ", 3},
		{"half a line end", row + "\r\n" + row + "\r", row + answer + "\r\n" + row + answer + "\r", 0},
		{"half a line end alone", row + "\r\n\r", row + answer + "\r\n\r", 0},
		{"an end mark", row + "\r\n\x1a", row + answer + "\r\n\x1a", 1},
		{"end marks and a line end", row + "\r\n\x1a\x1a\r\n", row + answer + "\r\n\x1a\x1a\r\n", 1},
		{"an end mark after a cell", row + "\x1a", row + answer + "\x1a", 1},
		{"an end mark after half a line end", row + "\r\x1a", row + answer + "\r\x1a", 1},
		{"an end mark between", "\x1a\n" + row + "\n", "\x1a\n" + row + answer + "\n", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, noQuotes := range []bool{false, true} {
				out, s := checkedCSV(t, heading+"\n"+tt.rows, CheckOptions{Reader: ReaderOptions{NoQuotes: noQuotes}})
				assert.Equal(t, heading+added+"\n"+tt.want, out)
				assert.Equal(t, strings.Count(tt.want, answer), s.Devices)
				assert.Zero(t, s.Malformed)
				assert.Equal(t, tt.nothing, s.Nothing.N)
			}
		})
	}
	on := Judge{Checker: bulkJudge.Checker, On: day(t, "2022-06-01")}
	for _, rows := range []string{"SMETS2 v3.1\n\x1a", "SMETS2 v3.1\n \n\x1a\n", "SMETS2 v3.1\x1a"} { // of one column
		var out bytes.Buffer
		s, err := CheckCSV(context.Background(), &out, strings.NewReader("SMETS Version\n"+rows), CheckOptions{Judge: on, Reader: ReaderOptions{Columns: ColumnOptions{OnGiven: true}}})
		require.NoError(t, err)
		assert.Equal(t, map[ivp.Reason]int{ivp.WithinPeriod: 1}, s.Reasons, "%q", rows)
	}
	for _, nothing := range []string{"\x1a", "\r\n\x1a", " \r\n\t"} {
		_, err := NewReader(strings.NewReader(nothing), ReaderOptions{})
		assert.ErrorIs(t, err, ErrEmpty, "%q", nothing)
	}
}

func TestSpacesAroundQuotes(t *testing.T) {
	out, s := checkedCSV(t, "Id, \"SMETS Version\" ,Installation Date,Note\n1, \"SMETS2 v3.1\",2022-06-01,\t\"b, c\" \n2,SMETS2 v3.1,\"2022-06-01\" ,d\n", CheckOptions{})
	assert.Contains(t, out, "1, \"SMETS2 v3.1\",2022-06-01,\t\"b, c\" ,eligible,")
	assert.Contains(t, out, "2,SMETS2 v3.1,\"2022-06-01\" ,d,eligible,")
	assert.Equal(t, 2, s.Reasons[ivp.WithinPeriod])
	_, s = checkedCSV(t, "Id\tSMETS Version\tInstallation Date\n1\t\t \"2022-06-01\"\n", CheckOptions{})
	assert.Equal(t, map[ivp.Reason]int{ivp.NoVersion: 1}, s.Reasons, "a tab between cells is no space")
}

func TestWithoutQuotes(t *testing.T) {
	options := CheckOptions{Why: true, Reader: ReaderOptions{NoQuotes: true}}
	input := "Id,SMETS Version,Installation Date,Note\n1,SMETS2 v3.1,2022-06-01,5\" pipe\n2,SMETS2 v3.1,2022-06-01,\"\n3,SMETS2 v3.1,2022-06-01,\"a,b\"\n\"4,SMETS2 v3.1,2023-04-28,\"\"\n"
	first, s := checkedCSV(t, input, options)
	assert.Equal(t, map[ivp.Reason]int{ivp.WithinPeriod: 2, ivp.BadRow: 1, ivp.AfterEnd: 1}, s.Reasons)
	assert.Contains(t, first, "1,SMETS2 v3.1,2022-06-01,5\" pipe,eligible,within-period,")
	assert.Contains(t, first, "SMETS2 v3.1 may be installed", "an explanation of several sentences")
	for _, line := range strings.Split(strings.TrimSpace(first), "\n") {
		if !strings.HasPrefix(line, "3,") {
			assert.Equal(t, 4+11-1, strings.Count(line, ","), "no added cell holds the delimiter: %s", line)
		}
	}
	options.Reader.Columns.Recheck = true
	second, _ := checkedCSV(t, first, options)
	assert.Equal(t, first, second)
	_, err := NewReader(strings.NewReader(input), ReaderOptions{NoQuotes: true, Delimiter: '-'})
	assert.ErrorContains(t, err, "comma")
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
