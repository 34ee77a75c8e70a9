package main

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/output"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// outputFlags determine what is written, and where.
type outputFlags struct {
	outputs  []string
	format   string
	only     string
	since    string
	source   bool
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
	set.StringVar(&f.only, "only", "", "write only rows with these `ANSWERS`, outcomes or reasons; counts and exit code still cover all rows")
	set.StringVar(&f.since, "changed-since", "", "check `FILE`, which ivp check wrote, again, and write only the rows whose answer differs from its ivp_ columns (outcome, reason or last day), with both; counts and exit code cover all rows")
	set.BoolVar(&f.source, "source-column", false, "add a column with the name of the file to each row: ivp_file")
	set.StringVar(&f.split, "split", "", "write each input NAME to NAME.eligible.csv, NAME.not_eligible.csv and NAME.undetermined.csv in the folder `DIR`")
	set.BoolVar(&f.evidence, "evidence", false, "write NAME.run.json beside each -o NAME.csv: the rules, the digests of inputs and outputs, how they were read, the counts")
	set.StringVar(&f.colour, "color", "auto", "colour outcomes on the terminal: `auto`, always or never; auto respects NO_COLOR")
	set.BoolVar(&f.why, "why", false, "add columns that explain the answers: ivp_on, ivp_as_at, ivp_from, ivp_end, ivp_explanation")
	return set
}

// fileFlags returns the flags for the files and formats of outputs.
func (f *outputFlags) fileFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("output", pflag.ContinueOnError)
	set.StringArrayVarP(&f.outputs, "output", "o", nil, "write to `FILE`, in the format of its extension (repeatable); - is stdout, to which nothing else is written then unless --format is given")
	set.StringVar(&f.format, "format", "", "write stdout as csv, json, jsonl, table, markdown, xlsx or html (default: table on a terminal, else csv)")
	set.BoolVar(&f.fsync, "fsync", false, "wait until every output is on the disk; without it an output is never left incomplete, but one just written may be lost if the system crashes")
	set.BoolVar(&f.excel, "excel", false, "write CSV for Excel: with a byte order mark and Windows line ends")
	set.BoolVar(&f.csvSafe, "csv-safe", false, "in CSV, put ' before text that a spreadsheet would run as a formula: at the start of cells that begin with = + - or @ (also after blanks, and in full width), and before such a sign after a delimiter, line end or quote inside a cell")
	return set
}

// outputPlan is what a run will write.
type outputPlan struct {
	outputs []*plannedOutput
	only    *devices.Selection
	style   devices.CSVStyle
	// evidence is true if any output contains evidence.
	evidence bool
	sidecars bool   // whether evidence is written beside CSV outputs
	folder   string // of --split
	durable  bool   // whether to wait until outputs are on the disk
}

// plannedOutput is one output; an empty path is stdout.
type plannedOutput struct {
	path        string
	format      report.Format
	compression compress.Kind
	target      *output.Target
	// digest is of what is written; nil if no output holds evidence.
	digest *digestWriter
	// of and only are the input and the rows of a --split output.
	of   *input.Input
	only *devices.Selection
}

// sidecar is the format of an evidence file beside an output.
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
	plan.evidence = plan.evidence || slices.ContainsFunc(plan.outputs, func(o *plannedOutput) bool { return holdsEvidence(o.format) })
	return plan, exit.With(exit.Usage, errors.Join(errs...))
}

func (c *Command) stdoutFormat(name string) (report.Format, error) {
	switch {
	case report.Format(name) == report.Workbook && c.stdoutIsTerminal():
		return "", errors.New("--format xlsx: a terminal cannot show a workbook: write it with -o FILE.xlsx")
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

// apart returns an error if an output is the same file as an input, another file that
// the command reads, or another output.
func (p *outputPlan) apart(cmd *cobra.Command, c *Command, inputs []*input.Input) error {
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
				errs = append(errs, fmt.Errorf("%s is given as an output twice", other))
			} else {
				errs = append(errs, fmt.Errorf("the outputs %s and %s are the same file, or differ only in case: write each to a separate file", other, o.name()))
			}
		} else if slices.ContainsFunc(read, place.Is) {
			errs = append(errs, fmt.Errorf("%s is one of the inputs: write to another file", o.name()))
		}
		places = append(places, place)
	}
	return errors.Join(errs...)
}

// filesRead returns the files that the command reads because of its flags.
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

// place returns the place of the output.
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
	if slices.ContainsFunc(p.outputs, func(o *plannedOutput) bool { return o.format == report.Workbook }) {
		spool, err := devices.NewSpool() // otherwise it would fail in the middle of the run
		if err != nil {
			return nil, exit.With(exit.IO, fmt.Errorf("writing a workbook requires the folder for temporary files: %w", err))
		}
		spool.Close()
	}
	if p.folder != "" {
		if err := os.MkdirAll(p.folder, 0o777); err != nil {
			return nil, exit.With(exit.IO, fmt.Errorf("could not create the folder of --split: %w", err))
		}
	}
	for _, o := range p.outputs {
		out := report.Output{Format: o.format, Compression: o.compression, W: c.Stdout, Screen: c.screen()}
		if o.path != "" {
			out.Screen = report.Size{}
			target, err := c.outputs.Open(o.path)
			if err != nil {
				p.abort()
				return nil, exit.With(exit.IO, fmt.Errorf("could not open the output: %w", err))
			}
			target.Durable = p.durable
			if o.target, out.W = target, target; !target.Replaces() {
				out.W = &quietOnceClosed{Writer: target}
			}
		}
		if p.evidence && o.format != sidecar {
			o.digest = &digestWriter{Writer: out.W, sum: sha256.New()}
			out.W = o.digest
		}
		if o.format != sidecar && o.of == nil {
			opened = append(opened, out)
		}
	}
	return opened, nil
}

