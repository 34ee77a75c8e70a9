package remarks

import (
	"fmt"
	"strconv"
	"strings"
)

// Thousands writes a count as people read it, 12,345.
func Thousands(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// Plural returns a number of things: "1 device", "1,234 devices".
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Thousands(n) + " " + what + "s"
}

// DaysLeft says how many days an installation still has, or by how many it is too
// late.
func DaysLeft(days int) string {
	switch {
	case days == 0:
		return "the last day"
	case days < 0:
		return Plural(-days, "day") + " too late"
	}
	return Plural(days, "day") + " left"
}

// Quoted returns words in quotes, with commas between them.
func Quoted(words []string) string {
	var all []string
	for _, word := range words {
		all = append(all, fmt.Sprintf("%q", word))
	}
	return strings.Join(all, ", ")
}
