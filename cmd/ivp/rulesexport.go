package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
)

// exportFlags say in what form the record is written.
type exportFlags struct {
	rules  rulesFlags
	format string
	schema bool
	asAt   string
	from   string
	remind string
}

func (c *Command) rulesExport() *cobra.Command {
	var f exportFlags
	set := f.rules.flags()
	set.StringVar(&f.format, "format", "json", "write the record as `FORMAT`: json, its one canonical form; csv, a line for each change; ics, the closing days as a calendar")
	set.BoolVar(&f.schema, "schema", false, "write the JSON Schema of rules files instead")
	set.StringVar(&f.asAt, "as-at", "latest", "ics: the closing days by the tables of `DATE` (YYYY-MM-DD, today or latest)")
	set.StringVar(&f.from, "from", "", "ics: leave out the closing days before `DATE` (YYYY-MM-DD or today)")
	set.StringVar(&f.remind, "remind", "", "ics: show an alarm so many `DAYS` before, such as 30d,7d")
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the record: in its one canonical form, as CSV, or its closing days as a calendar",
		Example: `  ivp rules export >rules.json
  ivp rules export --format ics --remind 90d,30d >closing.ics`,
		Args: cobra.NoArgs,
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
	case f.schema:
		_, err := c.Stdout.Write(ivp.Schema())
		return exit.With(exit.IO, err)
	case f.format == "json":
		_, err := c.Stdout.Write(h.AppendCanonical(nil))
		return exit.With(exit.IO, err)
	case f.format == "csv":
		return exit.With(exit.IO, writeChanges(c.Stdout, h))
	case f.format == "ics":
		return c.exportCalendar(f, h)
	}
	return fmt.Errorf("--format: %q: want json, csv or ics", f.format)
}
