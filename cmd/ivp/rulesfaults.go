package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// writeFaults writes every fault in words: where it stands and what is wrong,
// what was wanted, and what to do.
func writeFaults(w io.Writer, files []lintedFile) error {
	var text strings.Builder
	for _, file := range files {
		for _, f := range file.faults {
			fmt.Fprintf(&text, "%s: %s\n", file.name, ivp.Fault{Amendment: f.Amendment, Line: f.Line, Field: f.Field, Value: f.Value, Problem: f.Problem})
			fmt.Fprintf(&text, "  want: %s\n  do:   %s\n", f.Want, f.Do)
		}
		fmt.Fprintf(&text, "%s: %s\n", file.name, faultCount(len(file.faults)))
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func faultCount(n int) string {
	switch n {
	case 0:
		return "no fault"
	case 1:
		return "1 fault"
	}
	return fmt.Sprintf("%d faults", n)
}

// lintedWire is a file that was linted, in JSON.
type lintedWire struct {
	File   string      `json:"file"`
	Faults []faultWire `json:"faults"`
}

// faultWire is one fault of a rules file, in JSON.
type faultWire struct {
	Line      int    `json:"line"`
	Amendment string `json:"amendment,omitempty"`
	Field     string `json:"field,omitempty"`
	Value     string `json:"value,omitempty"`
	Problem   string `json:"problem"`
	Want      string `json:"want"`
	Do        string `json:"do"`
}

func writeFaultsJSON(w io.Writer, files []lintedFile) error {
	var wires []lintedWire
	for _, file := range files {
		wire := lintedWire{file.name, []faultWire{}}
		for _, f := range file.faults {
			wire.Faults = append(wire.Faults, faultWire{f.Line, f.Amendment, f.Field, f.Value, f.Problem, f.Want, f.Do})
		}
		wires = append(wires, wire)
	}
	return writeJSON(w, map[string]any{"files": wires})
}
