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
	if err := changeSheet(changes, judge.On).write(c.Stdout, format); err != nil {
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

// changedEntryWire is one change in JSON.
type changedEntryWire struct {
	Change    cpl.ChangeKind `json:"change"`
	Entry     string         `json:"entry"`
	Type      string         `json:"type"`
	Model     entryModelWire `json:"device"`
	Details   []detailWire   `json:"details,omitempty"`
	On        string         `json:"on"`
	Before    answerWire     `json:"before"`
	After     answerWire     `json:"after"`
	NewAnswer bool           `json:"new_outcome"`
}

type entryModelWire struct {
	Manufacturer string `json:"manufacturer"`
	Model        string `json:"model"`
	Hardware     string `json:"hardware"`
	Revision     string `json:"revision"`
	Firmware     string `json:"firmware"`
}

type detailWire struct {
	Column string `json:"column"`
	Old    string `json:"old"`
	New    string `json:"new"`
}

type answerWire struct {
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
}

func changeSheet(changes []cpl.Change, on ivp.Date) *sheet {
	s := &sheet{titles: strings.Fields("change entry type manufacturer model hardware revision firmware difference on before after new_outcome")}
	wires := []changedEntryWire{}
	for _, change := range changes {
		e := change.New
		if e == nil {
			e = change.Old
		}
		m := e.Model
		s.rows = append(s.rows, []string{string(change.Kind), change.Number, e.Type.Name(), m.Manufacturer, m.Model, m.HardwareVersion,
			m.HardwareRevision, m.Firmware, difference(change, e), on.String(), verdictText(change.Before), verdictText(change.After), yesNo(change.NewAnswer)})
		wires = append(wires, changedEntryWire{change.Kind, change.Number, e.Type.Name(),
			entryModelWire{m.Manufacturer, m.Model, m.HardwareVersion, m.HardwareRevision, m.Firmware},
			detailWires(change.Details), on.String(), newAnswerWire(change.Before), newAnswerWire(change.After), change.NewAnswer})
	}
	s.value = wires
	return s
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

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func detailWires(details []cpl.Detail) []detailWire {
	var wires []detailWire
	for _, d := range details {
		wires = append(wires, detailWire(d))
	}
	return wires
}

func newAnswerWire(v ivp.Verdict) answerWire {
	return answerWire{v.Outcome().String(), v.Reason.String()}
}
