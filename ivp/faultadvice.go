package ivp

import (
	"fmt"
	"strings"
)

// writeIt advises the one spelling that a rules file has for what is meant.
func writeIt(right string) string { return fmt.Sprintf("write it %q", right) }

// dayAdvice says what to do about a text that is no day.
func dayAdvice(text string) string {
	if isoShaped(text) {
		return "look it up again: no calendar has that day"
	}
	return "write year, month and day, as in 2023-04-27"
}

func isoShaped(text string) bool {
	return len(text) == len("2006-01-02") && text[4] == '-' && text[7] == '-'
}

// boundAdvice says what to do about a text that is neither a day nor one of the
// words.
func boundAdvice(text string, words []BoundKind) string {
	for _, word := range words {
		if sameWord(text, word.String()) {
			return writeIt(word.String())
		}
	}
	if sameWord(text, Open.String()) {
		return "a start is never open: where no source gives it, it is not-on-record"
	}
	if isoShaped(text) {
		return dayAdvice(text)
	}
	return "write a day as in 2023-04-27, or the word alone"
}

// sameWord compares without case, spaces, hyphens and underscores.
func sameWord(a, b string) bool {
	plain := strings.NewReplacer(" ", "", "-", "", "_", "")
	return strings.EqualFold(plain.Replace(a), plain.Replace(b))
}
