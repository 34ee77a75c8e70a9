package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/catalogue"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

func (c *Command) cpl() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cpl",
		Short: "Search, compare and check a Central Products List",
		Long: `The Central Products List says which version each device model holds, by its
manufacturer, model, hardware and firmware. These commands read it as SECAS
issues it: the CSV, or the workbook (.xlsx, .xlsm). To check an inventory with
it, give it to ivp check --cpl.`,
	}
	cmd.AddCommand(c.cplFind(), c.cplDiff(), c.cplLint())
	return cmd
}

// cplQuestion are the question's flags with what --on means where there are
// no rows.
func cplQuestion(f *questionFlags, usage string) *pflag.FlagSet {
	set := f.flags()
	set.Lookup("on").Usage = usage
	set.Lookup("scope").Usage = "ask in this `SCOPE`, such as prepayment"
	set.Lookup("as-at").Usage = "ask the tables as they stood on `DATE` (YYYY-MM-DD, today or latest) instead of on the installation day"
	return set
}

// soundList loads a list and refuses one with damage: what is looked for may
// stand in a damaged row.
func soundList(path string) (*cpl.List, error) {
	list, err := catalogue.Load(path)
	if err != nil {
		return nil, err
	}
	return list, exit.With(exit.Usage, list.Damage())
}

// cplJudge returns the judge that the flags ask for; its day is the one given,
// or else the default.
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

// listCount says what a list is and how much it holds.
func listCount(list *cpl.List) string {
	current, removed := list.Count()
	return fmt.Sprintf("%s: %d entries (%d Current, %d Removed)", list, current+removed, current, removed)
}

// verdictText is an answer in a few words.
func verdictText(v ivp.Verdict) string { return fmt.Sprintf("%s (%s)", v.Outcome(), v.Reason) }
