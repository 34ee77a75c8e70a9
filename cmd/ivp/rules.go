package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/ivp"
)

func (c *Command) rules() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "Show, compare and check the rules",
	}
	cmd.AddCommand(c.rulesList(), c.rulesShow(), c.rulesHistory(), c.rulesDiff(), c.rulesLint(), c.rulesNew(), c.rulesExport(), c.rulesStatus())
	return cmd
}

func (c *Command) rulesList() *cobra.Command {
	var rules rulesFlags
	var asAt string
	var pairs bool
	var format listFormat
	set := pflag.NewFlagSet("question", pflag.ContinueOnError)
	set.StringVar(&asAt, "as-at", "latest", "show the Tables of `DATE` (YYYY-MM-DD, DD/MM/YYYY, today or latest)")
	set.BoolVar(&pairs, "pairs", false, "show the permitted pairs of that day in place of the versions")
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show the tables of a day",
		Long: `list shows every version that the tables listed on a day, with its window. Where
an amendment is in doubt on that day and changes the window, each reading has a
line of its own. With --pairs it shows which TS version goes with which GBCS version
on which device type.

In html and svg it is a timeline: for every version the days on which it may be
installed by those tables.`,
		Example: `  ivp rules list --as-at 2022-02-23
  ivp rules list --pairs --as-at today --format csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			day, err := c.day("--as-at", asAt, h)
			if err != nil {
				return err
			}
			if pairs {
				return writeListing(c.Stdout, format, pairLines(h, day), nil)
			}
			return c.writeTables(h, asAt, day, format)
		},
	}
	output := format.flags()
	output.Lookup("format").Usage = "table, csv, json, html or svg"
	addGroups(cmd, flagGroup{"Question", set}, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", output})
	return cmd
}

// writeTables writes the tables of a day, which the flag asAt gave.
func (c *Command) writeTables(h ivp.History, asAt string, day ivp.Date, format listFormat) error {
	switch format {
	case "html", "svg":
		marked := day
		if asAt == "latest" { // the tables' own day says little; today says what they mean now
			marked = c.today()
		}
		return timelinePage(c.Stdout, ivp.Checker{History: h, AsAt: day}, marked, c.today(), string(format))
	case "table", "csv", "json":
		return writeTable(c.Stdout, format, h.Table(day))
	}
	return exit.Usagef("--format: %q: want table, csv, json, html or svg", string(format))
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

// tableLine is one line of the tables as text.
type tableLine struct {
	Spec      string `csv:"spec"`
	Scope     string `csv:"scope"`
	From      string `csv:"from"`
	To        string `csv:"to"`
	Seen      string `csv:"seen"`
	Confirmed string `csv:"confirmed"`
	Amendment string `csv:"amendment"`
	Reading   string `csv:"reading"`
}

func writeTable(out io.Writer, format listFormat, rows []ivp.TableRow) error {
	lines, wires := []tableLine{}, []tableRowWire{}
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
				choice = remarks.Choice(r.With, r.Without)
			}
			lines = append(lines, tableLine{w.Spec, w.Scope, w.From, w.To, w.Seen, w.Confirmed, w.Amendment, choice})
			wires = append(wires, tableRowWire{&w, r.Listed, n + 1, len(row.Readings), r.With, r.Without})
		}
	}
	return writeListing(out, format, lines, wires)
}

// timelinePage draws the record: for "svg" the picture alone, for "html" a page
// around it. A line across it marks day; none where day is no date.
func timelinePage(w io.Writer, checker ivp.Checker, day, today ivp.Date, format string) error {
	options := chart.Options{GBCS: true, Marks: chart.MarksOf(ivp.Date{}, checker.AsAt, ivp.Date{})}
	if day != checker.AsAt {
		options.Marks = chart.MarksOf(ivp.Date{}, ivp.Date{}, day)
	}
	switch format {
	case "svg":
		options.Standalone = true
		_, err := w.Write(chart.New(checker, options).SVG())
		return exit.With(exit.IO, err)
	case "html":
		return exit.With(exit.IO, report.WriteTimeline(w, checker, options, today))
	}
	return exit.Usagef("--format: %q: want svg or html", format)
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

func (c *Command) rulesStatus() *cobra.Command {
	var rules rulesFlags
	var format listFormat
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show the edition of the rules, and up to which day they are vouched",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			return writeStatus(c.Stdout, format, h, c.today())
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", format.flags()})
	return cmd
}

// fact is a line of a listing that says one thing.
type fact struct {
	What  string `csv:"what"`
	Value string `csv:"value"`
}

func writeStatus(w io.Writer, format listFormat, h ivp.History, today ivp.Date) error {
	amendments := h.Amendments()
	last := ""
	if len(amendments) > 0 {
		last = fmt.Sprintf("%s, in force %s", amendments[len(amendments)-1].ID, h.Latest())
	}
	behind := 0
	if h.VouchedTo(today).Valid() {
		behind = max(0, h.VouchedTo(today).DaysUntil(today))
	}
	return writeListing(w, format, []fact{
		{"edition", h.Edition()},
		{"sha256", h.Digest()},
		{"amendments", fmt.Sprint(len(amendments))},
		{"last amendment", last},
		{"vouched to", h.VouchedTo(today).String()},
		{"days since", fmt.Sprint(behind)},
	}, map[string]any{
		"edition": h.Edition(), "sha256": h.Digest(), "amendments": len(amendments),
		"latest": h.Latest(), "vouched_to": h.VouchedTo(today), "days_since": behind,
	})
}

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
