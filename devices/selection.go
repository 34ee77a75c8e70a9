package devices

import (
	"fmt"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Selection is a set of reasons, named by reasons or by whole outcomes. The
// zero value selects nothing.
type Selection struct {
	reasons uint32
}

// ParseSelection reads outcomes and reasons with commas between them, such as
// "not_eligible,beyond-record", or "none". It fails on any other word.
func ParseSelection(text string) (Selection, error) {
	var s Selection
	if strings.TrimSpace(text) == "none" {
		return s, nil
	}
	for word := range strings.SplitSeq(text, ",") {
		added := reasonsNamed(strings.TrimSpace(word))
		if added == 0 {
			return Selection{}, fmt.Errorf("%q is neither an outcome nor a reason: want %s", word, strings.Join(selectionWords(), ", "))
		}
		s.reasons |= added
	}
	return s, nil
}

func reasonsNamed(word string) (set uint32) {
	for _, r := range ivp.Reasons() {
		if r.String() == word || r.Outcome().String() == word {
			set |= 1 << r
		}
	}
	return set
}

func selectionWords() []string {
	var words []string
	for _, o := range ivp.Outcomes() {
		words = append(words, o.String())
	}
	for _, r := range ivp.Reasons() {
		words = append(words, r.String())
	}
	return words
}

// Has reports whether the selection holds the reason.
func (s Selection) Has(r ivp.Reason) bool { return s.reasons&(1<<r) != 0 }
