package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
	"github.com/spf13/cobra"
)

func (c *Command) rulesHistory() *cobra.Command {
	var rules rulesFlags
	var format listFormat
	cmd := &cobra.Command{
		Use:   "history [SPEC]",
		Short: "Show what was set when, by what, with its source",
		Example: `  ivp rules history
  ivp rules history "SMETS2 v3.1"`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			var spec ivp.Spec
			if len(args) == 1 {
				if spec, err = specArgument(h, args[0]); err != nil {
					return err
				}
			}
			return c.writeHistory(h, spec, format)
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", format.flags()})
	return cmd
}

// specArgument reads a version that must be on record.
func specArgument(h ivp.History, text string) (ivp.Spec, error) {
	spec, err := ivp.ParseSpec(text, 0)
	if err != nil {
		return spec, exit.With(exit.Usage, err)
	}
	if !slices.Contains(h.Specs(), spec) {
		var known []string
		for _, s := range h.Specs() {
			known = append(known, s.String())
		}
		return spec, exit.Usagef("no amendment on record names %s: want one of %s", spec, strings.Join(known, ", "))
	}
	return spec, nil
}

// changeWire is one change that an amendment made, in JSON.
type changeWire struct {
	Amendment   string         `json:"amendment"`
	Title       string         `json:"title,omitempty"`
	InForce     string         `json:"in_force"`
	PerhapsFrom string         `json:"perhaps_from,omitempty"`
	Spec        string         `json:"spec"`
	Scope       string         `json:"scope,omitempty"`
	GBCS        string         `json:"gbcs,omitempty"`  // of permitted pairs
	Types       []string       `json:"types,omitempty"` // of permitted pairs
	Change      string         `json:"change"`
	Inferred    string         `json:"inferred,omitempty"`
	Citations   []citationWire `json:"citations"`
}

// historyLine is one change as text.
type historyLine struct {
	InForce     string `csv:"in_force"`
	PerhapsFrom string `csv:"perhaps_from"`
	Amendment   string `csv:"amendment"`
	Spec        string `csv:"spec"`
	Scope       string `csv:"scope"`
	Change      string `csv:"change"`
	Source      string `csv:"source"`
}

// writeHistory shows every change to a version, or to all for the zero one.
func (c *Command) writeHistory(h ivp.History, spec ivp.Spec, format listFormat) error {
	lines, wires := []historyLine{}, []changeWire{}
	add := func(a ivp.Amendment, w changeWire, change string) {
		var sources []string
		for _, citation := range a.Citations {
			sources = append(sources, citation.String())
		}
		lines = append(lines, historyLine{w.InForce, w.PerhapsFrom, a.ID, w.Spec, w.Scope, change, strings.Join(sources, "; ")})
		wires = append(wires, w)
	}
	for _, a := range h.Amendments() {
		for _, e := range a.Entries {
			if !spec.IsZero() && e.Spec != spec {
				continue
			}
			w := newChangeWire(a, e.Spec)
			w.Scope, w.Change, w.Inferred = e.Scope, changeText(e), e.Inferred
			change := w.Change
			if e.Inferred != "" {
				change += " (inferred)"
			}
			add(a, w, change)
		}
		for _, p := range pairChanges(a, spec) {
			w := newChangeWire(a, p.spec)
			w.GBCS, w.Types, w.Change = p.gbcs.String(), p.types, p.text()
			add(a, w, w.Change)
		}
	}
	return writeListing(c.Stdout, format, lines, wires)
}

// changeText says in words what an entry does.
func changeText(e ivp.Entry) string {
	if e.Remove {
		return "removed"
	}
	var parts []string
	switch e.From.Kind {
	case ivp.Dated:
		parts = append(parts, "listed from "+e.From.String())
	case ivp.NotOnRecord:
		parts = append(parts, "listed, start not on record")
	}
	switch e.To.Kind {
	case ivp.Dated:
		parts = append(parts, "end "+e.To.String())
	case ivp.Open:
		parts = append(parts, "no end")
	case ivp.NotOnRecord:
		parts = append(parts, "end not on record")
	}
	if e.Confirmed.Valid() {
		parts = append(parts, "confirmed "+e.Confirmed.String())
	}
	return strings.Join(parts, ", ")
}

func newChangeWire(a ivp.Amendment, spec ivp.Spec) changeWire {
	w := changeWire{Amendment: a.ID, Title: a.Title, InForce: a.InForce.String(), PerhapsFrom: a.PerhapsFrom.String(), Spec: spec.String()}
	for _, citation := range a.Citations {
		w.Citations = append(w.Citations, citationWire(citation))
	}
	return w
}

// pairChange is what an amendment does to the pairs of two versions.
type pairChange struct {
	spec, gbcs ivp.Spec
	remove     bool
	types      []string
}

// pairChanges returns what an amendment does to the pairs of a version, TS or
// GBCS, or of all for the zero one.
func pairChanges(a ivp.Amendment, spec ivp.Spec) (changes []pairChange) {
	for _, p := range a.Pairs {
		if !spec.IsZero() && p.Spec != spec && p.GBCS != spec {
			continue
		}
		at := slices.IndexFunc(changes, func(c pairChange) bool { return c.spec == p.Spec && c.gbcs == p.GBCS && c.remove == p.Remove })
		if at < 0 {
			at = len(changes)
			changes = append(changes, pairChange{spec: p.Spec, gbcs: p.GBCS, remove: p.Remove})
		}
		changes[at].types = append(changes[at].types, p.Type.String())
	}
	return changes
}

func (c pairChange) text() string {
	verb := "permitted"
	if c.remove {
		verb = "no longer permitted"
	}
	return fmt.Sprintf("%s with %s: %s", verb, c.gbcs, strings.Join(c.types, ", "))
}
