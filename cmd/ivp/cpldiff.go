package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

func (c *Command) cplDiff() *cobra.Command {
	var question questionFlags
	var rules rulesFlags
	var format listFormat
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Compare two lists",
		Long: `diff shows every entry that was added, removed or changed between two lists, and
whether the change gives some device another outcome on a day. Lists are
compared by meaning: spelling, the form (CSV or workbook) and the edition are no
difference. A list with damage is refused. It exits 0 when the lists say the
same and 1 when they differ.`,
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
		flagGroup{"Question", cplQuestion(&question, "compare the answers for installation on `DATE` (YYYY-MM-DD or today; default the day of NEW's issue)")},
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
		return "the two say the same"
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

// changeLine is one change.
type changeLine struct {
	Change       cpl.ChangeKind  `csv:"change" json:"change"`
	Entry        string          `csv:"entry" json:"entry"`
	Type         string          `csv:"type" json:"type"`
	ChangedModel `json:"device"` // in CSV its columns are among the others
	Difference   string          `csv:"difference" json:"-"`
	Details      []changeDetail  `csv:"-" json:"details,omitempty"`
	On           string          `csv:"on" json:"on"`
	Before       answer          `csv:"before" json:"before"`
	After        answer          `csv:"after" json:"after"`
	NewOutcome   yesNo           `csv:"new_outcome" json:"new_outcome"`
}

// ChangedModel is the model of a changed entry; exported, as only then encoding/json and
// gocsv both read the fields of an embedded struct.
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

// MarshalCSV returns both as one cell.
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

// difference says in words what changed; of an entry that one list alone has,
// what it holds.
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
