package devices

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mp196/ivp/devices/internal/scan"
	"github.com/mp196/ivp/ivp"
)

// typedPass is what Reader, Judge and Writer make of an input, row by row: what
// the engine must give byte for byte.
func typedPass(t require.TestingT, input []byte, judge Judge, opts ReaderOptions, style CSVStyle, out BulkOutput, why bool) ([]byte, *Summary, error) {
	reader, err := NewReader(bytes.NewReader(input), opts)
	if err != nil {
		return nil, nil, err
	}
	var b bytes.Buffer
	w := newRowWriter(&b, reader, judge.Columns(why))
	w.setStyle(style)
	w.writeHeading()
	summary := &Summary{}
	for {
		row, err := reader.Read()
		if err == io.EOF {
			return b.Bytes(), summary, nil
		}
		require.NoError(t, err)
		result := judge.Row(row)
		summary.addResult(row, result)
		if out.Only == nil || out.Only.selects(result) {
			w.writeRow(row, result.Cells(why))
		}
	}
}

// cacheOfTests is shared by all passes of the tests, which must not notice it.
var cacheOfTests Cache

func bulkPass(input io.Reader, judge Judge, opts ReaderOptions, style CSVStyle, out BulkOutput, why bool, workers, block int) ([]byte, *Summary, error) {
	reader, err := NewReader(input, opts)
	if err != nil {
		return nil, nil, err
	}
	var b bytes.Buffer
	out.W = &b
	bulk := Bulk{Judge: judge, Why: why, Style: style, Workers: workers, blockSize: block, Cache: &cacheOfTests}
	pass := bulk.Begin([]*BulkOutput{&out})
	err = pass.Input(context.Background(), reader)
	return b.Bytes(), pass.Summary(), err
}

func requireSame(t require.TestingT, input []byte, judge Judge, opts ReaderOptions, only *Selection, why bool, workers, block int) {
	requireSameStyled(t, input, judge, opts, CSVStyle{}, only, why, workers, block)
}

func requireSameStyled(t require.TestingT, input []byte, judge Judge, opts ReaderOptions, style CSVStyle, only *Selection, why bool, workers, block int) {
	want, wantSummary, wantErr := typedPass(t, input, judge, opts, style, BulkOutput{Only: only}, why)
	got, summary, err := bulkPass(bytes.NewReader(input), judge, opts, style, BulkOutput{Only: only}, why, workers, block)
	if wantErr != nil {
		require.EqualError(t, err, wantErr.Error())
		return
	}
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "%d workers, blocks of %d", workers, block)
	wantMerged := &Summary{}
	wantMerged.merge(wantSummary)
	require.Equal(t, wantMerged, summary)
}

var bulkJudge = Judge{Checker: ivp.Checker{History: ivp.Published()}}

const bulkHeading = "device_id,device_type,spec,gbcs,install_date,scope\n"

