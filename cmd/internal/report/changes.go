package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

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

// Change are two states of the law that are compared.
type Change struct {
	// Audit says that installations are judged, by the law of their day and by
	// other tables; else it is the effect of a change that is shown.
	Audit         bool
	Before, After Terms
}

// changeReport is a comparison with what is to be shown of it.
type changeReport struct {
	Options
	*Change
}

// changeDocument gathers the first rows, and writes a document at the end.
type changeDocument struct {
	changeReport
	w       io.Writer
	format  Format
	columns devices.Columns
	file    string
	several bool
	rows    [][]any
	more    int
}

func (s *changeDocument) Rows() *devices.BulkOutput {
	return typedRows(s.Options, func(row devices.TypedRow) (enough bool, err error) {
		switch {
		case !row.Difference.After.Judged():
		case len(s.rows) == htmlRows:
			s.more++
		default:
			s.rows = append(s.rows, s.cells(row.Row, row.Difference))
		}
		return false, nil
	})
}

func (s *changeDocument) Notes() []string { return nil }

func (s *changeDocument) Begin(in Input) error {
	s.file, s.columns = in.File, in.Reader.Columns()
	s.several = s.several || in.File != ""
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

func (s *changeDocument) End(t Totals) error {
	rows := Grid{Title: "Devices", Wide: true, Rows: s.rows}
	names := s.sides()
	rows.Heads = heads(">Line", "Device", "Version", "On", names[0], "Reason", "To", names[1], "Reason", "To", ">Days gained", "Changed by")
	if s.several {
		rows.Heads = slices.Insert(rows.Heads, 0, Head{Name: "File"})
	}
	if s.more > 0 {
		rows.Note = fmt.Sprintf("The first %s of %s; -o FILE.csv writes all.", thousands(len(s.rows)), thousands(len(s.rows)+s.more))
	}
	d := s.document(t)
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
