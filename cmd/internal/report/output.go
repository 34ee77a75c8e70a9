package report

import (
	"io"
	"sync/atomic"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Output is where a format goes.
type Output struct {
	Format      Format
	Compression compress.Kind
	W           io.Writer
	// Only limits the rows written to some reasons; nil writes those of the
	// options.
	Only *devices.Selection
}

// Bulk reports whether the format is written by the engine, or from what it
// hands over.
func (f Format) Bulk() bool { return f == CSV || f == JSONL || f == Workbook || f == HTML }

// Packed reports whether the format is packed already, so that to compress it
// would gain nothing.
func (f Format) Packed() bool { return f == Workbook }

// BulkOutput returns the output as the engine writes it; nil where the engine
// hands rows over to a sink.
func (o Output) BulkOutput(options Options) *devices.BulkOutput {
	out := &devices.BulkOutput{W: o.W, Only: options.Only, Pack: compress.NewPacker(o.Compression)}
	if o.Only != nil {
		out.Only = o.Only
	}
	switch o.Format {
	case CSV:
		return out
	case JSONL:
		out.Lines = devices.JSONLines
		return out
	}
	return nil
}

// TypedOutput returns a sink of a format as the engine hands rows to it.
func TypedOutput(sink Sink, format Format, options Options) *devices.BulkOutput {
	var enough atomic.Bool // the sink is asked in turn, the engine whenever it likes
	limited, isLimited := sink.(interface{ Enough() bool })
	return &devices.BulkOutput{
		Lines: devices.TypedRows, Only: format.selection(options), Enough: enough.Load,
		Rows: func(rows []devices.TypedRow) error {
			for _, row := range rows {
				if err := sink.Row(row.Row, row.Result); err != nil {
					return err
				}
			}
			enough.Store(isLimited && limited.Enough())
			return nil
		},
	}
}

// selection returns the rows that the format shows.
func (f Format) selection(options Options) *devices.Selection {
	if f != HTML || options.Only != nil {
		return options.Only
	}
	shown := devices.Selection{}.WithReasonsOf(ivp.NotEligible).WithReasonsOf(ivp.Undetermined)
	return &shown
}

// Sink returns the output as the typed pass takes it.
func (o Output) Sink(options Options) (Sink, error) {
	if o.Compression == compress.None {
		return New(o.Format, o.W, options), nil
	}
	w, err := compress.NewWriter(o.Compression, o.W)
	if err != nil {
		return nil, err
	}
	return &compressedSink{New(o.Format, w, options), w}, nil
}

// compressedSink ends the compression with the rest.
type compressedSink struct {
	Sink
	w io.Closer
}

// Enough reports whether the sink wants no more rows.
func (s *compressedSink) Enough() bool {
	limited, ok := s.Sink.(interface{ Enough() bool })
	return ok && limited.Enough()
}

// End writes what remains.
func (s *compressedSink) End(summary *devices.Summary) error {
	if err := s.Sink.End(summary); err != nil {
		return err
	}
	return s.w.Close()
}
