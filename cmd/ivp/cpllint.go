package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mp196/ivp/cmd/internal/catalogue"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

func (c *Command) cplLint() *cobra.Command {
	var rules rulesFlags
	var format listFormat
	cmd := &cobra.Command{
		Use:   "lint FILE",
		Short: "Find what is damaged or doubtful in a list",
		Long: `lint reads a Central Products List and finds:

  damage            a cell that is not as SECAS wrote it: NaN, 1.00E+05, lost
                    leading zeros, a missing cell (a missing image hash is none)
  unlisted-pair     a Current entry whose type, version and GBCS version are no
                    pair on record
  several-versions  a manufacturer, model, hardware and firmware that stands in
                    more than one entry, with different versions
  gbcs-ended        a Current entry whose GBCS version no longer applied on the
                    day on which the list was issued

It exits 0 when the list is clean and 1 when it finds anything. Damage alone
makes a list useless: take it afresh from SECAS, and do not save it from a
spreadsheet. The rest is as SECAS has it.`,
		Example: `  ivp cpl lint central-products-list.csv`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			list, err := catalogue.Load(args[0])
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

// lintCount says how much was found of each kind.
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

// lintLine is one finding of a list.
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
