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
	answers                       amendtable.Given
	input                         inputFlags
	rules                         rulesFlags
	output                        string
}

func (c *Command) rulesNew() *cobra.Command {
	var f newRulesFlags
	cmd := &cobra.Command{
		Use:   "new --from-csv FILE [flags]",
		Short: "Make an amendment file from a table of Schedule 11",
		Long: `new reads a table as a person copies it from the TS Applicability Tables, or
types it, and writes an amendment file for --amend. The table is CSV, text with
tabs, or a workbook. Its columns are found by their headings, in any order:

  spec       the version: SMETS2 v4.2, CHTS V1.3, GBCS Version 3.2; or 4.2 with
  family     the family in a column of its own, in which a blank cell continues
             the row above
  from       the first day of installation
  to         the last day of installation, open ("No end date"), not-on-record
             or removed
  gbcs       the GBCS versions that go with it: 3.2, or 2.0, 2.1, or 3.2 / 4.0
  type       the device types, if the table has them
  scope      for a window of its own, such as prepayment; else --scope
  confirmed  for an end not on record: the last day for which a source shows
             that the version was valid
  inferred   why the row is right, if no source says so in so many words
  unquoted   where its dates were read; else the table's line and --document
  withdrawn  the GBCS versions that no longer go with it

Maintenance periods and other columns are not read, and are named; so are title
rows above the heading and notes below the table. Dates are British, or in the
order that the whole table shows, or YYYY-MM-DD.

The permitted pairs come from the GBCS column. A combination that is on record
stays as it is. A new one is permitted for the device types that its version has
on record; for a version without pairs on record, --types gives the device types,
and without it no pair is written.

Nothing is guessed. What the table does not say clearly, such as an end of "-",
is asked in one refusal, with one line of flags to paste: exit code 2, and nothing
is written. An end on record is never taken away because a cell is blank.`,
		Example: `  ivp rules new --from-csv tables.csv --id TSAT-2026 --in-force 01/11/2026 \
    --document "TS Applicability Tables, version 1.0" --no-end open \
    -o tables.json
  ivp check --amend tables.json stock.csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.newRules(cmd, &f) },
	}
	addGroups(cmd,
		flagGroup{"Table", f.tableFlags()},
		flagGroup{"Answers about the table", f.answerFlags()},
		flagGroup{"Amendment", f.headFlags()},
		flagGroup{"Rules", f.rules.flags()},
		flagGroup{"Output", f.outputFlags()},
	)
	return cmd
}

func (f *newRulesFlags) tableFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("table", pflag.ContinueOnError)
	set.StringVar(&f.table, "from-csv", "", "read the table in `FILE` (text with any delimiter, .xlsx; - for standard input)")
	set.StringVar(&f.pairs, "pairs", "", "read more permitted pairs in `FILE`, a table of device type, version and GBCS version")
	f.input.formFlags(set)
	set.Lookup("header-row").Usage = "the heading is in line or row `N` (default: the one of the first 30 that names the most columns)"
	set.Lookup("date-format").Usage = "dates are written as `FORMAT`: iso (YYYY-MM-DD), day-first (DD/MM/YYYY) or month-first (default: decided from the whole table)"
	return set
}

func (f *newRulesFlags) answerFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("answers", pflag.ContinueOnError)
	set.StringArrayVar(&f.answers.NoEnd, "no-end", nil, "what an end such as - or n/a means: `open`, not-on-record or unchanged; for one cell text or one version, as in 'TBC=not-on-record' or 'SMETS2 v4.2=open' (repeatable)")
	set.StringArrayVar(&f.answers.Start, "start", nil, "the first day of a new version for which the table has none, as in `VERSION=DATE` (repeatable)")
	set.StringArrayVar(&f.answers.Types, "types", nil, "the device types of a version without pairs on record, as in 'SMETS2 v4.2=ESME,GSME' (`VERSION=TYPES`, repeatable)")
	set.StringVar(&f.answers.Family, "family", "", "the `FAMILY` of versions without one: SMETS, SMETS1, SMETS2, CHTS or GBCS")
	set.StringArrayVar(&f.answers.Map, "map", nil, "read a column, such as to, under the heading given, as in `COLUMN=HEADING`, or the third column by COLUMN=#3; COLUMN=#0 leaves it out (repeatable)")
	set.StringArrayVar(&f.answers.Read, "read", nil, "read every cell that holds a text as another, as in '4=4.0' (`CELL=VALUE`, repeatable)")
	set.StringArrayVar(&f.answers.LeaveOut, "leave-out", nil, "leave out the `LINES` that are no part of the table, such as 14,16-18 (repeatable)")
	return set
}

func (f *newRulesFlags) headFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("amendment", pflag.ContinueOnError)
	set.StringVar(&f.head.ID, "id", "", "the name of the amendment, such as `TSAT-2026`; every answer that depends on it shows the name")
	set.StringVar(&f.inForce, "in-force", "", "the first day on which a source shows the table in force, `DATE` (DD/MM/YYYY, YYYY-MM-DD or today)")
	set.StringVar(&f.perhapsFrom, "perhaps-from", "", "an earlier `DATE` from which it may have been in force, if no source says from which day it was")
	set.StringVar(&f.vouched, "vouched", "", "the `DATE` on which you last saw the Tables say this (or today): up to that day no warning says that the rules may have changed")
	set.BoolVar(&f.head.Whole, "whole", false, "the table restates the Tables as a whole: it vouches for every version, not only for those that it names")
	set.StringVar(&f.head.Document, "document", "", "the source of the table, in `TEXT` by which a reader finds it")
	set.StringVar(&f.head.URL, "url", "", "the `ADDRESS` of the document")
	set.StringArrayVar(&f.head.Quotes, "quote", nil, "quote `TEXT` from the document, word for word (repeatable); a date in a quotation needs no other authority")
	set.StringVar(&f.head.Title, "title", "", "what the amendment does, in `TEXT` (default: the versions and the document)")
	set.StringVar(&f.head.Scope, "scope", "", "the `SCOPE` of rows that name none, such as that of a supplier's derogation")
	return set
}

func (f *newRulesFlags) outputFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("output", pflag.ContinueOnError)
	set.StringVarP(&f.output, "output", "o", "", "write to `FILE`; - is stdout, the default")
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
	var options input.Options
	if err := f.input.form(cmd, &options, config.Profile{}); err != nil {
		return err
	}
	options.Say = c.sayer(false)
	answers := amendtable.ParseAnswers(f.answers)
	table, err := amendtable.Read(ctx, f.table, c.Stdin, options, answers)
	if err != nil {
		return err
	}
	var pairs *amendtable.Table
	if f.pairs != "" {
		if pairs, err = amendtable.ReadPairs(ctx, f.pairs, c.Stdin, input.Options{Encoding: options.Encoding}, answers); err != nil {
			return err
		}
	}
	made, err := table.Amendment(h, f.head, pairs, c.today())
	notes := table.Notes()
	if pairs != nil {
		notes = append(notes, pairs.Notes()...)
	}
	for _, note := range notes {
		fmt.Fprintln(c.Stderr, note)
	}
	if err != nil {
		return exit.Usagef("no amendment was written; correct or answer these:\n%w", err)
	}
	if err := c.writeNew(f.output, made.Data); err != nil {
		return err
	}
	c.sayMade(made, f.output)
	return nil
}

// read requires a table and reads the days.
func (f *newRulesFlags) read(cmd *cobra.Command, c *Command) error {
	if strings.TrimSpace(f.table) == "" {
		return exit.Usagef("--from-csv is missing: want the table, a file or - for standard input; see ivp rules new --help")
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

// writeNew writes the amendment to a file, or to stdout if none is named.
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

// sayMade writes to stderr what the amendment does, and what to do with it.
func (c *Command) sayMade(made *amendtable.Made, path string) {
	for _, note := range made.Notes() {
		fmt.Fprintln(c.Stderr, note)
	}
	fmt.Fprintln(c.Stderr, made.Summary())
	if path != "" {
		fmt.Fprintf(c.Stderr, "%s was written: ivp check --amend %s adds it to the record\n", path, path)
	}
}
