package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

// modelFlags name the model that is looked for.
type modelFlags devices.DeviceModel

func (f *modelFlags) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("model", pflag.ContinueOnError)
	set.StringVar(&f.Manufacturer, "manufacturer", "", "the manufacturer's `ID`, such as 106C; needed")
	set.StringVar(&f.Model, "model", "", "the model's `ID`, such as 4331, or the model and its hardware as one, 433100AC; needed")
	set.StringVar(&f.HardwareVersion, "hardware", "", "the hardware `VERSION`, such as 00, or version and revision as one, 00AC")
	set.StringVar(&f.HardwareRevision, "revision", "", "the hardware `REVISION`, such as AC")
	set.StringVar(&f.Firmware, "firmware", "", "the firmware `VERSION`, such as 124074DA")
	return set
}

// model returns the model. A flag that is given empty is a slip: it would find
// more than was asked for.
func (f *modelFlags) model(given *pflag.FlagSet) (devices.DeviceModel, error) {
	var err error
	for _, name := range []string{"manufacturer", "model", "hardware", "revision", "firmware"} {
		flag := given.Lookup(name)
		text := flag.Value.String()
		switch {
		case flag.Changed && cpl.Normal(text) == "":
			err = errors.Join(err, fmt.Errorf("--%s: %q: want hexadecimal digits; leave the flag out to find any", name, text))
		case !flag.Changed && (name == "manufacturer" || name == "model"):
			err = errors.Join(err, fmt.Errorf("--%s is needed", name))
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
		Long: `find shows every entry that fits a device model, and for each whether a device
of its version may be installed on a day. What is not given fits all. Case,
spaces and colons do not count; leading zeros do: 00 is not 0. A list with
damage is refused. It exits 0 when an entry fits, whatever the answers, and 1
when none does.`,
		Example: `  ivp cpl find --manufacturer 106C --model 4331 --on 2022-09-21 central-products-list.csv`,
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
		flagGroup{"Question", cplQuestion(&question, "whether it may be installed on `DATE` (YYYY-MM-DD or today; default today)")},
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
		return exit.With(exit.NotEligible, fmt.Errorf("no entry fits %s", model))
	}
	return nil
}

// foundLine is one entry that fits.
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

// judgeFound judges one entry by itself, by what its status says too.
func judgeFound(e devices.CatalogueEntry, judge devices.Judge) ivp.Verdict {
	if e.Removed {
		return ivp.Verdict{Reason: ivp.RemovedFromCPL}
	}
	return judge.Checker.Check(ivp.Installation{Type: e.Type, Spec: e.Spec, GBCS: e.GBCS, Scope: judge.Scope, On: judge.On})
}
