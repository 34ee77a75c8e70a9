package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

type deviceFlags struct {
	spec, gbcs, kind, format string
}

func (f *deviceFlags) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("device", pflag.ContinueOnError)
	set.StringVar(&f.spec, "spec", "", "the technical specification's `VERSION`, such as \"SMETS2 v3.1\"")
	set.StringVar(&f.gbcs, "gbcs", "", "the GBCS `VERSION`, such as 2.1")
	set.StringVar(&f.kind, "type", "", "the device `TYPE`, such as ESME")
	set.StringVar(&f.format, "format", "text", "text or json")
	return set
}

func (c *Command) explain() *cobra.Command {
	var device deviceFlags
	var question questionFlags
	var rules rulesFlags
	cmd := &cobra.Command{
		Use:   "explain [VERSION] [DATE] [flags]",
		Short: "Explain the answer for one device, with its authority",
		Long: `explain judges one device and says why: the answer, each finding, each reading
where the record admits several, the citations, and what the record does not
know.`,
		Example: `  ivp explain "SMETS2 v3.1" 2023-04-27
  ivp explain "SMETS2 v2.0" 08/05/2018 --gbcs 1.0 --type ESME`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := device.words(args, &question); err != nil {
				return misuse(cmd, err)
			}
			return c.runExplain(&device, &question, &rules)
		},
	}
	addGroups(cmd, flagGroup{"Device", device.flags()}, flagGroup{"Question", question.flags()}, flagGroup{"Rules", rules.flags()})
	return cmd
}

// words takes the version and the day that are given without their flags.
func (f *deviceFlags) words(args []string, question *questionFlags) error {
	for _, word := range args {
		switch {
		case word == "":
			return errors.New("an empty word is given: want a version or a day, or leave it out")
		case f.spec == "":
			f.spec = word
		case question.on == "":
			question.on = word
		default:
			return fmt.Errorf("%q is not expected: the version is %q and the day %q already, and a value with spaces must be quoted", word, f.spec, question.on)
		}
	}
	return nil
}

func (c *Command) runExplain(device *deviceFlags, question *questionFlags, rules *rulesFlags) error {
	if device.format != "text" && device.format != "json" {
		return exit.Usagef("--format: %q: want text or json", device.format)
	}
	h, err := rules.history()
	if err != nil {
		return err
	}
	checker, err := question.checker(c, h)
	if err != nil {
		return err
	}
	i, err := c.installation(device, question)
	if err != nil {
		return err
	}
	today := c.today()
	e := checker.Explain(i)
	if device.format == "json" {
		err = writeExplanationJSON(c.Stdout, e, checker, today)
	} else {
		err = writeExplanation(c.text(), e, checker)
	}
	return exit.With(exit.IO, err)
}

func (c *Command) installation(device *deviceFlags, question *questionFlags) (ivp.Installation, error) {
	var errs []error
	need := func(what string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", what, err))
		}
	}
	i := ivp.Installation{Scope: question.scope}
	var err error
	i.Type, err = devices.ParseDeviceType(device.kind)
	need("--type", err)
	if device.spec == "" {
		need("--spec", errors.New("no version given: want one such as \"SMETS2 v3.1\""))
	} else {
		i.Spec, err = devices.ParseTSVersion(device.spec, i.Type)
		need("--spec", err)
	}
	if device.gbcs != "" {
		i.GBCS, err = devices.ParseGBCSVersion(device.gbcs)
		need("--gbcs", err)
	}
	i.On, err = question.installDay(c)
	if err == nil && i.On.IsZero() {
		err = errors.New("no date given: want one after the version, or with --on: YYYY-MM-DD, DD/MM/YYYY or today")
	}
	return i, exit.With(exit.Usage, errors.Join(append(errs, err)...))
}

func writeExplanation(w io.Writer, e ivp.Explanation, checker ivp.Checker) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", strings.ToUpper(strings.ReplaceAll(e.Verdict.Outcome().String(), "_", " ")), e.Verdict.Reason)
	fmt.Fprintf(&b, "%s on %s, by %s\n\n%s\n", subject(e.Installation), e.Installation.On, termsText(checker, e.AsAt), e.Sentence)
	if to, ok := e.Verdict.To(); ok {
		fmt.Fprintf(&b, "Days left: %d\n", e.Installation.On.DaysUntil(to))
	}
	b.WriteString("\nFindings\n")
	for _, f := range e.Findings {
		fmt.Fprintf(&b, "  %s: %s (%s). %s%s\n", f.Subject, f.Finding.Reason.Outcome(), f.Finding.Reason, f.Sentence, by(f.Amendment))
	}
	writeReadings(&b, e.Readings)
	writeCitations(&b, e.Findings)
	if len(e.Unknown) > 0 {
		b.WriteString("\nNot known, or not asked\n")
		for _, line := range e.Unknown {
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func by(a ivp.Amendment) string {
	if a.ID == "" {
		return ""
	}
	return " [" + a.ID + "]"
}

func subject(i ivp.Installation) string {
	s := i.Spec.String()
	if !i.GBCS.IsZero() {
		s += ", " + i.GBCS.String()
	}
	if i.Type != 0 {
		s += ", " + i.Type.Name()
	}
	if i.Scope != "" {
		s += ", scope " + i.Scope
	}
	return s
}

// termsText says on which terms the record was asked.
func termsText(checker ivp.Checker, asAt ivp.Date) string {
	s := "the tables of that day"
	if checker.AsAt.Valid() {
		s = "the tables as at " + asAt.String()
	}
	if checker.LastDayExcluded {
		s += ", the last day excluded"
	}
	if checker.AssumeOpen {
		s += ", ends that are not on record taken to be open"
	}
	return s
}

// writeReadings shows the readings of versions that have several.
func writeReadings(b *strings.Builder, readings []ivp.Reading) {
	shown := false
	for _, r := range readings {
		if len(r.With)+len(r.Without) == 0 {
			continue
		}
		if !shown {
			b.WriteString("\nReadings of the record\n")
			shown = true
		}
		fmt.Fprintf(b, "  %s, %s: %s, to %s\n", r.Spec, choiceText(r.With, r.Without), r.Finding.Reason, endText(r.Finding.Window))
	}
}

func choiceText(with, without []string) string {
	var parts []string
	if len(with) > 0 {
		parts = append(parts, "with "+strings.Join(with, ", "))
	}
	if len(without) > 0 {
		parts = append(parts, "without "+strings.Join(without, ", "))
	}
	return strings.Join(parts, " and ")
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

func writeCitations(b *strings.Builder, findings []ivp.ExplainedFinding) {
	shown := map[string]bool{"": true}
	for _, f := range findings {
		a := f.Amendment
		if shown[a.ID] {
			continue
		}
		if len(shown) == 1 {
			b.WriteString("\nAuthority\n")
		}
		shown[a.ID] = true
		fmt.Fprintf(b, "  %s, in force %s: %s\n", a.ID, a.InForce, a.Title)
		for _, citation := range a.Citations {
			fmt.Fprintf(b, "    %s\n", citation)
		}
	}
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

func writeExplanationJSON(w io.Writer, e ivp.Explanation, checker ivp.Checker, today ivp.Date) error {
	result := devices.Judge{Checker: checker}.Device(devices.Device{Installation: e.Installation})
	wire := explanationWire{
		Wire:    result.Wire(true),
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
	return writeJSON(w, wire)
}
