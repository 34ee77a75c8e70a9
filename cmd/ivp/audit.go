package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
)

func (c *Command) audit() *cobra.Command {
	f := compareFlags{audit: true}
	var against string
	set := pflag.NewFlagSet("question", pflag.ContinueOnError)
	set.StringVar(&against, "against", "latest", "judge by this `STATE` of the law too, written as for ivp impact")
	f.question.termFlags(set)
	cmd := &cobra.Command{
		Use:   "audit [flags] FILE…|-",
		Short: "Judge installations already made by the law of their day and by today's tables",
		Long: `audit judges every installation of one or more inventories twice: by the tables
that stood on its own day, and by the latest tables. It counts the four
combinations, and writes the rows whose two answers differ, with the amendments
that make the difference.

What counts for an installation is the law of its own day. That the latest
tables say otherwise makes no installation unlawful afterwards, nor lawful.`,
		Example: `  ivp audit installs-2025.csv
  ivp audit --rows all -o audit.xlsx installs.csv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.started = c.Now()
			var err error
			if f.settings, err = c.configure(cmd, f.run.config); err != nil {
				return err
			}
			h, err := f.rules.history()
			if err != nil {
				return err
			}
			if f.before, err = c.state("the law of the day", "", h); err != nil {
				return err
			}
			if f.after, err = c.state("--against", against, h); err != nil {
				return err
			}
			failOn, err := devices.ParseSelection(f.run.failOn)
			if err != nil {
				return exit.Usagef("--fail-on: %w, or none", err)
			}
			totals, err := c.runCompare(cmd, &f, args)
			if err == nil && totals.Changes.AnyBefore(failOn) {
				err = exit.Silent(exit.NotEligible)
			}
			return err
		},
	}
	addGroups(cmd,
		flagGroup{"Question", set},
		flagGroup{"Rules", f.rules.flags()},
		flagGroup{"Input", f.input.flags()},
		flagGroup{"Output", f.outputFlags("outcome")},
		flagGroup{"Run", f.runFlags("not_eligible,undetermined", "exit 1 if a row has one of these `OUTCOMES-OR-REASONS` by the law of its own day, or none")},
	)
	return cmd
}
