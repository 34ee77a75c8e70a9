package report

import (
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/ivp"
)

// writeDocumentWorkbook writes a sheet of words and tables, a sheet for each
// table that is to have one, and the evidence.
func writeDocumentWorkbook(w io.Writer, d Document) error {
	s := &workbookSink{w: w}
	if err := s.open(); err != nil {
		return err
	}
	defer s.close()
	if err := s.writeDocument(d); err != nil {
		return err
	}
	if err := s.file.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	return s.pack(d)
}

// writeDocument writes the sheets of a document.
func (s *workbookSink) writeDocument(d Document) error {
	t, err := s.newTextSheet("Summary", 34, 22, 22, 16, 16, 16, 16, 30)
	if err != nil {
		return err
	}
	t.put(t.styles.title, d.Title)
	t.put(t.styles.label, d.Answer)
	for _, lines := range [][]string{d.Facts, d.Warnings, d.Notes} {
		for _, line := range lines {
			t.put(0, s.text(line))
		}
	}
	for _, g := range d.Grids {
		if g.Sheet == "" {
			s.grid(t, &g)
		}
	}
	t.row++
	t.put(0, "rules: edition "+d.Rules.Edition+", sha256 "+d.Rules.SHA256)
	if err := t.end(); err != nil {
		return err
	}
	for _, g := range d.Grids {
		if g.Sheet == "" {
			continue
		}
		if err := s.gridSheet(&g); err != nil {
			return err
		}
	}
	return s.writeEvidence(d.Evidence)
}

// pack writes the file.
func (s *workbookSink) pack(d Document) error {
	if err := s.describe(d.Title, d.Evidence); err != nil {
		return err
	}
	return s.writeFile()
}

// gridSheet writes a table on a sheet of its own.
func (s *workbookSink) gridSheet(g *Grid) error {
	var widths []float64
	for _, width := range g.widths(g.texts(screen.Line)) {
		widths = append(widths, float64(min(max(width+3, 10), 60)))
	}
	t, err := s.newTextSheet(g.Sheet, widths...)
	if err != nil {
		return err
	}
	s.grid(t, g)
	return t.end()
}

// grid writes a table; bars are left out, as the numbers beside them say the
// same.
func (s *workbookSink) grid(t *textSheet, g *Grid) {
	t.row++
	t.put(t.styles.label, g.Title)
	var titles []any
	for _, head := range g.Heads {
		titles = append(titles, head.Name)
	}
	t.put(t.styles.heading, titles...)
	for _, row := range g.Rows {
		t.cells(s.gridCells(row)...)
	}
	if g.Note != "" {
		t.put(0, g.Note)
	}
}

func (s *workbookSink) gridCells(row []any) []any {
	cells := make([]any, len(row))
	for i, cell := range row {
		switch c := cell.(type) {
		case nil, Bar:
		case int:
			cells[i] = excelize.Cell{StyleID: s.styles.number, Value: c}
		case Pence:
			cells[i] = excelize.Cell{StyleID: s.styles.money, Value: float64(c) / 100}
		case ivp.Date:
			if c.Valid() {
				cells[i] = s.date(c)
			}
		default:
			cells[i] = s.outcomeOrText(cellText(cell))
		}
	}
	return cells
}

// outcomeOrText gives the word of an outcome its colour.
func (s *workbookSink) outcomeOrText(text string) any {
	var o ivp.Outcome
	if o.UnmarshalText([]byte(text)) == nil {
		return excelize.Cell{StyleID: s.styles.outcomes[o], Value: text}
	}
	return s.text(text)
}

// cells writes a row of cells that have their looks already.
func (t *textSheet) cells(cells ...any) {
	t.row++
	name, err := excelize.CoordinatesToCellName(1, t.row)
	if err == nil {
		err = t.stream.SetRow(name, cells)
	}
	if err != nil && t.failed == nil {
		t.failed = err
	}
}
