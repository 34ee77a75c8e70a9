package ivp

import (
	"encoding/json"
	"fmt"
	"strings"
)

// verdictJSON is the JSON form of a verdict and of a finding. A verdict that
// nobody judged has only the outcome undetermined.
type verdictJSON struct {
	Outcome Outcome      `json:"outcome"`
	Reason  Reason       `json:"reason,omitempty"`
	Window  *Window      `json:"window,omitempty"`
	Assumed bool         `json:"assumed,omitempty"`
	TS      *verdictJSON `json:"ts,omitempty"`
	GBCS    *verdictJSON `json:"gbcs,omitempty"`
	Pair    *verdictJSON `json:"pair,omitempty"`
}

// MarshalJSON returns the verdict as an object: outcome, reason, the window that
// decided, and in ts, gbcs and pair the findings that were judged, each in the
// same form. Absent values are left out.
func (v Verdict) MarshalJSON() ([]byte, error) {
	form := verdictJSON{
		Outcome: v.Outcome(), Reason: v.Reason, Window: v.Window.orNil(),
		TS: v.TS.form(), GBCS: v.GBCS.form(), Pair: v.Pair.form(),
	}
	return json.Marshal(form)
}

// UnmarshalJSON reads what [Verdict.MarshalJSON] returns, and ignores unknown
// keys. It returns an error for an unknown reason, and if an outcome is not that
// of its reason.
func (v *Verdict) UnmarshalJSON(data []byte) error {
	var form verdictJSON
	if err := json.Unmarshal(data, &form); err != nil {
		return err
	}
	for _, part := range []*verdictJSON{&form, form.TS, form.GBCS, form.Pair} {
		if part != nil && part.Outcome != part.Reason.Outcome() {
			return fmt.Errorf("the outcome %s contradicts the reason %q, whose outcome is %s", part.Outcome, part.Reason, part.Reason.Outcome())
		}
	}
	*v = Verdict{form.Reason, form.Window.orZero(), form.TS.finding(), form.GBCS.finding(), form.Pair.finding()}
	return nil
}

func (f Finding) form() *verdictJSON {
	if f == (Finding{}) {
		return nil
	}
	return &verdictJSON{Outcome: f.Reason.Outcome(), Reason: f.Reason, Window: f.Window.orNil(), Assumed: f.Assumed}
}

func (form *verdictJSON) finding() Finding {
	if form == nil {
		return Finding{}
	}
	return Finding{form.Reason, form.Window.orZero(), form.Assumed}
}

func (w Window) orNil() *Window {
	if w == (Window{}) {
		return nil
	}
	return &w
}

func (w *Window) orZero() Window {
	if w == nil {
		return Window{}
	}
	return *w
}

// windowJSON is the JSON form of a window, in which each bound has two keys.
type windowJSON struct {
	Spec      string `json:"spec,omitempty"`
	Scope     string `json:"scope,omitempty"`
	From      string `json:"from,omitempty"`
	Seen      Date   `json:"seen,omitzero"`
	To        string `json:"to,omitempty"`
	Confirmed Date   `json:"confirmed,omitzero"`
	Amendment string `json:"amendment,omitempty"`
}

// MarshalJSON returns the window as an object with spec, scope, from, to and
// amendment. A bound is a date, "open" or "not-on-record". For the latter, seen
// is the day on which the version was first seen, and confirmed the last day
// confirmed. Absent values are left out.
func (w Window) MarshalJSON() ([]byte, error) {
	form := windowJSON{Spec: w.Spec.String(), Scope: w.Scope, From: w.From.String(), To: w.To.String(), Amendment: w.Amendment}
	if w.Spec.Version == "" {
		form.Spec = w.Spec.Family.String() // of a family without a version
	}
	if w.From.Kind == NotOnRecord {
		form.Seen = w.From.Day
	}
	if w.To.Kind == NotOnRecord {
		form.Confirmed = w.To.Day
	}
	return json.Marshal(form)
}

// UnmarshalJSON reads what [Window.MarshalJSON] returns, and ignores unknown
// keys.
func (w *Window) UnmarshalJSON(data []byte) error {
	var form windowJSON
	if err := json.Unmarshal(data, &form); err != nil {
		return err
	}
	spec, err := specNamed(form.Spec)
	if err != nil {
		return err
	}
	from, err := boundNamed(form.From, form.Seen)
	if err != nil {
		return fmt.Errorf("from: %w", err)
	}
	to, err := boundNamed(form.To, form.Confirmed)
	if err != nil {
		return fmt.Errorf("to: %w", err)
	}
	*w = Window{spec, form.Scope, from, to, form.Amendment}
	return nil
}

// specNamed reads what [Spec.String] returns, also for a version that ParseSpec
// does not read, and the name of a family alone.
func specNamed(text string) (Spec, error) {
	family, rest := cutFamily(text)
	switch {
	case text == "":
		return Spec{}, nil
	case text == unreadableFamily.String():
		return UnreadableSpec(), nil
	case rest == "":
		return Spec{Family: family}, nil
	}
	_, version, _ := strings.Cut(rest, " v")
	if spec := (Spec{family, version}); spec.String() == text {
		return spec, nil
	}
	return ParseSpec(text, 0)
}

func boundNamed(text string, day Date) (Bound, error) {
	for kind, name := range boundKinds {
		if text == name && BoundKind(kind) != Dated {
			return Bound{BoundKind(kind), day}, nil
		}
	}
	on, err := ParseDate(text)
	return On(on), err
}
