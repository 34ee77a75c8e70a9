package screen

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// forbidden reports whether a character must never be shown. The list is independent
// of the code under test.
func forbidden(r rune) bool {
	return unicode.Is(unicode.Cc, r) || strings.ContainsRune("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe", r)
}

func forbiddenInText(r rune) bool { return r != '\n' && r != '\t' && forbidden(r) }

var shown = map[string]struct{ text, line, markdown string }{
	"plain £ é 電 \u05d0":            {"plain £ é 電 \u05d0", "plain £ é 電 \u05d0", "plain £ é 電 \u05d0"},
	"\x1b[2J\x07":                   {`\x1b[2J\x07`, `\x1b[2J\x07`, `\x1b\[2J\x07`},
	"a\r\nb\tc\rd":                  {"a\nb\tc\\x0dd", "a b c d", "a b c d"},
	"\u009b31m\x9b31m":              {`\u009b31m\x9b31m`, `\u009b31m\x9b31m`, `\u009b31m\x9b31m`},
	"\u202egnp.exe\u2069":           {`\u202egnp.exe\u2069`, `\u202egnp.exe\u2069`, `\u202egnp.exe\u2069`},
	"a\u2028b\u0085c":               {`a\u2028b\u0085c`, "a b c", "a b c"},
	"\x7f\x00":                      {`\x7f\x00`, `\x7f\x00`, `\x7f\x00`},
	"![x](https://e.example/y.png)": {"![x](https://e.example/y.png)", "![x](https://e.example/y.png)", `!\[x\](https\://e.example/y.png)`},
	"www.e.example":                 {"www.e.example", "www.e.example", `www\.e.example`},
	"a@e.example":                   {"a@e.example", "a@e.example", "a@\u2060e.example"},
	"<img src=x>|&lt;&":             {"<img src=x>|&lt;&", "<img src=x>|&lt;&", `&lt;img src=x&gt;\|&amp;lt;&`},
	"not_eligible _a_ *b*":          {"not_eligible _a_ *b*", "not_eligible _a_ *b*", `not_eligible \_a\_ \*b\*`},
	"\\[a](b) C:\\x":                {"\\[a](b) C:\\x", "\\[a](b) C:\\x", `\\\[a\](b) C:\x`},
}

func TestShown(t *testing.T) {
	for text, want := range shown {
		assert.Equal(t, want.text, Text(text), "%q", text)
		assert.Equal(t, want.line, Line(text), "%q", text)
		assert.Equal(t, want.markdown, Markdown(text), "%q", text)
	}
	assert.Equal(t, "a b", Cell(" a\r\n\tb  ", 8))
	assert.Equal(t, "ééééééé…", Cell("ééééééééé", 8))
	assert.Equal(t, "abcdefgh", Cell("abcdefgh", 8))
	assert.Equal(t, `\x1b\x1…`, Cell("\x1b\x1b\x1b", 8))
}

// seeds adds the known cases to a fuzz test.
func seeds(f *testing.F) {
	for text := range shown {
		f.Add(text)
	}
	for _, text := range []string{"<https://e.example>", "[a]: https://e.example", "`a`", "mailto:a@b.example", "HTTPS://e.example", "WwW.e.example", "\xe2\x80", "\xed\xa0\x80", "\\\\[", "&#91;"} {
		f.Add(text)
	}
}

func FuzzTerminal(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		require.NotContains(t, Line(text), "\n")
		require.False(t, strings.ContainsFunc(Line(text), forbidden), "%q", Line(text))
		require.False(t, strings.ContainsFunc(Cell(text, 32), forbidden))
		require.LessOrEqual(t, len([]rune(Cell(text, 32))), 32)
		require.False(t, strings.ContainsFunc(Text(text), forbiddenInText), "%q", Text(text))
		require.Equal(t, Text(text), Text(Text(text)))

		var whole, parts bytes.Buffer
		w := NewWriter(&whole)
		_, err := w.Write([]byte(text + "\n"))
		require.NoError(t, err)
		require.Equal(t, Text(text+"\n"), whole.String())
		w = NewWriter(&parts)
		for _, c := range []byte(text + "\n") {
			_, err := w.Write([]byte{c})
			require.NoError(t, err)
		}
		require.False(t, strings.ContainsFunc(parts.String(), forbiddenInText), "%q", parts.String())
		require.Equal(t, strings.ReplaceAll(whole.String(), "\n", ""), strings.ReplaceAll(strings.ReplaceAll(parts.String(), "\\x0d\n", ""), "\n", ""), "written byte by byte, the text is the same except for line ends of two bytes")
	})
}

// active matches what makes links, pictures, markup and tables in Markdown, once
// the escapes are removed.
var (
	escaped = regexp.MustCompile(`\\[[:punct:]]`)
	active  = regexp.MustCompile("(?i)[<>|`\\[\\]*~$#]|[a-z]://|www\\.|[a-z0-9]@[a-z0-9]|&[a-z#]")
	entity  = regexp.MustCompile(`&(lt|gt|amp);`)
)

func FuzzMarkdown(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		made := Markdown(text)
		require.False(t, strings.ContainsFunc(made, forbidden), "%q", made)
		require.NotRegexp(t, active, entity.ReplaceAllString(escaped.ReplaceAllString(made, "·"), "·"), "%q", made)
	})
}
