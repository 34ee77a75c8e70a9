package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// explainFlags are the flags of explain.
type explainFlags struct {
	checkFlags
	spec, gbcs, kind, device string
	of, reads                *pflag.FlagSet // the flags that describe a device, and those that say how a file is read
}

func (f *explainFlags) deviceFlags() *pflag.FlagSet {
	f.of = pflag.NewFlagSet("device", pflag.ContinueOnError)
	f.of.StringVar(&f.spec, "spec", "", "the technical specification's `VERSION`, such as \"SMETS2 v3.1\"")
	f.of.StringVar(&f.gbcs, "gbcs", "", "the GBCS `VERSION`, such as 2.1")
	f.of.StringVar(&f.kind, "type", "", "the device `TYPE`, such as ESME")
	set := pflag.NewFlagSet("device", pflag.ContinueOnError)
	set.StringVar(&f.device, "device", "", "explain the rows of FILE with this device `ID`; case, hyphens and colons do not count")
	set.AddFlagSet(f.of)
	return set
}

func (f *explainFlags) outputFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("output", pflag.ContinueOnError)
	set.StringArrayVarP(&f.output.outputs, "output", "o", nil, "write to `FILE` (.txt, .md, .html or .json) in place of stdout (repeatable)")
	set.StringVar(&f.output.format, "format", "", "write stdout as text, markdown, html or json (default: text)")
	return set
}

