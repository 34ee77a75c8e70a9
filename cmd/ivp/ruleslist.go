package main

import (
	"io"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (c *Command) rulesList() *cobra.Command {
	var rules rulesFlags
	var asAt string
	var format listFormat
	set := pflag.NewFlagSet("question", pflag.ContinueOnError)
	set.StringVar(&asAt, "as-at", "latest", "show the tables as they stood on `DATE` (YYYY-MM-DD, today or latest)")
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show the tables of a day",
		Long: `list shows every version that the tables listed on a day, with its window. Where
an amendment is in doubt on that day and changes the window, each reading has a
line of its own.

In html and svg it is a timeline: for every version the days on which it may be
installed by those tables.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			day, err := c.day("--as-at", asAt, h)
			if err != nil {
				return err
			}
			return c.writeTables(h, asAt, day, format)
		},
	}
	output := format.flags()
	output.Lookup("format").Usage = "table, csv, json, html or svg"
	addGroups(cmd, flagGroup{"Question", set}, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", output})
	return cmd
}

// writeTables writes the tables of a day, which the flag asAt gave.
func (c *Command) writeTables(h ivp.History, asAt string, day ivp.Date, format listFormat) error {
	switch format {
	case "html", "svg":
		marked := day
		if asAt == "latest" { // the tables' own day says little; today says what they mean now
			marked = c.today()
		}
		return timelinePage(c.Stdout, ivp.Checker{History: h, AsAt: day}, marked, c.today(), string(format))
	case "table", "csv", "json":
		return writeTable(c.Stdout, format, h.Table(day))
	}
	return exit.Usagef("--format: %q: want table, csv, json, html or svg", string(format))
}

// tableRowWire is one line of the tables in JSON.
type tableRowWire struct {
	Window  *windowWire `json:"window,omitempty"`
	Listed  bool        `json:"listed"`
	Reading int         `json:"reading"`
	Of      int         `json:"of"`
	With    []string    `json:"with,omitempty"`
	Without []string    `json:"without,omitempty"`
}

// tableLine is one line of the tables as text.
type tableLine struct {
	Spec      string `csv:"spec"`
	Scope     string `csv:"scope"`
	From      string `csv:"from"`
	To        string `csv:"to"`
	Seen      string `csv:"seen"`
	Confirmed string `csv:"confirmed"`
	Amendment string `csv:"amendment"`
	Reading   string `csv:"reading"`
}

func writeTable(out io.Writer, format listFormat, rows []ivp.TableRow) error {
	lines, wires := []tableLine{}, []tableRowWire{}
	for _, row := range rows {
		for n, r := range row.Readings {
			w := windowWire{Spec: row.Spec.String(), Scope: row.Scope}
			if r.Listed {
				w = *newWindowWire(r.Window)
				w.Scope = row.Scope
			} else {
				w.From = "not listed"
			}
			choice := ""
			if len(row.Readings) > 1 {
				choice = choiceText(r.With, r.Without)
			}
			lines = append(lines, tableLine{w.Spec, w.Scope, w.From, w.To, w.Seen, w.Confirmed, w.Amendment, choice})
			wires = append(wires, tableRowWire{&w, r.Listed, n + 1, len(row.Readings), r.With, r.Without})
		}
	}
	return writeListing(out, format, lines, wires)
}
