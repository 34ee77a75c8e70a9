package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"sync/atomic"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
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

// Write calls a function that writes the whole output, and compresses what it writes
// if the output is to be compressed.
func (o Output) Write(write func(io.Writer) error) error {
	w, err := compress.NewWriter(o.Compression, o.W)
	if err != nil {
		return err
	}
	if err := write(w); err != nil {
		return err
	}
	return w.Close()
}

// Sink returns the output as a pass takes it.
func (o Output) Sink(options Options) (Sink, error) {
	if o.Only != nil {
		options.Only = o.Only
	}
	if lines, ok := o.lines(); ok {
		return lineSink{&devices.BulkOutput{
			W: o.W, Lines: lines, Only: options.Only, Differing: options.Differing, Pack: compress.NewPacker(o.Compression),
		}}, nil
	}
	if o.Compression == compress.None {
		return newSink(o.Format, o.W, options), nil
	}
	w, err := compress.NewWriter(o.Compression, o.W)
	if err != nil {
		return nil, err
	}
	return &compressedSink{newSink(o.Format, w, options), w}, nil
}

// lines returns what the engine writes by itself, if the format is that.
func (o Output) lines() (lines devices.Lines, ok bool) {
	switch o.Format {
	case CSV:
		return devices.CSVLines, true
	case JSONL:
		return devices.JSONLines, true
	}
	return 0, false
}

func newSink(format Format, w io.Writer, options Options) Sink {
	switch {
	case format == JSON:
		return &jsonSink{options: options, rows: jsonRows{out: bufio.NewWriter(w)}}
	case format == Workbook:
		return &workbookSink{w: w, options: options}
	case options.Change != nil:
		return &changeDocument{w: w, format: format, changeReport: *options.changeReport()}
	case format == Table:
		return newTable(w, options, plainStyle{options.Paint})
	case format == Markdown:
		return newMarkdownCheck(w, options)
	}
	return newCheckPage(w, options)
}

// lineSink is an output that the engine writes by itself.
type lineSink struct{ output *devices.BulkOutput }

func (s lineSink) Rows() *devices.BulkOutput { return s.output }
func (lineSink) Begin(Input) error           { return nil }
func (lineSink) End(Totals) error            { return nil }
func (lineSink) Notes() []string             { return nil }

// compressedSink ends the compression with the rest.
type compressedSink struct {
	Sink
	w io.Closer
}

// End writes what remains.
func (s *compressedSink) End(t Totals) error {
	if err := s.Sink.End(t); err != nil {
		return err
	}
	return s.w.Close()
}

// typedRows returns an output of rows for a function to take, until it returns
// true: then it has enough.
func typedRows(options Options, take func(devices.TypedRow) (enough bool, err error)) *devices.BulkOutput {
	var full atomic.Bool // set by the goroutine that writes, read by all
	return &devices.BulkOutput{
		Lines: devices.TypedRows, Only: options.Only, Differing: options.Differing, Enough: full.Load,
		Rows: func(rows []devices.TypedRow) error {
			for _, row := range rows {
				enough, err := take(row)
				if err != nil {
					return err
				}
				if enough {
					full.Store(true)
				}
			}
			return nil
		},
	}
}

// jsonSink writes one object: the rows as the engine writes them, then the
// summary. An object cut short is not JSON, and so never mistaken for a whole one.
type jsonSink struct {
	options Options
	rows    jsonRows
}

func (s *jsonSink) Rows() *devices.BulkOutput {
	return &devices.BulkOutput{W: &s.rows, Lines: devices.JSONLines, Only: s.options.Only, Differing: s.options.Differing}
}

func (s *jsonSink) Begin(Input) error { return nil }
func (s *jsonSink) Notes() []string   { return nil }

func (s *jsonSink) End(t Totals) error {
	if s.options.Change == nil {
		return s.rows.end(struct {
			evidence.Counts
			Answer remarks.Answer `json:"answer"`
		}{evidence.NewCounts(t.Summary, s.options.Checker.History), remarks.NewAnswer(t.Summary, s.options.Judge, remarks.CommandLine)})
	}
	wire := s.options.changeReport().wire(t.Changes, t.Summary.Today)
	wire.Outside = t.Summary.Outside
	wire.DayCounts = evidence.NewDayCounts(t.Summary)
	return s.rows.end(wire)
}

// jsonRows makes lines of JSON the elements of the array "rows" of an object.
type jsonRows struct {
	out   *bufio.Writer
	begun bool
	open  bool // whether the last line's end is still to be written
}

// Write takes parts that end with a line.
func (r *jsonRows) Write(lines []byte) (int, error) {
	n := len(lines)
	switch {
	case n == 0:
		return 0, nil
	case !r.begun:
		r.begun = true
		r.out.WriteString("{\"rows\": [\n")
	case r.open:
		r.out.WriteString(",\n")
	}
	for r.open = false; len(lines) > 0; {
		end := bytes.IndexByte(lines, '\n')
		if end < 0 || end == len(lines)-1 {
			r.open = end >= 0
			_, err := r.out.Write(bytes.TrimSuffix(lines, []byte("\n")))
			return n, err
		}
		r.out.Write(lines[:end])
		r.out.WriteString(",\n")
		lines = lines[end+1:]
	}
	return n, nil
}

// end writes the summary and what remains.
func (r *jsonRows) end(summary any) error {
	if !r.begun {
		r.out.WriteString("{\"rows\": [")
	}
	encoded, err := json.Marshal(summary)
	if err != nil {
		return err
	}
	r.out.WriteString("\n],\n\"summary\": ")
	r.out.Write(encoded)
	r.out.WriteString("}\n")
	return r.out.Flush()
}
