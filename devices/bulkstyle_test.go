package devices

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// analystRows are rows as analysts have them, beside the hostile ones.
var analystRows = append([]string{
	"=1+1,ESME,SMETS2 v3.1,2.1,03/04/2023,\n",
	"1.23E+15,Elec Meter,SMETS2 v3.1,2.1,27/04/2023 09:30,\r\n",
	"\"-5\",elec meter ,04-Feb,2.1,27-Apr-23,\n",
	"+a,ESME,SMETS2 v3.1,2.1,4 April 2023,\n",
	"@,ESME,SMETS2 v3.1,2.1,04/27/2023,\n",
}, hostileRows...)

func TestBulkAgreesInEveryStyle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		judge := bulkJudge
		judge.WithinAsked, judge.Within = rapid.Bool().Draw(t, "within"), rapid.IntRange(0, 400).Draw(t, "days")
		style := CSVStyle{Excel: rapid.Bool().Draw(t, "excel"), Safe: rapid.Bool().Draw(t, "safe")}
		opts := ReaderOptions{Name: "f", Sheet: rapid.Bool().Draw(t, "sheet"), Live: rapid.Bool().Draw(t, "live")}
		opts.Columns.Dates = new(rapid.SampledFrom([]DateFormat{ISODates, DayFirst, MonthFirst}).Draw(t, "dates"))
		opts.Columns.Values = map[Field]map[string]string{DeviceType: {"Elec Meter": "ESME"}}
		var only *Selection
		if rapid.Bool().Draw(t, "only") {
			s, err := ParseSelection("closing,bad-date")
			require.NoError(t, err)
			only = &s
		}
		rows := rapid.SliceOfN(rapid.SampledFrom(analystRows), 0, 40).Draw(t, "rows")
		input := hostileFile(rows...)
		if opts.Sheet { // a sheet has no malformed records
			input = hostileFile(rapid.SliceOfN(rapid.SampledFrom(sheetRows), 0, 40).Draw(t, "sheet rows")...)
		}
		requireSameStyled(t, input, judge, opts, style, only, rapid.Bool().Draw(t, "why"),
			rapid.IntRange(1, 4).Draw(t, "workers"), rapid.IntRange(1, 300).Draw(t, "block"))
	})
}

var sheetRows = []string{
	"a,ESME,SMETS2 v3.1,2.1,2023-04-27,\n", "\n", ",,,,,\n",
	"\"two\nlines\",ESME,SMETS2 v3.1,2.1,27/04/2023,\n", "\"a \"\"b\"\"\n\n\",ESME,x,2.1,2023-04-27,\n",
}

func TestSheetRowsAreNumberedAsTheSpreadsheetDoes(t *testing.T) {
	input := hostileFile(sheetRows[3], sheetRows[1], sheetRows[4], sheetRows[0])
	reader, err := NewReader(bytes.NewReader(input), ReaderOptions{Sheet: true})
	require.NoError(t, err)
	var lines []int
	for row, err := reader.Read(); err != io.EOF; row, err = reader.Read() {
		require.NoError(t, err)
		lines = append(lines, row.Line)
	}
	assert.Equal(t, []int{2, 3, 4, 5}, lines)
}

