package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// compareFlags are the flags of the commands that judge each device by two
// states of the law.
type compareFlags struct {
	checkFlags
	before, after lawState
	rows          string
	audit         bool
	from, to      ivp.Date // the days of an audit
	whatIf        whatIf
}

// outputFlags say what is written, and which rows of it.
func (f *compareFlags) outputFlags() *pflag.FlagSet {
	set := f.output.fileFlags()
	if f.audit {
		set.StringVar(&f.rows, "rows", "unlawful", "write the rows that were `unlawful` on their day, or those that cannot be judged, or those whose answer by the other tables differs, or only those whose outcome does, or all: unlawful, unjudged, changed, outcome or all; counts cover all")
	} else {
		set.StringVar(&f.rows, "rows", "changed", "write the rows whose answer is `changed`, or only those whose outcome is, or all: changed, outcome or all; counts cover all")
	}
	set.BoolVar(&f.output.why, "why", false, "add both explanations: ivp_before_explanation, ivp_after_explanation")
	return set
}

func (f *compareFlags) runFlags(failOn, usage string) *pflag.FlagSet {
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	set.StringVar(&f.run.failOn, "fail-on", failOn, usage)
	f.run.commonFlags(set)
	return set
}

// written sets which rows are written.
func (f *compareFlags) written(options *report.Options) error {
	outcome := func(o ivp.Outcome) {
		only := devices.Selection{}.WithReasonsOf(o)
		options.Only = &only
	}
	switch {
	case f.rows == "changed":
		options.Differing = devices.AnswerDiffers
	case f.rows == "outcome":
		options.Differing = devices.OutcomeDiffers
	case f.rows == "unlawful" && f.audit:
		outcome(ivp.NotEligible)
	case f.rows == "unjudged" && f.audit:
		outcome(ivp.Undetermined)
	case f.rows != "all" && f.audit:
		return exit.Usagef("--rows: %q: want unlawful, unjudged, changed, outcome or all", f.rows)
	case f.rows != "all":
		return exit.Usagef("--rows: %q: want changed, outcome or all", f.rows)
	}
	return nil
}

// state reads a state of the law from a flag.
func (c *Command) state(flag, text string, h ivp.History) (lawState, error) {
	s, err := parseState(text, h, c.today())
	if err != nil {
		return s, exit.With(exit.Usage, fmt.Errorf("%s: %w", flag, err))
	}
	return s, nil
}

// runCompare judges every row of the inputs by both states, and returns what was
// counted.
func (c *Command) runCompare(cmd *cobra.Command, f *compareFlags, args []string) (totals report.Totals, err error) {
	judge, before, err := f.judges(c, cmd)
	if err != nil {
		return totals, err
	}
	plan, err := c.planOutput(&f.output)
	if err != nil {
		return totals, err
	}
	inputs, err := c.openInputs(cmd, &f.checkFlags, plan, args)
	if err != nil {
		return totals, err
	}
	defer input.CloseAll(inputs)
	if err := errors.Join(plan.agree(inputs), plan.apart(cmd, c, inputs)); err != nil {
		return totals, exit.With(exit.Usage, err)
	}
	pass := rowPass{Inputs: inputs, Judge: judge, Options: c.changeOptions(f, judge, before, plan, inputs)}
	if err := f.written(&pass.Options); err != nil {
		return totals, err
	}
	if len(f.whatIf.moves) > 0 && anyCost(inputs) {
		money := &report.Money{}
		pass.Options.Change.Money, pass.Tally = money, money.Add
	}
	return c.comparisonPass(cmd.Context(), f, &pass, plan)
}

// judges returns the judge of after, and the rules and terms of before.
func (f *compareFlags) judges(c *Command, cmd *cobra.Command) (judge devices.Judge, before ivp.Checker, err error) {
	if judge, err = f.judge(c, cmd, f.after.History); err != nil {
		return judge, before, err
	}
	before = judge.Checker
	before.History, before.AsAt = f.before.History, f.before.AsAt
	judge.Checker.AsAt = f.after.AsAt
	return judge, before, nil
}

func (c *Command) changeOptions(f *compareFlags, judge devices.Judge, before ivp.Checker, plan *outputPlan, inputs []*input.Input) report.Options {
	options := report.Options{
		Why: f.output.why, Columns: devices.DifferenceColumns(f.output.why), Style: plan.style, Judge: judge,
		Change: &report.Change{
			Audit: f.audit, From: f.from, To: f.to, WhatIf: strings.Join(f.whatIf.moves, "; "), Supposed: f.whatIf.notes,
			Before: report.Terms{Name: f.before.Text, Words: f.before.Words, Checker: before},
			After:  report.Terms{Name: f.after.Text, Words: f.after.Words, Checker: judge.Checker},
		},
	}
	if options.Change.WhatIf != "" {
		options.Columns = devices.WhatIfColumns(f.output.why)
	}
	if plan.evidence {
		options.Evidence = func(s *devices.Summary) *evidence.Run {
			run := c.evidence(&f.checkFlags, judge, plan, inputs, s)
			run.Question.From, run.Question.To = f.from.String(), f.to.String()
			run.Before = f.before.evidence(judge.Today)
			run.After = f.after.evidence(judge.Today)
			return run
		}
	}
	return options
}

