package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
)

func (c *Command) rules() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "Show, compare and check the rules",
		Args:  cobra.ArbitraryArgs,
		RunE:  group,
	}
	cmd.AddCommand(c.rulesList(), c.rulesHistory(), c.rulesDiff(), c.rulesLint(), c.rulesExport(), c.rulesStatus())
	return cmd
}

// listFormat is the --format of the commands that write a small table.
type listFormat string

func (f *listFormat) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("output", pflag.ContinueOnError)
	set.StringVar((*string)(f), "format", "table", "table, csv or json")
	return set
}

// sheet is a small table of text that each list format can write.
type sheet struct {
	titles []string
	rows   [][]string
	value  any // what JSON writes
}

func (s *sheet) write(w io.Writer, f listFormat) error {
	switch f {
	case "table":
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, row := range append([][]string{upper(s.titles)}, s.rows...) {
			fmt.Fprintln(t, strings.TrimRight(strings.Join(row, "\t"), "\t"))
		}
		return exit.With(exit.IO, t.Flush())
	case "csv":
		out := csv.NewWriter(w)
		out.WriteAll(append([][]string{s.titles}, s.rows...))
		return exit.With(exit.IO, out.Error())
	case "json":
		return exit.With(exit.IO, writeJSON(w, s.value))
	}
	return fmt.Errorf("--format: %q: want table, csv or json", string(f))
}

func upper(titles []string) []string {
	var all []string
	for _, title := range titles {
		all = append(all, strings.ToUpper(strings.ReplaceAll(title, "_", " ")))
	}
	return all
}

