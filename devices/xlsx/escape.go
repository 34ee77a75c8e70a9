package xlsx

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// escapeLength is the length of an escape such as _x000D_.
const escapeLength = 7

// unescape puts characters in place of a workbook's escapes, such as _x000D_ for
// a carriage return and _x005F_ for an underscore that begins no escape. It
// writes over the text.
func unescape(text []byte) []byte {
	i := bytes.Index(text, []byte("_x"))
	if i < 0 {
		return text
	}
	out := text[:i]
	for i < len(text) {
		if r, n := escapeAt(text[i:]); n > 0 {
			out = utf8.AppendRune(out, r)
			i += n
			continue
		}
		out = append(out, text[i])
		i++
	}
	return out
}

// Escape returns a text as a workbook holds it, so that nothing in it is taken for
// an escape.
func Escape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var out strings.Builder
	for i := range len(text) {
		if _, escape := unitAt([]byte(text[i:min(len(text), i+escapeLength)])); escape {
			out.WriteString("_x005F")
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

// escapeAt returns the character that the text's first bytes stand for and how
// many they are: 0 where they are no escape. A character beyond the first plane
// is written as two.
func escapeAt(text []byte) (rune, int) {
	r, ok := unitAt(text)
	switch {
	case !ok:
		return 0, 0
	case !utf16.IsSurrogate(r):
		return r, escapeLength
	}
	low, ok := unitAt(text[escapeLength:])
	if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
		return 0, 0
	}
	return r, 2 * escapeLength
}

func unitAt(text []byte) (rune, bool) {
	if len(text) < escapeLength || text[0] != '_' || text[1] != 'x' || text[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}