var hostileRows = []string{
	"a,ESME,SMETS2 v3.1,2.1,2023-04-27,\n",
	"a,ESME,SMETS2 v3.1,2.1,2023-04-28,\r\n",
	"a,ESME,SMETS2 v3.1,2.1,2023-04-28T10:00,\r\n",
	"a,ESME,SMETS2 v3.1,2.1,2023-04-27T23:00:00Z,\n", "a,ESME,SMETS2 v3.1,2.1,2023-04-28T00:30:00+02:00,\n",
	"a,ESME,SMETS2 v3.1,2.1,\" 2023-04-27 23:30:00.123456789+00:00 \",\n", "a,ESME,4,2.1,2023-04-27T23:00Z,\n", ",,,,2023-04-27T23:00Z,\n",
	"a,ESME,SMETS2 v3.1,2.1,2023-04-27 24:00,\n", "a,ESME,SMETS2 v3.1,2.1,20230427,\n", "a,ESME,SMETS2 v3.1,2.1,2023-04-27+01:00,\r\n",
	"\n", "\r\n", ",,,,,\n", " , ,,,,\n", ",,,,2022-01-01,\n",
	"a,ESME\n", "a,ESME,4,,2022-01-01,,,\n",
	"\"a\",\"ESME\",\"SMETS2 v4.2\",3.2,2022-01-01,\n",
	"\"two\nlines\",ESME,SMETS2 v4.2,3.2,2022-01-01,\n",
	"\"crlf\r\nin\",ESME,SMETS2 v4.2,3.2,2022-01-01,\n",
	"a \"stray\" quote,ESME,SMETS2 v4.2,3.2,2022-01-01,\n",
	"\"after\" it,ESME,SMETS2 v4.2,3.2,2022-01-01,\n",
	"\"open,ESME,SMETS2 v4.2,3.2,2022-01-01,\n",
	"a,Toaster,SMETS2 v4.2,3.2,2022-01-01,\n",
	"a,ESME,4,3.2,2022-01-01,\n", "a,ESME,SMETS2 v4.2,x,2022-02-30,\n", "a,ESME,SMETS2 v4.2,3.2,,\n",
	"a,ESME,SMETS V1.2,0.0,2019-03-15,prepayment\n", "a,ESME,SMETS V1.2,0.0,2019-03-15,acme\n",
	"\xff\xfe,ESME,SMETS2 v4.2,3.2,2022-01-01,\n", "nul\x00,ESME,SMETS2\x00 v4.2,3.2,2022-01-01,\n",
	"\"a\",\"ESME\",\"SMETS2 v4.2\",\"3.2\",\"2022-01-01\",\"\"\n", "\"a\",\"ESME\",SMETS2 v4.2,\"3.2\",\"2022-01-01\",\"acme\"\r\n",
	"a,ESME,SMETS2 v4.2,3.2,\"2022-01-01\",\"x, y\"\n", "a,ESME,SMETS2 v4.2,3.2, \"2022-01-01\" , \"acme\" \n", "a,ESME,SMETS2 v4.2,3.2,2022-01-01,\"a \"\"b\"\"\"\n",
	"a,ESME,SMETS2 v4.2,3.2,2022-01-01,\"line\nend\"\n", "\"a,b\",\"ESME,SMETS2 v4.2\",\"3.2\",2022-01-01\n", "\"a\",\"\"\"ESME\",\"SMETS2 v4.2\"\"\",3.2,\"2022-01-01\",\"\"\n",
	"\"a\"\"b\"\",ESME,\"SMETS2 v4.2\",3.2,2022-01-01,\n", "\"a\"\",ESME,\"\"SMETS2 v4.2\",3.2,2022-01-01,\n", "a\",ESME,\"SMETS2 v4.2,3.2,2022-01-01,\n",
	"a,Communications Hub,CHTS V1.1,GBCS Version 2.0  ,1850-01-01,\n", "a,CHF,1.3,3.2,9999-12-31,\n",
}

func hostileFile(rows ...string) []byte { return []byte(bulkHeading + strings.Join(rows, "")) }

func TestBulkAgreesAtEveryBlockBoundary(t *testing.T) {
	input := hostileFile(hostileRows...)
	for block := 1; block < len(input)+2; block += 1 + block/40 {
		requireSame(t, input, bulkJudge, ReaderOptions{Name: "f"}, nil, block%2 == 0, 1+block%4, block)
	}
	for _, row := range hostileRows {
		for _, cut := range []int{0, 1, 2} { // with and without a final newline
			one := hostileFile(row)
			requireSame(t, one[:len(one)-min(cut, len(row))], bulkJudge, ReaderOptions{}, nil, true, 2, 8)
		}
	}
}

func drawInput(t *rapid.T) []byte {
	rows := rapid.SliceOfN(rapid.SampledFrom(hostileRows), 0, 40).Draw(t, "rows")
	input := hostileFile(rows...)
	if rapid.Bool().Draw(t, "mark") {
		input = append([]byte("\xef\xbb\xbf"), input...)
	}
	for range rapid.IntRange(0, 3).Draw(t, "flips") {
		at := rapid.IntRange(len(bulkHeading), len(input)).Draw(t, "at")
		with := rapid.SampledFrom([]string{"\"", "\n", ",", "\r", "x", "\"\""}).Draw(t, "with")
		input = append(input[:at:at], append([]byte(with), input[at:]...)...)
	}
	if rapid.Bool().Draw(t, "cut") {
		input = bytes.TrimRight(input, "\r\n")
	}
	return input
}

func TestBulkAgreesOnHostileInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		judge := bulkJudge
		judge.Checker.LastDayExcluded = rapid.Bool().Draw(t, "excluded")
		judge.Checker.AssumeOpen = rapid.Bool().Draw(t, "open")
		if rapid.Bool().Draw(t, "latest") {
			judge.Checker.AsAt = judge.Checker.History.Latest()
		}
		opts := ReaderOptions{Name: "f"}
		if rapid.Bool().Draw(t, "on") {
			judge.On, _ = ivp.ParseDate("2022-09-21")
			opts.Columns.OnGiven = true
		}
		if rapid.Bool().Draw(t, "scope") {
			judge.ScopeGiven, judge.Scope = true, "prepayment"
			opts.Columns.ScopeGiven = true
		}
		var only *Selection
		if rapid.Bool().Draw(t, "only") {
			s, err := ParseSelection("not_eligible,bad-row")
			require.NoError(t, err)
			only = &s
		}
		requireSame(t, drawInput(t), judge, opts, only, rapid.Bool().Draw(t, "why"),
			rapid.IntRange(1, 4).Draw(t, "workers"), rapid.IntRange(1, 300).Draw(t, "block"))
	})
}

// TestBulkAgreesOnRecheck checks rows with the columns of an earlier check, and those of
// them whose answer has changed.
func TestBulkAgreesOnRecheck(t *testing.T) {
	answers := []string{"eligible,within-period,2023-04-27", "eligible,within-period,27/04/2023", "not_eligible,after-end,2023-04-27", "undetermined,bad-version,", "undetermined,bad-row,", "\"eligible\",\"within-period\",", ",,", "x"}
	rapid.Check(t, func(t *rapid.T) {
		judge := bulkJudge
		judge.Since = rapid.Bool().Draw(t, "since")
		judge.Source = rapid.Bool().Draw(t, "source")
		opts := ReaderOptions{Name: "f", Columns: ColumnOptions{Recheck: true}}
		input, last := "ivp_outcome,ivp_reason,ivp_to,"+bulkHeading, rapid.Bool().Draw(t, "last")
		if last {
			input = strings.TrimSuffix(bulkHeading, "\n") + ",ivp_outcome,ivp_reason,ivp_to\n"
		}
		for _, row := range rapid.SliceOfN(rapid.SampledFrom(hostileRows), 0, 40).Draw(t, "rows") {
			answer := rapid.SampledFrom(answers).Draw(t, "answer")
			if text := strings.TrimRight(row, "\r\n"); last {
				input += text + "," + answer + row[len(text):]
			} else {
				input += answer + "," + row
			}
		}
		workers, block := rapid.IntRange(1, 4).Draw(t, "workers"), rapid.IntRange(1, 300).Draw(t, "block")
		if !judge.Since {
			style := CSVStyle{Safe: rapid.Bool().Draw(t, "safe")}
			requireSameStyled(t, []byte(input), judge, opts, style, nil, rapid.Bool().Draw(t, "why"), workers, block)
			return
		}
		reader, err := NewReader(strings.NewReader(input), opts)
		require.NoError(t, err)
		want := &Summary{}
		var changed []int
		for {
			row, err := reader.Read()
			if err == io.EOF {
				break
			}
			result := judge.Row(row)
			want.addResult(row, result)
			if result.Changed() {
				changed = append(changed, row.Line)
			}
		}
		merged := &Summary{}
		merged.merge(want)
		var got []int
		out := BulkOutput{Lines: TypedRows, Rows: func(rows []TypedRow) error {
			for _, row := range rows {
				got = append(got, row.Row.Line)
			}
			return nil
		}}
		_, summary, err := bulkPass(strings.NewReader(input), judge, opts, CSVStyle{}, out, false, workers, block)
		require.NoError(t, err)
		require.Equal(t, merged, summary)
		require.Equal(t, changed, got)
	})
}

