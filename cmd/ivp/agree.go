package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/source"
)

// agree holds that several inputs to one CSV or one sheet have one heading, and that
// cells can be guarded.
func (p *outputPlan) agree(inputs []*source.Input) error {
	for _, in := range inputs {
		if p.style.Safe && !in.Empty && in.Heading().Delimiter() == '\'' {
			return fmt.Errorf("--csv-safe puts ' before cells, which is the delimiter of %s: leave it out, or give the file another delimiter first", in.Name)
		}
	}
	if !slices.ContainsFunc(p.outputs, func(o *plannedOutput) bool {
		return o.of == nil && (o.format == report.CSV || o.format == report.Workbook)
	}) {
		return nil
	}
	var first *source.Input
	for _, in := range inputs {
		switch {
		case in.Empty:
		case first == nil:
			first = in
		case !slices.Equal(first.Heading().Columns().Headings(), in.Heading().Columns().Headings()) || first.Heading().Delimiter() != in.Heading().Delimiter():
			return fmt.Errorf("%s and %s have different headings, so they cannot go into one table:\n  %s\n  %s\ncheck them one by one, or write --format jsonl, or --split DIR",
				first.Name, in.Name, headingLine(first), headingLine(in))
		}
	}
	return nil
}

func headingLine(in *source.Input) string {
	return strings.Join(in.Heading().Columns().Headings(), string(in.Heading().Delimiter()))
}
