package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/config"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// checkFlags are the flags of check, in the groups of its help.
type checkFlags struct {
	question questionFlags
	rules    rulesFlags
	input    inputFlags
	output   outputFlags
	run      runFlags

	// stock is true if the inventories list devices that are not installed.
	stock bool

	started  time.Time
	settings []config.Setting
}

type runFlags struct {
	failOn     string
	allowEmpty bool
	quiet      bool
	config     string
	waivers    string
}

func (f *runFlags) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	set.StringVar(&f.failOn, "fail-on", "not_eligible,undetermined", "exit 1 if a row has one of these `ANSWERS`, outcomes or reasons, or none")
	set.StringVar(&f.waivers, "waivers", "", "apply the waivers in `FILE` (.toml): the rows that match keep their outcome, show the waiver in ivp_waiver, and do not fail the run")
	f.commonFlags(set)
	return set
}

// commonFlags adds the flags of every command that reads inventories.
func (f *runFlags) commonFlags(set *pflag.FlagSet) {
	set.BoolVar(&f.allowEmpty, "allow-empty", false, "exit 0, not 4, if no input has a data row")
	set.StringVar(&f.config, "config", "", "take flags that are not given here from `FILE` (.toml), whose keys are the names of flags")
	set.BoolVarP(&f.quiet, "quiet", "q", false, "print no summary and no progress; errors are still printed, and the sheets and inputs that were not judged")
}

func (c *Command) check() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [flags] FILE…|-",
		Short: "Check inventories for install eligibility",
		Long: `check judges every device of one or more inventories and writes the inventories
with the answers added: every input column unchanged and in order, then the added
columns. No row is dropped. Results go to stdout, the summary to stderr.

An inventory is a CSV file or a workbook whose heading has at least the version
(such as SMETS Version) and the installation date. "ivp help headings" lists the
headings; "ivp columns FILE" shows how a file will be read.`,
		Example: `  ivp check inventory.csv
  ivp check --on today --only not_eligible stock.csv
  ivp check --as-at latest -o checked.xlsx -o report.html stock.xlsx`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.runCheck(cmd, &f, args) },
	}
	addGroups(cmd,
		flagGroup{"Question", f.question.withinFlag()},
		flagGroup{"Rules", f.rules.flags()},
		flagGroup{"Input", f.input.flags()},
		flagGroup{"Output", f.output.flags()},
		flagGroup{"Run", f.run.flags()},
	)
	return cmd
}

func (c *Command) runCheck(cmd *cobra.Command, f *checkFlags, args []string) error {
	f.started = c.Now()
	var err error
	if f.settings, err = c.configure(cmd, f.run.config); err != nil {
		return err
	}
	judge, failOn, err := c.checkTerms(cmd, f)
	if err != nil {
		return err
	}
	plan, err := c.planOutput(&f.output)
	if err != nil {
		return err
	}
	if err := f.closingAsked(failOn, plan); err != nil {
		return err
	}
	if args, err = f.sinceInput(args); err != nil {
		return err
	}
	judge.Since, judge.Source = f.output.since != "", f.output.source
	inputs, err := c.openInputs(cmd, f, plan, args)
	if err != nil {
		return err
	}
	defer input.CloseAll(inputs)
	if err := f.checkedBefore(inputs); err != nil {
		return err
	}
	if err := plan.addSplit(inputs); err != nil {
		return err
	}
	if err := errors.Join(plan.agree(inputs), plan.apart(cmd, c, inputs)); err != nil {
		return exit.With(exit.Usage, err)
	}
	return c.pass(cmd, f, judge, failOn, plan, inputs)
}

// sinceInput returns the inputs: with --changed-since the file that it names.
func (f *checkFlags) sinceInput(args []string) ([]string, error) {
	switch {
	case f.output.since == "":
		return args, nil
	case len(args) > 0 || f.input.filesFrom != "":
		return nil, exit.Usagef("--changed-since %s names the inventory to check again, with its ivp_ columns: leave out the other files", f.output.since)
	}
	f.input.recheck = true
	return []string{f.output.since}, nil
}

// checkedBefore returns an error if --changed-since is given and an input has no answers.
func (f *checkFlags) checkedBefore(inputs []*input.Input) error {
	for _, in := range inputs {
		if f.output.since != "" && !in.Empty && !in.Heading().Columns().Rechecked() {
			return exit.Usagef("--changed-since: %s has no columns ivp_outcome and ivp_reason: give a file that ivp check wrote", in.Name)
		}
	}
	return nil
}

// openInputs opens every input and maps its heading.
func (c *Command) openInputs(cmd *cobra.Command, f *checkFlags, plan *outputPlan, args []string) ([]*input.Input, error) {
	options, err := f.input.options(cmd, &f.question)
	if err != nil {
		return nil, err
	}
	options.Reader.Columns.Stock, options.Reader.Columns.Waivers = f.stock, f.run.waivers != ""
	options.Digest, options.Say = plan.evidence, c.sayer(f.run.quiet)
	names, err := f.input.names(args, c.Stdin, c.Stderr)
	if err != nil {
		return nil, err
	}
	inputs, err := input.OpenAll(cmd.Context(), names, c.Stdin, options)
	var mapping *devices.MappingError
	if errors.As(err, &mapping) && cmd.Flags().Lookup("on") != nil && slices.ContainsFunc(mapping.FieldProblems(), func(p devices.FieldProblem) bool { return p.Field == devices.InstallDate && len(p.Near) == 0 }) {
		err = fmt.Errorf("%w\n  if the rows have no date, give one day for all: --on DATE, such as --on today", err)
	}
	return inputs, err
}

