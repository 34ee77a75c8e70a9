package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// mostSplit is how many inputs are split in one run: each has three files
// open until all are whole.
const mostSplit = 100

// addSplit plans the files of --split: for each input one for each outcome.
func (p *outputPlan) addSplit(inputs []*source.Input) error {
	if p.folder == "" {
		return nil
	}
	if len(inputs) > mostSplit {
		return exit.With(exit.Usage, fmt.Errorf("--split: %d inputs at once, where at most %d can be split: check them in several runs", len(inputs), mostSplit))
	}
	names := map[string]*source.Input{}
	for _, in := range inputs {
		name := splitName(in)
		if before := names[name]; before != nil {
			return exit.With(exit.Usage, fmt.Errorf("--split: %s and %s would both be written as %s: check them one by one, in folders of their own", before.Name, in.Name, name))
		}
		names[name] = in
		for _, o := range ivp.Outcomes() {
			only := devices.Selection{}.WithReasonsOf(o)
			path := filepath.Join(p.folder, name+"."+o.String()+".csv")
			p.outputs = append(p.outputs, &plannedOutput{path: path, format: report.CSV, of: in, only: &only})
		}
		if p.evidence && p.sidecars {
			p.outputs = append(p.outputs, &plannedOutput{path: filepath.Join(p.folder, name+sidecarEnd), format: sidecar})
		}
	}
	return nil
}

// splitName is the input's name without its folder and its extensions, and with the
// name of its sheet where several of a workbook are read.
func splitName(in *source.Input) string {
	_, plain := compress.Of(filepath.Base(cmp.Or(in.Path, in.Name)))
	plain = plain[:len(plain)-len(filepath.Ext(plain))]
	if sheet := in.OfSeveral(); sheet != "" {
		plain += "." + strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_ ", r) {
				return r
			}
			return '_'
		}, sheet)
	}
	return plain
}

// splitOf returns the opened outputs of one input.
func (p *outputPlan) splitOf(in *source.Input) ([]report.Output, error) {
	var own []report.Output
	for _, o := range p.outputs {
		if o.of == in {
			own = append(own, report.Output{Format: o.format, W: o.target, Only: o.only})
		}
	}
	return own, nil
}
