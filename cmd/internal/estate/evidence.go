package estate

import (
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/ivp"
)

// Evidence returns what a run rests on in this state. No day after today
// vouches for its rules.
func (s State) Evidence(today ivp.Date) *evidence.State {
	return &evidence.State{
		Text: s.Text, Words: s.Words, AsAt: s.AsAt.String(),
		Edition: s.History.Edition(), SHA256: s.History.Digest(), VouchedTo: s.History.VouchedTo(today).String(),
	}
}
