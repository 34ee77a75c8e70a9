package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
)

func (c *Command) rulesShow() *cobra.Command {
	var rules rulesFlags
	var format listFormat
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show an amendment whole",
		Long: `show shows everything that is on record of one amendment: what it does, from
when, its entries and permitted pairs, its sources with their words, and notes.
In json it is an amendment file, as --amend takes it.`,
		Example: `  ivp rules show MP196
  ivp rules show MP196 --format json`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			a, err := amendmentArgument(h, args[0])
			if err != nil {
				return err
			}
			return writeListing(c.Stdout, format, amendmentFacts(a), json.RawMessage(ivp.AppendAmendments(nil, a)))
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", format.flags()})
	return cmd
}

// amendmentArgument returns the amendment of an id, in which capitals do not count.
func amendmentArgument(h ivp.History, id string) (ivp.Amendment, error) {
	for _, a := range h.Amendments() {
		if strings.EqualFold(a.ID, strings.TrimSpace(id)) {
			return a, nil
		}
	}
	_, err := h.Without(id) // which names those there are
	return ivp.Amendment{}, exit.With(exit.Usage, err)
}

// amendmentFacts says everything that an amendment holds.
func amendmentFacts(a ivp.Amendment) []fact {
	facts := []fact{{"amendment", a.ID}, {"what it does", a.Title}, {"in force", a.InForce.String()}}
	add := func(what, value string) {
		if value != "" {
			facts = append(facts, fact{what, value})
		}
	}
	add("perhaps from", a.PerhapsFrom.String())
	add("vouched", a.Vouched.String())
	if a.Whole {
		add("whole", "it restates all of the Tables")
	}
	for _, e := range a.Entries {
		value := e.Spec.String()
		if e.Scope != "" {
			value += ", scope " + e.Scope
		}
		value += ": " + changeText(e)
		if e.Inferred != "" {
			value += "; inferred: " + e.Inferred
		}
		if e.Unquoted != "" {
			value += "; not quoted: " + e.Unquoted
		}
		add("entry", value)
	}
	for _, p := range pairChanges(a, ivp.Spec{}) {
		add("pairs", p.spec.String()+" "+p.text())
	}
	for _, c := range a.Citations {
		add("source", c.String())
	}
	add("note", a.Note)
	return facts
}

// pairLine is one permitted pair.
type pairLine struct {
	Spec      string `csv:"spec" json:"spec"`
	GBCS      string `csv:"gbcs" json:"gbcs"`
	Type      string `csv:"type" json:"type"`
	Amendment string `csv:"amendment" json:"amendment"`
	// Perhaps is of a pair that not every reading of the record permits.
	Perhaps string `csv:"reading" json:"reading,omitempty"`
}

// pairLines returns the pairs of a day, in the order of the Tables.
func pairLines(h ivp.History, asAt ivp.Date) []pairLine {
	lines := []pairLine{}
	for _, p := range h.PermittedPairs(asAt) {
		line := pairLine{p.Spec.String(), p.GBCS.String(), p.Type.String(), p.Amendment, ""}
		if p.Perhaps {
			line.Perhaps = "not in every reading"
		}
		lines = append(lines, line)
	}
	return slices.Clip(lines)
}
