package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/rundown"
	"github.com/mp196/ivp/devices"
)

// rundownFlags are the flags of rundown.
type rundownFlags struct {
	checkFlags
	rate, plan, unitCost string
	// planFile is the plan as it was read.
	planFile *evidence.File
	cost     int64
}

func (c *Command) rundown() *cobra.Command {
	f := rundownFlags{checkFlags: checkFlags{stock: true}}
	cmd := &cobra.Command{
		Use:   "rundown [flags] FILE…|-",
		Short: "Say what stock to fit by when, and the money at risk",
		Long: `Stock that is not installed yet: until when it may be, how many devices a week
must be installed so that none is stranded, and at a given --rate or --plan how
many are stranded and the money at risk. The input is one or more inventories, with
one device in each row; no installation date is required or read.

The results are by closing day, by location (what to fit by which day at each), and
by device type and version. Devices whose closing day is not on record have a
separate line. Devices that close first are installed first: no other order leaves
fewer stranded. Costs come from a column such as Unit Cost, in pounds, or from
--unit-cost. Rows that are not a device, such as totals and notes, are in no sum.

A plan is a CSV file of rates, each from a day on:

  from,per_week,to,device_type,location
  2026-01-05,120,,,
  2026-04-01,40,2026-09-30,GSME,Leeds

The last three columns may be left out; dates may be written 05/01/2026 too. Each type or location with a line has a
team of its own. Stock goes to the team that fits it most closely: by type and
location, by type, by location, then the one for all. If several lines of a team
cover a day, the one that began last applies.`,
		Example: `  ivp rundown --rate 120/week stock.csv
  ivp rundown --plan plan.csv --unit-cost 45 -o rundown.html stock.xlsx`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.runRundown(cmd, &f, args) },
	}
	addGroups(cmd,
		flagGroup{"Question", f.questionFlags()},
		flagGroup{"Rules", f.rules.flags()},
		flagGroup{"Input", f.input.flags()},
		flagGroup{"Output", f.outputFlags()},
		flagGroup{"Run", f.runFlags()},
	)
	return cmd
}

func (f *rundownFlags) questionFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("question", pflag.ContinueOnError)
	set.StringVar(&f.question.on, "on", "today", "the `DATE` (YYYY-MM-DD, DD/MM/YYYY or today) on which the stock lies uninstalled")
	set.StringVar(&f.rate, "rate", "", "install `N/week` or N/day from that day on, earliest closing first")
	set.StringVar(&f.plan, "plan", "", "install as the plan in `FILE` (.csv) says, earliest closing first")
	set.StringVar(&f.unitCost, "unit-cost", "", "a device without a cost in the file costs so many `POUNDS`, such as 45.50")
	f.question.termFlags(set)
	return set
}

func (f *rundownFlags) outputFlags() *pflag.FlagSet {
	set := f.output.fileFlags()
	set.Lookup("csv-safe").Usage = "in CSV, put ' before locations, or parts of them, that a spreadsheet would run as a formula"
	return set
}

func (f *rundownFlags) runFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	set.StringVar(&f.run.failOn, "fail-on", "none", "exit 1 if some device is `stranded`, or never: stranded or none")
	f.run.commonFlags(set)
	set.Lookup("quiet").Usage = "write no summary; errors, and sheets or inputs that were not judged, are still named"
	return set
}

func (c *Command) runRundown(cmd *cobra.Command, f *rundownFlags, args []string) (err error) {
	f.started = c.Now()
	if f.settings, err = c.configure(cmd, f.run.config); err != nil {
		return err
	}
	judge, err := c.rundownJudge(cmd, f)
	if err != nil {
		return err
	}
	rates, err := f.rates()
	if err != nil {
		return err
	}
	plan, err := c.planOutput(&f.output)
	if err != nil {
		return err
	}
	inputs, err := c.openInputs(cmd, &f.checkFlags, plan, args)
	if err != nil {
		return err
	}
	defer input.CloseAll(inputs)
	if err := plan.apart(cmd, c, inputs); err != nil {
		return exit.With(exit.Usage, err)
	}
	return c.rundownPass(cmd.Context(), f, judge, rates, plan, inputs)
}

