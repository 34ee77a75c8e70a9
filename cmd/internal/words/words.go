// Package words puts numbers and lists into words.
package words

import (
	"fmt"
	"strings"
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
