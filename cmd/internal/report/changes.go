package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/screen"
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
	if o.Compression == compress.None { // what a sink has to say is not hidden
		return newChangeSink(o.Format, o.W, options), nil
	}
	w, err := compress.NewWriter(o.Compression, o.W)
	if err != nil {
		return nil, err
	}
	return &compressedChanges{newChangeSink(o.Format, w, options), w}, nil
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
	if len(s.rows) == htmlRows {
		s.more++
		return nil
	}
	s.rows = append(s.rows, s.cells(row, d))
	return nil
}

func (s *changeDocument) cells(row devices.Row, d devices.Difference) []any {
	cells := []any{row.Line, screen.Cell(s.columns.DeviceName(row), widestCell), evidence.SpecName(d.After.Spec()), d.After.Installation.On}
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