// TestTypedRowsAreThoseOfTheTypedPass holds what the engine hands over against
// what a judge says of each row but the blank ones.
func TestTypedRowsAreThoseOfTheTypedPass(t *testing.T) {
	input := hostileFile(analystRows...)
	options := ReaderOptions{Columns: ColumnOptions{Dates: new(DayFirst)}}
	judge := bulkJudge
	judge.WithinAsked, judge.Within = true, 30
	for _, block := range []int{1, 50, 5000} {
		reader, err := NewReader(bytes.NewReader(input), options)
		require.NoError(t, err)
		var got []TypedRow
		take := func(rows []TypedRow) error {
			for _, r := range rows {
				r.Row.Raw, r.Row.End = bytes.Clone(r.Row.Raw), bytes.Clone(r.Row.End)
				got = append(got, r)
			}
			return nil
		}
		pass := Bulk{Judge: judge, Workers: 3, blockSize: block}.Begin([]*BulkOutput{{Lines: TypedRows, Rows: take}})
		require.NoError(t, pass.Input(context.Background(), reader))
		typed, err := NewReader(bytes.NewReader(input), options)
		require.NoError(t, err)
		next := func() (row Row, err error) {
			for row, err = typed.Read(); err == nil && row.Kind == BlankLine; {
				row, err = typed.Read()
			}
			return row, err
		}
		for _, g := range got {
			row, err := next()
			require.NoError(t, err)
			want := judge.Row(row)
			assert.Equal(t, row.Line, g.Row.Line)
			assert.Equal(t, row.Kind, g.Row.Kind)
			assert.Equal(t, row.Cells, g.Row.Cells)
			assert.Equal(t, string(row.Raw), string(g.Row.Raw))
			assert.Equal(t, want.Cells(true), g.Result.Cells(true), string(row.Raw))
			assert.Equal(t, want.movedNote(), g.Result.movedNote(), string(row.Raw))
			assert.Equal(t, want.Closing(), g.Result.Closing(), string(row.Raw))
		}
		_, err = next()
		assert.Equal(t, io.EOF, err, "as many rows")
	}
}

func TestEnoughEndsTheHandingOver(t *testing.T) {
	reader, err := NewReader(bytes.NewReader(hostileFile(analystRows...)), ReaderOptions{})
	require.NoError(t, err)
	none := func(*Cause) bool { return true }
	take := func(rows []TypedRow) error { t.Error("rows were handed over"); return nil }
	pass := Bulk{Judge: bulkJudge}.Begin([]*BulkOutput{{Lines: TypedRows, Rows: take, Enough: none}})
	require.NoError(t, pass.Input(context.Background(), reader))
	assert.Positive(t, pass.Summary().Devices, "all rows are counted")
}

// TestLongCellsAreCutInJSON checks that the cells of a row take at most mostOfWire bytes
// as JSON, also where one byte becomes six, and that no more is cut than that needs.
func TestLongCellsAreCutInJSON(t *testing.T) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	for _, text := range []string{"x", "\x00", "\n", "\"", "\\", "\xff", "\u2028", "é", "\u200b", "<", "\x7f", "x\x00"} {
		for _, room := range []int{0, 1, 5, 6, 7, 12, 600} {
			part, size := cutForWire(strings.Repeat(text, 100), room)
			b.Reset()
			require.NoError(t, encoder.Encode(part))
			took := b.Len() - len(`""`) - len("\n")
			assert.LessOrEqual(t, took, size, "%q", text)
			assert.LessOrEqual(t, size, room, "%q", text)
			if len(part) < 100*len(text) {
				assert.Greater(t, size, room-len(`\u0000`), "%q", text)
			}
		}
	}
	for _, test := range []struct {
		cell string
		cut  bool
	}{{strings.Repeat("x", mostOfWire-40), false}, {strings.Repeat("x", mostOfWire+1), true}, {strings.Repeat("\x00", mostOfWire/6+1), true}} {
		input := "spec,install_date,note\n4.2,,1," + test.cell + "\n4.2,,," + test.cell + "\nSMETS2 v4.2,2022-01-01," + test.cell + "\n"
		var out bytes.Buffer
		reader, err := NewReader(strings.NewReader(input), ReaderOptions{})
		require.NoError(t, err)
		require.NoError(t, Bulk{Judge: bulkJudge}.Begin([]*BulkOutput{{W: &out, Lines: JSONLines}}).Input(t.Context(), reader))
		for line := range strings.Lines(out.String()) {
			assert.Less(t, len(line), mostOfWire+1000)
			assert.Equal(t, test.cut, strings.Contains(line, cutMark))
		}
	}
}
