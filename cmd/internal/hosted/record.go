package hosted

import (
	"fmt"
	"slices"

	"github.com/mp196/ivp/ivp"
)

// asked is the record of the last question. A host asks the same record again
// and again, and to read it takes longer than to ask it.
var asked struct {
	read    bool
	rules   *string
	amend   []string
	history ivp.History
}

// history returns the record that a question asks.
func (q *Question) history() (ivp.History, error) {
	if asked.read && sameText(asked.rules, q.Rules) && slices.Equal(asked.amend, q.Amend) {
		return asked.history, nil
	}
	h := ivp.Published()
	if q.Rules != nil {
		var err error
		if h, err = ivp.Parse([]byte(*q.Rules)); err != nil {
			return h, fmt.Errorf("rules: no record of rules:\n%w", err)
		}
	}
	for n, text := range q.Amend {
		amended, err := h.AmendFile([]byte(text))
		if err != nil {
			return h, fmt.Errorf("amend: file %d of %d cannot be added to the record:\n%w", n+1, len(q.Amend), err)
		}
		h = amended
	}
	asked.read, asked.rules, asked.amend, asked.history = true, q.Rules, q.Amend, h
	return h, nil
}

// sameText reports whether two texts are the same, or neither is given.
func sameText(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }
