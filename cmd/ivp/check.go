package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/catalogue"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/run"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
)

// checkFlags are the flags of check, by the groups of its help.
type checkFlags struct {
	question questionFlags
	rules    rulesFlags
	input    inputFlags
	output   outputFlags
	run      runFlags
}

type runFlags struct {
	failOn     string
	allowEmpty bool
	quiet      bool
}

func (f *runFlags) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	set.StringVar(&f.failOn, "fail-on", "not_eligible,undetermined", "exit 1 if a row has one of these `OUTCOMES-OR-REASONS`, or none")
	set.BoolVar(&f.allowEmpty, "allow-empty", false, "exit 0, not 4, when no input holds a data row")
	set.BoolVarP(&f.quiet, "quiet", "q", false, "write no summary and no progress; errors are still told")
	return set
}

func (c *Command) check() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [flags] FILE…|-",
		Short: "Check inventories for install eligibility",
		Long: `check judges every device of one or more inventories and writes them back with
the answers added: every input column as it came and in order, then ours. No
row is dropped. Results go to stdout, the summary to stderr.

An inventory is a CSV file whose heading names at least the version (such as
SMETS Version) and the installation date; see "ivp help columns".`,
		Example: `  ivp check inventory.csv
  ivp check --on today --only not_eligible stock.csv
  ivp check --as-at latest -o checked.csv -o report.json inventory.csv`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.runCheck(cmd, &f, args) },
	}
	addGroups(cmd,
		flagGroup{"Question", f.question.flags()},
		flagGroup{"Rules", f.rules.flags()},
		flagGroup{"Input", f.input.flags()},
		flagGroup{"Output", f.output.flags()},
		flagGroup{"Run", f.run.flags()},
	)
	return cmd
}

func (c *Command) runCheck(cmd *cobra.Command, f *checkFlags, args []string) error {
	judge, failOn, err := c.checkTerms(f)
	if err != nil {
		return err
	}
	plan, err := c.planOutput(&f.output)
	if err != nil {
		return err
	}
	options, err := f.input.options(&f.question)
	if err != nil {
		return err
	}
	names, err := f.input.names(args, c.Stdin)
	if err != nil {
		return err
	}
	inputs, err := source.OpenAll(names, c.Stdin, options)
	if err != nil {
		return err
	}
	defer source.CloseAll(inputs)
	if err := errors.Join(plan.agree(inputs), plan.apart(c, inputs)); err != nil {
		return exit.With(exit.Usage, err)
	}
	return c.pass(cmd, f, judge, failOn, plan, inputs)
}

// checkTerms returns who judges and what fails the run.
func (c *Command) checkTerms(f *checkFlags) (judge devices.Judge, failOn devices.Selection, err error) {
	h, err := f.rules.history()
	if err != nil {
		return judge, failOn, err
	}
	if judge.Checker, err = f.question.checker(c, h); err != nil {
		return judge, failOn, err
	}
	if judge.On, err = f.question.installDay(c); err != nil {
		return judge, failOn, err
	}
	judge.ScopeGiven, judge.Scope = f.question.given("scope"), f.question.scope
	if f.input.cpl != "" {
		if judge.Catalogue, err = loadCatalogue(f.input.cpl); err != nil {
			return judge, failOn, err
		}
	}
	if failOn, err = devices.ParseSelection(f.run.failOn); err != nil {
		return judge, failOn, fmt.Errorf("--fail-on: %w, or none", err)
	}
	return judge, failOn, nil
}

// loadCatalogue reads a Central Products List. A damaged one is refused: the
// model that is looked for may stand in a damaged row.
func loadCatalogue(path string) (devices.Catalogue, error) {
	list, err := catalogue.Load(path)
	if err != nil {
		return nil, err
	}
	if err := list.Damage(); err != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("--cpl: %w", err))
	}
	return list, nil
}

// pass opens the outputs, makes the one pass and puts the outputs in place.
func (c *Command) pass(cmd *cobra.Command, f *checkFlags, judge devices.Judge, failOn devices.Selection, plan *outputPlan, inputs []*source.Input) error {
	outputs, err := plan.open(cmd.Context(), c)
	if err != nil {
		return err
	}
	defer plan.abort()
	progress := c.newProgress(f.run.quiet, plan, inputs)
	pass := run.Pass{
		Inputs: inputs, Judge: judge, Outputs: outputs, Progress: progress.add,
		Options: report.Options{Why: f.output.why, Columns: judge.Columns(f.output.why), Only: plan.only, Checker: judge.Checker},
	}
	summary, err := pass.Run(cmd.Context())
	progress.done()
	if err != nil {
		return err
	}
	if err := plan.commit(); err != nil {
		return err
	}
	if !f.run.quiet {
		report.WriteSummary(c.Stderr, summary, judge.Checker.History)
		if judge.Catalogue != nil {
			fmt.Fprintf(c.Stderr, "list: %s\n", judge.Catalogue)
		}
	}
	return verdictOfRun(summary, failOn, f.run.allowEmpty)
}

// verdictOfRun turns a whole pass into an exit code.
func verdictOfRun(s *devices.Summary, failOn devices.Selection, allowEmpty bool) error {
	switch {
	case s.Devices == 0 && !allowEmpty:
		return exit.With(exit.Empty, errors.New("nothing to check: no input holds a data row; if that is right, say --allow-empty"))
	case s.Any(failOn):
		return exit.Silent(exit.NotEligible)
	}
	return nil
}

// inputFlags say how inventories are to be read.
type inputFlags struct {
	maps      []string
	filesFrom string
	cpl       string
	delimiter string
	recheck   bool
}

func (f *inputFlags) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("input", pflag.ContinueOnError)
	set.StringArrayVar(&f.maps, "map", nil, "read a field from the column so headed, as in `FIELD=HEADING` (repeatable)")
	set.StringVar(&f.cpl, "cpl", "", "take versions from the Central Products List in `FILE` (.csv, .xlsx, .xlsm), and hold what rows claim against it; adds ivp_cpl_entries and ivp_cpl_remedy, a candidate entry with later firmware, which is no promise that the upgrade path exists")
	set.StringVar(&f.delimiter, "delimiter", "", "the character between cells: `,` ; | or tab (default: found from the heading)")
	set.StringVar(&f.filesFrom, "files-from", "", "check the files named in `FILE` too, a name a line; - for standard input")
	set.BoolVar(&f.recheck, "recheck", false, "replace the ivp_ columns that the input already carries")
	return set
}

func (f *inputFlags) options(q *questionFlags) (devices.ReaderOptions, error) {
	options := devices.ReaderOptions{Columns: devices.ColumnOptions{
		CPL: f.cpl != "", OnGiven: q.given("on"), ScopeGiven: q.given("scope"), Recheck: f.recheck, Map: map[devices.Field]string{},
	}}
	var errs []error
	for _, text := range f.maps {
		errs = append(errs, addMapping(options.Columns.Map, text))
	}
	var err error
	options.Delimiter, err = parseDelimiter(f.delimiter)
	return options, errors.Join(append(errs, err)...)
}

// names returns the inputs, those of --files-from after those of the command
// line.
func (f *inputFlags) names(args []string, stdin io.Reader) ([]string, error) {
	if f.filesFrom != "" {
		more, err := source.FilesFrom(f.filesFrom, stdin)
		if err != nil {
			return nil, err
		}
		args = slices.Concat(args, more)
	}
	if len(args) == 0 {
		return nil, errors.New("name an inventory to check, or - for standard input; see ivp check --help")
	}
	return args, nil
}

func addMapping(to map[devices.Field]string, text string) error {
	name, heading, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Errorf("--map %q: want FIELD=HEADING, as in install_date=\"Date Fitted\"", text)
	}
	field, err := devices.ParseField(strings.TrimSpace(name))
	if err != nil {
		return fmt.Errorf("--map %q: %w", text, err)
	}
	if _, twice := to[field]; twice {
		return fmt.Errorf("--map %q: %s is mapped twice; name one heading for it", text, field)
	}
	to[field] = heading
	return nil
}

func parseDelimiter(text string) (byte, error) {
	switch {
	case text == "":
		return 0, nil
	case text == "tab" || text == `\t`:
		return '\t', nil
	case len(text) == 1 && !strings.ContainsAny(text, "\"\r\n \x00") && !isWordByte(text[0]) && text[0] < 0x80:
		return text[0], nil
	}
	return 0, fmt.Errorf("--delimiter %q: want one character such as , ; | or the word tab", text)
}

func isWordByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// agree holds that several inputs to one CSV have one heading.
func (p *outputPlan) agree(inputs []*source.Input) error {
	if !slices.ContainsFunc(p.outputs, func(o *plannedOutput) bool { return o.format == report.CSV }) {
		return nil
	}
	var first *source.Input
	for _, in := range inputs {
		switch {
		case in.Empty:
		case first == nil:
			first = in
		case !slices.Equal(first.Heading().Columns().Headings(), in.Heading().Columns().Headings()) || first.Heading().Delimiter() != in.Heading().Delimiter():
			return fmt.Errorf("%s and %s have different headings, so they cannot go into one CSV:\n  %s\n  %s\ncheck them one by one, or write --format jsonl",
				first.Name, in.Name, headingLine(first), headingLine(in))
		}
	}
	return nil
}

func headingLine(in *source.Input) string {
	return strings.Join(in.Heading().Columns().Headings(), string(in.Heading().Delimiter()))
}
