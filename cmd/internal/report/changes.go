package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Terms are one of two states of the law that are compared.
type Terms struct {
	Name    string // as the user wrote it
	Words   string
	Checker ivp.Checker
}

// ChangeOptions say what a comparison shows.
type ChangeOptions struct {
	// Why adds what explains the answers.
	Why bool
	// Audit tells of installations made, by the law of their day and by other
	// tables; else it is a change that is told of.
	Audit         bool
	Before, After Terms
	// Evidence returns what the run rests on; nil where no output shows it.
	Evidence func(*devices.Summary) *evidence.Run
}

// ChangeSink takes the rows of a comparison, in order, and then what was
// counted.
type ChangeSink interface {
	// Begin is told of each input before its rows; file is empty where there is
	// but one.
	Begin(file string, reader *devices.Reader) error
	// Row takes one row. Its Device is not set: its cells are, but for a
	// malformed row.
	Row(row devices.Row, d devices.Difference) error
	// End writes what remains. Nothing is whole before it has returned.
	End(summary *devices.Summary, changes *devices.Changes) error
}

// ChangeSink returns the sink of an output, but for CSV and JSONL, which the
// engine writes.
func (o Output) ChangeSink(options ChangeOptions) (ChangeSink, error) {
	w, closer := o.W, io.Closer(nil)
	if o.Compression != compress.None {
		packed, err := compress.NewWriter(o.Compression, o.W)
		if err != nil {
			return nil, err
		}
		w, closer = packed, packed
	}
	sink := newChangeSink(o.Format, w, options)
	if closer == nil {
		return sink, nil
	}
	return &compressedChanges{sink, closer}, nil
}

func newChangeSink(format Format, w io.Writer, options ChangeOptions) ChangeSink {
	switch format {
	case JSON:
		return newChangeJSON(w, options)
	case Workbook:
		return &changeWorkbook{workbookSink: workbookSink{w: w, options: Options{Columns: devices.DifferenceColumns(options.Why)}}, options: options}
	}
	return &changeDocument{w: w, format: format, options: options}
}

// compressedChanges ends the compression with the rest.
type compressedChanges struct {
	ChangeSink
	w io.Closer
}

// End writes what remains.
func (s *compressedChanges) End(summary *devices.Summary, changes *devices.Changes) error {
	if err := s.ChangeSink.End(summary, changes); err != nil {
		return err
	}
	return s.w.Close()
}

// mostChangeRows is the most rows that a document shows: as many as someone may
// read.
const mostChangeRows = 1000

// changeDocument gathers the first rows, and writes a document at the end.
type changeDocument struct {
	w       io.Writer
	format  Format
	options ChangeOptions
	columns devices.Columns
	file    string
	several bool
	rows    [][]any
	more    int
}

func (s *changeDocument) Begin(file string, reader *devices.Reader) error {
	s.file, s.columns = file, reader.Columns()
	s.several = s.several || file != ""
	return nil
}

func (s *changeDocument) Row(row devices.Row, d devices.Difference) error {
	if !d.After.Judged() {
		return nil
	}
	if len(s.rows) == mostChangeRows {
		s.more++
		return nil
	}
	s.rows = append(s.rows, s.cells(row, d))
	return nil
}

func (s *changeDocument) cells(row devices.Row, d devices.Difference) []any {
	cells := []any{row.Line, s.deviceName(row), evidence.SpecName(d.After.Spec()), d.After.Installation.On}
	for _, r := range [...]devices.Result{d.Before, d.After} {
		to, _ := r.To()
		cells = append(cells, r.Outcome().String(), r.Reason.String(), to)
	}
	var days any
	if n, ok := d.DaysGained(); ok {
		days = signed(n)
	}
	cells = append(cells, days, strings.Join(d.By, " "))
	if s.several {
		cells = slices.Insert(cells, 0, any(s.file))
	}
	return cells
}

// deviceName is what tells a person which row this is: the device's id, or else
// its model, or else the row's first cell.
func (s *changeDocument) deviceName(row devices.Row) string {
	for _, f := range []devices.Field{devices.DeviceID, devices.Model, devices.ModelHardware} {
		if i := s.columns.Index(f); i >= 0 && i < len(row.Cells) && strings.TrimSpace(row.Cells[i]) != "" {
			return oneLine(row.Cells[i])
		}
	}
	if len(row.Cells) > 0 {
		return oneLine(row.Cells[0])
	}
	return ""
}

func (s *changeDocument) End(summary *devices.Summary, changes *devices.Changes) error {
	rows := Grid{Title: "Devices", Wide: true, Rows: s.rows}
	names := s.options.sides()
	rows.Heads = heads(">Line", "Device", "Version", "On", names[0], "Reason", "To", names[1], "Reason", "To", ">Days gained", "Changed by")
	if s.several {
		rows.Heads = slices.Insert(rows.Heads, 0, Head{Name: "File"})
	}
	if s.more > 0 {
		rows.Note = fmt.Sprintf("The first %s of %s; -o FILE.csv writes all.", thousands(len(s.rows)), thousands(len(s.rows)+s.more))
	}
	d := s.options.document(summary, changes)
	if s.format == Table { // the counts are told beside it
		d.Grids = nil
		rows.Title = ""
	}
	if len(s.rows) > 0 {
		d.Grids = append(d.Grids, rows)
	}
	return WriteDocument(s.w, s.format, d)
}

// signed writes days gained or lost.
func signed(days int) string {
	if days > 0 {
		return "+" + strconv.Itoa(days)
	}
	return strconv.Itoa(days)
}
