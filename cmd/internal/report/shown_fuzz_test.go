package report

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/evidence"
)

// FuzzShown has any text stand in every place of a document. What a format for
// people makes of it has no character that does something instead of showing itself,
// and as much markup as with a plain word.
func FuzzShown(f *testing.F) {
	for _, text := range []string{"\x1b[2J", "\u009b31m\x9b", "\u202etxt\u2066\u061c\u200f", "a\u2028b\u0085c\rd\r\n\te", "<b>&lt;![p](https://e.example)|`a`", "</title><script>", "\" onload=x '", "\xff\xc3"} {
		f.Add(text)
	}
	forbidden := func(r rune) bool {
		return r != '\n' && r != '\t' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029')
	}
	written := func(t *testing.T, format Format, text string) string {
		var b bytes.Buffer
		d := Document{
			Title: text, Answer: "answer: " + text, Facts: []string{text}, Warnings: []string{text}, Notes: []string{text},
			Inputs: []string{text}, Made: text, Rules: evidence.RulesCount{Edition: text},
		}
		d.add(Grid{Title: text, Note: text, Heads: []Head{{Name: "Name"}, {Name: text}}, Rows: [][]any{{text, text}, {1, text}}})
		require.NoError(t, WriteDocument(&b, format, d))
		return b.String()
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = "x" + text
		for _, format := range []Format{Table, Markdown, HTML} {
			made, plain := written(t, format, text), written(t, format, "word")
			require.False(t, strings.ContainsFunc(made, forbidden), "%s: %q", format, made)
			require.True(t, utf8.ValidString(made))
			switch format {
			case HTML:
				for _, mark := range []string{"<", ">", "\""} {
					require.Equal(t, strings.Count(plain, mark), strings.Count(made, mark), "%s in %q", mark, made)
				}
			case Markdown, Table:
				require.Equal(t, strings.Count(plain, "\n"), strings.Count(made, "\n"), "%q", made)
			}
		}
	})
}