// commit moves every output to its place. If one fails, the error names those that are
// already in place.
func (p *outputPlan) commit(c *Command) error {
	var placed []string
	for _, o := range p.outputs {
		if o.target == nil {
			if err := p.syncStdout(c); err != nil {
				return exit.With(exit.IO, fmt.Errorf("could not finish the output: %w", err))
			}
			continue
		}
		if err := o.target.Commit(); err != nil && (o.target.Replaces() || !isClosedPipe(err)) {
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

// syncStdout waits for the disk if stdout is a file.
func (p *outputPlan) syncStdout(c *Command) error {
	if f := fileOf(c.Stdout); f != nil && p.durable {
		return output.Sync(f)
	}
	return nil
}

// abort discards the outputs that are not committed.
func (p *outputPlan) abort() {
	for _, o := range p.outputs {
		if o.target != nil {
			o.target.Abort()
		}
	}
}

// mostSplit is how many inputs can be split in one run: each has three files open
// until the end.
const mostSplit = 100

// addSplit plans the files of --split: one for each input and outcome.
func (p *outputPlan) addSplit(inputs []*input.Input) error {
	if p.folder == "" {
		return nil
	}
	if len(inputs) > mostSplit {
		return exit.With(exit.Usage, fmt.Errorf("--split: %d inputs, where at most %d can be split in one run: check them in several runs", len(inputs), mostSplit))
	}
	names := map[string]*input.Input{}
	for _, in := range inputs {
		name := splitName(in)
		if before := names[name]; before != nil {
			return exit.With(exit.Usage, fmt.Errorf("--split: %s and %s would both be written as %s: check them one by one, into separate folders", before.Name, in.Name, name))
		}
		names[name] = in
		for _, o := range ivp.Outcomes() {
			only := devices.Selection{}.WithReasonsOf(o)
			path := filepath.Join(p.folder, name+"."+o.String()+".csv")
			p.outputs = append(p.outputs, &plannedOutput{path: path, format: report.CSV, of: in, only: &only})
		}
		if p.evidence && p.sidecars {
			p.outputs = append(p.outputs, &plannedOutput{path: filepath.Join(p.folder, name+sidecarEnd), format: sidecar})
		}
	}
	return nil
}

// splitName returns the input's name without its folder and extensions, and with the
// name of its sheet if several sheets of a workbook are read.
func splitName(in *input.Input) string {
	_, plain := compress.Of(filepath.Base(cmp.Or(in.Path, in.Name)))
	plain = plain[:len(plain)-len(filepath.Ext(plain))]
	if sheet := in.OfSeveral(); sheet != "" {
		plain += "." + strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_ ", r) {
				return r
			}
			return '_'
		}, sheet)
	}
	return plain
}

// splitOf returns the opened outputs of one input.
func (p *outputPlan) splitOf(in *input.Input) ([]report.Output, error) {
	var own []report.Output
	for _, o := range p.outputs {
		if o.of == in {
			out := report.Output{Format: o.format, W: o.target, Only: o.only}
			if o.digest != nil {
				out.W = o.digest
			}
			own = append(own, out)
		}
	}
	return own, nil
}

const sidecarEnd = ".run.json"

// addSidecars plans the evidence beside each CSV and JSONL file.
func (p *outputPlan) addSidecars() error {
	var added []*plannedOutput
	for _, o := range p.outputs {
		if o.path == "" || o.format != report.CSV && o.format != report.JSONL {
			continue
		}
		_, plain := compress.Of(o.path)
		added = append(added, &plannedOutput{path: plain[:len(plain)-len(filepath.Ext(plain))] + sidecarEnd, format: sidecar})
	}
	if len(added) == 0 && p.folder == "" {
		return exit.Usagef("--evidence writes NAME.run.json beside NAME.csv: give a file with -o, or a folder with --split (.xlsx and .html contain the evidence)")
	}
	p.outputs = append(p.outputs, added...)
	return nil
}

// writeSidecars writes the evidence once the counts are complete.
func (p *outputPlan) writeSidecars(of func(*devices.Summary) *evidence.Run, s *devices.Summary) error {
	for _, o := range p.outputs {
		if o.format != sidecar {
			continue
		}
		if err := writeJSON(o.target, of(s)); err != nil {
			return exit.With(exit.IO, fmt.Errorf("could not write the evidence: %w", err))
		}
	}
	return nil
}

// agree returns an error if several inputs of one CSV or sheet have different headings,
// or if --csv-safe cannot protect the cells of an input.
func (p *outputPlan) agree(inputs []*input.Input) error {
	for _, in := range inputs {
		if p.style.Safe && !in.Empty && in.Heading().Delimiter() == '\'' {
			return fmt.Errorf("--csv-safe puts ' before cells, which is the delimiter of %s: leave it out, or change the file's delimiter first", in.Name)
		}
	}
	if !slices.ContainsFunc(p.outputs, func(o *plannedOutput) bool {
		return o.of == nil && (o.format == report.CSV || o.format == report.Workbook)
	}) {
		return nil
	}
	var first *input.Input
	for _, in := range inputs {
		switch {
		case in.Empty:
		case first == nil:
			first = in
		case !slices.Equal(first.Heading().Columns().Headings(), in.Heading().Columns().Headings()) || first.Heading().Delimiter() != in.Heading().Delimiter():
			return fmt.Errorf("%s and %s have different headings, so they cannot be written as one table:\n  %s\n  %s\ncheck them one by one, or write --format jsonl, or --split DIR",
				first.Name, in.Name, headingLine(first), headingLine(in))
		}
	}
	return nil
}

func headingLine(in *input.Input) string {
	return strings.Join(in.Heading().Columns().Headings(), string(in.Heading().Delimiter()))
}
