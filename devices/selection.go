package devices

import (
	"fmt"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Selection is a set of reasons, named by reasons or by whole outcomes, and
// perhaps the eligible devices that close soon. The zero value selects nothing.
type Selection struct {
	reasons uint32
	closing bool
}

// closingWord selects the devices that [Result.Closing] tells.
const closingWord = "closing"

// ParseSelection reads outcomes and reasons with commas between them, such as
// "not_eligible,beyond-record", or "none". The word "closing" selects the
// eligible devices that close soon. It fails on any other word.
func ParseSelection(text string) (Selection, error) {
	var s Selection
	if strings.TrimSpace(text) == "none" {
		return s, nil
	}
	for word := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(word) == closingWord {
			s.closing = true
			continue
		}
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
	return append(words, closingWord)
}

// Has reports whether the selection holds the reason.
func (s Selection) Has(r ivp.Reason) bool { return s.reasons&(1<<r) != 0 }

// Closing reports whether the selection holds the devices that close soon.
func (s Selection) Closing() bool { return s.closing }

// Selects reports whether the selection holds a result.
func (s Selection) Selects(r Result) bool {
	return r.Judged() && (s.Has(r.Reason) || s.closing && r.Closing())
}

// WithReasonsOf returns the selection with every reason of an outcome.
func (s Selection) WithReasonsOf(o ivp.Outcome) Selection {
	s.reasons |= reasonsNamed(o.String())
	return s
}
