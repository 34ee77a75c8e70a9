package main

import (
	"fmt"

	"github.com/mp196/ivp/ivp"
	"github.com/spf13/cobra"
)

func (c *Command) rulesStatus() *cobra.Command {
	var rules rulesFlags
	var format listFormat
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show the record's edition, digest, and how far it vouches",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			return statusSheet(h, c.today()).write(c.Stdout, format)
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", format.flags()})
	return cmd
}

func statusSheet(h ivp.History, today ivp.Date) *sheet {
	amendments := h.Amendments()
	last := ""
	if len(amendments) > 0 {
		last = fmt.Sprintf("%s, in force %s", amendments[len(amendments)-1].ID, h.Latest())
	}
	behind := 0
	if h.VouchedTo(today).Valid() {
		behind = max(0, h.VouchedTo(today).DaysUntil(today))
	}
	return &sheet{
		titles: []string{"what", "value"},
		rows: [][]string{
			{"edition", h.Edition()},
			{"sha256", h.Digest()},
			{"amendments", fmt.Sprint(len(amendments))},
			{"last amendment", last},
			{"vouched to", h.VouchedTo(today).String()},
			{"days since", fmt.Sprint(behind)},
		},
		value: map[string]any{
			"edition": h.Edition(), "sha256": h.Digest(), "amendments": len(amendments),
			"latest": h.Latest(), "vouched_to": h.VouchedTo(today), "days_since": behind,
		},
	}
}
