package run

import (
	"context"

	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Comparison is one pass over some inputs that judges each row twice.
type Comparison struct {
	Inputs []*source.Input
	// Judge asks the rules and terms of after the change, Before those of before.
	Judge   devices.Judge
	Before  ivp.Checker
	Outputs []report.Output
	// Differing limits the rows written to those whose answers differ so far.
	Differing devices.Differing
	Style     devices.CSVStyle
	Options   report.ChangeOptions
	// Remarks are what the outputs have to say once the pass is over.
	Remarks []string
	// Progress is called as that of [Pass] is.
	Progress func(rows int)
}

// Counts are what a comparison has counted: of the answers after the change,
// and of the differences.
type Counts struct {
	Summary *devices.Summary
	Changes *devices.Changes
}

// Run judges every row of every input and gives it to every output, as
// [Pass.Run] does.
func (c *Comparison) Run(ctx context.Context) (Counts, error) {
	var outputs []*devices.BulkOutput
	var sinks []report.ChangeSink
	for _, o := range c.Outputs {
		out := o.BulkOutput(report.Options{})
		if out == nil {
			sink, err := o.ChangeSink(c.Options)
			if err != nil {
				return Counts{}, writingFailed(err)
			}
			sinks = append(sinks, sink)
			out = typedChanges(sink)
		}
		out.Differing = c.Differing
		outputs = append(outputs, out)
	}
	pass := devices.Bulk{
		Judge: c.Judge, Before: &c.Before, Why: c.Options.Why, Style: c.Style, Named: len(c.Inputs) > 1, Progress: c.Progress,
	}.Begin(outputs)
	err := each(c.Inputs, pass.Summary, func(in *source.Input, reader *devices.Reader) error {
		if err := begin(sinks, in, c.Inputs, reader); err != nil {
			return err
		}
		return failed(pass.Input(ctx, reader))
	})
	if err != nil {
		return Counts{}, err
	}
	counts := Counts{pass.Summary(), pass.Changes()}
	for _, sink := range sinks {
		if err := sink.End(counts.Summary, counts.Changes); err != nil {
			return Counts{}, writingFailed(err)
		}
		c.Remarks = append(c.Remarks, remarks(sink)...)
	}
	return counts, nil
}

// typedChanges returns a sink as the engine hands rows to it.
func typedChanges(sink report.ChangeSink) *devices.BulkOutput {
	return &devices.BulkOutput{
		Lines: devices.TypedRows,
		Rows: func(rows []devices.TypedRow) error {
			for _, row := range rows {
				if err := sink.Row(row.Row, row.Difference); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