func (c *Command) explain() *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain [VERSION] [DATE] [flags] | explain --device ID FILE…|-",
		Short: "Explain the answer for one device, with its authority",
		Long: `explain judges one device and says why: the answer, each finding, each reading
where the record admits several, the rule in its own words with its sources, and
what the record does not know.

With --device it takes the device from the rows of a file that ivp check can
read, and makes a page to sign: the device as the file has it and as it was read,
the answer, the rule, what the Tables said on that day and say now, and what the
page rests on.`,
		Example: `  ivp explain "SMETS2 v3.1" 2023-04-27
  ivp explain "SMETS2 v2.0" 08/05/2018 --gbcs 1.0 --type ESME
  ivp explain --device 00-AB-10-00-00-00-00-02 -o page.html installs.csv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.started = c.Now()
			if cmd.Flags().Changed("device") {
				return c.explainRows(cmd, &f, args)
			}
			if err := f.words(args); err != nil {
				return misuse(cmd, err)
			}
			return c.explainOne(cmd, &f)
		},
	}
	f.reads = f.input.flags()
	addGroups(cmd, flagGroup{"Device", f.deviceFlags()}, flagGroup{"Question", f.question.flags()}, flagGroup{"Rules", f.rules.flags()},
		flagGroup{"Input, with --device", f.reads}, flagGroup{"Output", f.outputFlags()})
	return cmd
}

// words takes the version and the day that are given without their flags.
func (f *explainFlags) words(args []string) error {
	if names := changed(f.reads); len(names) > 0 {
		return fmt.Errorf("--%s says how a file is read: name the file, and the device in it with --device ID", names[0])
	}
	for _, word := range args {
		if info, err := os.Stat(word); err == nil && !info.IsDir() {
			return fmt.Errorf("%s is a file: name the device in it with --device ID", word)
		}
		switch {
		case word == "":
			return errors.New("an empty word is given: want a version or a day, or leave it out")
		case f.spec == "":
			f.spec = word
		case f.question.on == "":
			f.question.on = word
		default:
			return fmt.Errorf("%q is not expected: the version is %q and the day %q already, and a value with spaces must be quoted; to explain a row of a file, give --device ID", word, f.spec, f.question.on)
		}
	}
	return nil
}

// changed returns the names of the flags of a set that were given.
func changed(set *pflag.FlagSet) (names []string) {
	set.VisitAll(func(flag *pflag.Flag) {
		if flag.Changed {
			names = append(names, flag.Name)
		}
	})
	return names
}

// planExplanation returns what is written: stdout as text unless something else is
// named.
func (c *Command) planExplanation(f *explainFlags) (*outputPlan, error) {
	toStdout := len(f.output.outputs) == 0 || slices.Contains(f.output.outputs, "-")
	if f.output.format == "text" || f.output.format == "" && toStdout {
		f.output.format = string(report.Table)
	}
	plan, err := c.planOutput(&f.output)
	if err != nil {
		return nil, err
	}
	for _, o := range plan.outputs {
		if o.format == report.CSV && filepath.Ext(o.path) == "" { // a device, such as a pipe
			o.format = report.Table
		}
		if !slices.Contains([]report.Format{report.Table, report.Markdown, report.HTML, report.JSON}, o.format) {
			return nil, exit.Usagef("%s: an explanation is not written as %s: want text, markdown, html or json", o.name(), o.format)
		}
	}
	return plan, nil
}

// explainOne explains the answer for the device that the flags describe.
func (c *Command) explainOne(cmd *cobra.Command, f *explainFlags) error {
	plan, err := c.planExplanation(f)
	if err != nil {
		return err
	}
	h, err := f.rules.history()
	if err != nil {
		return err
	}
	checker, err := f.question.checker(c, h)
	if err != nil {
		return err
	}
	i, err := c.installation(f)
	if err != nil {
		return err
	}
	if err := plan.apart(cmd, c, nil); err != nil {
		return exit.With(exit.Usage, err)
	}
	today := c.today()
	result := judgeAlone(i, checker, today)
	e := report.Explanation{Checker: checker, Today: today, Devices: []report.Explained{{Result: result}}}
	return c.writeExplanation(plan, e.Document(), newExplanationWire(checker.Explain(i), result.Wire(true), checker, today))
}

// judgeAlone judges a device that no file holds.
func judgeAlone(i ivp.Installation, checker ivp.Checker, today ivp.Date) devices.Result {
	return devices.Judge{Checker: checker, Today: today}.Device(devices.Device{Installation: i})
}

// writeExplanation writes the outputs and puts them in place.
func (c *Command) writeExplanation(plan *outputPlan, d report.Document, wire any) error {
	outputs, err := plan.open(c)
	if err != nil {
		return err
	}
	defer plan.abort()
	for _, out := range outputs {
		if out.Format == report.JSON {
			err = out.Write(func(w io.Writer) error { return writeJSON(w, wire) })
		} else {
			d.Screen = out.Screen
			err = out.Write(func(w io.Writer) error { return report.WriteDocument(w, out.Format, d) })
		}
		if err != nil {
			return writingFailed(err)
		}
	}
	return plan.commit(c)
}

func (c *Command) installation(f *explainFlags) (ivp.Installation, error) {
	var errs []error
	need := func(what string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", what, err))
		}
	}
	i := ivp.Installation{Scope: f.question.scope}
	var err error
	i.Type, err = devices.ParseDeviceType(f.kind)
	need("--type", err)
	if f.spec == "" {
		need("--spec", errors.New("no version given: want one such as \"SMETS2 v3.1\""))
	} else {
		i.Spec, err = devices.ParseTSVersion(f.spec, i.Type)
		need("--spec", err)
	}
	if f.gbcs != "" {
		i.GBCS, err = devices.ParseGBCSVersion(f.gbcs)
		need("--gbcs", err)
	}
	i.On, err = f.question.installDay(c)
	if err == nil && i.On.IsZero() {
		err = errors.New("no date given: want one after the version, or with --on: YYYY-MM-DD, DD/MM/YYYY or today")
	}
	return i, exit.With(exit.Usage, errors.Join(append(errs, err)...))
}

// endText says what is known of a window's end.
func endText(w ivp.Window) string {
	if w.To.Kind == ivp.NotOnRecord && w.To.Day.Valid() {
		return fmt.Sprintf("not on record (confirmed %s)", w.To.Day)
	}
	if w.To.Kind == 0 {
		return "no window"
	}
	return w.To.String()
}

// explanationWire is the JSON shape of an explanation; what is absent is left
// out.
type explanationWire struct {
	devices.Wire
	Terms    termsWire           `json:"terms"`
	Findings []findingWire       `json:"findings,omitempty"`
	Readings []readingWire       `json:"readings,omitempty"`
	Unknown  []string            `json:"not_known,omitempty"`
	Rules    evidence.RulesCount `json:"rules"`
}

type termsWire struct {
	AsAt            ivp.Date `json:"as_at"`
	LastDayExcluded bool     `json:"last_day_excluded"`
	AssumeOpen      bool     `json:"assume_open"`
}

type findingWire struct {
	Subject   string         `json:"subject"`
	Outcome   string         `json:"outcome"`
	Reason    string         `json:"reason"`
	Sentence  string         `json:"sentence"`
	Window    *windowWire    `json:"window,omitempty"`
	Amendment string         `json:"amendment,omitempty"`
	Citations []citationWire `json:"citations,omitempty"`
}

type citationWire struct {
	Document string `json:"document"`
	URL      string `json:"url,omitempty"`
	Quote    string `json:"quote,omitempty"`
}

type readingWire struct {
	Spec    string      `json:"spec"`
	With    []string    `json:"with,omitempty"`
	Without []string    `json:"without,omitempty"`
	Outcome string      `json:"outcome"`
	Reason  string      `json:"reason"`
	Window  *windowWire `json:"window,omitempty"`
}

// windowWire is the JSON shape of a window.
type windowWire struct {
	Spec      string `json:"spec"`
	Scope     string `json:"scope,omitempty"`
	From      string `json:"from,omitempty"`
	Seen      string `json:"seen,omitempty"`
	To        string `json:"to,omitempty"`
	Confirmed string `json:"confirmed,omitempty"`
	Amendment string `json:"amendment,omitempty"`
}

// newWindowWire returns the shape of a window; nil for one that says nothing.
func newWindowWire(w ivp.Window) *windowWire {
	if w.From.Kind == 0 && w.To.Kind == 0 {
		return nil
	}
	wire := &windowWire{Spec: w.Spec.String(), Scope: w.Scope, From: w.From.String(), To: w.To.String(), Amendment: w.Amendment}
	if w.From.Kind == ivp.NotOnRecord {
		wire.Seen = w.From.Day.String()
	}
	if w.To.Kind == ivp.NotOnRecord {
		wire.Confirmed = w.To.Day.String()
	}
	return wire
}

func newFindingWire(f ivp.ExplainedFinding) findingWire {
	wire := findingWire{
		Subject: f.Subject, Outcome: f.Finding.Reason.Outcome().String(), Reason: f.Finding.Reason.String(),
		Sentence: f.Sentence, Window: newWindowWire(f.Finding.Window), Amendment: f.Finding.Window.Amendment,
	}
	for _, c := range f.Amendment.Citations {
		wire.Citations = append(wire.Citations, citationWire(c))
	}
	return wire
}

func newReadingWire(r ivp.Reading) readingWire {
	reason := r.Finding.Reason
	return readingWire{r.Spec.String(), r.With, r.Without, reason.Outcome().String(), reason.String(), newWindowWire(r.Finding.Window)}
}

// newExplanationWire returns the shape of an explanation. of is that of the result.
func newExplanationWire(e ivp.Explanation, of devices.Wire, checker ivp.Checker, today ivp.Date) explanationWire {
	wire := explanationWire{
		Wire:    of,
		Terms:   termsWire{e.AsAt, checker.LastDayExcluded, checker.AssumeOpen},
		Unknown: e.Unknown,
		Rules:   evidence.NewRulesCount(checker.History, today),
	}
	for _, f := range e.Findings {
		wire.Findings = append(wire.Findings, newFindingWire(f))
	}
	for _, r := range e.Readings {
		wire.Readings = append(wire.Readings, newReadingWire(r))
	}
	return wire
}
