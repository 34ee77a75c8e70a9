// Package report writes results in each of the formats of the command line.
package report

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
)

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
	// Paint colours an outcome on a terminal; nil where nothing is coloured.
	Paint func(outcome string) string
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
