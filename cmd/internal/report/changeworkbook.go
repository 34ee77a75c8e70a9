package report

import (
	"strconv"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// changeWorkbook writes a workbook: the rows, the counts and the evidence.
type changeWorkbook struct {
	workbookSink
	options ChangeOptions
}

// Row writes a row; blank lines are left out.
func (s *changeWorkbook) Row(row devices.Row, d devices.Difference) error {
	if row.Kind == devices.BlankLine {
		return nil
	}
	var cells []any
	if s.several {
		cells = append(cells, s.text(s.name))
	}
	input, err := s.inputCells(row, d.After)
	if err != nil {
		return err
	}
	return s.rows.add(append(append(cells, input...), s.differenceCells(d)...))
}

// differenceCells returns our cells, as dates and numbers where they are such.
func (s *changeWorkbook) differenceCells(d devices.Difference) []any {
	texts := d.Cells(s.options.Why)
	cells := make([]any, len(texts))
	for i, text := range texts {
		name := s.workbookSink.options.Columns[i]
		switch {
		case strings.HasSuffix(name, "_to"):
			if day, err := ivp.ParseDate(text); err == nil && day.Valid() {
				cells[i] = s.date(day)
			}
		case name == "ivp_days_gained":
			if days, err := strconv.Atoi(text); err == nil {
				cells[i] = days
			}
		default:
			cells[i] = s.outcomeOrText(text)
		}
	}
	return cells
}

// End writes what remains.
func (s *changeWorkbook) End(summary *devices.Summary, changes *devices.Changes) error {
	if s.file == nil {
		if err := s.open(); err != nil {
			return err
		}
		s.rows = newRowSheets(s.file, s.styles, nil, 0)
	}
	defer s.close()
	if err := s.rows.end(); err != nil {
		return err
	}
	d := s.options.document(summary, changes)
	if err := s.writeDocument(d); err != nil {
		return err
	}
	return s.pack(d)
}
