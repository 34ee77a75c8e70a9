package main

import (
	"io"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// explanationWire is the JSON shape of an explanation; what is absent is left
// out.
type explanationWire struct {
	devices.Wire
	Terms    termsWire           `json:"terms"`
	Findings []findingWire       `json:"findings,omitempty"`
	Readings []readingWire       `json:"readings,omitempty"`
	Unknown  []string            `json:"not_known,omitempty"`
	Rules    evidence.RulesCount `json:"rules"`
}

type termsWire struct {
	AsAt            ivp.Date `json:"as_at"`
	LastDayExcluded bool     `json:"last_day_excluded"`
	AssumeOpen      bool     `json:"assume_open"`
}

type findingWire struct {
	Subject   string         `json:"subject"`
	Outcome   string         `json:"outcome"`
	Reason    string         `json:"reason"`
	Sentence  string         `json:"sentence"`
	Window    *windowWire    `json:"window,omitempty"`
	Amendment string         `json:"amendment,omitempty"`
	Citations []citationWire `json:"citations,omitempty"`
}

type citationWire struct {
	Document string `json:"document"`
	URL      string `json:"url,omitempty"`
	Quote    string `json:"quote,omitempty"`
}

type readingWire struct {
	Spec    string      `json:"spec"`
	With    []string    `json:"with,omitempty"`
	Without []string    `json:"without,omitempty"`
	Outcome string      `json:"outcome"`
	Reason  string      `json:"reason"`
	Window  *windowWire `json:"window,omitempty"`
}

// windowWire is the JSON shape of a window.
type windowWire struct {
	Spec      string `json:"spec"`
	Scope     string `json:"scope,omitempty"`
	From      string `json:"from,omitempty"`
	Seen      string `json:"seen,omitempty"`
	To        string `json:"to,omitempty"`
	Confirmed string `json:"confirmed,omitempty"`
	Amendment string `json:"amendment,omitempty"`
}

// newWindowWire returns the shape of a window; nil for one that says nothing.
func newWindowWire(w ivp.Window) *windowWire {
	if w.From.Kind == 0 && w.To.Kind == 0 {
		return nil
	}
	wire := &windowWire{Spec: w.Spec.String(), Scope: w.Scope, From: w.From.String(), To: w.To.String(), Amendment: w.Amendment}
	if w.From.Kind == ivp.NotOnRecord {
		wire.Seen = w.From.Day.String()
	}
	if w.To.Kind == ivp.NotOnRecord {
		wire.Confirmed = w.To.Day.String()
	}
	return wire
}

func newFindingWire(f ivp.ExplainedFinding) findingWire {
	wire := findingWire{
		Subject: f.Subject, Outcome: f.Finding.Reason.Outcome().String(), Reason: f.Finding.Reason.String(),
		Sentence: f.Sentence, Window: newWindowWire(f.Finding.Window), Amendment: f.Finding.Window.Amendment,
	}
	for _, c := range f.Amendment.Citations {
		wire.Citations = append(wire.Citations, citationWire(c))
	}
	return wire
}

func newReadingWire(r ivp.Reading) readingWire {
	reason := r.Finding.Reason
	return readingWire{r.Spec.String(), r.With, r.Without, reason.Outcome().String(), reason.String(), newWindowWire(r.Finding.Window)}
}

func writeExplanationJSON(w io.Writer, e ivp.Explanation, checker ivp.Checker, today ivp.Date) error {
	result := devices.Judge{Checker: checker}.Device(devices.Device{Installation: e.Installation})
	wire := explanationWire{
		Wire:    result.Wire(true),
		Terms:   termsWire{e.AsAt, checker.LastDayExcluded, checker.AssumeOpen},
		Unknown: e.Unknown,
		Rules:   evidence.NewRulesCount(checker.History, today),
	}
	for _, f := range e.Findings {
		wire.Findings = append(wire.Findings, newFindingWire(f))
	}
	for _, r := range e.Readings {
		wire.Readings = append(wire.Readings, newReadingWire(r))
	}
	return writeJSON(w, wire)
}
