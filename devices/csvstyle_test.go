package devices

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices/internal/scan"
)

func TestGuardedCells(t *testing.T) {
	for raw, want := range map[string]string{
		"a,b":                                "a,b",
		"=1+1,+4,-5,@x":                      "'=1+1,'+4,'-5,'@x",
		"a=b,c-d":                            "a=b,c-d",
		`"=a,b",x`:                           `"'=a,b",x`,
		`"a,=b",x`:                           `"a,'=b",x`,
		`"",=x`:                              `"",'=x`,
		`"""=x",y`:                           `"""'=x",y`,
		"\"two\n=lines\"":                    "\"two\n'=lines\"",
		"\"\n=x\",\"\r\n +x\"":               "\"'\n'=x\",\"'\r\n '+x\"",
		" =x,  \t@y,\u00a0-z,\u200b\ufeff=w": "' =x,'  \t'@y,'\u00a0-z,'\u200b\ufeff=w",
		"＝x,＋y,－z,＠w,﹣v":                     "'＝x,'＋y,'－z,'＠w,'﹣v",
		"a;=x,b|+y,c\t-z":                    "a;'=x,b|'+y,c\t'-z",
		`"a ""=b"" =c"`:                      `"a ""'=b"" '=c"`,
		"a - b;c-d,2022-01-10":               "a - b;c-d,2022-01-10",
		"\x1b=x,é=x,\xff=x":                  "'\x1b=x,é=x,'\xff=x",
		"\tx,\ry":                            "'\tx,'\ry",
		"":                                   "",
		",,=":                                ",,'=",
		`a, "=b"`:                            `a, "'=b"`,
		"\t\"=b\",c":                         "\t\"'=b\",c",
	} {
		assert.Equal(t, want, string(appendGuarded(nil, []byte(raw), scan.Dialect{Delimiter: ','}, false)), raw)
	}
	assert.Equal(t, "'=1\t'=2", string(appendGuarded(nil, []byte("=1\t=2"), scan.Dialect{Delimiter: '\t'}, false)))
	assert.Equal(t, `"'=1,'=2"`, string(appendGuarded(nil, []byte(`"=1,=2"`), scan.Dialect{Delimiter: ',', NoQuotes: true}, false)))
	assert.Equal(t, ",-1,\"-2\",'-a,'-1-1,'--1,", string(appendGuarded(nil, []byte(",-1,\"-2\",-a,-1-1,--1,"), scan.Dialect{Delimiter: ','}, true)))
	assert.Equal(t, "'-5", CSVStyle{Safe: true}.Guarded("-5"))
	assert.Equal(t, `"'=x"`, CSVStyle{Safe: true}.Guarded(`"=x"`))
	assert.Equal(t, "=x", CSVStyle{}.Guarded("=x"))
}

var wholeNumber = regexp.MustCompile(`^-[0-9]+$`) // days left, below zero

// FuzzCSVSafe has any text stand above the heading, in it, in a cell, and in a line
// as it comes. However the output is taken apart, no part is a formula, and but for
// what was put in it is what it is in the other style.
func FuzzCSVSafe(f *testing.F) {
	for _, text := range []string{"=1+1", "\t=x", "\n=x", "\r\n +x", "a;=x", "＝x", "\u00a0@x", `"=x`, `a"",=x`, "\"\"\"=x\"\"\"", "'=x", "-5", "\xff=x", "\u202e=x", "\ufeff-x", "sep==\n=x"} {
		for n := range uint8(5) {
			f.Add(text, text, n, n%2 == 0)
		}
	}
	f.Fuzz(func(t *testing.T, text, line string, n uint8, quotes bool) {
		delimiter := ",;\t|="[n%5]
		once := appendGuarded(nil, []byte(line), scan.Dialect{Delimiter: delimiter, NoQuotes: !quotes}, false)
		require.Equal(t, string(once), string(appendGuarded(nil, once, scan.Dialect{Delimiter: delimiter, NoQuotes: !quotes}, false)), "what was guarded stays as it is")
		quoted := func(cell string) string { return string(appendQuoted(nil, cell)) }
		input := strings.Join([]string{"Device ID", "SMETS Version", "Installation Date", "Scope", quoted("x" + text)}, string(delimiter)) + "\n" +
			strings.Join([]string{quoted(text), "SMETS2 v3.1", "2023-04-28", "", quoted(text)}, string(delimiter)) + "\n" +
			strings.Join([]string{quoted(text), quoted(text), quoted(text), quoted(text), quoted(text)}, string(delimiter)) + "\n" + line + "\n"
		if !strings.ContainsAny(text, "\r\n\"") {
			input = text + "\n" + input
		}
		write := func(style CSVStyle) string {
			reader, err := NewReader(strings.NewReader(input), ReaderOptions{Delimiter: delimiter, NoQuotes: !quotes, Columns: ColumnOptions{Dates: new(ISODates), Lenient: true}})
			if err != nil {
				t.Skip(err)
			}
			var out bytes.Buffer
			pass := Bulk{Judge: bulkJudge, Why: true, Style: style, Workers: 1}.Begin([]*BulkOutput{{W: &out}})
			require.NoError(t, pass.Input(context.Background(), reader))
			return out.String()
		}
		plain, safe := write(CSVStyle{}), write(CSVStyle{Safe: true})
		without := func(s string) string { return strings.ReplaceAll(s, "'", "") }
		require.Equal(t, without(plain), without(safe))
		require.GreaterOrEqual(t, len(safe), len(plain))
		for _, part := range strings.FieldsFunc(safe, func(r rune) bool { return strings.ContainsRune(",;\t|\r\n\"", r) }) {
			part = strings.TrimLeftFunc(part, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) || r == utf8.RuneError })
			first, _ := utf8.DecodeRuneInString(part)
			if first == rune(delimiter) || wholeNumber.MatchString(part) {
				continue
			}
			require.NotContains(t, "=+-@＝＋－＠", string(first), "%q in %q", part, safe)
		}
	})
}

func TestDelimiterLine(t *testing.T) {
	for head, want := range map[string]byte{
		"sep=;\r\nx": ';', "sep=,\n": ',', "SEP=\t\n": '\t', "\"sep=;\"\r\n": ';', "sep=|\n": '|',
		"sep=;": 0, "sep=\"\n": 0, "sep=;;\n": 0, "step=;\n": 0, "\"sep=;\n": 0, "": 0,
	} {
		delimiter, ok := new(ReaderOptions).delimiterLine([]byte(head))
		assert.Equal(t, want != 0, ok, head)
		if ok {
			assert.Equal(t, want, delimiter, head)
		}
	}
}
