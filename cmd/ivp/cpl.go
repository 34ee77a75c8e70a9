package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

func (c *Command) cpl() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cpl",
		Short: "Search, compare and check a Central Products List",
		Long: `The Central Products List has the version of each device model, by manufacturer,
model, hardware and firmware. These commands read it as SECAS issues it: the CSV,
or the workbook (.xlsx, .xlsm). To check an inventory with it, use ivp check --cpl.`,
	}
	cmd.AddCommand(c.cplFind(), c.cplDiff(), c.cplLint())
	return cmd
}

// cplQuestion returns the flags of the question; usage explains --on, because there
// are no rows.
func cplQuestion(f *questionFlags, usage string) *pflag.FlagSet {
	set := f.flags()
	set.Lookup("on").Usage = usage
	set.Lookup("scope").Usage = "judge in this `SCOPE`, such as prepayment"
	set.Lookup("as-at").Usage = "apply the Tables of `DATE` (YYYY-MM-DD, DD/MM/YYYY, today or latest) instead of those of the installation day"
	return set
}

// soundList loads a list. A damaged list is refused, because an entry could be in a
// damaged row.
func soundList(path string) (*cpl.List, error) {
	list, err := input.LoadCatalogue(path)
	if err != nil {
		return nil, err
	}
	return list, exit.With(exit.Usage, list.Damage())
}

// cplJudge returns a judge with the terms of the flags; day is the default of --on.
func (c *Command) cplJudge(question *questionFlags, rules *rulesFlags, day ivp.Date) (devices.Judge, error) {
	h, err := rules.history()
	if err != nil {
		return devices.Judge{}, err
	}
	checker, err := question.checker(c, h)
	if err != nil {
		return devices.Judge{}, err
	}
	on, err := question.installDay(c)
	if err == nil && !on.Valid() {
		on = day
	}
	return devices.Judge{Checker: checker, On: on, ScopeGiven: true, Scope: question.scope}, err
}

// listCount describes a list and its number of entries.
func listCount(list *cpl.List) string {
	current, removed := list.Count()
	return fmt.Sprintf("%s: %d entries (%d Current, %d Removed)", list, current+removed, current, removed)
}

// modelFlags are the flags that name a model.
type modelFlags devices.DeviceModel

func (f *modelFlags) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("model", pflag.ContinueOnError)
	set.StringVar(&f.Manufacturer, "manufacturer", "", "the manufacturer's `ID`, such as 106C (required)")
	set.StringVar(&f.Model, "model", "", "the model's `ID`, such as 4331, or model and hardware together, 433100AC (required)")
	set.StringVar(&f.HardwareVersion, "hardware", "", "the hardware `VERSION`, such as 00, or version and revision together, 00AC")
	set.StringVar(&f.HardwareRevision, "revision", "", "the hardware `REVISION`, such as AC")
	set.StringVar(&f.Firmware, "firmware", "", "the firmware `VERSION`, such as 124074DA")
	return set
}

// model returns the model. A flag without a hexadecimal digit is refused, because it
// would match every entry.
func (f *modelFlags) model(given *pflag.FlagSet) (devices.DeviceModel, error) {
	var err error
	for _, name := range []string{"manufacturer", "model", "hardware", "revision", "firmware"} {
		flag := given.Lookup(name)
		text := flag.Value.String()
		switch {
		case flag.Changed && cpl.Normal(text) == "":
			err = errors.Join(err, fmt.Errorf("--%s: %q: want hexadecimal digits; leave the flag out to match any", name, text))
		case !flag.Changed && (name == "manufacturer" || name == "model"):
			err = errors.Join(err, fmt.Errorf("--%s is required", name))
		}
	}
	return devices.DeviceModel(*f), exit.With(exit.Usage, err)
}

func (c *Command) cplFind() *cobra.Command {
	var model modelFlags
	var question questionFlags
	var rules rulesFlags
	var format listFormat
	cmd := &cobra.Command{
		Use:   "find --manufacturer ID --model ID [flags] FILE",
		Short: "Show the entries of a device model",
		Long: `find shows every entry that matches a device model, and for each whether a device
of its version may be installed on a given day. A part that is not given matches
any. Case, spaces and colons are ignored; leading zeros are not: 00 is not 0. A
damaged list is refused. The exit code is 0 if an entry matches, whatever the
answers, and 1 if none does.`,
		Example: `  ivp cpl find --manufacturer 106C --model 4331 --on 2022-09-21 list.csv`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			wanted, err := model.model(cmd.Flags())
			if err != nil {
				return err
			}
			judge, err := c.cplJudge(&question, &rules, c.today())
			if err != nil {
				return err
			}
			list, err := soundList(args[0])
			if err != nil {
				return err
			}
			return c.findEntries(list, wanted, judge, format)
		},
	}
	addGroups(cmd, flagGroup{"Model", model.flags()},
		flagGroup{"Question", cplQuestion(&question, "whether it may be installed on `DATE` (YYYY-MM-DD, DD/MM/YYYY or today; default today)")},
		flagGroup{"Rules", rules.flags()}, flagGroup{"Output", format.flags()})
	return cmd
}

func (c *Command) findEntries(list *cpl.List, model devices.DeviceModel, judge devices.Judge, format listFormat) error {
	found := list.Find(model)
	if err := writeListing(c.Stdout, format, foundLines(found, judge), nil); err != nil {
		return err
	}
	fmt.Fprintln(c.Stderr, listCount(list))
	if len(found) == 0 {
		return exit.With(exit.NotEligible, fmt.Errorf("no entry matches %s", model))
	}
	return nil
}

// foundLine is the line of an entry that matches.
type foundLine struct {
	Entry        string `csv:"entry" json:"entry"`
	Status       string `csv:"status" json:"status"`
	Type         string `csv:"type" json:"type"`
	Manufacturer string `csv:"manufacturer" json:"manufacturer"`
	Model        string `csv:"model" json:"model"`
	Hardware     string `csv:"hardware" json:"hardware"`
	Revision     string `csv:"revision" json:"revision"`
	Firmware     string `csv:"firmware" json:"firmware"`
	Spec         string `csv:"spec" json:"spec"`
	GBCS         string `csv:"gbcs" json:"gbcs"`
	On           string `csv:"on" json:"on"`
	Outcome      string `csv:"outcome" json:"outcome"`
	Reason       string `csv:"reason" json:"reason"`
	To           string `csv:"to" json:"to,omitempty"`
	Amendment    string `csv:"amendment" json:"amendment,omitempty"`
}

func foundLines(found []devices.CatalogueEntry, judge devices.Judge) []foundLine {
	lines := []foundLine{}
	for _, e := range found {
		v, m := judgeFound(e, judge), e.Model
		line := foundLine{
			Entry: e.Number, Status: cpl.Entry{CatalogueEntry: e}.Status(), Type: e.Type.Name(),
			Manufacturer: m.Manufacturer, Model: m.Model, Hardware: m.HardwareVersion, Revision: m.HardwareRevision, Firmware: m.Firmware,
			Spec: e.Spec.String(), GBCS: e.GBCS.String(),
			On: judge.On.String(), Outcome: v.Outcome().String(), Reason: v.Reason.String(), Amendment: v.Amendment(),
		}
		if to, ok := v.To(); ok {
			line.To = to.String()
		}
		lines = append(lines, line)
	}
	return lines
}

// judgeFound judges one entry, including its status.
func judgeFound(e devices.CatalogueEntry, judge devices.Judge) ivp.Verdict {
	if e.Removed {
		return ivp.Verdict{Reason: ivp.RemovedFromCPL}
	}
	return judge.Checker.Check(ivp.Installation{Type: e.Type, Spec: e.Spec, GBCS: e.GBCS, Scope: judge.Scope, On: judge.On})
}

func (c *Command) cplDiff() *cobra.Command {
	var question questionFlags
	var rules rulesFlags
	var format listFormat
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Compare two lists",
		Long: `diff shows every entry that was added, removed or changed between two lists, and
whether the change gives a device another outcome on a given day. Lists are
compared by meaning: spelling, format (CSV or workbook) and edition make no
difference. A damaged list is refused. The exit code is 0 if the lists are equal,
and 1 if they differ.`,
		Example: `  ivp cpl diff cpl-2.050.csv cpl-2.051.xlsm`,
		Args:    cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			old, err := soundList(args[0])
			if err != nil {
				return err
			}
			new, err := soundList(args[1])
			if err != nil {
				return err
			}
			judge, err := c.cplJudge(&question, &rules, new.Issued())
			if err != nil {
				return err
			}
			return c.diffLists(old, new, judge, format)
		},
	}
	addGroups(cmd,
		flagGroup{"Question", cplQuestion(&question, "compare the answers for installation on `DATE` (YYYY-MM-DD, DD/MM/YYYY or today; default: the day on which NEW was issued)")},
		flagGroup{"Rules", rules.flags()}, flagGroup{"Output", format.flags()})
	return cmd
}

func (c *Command) diffLists(old, new *cpl.List, judge devices.Judge, format listFormat) error {
	changes := cpl.Diff(old, new, judge)
	if err := writeListing(c.Stdout, format, changeLines(changes, judge.On), nil); err != nil {
		return err
	}
	fmt.Fprintf(c.Stderr, "%s\n%s\n%s\n", listCount(old), listCount(new), changeCount(changes, judge.On))
	if len(changes) > 0 {
		return exit.Silent(exit.NotEligible)
	}
	return nil
}

func changeCount(changes []cpl.Change, on ivp.Date) string {
	if len(changes) == 0 {
		return "the two lists are equal"
	}
	counts, answers := map[cpl.ChangeKind]int{}, 0
	for _, change := range changes {
		counts[change.Kind]++
		if change.NewAnswer {
			answers++
		}
	}
	return fmt.Sprintf("%d added, %d removed, %d changed; %d of these change an outcome on %s",
		counts[cpl.Added], counts[cpl.Removed], counts[cpl.Changed], answers, on)
}

// changeLine is the line of a change.
type changeLine struct {
	Change       cpl.ChangeKind  `csv:"change" json:"change"`
	Entry        string          `csv:"entry" json:"entry"`
	Type         string          `csv:"type" json:"type"`
	ChangedModel `json:"device"` // in CSV, columns like the others
	Difference   string          `csv:"difference" json:"-"`
	Details      []changeDetail  `csv:"-" json:"details,omitempty"`
	On           string          `csv:"on" json:"on"`
	Before       answer          `csv:"before" json:"before"`
	After        answer          `csv:"after" json:"after"`
	NewOutcome   yesNo           `csv:"new_outcome" json:"new_outcome"`
}

// ChangedModel is the model of a changed entry. It is exported because encoding/json
// and gocsv both read the fields of an embedded struct only then.
type ChangedModel struct {
	Manufacturer string `csv:"manufacturer" json:"manufacturer"`
	Model        string `csv:"model" json:"model"`
	Hardware     string `csv:"hardware" json:"hardware"`
	Revision     string `csv:"revision" json:"revision"`
	Firmware     string `csv:"firmware" json:"firmware"`
}

type changeDetail struct {
	Column string `json:"column"`
	Old    string `json:"old"`
	New    string `json:"new"`
}

type answer struct {
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
}

// MarshalCSV returns the answer as one cell.
func (a answer) MarshalCSV() (string, error) {
	return fmt.Sprintf("%s (%s)", a.Outcome, a.Reason), nil
}

type yesNo bool

// MarshalCSV returns yes or no.
func (b yesNo) MarshalCSV() (string, error) {
	if b {
		return "yes", nil
	}
	return "no", nil
}

