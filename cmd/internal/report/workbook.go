package report

import (
	"archive/zip"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/words"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
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
	cut     int                 // cells that were too long
}

func (s *workbookSink) Rows() *devices.BulkOutput {
	return typedRows(s.options, func(row devices.TypedRow) (enough bool, err error) { return false, s.add(row) })
}

// Begin takes the headings of the first input; those of the others are the same.
func (s *workbookSink) Begin(in Input) error {
	s.in = in
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
	s.rows = newRowSheets(s.file, s.styles, titles, len(titles)-len(s.options.Columns))
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
func (s *workbookSink) aboveCells(row devices.Row) (cells []any, err error) {
	if s.several {
		cells = append(cells, nil)
	}
	if s.held != nil {
		held, err := s.held(row.Line)
		for i := 0; err == nil && i < len(held); i++ {
			var cell any
			cell, err = s.heldCell(held[i])
			cells = append(cells, cell)
		}
		return cells, err
	}
	texts := row.Cells
	if texts == nil {
		texts = []string{string(row.Raw)}
	}
	for _, text := range texts {
		cells = append(cells, s.text(text))
	}
	return cells, nil
}

// open makes an empty workbook.
func (s *workbookSink) open() error {
	s.file = excelize.NewFile()
	var err error
	s.styles, err = newWorkbookStyles(s.file)
	return err
}

// kept are the places of the input's columns that are written.
func (s *workbookSink) kept() []int {
	columns := s.in.Reader.Columns()
	var kept []int
	for i := range columns.Width() {
		if !slices.Contains(columns.Dropped(), i) {
			kept = append(kept, i)
		}
	}
	return kept
}

// titles are the headings: the file's name where there are several, the input's
// columns, then ours.
func (s *workbookSink) titles() (titles []string) {
	if s.several {
		titles = append(titles, "ivp_file")
	}
	for _, i := range s.kept() {
		titles = append(titles, s.in.Reader.Columns().Headings()[i])
	}
	return append(titles, s.options.Columns...)
}

// add writes a row; blank lines are left out.
func (s *workbookSink) add(row devices.TypedRow) error {
	if row.Row.Kind == devices.BlankLine {
		return nil
	}
	result, added := row.Result, s.addedCells
	if s.options.Change != nil {
		result, added = row.Difference.After, s.differenceCells
	}
	var cells []any
	if s.several {
		cells = append(cells, s.text(s.in.File))
	}
	input, err := s.inputCells(row.Row, result)
	if err != nil {
		return err
	}
	return s.rows.add(append(append(cells, input...), added(row)...))
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
	if s.options.Change != nil {
		d := (&changeReport{s.options, s.options.Change}).document(t)
		if err := s.writeDocument(d); err != nil {
			return err
		}
		return s.pack(d)
	}
	run := s.options.evidence(t.Summary)
	if err := s.writeSummary(t.Summary, run); err != nil {
		return err
	}
	if err := s.writeEvidence(run); err != nil {
		return err
	}
	if err := s.describe("ivp check", run); err != nil {
		return err
	}
	return s.writeFile()
}

// writeFile writes what has been put together.
func (s *workbookSink) writeFile() error {
	rows := map[string]io.Reader{}
	if s.rows != nil {
		var err error
		if rows, err = s.rows.parts(); err != nil {
			return err
		}
	}
	s.file.SetZipWriter(func(io.Writer) excelize.ZipWriter {
		z := zip.NewWriter(s.w)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
			return flate.NewWriter(w, flate.DefaultCompression)
		})
		return packer{z, rows}
	})
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

// describe sets what the file says of itself; its times are those of the run,
// so that the same run gives the same file.
func (s *workbookSink) describe(title string, run *evidence.Run) error {
	properties := &excelize.DocProperties{Title: title, Creator: "ivp", LastModifiedBy: "ivp"}
	if run != nil {
		at := run.Started.UTC().Format("2006-01-02T15:04:05Z")
		properties.Created, properties.Modified = at, at
	}
	if err := s.file.SetDocProps(properties); err != nil {
		return err
	}
	s.file.SetActiveSheet(0)
	return nil
}

// Notes say what the limits of a workbook have changed.
func (s *workbookSink) Notes() (notes []string) {
	if n := len(s.rows.names); n > 1 {
		notes = append(notes, fmt.Sprintf("the rows are spread over %d sheets, %q to %q: a sheet can have %d rows", n, s.rows.names[0], s.rows.names[n-1], s.rows.most))
	}
	if s.cut > 0 {
		notes = append(notes, fmt.Sprintf("%s cut in the workbook, which holds %d characters in each: they end with %q", words.Plural(s.cut, "cell"), excelize.TotalCellChars, cutMark))
	}
	return notes
}
