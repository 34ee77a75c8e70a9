package scan

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// comma is the usual dialect, and plain that without quotes.
var comma, plain = Dialect{Delimiter: ','}, Dialect{Delimiter: ',', NoQuotes: true}

// told is a record as the tests write it down.
type told struct {
	raw, end string
	cells    []string
	newlines int
	fault    Fault
}

// tell splits a whole input and checks, record by record, what holds of all.
func tell(t testing.TB, input []byte, d Dialect) []told {
	t.Helper()
	var all []told
	rest := input
	for {
		rec, n, more := Next(rest, d, true, nil)
		require.False(t, more, "nothing can be asked for at the end of the input")
		if n == 0 {
			require.Empty(t, rest)
			return all
		}
		require.Equal(t, n, rec.Len+rec.EndLen)
		require.Equal(t, rec.Newlines, bytes.Count(rest[:n], newlineByte))
		all = append(all, tellOne(rest[:n], rec))
		rest = rest[n:]
	}
}

func tellOne(data []byte, rec Record) told {
	one := told{raw: string(data[:rec.Len]), end: string(data[rec.Len:]), newlines: rec.Newlines, fault: rec.Fault}
	for _, c := range rec.Cells {
		one.cells = append(one.cells, string(c.AppendText(nil, data)))
	}
	return one
}

