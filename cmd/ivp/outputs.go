package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/output"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
)

// outputFlags say what is written, and where.
type outputFlags struct {
	outputs  []string
	format   string
	only     string
	why      bool
	split    string
	excel    bool
	csvSafe  bool
	evidence bool
	fsync    bool
	colour   string
}

func (f *outputFlags) flags() *pflag.FlagSet {
	set := f.fileFlags()
	set.StringVar(&f.only, "only", "", "write only rows with these `OUTCOMES-OR-REASONS`; counts and exit code cover all")
	set.StringVar(&f.split, "split", "", "write each input NAME to NAME.eligible.csv, NAME.not_eligible.csv and NAME.undetermined.csv in the folder `DIR`")
	set.BoolVar(&f.evidence, "evidence", false, "write NAME.run.json beside each -o NAME.csv: the rules, the inputs' digests, how they were read, the counts")
	set.StringVar(&f.colour, "color", "auto", "colour outcomes on the terminal: `auto`, always or never; NO_COLOR is heeded")
	set.BoolVar(&f.why, "why", false, "add the columns that explain: ivp_on, ivp_as_at, ivp_from, ivp_end, ivp_explanation")
	return set
}

// fileFlags say where outputs go, and in what form.
func (f *outputFlags) fileFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("output", pflag.ContinueOnError)
	set.StringArrayVarP(&f.outputs, "output", "o", nil, "write to `FILE`, its format taken from the extension (repeatable); - is stdout, which else carries nothing unless --format is given")
	set.StringVar(&f.format, "format", "", "write stdout as csv, json, jsonl, table, markdown, xlsx or html (default: table on a terminal, else csv)")
	set.BoolVar(&f.fsync, "fsync", false, "wait until every output is on the disk before exit; without it the program never leaves half an output, but a crash of the whole system may lose one that was just written")
	set.BoolVar(&f.excel, "excel", false, "write CSV for Excel: a byte order mark first, and Windows line ends")
	set.BoolVar(&f.csvSafe, "csv-safe", false, "in CSV, put ' before what a spreadsheet would run as a formula: cells that begin with = + - or @, after blanks and in full width too, and such a sign after a delimiter, line end or quote inside a cell")
	return set
}

// outputPlan is what a run is to write.
type outputPlan struct {
	outputs []*plannedOutput
	only    *devices.Selection
	style   devices.CSVStyle
	// evidence says that some output holds evidence.
	evidence bool
	sidecars bool   // whether CSV outputs have evidence beside them
	folder   string // of --split
	durable  bool   // whether outputs wait for the disk
}

// plannedOutput is one output; an empty path stands for stdout.
type plannedOutput struct {
	path        string
	format      report.Format
	compression compress.Kind
	target      *output.Target
	// of and only are the input and the rows of an output of --split.
	of   *source.Input
	only *devices.Selection
}

// sidecar is the format of the evidence of an output.
const sidecar report.Format = "evidence"

func (c *Command) planOutput(f *outputFlags) (*outputPlan, error) {
	plan := &outputPlan{style: devices.CSVStyle{Excel: f.excel, Safe: f.csvSafe}, evidence: f.evidence, sidecars: f.evidence, folder: f.split, durable: f.fsync}
	var errs []error
	if f.only != "" && f.split != "" {
		errs = append(errs, errors.New("--split writes every row by its outcome: leave out --only"))
	}
	if f.only != "" {
		only, err := devices.ParseSelection(f.only)
		if err != nil {
			err = fmt.Errorf("--only: %w", err)
		}
		errs, plan.only = append(errs, err), &only
	}
	toStdout := len(f.outputs) == 0 && f.split == "" || f.format != ""
	for _, path := range f.outputs {
		if path == "-" {
			toStdout = true
			continue
		}
		format, compression, err := report.FormatOf(path)
		if err != nil {
			err = fmt.Errorf("-o %w", err)
		}
		errs = append(errs, err)
		plan.outputs = append(plan.outputs, &plannedOutput{path: path, format: format, compression: compression})
	}
	if toStdout {
		format, err := c.stdoutFormat(f.format)
		errs = append(errs, err)
		plan.outputs = append(plan.outputs, &plannedOutput{format: format})
	}
	if f.evidence {
		errs = append(errs, plan.addSidecars())
	}
	plan.evidence = plan.evidence || slices.ContainsFunc(plan.outputs, func(o *plannedOutput) bool { return o.format == report.Workbook || o.format == report.HTML })
	return plan, exit.With(exit.Usage, errors.Join(errs...))
}

