package main

import (
	"fmt"
	"io"

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
			return writeStatus(c.Stdout, format, h, c.today())
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", format.flags()})
	return cmd
}

// statusLine is one fact of the rules.
type statusLine struct {
	What  string `csv:"what"`
	Value string `csv:"value"`
}

func writeStatus(w io.Writer, format listFormat, h ivp.History, today ivp.Date) error {
	amendments := h.Amendments()
	last := ""
	if len(amendments) > 0 {
		last = fmt.Sprintf("%s, in force %s", amendments[len(amendments)-1].ID, h.Latest())
	}
	behind := 0
	if h.VouchedTo(today).Valid() {
		behind = max(0, h.VouchedTo(today).DaysUntil(today))
	}
	return writeListing(w, format, []statusLine{
		{"edition", h.Edition()},
		{"sha256", h.Digest()},
		{"amendments", fmt.Sprint(len(amendments))},
		{"last amendment", last},
		{"vouched to", h.VouchedTo(today).String()},
		{"days since", fmt.Sprint(behind)},
	}, map[string]any{
		"edition": h.Edition(), "sha256": h.Digest(), "amendments": len(amendments),
		"latest": h.Latest(), "vouched_to": h.VouchedTo(today), "days_since": behind,
	})
}
