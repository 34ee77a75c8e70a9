package estate

import "github.com/mp196/ivp/cmd/internal/evidence"

// Evidence returns what a run rests on in this state.
func (s State) Evidence() *evidence.State {
	return &evidence.State{
		Text: s.Text, Words: s.Words, AsAt: s.AsAt.String(),
		Edition: s.History.Edition(), SHA256: s.History.Digest(), VouchedTo: s.History.VouchedTo().String(),
	}
}
