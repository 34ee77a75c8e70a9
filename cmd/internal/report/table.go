package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/devices"
)

// tableSink writes rows for a person to read. Column widths are taken from the
// first rows, so that any number of rows can follow at constant memory.
type tableSink struct {
	out       *bufio.Writer
	options   Options
	style     tableStyle
	file      string
	several   bool
	columns   devices.Columns
	held      [][]string
	columnsAt []tableColumn // as a terminal shows them
	widths    []int
	live      bool // whether rows are shown as they come
	shown     int  // rows written
	more      int  // rows that are not shown
}

// widthRows is the number of rows from which widths are taken.
const widthRows = 200

// tableStyle is how a table is drawn.
type tableStyle interface {
	// cell is how a cell is written. heading and row lay out what it returns.
	cell(text string) string
	heading(titles []string, widths []int) string
	row(columns []tableColumn, widths []int, cells []string) string
}

func newTable(w io.Writer, options Options, style tableStyle) *tableSink {
	return &tableSink{out: bufio.NewWriter(w), options: options, style: style}
}

func (s *tableSink) Rows() *devices.BulkOutput {
	out := typedRows(s.options, func(row devices.TypedRow) (enough bool, err error) {
		return false, s.add(row.Row, row.Result)
	})
	take := out.Rows
	out.Rows = func(rows []devices.TypedRow) error {
		if err := take(rows); err != nil || !s.live {
			return err
		}
		return s.show()
	}
	return out
}

func (s *tableSink) Notes() []string { return nil }

func (s *tableSink) Begin(in Input) error {
	s.file, s.columns = in.File, in.Reader.Columns()
	s.several = s.several || in.File != ""
	s.live = in.Reader.Live()
	return nil
}

func (s *tableSink) titles() []string {
	titles := []string{"line", "device", "outcome", "reason", "version", "on", "to", "time left", "amendment"}
	if s.several {
		titles = append([]string{"file"}, titles...)
	}
	if s.options.Why {
		titles = append(titles, "as at", "from", "end", "explanation")
	}
	if s.waived() {
		titles = append(titles, "waiver")
	}
	return titles
}

func (s *tableSink) cells(row devices.Row, r devices.Result) []string {
	to, _ := r.To()
	cells := []string{
		strconv.Itoa(row.Line), screen.Cell(s.columns.DeviceName(row), widestCell), remarks.OutcomeWords(r.Outcome()), r.Reason.Phrase(), r.Spec().String(),
		chart.ShortDay(r.Installation.On), chart.ShortDay(to), cellText(daysCell(r)), r.Amendment(),
	}
	if s.several {
		cells = append([]string{s.file}, cells...)
	}
	if s.options.Why {
		from, _ := r.Window.From.Date()
		cells = append(cells, chart.ShortDay(r.AsAt), chart.ShortDay(from), strings.ReplaceAll(r.End().String(), "-", " "), remarks.Prose(r.Explanation()))
	}
	if s.waived() {
		waiver := ""
		if r.Waiver != nil {
			waiver = r.Waiver.String()
		}
		cells = append(cells, waiver)
	}
	return cells
}

// waived reports whether there are waivers.
func (s *tableSink) waived() bool { return slices.Contains(s.options.Columns, "ivp_waiver") }

// widestCell is how many characters of a cell of the input a table shows.
const widestCell = 32

func (s *tableSink) add(row devices.Row, result devices.Result) error {
	if !result.Judged() {
		return nil
	}
	if most := s.options.Screen.mostRows(); most > 0 && s.shown == most && !s.live {
		s.more++
		return nil
	}
	s.shown++
	cells := s.cells(row, result)
	for i := range cells {
		cells[i] = s.style.cell(cells[i])
	}
	if s.widths != nil {
		_, err := s.out.WriteString(s.style.row(s.columnsAt, s.widths, cells))
		return err
	}
	s.held = append(s.held, cells)
	if len(s.held) < widthRows {
		return nil
	}
	return s.settle()
}

// settle takes the widths from the rows held and writes those.
func (s *tableSink) settle() error {
	titles := s.titles()
	s.widths = make([]int, len(titles))
	for _, cells := range append([][]string{titles}, s.held...) {
		for i, cell := range cells {
			s.widths[i] = max(s.widths[i], utf8.RuneCountInString(cell))
		}
	}
	s.columnsAt = make([]tableColumn, len(titles))
	if s.options.Screen.Width > 0 {
		for i, title := range titles {
			s.columnsAt[i] = fitting[title]
			s.columnsAt[i].title = title
		}
		s.widths = s.options.Screen.fit(s.columnsAt, s.widths)
	}
	s.out.WriteString(s.style.heading(titles, s.widths))
	for _, cells := range s.held {
		s.out.WriteString(s.style.row(s.columnsAt, s.widths, cells))
	}
	s.held = nil
	return nil
}

