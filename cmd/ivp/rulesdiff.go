package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
	"github.com/spf13/cobra"
)

func (c *Command) rulesDiff() *cobra.Command {
	var rules rulesFlags
	var format listFormat
	cmd := &cobra.Command{
		Use:   "diff DATE DATE",
		Short: "Compare the tables of two days",
		Long: `diff shows every version whose window differs between the tables of two days, and
every permitted pair that is in one of them alone. It exits 0 when they agree
and 1 when they differ.`,
		Example: `  ivp rules diff 2022-02-23 2022-02-24`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			before, err := c.day("first DATE", args[0], h)
			if err != nil {
				return err
			}
			after, err := c.day("second DATE", args[1], h)
			if err != nil {
				return err
			}
			s := diffSheet(h, before, after)
			if err := s.write(c.Stdout, format); err != nil {
				return err
			}
			if len(s.rows) > 0 {
				return exit.Silent(exit.NotEligible)
			}
			return nil
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", format.flags()})
	return cmd
}

// diffWire is one difference between two tables, in JSON.
type diffWire struct {
	Spec   string   `json:"spec"`
	Scope  string   `json:"scope,omitempty"`
	Type   string   `json:"type,omitempty"` // of a pair, as its GBCS version
	GBCS   string   `json:"gbcs,omitempty"`
	Before []string `json:"before"`
	After  []string `json:"after"`
}

func diffSheet(h ivp.History, before, after ivp.Date) *sheet {
	s := &sheet{titles: []string{"spec", "scope", "type", "gbcs", "before", "after"}}
	wires := []diffWire{}
	old, new := windowTexts(h.Table(before)), windowTexts(h.Table(after))
	for _, spec := range h.Specs() {
		for _, scope := range append([]string{""}, h.Scopes()...) {
			key := tableKey{spec, scope}
			if slices.Equal(old[key], new[key]) {
				continue
			}
			s.rows = append(s.rows, []string{spec.String(), scope, "", "", windowList(old[key]), windowList(new[key])})
			wires = append(wires, diffWire{Spec: spec.String(), Scope: scope, Before: notNil(old[key]), After: notNil(new[key])})
		}
	}
	was, is := pairTexts(h, before), pairTexts(h, after)
	for _, p := range comparedPairs(h, before, after) {
		if was[p] == is[p] {
			continue
		}
		kind, gbcs := p.Type.String(), p.GBCS.String()
		s.rows = append(s.rows, []string{p.Spec.String(), "", kind, gbcs, cmp.Or(was[p], notPermitted), cmp.Or(is[p], notPermitted)})
		wires = append(wires, diffWire{Spec: p.Spec.String(), Type: kind, GBCS: gbcs, Before: pairList(was[p]), After: pairList(is[p])})
	}
	s.value = wires
	return s
}

type tableKey struct {
	spec  ivp.Spec
	scope string
}

// windowTexts says each row's windows in words.
func windowTexts(rows []ivp.TableRow) map[tableKey][]string {
	texts := map[tableKey][]string{}
	for _, row := range rows {
		key := tableKey{row.Spec, row.Scope}
		for _, r := range row.Readings {
			text := "not listed"
			if r.Listed {
				text = fmt.Sprintf("%s to %s (%s)", startText(r.Window), endText(r.Window), r.Window.Amendment)
			}
			texts[key] = append(texts[key], text)
		}
	}
	return texts
}

func startText(w ivp.Window) string {
	if w.From.Kind == ivp.NotOnRecord {
		return fmt.Sprintf("not on record (seen %s)", w.From.Day)
	}
	return w.From.String()
}

func windowList(texts []string) string {
	if len(texts) == 0 {
		return "not listed"
	}
	return strings.Join(texts, " or ")
}

func notNil(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}

const notPermitted = "not permitted"

// pairTexts says by what each permitted pair of a day's tables is permitted.
func pairTexts(h ivp.History, asAt ivp.Date) map[ivp.Pair]string {
	texts := map[ivp.Pair]string{}
	for _, p := range h.PermittedPairs(asAt) {
		texts[p.Pair] = "permitted (" + p.Amendment + ")"
		if p.Perhaps {
			texts[p.Pair] += " or " + notPermitted
		}
	}
	return texts
}

// comparedPairs returns the pairs of two days, each once, in the order of the
// tables.
func comparedPairs(h ivp.History, days ...ivp.Date) (all []ivp.Pair) {
	for _, day := range days {
		for _, p := range h.PermittedPairs(day) {
			if !slices.Contains(all, p.Pair) {
				all = append(all, p.Pair)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b ivp.Pair) int {
		return cmp.Or(ivp.CompareSpecs(a.Spec, b.Spec), ivp.CompareSpecs(a.GBCS, b.GBCS))
	})
	return all
}

func pairList(text string) []string {
	if text == "" {
		return []string{}
	}
	return []string{text}
}
