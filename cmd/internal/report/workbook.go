//go:build !js

package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/mp196/ivp/cmd/internal/remarks"

	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
	"github.com/mp196/ivp/ivp"
)

// mostSheetRows is how many rows a sheet can have, the heading's included.
const mostSheetRows = excelize.TotalRows

// workbookSink writes a workbook: the rows, a summary, and the evidence. Rows
// are streamed, and the library keeps what is large on the disk.
type workbookSink struct {
	w       io.Writer
	options Options
	file    *excelize.File
	styles  workbookStyles
	rows    *rowSheets
	several bool // whether each row names its file
	in      Input
	// held gives the cells of a row of a workbook; nil for other inputs.
	held    func(row int) ([]xlsx.Cell, error)
	formats map[xlsx.Format]int // the styles of number formats
	looks   map[heldLook]int    // the styles of the cells of workbooks
	costs   map[int]bool        // the columns of money
	kept    []int               // the columns of the input that are written
	cells   []styledCell        // of the last row
	cut     int                 // cells that were too long
}

func (s *workbookSink) Rows() *devices.BulkOutput {
	return typedRows(s.options, func(row devices.TypedRow) (enough bool, err error) { return false, s.add(row) })
}

// Begin takes the headings of the first input; those of the others are the same.
func (s *workbookSink) Begin(in Input) error {
	columns := in.Reader.Columns()
	s.in, s.costs, s.kept = in, costColumns(columns), nil
	for i := range columns.Width() {
		if !slices.Contains(columns.Dropped(), i) {
			s.kept = append(s.kept, i)
		}
	}
	if s.held = nil; in.Cells != nil {
		var err error
		if s.held, err = in.Cells(); err != nil {
			return err
		}
	}
	if s.file != nil {
		return nil
	}
	s.several = in.File != ""
	if err := s.open(); err != nil {
		return err
	}
	titles := s.titles()
	if len(titles) > excelize.MaxColumns {
		return fmt.Errorf("%d columns, and a sheet can have %d: write .csv instead", len(titles), excelize.MaxColumns)
	}
	s.rows = newRowSheets(s.file, s.styles, titles, len(titles)-len(s.options.Columns)-1)
	for _, row := range in.Reader.Above() {
		cells, err := s.aboveCells(row)
		if err != nil {
			return err
		}
		s.rows.above = append(s.rows.above, cells)
	}
	return nil
}

// aboveCells returns the cells of a row above the heading.
func (s *workbookSink) aboveCells(row devices.Row) (cells []styledCell, err error) {
	if s.several {
		cells = append(cells, styledCell{})
	}
	if s.held != nil {
		held, err := s.held(row.Line)
		for i := 0; err == nil && i < len(held); i++ {
			var cell styledCell
			cell, err = s.heldCell(held[i])
			cells = append(cells, cell)
		}
		return cells, err
	}
	texts := row.Cells
	if texts == nil {
		texts = []string{string(row.Text())}
	}
	for _, text := range texts {
		cells = append(cells, s.textCell(text))
	}
	return cells, nil
}

// open makes an empty workbook.
func (s *workbookSink) open() error {
	s.file = excelize.NewFile()
	s.file.SetActiveSheet(1) // the first sheet is not selected: see describe
	var err error
	s.styles, err = newWorkbookStyles(s.file)
	return err
}

// titles are the headings: the file's name where there are several, the input's
// columns, then ours.
func (s *workbookSink) titles() (titles []string) {
	if s.several {
		titles = append(titles, "ivp_file")
	}
	for _, i := range s.kept {
		titles = append(titles, s.in.Reader.Columns().Headings()[i])
	}
	return append(append(titles, s.options.Columns...), rowColumn)
}

// rowColumn is the heading of the row's number in the input: its line in a text, its
// row in a sheet.
const rowColumn = "ivp_row"

// add writes a row; blank lines are left out.
func (s *workbookSink) add(row devices.TypedRow) error {
	if row.Row.Kind == devices.BlankLine {
		return nil
	}
	result, added := row.Result, s.addedCells
	if s.options.Change != nil {
		result, added = row.Difference.After, s.differenceCells
	}
	cells := s.cells[:0]
	if s.several {
		cells = append(cells, s.textCell(s.in.File))
	}
	cells, err := s.inputCells(cells, row.Row, result)
	if err != nil {
		return err
	}
	cells = added(cells, row)
	if result.Judged() {
		cells = append(cells, count(row.Row.Line, 0))
	}
	s.cells = cells
	return s.rows.add(cells)
}

