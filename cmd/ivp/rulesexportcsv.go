package main

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// writeChanges writes a line for everything that an amendment changes: an entry
// of the tables, or a permitted pair.
func writeChanges(w io.Writer, h ivp.History) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{
		"amendment", "in_force", "perhaps_from", "change", "spec", "scope", "from", "to", "confirmed", "device_type", "gbcs", "inferred", "unquoted", "title", "source",
	}); err != nil {
		return err
	}
	for _, a := range h.Amendments() {
		var sources []string
		for _, c := range a.Citations {
			sources = append(sources, c.String())
		}
		about := []string{a.Title, strings.Join(sources, "; ")}
		for _, e := range a.Entries {
			change := "window"
			if e.Remove {
				change = "removed"
			}
			line := []string{a.ID, a.InForce.String(), a.PerhapsFrom.String(), change, e.Spec.String(), e.Scope, e.From.String(), e.To.String(), e.Confirmed.String(), "", "", e.Inferred, e.Unquoted}
			if err := out.Write(append(line, about...)); err != nil {
				return err
			}
		}
		for _, p := range a.Pairs {
			line := []string{a.ID, a.InForce.String(), a.PerhapsFrom.String(), "pair", p.Spec.String(), "", "", "", "", p.Type.String(), p.GBCS.String(), "", ""}
			if err := out.Write(append(line, about...)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}
