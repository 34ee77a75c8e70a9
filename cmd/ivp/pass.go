package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/devices"
)

// rowPass is one pass over all rows of the inputs.
type rowPass struct {
	Inputs []*input.Input
	Judge  devices.Judge
	// Outputs may be empty: then the pass only counts.
	Outputs []report.Output
	// Split, if not nil, returns the outputs of a single input.
	Split   func(in *input.Input) ([]report.Output, error)
	Options report.Options
	// Tally, if not nil, is used as in [devices.Bulk].
	Tally func(devices.Tallied)
	// Remarks are the notes of the outputs, set by Run.
	Remarks []string
	// Progress, if not nil, is called repeatedly, possibly by several goroutines, with
	// the number of rows since the last call.
	Progress func(rows int)
}

// Run judges every row of every input, in order, and passes it to every output. If the
// options have two states of the law, it judges each row by both. Errors carry an exit
// code. When the context is done, Run returns an error before the next block of rows,
// but does not interrupt a read.
func (p *rowPass) Run(ctx context.Context) (report.Totals, error) {
	sinks, outputs, err := p.sinks(p.Outputs)
	if err != nil {
		return report.Totals{}, err
	}
	bulk := devices.Bulk{
		Judge: p.Judge, Why: p.Options.Why, Style: p.Options.Style, Named: len(p.Inputs) > 1, Tally: p.Tally, Progress: p.Progress,
	}
	if change := p.Options.Change; change != nil {
		bulk.Before, bulk.CountBefore, bulk.WhatIf = &change.Before.Checker, change.Audit, change.WhatIf != ""
		bulk.From, bulk.To = change.From, change.To
	}
	pass := bulk.Begin(outputs)
	counted := 0
	for _, in := range p.Inputs {
		if !in.Empty {
			if err := p.take(ctx, pass, sinks, in); err != nil {
				return report.Totals{}, err
			}
		}
		if len(p.Inputs) > 1 { // an input without a row is noted
			now := pass.Summary().Devices
			in.Holds(now - counted)
			counted = now
		}
		if err := in.Finish(); err != nil {
			return report.Totals{}, err
		}
	}
	totals := report.Totals{Summary: pass.Summary(), Changes: pass.Changes()}
	for _, last := range []bool{false, true} { // those that hold evidence, which names the others, end last
		for i, sink := range sinks {
			if holdsEvidence(p.Outputs[i].Format) != last {
				continue
			}
			if err := sink.End(totals); err != nil {
				return totals, writingFailed(err)
			}
			markWhole(p.Outputs[i])
			p.Remarks = append(p.Remarks, sink.Notes()...)
		}
	}
	return totals, nil
}

// take passes the rows of one input to every output. It opens the input again if it
// was closed.
func (p *rowPass) take(ctx context.Context, pass *devices.BulkPass, sinks []report.Sink, in *input.Input) error {
	reader, err := in.Start()
	if err != nil {
		return err
	}
	own, bulk, err := p.split(in)
	if err != nil {
		return err
	}
	if err := p.begin(sinks, in, reader); err != nil {
		return err
	}
	if err := failed(pass.Input(ctx, reader, bulk...)); err != nil {
		return err
	}
	for _, o := range own {
		markWhole(o)
	}
	return nil
}

// sinks returns the sinks of outputs, and the engine's output for each.
func (p *rowPass) sinks(outputs []report.Output) (sinks []report.Sink, bulk []*devices.BulkOutput, err error) {
	for _, o := range outputs {
		sink, err := o.Sink(p.Options)
		if err != nil {
			return nil, nil, writingFailed(err)
		}
		sinks, bulk = append(sinks, sink), append(bulk, sink.Rows())
	}
	return sinks, bulk, nil
}

func (p *rowPass) split(in *input.Input) (outputs []report.Output, bulk []*devices.BulkOutput, err error) {
	if p.Split == nil {
		return nil, nil, nil
	}
	if outputs, err = p.Split(in); err != nil {
		return nil, nil, err
	}
	_, bulk, err = p.sinks(outputs)
	return outputs, bulk, err
}

// begin begins an input at each sink.
func (p *rowPass) begin(sinks []report.Sink, in *input.Input, reader *devices.Reader) error {
	for _, sink := range sinks {
		if err := sink.Begin(report.Input{File: fileName(in, p.Inputs), Reader: reader, Cells: in.Cells}); err != nil {
			return writingFailed(err)
		}
	}
	return nil
}

// fileName returns the name of an input for an output; "" if it is the only one.
func fileName(in *input.Input, of []*input.Input) string {
	if len(of) > 1 {
		return in.Name
	}
	return ""
}

// failed adds the exit code to an error of the engine.
func failed(err error) error {
	var writing *devices.WriteError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &writing):
		return writingFailed(err)
	}
	return readingFailed(err)
}

func readingFailed(err error) error {
	return exit.With(exit.IO, fmt.Errorf("could not read the input: %w; the output is incomplete", err))
}

func writingFailed(err error) error {
	return exit.With(exit.IO, fmt.Errorf("could not write the output: %w; it is incomplete", err))
}
