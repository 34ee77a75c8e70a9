package main

import (
	"cmp"
	"errors"
	"fmt"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/amendtable"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/ivp"
)

func (c *Command) rulesLint() *cobra.Command {
	var rules rulesFlags
	var format string
	output := pflag.NewFlagSet("output", pflag.ContinueOnError)
	output.StringVar(&format, "format", "text", "text or json")
	cmd := &cobra.Command{
		Use:   "lint FILE…",
		Short: "Check rules files and name every fault",
		Long: `lint reads rules files as strictly as the loader does, and names every fault with
its line, amendment and value, what was wanted, and what to do. A file that
names an edition is a whole record and is read by itself; a file that names
none holds amendments, and is read on top of the record. It exits 0 when all
files are clean, and 1 when it finds anything.`,
		Example: `  ivp rules lint my-tables.json`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return exit.Usagef("--format: %q: want text or json", format)
			}
			h, err := rules.history()
			if err != nil {
				return err
			}
			if args, err = matching(args); err != nil {
				return err
			}
			return c.lint(h, args, format)
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", output})
	return cmd
}

// lintedFile is a rules file, what is wrong with it, and if nothing is what
// deserves a look.
type lintedFile struct {
	name     string
	faults   ivp.Faults
	warnings ivp.Faults
}

func (c *Command) lint(h ivp.History, names []string, format string) error {
	today := c.today()
	var files []lintedFile
	found := false
	for _, name := range names {
		data, err := readRules(c.Stdin, name)
		if err != nil {
			return exit.With(exit.IO, fmt.Errorf("could not read the rules: %w", err))
		}
		file := lintedFile{name: name}
		linted, err := ivp.LintFile(h, data)
		if err != nil && !errors.As(err, &file.faults) {
			return err
		}
		if err == nil {
			file.warnings = amendtable.Warnings(h, linted, today)
		}
		found = found || len(file.faults) > 0
		files = append(files, file)
	}
	write, out := writeFaults, c.text()
	if format == "json" {
		write, out = writeFaultsJSON, c.Stdout
	}
	if err := write(out, files); err != nil {
		return exit.With(exit.IO, err)
	}
	if found {
		return exit.Silent(exit.NotEligible)
	}
	return nil
}

func readRules(stdin io.Reader, name string) ([]byte, error) {
	if name == input.Stdin {
		return limitRules(stdin)
	}
	return readRulesFile(name)
}

// writeFaults writes every fault in words: where it stands and what is wrong,
// what was wanted, and what to do.
func writeFaults(w io.Writer, files []lintedFile) error {
	var text strings.Builder
	for _, file := range files {
		write := func(kind string, f ivp.Fault) {
			fmt.Fprintf(&text, "%s: %s%s\n", file.name, kind, ivp.Fault{Amendment: f.Amendment, Line: f.Line, Field: f.Field, Value: f.Value, Problem: f.Problem})
			fmt.Fprintf(&text, "  want: %s\n  do:   %s\n", f.Want, f.Do)
		}
		for _, f := range file.faults {
			write("", f)
		}
		for _, f := range file.warnings {
			write("warning: ", f)
		}
		count := faultCount(len(file.faults))
		if n := len(file.warnings); n > 0 {
			count += ", " + remarks.Plural(n, "warning")
		}
		fmt.Fprintf(&text, "%s: %s\n", file.name, count)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func faultCount(n int) string {
	switch n {
	case 0:
		return "no fault"
	case 1:
		return "1 fault"
	}
	return fmt.Sprintf("%d faults", n)
}

// lintedWire is a file that was linted, in JSON.
type lintedWire struct {
	File     string      `json:"file"`
	Faults   []faultWire `json:"faults"`
	Warnings []faultWire `json:"warnings,omitempty"`
}

// faultWire is one fault of a rules file, in JSON.
type faultWire struct {
	Code      string `json:"code"`
	Amendment string `json:"amendment,omitempty"`
	Line      int    `json:"line,omitempty"`
	Field     string `json:"field,omitempty"`
	Value     string `json:"value,omitempty"`
	Problem   string `json:"problem"`
	Want      string `json:"want"`
	Do        string `json:"do"`
}

func writeFaultsJSON(w io.Writer, files []lintedFile) error {
	var wires []lintedWire
	for _, file := range files {
		wire := lintedWire{File: file.name, Faults: []faultWire{}, Warnings: faultWires(file.warnings)}
		wire.Faults = append(wire.Faults, faultWires(file.faults)...)
		wires = append(wires, wire)
	}
	return writeJSON(w, map[string]any{"files": wires})
}

func faultWires(faults ivp.Faults) (wires []faultWire) {
	for _, f := range faults {
		wires = append(wires, faultWire(f))
	}
	return wires
}

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
				text = fmt.Sprintf("%s (%s)", windowText(r.Window), r.Window.Amendment)
			}
			texts[key] = append(texts[key], text)
		}
	}
	return texts
}

// windowText says from when until when a window is open.
func windowText(w ivp.Window) string {
	from, fromDated := w.From.Date()
	to, toDated := w.To.Date()
	if fromDated && toDated {
		return fmt.Sprintf("%s to %s", from, to)
	}
	start, end := "from "+startText(w), "end "+endText(w)
	if w.From.Kind == ivp.NotOnRecord {
		start = "start " + startText(w)
	}
	if toDated {
		end = "to " + to.String()
	}
	return start + ", " + end
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
