package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/screen"
)

// columnsFlags are the flags of columns. Of the question it has only the two with
// which a check requires fewer columns.
type columnsFlags struct {
	question questionFlags
	input    inputFlags
	save     string
	force    bool
	format   string
}

func (c *Command) columns() *cobra.Command {
	var f columnsFlags
	cmd := &cobra.Command{
		Use:   "columns [flags] FILE…|-",
		Short: "Show how a file is read, and save that as a profile",
		Long: `columns shows the format of a file and what a check would read from each column,
with some of its values. It names missing columns and the headings that may have
been meant. It judges nothing. With --save it writes a profile, with which
check --profile reads every file of that kind.

Exit code 0 if a check would find its columns, else 2. For the known headings and
the columns that a check adds see "ivp help headings".`,
		Example: `  ivp columns stock.csv
  ivp columns stock.csv --map spec="Meter Spec" --save acme.toml
  ivp check stock.csv --profile acme.toml`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.runColumns(cmd, &f, args) },
	}
	addGroups(cmd,
		flagGroup{"Question", f.questionFlags()},
		flagGroup{"Input", f.input.flags()},
		flagGroup{"Output", f.outputFlags()},
	)
	return cmd
}

func (f *columnsFlags) questionFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("question", pflag.ContinueOnError)
	set.StringVar(&f.question.on, "on", "", "for a check with --on `DATE`, which requires no date column")
	set.StringVar(&f.question.scope, "scope", "", "for a check with --scope `SCOPE`, which reads no scope column")
	return set
}

func (f *columnsFlags) outputFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("output", pflag.ContinueOnError)
	set.StringVar(&f.format, "format", "table", "table or json")
	set.StringVar(&f.save, "save", "", "save the settings found and given as a profile in `FILE` (.toml)")
	set.BoolVar(&f.force, "force", false, "allow --save to replace a file")
	return set
}

func (c *Command) runColumns(cmd *cobra.Command, f *columnsFlags, args []string) error {
	if f.format != "table" && f.format != "json" {
		return exit.Usagef("--format: %q: want table or json", f.format)
	}
	if _, err := f.question.installDay(c); err != nil {
		return err
	}
	options, err := f.input.options(cmd, &f.question)
	if err != nil {
		return err
	}
	options.Say = c.sayer(false)
	if len(args) == 0 && f.input.filesFrom == "" {
		return exit.Usagef("name a file, or - for standard input; see ivp columns --help")
	}
	names, err := f.input.names(args, c.Stdin, c.Stderr)
	if err != nil {
		return err
	}
	if err := f.maySave(names); err != nil {
		return err
	}
	return c.showColumns(cmd.Context(), f, names, options)
}

func (c *Command) showColumns(ctx context.Context, f *columnsFlags, names []string, options input.Options) error {
	var shown []*preview
	var errs []error
	for _, name := range names {
		previews, err := c.previews(ctx, name, options)
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		shown = append(shown, previews...)
		anyComplete := slices.ContainsFunc(previews, func(p *preview) bool { return p.Complete })
		for _, p := range previews {
			if !anyComplete || len(previews) == 1 { // a check ignores sheets without the columns
				errs = append(errs, p.err())
			}
		}
	}
	if err := c.writePreviews(f.format, shown); err != nil {
		return exit.With(exit.IO, err)
	}
	err := exit.Join(errs)
	switch {
	case f.save == "":
		return err
	case err != nil:
		return exit.With(exit.CodeOf(err), fmt.Errorf("%w\n  %s was not written: a profile requires a file that can be checked", err, f.save))
	}
	return c.saveProfile(f, shown[0], options)
}

func (c *Command) writePreviews(format string, shown []*preview) error {
	if format == "json" {
		if shown == nil {
			shown = []*preview{}
		}
		if err := writeJSON(c.Stdout, map[string]any{"files": shown}); err != nil {
			return err
		}
	}
	for i, p := range shown {
		for _, note := range p.notes {
			fmt.Fprintln(c.Stderr, note)
		}
		if format == "json" {
			continue
		}
		if i > 0 {
			fmt.Fprintln(c.Stdout)
		}
		if err := c.writePreview(p); err != nil {
			return err
		}
	}
	return nil
}

// widestSample is how many characters of a heading or a cell a preview shows.
const widestSample = 32

// writePreview writes a preview as text.
func (c *Command) writePreview(p *preview) error {
	if _, err := fmt.Fprintf(c.text(), "%s: %s\n\n", p.Name, strings.Join(p.facts(), ", ")); err != nil {
		return err
	}
	var rows [][]string
	for _, column := range p.Columns {
		var samples []string
		for _, sample := range column.Samples {
			samples = append(samples, screen.Cell(sample, widestSample))
		}
		line := []string{column.Column, strconv.Itoa(column.Number), cmp.Or(column.Field, "-"), screen.Cell(column.Heading, widestSample), strings.Join(samples, " | ")}
		rows = append(rows, line)
	}
	return report.WriteTable(c.Stdout, c.screen(), []string{"column", "number", "field", "heading", "samples"}, rows)
}

// facts describe the format of the file.
func (p *preview) facts() []string {
	var facts []string
	line := "line"
	if p.Sheet != "" {
		facts, line = append(facts, fmt.Sprintf("sheet %q", p.Sheet)), "row"
	}
	if p.Table != "" {
		facts = append(facts, fmt.Sprintf("table %q", p.Table))
	}
	if p.Encoding != "" {
		facts = append(facts, p.Encoding)
	}
	if p.Delimiter != "" {
		facts = append(facts, "delimiter "+delimiterWord(p.Delimiter))
	}
	if p.HeaderRow > 0 { // JSON and XML have none
		facts = append(facts, fmt.Sprintf("heading in %s %d", line, p.HeaderRow))
	}
	if p.Dates != "" {
		facts = append(facts, "dates "+p.Dates)
	}
	return facts
}

func delimiterWord(delimiter string) string {
	switch delimiter {
	case ",":
		return "comma"
	case ";":
		return "semicolon"
	case "\t":
		return "tab"
	}
	return delimiter
}
