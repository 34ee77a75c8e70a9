package report

import (
	"io"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/devices"
)

// Output is where a format goes.
type Output struct {
	Format      Format
	Compression compress.Kind
	W           io.Writer
}

// Bulk reports whether the engine writes the format.
func (f Format) Bulk() bool { return f == CSV || f == JSONL }

// BulkOutput returns the output as the engine takes it.
func (o Output) BulkOutput(options Options) *devices.BulkOutput {
	out := &devices.BulkOutput{W: o.W, Only: options.Only, Pack: compress.NewPacker(o.Compression)}
	if o.Format == JSONL {
		out.Lines = devices.JSONLines
	}
	return out
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

// End writes what remains.
func (s *compressedSink) End(summary *devices.Summary) error {
	if err := s.Sink.End(summary); err != nil {
		return err
	}
	return s.w.Close()
}
