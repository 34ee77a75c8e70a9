package main

import (
	"io"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// amendmentLine is something that an amendment changes: an entry of the tables, or a
// permitted pair.
type amendmentLine struct {
	Amendment   string   `csv:"amendment"`
	InForce     ivp.Date `csv:"in_force"`
	PerhapsFrom ivp.Date `csv:"perhaps_from"`
	Change      string   `csv:"change"`
	Spec        ivp.Spec `csv:"spec"`
	Scope       string   `csv:"scope"`
	From        string   `csv:"from"`
	To          string   `csv:"to"`
	Confirmed   ivp.Date `csv:"confirmed"`
	DeviceType  string   `csv:"device_type"`
	GBCS        string   `csv:"gbcs"`
	Inferred    string   `csv:"inferred"`
	Unquoted    string   `csv:"unquoted"`
	Title       string   `csv:"title"`
	Source      string   `csv:"source"`
}

// writeChanges writes a line for everything that an amendment changes.
func writeChanges(w io.Writer, h ivp.History) error {
	var lines []amendmentLine
	for _, a := range h.Amendments() {
		var sources []string
		for _, c := range a.Citations {
			sources = append(sources, c.String())
		}
		line := amendmentLine{Amendment: a.ID, InForce: a.InForce, PerhapsFrom: a.PerhapsFrom, Title: a.Title, Source: strings.Join(sources, "; ")}
		for _, e := range a.Entries {
			entry := line
			entry.Change, entry.Spec, entry.Scope = "window", e.Spec, e.Scope
			if e.Remove {
				entry.Change = "removed"
			}
			entry.From, entry.To, entry.Confirmed, entry.Inferred, entry.Unquoted = e.From.String(), e.To.String(), e.Confirmed, e.Inferred, e.Unquoted
			lines = append(lines, entry)
		}
		for _, p := range a.Pairs {
			pair := line
			pair.Change, pair.Spec, pair.DeviceType, pair.GBCS = "pair", p.Spec, p.Type.String(), p.GBCS.String()
			if p.Remove {
				pair.Change = "removed"
			}
			lines = append(lines, pair)
		}
	}
	return writeListing(w, "csv", lines, nil)
}