func TestNext(t *testing.T) {
	good := func(raw, end string, newlines int, cells ...string) told {
		return told{raw: raw, end: end, newlines: newlines, cells: cells}
	}
	bad := func(raw, end string, newlines int, kind FaultKind, offset, line, column int) told {
		return told{raw: raw, end: end, newlines: newlines, fault: Fault{kind, offset, line, column}}
	}
	for _, tt := range []struct {
		name, input string
		want        []told
	}{
		{"nothing", "", nil},
		{"one cell", "a", []told{good("a", "", 0, "a")}},
		{"cells and both line ends", "a,b\nc,d\r\n", []told{good("a,b", "\n", 1, "a", "b"), good("c,d", "\r\n", 1, "c", "d")}},
		{"empty cells", ",\n,", []told{good(",", "\n", 1, "", ""), good(",", "", 0, "", "")}},
		{"blank lines", "\n\r\na\n\n", []told{good("", "\n", 1), good("", "\r\n", 1), good("a", "\n", 1, "a"), good("", "\n", 1)}},
		{"quoted", `"a","b,c"` + "\r\n", []told{good(`"a","b,c"`, "\r\n", 1, "a", "b,c")}},
		{"quoted to the end of the input", `a,"b"`, []told{good(`a,"b"`, "", 0, "a", "b")}},
		{"an empty quoted cell is no blank line", `""` + "\n", []told{good(`""`, "\n", 1, "")}},
		{"doubled quotes", `"a""b",""""` + "\n", []told{good(`"a""b",""""`, "\n", 1, `a"b`, `"`)}},
		{"newlines in quotes", "\"a\nb\r\nc\",d\ne", []told{good("\"a\nb\r\nc\",d", "\n", 3, "a\nb\nc", "d"), good("e", "", 0, "e")}},
		{"a lone carriage return is data", "a\rb,\r,\"c\rd\"\n", []told{good("a\rb,\r,\"c\rd\"", "\n", 1, "a\rb", "\r", "c\rd")}},
		{"two carriage returns", "a\r\r\n", []told{good("a\r", "\r\n", 1, "a\r")}},
		{"half a line end at the end", "a,\r", []told{good("a,", "\r", 0, "a", "")}},
		{"half a line end alone", "a\n\r", []told{good("a", "\n", 1, "a"), good("", "\r", 0)}},
		{"half a line end after a quote", "\"a\"\r", []told{good("\"a\"", "\r", 0, "a")}},
		{"half a line end of what is malformed", "a\"\r", []told{bad("a\"", "\r", 0, BareQuote, 1, 0, 2)}},
		{"an end mark", "a\r\n\x1a", []told{good("a", "\r\n", 1, "a"), good("\x1a", "", 0, "\x1a")}},
		{"end marks after a cell", "a,b\r\x1a\x1a", []told{good("a,b", "\r", 0, "a", "b"), good("\x1a\x1a", "", 0, "\x1a\x1a")}},
		{"an end mark after an empty cell", "a,\x1a", []told{good("a,", "", 0, "a", ""), good("\x1a", "", 0, "\x1a")}},
		{"an end mark after a quote", "\"a\"\x1a", []told{good("\"a\"", "", 0, "a"), good("\x1a", "", 0, "\x1a")}},
		{"an end mark that ends nothing", "\"a\"\x1ab", []told{bad("\"a\"\x1ab", "", 0, AfterQuote, 3, 0, 4)}},
		{"spaces around quotes", "a, \"b,\nc\"\t , \"\" \r\nd", []told{good("a, \"b,\nc\"\t , \"\" ", "\r\n", 2, "a", "b,\nc", ""), good("d", "", 0, "d")}},
		{"a quote after a space, never closed", "a, \"b\nc", []told{bad("a, \"b", "\n", 1, Unterminated, 3, 0, 4), good("c", "", 0, "c")}},
		{"NUL and invalid UTF-8 are data", "a\x00,\xff\xfe\n", []told{good("a\x00,\xff\xfe", "\n", 1, "a\x00", "\xff\xfe")}},
		{"a bare quote", "a,b\"c\nd\n", []told{bad("a,b\"c", "\n", 1, BareQuote, 3, 0, 4), good("d", "\n", 1, "d")}},
		{"text after a quote", "\"a\"b\nd\n", []told{bad("\"a\"b", "\n", 1, AfterQuote, 3, 0, 4), good("d", "\n", 1, "d")}},
		{"a carriage return after a quote", "\"a\"\rb\n", []told{bad("\"a\"\rb", "\n", 1, AfterQuote, 3, 0, 4)}},
		{"a quote never closed", "a,\"b\nc,d\n", []told{bad("a,\"b", "\n", 1, Unterminated, 2, 0, 3), good("c,d", "\n", 1, "c", "d")}},
		{"a fault on a later line", "x,\"a\nbc\"d\ne\n", []told{
			bad("x,\"a", "\n", 1, AfterQuote, 8, 1, 4), bad("bc\"d", "\n", 1, BareQuote, 2, 0, 3), good("e", "\n", 1, "e")}},
		{"the first line of what is malformed is blank to the eye", "\"\nx\"y\n", []told{
			bad("\"", "\n", 1, AfterQuote, 4, 1, 3), bad("x\"y", "\n", 1, BareQuote, 1, 0, 2)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, tell(t, []byte(tt.input), comma))
		})
	}
}

func TestNextWithoutQuotes(t *testing.T) {
	want := []told{
		{raw: `"a,5" pipe`, end: "\r\n", newlines: 1, cells: []string{`"a`, `5" pipe`}},
		{raw: `"`, end: "\n", newlines: 1, cells: []string{`"`}},
		{raw: `b, "c"`, cells: []string{"b", ` "c"`}},
	}
	assert.Equal(t, want, tell(t, []byte("\"a,5\" pipe\r\n\"\nb, \"c\""), plain))
}

func TestNextAsksForMore(t *testing.T) {
	for _, tt := range []struct {
		name, buf string
		more      bool
	}{
		{"nothing", "", true},
		{"no line end", "a,b", true},
		{"perhaps half a line end", "a\r", true},
		{"a line", "a\n", false},
		{"an open quote", "\"a\nb\n", true},
		{"a quote that may be doubled yet", `"a"`, true},
		{"a carriage return after a quote", "\"a\"\r", true},
		{"a quoted cell and its line end", "\"a\"\n", false},
		{"a fault, its line unfinished", `a"b`, true},
		{"a fault, its line whole", "a\"b\n", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, more := Next([]byte(tt.buf), comma, false, nil)
			assert.Equal(t, tt.more, more)
		})
	}
}

