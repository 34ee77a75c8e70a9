package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// explainRows explains the answers for the rows of files that have a device id.
func (c *Command) explainRows(cmd *cobra.Command, f *explainFlags, args []string) error {
	if names := changed(f.of); len(names) > 0 {
		return exit.Usagef("--%s describes a device, and --device takes it from a file: leave one of them out; --map says from which column a field is read", names[0])
	}
	wanted := devices.IDName(f.device)
	if wanted == "" {
		return exit.Usagef("--device %q: want the id of a device", f.device)
	}
	plan, err := c.planExplanation(f)
	if err != nil {
		return err
	}
	h, err := f.rules.history()
	if err != nil {
		return err
	}
	judge, err := f.judge(c, cmd, h)
	if err != nil {
		return err
	}
	plan.evidence = true // for the digests of the files
	inputs, err := c.openInputs(cmd, &f.checkFlags, plan, args)
	if err != nil {
		return err
	}
	defer input.CloseAll(inputs)
	if err := plan.apart(cmd, c, inputs); err != nil {
		return exit.With(exit.Usage, err)
	}
	search := rowSearch{wanted: wanted, judge: judge}
	for _, in := range inputs {
		if err := search.in(cmd.Context(), in); err != nil {
			return err
		}
	}
	if len(search.found) == 0 {
		return search.nothing(f.device)
	}
	e := report.Explanation{Checker: judge.Checker, Today: judge.Today, Devices: search.found, ID: f.device, Basis: c.basis(f, judge, inputs, &search)}
	return c.writeExplanation(plan, e.Document(), search.wires)
}

// rowSearch finds the rows with a device id.
type rowSearch struct {
	wanted string // as ids are compared
	judge  devices.Judge
	found  []report.Explained
	wires  []explanationWire
	used   []*input.Input // in which rows were found
	rows   int
	near   []nearID
}

// nearID is an id that is much like the one that is looked for.
type nearID struct {
	id, place string
	distance  int
}

// mostNear is how many near ids are named.
const mostNear = 3

// in reads one input to its end.
func (s *rowSearch) in(ctx context.Context, in *input.Input) error {
	if in.Empty {
		return nil
	}
	reader, err := in.Start()
	if err != nil {
		return err
	}
	columns := reader.Columns()
	at := columns.Index(devices.DeviceID)
	if at < 0 {
		return exit.Usagef("%s: no column for device_id: want a heading such as %s; name another with --map device_id=HEADING; its headings are %s",
			in.Name, strings.Join(devices.DeviceID.Aliases(), ", "), remarks.Quoted(columns.Headings()))
	}
	for ctx.Err() == nil {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return in.Finish()
		}
		if err != nil {
			return readingFailed(err)
		}
		if at >= len(row.Cells) {
			continue
		}
		s.rows++
		if name := devices.IDName(row.Cells[at]); name == s.wanted {
			s.add(in, columns, row)
		} else if len(s.found) == 0 {
			s.compare(name, row.Cells[at], fmt.Sprintf("%s:%d", in.Name, row.Line))
		}
	}
	return ctx.Err()
}

// add explains a row.
func (s *rowSearch) add(in *input.Input, columns devices.Columns, row devices.Row) {
	result := s.judge.Row(row)
	if !result.Judged() {
		return
	}
	one := report.Explained{Result: result, Place: fmt.Sprintf("%s:%d", in.Name, row.Line), Said: tablesSaid(s.judge, row, result)}
	for i, cell := range row.Cells {
		read := report.ReadCell{Heading: "(beyond the heading)", Cell: strings.Clone(cell)}
		if i < columns.Width() {
			read.Heading = columns.Headings()[i]
		}
		for _, f := range devices.Fields() {
			if columns.Index(f) == i && row.Kind == devices.DataRow {
				read.Field, read.Read = f.String(), readAs(f, row.Device, cell)
			}
		}
		one.Cells = append(one.Cells, read)
	}
	s.found = append(s.found, one)
	s.wires = append(s.wires, newExplanationWire(s.judge.Checker.Explain(result.Installation), wireOf(in, columns, row, result), s.judge.Checker, s.judge.Today))
	if !slices.Contains(s.used, in) {
		s.used = append(s.used, in)
	}
}

func wireOf(in *input.Input, columns devices.Columns, row devices.Row, result devices.Result) devices.Wire {
	wire := devices.NewWire(columns, row, result, true)
	wire.File = in.Name
	return wire
}