// TestBulkOfLongLines holds that lines which come in parts come out as they went in,
// each with what is added once.
func TestBulkOfLongLines(t *testing.T) {
	const good = "00-07-81-00-00-9C-41-EC,ESME,SMETS2 v4.2,3.2,2022-03-01,\r\n"
	long := strings.Repeat("x,=y.", 17<<20/5)
	input := bulkHeading + good + long + "\r\n" + good + "a\"" + long + "\n" + good + long
	for _, style := range []CSVStyle{{}, {Safe: true}} {
		want, _, err := typedPass(t, []byte(input), bulkJudge, ReaderOptions{}, style, BulkOutput{}, true)
		require.NoError(t, err)
		out, summary, err := bulkPass(strings.NewReader(input), bulkJudge, ReaderOptions{}, style, BulkOutput{}, true, 2, scan.BlockSize)
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, out))
		assert.Equal(t, 6, summary.Devices)
		assert.Equal(t, 3, summary.Malformed)
		assert.Len(t, summary.FirstFaults, 3)
		if style.Safe {
			continue // the two passes take parts of other lengths, and agree
		}
		assert.Equal(t, 3, bytes.Count(out, []byte(long+",undetermined,bad-row,")))
		assert.Equal(t, 6, bytes.Count(out, []byte{'\n'}))
	}
}

// TestBulkOfRowsThatAreAllDifferent compares the passes where rows share an answer
// although their cells differ, and where a profile is worked out at its second row.
func TestBulkOfRowsThatAreAllDifferent(t *testing.T) {
	var rows []string
	for i := range 400 {
		for _, row := range []string{
			"a,ESME,SMETS2 v4.2,3.2,2022-06-01,scope %d\n", "a,ESME,SMETS V1.2,,2019-03-15,scope %d\n", "a,ESME,SMETS V1.2,0.0,2019-03-15, PrePayment \n",
			"a,ESME,SMETS2 v4.2%[1]dx,3.2,2022-06-01,\n", "a,ESME,SMETS2 v4.2,x%d,2022-06-01,scope %[1]d\n", "a,kind %d,4.2,3.2,2022-06-01,\n", "a,,4.%d,,2022-06-01,\n",
			"a,kind %d,x%[1]d,y%[1]d,date %[1]d,scope %[1]d\n", "a,ESME,SMETS2 v3.1,2.1,2022-02-3%d,\n", "a,ESME,SMETS2 v3.1,,,scope %d\n", ",,,,,scope %d\n", "total,,,,,\n", "a,ESME,SMETS2 v%d.0,3.2,,\n",
		} {
			if strings.Contains(row, "%") {
				row = fmt.Sprintf(row, i)
			}
			rows = append(rows, row)
		}
	}
	input := hostileFile(rows...)
	on := bulkJudge
	on.On = ivp.Published().Latest()
	for name, judge := range map[string]Judge{"own days": bulkJudge, "one day": on} {
		for _, why := range []bool{false, true} {
			opts := ReaderOptions{Name: "f", Columns: ColumnOptions{Dates: new(ISODates), OnGiven: judge.On.Valid()}}
			want, wantSummary, err := typedPass(t, input, judge, opts, CSVStyle{}, BulkOutput{}, why)
			require.NoError(t, err)
			got, summary, err := bulkPass(bytes.NewReader(input), judge, opts, CSVStyle{}, BulkOutput{}, why, 2, 0)
			require.NoError(t, err)
			require.True(t, bytes.Equal(want, got), "%s, %t", name, why)
			merged := &Summary{}
			merged.merge(wantSummary)
			require.Len(t, summary.Scopes, len(merged.Scopes)) // of many, some are kept
			merged.Scopes, summary.Scopes = nil, nil
			require.Equal(t, merged, summary)
		}
	}
}

// TestMemoWorthwhile checks that no profile is made for rows that do not come again, and
// that one is made for the second row of a key, also among many others.
func TestMemoWorthwhile(t *testing.T) {
	m := newMemo(memoMost)
	expects := func(i int) bool {
		return m.worthwhile(fmt.Appendf(nil, "SMETS2 v%d.%d", i/100, i%100))
	}
	for i := range 100_000 {
		assert.False(t, expects(i), i)
	}
	assert.Len(t, m.once, onceMost)
	assert.True(t, expects(99_999))
	for range 3 {
		for i := range onceMost / 8 {
			expects(i)
		}
	}
	again := 0
	for i := range onceMost / 8 {
		if expects(i) {
			again++
		}
	}
	assert.Greater(t, again, onceMost/10)
}