func (s *tableSink) End(Totals) error {
	if err := s.show(); err != nil {
		return err
	}
	s.out.WriteString(s.options.Screen.missing(s.columnsAt, s.widths, s.more))
	return s.out.Flush()
}

// fitting are the columns by their titles: which are cut, and which are left out first.
// An outcome is always shown.
var fitting = map[string]tableColumn{
	"device": {least: 8, end: true, rank: 1}, "reason": {least: 14, rank: 2}, "explanation": {least: 20, rank: 3}, "file": {least: 8, end: true, rank: 4}, "version": {least: 11, rank: 5}, "waiver": {least: 8, rank: 6},
	"to": {rank: 7}, "on": {rank: 8}, "line": {rank: 9}, "time left": {rank: 10}, "amendment": {least: 9, rank: 11}, "end": {rank: 12}, "from": {rank: 13}, "as at": {rank: 14},
}

// show writes what is held.
func (s *tableSink) show() error {
	if s.widths == nil && len(s.held) > 0 {
		if err := s.settle(); err != nil {
			return err
		}
	}
	return s.out.Flush()
}

// plainStyle is a table of text; paint, if not nil, colours the cells that are
// outcomes, and returns others as they are.
type plainStyle struct {
	paint func(cell string) string
}

func (plainStyle) cell(text string) string { return screen.Line(text) }

func (plainStyle) heading(cells []string, widths []int) string {
	columns := make([]tableColumn, len(cells))
	for i := range columns {
		columns[i].least = 1 // a heading may be cut
	}
	return strings.ToUpper(rowOf(columns, widths, cells, nil))
}

func (s plainStyle) row(columns []tableColumn, widths []int, cells []string) string {
	return rowOf(columns, widths, cells, s.paint)
}

type markdownStyle struct{}

func (markdownStyle) cell(text string) string { return screen.Markdown(text) }

func (s markdownStyle) heading(cells []string, widths []int) string {
	var rule strings.Builder
	for _, width := range widths {
		rule.WriteString("|" + strings.Repeat("-", width+2))
	}
	return s.row(nil, widths, cells) + rule.String() + "|\n"
}

func (markdownStyle) row(_ []tableColumn, widths []int, cells []string) string {
	var b strings.Builder
	for i, cell := range cells {
		fmt.Fprintf(&b, "| %-*s ", widths[i], cell)
	}
	return b.String() + "|\n"
}

// markdownCheck is the Markdown of a check: the answer, the causes, then every row,
// which waits in a temporary file until all is counted.
type markdownCheck struct {
	*tableSink
	w     io.Writer
	files []string
	spool *lazySpool
}

func newMarkdownCheck(w io.Writer, options Options) *markdownCheck {
	spool := &lazySpool{}
	return &markdownCheck{newTable(spool, options, markdownStyle{}), w, nil, spool}
}

// Begin notes the name of the file.
func (s *markdownCheck) Begin(in Input) error {
	if in.File != "" {
		s.files = append(s.files, in.File)
	}
	return s.tableSink.Begin(in)
}

// End writes the document.
func (s *markdownCheck) End(t Totals) error {
	defer s.spool.Close()
	if err := s.tableSink.End(t); err != nil {
		return err
	}
	rows, err := s.spool.written()
	if err != nil {
		return err
	}
	d := checkDocument(t.Summary, s.options, s.options.evidence(t.Summary))
	if len(d.Inputs) == 0 {
		d.Title = titleOf(s.files)
	}
	return writeDocumentMarkdown(s.w, d, rows)
}

// lazySpool is a temporary file that is made when something is written.
type lazySpool struct{ *devices.Spool }

func (s *lazySpool) Write(p []byte) (n int, err error) {
	if s.Spool == nil {
		if s.Spool, err = devices.NewSpool(); err != nil {
			return 0, err
		}
	}
	return s.Spool.Write(p)
}

// written returns what was written, nil if nothing was.
func (s *lazySpool) written() (io.Reader, error) {
	if s.Spool == nil {
		return nil, nil
	}
	_, err := s.Seek(0, io.SeekStart)
	return s.Spool, err
}