func TestRecordLimit(t *testing.T) {
	line := func(n int) string { return strings.Repeat("x", n) }
	quoted := func(n int) string { return "\"\n" + strings.Repeat("x", n-3) + `"` }
	for _, tt := range []struct {
		name, input string
		raw         int
		want        FaultKind
	}{
		{"a line of just the limit", line(MaxRecord-1) + "\n", MaxRecord - 1, 0},
		{"a line one over", line(MaxRecord) + "\n", MaxRecord - 1, TooLong},
		{"a line of just the limit, by its carriage return", line(MaxRecord-2) + "\r\n", MaxRecord - 2, 0},
		{"a line one over, by its carriage return", line(MaxRecord-1) + "\r\n", MaxRecord - 1, TooLong},
		{"no line end, just the limit", line(MaxRecord), MaxRecord, 0},
		{"no line end, one over", line(MaxRecord + 1), MaxRecord - 1, TooLong},
		{"quoted lines of just the limit", quoted(MaxRecord-1) + "\n", MaxRecord - 1, 0},
		{"quoted lines one over", quoted(MaxRecord) + "\n", 1, TooLong},
		{"a fault after the limit", line(MaxRecord) + "\"\n", MaxRecord - 1, TooLong},
		{"a fault before the limit", "x\"" + line(MaxRecord) + "\n", MaxRecord - 1, BareQuote},
		{"an open quote up to the limit", "\"\n" + line(MaxRecord-2), 1, Unterminated},
		{"an open quote over the limit", "\"\n" + line(MaxRecord-1), 1, TooLong},
	} {
		t.Run(tt.name, func(t *testing.T) {
			input := []byte(tt.input)
			rec, n, more := Next(input, comma, true, nil)
			require.False(t, more)
			assert.Equal(t, tt.want, rec.Fault.Kind)
			assert.Equal(t, tt.raw, rec.Len)
			assert.Equal(t, rec.Malformed() && rec.EndLen == 0 && len(input) > MaxRecord, rec.Open, "only what is too long comes in parts")
			if len(input) <= MaxRecord {
				assert.Equal(t, lastEndByNext(input, comma), LastEnd(input, comma))
			}
			if rec.EndLen > 0 && rec.Fault.Kind != Unterminated {
				_, again, more := Next(append(input, "\nafter\n"...), comma, false, nil)
				assert.False(t, more)
				assert.Equal(t, n, again, "the same with more behind it")
			}
		})
	}
}

func TestTooLongNamesTheCell(t *testing.T) {
	rec, _, _ := Next([]byte("a\nb,\"\n" + strings.Repeat("x", MaxRecord))[2:], comma, true, nil)
	assert.Equal(t, Fault{TooLong, 2, 0, 3}, rec.Fault)
}

func TestNextAllocatesNothing(t *testing.T) {
	line := []byte("a,\"b\"\"c\",\"d\ne\",f\n")
	cells := make([]Cell, 0, 8)
	assert.Zero(t, testing.AllocsPerRun(100, func() { Next(line, comma, false, cells) }))
}

func TestCell(t *testing.T) {
	record := []byte("a, \"b\"\t,\"c\"\"d\re\"\n")
	rec, _, _ := Next(record, comma, true, nil)
	var raw []string
	for _, c := range rec.Cells {
		raw = append(raw, string(c.Raw(record[:rec.Len], comma)))
	}
	assert.Equal(t, []string{"a", " \"b\"\t", "\"c\"\"d\re\""}, raw)
	assert.Equal(t, []Form{Bare, Quoted, Escaped}, []Form{rec.Cells[0].Form, rec.Cells[1].Form, rec.Cells[2].Form})
	assert.Equal(t, "xc\"d\re", string(rec.Cells[2].AppendText([]byte("x"), record)))
}