// TestMostProfiles checks how many profiles are remembered with many break days, and
// where results are kept.
func TestMostProfiles(t *testing.T) {
	few, many := &breakTable{days: make([]ivp.Date, 54)}, &breakTable{days: make([]ivp.Date, 100_000)}
	for _, test := range []struct {
		breaks *breakTable
		keep   bool
		want   int
	}{
		{few, false, memoMost}, {few, true, memoMost / 2}, {many, false, memoDays/100_000 + memoFirst},
	} {
		a := profiler{breaks: test.breaks, keep: test.keep}
		assert.Equal(t, test.want, a.mostProfiles(), "%+v", test)
	}
}

// TestBreakTableOfManyDays checks places beyond those that 16 bits can count.
func TestBreakTableOfManyDays(t *testing.T) {
	first := day(t, "1800-01-01")
	breaks := []ivp.Date{ivp.MinDate()}
	for n := range 100_000 {
		breaks = append(breaks, first.AddDays(n))
	}
	table := newBreakTable(breaks)
	for _, place := range []int{0, 1, 65_535, 65_536, 82_000, 99_999} {
		assert.Equal(t, place, table.index(breaks[place]), breaks[place])
		assert.Equal(t, breaks[place], table.firstDay(breaks[place]))
	}
	assert.Equal(t, len(breaks), table.index(ivp.Date{}))
	assert.Equal(t, len(breaks)+1, table.index(ivp.UnreadableDate()))
}

func FuzzBulk(f *testing.F) {
	f.Add(hostileFile(hostileRows...), uint8(50), uint8(2))
	f.Add([]byte("spec;install_date\nSMETS2 v4.2;2022-01-01"), uint8(3), uint8(1))
	f.Add([]byte("ivp_outcome,spec,install_date\n\"x\",SMETS2 v4.2,2022-01-01\n"), uint8(3), uint8(1))
	f.Fuzz(func(t *testing.T, input []byte, block, workers uint8) {
		opts := ReaderOptions{Name: "f", Columns: ColumnOptions{Recheck: true}}
		requireSame(t, input, bulkJudge, opts, nil, workers%2 == 0, 1+int(workers%4), 1+int(block))
	})
}

// manyProfiles has more profiles than the memo holds, and then common ones.
func manyProfiles() []byte {
	var b strings.Builder
	b.WriteString(bulkHeading)
	for i := range memoMost + memoPatience + 5000 {
		scope := fmt.Sprint(i)
		if i > memoMost+memoPatience {
			scope = ""
		}
		fmt.Fprintf(&b, "d,ESME,SMETS2 v4.2,3.2,2022-01-%02d,%s\n", 1+i%31, scope)
	}
	return []byte(b.String())
}

func TestBulkWithMoreProfilesThanItRemembers(t *testing.T) {
	if testing.Short() {
		t.Skip("a long input")
	}
	input := manyProfiles()
	want, wantSummary, err := typedPass(t, input, bulkJudge, ReaderOptions{}, CSVStyle{}, BulkOutput{}, false)
	require.NoError(t, err)
	got, summary, err := bulkPass(bytes.NewReader(input), bulkJudge, ReaderOptions{}, CSVStyle{}, BulkOutput{}, false, 1, 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got))
	assert.Equal(t, wantSummary.Devices, summary.Devices)
	assert.Equal(t, wantSummary.Reasons, summary.Reasons)
	assert.Equal(t, wantSummary.UnnamedScope, summary.UnnamedScope)
}

func TestBulkTakesAnyReader(t *testing.T) {
	input := hostileFile(hostileRows...)
	want, _, err := typedPass(t, input, bulkJudge, ReaderOptions{}, CSVStyle{}, BulkOutput{}, false)
	require.NoError(t, err)
	for _, src := range []io.Reader{
		iotest.OneByteReader(bytes.NewReader(input)), iotest.HalfReader(bytes.NewReader(input)), iotest.DataErrReader(bytes.NewReader(input)),
	} {
		got, _, err := bulkPass(src, bulkJudge, ReaderOptions{}, CSVStyle{}, BulkOutput{}, false, 3, 64)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
	}
}