// sayer returns a function that prints messages during the run; nil if quiet.
func (c *Command) sayer(quiet bool) func(string) {
	if quiet {
		return nil
	}
	return func(text string) { fmt.Fprintln(c.Stderr, text) }
}

// closingAsked returns an error if closing is selected without --within.
func (f *checkFlags) closingAsked(failOn devices.Selection, plan *outputPlan) error {
	if f.question.within == "" && (failOn.Closing() || plan.only != nil && plan.only.Closing()) {
		return exit.Usagef("closing selects the devices with few days left: set how few with --within, such as --within 90d")
	}
	return nil
}

// checkTerms returns the judge, and the selection of rows that fail the run.
func (c *Command) checkTerms(cmd *cobra.Command, f *checkFlags) (judge devices.Judge, failOn devices.Selection, err error) {
	h, err := f.rules.history()
	if err != nil {
		return judge, failOn, err
	}
	if judge, err = f.judge(c, cmd, h); err != nil {
		return judge, failOn, err
	}
	if judge.WithinAsked, judge.Within, err = f.question.withinDays(); err != nil {
		return judge, failOn, err
	}
	if judge.Waivers, err = c.loadWaivers(f.run.waivers); err != nil {
		return judge, failOn, err
	}
	if failOn, err = devices.ParseSelection(f.run.failOn); err != nil {
		return judge, failOn, exit.Usagef("--fail-on: %w, or none", err)
	}
	return judge, failOn, nil
}

// judge returns a judge with the rules h and the terms that all commands share.
func (f *checkFlags) judge(c *Command, cmd *cobra.Command, h ivp.History) (judge devices.Judge, err error) {
	judge.Today = c.today()
	if judge.Checker, err = f.question.checker(c, h); err != nil {
		return judge, err
	}
	if judge.On, err = f.question.installDay(c); err != nil {
		return judge, err
	}
	judge.ScopeGiven, judge.Scope = cmd.Flags().Changed("scope"), f.question.scope
	if f.input.cpl != "" {
		list, err := soundList(f.input.cpl)
		if err != nil {
			return judge, err
		}
		judge.Catalogue = list
	}
	return judge, nil
}

// pass opens the outputs, judges all rows and commits the outputs.
func (c *Command) pass(cmd *cobra.Command, f *checkFlags, judge devices.Judge, failOn devices.Selection, plan *outputPlan, inputs []*input.Input) error {
	paint, err := c.painter(f.output.colour)
	if err != nil {
		return err
	}
	outputs, err := plan.open(c)
	if err != nil {
		return err
	}
	defer plan.abort()
	progress := c.newProgress(f.run.quiet, plan, inputs)
	pass := rowPass{
		Inputs: inputs, Judge: judge, Outputs: outputs, Split: plan.splitOf, Progress: progress.add,
		Options: report.Options{
			Why: f.output.why, Columns: judge.Columns(f.output.why), Only: plan.only, Style: plan.style,
			Judge: judge, Paint: paint,
		},
	}
	if plan.evidence {
		pass.Options.Evidence = func(s *devices.Summary) *evidence.Run { return c.evidence(f, judge, plan, inputs, s) }
	}
	totals, err := pass.Run(cmd.Context())
	progress.done()
	if err != nil {
		return err
	}
	summary := totals.Summary
	if err := plan.writeSidecars(pass.Options.Evidence, summary); err != nil {
		return err
	}
	if err := plan.commit(c); err != nil {
		return err
	}
	if f.run.quiet {
		c.nameUnread(inputs)
	} else {
		c.summarise(f, pass, summary)
	}
	return verdictOfRun(summary, failOn, f.run.allowEmpty)
}

// summarise writes the summary.
func (c *Command) summarise(f *checkFlags, pass rowPass, summary *devices.Summary) {
	notes := inputNotes(pass.Inputs)
	if summary.Within > 0 {
		notes = append(notes, "--only closing writes the devices that close soon")
	}
	if pass.Judge.Since {
		notes = append(notes, fmt.Sprintf("%s of %d with another answer than in %s: only these rows are written", remarks.Plural(summary.Changed, "device"), summary.Devices, f.output.since))
	}
	notes = slices.Concat(notes, pass.Remarks, waiverNotes(f.run.waivers, pass.Judge.Waivers, summary))
	report.WriteSummary(c.Stderr, summary, pass.Options, notes)
}

// nameUnread prints what was not judged; with --quiet it replaces the summary.
func (c *Command) nameUnread(inputs []*input.Input) {
	for _, in := range inputs {
		for _, note := range in.Unread() {
			fmt.Fprintln(c.Stderr, note)
		}
	}
}

// inputNotes returns the notes on how the inputs were read.
func inputNotes(inputs []*input.Input) (notes []string) {
	for _, in := range inputs {
		notes = append(notes, in.Notes()...)
	}
	return notes
}

// listNotes returns a note on the Central Products List, if there is one.
func listNotes(judge devices.Judge) []string {
	if judge.Catalogue == nil {
		return nil
	}
	return []string{fmt.Sprintf("list: %s", judge.Catalogue)}
}

var errNothing = errors.New("nothing to check: no input has a data row; if that is right, use --allow-empty")

// verdictOfRun returns the exit code of a complete pass, as an error.
func verdictOfRun(s *devices.Summary, failOn devices.Selection, allowEmpty bool) error {
	switch {
	case s.Devices == 0 && !allowEmpty:
		return exit.With(exit.Empty, errNothing)
	case s.Any(failOn):
		return exit.Silent(exit.NotEligible)
	}
	return nil
}
