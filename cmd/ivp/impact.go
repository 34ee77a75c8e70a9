package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/report"
)

func (c *Command) impact() *cobra.Command {
	var f compareFlags
	var before, after string
	states := pflag.NewFlagSet("states", pflag.ContinueOnError)
	states.StringVar(&before, "before", "", "the law before the change: a `STATE`, as above (default: the law of each row's own day)")
	states.StringVar(&after, "after", "", "the law after it: a `STATE` (default: the law of each row's own day)")
	cmd := &cobra.Command{
		Use:   "impact [flags] FILE…|-",
		Short: "Show what a change of the rules does to an inventory",
		Long: `impact judges every device of one or more inventories twice, by the law before a
change and by the law after it. It counts how the answers differ, and writes
the rows whose answer changes, with both answers and the amendments that make
the difference.

A STATE begins with a day (YYYY-MM-DD or today: the tables as they stood), with
latest, or with nothing (the law of each row's own day). After it, as often as
needed, ,-ID leaves an amendment out and ,+FILE adds those of a file:
latest,-MP196,+draft.json.`,
		Example: `  ivp impact --before latest,-MP196 --after latest inventory.csv
  ivp impact --before latest --after latest,+draft.json -o report.html stock.csv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.started = c.Now()
			var err error
			if f.settings, err = c.configure(cmd, f.run.config); err != nil {
				return err
			}
			if !states.Changed("before") && !states.Changed("after") {
				return exit.Usagef("say what changes with --before STATE, --after STATE or both, as in --before latest,-MP196 --after latest; see ivp impact --help")
			}
			h, err := f.rules.history()
			if err != nil {
				return err
			}
			if f.before, err = c.state("--before", before, h); err != nil {
				return err
			}
			if f.after, err = c.state("--after", after, h); err != nil {
				return err
			}
			fails, err := impactFails(f.run.failOn)
			if err != nil {
				return err
			}
			totals, err := c.runCompare(cmd, &f, args)
			if err == nil && fails(totals) {
				err = exit.Silent(exit.NotEligible)
			}
			return err
		},
	}
	question := f.question.onFlag()
	f.question.termFlags(question)
	addGroups(cmd,
		flagGroup{"Change", states},
		flagGroup{"Question", question},
		flagGroup{"Rules", f.rules.flags()},
		flagGroup{"Input", f.input.flags()},
		flagGroup{"Output", f.outputFlags("changed")},
		flagGroup{"Run", f.runFlags("none", "exit 1 if some answer is changed, if some outcome is, or never: `changed`, outcome or none")},
	)
	return cmd
}

// impactFails returns what fails a run.
func impactFails(on string) (func(report.Totals) bool, error) {
	switch on {
	case "none":
		return func(report.Totals) bool { return false }, nil
	case "changed":
		return func(t report.Totals) bool { return t.Changes.Changed > 0 }, nil
	case "outcome":
		return func(t report.Totals) bool { return t.Changes.OutcomeChanged > 0 }, nil
	}
	return nil, exit.Usagef("--fail-on: %q: want changed, outcome or none", on)
}
