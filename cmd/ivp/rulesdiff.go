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
			lines := diffLines(h, before, after)
			if err := writeListing(c.Stdout, format, lines, nil); err != nil {
				return err
			}
			if len(lines) > 0 {
				return exit.Silent(exit.NotEligible)
			}
			return nil
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", format.flags()})
	return cmd
}

// diffLine is one difference between two tables.
type diffLine struct {
	Spec  string `csv:"spec" json:"spec"`
	Scope string `csv:"scope" json:"scope,omitempty"`
	// Type and GBCS are of a pair.
	Type       string `csv:"type" json:"type,omitempty"`
	GBCS       string `csv:"gbcs" json:"gbcs,omitempty"`
	BeforeText string `csv:"before" json:"-"`
	AfterText  string `csv:"after" json:"-"`
	Before     list   `csv:"-" json:"before"`
	After      list   `csv:"-" json:"after"`
}

func diffLines(h ivp.History, before, after ivp.Date) []diffLine {
	lines := []diffLine{}
	old, new := windowTexts(h.Table(before)), windowTexts(h.Table(after))
	for _, spec := range h.Specs() {
		for _, scope := range append([]string{""}, h.Scopes()...) {
			key := tableKey{spec, scope}
			if slices.Equal(old[key], new[key]) {
				continue
			}
			lines = append(lines, diffLine{
				Spec: spec.String(), Scope: scope, BeforeText: windowList(old[key]), AfterText: windowList(new[key]),
				Before: notNil(old[key]), After: notNil(new[key]),
			})
		}
	}
	was, is := pairTexts(h, before), pairTexts(h, after)
	for _, p := range comparedPairs(h, before, after) {
		if was[p] == is[p] {
			continue
		}
		lines = append(lines, diffLine{
			Spec: p.Spec.String(), Type: p.Type.String(), GBCS: p.GBCS.String(),
			BeforeText: cmp.Or(was[p], notPermitted), AfterText: cmp.Or(is[p], notPermitted), Before: pairList(was[p]), After: pairList(is[p]),
		})
	}
	return lines
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

func pairList(text string) list {
	if text == "" {
		return list{}
	}
	return list{text}
}
