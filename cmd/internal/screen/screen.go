// Package screen makes text that came from files fit to be shown. What a file
// holds may move the cursor of a terminal, turn the order of letters round, or make
// a picture or a link where a person expects words; shown by one of these functions
// it is only read. There is one for each place where text is shown: [Writer] and
// [Line] for terminals and pages, [Markdown] for Markdown. CSV that a spreadsheet
// may take for formulas is a matter of the CSV writer: see devices.CSVStyle. Files
// of data (CSV, JSON, workbooks) are not shown, and hold what came in.
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

// hidden reports whether a character does something instead of showing itself: the
// control characters of ASCII and of Latin-1, the marks and embeddings that change
// the direction of text, the separators of lines and paragraphs, and what is no
// character.
func hidden(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r <= 0x9f, r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x206f, r == 0xfffe, r == 0xffff:
		return true
	}
	return false
}

// appendShown appends the first character of s as it is shown, and returns its
// length in s. What is hidden, or no UTF-8, is written as in a string of Go.
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

// Text returns text as it is shown. Line ends and tabs stay what they are.
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

// Line returns text as it is shown in one line: line ends and tabs are spaces.
func Line(s string) string {
	return Text(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r != ' ' && unicode.IsSpace(r) && hidden(r) }), " "))
}

// Cell returns a cell as it is shown in a narrow table: in one line, without outer
// and double spaces, at most so many characters long.
func Cell(s string, most int) string {
	s = Line(strings.Join(strings.Fields(s[:min(len(s), most*2*utf8.UTFMax)]), " "))
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most-1]) + "…"
	}
	return s
}

// Markdown returns text as it is shown in one line of Markdown, as GitHub reads it
// too: no markup, link, picture or table comes of it.
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
			b.WriteString("@\u2060") // no escape keeps GitHub from an address; this joins, and does not show
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

// Writer writes text as [Text] shows it, for a terminal or a page. Several
// goroutines may use it.
type Writer struct {
	w    io.Writer
	lock sync.Mutex
	rest []byte // the beginning of a character whose end is to come
}

// NewWriter returns a writer that shows text on w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write shows the text.
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