func TestBulkReportsErrors(t *testing.T) {
	pulled := errors.New("pulled")
	head := strings.NewReader(bulkHeading + strings.Repeat("d,ESME,SMETS2 v4.2,3.2,2022-01-01,\n", 100) + "d,ESME")
	got, _, err := bulkPass(io.MultiReader(head, iotest.ErrReader(pulled)), bulkJudge, ReaderOptions{Name: "f"}, CSVStyle{}, BulkOutput{}, false, 2, 100)
	assert.ErrorIs(t, err, pulled)
	assert.Equal(t, 101, bytes.Count(got, []byte("\n")), "the whole rows before the error")

	reader, err := NewReader(bytes.NewReader(hostileFile(hostileRows...)), ReaderOptions{})
	require.NoError(t, err)
	err = Bulk{Judge: bulkJudge}.Begin([]*BulkOutput{{W: &failingWriter{after: 1}}}).Input(t.Context(), reader)
	var writing *WriteError
	assert.ErrorAs(t, err, &writing)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = CheckCSV(ctx, io.Discard, bytes.NewReader(hostileFile(hostileRows...)), CheckOptions{Judge: bulkJudge})
	assert.ErrorIs(t, err, context.Canceled)
}

type failingWriter struct{ after int }

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.after--; w.after < 0 {
		return 0, errors.New("full")
	}
	return len(p), nil
}

func TestBulkProgressCountsEveryRow(t *testing.T) {
	input := append([]byte(bulkHeading), bytes.Repeat([]byte("d,ESME,SMETS2 v4.2,3.2,2022-01-01,\n"), 1000)...)
	reader, err := NewReader(bytes.NewReader(input), ReaderOptions{})
	require.NoError(t, err)
	var mu sync.Mutex
	rows := 0
	bulk := Bulk{Judge: bulkJudge, blockSize: 500, Progress: func(n int) {
		mu.Lock()
		defer mu.Unlock()
		rows += n
	}}
	require.NoError(t, bulk.Begin([]*BulkOutput{{W: io.Discard}}).Input(t.Context(), reader))
	assert.Equal(t, 1000, rows)
}

func TestDayTableAgreesWithReadDate(t *testing.T) {
	table := days()
	day, _ := ivp.ParseDate("1974-12-25")
	for range 56000 {
		got, ok := table.read([]byte(day.String()), ISODates)
		year, _, _ := day.Civil()
		require.Equal(t, year >= tableFrom && year <= tableTo, ok, "%s", day)
		if ok {
			require.Equal(t, day, got)
		}
		day = day.AddDays(1)
	}
}

func FuzzDayTable(f *testing.F) {
	table := days()
	for _, cell := range []string{"2022-04-27", "2022-02-30", "27/04/2022", "04/27/2022", "31/02/2022", "27-04-2022"} {
		f.Add([]byte(cell))
	}
	f.Fuzz(func(t *testing.T, cell []byte) {
		for _, format := range []DateFormat{ISODates, DayFirst, MonthFirst} {
			if got, ok := table.read(cell, format); ok {
				want, err := ReadDate(string(cell), format)
				require.NoError(t, err)
				require.Equal(t, want, got)
			}
		}
	})
}

// TestBreakTableFindsEveryDay compares the table with the search, for the breaks of
// the record and for some that fall on neighbouring days and outside the table.
func TestBreakTableFindsEveryDay(t *testing.T) {
	crowd := []ivp.Date{ivp.MinDate()}
	for _, text := range []string{"1900-01-01", "1975-01-01", "1999-12-31", "2000-01-01", "2000-01-02", "2125-12-31", "2126-01-01", "2400-02-29"} {
		day, err := ivp.ParseDate(text)
		require.NoError(t, err)
		crowd = append(crowd, day)
	}
	for _, days := range [][]ivp.Date{ivp.Published().Breaks(), crowd, crowd[:1]} {
		table := newBreakTable(days)
		day, _ := ivp.ParseDate("1974-12-25")
		for range 56000 {
			require.Equal(t, table.search(day), table.at(day), "%s", day)
			day = day.AddDays(1)
		}
		for _, day := range append(days, ivp.MinDate(), ivp.MaxDate()) {
			require.Equal(t, table.search(day), table.at(day), "%s", day)
		}
	}
}