// End writes what remains.
func (s *workbookSink) End(t Totals) error {
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
	d := s.document(t)
	d.Notes = append(d.Notes, s.Notes()...)
	if err := s.writeDocument(d); err != nil {
		return err
	}
	return s.pack(d)
}

// document is what the workbook says beside the rows.
func (s *workbookSink) document(t Totals) Document {
	if s.options.Change != nil {
		return s.options.changeReport().document(t, nil)
	}
	return checkDocument(t.Summary, s.options, s.options.evidence(t.Summary))
}

// writeFile writes what has been put together.
func (s *workbookSink) writeFile() error {
	var rows map[string]*rowXML
	if s.rows != nil {
		rows = s.rows.parts()
	}
	s.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return newBookPacker(s.w, rows) })
	_, err := s.file.WriteTo(s.w)
	return err
}

// close takes away what the sink needed while it wrote.
func (s *workbookSink) close() {
	s.file.Close()
	if s.rows != nil {
		s.rows.close()
	}
}

// describe sets the properties of the file and the sheet that is opened. Its times are
// those of the run, so that the same run gives the same file.
func (s *workbookSink) describe(title string, run *evidence.Run) error {
	var core bytes.Buffer
	core.WriteString(xml.Header + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>`)
	xml.EscapeText(&core, []byte(title))
	core.WriteString("</dc:title><dc:creator>ivp</dc:creator><cp:lastModifiedBy>ivp</cp:lastModifiedBy>")
	if run != nil {
		at := run.Started.UTC().Format("2006-01-02T15:04:05Z")
		fmt.Fprintf(&core, `<dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">%[1]s</dcterms:modified>`, at)
	}
	core.WriteString("</cp:coreProperties>")
	s.file.Pkg.Store("docProps/core.xml", core.Bytes()) // the library leaves out prefixes, which some readers require
	opened, err := s.file.GetSheetIndex(summarySheet)
	if err != nil {
		return err
	}
	s.file.WorkBook.BookViews.WorkBookView[0].ActiveTab = opened // SetActiveSheet would read every sheet
	return nil
}

// Notes say what the limits of a workbook have changed.
func (s *workbookSink) Notes() (notes []string) {
	if n := len(s.rows.names); n > 1 {
		notes = append(notes, fmt.Sprintf("the rows are spread over %d sheets, %q to %q: a sheet can have %d rows", n, s.rows.names[0], s.rows.names[n-1], s.rows.most))
	}
	if s.cut > 0 {
		notes = append(notes, fmt.Sprintf("%s cut in the workbook, which holds %d characters in each: they end with %q", remarks.Plural(s.cut, "cell"), excelize.TotalCellChars, cutMark))
	}
	return notes
}

// writeDocumentWorkbook writes a sheet of words and tables, a sheet for each
// table that is to have one, and the evidence.
func writeDocumentWorkbook(w io.Writer, d Document) error {
	s := &workbookSink{w: w}
	if err := s.open(); err != nil {
		return err
	}
	defer s.close()
	if err := s.file.SetSheetName("Sheet1", summarySheet); err != nil {
		return err
	}
	if err := s.writeDocument(d); err != nil {
		return err
	}
	return s.pack(d)
}

// summarySheet is the name of the sheet of a document's words.
const summarySheet = "Summary"

