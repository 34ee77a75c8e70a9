// Package words puts numbers and lists into words.
package words

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Plural returns a number of things: "1 device", "2 devices".
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Quoted returns words in quotes, with commas between them.
func Quoted(words []string) string {
	var all []string
	for _, word := range words {
		all = append(all, fmt.Sprintf("%q", word))
	}
	return strings.Join(all, ", ")
}

// mostRunes is the length up to which a cell is shown whole.
const mostRunes = 64

// Clipped returns a cell in one line of a readable length, as a copy.
func Clipped(cell string) string {
	s := cell[:min(len(cell), 2*utf8.UTFMax*mostRunes)]
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	if utf8.RuneCountInString(s) > mostRunes {
		s = string([]rune(s)[:mostRunes-1]) + "…"
	}
	return strings.Clone(s)
}
