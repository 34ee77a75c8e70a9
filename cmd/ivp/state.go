package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/ivp"
)

// lawState is a state of the law: rules, possibly with amendments left out or added,
// and the day whose Tables are applied.
type lawState struct {
	// Text is the state as the user wrote it; Words describes it.
	Text    string
	Words   string
	History ivp.History
	// AsAt is the day whose Tables are applied; no date for the Tables of each
	// device's own day.
	AsAt ivp.Date
	// Notes name the parts of the state that have no effect, and dates that could be
	// read in two ways.
	Notes []string
}

// stateGrammar explains how a state is written, for messages.
const stateGrammar = "a day (YYYY-MM-DD, DD/MM/YYYY or today), latest or nothing (the Tables of each row's own day), optionally followed by ,-ID to leave an amendment out and ,+FILE to add those of a file, such as latest,-MP196"

// parseState reads a state of the law, based on the rules record. The error names the
// part of the text that is wrong. today is no date if the clock is wrong.
func parseState(text string, record ivp.History, today ivp.Date) (lawState, error) {
	s := lawState{Text: text, History: record}
	base, changes, _ := strings.Cut(text, ",")
	base = strings.TrimSpace(base)
	if strings.HasPrefix(base, "+") || strings.HasPrefix(base, "-") {
		base, changes = "", text
	}
	r := stateReader{lawState: s}
	if changes != "" {
		for change := range strings.SplitSeq(changes, ",") {
			if err := r.change(strings.TrimSpace(change)); err != nil {
				return lawState{}, fmt.Errorf("%q: %w", text, err)
			}
		}
	}
	if err := r.base(base, today); err != nil {
		return lawState{}, fmt.Errorf("%q: %w", text, err)
	}
	r.words()
	return r.lawState, nil
}

// stateReader reads the parts of a state.
type stateReader struct {
	lawState
	changed  []change
	dayGiven bool // false for latest
}

// change is one amendment left out or added.
type change struct {
	ivp.Amendment
	file string // empty if left out
}

// change leaves out or adds the amendments that one part of the state names.
func (r *stateReader) change(part string) error {
	switch {
	case strings.HasPrefix(part, "-") && len(part) > 1:
		id := strings.TrimSpace(part[1:])
		a, _ := r.History.Amendment(id)
		changed, err := r.History.Without(id)
		if err != nil {
			return err
		}
		r.History, r.changed = changed, append(r.changed, change{a, ""})
		return nil
	case strings.HasPrefix(part, "+") && len(part) > 1:
		return r.add(strings.TrimSpace(part[1:]))
	}
	return fmt.Errorf("%q: want %s", part, stateGrammar)
}

func (r *stateReader) add(file string) error {
	amended, _, err := amendFile(r.History, file)
	if err != nil {
		return err
	}
	for _, a := range amended.Amendments() {
		if _, before := r.History.Amendment(a.ID); !before {
			r.changed = append(r.changed, change{a, file})
		}
	}
	r.History = amended
	return nil
}

// base reads the day whose Tables are applied; latest is that of the changed rules.
func (r *stateReader) base(text string, today ivp.Date) (err error) {
	switch text {
	case "":
	case "latest":
		r.AsAt = r.History.Latest()
	case "today":
		if !today.Valid() {
			return errors.New("the clock of this machine is wrong, so today's date is not known: set the clock, or give the day as YYYY-MM-DD")
		}
		r.AsAt = today
	default:
		var note string
		if r.AsAt, note, err = remarks.ReadDay(text); err != nil {
			return fmt.Errorf("%q: want %s", text, stateGrammar)
		}
		if note != "" {
			r.Notes = append(r.Notes, fmt.Sprintf("%q: %s", r.Text, note))
		}
	}
	r.dayGiven = r.AsAt.Valid() && text != "latest"
	return nil
}

// words sets Words, and adds notes on what has no effect.
func (r *stateReader) words() {
	r.Words = "the law of each device's own day"
	if r.AsAt.Valid() {
		r.Words = "the tables as at " + remarks.Day(r.AsAt)
	}
	for _, c := range r.changed {
		did := "without " + c.ID
		if c.file != "" {
			did = fmt.Sprintf("with %s of %s", c.ID, c.file)
		}
		r.Words += ", " + did
		if r.dayGiven && c.firstDay().After(r.AsAt) {
			r.Notes = append(r.Notes, fmt.Sprintf("%q: %s is in force from %s, after %s, so that to %s changes nothing there", r.Text, c.ID, c.InForce, r.AsAt, c.deed()))
		}
	}
}

// firstDay returns the first day on which the amendment may be in force.
func (c change) firstDay() ivp.Date {
	if c.PerhapsFrom.Valid() {
		return c.PerhapsFrom
	}
	return c.InForce
}

func (c change) deed() string {
	if c.file == "" {
		return "leave it out"
	}
	return "add it"
}

// amendFile returns rules with the amendments of a file added, and the content of the
// file.
func amendFile(h ivp.History, name string) (amended ivp.History, data []byte, err error) {
	data, err = readRulesFile(name)
	if err != nil {
		return h, nil, fmt.Errorf("could not read the amendments: %w", err)
	}
	if amended, err = h.AmendFile(data); err != nil {
		return h, data, fmt.Errorf("%s cannot be added to the rules:\n%w", name, err)
	}
	return amended, data, nil
}

// readRulesFile reads a rules file, or so much of it that [ivp.Parse] reports it as too
// long.
func readRulesFile(name string) ([]byte, error) {
	return input.ReadFile(name, ivp.MostBytes+1)
}

// limitRules reads rules with the same limit as [readRulesFile].
func limitRules(r io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(r, ivp.MostBytes+1)) }

// evidence describes the state for the evidence of a run. VouchedTo is never after
// today.
func (s lawState) evidence(today ivp.Date) *evidence.State {
	return &evidence.State{
		Text: s.Text, Words: s.Words, AsAt: s.AsAt.String(),
		Edition: s.History.Edition(), SHA256: s.History.Digest(), VouchedTo: s.History.VouchedTo(today).String(),
	}
}
