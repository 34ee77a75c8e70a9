package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/config"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/remarks"
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
	// Complete is true if a check would find every column that it requires.
	Complete bool     `json:"complete"`
	Problems []string `json:"problems,omitempty"`
	Paste    string   `json:"paste,omitempty"`

	advice  []string
	notes   []string
	input   *input.Input
	options devices.ColumnOptions // those of a check
}

// previewColumn is one column of an inventory.
type previewColumn struct {
	Column  string   `json:"column"` // its letters in a spreadsheet
	Number  int      `json:"number"` // from 1
	Heading string   `json:"heading"`
	Field   string   `json:"field,omitempty"`
	Samples []string `json:"samples"`
}

// previewRows is how many rows are searched for samples, mostSamples how many samples
// of a column are shown.
const (
	previewRows = 1000
	mostSamples = 3
)

// previews opens an input and reads its first rows. If all sheets of a workbook are to
// be read, it returns a preview for each.
func (c *Command) previews(ctx context.Context, name string, options input.Options) ([]*preview, error) {
	columns := options.Reader.Columns
	options.Reader.Columns.Lenient = true
	inputs, problems, err := openToPreview(ctx, name, c.Stdin, options)
	if err != nil {
		return nil, err
	}
	defer input.CloseAll(inputs)
	var all []*preview
	for _, in := range inputs {
		if in.Empty {
			for _, note := range in.Notes() { // such as which sheet was read
				fmt.Fprintln(c.Stderr, note)
			}
			return nil, exit.With(exit.Empty, fmt.Errorf("%s: nothing to show: the input is empty, where a heading and rows were expected", in.Name))
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

// openToPreview opens the input. If its dates contradict each other, that becomes one
// of the problems, and the columns are shown nevertheless.
func openToPreview(ctx context.Context, name string, stdin io.Reader, options input.Options) (inputs []*input.Input, problems []string, err error) {
	inputs, err = input.OpenAll(ctx, []string{name}, stdin, options)
	var contradict *devices.DateOrderError
	if errors.As(err, &contradict) && name != input.Stdin {
		problems = []string{contradict.Error()}
		iso := devices.ISODates
		options.Reader.Columns.Dates = &iso
		inputs, err = input.OpenAll(ctx, []string{name}, stdin, options)
	}
	return inputs, problems, err
}

// describe copies the description of the file.
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

// judgeMapping determines the problems that a check would have with the columns.
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

// err returns the error of a check; nil if it would find its columns.
func (p *preview) err() error {
	if p.Complete {
		return nil
	}
	return exit.With(exit.Usage, fmt.Errorf("%s: %s", p.Name, strings.Join(slices.Concat(p.Problems, p.advice), "\n  ")))
}

// readSamples reads the first distinct values of each column.
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

// profile returns a profile with which the file is read in the same way: the settings
// given, and those found.
func (p *preview) profile(options input.Options) config.Profile {
	profile := config.Profile{
		Sheet: p.Sheet, HeaderRow: options.Reader.HeaderRow,
		Columns: p.profiledColumns(), Values: options.Reader.Columns.Values,
	}
	switch {
	case p.Table != "":
		profile.Sheet, profile.Table = "", p.Table
	case p.input.OfSeveral() != "":
		profile.Sheet = options.Sheet
	}
	if p.Delimiter != "" {
		profile.Delimiter, profile.NoQuotes = p.Delimiter[0], options.Reader.NoQuotes
	}
	profile.Encoding = strings.ToLower(p.Encoding)
	if p.HeaderRow > 1 && p.Table == "" { // in line 1, and in a table, it is always found
		profile.HeaderRow = p.HeaderRow
	}
	switch {
	case options.Reader.Columns.Dates != nil:
		profile.DateFormat = options.Reader.Columns.Dates.Name()
	case p.datesSeen():
		if format, err := devices.ParseDateFormat(p.Dates); err == nil {
			profile.DateFormat = format.Name()
		}
	}
	return profile
}

// datesSeen reports whether the date column has any dates: without one their format is
// not known.
func (p *preview) datesSeen() bool {
	for _, column := range p.Columns {
		if column.Field == devices.InstallDate.String() && len(column.Samples) > 0 {
			return true
		}
	}
	return false
}

// profiledColumns returns the column of each field found: its heading or, if two
// columns have that heading, its number.
func (p *preview) profiledColumns() map[devices.Field]string {
	columns := p.input.Heading().Columns()
	mapped := maps.Clone(p.options.Map)
	for _, f := range devices.Fields() {
		if i := columns.Index(f); i >= 0 {
			mapped[f] = columns.Name(i)
		}
	}
	return mapped
}

// saveProfile writes the profile.
func (c *Command) saveProfile(f *columnsFlags, p *preview, options input.Options) error {
	text, err := p.profile(options).Marshal()
	if err != nil {
		return fmt.Errorf("--save: %w", err)
	}
	if err := c.outputs.WriteFile(f.save, text); err != nil {
		return exit.With(exit.IO, fmt.Errorf("could not write the profile: %w", err))
	}
	fmt.Fprintf(c.Stderr, "%s was written: ivp check --profile %s reads files of this kind with it\n", f.save, f.save)
	return nil
}

// maySave returns an error if --save would overwrite the input or, without --force,
// another file.
func (f *columnsFlags) maySave(names []string) error {
	if f.save == "" {
		return nil
	}
	if len(names) > 1 {
		return exit.Usagef("--save writes a profile for one kind of file: give one file")
	}
	there, err := os.Stat(f.save)
	if err != nil { // there is nothing to lose
		return nil
	}
	if input, err := os.Stat(names[0]); err == nil && os.SameFile(there, input) {
		return exit.Usagef("--save: %s is the input: write the profile to another file", f.save)
	}
	if !f.force {
		return exit.Usagef("--save: %s exists: give another file, or replace it with --force", f.save)
	}
	return nil
}