func changeLines(changes []cpl.Change, on ivp.Date) []changeLine {
	lines := []changeLine{}
	for _, change := range changes {
		e := change.New
		if e == nil {
			e = change.Old
		}
		m := e.Model
		line := changeLine{
			Change: change.Kind, Entry: change.Number, Type: e.Type.Name(),
			ChangedModel: ChangedModel{m.Manufacturer, m.Model, m.HardwareVersion, m.HardwareRevision, m.Firmware},
			Difference:   difference(change, e), On: on.String(), NewOutcome: yesNo(change.NewAnswer),
			Before: answer{change.Before.Outcome().String(), change.Before.Reason.String()},
			After:  answer{change.After.Outcome().String(), change.After.Reason.String()},
		}
		for _, d := range change.Details {
			line.Details = append(line.Details, changeDetail(d))
		}
		lines = append(lines, line)
	}
	return lines
}

// difference describes a change or, for an entry that only one list has, the entry.
func difference(change cpl.Change, e *cpl.Entry) string {
	if change.Kind != cpl.Changed {
		return fmt.Sprintf("%s, %s with %s", e.Status(), e.Spec, e.GBCS)
	}
	var parts []string
	for _, d := range change.Details {
		parts = append(parts, fmt.Sprintf("%s: %s to %s", d.Column, orNone(d.Old), orNone(d.New)))
	}
	return strings.Join(parts, "; ")
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func (c *Command) cplLint() *cobra.Command {
	var rules rulesFlags
	var format listFormat
	cmd := &cobra.Command{
		Use:   "lint FILE",
		Short: "Find what is damaged or doubtful in a list",
		Long: `lint reads a Central Products List and finds:

  damage            a cell that SECAS did not write so: NaN, 1.00E+05, lost
                    leading zeros, a missing cell (except a missing image hash)
  unlisted-pair     a Current entry whose combination of type, version and GBCS
                    version is not a pair on record
  several-versions  a combination of manufacturer, model, hardware and firmware
                    in several entries with different versions
  gbcs-ended        a Current entry whose GBCS version no longer applied on the
                    day on which the list was issued

The exit code is 0 if nothing is found, else 1. Only damage makes a list unusable:
get it again from SECAS, and do not save it with a spreadsheet. The other findings
are in the list as SECAS issued it.`,
		Example: `  ivp cpl lint central-products-list.csv`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			list, err := input.LoadCatalogue(args[0])
			if err != nil {
				return err
			}
			return c.lintList(list, ivp.Checker{History: h}, format)
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", format.flags()})
	return cmd
}

func (c *Command) lintList(list *cpl.List, checker ivp.Checker, format listFormat) error {
	findings := cpl.Lint(list, checker)
	if err := writeListing(c.Stdout, format, lintLines(findings), nil); err != nil {
		return err
	}
	fmt.Fprintf(c.Stderr, "%s; %s\n", listCount(list), lintCount(list, findings))
	if len(findings) > 0 {
		return exit.Silent(exit.NotEligible)
	}
	return nil
}

// lintCount returns the number of findings of each kind.
func lintCount(list *cpl.List, findings []cpl.Finding) string {
	var parts []string
	for _, kind := range cpl.Kinds() {
		n := 0
		for _, f := range findings {
			if f.Kind == kind {
				n++
			}
		}
		if n == 0 {
			continue
		}
		part := fmt.Sprintf("%d %s", n, kind)
		if kind == cpl.Damage {
			part += fmt.Sprintf(" (rows: %d)", list.DamagedRows())
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "nothing found"
	}
	return strings.Join(parts, ", ")
}

// lintLine is the line of a finding.
type lintLine struct {
	Line      int      `csv:"line" json:"line"`
	Kind      cpl.Kind `csv:"kind" json:"kind"`
	Entries   list     `csv:"entries" json:"entries"`
	Straddles bool     `csv:"-" json:"straddles,omitempty"`
	Differs   bool     `csv:"-" json:"differs,omitempty"`
	Finding   string   `csv:"finding" json:"finding"`
}

func lintLines(findings []cpl.Finding) []lintLine {
	lines := []lintLine{}
	for _, f := range findings {
		lines = append(lines, lintLine{f.Line, f.Kind, notNil(f.Entries), f.Straddles, f.Differs, f.Text})
	}
	return lines
}
