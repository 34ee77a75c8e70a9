// Package report writes results in each of the formats of the command line.
package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Sink takes the rows of one pass, in order, and then the summary.
type Sink interface {
	// Begin is told of each input before its rows; file is empty where there
	// is but one.
	Begin(file string, reader *devices.Reader) error
	// Row takes one row and its result. Where [Format.Bulk], the row's Device is
	// not set: its cells are, but for a malformed row.
	Row(row devices.Row, result devices.Result) error
	// End writes what remains. Nothing is whole before it has returned.
	End(summary *devices.Summary) error
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
	// Checker is the rules behind the answers and the terms on which they were
	// asked.
	Checker ivp.Checker
	// Today is the day of the run, in Great Britain.
	Today ivp.Date
	// Paint colours an outcome on a terminal; nil where nothing is coloured.
	Paint func(outcome string) string
	// Evidence returns what the run rests on. A sink calls it once, at its end,
	// when all inputs have been read; nil where no output shows evidence.
	Evidence func(*devices.Summary) *evidence.Run
}

func (o Options) wants(row devices.Row, result devices.Result) bool {
	return o.Only == nil || o.Only.Selects(result)
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

// New returns the sink that writes a format to w.
func New(format Format, w io.Writer, options Options) Sink {
	switch format {
	case JSON:
		return newJSON(w, options)
	case JSONL:
		return newJSONL(w, options)
	case Table:
		return newTable(w, options, plainStyle{options.Paint})
	case Markdown:
		return newTable(w, options, markdownStyle{})
	case Workbook:
		return newWorkbook(w, options)
	case HTML:
		return newHTML(w, options)
	}
	return &csvSink{w: w, options: options}
}