func (c *Command) rulesList() *cobra.Command {
	var rules rulesFlags
	var asAt string
	var format listFormat
	set := pflag.NewFlagSet("question", pflag.ContinueOnError)
	set.StringVar(&asAt, "as-at", "latest", "show the tables as they stood on `DATE` (YYYY-MM-DD, today or latest)")
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show the tables of a day",
		Long: `list shows every version that the tables listed on a day, with its window. Where
an amendment is in doubt on that day and changes the window, each reading has a
line of its own.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			day, err := c.day("--as-at", asAt, h)
			if err != nil {
				return err
			}
			return tableSheet(h.Table(day)).write(c.Stdout, format)
		},
	}
	addGroups(cmd, flagGroup{"Question", set}, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", format.flags()})
	return cmd
}

// tableRowWire is one line of the tables in JSON.
type tableRowWire struct {
	Window  *windowWire `json:"window,omitempty"`
	Listed  bool        `json:"listed"`
	Reading int         `json:"reading"`
	Of      int         `json:"of"`
	With    []string    `json:"with,omitempty"`
	Without []string    `json:"without,omitempty"`
}

func tableSheet(rows []ivp.TableRow) *sheet {
	s := &sheet{titles: []string{"spec", "scope", "from", "to", "seen", "confirmed", "amendment", "reading"}}
	wires := []tableRowWire{}
	for _, row := range rows {
		for n, r := range row.Readings {
			w := windowWire{Spec: row.Spec.String(), Scope: row.Scope}
			if r.Listed {
				w = *newWindowWire(r.Window)
				w.Scope = row.Scope
			} else {
				w.From = "not listed"
			}
			choice := ""
			if len(row.Readings) > 1 {
				choice = choiceText(r.With, r.Without)
			}
			s.rows = append(s.rows, []string{w.Spec, w.Scope, w.From, w.To, w.Seen, w.Confirmed, w.Amendment, choice})
			wires = append(wires, tableRowWire{&w, r.Listed, n + 1, len(row.Readings), r.With, r.Without})
		}
	}
	s.value = wires
	return s
}

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
		return spec, err
	}
	if !slices.Contains(h.Specs(), spec) {
		var known []string
		for _, s := range h.Specs() {
			known = append(known, s.String())
		}
		return spec, fmt.Errorf("no amendment on record names %s: want one of %s", spec, strings.Join(known, ", "))
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
	Change      string         `json:"change"`
	Inferred    string         `json:"inferred,omitempty"`
	Citations   []citationWire `json:"citations"`
}

// writeHistory shows every change to a version, or to all for the zero one.
func (c *Command) writeHistory(h ivp.History, spec ivp.Spec, format listFormat) error {
	s := &sheet{titles: []string{"in_force", "perhaps_from", "amendment", "spec", "scope", "change", "source"}}
	wires := []changeWire{}
	for _, a := range h.Amendments() {
		for _, e := range a.Entries {
			if !spec.IsZero() && e.Spec != spec {
				continue
			}
			w := changeWire{a.ID, a.Title, a.InForce.String(), a.PerhapsFrom.String(), e.Spec.String(), e.Scope, changeText(e), e.Inferred, nil}
			var sources []string
			for _, citation := range a.Citations {
				w.Citations = append(w.Citations, citationWire(citation))
				sources = append(sources, citation.String())
			}
			change := w.Change
			if e.Inferred != "" {
				change += " (inferred)"
			}
			s.rows = append(s.rows, []string{w.InForce, w.PerhapsFrom, a.ID, w.Spec, e.Scope, change, strings.Join(sources, "; ")})
			wires = append(wires, w)
		}
	}
	s.value = wires
	return s.write(c.Stdout, format)
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

func (c *Command) rulesDiff() *cobra.Command {
	var rules rulesFlags
	var format listFormat
	cmd := &cobra.Command{
		Use:   "diff DATE DATE",
		Short: "Compare the tables of two days",
		Long: `diff shows every version whose window differs between the tables of two days. It
exits 0 when they agree and 1 when they differ.`,
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
	Before []string `json:"before"`
	After  []string `json:"after"`
}

func diffSheet(h ivp.History, before, after ivp.Date) *sheet {
	s := &sheet{titles: []string{"spec", "scope", "before", "after"}}
	wires := []diffWire{}
	old, new := windowTexts(h.Table(before)), windowTexts(h.Table(after))
	for _, spec := range h.Specs() {
		for _, scope := range append([]string{""}, h.Scopes()...) {
			key := tableKey{spec, scope}
			if slices.Equal(old[key], new[key]) {
				continue
			}
			s.rows = append(s.rows, []string{spec.String(), scope, windowList(old[key]), windowList(new[key])})
			wires = append(wires, diffWire{spec.String(), scope, notNil(old[key]), notNil(new[key])})
		}
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

func (c *Command) rulesExport() *cobra.Command {
	var rules rulesFlags
	var schema bool
	set := rules.flags()
	set.BoolVar(&schema, "schema", false, "write the JSON Schema of rules files instead")
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the record in its one canonical form",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			data := h.AppendCanonical(nil)
			if schema {
				data = ivp.Schema()
			}
			_, err = c.Stdout.Write(data)
			return exit.With(exit.IO, err)
		},
	}
	addGroups(cmd, flagGroup{"Rules", set})
	return cmd
}

func (c *Command) rulesStatus() *cobra.Command {
	var rules rulesFlags
	var format listFormat
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show the record's edition, digest, and how far it vouches",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			today, err := c.today()
			if err != nil {
				return err
			}
			return statusSheet(h, today).write(c.Stdout, format)
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", format.flags()})
	return cmd
}

func statusSheet(h ivp.History, today ivp.Date) *sheet {
	amendments := h.Amendments()
	last := ""
	if len(amendments) > 0 {
		last = fmt.Sprintf("%s, in force %s", amendments[len(amendments)-1].ID, h.Latest())
	}
	behind := 0
	if h.VouchedTo().Valid() {
		behind = max(0, h.VouchedTo().DaysUntil(today))
	}
	return &sheet{
		titles: []string{"what", "value"},
		rows: [][]string{
			{"edition", h.Edition()},
			{"sha256", h.Digest()},
			{"amendments", fmt.Sprint(len(amendments))},
			{"last amendment", last},
			{"vouched to", h.VouchedTo().String()},
			{"days since", fmt.Sprint(behind)},
		},
		value: map[string]any{
			"edition": h.Edition(), "sha256": h.Digest(), "amendments": len(amendments),
			"latest": h.Latest(), "vouched_to": h.VouchedTo(), "days_since": behind,
		},
	}
}

func (c *Command) rulesLint() *cobra.Command {
	var rules rulesFlags
	cmd := &cobra.Command{
		Use:   "lint FILE…",
		Short: "Check rules files and name every fault",
		Long: `lint reads rules files as strictly as the loader does, and names every fault with
its amendment, line and value, what was wanted, and what to do. A file that
names an edition is a whole record and is read by itself; a file that names
none holds amendments, and is read on top of the record. It exits 0 when all
files are clean, and 1 when it finds anything.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			return c.lint(h, args)
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()})
	return cmd
}

func (c *Command) lint(h ivp.History, names []string) error {
	found := false
	for _, name := range names {
		data, err := readRules(c.Stdin, name)
		if err != nil {
			return exit.With(exit.IO, err)
		}
		err = ivp.Lint(h, data)
		var faults ivp.Faults
		switch {
		case err == nil:
			_, err = fmt.Fprintf(c.Stdout, "%s: no fault\n", name)
		case errors.As(err, &faults):
			found = true
			err = writeFaults(c.Stdout, name, faults)
		}
		if err != nil {
			return exit.With(exit.IO, err)
		}
	}
	if found {
		return exit.Silent(exit.NotEligible)
	}
	return nil
}
