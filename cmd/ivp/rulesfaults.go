package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/mp196/ivp/cmd/internal/words"
	"github.com/mp196/ivp/ivp"
)

// writeFaults writes every fault in words: where it stands and what is wrong,
// what was wanted, and what to do.
func writeFaults(w io.Writer, files []lintedFile) error {
	var text strings.Builder
	for _, file := range files {
		write := func(kind string, f ivp.Fault) {
			fmt.Fprintf(&text, "%s: %s%s\n", file.name, kind, ivp.Fault{Amendment: f.Amendment, Line: f.Line, Field: f.Field, Value: f.Value, Problem: f.Problem})
			fmt.Fprintf(&text, "  want: %s\n  do:   %s\n", f.Want, f.Do)
		}
		for _, f := range file.faults {
			write("", f)
		}
		for _, f := range file.warnings {
			write("warning: ", f)
		}
		count := faultCount(len(file.faults))
		if n := len(file.warnings); n > 0 {
			count += ", " + words.Plural(n, "warning")
		}
		fmt.Fprintf(&text, "%s: %s\n", file.name, count)
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
	File     string      `json:"file"`
	Faults   []faultWire `json:"faults"`
	Warnings []faultWire `json:"warnings,omitempty"`
}

// faultWire is one fault of a rules file, in JSON.
type faultWire struct {
	Code      string `json:"code"`
	Amendment string `json:"amendment,omitempty"`
	Line      int    `json:"line,omitempty"`
	Field     string `json:"field,omitempty"`
	Value     string `json:"value,omitempty"`
	Problem   string `json:"problem"`
	Want      string `json:"want"`
	Do        string `json:"do"`
}

func writeFaultsJSON(w io.Writer, files []lintedFile) error {
	var wires []lintedWire
	for _, file := range files {
		wire := lintedWire{File: file.name, Faults: []faultWire{}, Warnings: faultWires(file.warnings)}
		wire.Faults = append(wire.Faults, faultWires(file.faults)...)
		wires = append(wires, wire)
	}
	return writeJSON(w, map[string]any{"files": wires})
}

func faultWires(faults ivp.Faults) (wires []faultWire) {
	for _, f := range faults {
		wires = append(wires, faultWire(f))
	}
	return wires
}