// FuzzJSONAgainstCSV has the engine write one inventory as CSV and as JSON, and
// expects the same cells and the same answers of both.
func FuzzJSONAgainstCSV(f *testing.F) {
	const heading = "Id,SMETS Version,Installation Date,Note\n"
	f.Add([]byte(strings.Join(rechecked, "")), uint8(50), uint8(2))
	for _, row := range rechecked {
		f.Add([]byte(row), uint8(9), uint8(1))
	}
	f.Fuzz(func(t *testing.T, rows []byte, block, workers uint8) {
		options := ReaderOptions{Delimiter: ',', Columns: ColumnOptions{Dates: new(DateFormat)}}
		reader, err := NewReader(io.MultiReader(strings.NewReader(heading), bytes.NewReader(rows)), options)
		require.NoError(t, err)
		var asCSV, asJSON bytes.Buffer
		bulk := Bulk{Judge: bulkJudge, Why: true, Workers: 1 + int(workers%4), blockSize: 1 + int(block)}
		require.NoError(t, bulk.Begin([]*BulkOutput{{W: &asCSV}, {W: &asJSON, Lines: JSONLines}}).Input(t.Context(), reader))

		options.Columns.Recheck = true
		written, err := NewReader(&asCSV, options)
		require.NoError(t, err)
		wires := json.NewDecoder(&asJSON)
		for {
			row, err := written.Read()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			if row.Kind == BlankLine {
				continue
			}
			var wire Wire
			require.NoError(t, wires.Decode(&wire), "the row %q of CSV is not in JSON", row.Raw)
			require.Equal(t, row.Line, wire.Line)
			if row.Kind == BadRow { // of which re-reading leaves out the answers
				require.Equal(t, "bad-row", wire.Reason)
				continue
			}
			left := ""
			if wire.DaysLeft != nil {
				left = fmt.Sprint(*wire.DaysLeft)
			}
			want := []string{}
			for _, cell := range wire.Input {
				want = append(want, cell[1])
			}
			want = append(want, wire.Outcome, wire.Reason, wire.Spec, wire.To, left, wire.Amendment, wire.On, wire.AsAt, wire.From, wire.End, wire.Explanation)
			require.Equal(t, want, throughJSON(t, row.Cells))
		}
		require.False(t, wires.More(), "JSON has a row that is not in CSV")
	})
}

// throughJSON returns texts as JSON can hold them: valid UTF-8.
func throughJSON(t *testing.T, texts []string) (read []string) {
	data, err := json.Marshal(texts)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &read))
	return read
}

// TestDaysAreCountedByMonth compares the counts of a worker with those made one by
// one, at the edges of months, of the pages and of the calendar.
func TestDaysAreCountedByMonth(t *testing.T) {
	var days dayCounts
	var got, want Summary
	last := ivp.MinDate().AddDays(firstCounted + len(days)<<9 - 1 - ivp.MinDate().DayNumber())
	for _, on := range []ivp.Date{
		{}, ivp.UnreadableDate(), ivp.MinDate(), ivp.MaxDate(), day(t, "2026-11-30"), day(t, "2026-11-30"), day(t, "2026-12-01"), day(t, "2026-12-31"), day(t, "2027-01-01"),
		ivp.MinDate().AddDays(firstCounted - 1 - ivp.MinDate().DayNumber()), ivp.MinDate().AddDays(firstCounted - ivp.MinDate().DayNumber()), last, last.AddDays(1),
	} {
		if !days.add(on) {
			got.addMonth(on, 1)
		}
		want.addMonth(on, 1)
	}
	days.addTo(&got)
	days.addTo(&got)
	assert.Equal(t, want.Months, got.Months)
	assert.Equal(t, 2, got.Months[12*2026+10])
	assert.Equal(t, 2, got.Months[12*2026+11])
}
