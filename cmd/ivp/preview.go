package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
)

// preview shows how an inventory is read, before it is checked.
type preview struct {
	Name      string          `json:"name"`
	Sheet     string          `json:"sheet,omitempty"`
	Table     string          `json:"table,omitempty"`
	Encoding  string          `json:"encoding,omitempty"`
	Delimiter string          `json:"delimiter,omitempty"`
	HeaderRow int             `json:"header_row"`
	Dates     string          `json:"dates,omitempty"`
	Columns   []previewColumn `json:"columns"`
	// Complete says that a check would find every column that it needs.
	Complete bool     `json:"complete"`
	Problems []string `json:"problems,omitempty"`
	Paste    string   `json:"paste,omitempty"`

	advice  []string
	notes   []string
	input   *source.Input
	options devices.ColumnOptions // as a check would have them
}

// previewColumn is one column of an inventory.
type previewColumn struct {
	Column  string   `json:"column"` // as a spreadsheet names it
	Number  int      `json:"number"` // from 1
	Heading string   `json:"heading"`
	Field   string   `json:"field,omitempty"`
	Samples []string `json:"samples"`
}

// previewRows is how many rows are looked at for samples, and mostSamples how
// many are shown of a column.
const (
	previewRows = 1000
	mostSamples = 3
)

// previews opens an input and reads its first rows; of a workbook of which all
// sheets are asked for, those of each sheet.
func (c *Command) previews(ctx context.Context, name string, options source.Options) ([]*preview, error) {
	columns := options.Reader.Columns
	options.Reader.Columns.Lenient = true
	inputs, problems, err := openToPreview(ctx, name, c.Stdin, options)
	if err != nil {
		return nil, err
	}
	defer source.CloseAll(inputs)
	var all []*preview
	for _, in := range inputs {
		if in.Empty {
			for _, note := range in.Notes() { // such as which sheet was read
				fmt.Fprintln(c.Stderr, note)
			}
			return nil, exit.With(exit.Empty, fmt.Errorf("%s: nothing to preview: the input is empty, where a heading and rows were expected", in.Name))
		}
		p := &preview{options: columns, input: in, Problems: problems}
		p.describe(in.Evidence())
		p.judgeMapping()
		if err := p.readSamples(); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// openToPreview opens the input. Where its dates contradict each other its columns
// can be shown all the same: that is one of its problems.
func openToPreview(ctx context.Context, name string, stdin io.Reader, options source.Options) (inputs []*source.Input, problems []string, err error) {
	inputs, err = source.OpenAll(ctx, []string{name}, stdin, options)
	var contradict *devices.DateOrderError
	if errors.As(err, &contradict) && name != source.Stdin {
		problems = []string{contradict.Error()}
		iso := devices.ISODates
		options.Reader.Columns.Dates = &iso
		inputs, err = source.OpenAll(ctx, []string{name}, stdin, options)
	}
	return inputs, problems, err
}

// describe takes over what is known of the file.
func (p *preview) describe(e evidence.Input) {
	p.Name, p.Sheet, p.Table, p.Encoding, p.Delimiter, p.HeaderRow = e.Name, e.Sheet, e.Table, e.Encoding, e.Delimiter, e.HeaderRow
	p.notes = p.input.Notes()
	if len(p.Problems) == 0 {
		p.Dates = e.Dates
	}
	columns := p.input.Heading().Columns()
	for i, heading := range columns.Headings() {
		column := previewColumn{Column: columnLetters(p.input.Column(i)), Number: i + 1, Heading: heading, Samples: []string{}}
		for _, f := range devices.Fields() {
			if columns.Index(f) == i {
				column.Field = f.String()
			}
		}
		p.Columns = append(p.Columns, column)
	}
}

// judgeMapping finds out what a check would say of the columns.
func (p *preview) judgeMapping() {
	columns, err := devices.MapColumns(p.input.Heading().Columns().Headings(), p.options)
	var fault *devices.MappingError
	if errors.As(err, &fault) {
		fault.HeaderRow = p.input.Heading().HeadingFound()
		p.Problems = append(fault.Problems(), p.Problems...)
		p.advice, p.Paste = fault.Advice(), fault.Paste()
	}
	if says := remarks.NotJudged(columns, p.options); says != "" {
		p.notes = append(p.notes, p.Name+": "+says)
	}
	p.Complete = len(p.Problems) == 0
}

// err returns what a check would fail with; nil where it would find its
// columns.
func (p *preview) err() error {
	if p.Complete {
		return nil
	}
	return exit.With(exit.Usage, fmt.Errorf("%s: %s", p.Name, strings.Join(slices.Concat(p.Problems, p.advice), "\n  ")))
}

// readSamples takes the first values of each column, each once.
func (p *preview) readSamples() error {
	reader, err := p.input.Start()
	for range previewRows {
		if err != nil || p.sampled() {
			break
		}
		var row devices.Row
		if row, err = reader.Read(); err == nil {
			p.sample(row.Cells)
		}
	}
	if err == nil || err == io.EOF {
		return nil
	}
	return exit.With(exit.IO, fmt.Errorf("could not read the input: %w", err))
}

func (p *preview) sampled() bool {
	return !slices.ContainsFunc(p.Columns, func(column previewColumn) bool { return len(column.Samples) < mostSamples })
}

func (p *preview) sample(cells []string) {
	for i, cell := range cells[:min(len(cells), len(p.Columns))] {
		column := &p.Columns[i]
		if strings.TrimSpace(cell) != "" && len(column.Samples) < mostSamples && !slices.Contains(column.Samples, cell) {
			column.Samples = append(column.Samples, cell)
		}
	}
}

// columnLetters returns a column's name in a spreadsheet: A for 0, AA for 26.
func columnLetters(i int) string {
	letters := ""
	for i++; i > 0; i = (i - 1) / 26 {
		letters = string(rune('A'+(i-1)%26)) + letters
	}
	return letters
}
