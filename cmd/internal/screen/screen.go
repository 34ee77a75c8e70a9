// Package screen makes text from files safe to show to a person. Such text can move
// the cursor of a terminal, reverse the order of letters, or become a picture or a
// link in Markdown. These functions escape it: [Writer] and [Line] for terminals
// and pages, [Markdown] for Markdown. Cells that a spreadsheet would take for
// formulas are escaped by the CSV writer (devices.CSVStyle). Data files (CSV, JSON,
// workbooks) are written unescaped.
package screen

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// hidden reports whether a character is not printed as itself: control characters of
// ASCII and Latin-1, marks that change the direction of text, separators of lines
// and paragraphs, and noncharacters.
func hidden(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r <= 0x9f, r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x206f, r == 0xfffe, r == 0xffff:
		return true
	}
	return false
}

// appendShown appends the first character of s, and returns its length in s. A
// hidden character, or a byte that is not UTF-8, is escaped as in a Go string.
func appendShown(b []byte, s string) ([]byte, int) {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r == utf8.RuneError && size == 1, r < utf8.RuneSelf && hidden(r):
		return fmt.Appendf(b, `\x%02x`, s[0]), 1
	case hidden(r):
		return fmt.Appendf(b, `\u%04x`, r), size
	}
	return append(b, s[:size]...), size
}

// Text escapes hidden characters. Line ends and tabs are kept; CR LF becomes LF.
func Text(s string) string {
	b := make([]byte, 0, len(s))
	for len(s) > 0 {
		size := 1
		switch {
		case strings.HasPrefix(s, "\r\n"):
			size = 2
			b = append(b, '\n')
		case s[0] == '\n' || s[0] == '\t':
			b = append(b, s[0])
		default:
			b, size = appendShown(b, s)
		}
		s = s[size:]
	}
	return string(b)
}

// Line escapes text for one line: line ends and tabs become spaces.
func Line(s string) string {
	return Text(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r != ' ' && unicode.IsSpace(r) && hidden(r) }), " "))
}

// Cell escapes a cell for a narrow table: in one line, without outer and repeated
// spaces, cut to most characters.
func Cell(s string, most int) string {
	s = Line(strings.Join(strings.Fields(s[:min(len(s), most*2*utf8.UTFMax)]), " "))
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most-1]) + "…"
	}
	return s
}

// Markdown escapes text for one line of Markdown, GitHub's included, so that it
// makes no markup, link, picture or table.
func Markdown(s string) string {
	s = Line(s)
	var b strings.Builder
	for i, r := range s {
		before, rest := s[:i], s[i+utf8.RuneLen(r):]
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&' && begins(rest, isEntity):
			b.WriteString("&amp;")
		case strings.ContainsRune("|[]`*~$#", r), r == '\\' && begins(rest, unicode.IsPunct, unicode.IsSymbol),
			r == '_' && !(ends(before, isWord) && begins(rest, isWord)), // snake_case is no emphasis
			r == ':' && strings.HasPrefix(rest, "/"), r == '.' && strings.HasSuffix(strings.ToLower(before), "www"):
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '@' && begins(rest, isWord):
			b.WriteString("@\u2060") // GitHub has no escape that prevents a link to an address; a word joiner does, and is invisible
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// isEntity reports whether a character may follow the & of a character reference.
func isEntity(r rune) bool { return isWord(r) || r == '#' }

func begins(s string, kinds ...func(rune) bool) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && anyOf(r, kinds)
}

func ends(s string, kinds ...func(rune) bool) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return s != "" && anyOf(r, kinds)
}

func anyOf(r rune, kinds []func(rune) bool) bool {
	for _, is := range kinds {
		if is(r) {
			return true
		}
	}
	return false
}

// Writer escapes text as [Text] does, for a terminal or a page. Several goroutines
// may use it.
type Writer struct {
	w    io.Writer
	lock sync.Mutex
	rest []byte // an incomplete character at the end of the last Write
}

// NewWriter returns a writer that writes escaped text to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write writes p to the underlying writer, escaped.
func (w *Writer) Write(p []byte) (int, error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	text := append(w.rest, p...)
	whole := len(text)
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if utf8.RuneStart(text[len(text)-n]) {
			if !utf8.FullRune(text[len(text)-n:]) {
				whole -= n
			}
			break
		}
	}
	w.rest = bytes.Clone(text[whole:])
	if _, err := io.WriteString(w.w, Text(string(text[:whole]))); err != nil {
		return 0, err
	}
	return len(p), nil
}