// readAs says how a cell was read.
func readAs(f devices.Field, d devices.Device, cell string) string {
	for _, fault := range d.Faults {
		if fault.Field == f {
			return "not read: " + fault.Err.Error()
		}
	}
	read := ""
	switch f {
	case devices.Spec:
		read = d.Installation.Spec.String()
	case devices.GBCS:
		read = d.Installation.GBCS.String()
	case devices.DeviceType:
		read = d.Type.Name()
	case devices.InstallDate:
		if d.On.Valid() {
			read = remarks.Day(d.On)
		}
	case devices.Scope:
		read = cmp.Or(strings.TrimSpace(cell), "the general scope")
	default:
		return "as it is"
	}
	return cmp.Or(read, "blank")
}

// compare keeps an id if it is one of the nearest.
func (s *rowSearch) compare(name, cell, place string) {
	const longest = 64
	if name == "" || len(name) > longest || len(s.wanted) > longest {
		return
	}
	distance := levenshtein.ComputeDistance(name, s.wanted)
	if distance > max(2, len(s.wanted)/4) {
		return
	}
	s.near = append(s.near, nearID{strings.Clone(strings.TrimSpace(cell)), place, distance})
	slices.SortStableFunc(s.near, func(a, b nearID) int { return cmp.Compare(a.distance, b.distance) })
	s.near = s.near[:min(len(s.near), mostNear)]
}

// nothing is the error if no row has the id.
func (s *rowSearch) nothing(id string) error {
	var near []string
	for _, n := range s.near {
		near = append(near, fmt.Sprintf("%q (%s)", n.id, n.place))
	}
	if len(near) == 0 {
		return exit.Usagef("--device: no row has the id %q, nor one near it (%s read)", id, remarks.Plural(s.rows, "row"))
	}
	return exit.Usagef("--device: no row has the id %q (%s read); near it: %s", id, remarks.Plural(s.rows, "row"), strings.Join(near, ", "))
}

// tablesSaid compares what the Tables said on the installation day with what they
// say now.
func tablesSaid(judge devices.Judge, row devices.Row, r devices.Result) (said []report.Said) {
	h, on, now := judge.Checker.History, r.Installation.On, judge.Today
	if !on.Valid() || !now.Valid() {
		return nil
	}
	then, today := windowTexts(h.Table(on)), windowTexts(h.Table(now))
	text := func(of map[tableKey][]string, key tableKey) string { return remarks.Prose(windowList(of[key])) }
	for _, spec := range []ivp.Spec{r.Spec(), r.GBCS.Window.Spec} {
		for _, scope := range append([]string{""}, h.Scopes()...) {
			key := tableKey{spec, scope}
			if spec.Version == "" || scope != "" && then[key] == nil && today[key] == nil {
				continue
			}
			of := spec.String()
			if scope != "" {
				of += ", scope " + scope
			}
			said = append(said, report.Said{Of: of, Then: text(then, key), Now: text(today, key)})
		}
	}
	answer := func(asAt ivp.Date) string {
		judge.Checker.AsAt = asAt
		r := judge.Row(row)
		return remarks.OutcomeWords(r.Outcome()) + " (" + r.Reason.String() + ")"
	}
	return append(said, report.Said{Of: "The answer for that day", Then: answer(on), Now: answer(now)})
}

// basis says what a page rests on.
func (c *Command) basis(f *explainFlags, judge devices.Judge, inputs []*input.Input, search *rowSearch) (lines []report.Line) {
	add := func(label, text string) { lines = append(lines, report.Line{Label: label, Text: text}) }
	for _, in := range inputs {
		if !slices.Contains(search.used, in) {
			continue
		}
		e := in.Evidence()
		add("File", e.Name)
		add("Its SHA-256", fmt.Sprintf("%s (%d bytes)", e.SHA256, e.Bytes))
		for _, note := range e.Notes {
			add("How it was read", note)
		}
	}
	if judge.On.Valid() {
		add("Installation day", "given with --on, and not read from the file")
	}
	if f.rules.record != nil {
		add("Rules in place of the shipped ones", f.rules.record.Name+", SHA-256 "+f.rules.record.SHA256)
	}
	for _, file := range f.rules.added {
		add("Amendments added to the rules", file.Name+", SHA-256 "+file.SHA256)
	}
	for _, note := range listNotes(judge) {
		add("Central Products List", note)
	}
	add("Program", "ivp "+buildVersion())
	add("Made", f.started.UTC().Format(time.RFC3339))
	return lines
}