// rundownJudge returns who judges the stock.
func (c *Command) rundownJudge(cmd *cobra.Command, f *rundownFlags) (devices.Judge, error) {
	h, err := f.rules.history()
	if err != nil {
		return devices.Judge{}, err
	}
	return f.judge(c, cmd, h)
}

// rates returns the rates at which stock is installed, or nil if none is given, and
// reads the other flags of the question.
func (f *rundownFlags) rates() (*rundown.Plan, error) {
	if f.run.failOn != "none" && f.run.failOn != "stranded" {
		return nil, exit.Usagef("--fail-on: %q: want stranded or none", f.run.failOn)
	}
	if f.unitCost != "" {
		var err error
		if f.cost, err = devices.ParsePence(f.unitCost); err != nil {
			return nil, exit.Usagef("--unit-cost: %w", err)
		}
	}
	switch {
	case f.rate != "" && f.plan != "":
		return nil, exit.Usagef("--rate and --plan both say how fast stock is installed: give one")
	case f.plan != "":
		return f.readPlan()
	case f.rate != "":
		perWeek, err := rundown.ParseRate(f.rate)
		if err != nil {
			return nil, exit.Usagef("--rate: %w", err)
		}
		return rundown.Steady(f.rate, perWeek), nil
	case f.run.failOn == "stranded":
		return nil, exit.Usagef("--fail-on stranded: say how fast stock is installed with --rate N/week or --plan FILE")
	}
	return nil, nil
}

func (f *rundownFlags) readPlan() (*rundown.Plan, error) {
	data, err := input.ReadFile(f.plan, math.MaxInt64)
	if err != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("could not read the plan: %w", err))
	}
	plan, err := rundown.ReadPlan(f.plan, data)
	if err != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("--plan:\n%w", err))
	}
	file := dataEvidence(f.plan, data)
	f.planFile = &file
	return plan, nil
}

// rundownPass counts the stock and writes what becomes of it.
func (c *Command) rundownPass(ctx context.Context, f *rundownFlags, judge devices.Judge, rates *rundown.Plan, plan *outputPlan, inputs []*input.Input) error {
	outputs, err := plan.open(c)
	if err != nil {
		return err
	}
	defer plan.abort()
	stock := rundown.NewStock(judge)
	if f.unitCost != "" {
		stock.SetUnitCost(f.cost)
	}
	pass := rowPass{Inputs: inputs, Judge: judge, Tally: stock.Add}
	totals, err := pass.Run(ctx)
	if err != nil {
		return err
	}
	summary := totals.Summary
	result := rundown.New(stock, rates)
	options := report.RundownOptions{
		Judge: judge, Summary: summary, Valued: f.unitCost != "" || anyCost(inputs), Style: plan.style, PlanFile: f.planFile,
	}
	for _, last := range []bool{false, true} { // those that hold evidence, which names the others
		for _, out := range outputs {
			if holdsEvidence(out.Format) != last {
				continue
			}
			if last {
				options.Evidence = c.evidence(&f.checkFlags, judge, plan, inputs, summary)
			}
			if err := out.WriteRundown(result, options); err != nil {
				return exit.With(exit.IO, fmt.Errorf("could not write the output: %w; it is incomplete", err))
			}
			markWhole(out)
		}
	}
	if err := plan.commit(c); err != nil {
		return err
	}
	if f.run.quiet {
		c.nameUnread(inputs)
	} else {
		report.WriteRundownSummary(c.Stderr, result, options, slices.Concat(inputNotes(inputs), listNotes(judge)))
	}
	return f.verdict(result, summary)
}

// anyCost reports whether some input says what a device costs.
func anyCost(inputs []*input.Input) bool {
	for _, in := range inputs {
		if !in.Empty && in.Heading().Columns().Index(devices.UnitCost) >= 0 {
			return true
		}
	}
	return false
}

// verdict turns a whole pass into an exit code.
func (f *rundownFlags) verdict(r *rundown.Rundown, s *devices.Summary) error {
	switch {
	case s.Devices == 0 && !f.run.allowEmpty:
		return exit.With(exit.Empty, errNothing)
	case f.run.failOn == "stranded" && r.Total(rundown.Kind.Installable).Stranded > 0:
		return exit.Silent(exit.NotEligible)
	}
	return nil
}
