package main

import (
	"fmt"
	"path/filepath"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/devices"
)

const sidecarEnd = ".run.json"

// addSidecars plans the evidence beside each CSV and JSONL file.
func (p *outputPlan) addSidecars() error {
	var added []*plannedOutput
	for _, o := range p.outputs {
		if o.path == "" || o.format != report.CSV && o.format != report.JSONL {
			continue
		}
		_, plain := compress.Of(o.path)
		added = append(added, &plannedOutput{path: plain[:len(plain)-len(filepath.Ext(plain))] + sidecarEnd, format: sidecar})
	}
	if len(added) == 0 && p.folder == "" {
		return exit.Usagef("--evidence writes NAME.run.json beside NAME.csv: name a file with -o, or a folder with --split (.xlsx and .html hold the evidence themselves)")
	}
	p.outputs = append(p.outputs, added...)
	return nil
}

// writeSidecars writes the evidence, once all is counted.
func (p *outputPlan) writeSidecars(of func(*devices.Summary) *evidence.Run, s *devices.Summary) error {
	for _, o := range p.outputs {
		if o.format != sidecar {
			continue
		}
		if err := writeJSON(o.target, of(s)); err != nil {
			return exit.With(exit.IO, fmt.Errorf("could not write the evidence: %w", err))
		}
	}
	return nil
}