func (c *Command) stdoutFormat(name string) (report.Format, error) {
	switch {
	case report.Format(name) == report.Workbook && c.stdoutIsTerminal():
		return "", errors.New("--format xlsx: a terminal shows no workbook: write it with -o FILE.xlsx")
	case name != "":
		format, err := report.ParseFormat(name)
		if err != nil {
			err = fmt.Errorf("--format: %w", err)
		}
		return format, err
	case c.stdoutIsTerminal():
		return report.Table, nil
	}
	return report.CSV, nil
}

// toStdout reports whether rows go to stdout.
func (p *outputPlan) toStdout() bool {
	return slices.ContainsFunc(p.outputs, func(o *plannedOutput) bool { return o.path == "" })
}

// apart returns an error if an output is an input, another file that the command
// reads, or another output.
func (p *outputPlan) apart(cmd *cobra.Command, c *Command, inputs []*source.Input) error {
	var errs []error
	read := filesRead(cmd)
	for _, in := range inputs {
		read = append(read, in.Info)
	}
	var places []output.Place
	for _, o := range p.outputs {
		place := o.place(c)
		if before := slices.IndexFunc(places, place.Same); before >= 0 {
			other := p.outputs[before].name()
			if filepath.Clean(other) == filepath.Clean(o.name()) {
				errs = append(errs, fmt.Errorf("%s is named as an output twice", other))
			} else {
				errs = append(errs, fmt.Errorf("the outputs %s and %s are one file, or differ in capitals alone: write each to a file of its own", other, o.name()))
			}
		} else if slices.ContainsFunc(read, place.Is) {
			errs = append(errs, fmt.Errorf("%s is one of the inputs: write to another file", o.name()))
		}
		places = append(places, place)
	}
	return errors.Join(errs...)
}

// filesRead returns the files that the flags of a command name for it to read.
func filesRead(cmd *cobra.Command) (read []os.FileInfo) {
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if kind, _ := pflag.UnquoteUsage(flag); kind != "FILE" || flag.Name == "output" || flag.Name == "save" {
			return
		}
		names := []string{flag.Value.String()}
		if several, ok := flag.Value.(pflag.SliceValue); ok {
			names = several.GetSlice()
		}
		for _, name := range names {
			if info, err := os.Stat(name); err == nil {
				read = append(read, info)
			}
		}
	})
	return read
}

// place returns where the output is, or is to be.
func (o *plannedOutput) place(c *Command) output.Place {
	if o.path != "" {
		return output.PlaceOf(o.path)
	}
	if f := fileOf(c.Stdout); f != nil {
		return output.PlaceOfFile(f)
	}
	return output.Place{}
}

func (o *plannedOutput) name() string {
	if o.path == "" {
		return "standard output"
	}
	return o.path
}

// open opens every output.
func (p *outputPlan) open(c *Command) ([]report.Output, error) {
	var opened []report.Output
	if p.folder != "" {
		if err := os.MkdirAll(p.folder, 0o777); err != nil {
			return nil, exit.With(exit.IO, fmt.Errorf("could not make the folder of --split: %w", err))
		}
	}
	for _, o := range p.outputs {
		out := report.Output{Format: o.format, Compression: o.compression, W: c.Stdout}
		if o.path != "" {
			target, err := c.outputs.Open(o.path)
			if err != nil {
				p.abort()
				return nil, exit.With(exit.IO, fmt.Errorf("could not open the output: %w", err))
			}
			target.Durable = p.durable
			o.target, out.W = target, target
		}
		if o.format != sidecar && o.of == nil {
			opened = append(opened, out)
		}
	}
	return opened, nil
}

// commit puts every output in its place. Where one fails, the error names
// those that are in place already.
func (p *outputPlan) commit(c *Command) error {
	var placed []string
	for _, o := range p.outputs {
		if o.target == nil {
			if err := p.syncStdout(c); err != nil {
				return exit.With(exit.IO, fmt.Errorf("could not finish the output: %w", err))
			}
			continue
		}
		if err := o.target.Commit(); err != nil {
			err = fmt.Errorf("could not finish the output: %w", err)
			if len(placed) > 0 {
				err = fmt.Errorf("%w; already in place: %q", err, placed)
			}
			return exit.With(exit.IO, err)
		}
		placed = append(placed, o.path)
	}
	return nil
}

// syncStdout waits for the disk where stdout is a file.
func (p *outputPlan) syncStdout(c *Command) error {
	if f := fileOf(c.Stdout); f != nil && p.durable {
		return output.Sync(f)
	}
	return nil
}

// abort throws away what is not in place.
func (p *outputPlan) abort() {
	for _, o := range p.outputs {
		if o.target != nil {
			o.target.Abort()
		}
	}
}
