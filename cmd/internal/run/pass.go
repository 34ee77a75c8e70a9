// Package run takes inventories through the judge and on to the outputs.
package run

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
)

// Pass is one pass over some inputs.
type Pass struct {
	Inputs  []*source.Input
	Judge   devices.Judge
	Outputs []report.Output
	// Split, if not nil, returns outputs that take one input alone.
	Split   func(in *source.Input) ([]report.Output, error)
	Options report.Options
	// Remarks are what the outputs have to say once the pass is over.
	Remarks []string
	// Progress is called now and then with the number of rows since the last
	// call, perhaps by several goroutines; may be nil.
	Progress func(rows int)
}

// Run judges every row of every input in order and gives it to every output.
// An error carries its exit code. When the context ends, Run returns with an
// error before it judges on; it does not break off a read that waits.
func (p *Pass) Run(ctx context.Context) (*devices.Summary, error) {
	for _, o := range p.Outputs {
		if !o.Format.Bulk() {
			return p.typed(ctx)
		}
	}
	return p.bulk(ctx)
}

// each returns the readers of the inputs that hold a heading, one at a time,
// each closed before the next is started. An input without a row, beside others, is
// noted.
func each(inputs []*source.Input, counted func() *devices.Summary, use func(in *source.Input, reader *devices.Reader) error) error {
	for _, in := range inputs {
		if in.Empty {
			if len(inputs) > 1 {
				in.Holds(0)
			}
			if err := in.Finish(); err != nil {
				return err
			}
			continue
		}
		reader, err := in.Start()
		if err != nil {
			return err
		}
		before := counted().Devices
		if err := use(in, reader); err != nil {
			return err
		}
		if len(inputs) > 1 {
			in.Holds(counted().Devices - before)
		}
		if err := in.Finish(); err != nil {
			return err
		}
	}
	return nil
}

// bulk takes the pass through the engine.
func (p *Pass) bulk(ctx context.Context) (*devices.Summary, error) {
	outputs, sinks, err := p.bulkOutputs(p.Outputs)
	if err != nil {
		return nil, err
	}
	pass := devices.Bulk{
		Judge: p.Judge, Why: p.Options.Why, Style: p.Options.Style, Named: len(p.Inputs) > 1, Progress: p.Progress,
	}.Begin(outputs)
	err = each(p.Inputs, pass.Summary, func(in *source.Input, reader *devices.Reader) error {
		own, err := p.split(in)
		if err != nil {
			return err
		}
		if err := begin(sinks, in, p.Inputs, reader); err != nil {
			return err
		}
		return failed(pass.Input(ctx, reader, own...))
	})
	if err != nil {
		return nil, err
	}
	summary := pass.Summary()
	return summary, p.end(sinks, summary)
}

// bulkOutputs returns outputs as the engine takes them, and the sinks that it
// gives typed rows to.
func (p *Pass) bulkOutputs(outputs []report.Output) (bulk []*devices.BulkOutput, sinks []report.Sink, err error) {
	for _, o := range outputs {
		out := o.BulkOutput(p.Options)
		if out == nil {
			sink, err := o.Sink(p.Options)
			if err != nil {
				return nil, nil, writingFailed(err)
			}
			sinks = append(sinks, sink)
			out = report.TypedOutput(sink, o.Format, p.Options)
		}
		bulk = append(bulk, out)
	}
	return bulk, sinks, nil
}

func (p *Pass) split(in *source.Input) ([]*devices.BulkOutput, error) {
	if p.Split == nil {
		return nil, nil
	}
	outputs, err := p.Split(in)
	if err != nil {
		return nil, err
	}
	bulk, _, err := p.bulkOutputs(outputs)
	return bulk, err
}

// cellsTaker is a sink that writes the cells of a workbook as they are held there.
// It is given nil for an input that is no workbook.
type cellsTaker interface {
	TakeCells(func(row int) ([]xlsx.Cell, error))
}

// begin begins an input at each sink.
func begin[S interface {
	Begin(file string, reader *devices.Reader) error
}](sinks []S, in *source.Input, of []*source.Input, reader *devices.Reader) error {
	for _, sink := range sinks {
		if taker, ok := any(sink).(cellsTaker); ok {
			cells, err := in.Cells()
			if err != nil {
				return err
			}
			taker.TakeCells(cells)
		}
		if err := sink.Begin(fileName(in, of), reader); err != nil {
			return writingFailed(err)
		}
	}
	return nil
}

// fileName is how an input is named in an output: not at all where there is
// but one.
func fileName(in *source.Input, of []*source.Input) string {
	if len(of) > 1 {
		return in.Name
	}
	return ""
}

// end ends the sinks, and keeps what they have to say.
func (p *Pass) end(sinks []report.Sink, summary *devices.Summary) error {
	for _, sink := range sinks {
		if err := sink.End(summary); err != nil {
			return writingFailed(err)
		}
		p.Remarks = append(p.Remarks, remarks(sink)...)
	}
	return nil
}

// remarks returns what a sink has to say once it is ended.
func remarks(sink any) []string {
	if s, ok := sink.(interface{ Notes() []string }); ok {
		return s.Notes()
	}
	return nil
}

// failed gives an error of the engine its exit code.
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
	return exit.With(exit.IO, fmt.Errorf("could not read on: %w; the output is not whole", err))
}

func writingFailed(err error) error {
	return exit.With(exit.IO, fmt.Errorf("could not write the output: %w; it is not whole", err))
}

// ticks is the number of rows after which the typed pass looks up.
const ticks = 4096

// typed takes the pass row by row, for formats that the engine does not write.
func (p *Pass) typed(ctx context.Context) (*devices.Summary, error) {
	var sinks []report.Sink
	for _, o := range p.Outputs {
		sink, err := o.Sink(p.Options)
		if err != nil {
			return nil, writingFailed(err)
		}
		sinks = append(sinks, sink)
	}
	total := &devices.Summary{Today: p.Judge.Today}
	err := each(p.Inputs, func() *devices.Summary { return total }, func(in *source.Input, reader *devices.Reader) error {
		summary := &devices.Summary{}
		err := p.rows(ctx, in, reader, sinks, summary)
		total.Merge(summary)
		return err
	})
	if err != nil {
		return nil, err
	}
	return total, p.end(sinks, total)
}

func (p *Pass) rows(ctx context.Context, in *source.Input, reader *devices.Reader, sinks []report.Sink, summary *devices.Summary) error {
	if err := begin(sinks, in, p.Inputs, reader); err != nil {
		return err
	}
	for n := 1; ; n++ {
		row, err := reader.Read()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return readingFailed(err)
		}
		result := p.Judge.Row(row)
		summary.Add(row, result)
		for _, sink := range sinks {
			if err := sink.Row(row, result); err != nil {
				return writingFailed(err)
			}
		}
		if n%ticks == 0 {
			if err := ctx.Err(); err != nil {
				return readingFailed(err)
			}
			if p.Progress != nil {
				p.Progress(ticks)
			}
		}
	}
}
