package config

import (
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// nearest returns the known name that a mistyped one is likeliest to mean: at
// most two letters and a third of it away, without regard to case and to _ in
// the place of -; "" where none is.
func nearest(name string, known []string) string {
	best, least := "", 3
	for _, candidate := range known {
		a, b := compared(name), compared(candidate)
		distance := levenshtein.ComputeDistance(a, b)
		if 3*distance <= min(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) && distance < least {
			best, least = candidate, distance
		}
	}
	return best
}

func compared(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "_", "-")
}