// comparisonPass opens the outputs, makes the one pass and puts the outputs in
// place.
func (c *Command) comparisonPass(ctx context.Context, f *compareFlags, pass *rowPass, plan *outputPlan) (totals report.Totals, err error) {
	if pass.Outputs, err = plan.open(c); err != nil {
		return totals, err
	}
	defer plan.abort()
	progress := c.newProgress(f.run.quiet, plan, pass.Inputs)
	pass.Progress = progress.add
	totals, err = pass.Run(ctx)
	progress.done()
	if err != nil {
		return totals, err
	}
	if err := plan.commit(c); err != nil {
		return totals, err
	}
	if f.run.quiet {
		c.nameUnread(pass.Inputs)
	} else {
		report.WriteChangeSummary(c.Stderr, totals, pass.Options, f.notes(pass))
	}
	if totals.Changes.Devices == 0 && !f.run.allowEmpty {
		return totals, exit.With(exit.Empty, errNothing)
	}
	return totals, nil
}

// notes are the lines that say how the inputs and the states were read.
func (f *compareFlags) notes(pass *rowPass) []string {
	return slices.Concat(inputNotes(pass.Inputs), pass.Remarks, f.before.Notes, f.after.Notes, listNotes(pass.Judge))
}

func (c *Command) impact() *cobra.Command {
	var f compareFlags
	var before, after string
	var extends []string
	states := pflag.NewFlagSet("states", pflag.ContinueOnError)
	states.StringVar(&before, "before", "", "the law before the change: a `STATE`, as above (default: the law of each row's own day)")
	states.StringVar(&after, "after", "", "the law after it: a `STATE` (default: the law of each row's own day)")
	states.StringArrayVar(&extends, "extend", nil, "in place of --after: a what-if in which a version ends later, as in `VERSION=12m` or VERSION=2027-06-30, with the GBCS versions that it needs (repeatable; --before is then latest if not given)")
	cmd := &cobra.Command{
		Use:   "impact [flags] FILE…|-",
		Short: "Show what a change of the rules does to an inventory",
		Long: `impact judges every device of one or more inventories twice, by the law before a
change and by the law after it. It counts how the answers differ, and writes
the rows whose answer changes, with both answers and the amendments that make
the difference.

A STATE begins with a day (YYYY-MM-DD, DD/MM/YYYY or today: the tables as they stood), with
latest, or with nothing (the law of each row's own day). After it, as often as
needed, ,-ID leaves an amendment out and ,+FILE adds those of a file:
latest,-MP196,+draft.json.

--extend asks what a later end would change, as MP196 did: it moves the end of a
version, and with it the GBCS versions that go with it by the permitted pairs and
would otherwise end before. What it supposes is no rule. Every output says so, and
nothing that it writes can be added to the rules. With a column such as Unit Cost
it says what the devices are worth.`,
		Example: `  ivp impact --before latest,-MP196 --after latest inventory.csv
  ivp impact --before latest --after latest,+draft.json -o report.html stock.csv
  ivp impact --extend "SMETS2 v3.1=12m" stock.csv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.started = c.Now()
			var err error
			if f.settings, err = c.configure(cmd, f.run.config); err != nil {
				return err
			}
			switch {
			case len(extends) > 0 && states.Changed("after"):
				return exit.Usagef("--extend and --after both say what the law is after the change: leave one of them out")
			case len(extends) > 0 && !states.Changed("before"):
				before = "latest"
			case len(extends) == 0 && !states.Changed("before") && !states.Changed("after"):
				return exit.Usagef("say what changes with --before STATE, --after STATE or both, as in --before latest,-MP196 --after latest, or with --extend VERSION=12m; see ivp impact --help")
			}
			h, err := f.rules.history()
			if err != nil {
				return err
			}
			if f.before, err = c.state("--before", before, h); err != nil {
				return err
			}
			if len(extends) > 0 {
				f.stock = true // so that the cost is read
				f.after, f.whatIf, err = f.before.extend(extends)
			} else {
				f.after, err = c.state("--after", after, h)
			}
			if err != nil {
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
		flagGroup{"Output", f.outputFlags()},
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

func (c *Command) audit() *cobra.Command {
	f := compareFlags{audit: true}
	var against, from, to string
	set := pflag.NewFlagSet("question", pflag.ContinueOnError)
	set.StringVar(&from, "from", "", "audit only the installations from `DATE` on (YYYY-MM-DD, DD/MM/YYYY or today)")
	set.StringVar(&to, "to", "", "audit only those up to and including `DATE`")
	set.StringVar(&against, "against", "latest", "judge by this `STATE` of the law too, written as for ivp impact")
	f.question.termFlags(set)
	cmd := &cobra.Command{
		Use:   "audit [flags] FILE…|-",
		Short: "Say which installations already made were not lawful on their day",
		Long: `audit judges every installation of one or more inventories by the tables that
stood on its own day, and writes the rows of those that were not lawful. --from and
--to choose the days of installation; rows without a day that can be read are
always judged.

What counts for an installation is the law of its own day. Each is judged by the
latest tables too, and the four combinations are counted: that the latest tables
say otherwise makes no installation unlawful afterwards, nor lawful.`,
		Example: `  ivp audit installs-2025.csv
  ivp audit --from 01/01/2025 --to 31/03/2025 installs.csv
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
			if f.from, err = c.day("--from", from, ivp.History{}); err != nil {
				return err
			}
			if f.to, err = c.day("--to", to, ivp.History{}); err != nil {
				return err
			}
			if f.to.Valid() && f.to.Before(f.from) {
				return exit.Usagef("--from %s is after --to %s: no day is between them", f.from, f.to)
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
		flagGroup{"Output", f.outputFlags()},
		flagGroup{"Run", f.runFlags("not_eligible,undetermined", "exit 1 if a row has one of these `ANSWERS` by the law of its own day, or none")},
	)
	return cmd
}
