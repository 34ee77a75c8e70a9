package main

import (
	"github.com/spf13/cobra"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
)

// exportFlags say in what form the record is written.
type exportFlags struct {
	rules    rulesFlags
	question questionFlags
	format   string
	schema   string
	from     string
	remind   string
	dialect  string
	table    string
}

func (c *Command) rulesExport() *cobra.Command {
	var f exportFlags
	set := f.rules.flags()
	set.StringVar(&f.format, "format", "json", "write the record as `FORMAT`: json, its one canonical form; csv, a line for each change; ics, the closing days as a calendar; sql, every answer as tables and a view; schema, the JSON Schema of rules files")
	set.StringVar(&f.question.asAt, "as-at", "", "ics, sql: ask the tables of `DATE` (YYYY-MM-DD, today or latest; default: ics the latest, sql the law of each row's own day)")
	set.StringVar(&f.from, "from", "", "ics: leave out the closing days before `DATE` (YYYY-MM-DD or today)")
	set.StringVar(&f.remind, "remind", "", "ics: show an alarm so many `DAYS` before, such as 30d,7d")
	set.StringVar(&f.dialect, "dialect", "", "sql: write this `DIALECT`: duckdb, postgres, sqlite, snowflake, bigquery, spark or trino")
	set.StringVar(&f.table, "table", "inventory", "sql: the inventory is the table or view of this `NAME`")
	set.StringVar(&f.schema, "schema", "", "sql: make tables and view in the schema of this `NAME`, and the schema if it is not there (sqlite: an attached database, which holds the inventory too)")
	set.StringVar(&f.question.lastDay, "last-day", "included", "sql: whether the end date itself is inside the period: `included` or excluded")
	set.BoolVar(&f.question.assumeOpen, "assume-open", false, "sql: take an end that is not on record to be open")
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the record: in its one canonical form, as CSV or SQL, or its closing days as a calendar",
		Long: `export writes the record for other programs. With --format sql it writes tables
that hold the answer of every device on every day, and the view ivp_checked, which
joins them to an inventory with the columns device_type, spec, gbcs, install_date
and scope: all columns of the inventory, then ivp_outcome, ivp_reason, ivp_to,
ivp_days_left, ivp_amendment, ivp_from and ivp_end. The script may be run again,
over what any earlier one made; the table ivp_rules says which rules the tables
hold. install_date may be a date, a timestamp, an instant (its day is that in
London) or a text YYYY-MM-DD. A version that it cannot read is undetermined, never
eligible. An inventory with columns of those names is refused.`,
		Example: `  ivp rules export >rules.json
  ivp rules export --format ics --remind 90d,30d >closing.ics
  ivp rules export --format sql --dialect postgres --table stock --schema ivp >rules.sql`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := f.rules.history()
			if err != nil {
				return err
			}
			return c.export(&f, h)
		},
	}
	addGroups(cmd, flagGroup{"Rules", set})
	return cmd
}

func (c *Command) export(f *exportFlags, h ivp.History) error {
	switch {
	case f.schema != "" && f.format != "sql":
		return exit.Usagef("--schema names a schema of a database, for --format sql; the JSON Schema of rules files is --format schema")
	case f.format == "schema":
		_, err := c.Stdout.Write(ivp.Schema())
		return exit.With(exit.IO, err)
	case f.format == "json":
		_, err := c.Stdout.Write(h.AppendCanonical(nil))
		return exit.With(exit.IO, err)
	case f.format == "csv":
		return exit.With(exit.IO, writeChanges(c.Stdout, h))
	case f.format == "ics":
		return c.exportCalendar(f, h)
	case f.format == "sql":
		return c.exportSQL(f, h)
	}
	return exit.Usagef("--format: %q: want json, csv, ics, sql or schema", f.format)
}
