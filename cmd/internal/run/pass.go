// Package run takes inventories through the judge and on to the sinks.
package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
)

// Pass is one pass over some inputs.
type Pass struct {
	Inputs   []*source.Input
	Judge    devices.Judge
	Sinks    []report.Sink
	Progress func(rows int) // called now and then; may be nil
}

// ticks is the number of rows after which the pass looks up.
const ticks = 4096

// Run judges every row of every input in order and gives it to every sink. An
// error carries its exit code. Where the context ends, Run returns at once,
// even from a read that waits.
func (p *Pass) Run(ctx context.Context) (*devices.Summary, error) {
	type outcome struct {
		summary *devices.Summary
		err     error
	}
	done := make(chan outcome, 1)
	go func() {
		summary, err := p.guarded(ctx)
		done <- outcome{summary, err}
	}()
	select {
	case o := <-done:
		return o.summary, o.err
	case <-ctx.Done():
	}
	select { // a pass that is not waiting for input ends by itself
	case <-done:
	case <-time.After(time.Second):
	}
	return nil, exit.With(exit.Interrupted, errors.New("interrupted: the output is not whole"))
}

// guarded turns a panic into an error, since no one else could catch it.
func (p *Pass) guarded(ctx context.Context) (summary *devices.Summary, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = exit.With(exit.Internal, fmt.Errorf("%v\n%s", fault, debug.Stack()))
		}
	}()
	return p.run(ctx)
}

func (p *Pass) run(ctx context.Context) (*devices.Summary, error) {
	summary := &devices.Summary{}
	for _, in := range p.Inputs {
		if in.Reader == nil {
			continue
		}
		if err := p.begin(in); err != nil {
			return nil, err
		}
		if err := p.rows(ctx, in, summary); err != nil {
			return nil, err
		}
	}
	for _, sink := range p.Sinks {
		if err := sink.End(summary); err != nil {
			return nil, writing(err)
		}
	}
	return summary, nil
}

func (p *Pass) begin(in *source.Input) error {
	file := ""
	if len(p.Inputs) > 1 {
		file = in.Name
	}
	for _, sink := range p.Sinks {
		if err := sink.Begin(file, in.Reader); err != nil {
			return writing(err)
		}
	}
	return nil
}

func (p *Pass) rows(ctx context.Context, in *source.Input, summary *devices.Summary) error {
	for n := 1; ; n++ {
		row, err := in.Reader.Read()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return exit.With(exit.IO, fmt.Errorf("%s: could not read on: %w; the output is not whole", in.Name, err))
		}
		result := p.Judge.Row(row)
		summary.Add(row, result)
		for _, sink := range p.Sinks {
			if err := sink.Row(row, result); err != nil {
				return writing(err)
			}
		}
		if n%ticks == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if p.Progress != nil {
				p.Progress(summary.Devices)
			}
		}
	}
}

func writing(err error) error {
	return exit.With(exit.IO, fmt.Errorf("could not write the output: %w; it is not whole", err))
}
