// Package report writes results in each of the formats of the command line.
package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
)

// Output is where a format goes.
type Output struct {
	Format      Format
	Compression compress.Kind
	W           io.Writer
	// Only limits the rows written to some reasons; nil writes those of the
	// options.
	Only *devices.Selection
	// Screen is the size of the terminal that W is.
	Screen Size
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
	options.Screen = o.Screen
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
		return &changeDocument{w: w, format: format, changeReport: *options.changeReport(), page: newPageRows(options.changeReport().counted().History)}
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
		Lines: devices.TypedRows, Only: options.Only, Differing: options.Differing, Enough: func(*devices.Cause) bool { return full.Load() },
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

// Sink is an output of a pass: how the engine feeds it, and what it writes at the
// end.
type Sink interface {
	// Rows returns the output as the engine takes it.
	Rows() *devices.BulkOutput
	// Begin is called for each input before its rows.
	Begin(in Input) error
	// End writes what remains. Nothing is whole before it has returned.
	End(t Totals) error
	// Notes say, after End, what the limits of the format have changed.
	Notes() []string
}

// Input is an input whose rows begin.
type Input struct {
	// File is its name, empty where there is only one input.
	File   string
	Reader *devices.Reader
	// Cells returns what gives the cells of the rows of a workbook, in their order; nil
	// for other inputs.
	Cells func() (func(row int) ([]xlsx.Cell, error), error)
}

// Totals are what a pass has counted: of the answers, after the change where two
// are compared, and of their differences, nil where there is no change.
type Totals struct {
	Summary *devices.Summary
	Changes *devices.Changes
}

// Options say what a sink writes.
type Options struct {
	// Why adds what explains an answer.
	Why bool
	// Columns are the names of the columns added to CSV.
	Columns []string
	// Style says in what CSV departs from the input.
	Style devices.CSVStyle
	// Only limits the rows written to some reasons; nil writes all.
	Only *devices.Selection
	// Differing limits the rows of a comparison to those whose answers differ so
	// far.
	Differing devices.Differing
	// Judge is who gave the answers: the rules, and the terms of the question. Its
	// Today is the day of the run, in Great Britain.
	devices.Judge
	// Door is where the output is read. Page has no flags.
	Door remarks.Door
	// Name is the name of the one input, for the title; empty if the evidence has it.
	Name string
	// Paint colours a cell that is an outcome in words, and returns others as they are;
	// nil if nothing is coloured.
	Paint func(cell string) string
	// Screen is the size of the terminal that shows the output; [Output.Sink] sets it.
	Screen Size
	// Evidence returns what the run rests on. A sink calls it once, at its end,
	// when all inputs have been read; nil where no output shows evidence.
	Evidence func(*devices.Summary) *evidence.Run
	// Change are the two states of the law that are compared; nil for a check.
	Change *Change
}

// evidence returns what the run rests on, nil where that is not known.
func (o *Options) evidence(summary *devices.Summary) *evidence.Run {
	if o.Evidence == nil {
		return nil
	}
	return o.Evidence(summary)
}

// Format is a way to write results.
type Format string

// The formats.
const (
	CSV      Format = "csv"
	JSON     Format = "json"
	JSONL    Format = "jsonl"
	Table    Format = "table"
	Markdown Format = "markdown"
	Workbook Format = "xlsx"
	HTML     Format = "html"
)

// Packed reports whether the format is compressed already, so that to compress it
// would gain nothing.
func (f Format) Packed() bool { return f == Workbook }

// Formats returns all formats.
func Formats() []Format { return []Format{CSV, JSON, JSONL, Table, Markdown, Workbook, HTML} }

// ParseFormat reads the name of a format.
func ParseFormat(name string) (Format, error) {
	for _, f := range Formats() {
		if string(f) == name {
			return f, nil
		}
	}
	return "", fmt.Errorf("%q is no format: want %s", name, names())
}

func names() string {
	var all []string
	for _, f := range Formats() {
		all = append(all, string(f))
	}
	return strings.Join(all, ", ")
}

var extensions = map[string]Format{
	"": CSV, ".csv": CSV, ".tsv": CSV, ".json": JSON, ".jsonl": JSONL, ".ndjson": JSONL,
	".txt": Table, ".md": Markdown, ".markdown": Markdown, ".xlsx": Workbook, ".html": HTML, ".htm": HTML,
}

// FormatOf returns the format that a file's extension asks for; a name without
// one, such as that of a device, asks for CSV. A .gz or .zst after it asks for
// that compression.
func FormatOf(path string) (Format, compress.Kind, error) {
	kind, plain := compress.Of(path)
	extension := strings.ToLower(filepath.Ext(plain))
	f, ok := extensions[extension]
	switch {
	case ok && f.Packed() && kind != compress.None:
		return "", kind, fmt.Errorf("%s: a workbook is packed already: leave out the %s", path, filepath.Ext(path))
	case ok:
		return f, kind, nil
	}
	return "", kind, fmt.Errorf("%s: no format goes with %q: name the file .csv, .json, .jsonl, .xlsx, .html, .md or .txt, perhaps with .gz or .zst after it", path, extension)
}
