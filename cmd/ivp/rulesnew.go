package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/amendtable"
	"github.com/mp196/ivp/cmd/internal/config"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/output"
	"github.com/mp196/ivp/ivp"
)

// newRulesFlags are the flags of rules new.
type newRulesFlags struct {
	table, pairs                  string
	head                          amendtable.Head
	inForce, perhapsFrom, vouched string
	input                         inputFlags
	rules                         rulesFlags
	output                        string
}

func (c *Command) rulesNew() *cobra.Command {
	var f newRulesFlags
	cmd := &cobra.Command{
		Use:   "new --from-csv FILE --id ID --in-force DATE --document TEXT [flags]",
		Short: "Make an amendment file of a table that you typed",
		Long: `new reads a table that a person typed from the TS Applicability Tables, and writes
an amendment file for --amend. The table is CSV, as a spreadsheet saves it, or
a workbook; its columns, found by their headings:

  spec       the version: SMETS2 v4.2, CHTS V1.3, GBCS Version 3.2
  to         the last day of installation, or open, not-on-record or removed
  from       the first day, or not-on-record; needed for a version that is new
  confirmed  for an end not on record: the last day for which a source vouches
  scope      for a window of its own, such as prepayment; else --scope
  inferred   why the row holds, where no source says so in so many words
  unquoted   where its dates were read; else the table's line and --document

A blank cell leaves what stands on record. Other columns are not read. Dates
are YYYY-MM-DD, or day and month in the order that the whole table shows.

A version that is new to the record needs its permitted pairs too: a second
table, --pairs, with the columns device_type, spec and gbcs. Pairs that are on
record already may stand in it, and are left out.

The file passes ivp rules lint on top of the record, or it is not written: then
every fault is named with its line.`,
		Example: `  ivp rules new --from-csv tables.csv --id TSAT-2026 --in-force 2026-11-01 \
    --document "TS Applicability Tables, version 1.0" -o tables.json
  ivp check --amend tables.json stock.csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.newRules(cmd, &f) },
	}
	addGroups(cmd,
		flagGroup{"Table", f.tableFlags()},
		flagGroup{"Amendment", f.headFlags()},
		flagGroup{"Rules", f.rules.flags()},
		flagGroup{"Output", f.outputFlags()},
	)
	return cmd
}

func (f *newRulesFlags) tableFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("table", pflag.ContinueOnError)
	set.StringVar(&f.table, "from-csv", "", "read the table in `FILE` (.csv, .xlsx; - for standard input)")
	set.StringVar(&f.pairs, "pairs", "", "take the permitted pairs of versions that are new to the record from `FILE` (.csv, .xlsx)")
	f.input.formFlags(set)
	set.Lookup("date-format").Usage = "dates are written as `FORMAT`: iso (YYYY-MM-DD), day-first (DD/MM/YYYY) or month-first (default: decided from the whole table)"
	return set
}

func (f *newRulesFlags) headFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("amendment", pflag.ContinueOnError)
	set.StringVar(&f.head.ID, "id", "", "call the amendment `ID`, such as TSAT-2026; every answer that rests on it bears that name")
	set.StringVar(&f.inForce, "in-force", "", "let it stand from `DATE` on, the first day on which a source shows the table standing (YYYY-MM-DD, DD/MM/YYYY or today)")
	set.StringVar(&f.perhapsFrom, "perhaps-from", "", "say that it may already have stood from `DATE` on, where no source says which day")
	set.StringVar(&f.vouched, "vouched", "", "say that you last saw the Tables say this on `DATE` (YYYY-MM-DD, DD/MM/YYYY or today): up to that day no warning says that the rules may have changed")
	set.BoolVar(&f.head.Whole, "whole", false, "say that the table restates the Tables as a whole, so that it vouches for every version and not only for those that it names")
	set.StringVar(&f.head.Document, "document", "", "name in `TEXT` what the table was typed from, so that a reader finds it")
	set.StringVar(&f.head.URL, "url", "", "give the `ADDRESS` of the document")
	set.StringArrayVar(&f.head.Quotes, "quote", nil, "quote `TEXT` from the document, word for word (repeatable); a date that stands in a quotation needs no further word")
	set.StringVar(&f.head.Title, "title", "", "say in `TEXT` what the amendment does (default: the versions, and the document)")
	set.StringVar(&f.head.Scope, "scope", "", "put rows that name no scope in `SCOPE`, such as that of a supplier's derogation")
	return set
}

func (f *newRulesFlags) outputFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("output", pflag.ContinueOnError)
	set.StringVarP(&f.output, "output", "o", "", "write to `FILE`; - is stdout, as without it")
	return set
}

func (c *Command) newRules(cmd *cobra.Command, f *newRulesFlags) error {
	ctx := cmd.Context()
	if f.output == "-" {
		f.output = ""
	}
	if err := f.read(cmd, c); err != nil {
		return err
	}
	h, err := f.rules.history()
	if err != nil {
		return err
	}
	today := c.today()
	var options input.Options
	if err := f.input.form(&options, config.Profile{}); err != nil {
		return err
	}
	options.Say = c.sayer(false)
	table, err := amendtable.Read(ctx, f.table, c.Stdin, options, options.Reader.Columns.Dates)
	if err != nil {
		return err
	}
	notes := table.Notes()
	var pairs *amendtable.Pairs
	if f.pairs != "" {
		if pairs, err = amendtable.ReadPairs(ctx, f.pairs, c.Stdin, input.Options{Encoding: options.Encoding}); err != nil {
			return err
		}
		notes = append(notes, pairs.Notes()...)
	}
	made, err := table.Amendment(h, f.head, pairs, today)
	for _, note := range notes {
		fmt.Fprintln(c.Stderr, note)
	}
	if err != nil {
		return exit.Usagef("the table makes no amendment that can stand on the record:\n%w", err)
	}
	if err := c.writeNew(f.output, made.Data); err != nil {
		return err
	}
	c.sayMade(made, f.output)
	return nil
}

// read holds that what is needed was given, and reads the days.
func (f *newRulesFlags) read(cmd *cobra.Command, c *Command) error {
	for _, needed := range []struct{ flag, value, want string }{
		{"--from-csv", f.table, "the table that you typed"},
		{"--id", f.head.ID, "a name such as TSAT-2026"},
		{"--in-force", f.inForce, "the first day on which a source shows the table standing, YYYY-MM-DD, DD/MM/YYYY or today"},
		{"--document", f.head.Document, "what the table was typed from"},
	} {
		if strings.TrimSpace(needed.value) == "" {
			return exit.Usagef("%s is missing: want %s; see ivp rules new --help", needed.flag, needed.want)
		}
	}
	if f.table == input.Stdin && f.pairs == input.Stdin {
		return exit.Usagef("standard input, -, is given twice")
	}
	var err error
	if f.head.InForce, err = c.day("--in-force", f.inForce, ivp.History{}); err != nil {
		return err
	}
	if f.head.PerhapsFrom, err = c.day("--perhaps-from", f.perhapsFrom, ivp.History{}); err != nil {
		return err
	}
	if f.head.Vouched, err = c.day("--vouched", f.vouched, ivp.History{}); err != nil {
		return err
	}
	if f.output != "" && slices.ContainsFunc(filesRead(cmd), output.PlaceOf(f.output).Is) {
		return exit.Usagef("-o %s is an input: write the amendment to another file", f.output)
	}
	return nil
}

// writeNew writes the amendment to the file, or to stdout where none is named.
func (c *Command) writeNew(path string, data []byte) error {
	if path == "" {
		_, err := c.Stdout.Write(data)
		return exit.With(exit.IO, err)
	}
	if err := c.outputs.WriteFile(path, data); err != nil {
		return exit.With(exit.IO, fmt.Errorf("could not write the amendment: %w", err))
	}
	return nil
}

// sayMade says what the amendment does, and what to do with it.
func (c *Command) sayMade(made *amendtable.Made, path string) {
	for _, note := range made.Notes {
		fmt.Fprintln(c.Stderr, note)
	}
	fmt.Fprintln(c.Stderr, made.Summary())
	if path != "" {
		fmt.Fprintf(c.Stderr, "%s was written: ivp check --amend %s adds it to the record\n", path, path)
	}
}