// writeDocument writes the sheets of a document.
func (s *workbookSink) writeDocument(d Document) error {
	t, err := s.newTextSheet(summarySheet, 34, 22, 22, 16, 16, 16, 16, 30)
	if err != nil {
		return err
	}
	t.put(t.styles.title, d.Title)
	t.put(t.styles.label, d.Answer)
	for _, line := range []string{d.Lead.Remedy, d.Lead.Terms} {
		if line != "" {
			t.put(0, s.text(line))
		}
	}
	if d.Outcomes != nil {
		for _, o := range ivp.Outcomes() {
			t.put(s.styles.outcomes[o], remarks.OutcomeWords(o), d.Outcomes[o])
		}
	}
	if causes, ok := d.causeGrid(); ok {
		s.causes(t, &causes)
		t.row++
	}
	for _, lines := range [][]string{d.Facts, d.Warnings, d.Notes} {
		for _, line := range lines {
			t.put(0, s.text(line))
		}
	}
	for _, part := range d.Parts {
		if part.Page {
			continue
		}
		if len(part.Words) > 0 {
			t.row++
			t.put(t.styles.label, part.Title)
		}
		for _, line := range part.Words {
			t.put(0, s.text(line))
		}
		for _, g := range part.Grids {
			if g.Sheet == "" {
				s.grid(t, &g)
			}
		}
	}
	t.row++
	t.put(0, "rules: edition "+d.Rules.Edition+", sha256 "+d.Rules.SHA256)
	if err := t.end(); err != nil {
		return err
	}
	for _, g := range d.grids() {
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

// causes writes the causes: their number, the answer, and the rest as one text over the
// other columns.
func (s *workbookSink) causes(t *textSheet, g *Grid) {
	t.row++
	t.put(t.styles.label, g.Title)
	t.put(t.styles.heading, "Devices", "Answer", "What it is, what to do, where")
	t.mergeRest()
	for _, row := range g.Rows {
		cells := s.gridCells(row[:2])
		text := fmt.Sprintf("%s. %s (%s)", cellText(row[2]), cellText(row[3]), cellText(row[4]))
		cells = append(cells, excelize.Cell{StyleID: t.styles.wrapped, Value: s.fitting(text)})
		t.row++
		height := 15 * max(1, math.Ceil(float64(utf8.RuneCountInString(text))/(0.85*(t.width-56))))
		if err := t.stream.SetRow(fmt.Sprintf("A%d", t.row), cells, excelize.RowOpts{Height: min(height, mostHeight)}); err != nil && t.failed == nil {
			t.failed = err
		}
		t.mergeRest()
	}
	if g.Note != "" {
		t.put(0, g.Note)
	}
}

// mergeRest makes one cell of those from the third on, in the last row written.
func (t *textSheet) mergeRest() {
	if err := t.stream.MergeCell(fmt.Sprintf("C%d", t.row), fmt.Sprintf("H%d", t.row)); err != nil && t.failed == nil {
		t.failed = err
	}
}

// grid writes a table; bars are left out, as the numbers beside them say the
// same.
func (s *workbookSink) grid(t *textSheet, g *Grid) {
	t.row++
	t.put(t.styles.label, g.Title)
	var titles []any
	for _, head := range g.Heads {
		style := t.styles.heading
		if head.Right {
			style = t.styles.numberHeading
		}
		titles = append(titles, excelize.Cell{StyleID: style, Value: head.Name})
	}
	t.cells(titles...)
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
		case nil, Bar, OutcomeBar:
		case int:
			cells[i] = excelize.Cell{StyleID: s.styles.number, Value: c}
		case Pence:
			cells[i] = excelize.Cell{StyleID: s.styles.money, Value: float64(c) / 100}
		case ivp.Date:
			switch year, month, day := c.Civil(); {
			case !c.Valid():
			case c.Before(firstDay):
				cells[i] = s.text(c.String())
			default:
				cells[i] = excelize.Cell{StyleID: s.styles.date, Value: time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
			}
		default:
			if o, ok := outcomeOf(cell); ok {
				cells[i] = excelize.Cell{StyleID: s.styles.outcomes[o], Value: remarks.OutcomeWords(o)}
			} else {
				cells[i] = s.text(cellText(cell))
			}
		}
	}
	return cells
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

// textSheet writes a small sheet from the top.
type textSheet struct {
	styles  workbookStyles
	stream  *excelize.StreamWriter
	columns int
	width   float64 // of all columns, in characters
	row     int
	failed  error
}

func (s *workbookSink) newTextSheet(name string, widths ...float64) (*textSheet, error) {
	if _, err := s.file.NewSheet(name); err != nil {
		return nil, err
	}
	if err := forPaper(s.file, name, "portrait"); err != nil {
		return nil, err
	}
	stream, err := s.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	t := &textSheet{styles: s.styles, stream: stream, columns: len(widths)}
	for i, width := range widths {
		t.width += width
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// line writes a text over all columns, on as many lines as it needs.
func (t *textSheet) line(style int, text string) {
	t.row++
	lines := max(1, math.Ceil(float64(utf8.RuneCountInString(text))/(0.85*t.width)))
	height := 15 * lines
	if style == t.styles.title {
		height = 20 * lines
	}
	first := fmt.Sprintf("A%d", t.row)
	err := t.stream.SetRow(first, []any{excelize.Cell{StyleID: style, Value: text}}, excelize.RowOpts{Height: min(height, mostHeight)})
	if last, e := excelize.CoordinatesToCellName(t.columns, t.row); err == nil && t.columns > 1 {
		err = errors.Join(e, t.stream.MergeCell(first, last))
	}
	if err != nil && t.failed == nil {
		t.failed = err
	}
}

// mostHeight is the largest height of a row that spreadsheets read.
const mostHeight = 409

// put writes a row in which each cell has the same style. A text alone is written over
// all columns.
func (t *textSheet) put(style int, values ...any) {
	if text, ok := values[0].(string); ok && len(values) == 1 {
		if style == 0 {
			style = t.styles.wrapped
		}
		t.line(style, text)
		return
	}
	cells := make([]any, len(values))
	for i, v := range values {
		cells[i] = excelize.Cell{StyleID: style, Value: v}
		if _, isNumber := v.(int); isNumber {
			cells[i] = excelize.Cell{StyleID: t.styles.number, Value: v}
		}
	}
	t.row++
	if err := t.stream.SetRow(fmt.Sprintf("A%d", t.row), cells); err != nil && t.failed == nil {
		t.failed = err
	}
}

// section begins a part of the sheet with its titles.
func (t *textSheet) section(titles ...any) {
	t.row++
	t.put(t.styles.heading, titles...)
}

func (t *textSheet) end() error {
	if t.failed != nil {
		return t.failed
	}
	return t.stream.Flush()
}

func (s *workbookSink) writeEvidence(run *evidence.Run) error {
	if run == nil {
		return nil
	}
	t, err := s.newTextSheet("Evidence", 14, 34, 100)
	if err != nil {
		return err
	}
	t.put(t.styles.title, "Evidence")
	section := ""
	for _, line := range evidenceLines(run) {
		if line.Section != section {
			section = line.Section
			t.section(section, "", "")
		}
		t.put(t.styles.wrapped, "", line.Label, s.text(line.Value))
	}
	return t.end()
}

// workbookStyles are the looks of cells, by the library's numbers.
type workbookStyles struct {
	date, count, heading, numberHeading, added, title, label, number, money, wrapped int
	outcomes                                                                         map[ivp.Outcome]int
}

// The colours are those of the report: blue, orange and grey. They stay apart without
// colour: a light one, a dark one with light letters, and a pale one in italics.
func newWorkbookStyles(f *excelize.File) (workbookStyles, error) {
	s := workbookStyles{outcomes: map[ivp.Outcome]int{}}
	var failed error
	style := func(look excelize.Style) int {
		id, err := f.NewStyle(&look)
		if err != nil {
			failed = err
		}
		return id
	}
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	day, top := "yyyy-mm-dd", &excelize.Alignment{Vertical: "top", WrapText: true}
	s.date = style(excelize.Style{CustomNumFmt: &day, Alignment: &excelize.Alignment{Horizontal: "left"}})
	s.count = style(excelize.Style{Alignment: &excelize.Alignment{Horizontal: "center"}})
	s.heading = style(excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true}, Fill: fill("D9E1EA"), Alignment: top})
	// The indent keeps a number apart from the text beside it.
	apart, beside := &excelize.Alignment{Horizontal: "right", Vertical: "top", Indent: 1, WrapText: true}, &excelize.Alignment{Indent: 1, Vertical: "top"}
	s.numberHeading = style(excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true}, Fill: fill("D9E1EA"), Alignment: apart})
	s.added = style(excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true, Color: "FFFFFF"}, Fill: fill("0B4A8F"), Alignment: top})
	s.title = style(excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true, Size: 14}, Alignment: top})
	s.label = style(excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true}, Alignment: top})
	s.number = style(excelize.Style{NumFmt: 3, Alignment: apart})
	pounds := `"£"#,##0.00`
	s.money = style(excelize.Style{CustomNumFmt: &pounds, Alignment: apart})
	s.wrapped = style(excelize.Style{Alignment: top})
	s.outcomes[ivp.Eligible] = style(excelize.Style{Fill: fill("D6E4F5"), Alignment: beside, Font: &excelize.Font{Family: "Calibri", Color: "0B4A8F"}})
	s.outcomes[ivp.NotEligible] = style(excelize.Style{Fill: fill("A8500F"), Alignment: beside, Font: &excelize.Font{Family: "Calibri", Color: "FFFFFF", Bold: true}})
	s.outcomes[ivp.Undetermined] = style(excelize.Style{Fill: fill("F1F4F6"), Alignment: beside, Font: &excelize.Font{Family: "Calibri", Color: "51606F", Italic: true}})
	return s, failed
}
