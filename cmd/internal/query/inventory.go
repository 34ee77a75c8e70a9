package query

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/devices/xlsx"
	"github.com/mp196/ivp/ivp"
)

// Inventory is an inventory, as CSV or a workbook, and the destination of its answers.
type Inventory struct {
	// Name is the name of its file; it may be empty.
	Name string
	// Text returns a reader of the inventory from its start. If Spool is nil, it may be
	// called twice.
	Text func() io.Reader
	// Spool returns an empty file for a text that can be read only once. It keeps the
	// text while the order of day and month is derived from all of it.
	Spool func() (io.ReadWriteSeeker, error)
	// Out is where the answers are written, in the format of the terms.
	Out io.Writer
	// Workbooks, if not nil, limits the workbooks, which are read into memory.
	Workbooks *Workbooks
	// Rows is how many of the rows that are not eligible or undetermined are
	// returned, with some of each further cause.
	Rows int
	// Workers is the number of goroutines.
	Workers int
	// Cache, if not nil, keeps what one check has worked out for the next.
	Cache *devices.Cache
	// NotJudged, if not nil, is called before the first row, with the fields on which
	// answers may depend and for which there is no column.
	NotJudged func(fields []string)
	// Progress, if not nil, is called repeatedly, possibly by several goroutines, with
	// the number of rows since the last call.
	Progress func(rows int)
}

// Check checks an inventory, text in constant memory. It returns the errors of
// [devices.NewReader], but a *[ColumnsError] instead of a *[devices.MappingError]; a
// *[devices.DateOrderError]; errors of reading and writing; and the context's error.
// After an error the output is incomplete.
func (in Inventory) Check(ctx context.Context, t InventoryTerms) (*Checked, error) {
	from, err := in.open(ctx, &t)
	if err != nil {
		return nil, from.columnsError(err, t.reader.Columns)
	}
	defer from.close()
	reader := from.reader
	notJudged := remarks.FieldNames(reader.Columns().NotJudged())
	if in.NotJudged != nil {
		in.NotJudged(notJudged)
	}
	sink, err := report.Output{Format: t.Format, W: in.Out}.Sink(report.Options{
		Why: t.Why, Columns: t.Judge.Columns(t.Why), Only: t.Only, Judge: t.Judge, Door: remarks.Page, Name: in.Name,
	})
	if err != nil {
		return nil, err
	}
	if err := sink.Begin(report.Input{Reader: reader, Cells: from.cells()}); err != nil {
		return nil, err
	}
	shown := &shownRows{columns: reader.Columns(), authorities: remarks.NewAuthorities(t.Judge.Checker.History), most: in.Rows, ofCause: map[devices.Cause]int{}}
	outputs := []*devices.BulkOutput{sink.Rows()}
	if in.Rows > 0 {
		selection := devices.Selection{}.WithReasonsOf(ivp.NotEligible).WithReasonsOf(ivp.Undetermined)
		outputs = append(outputs, &devices.BulkOutput{Lines: devices.TypedRows, Rows: shown.take, Enough: shown.enough, Only: &selection})
	}
	pass := devices.Bulk{Judge: t.Judge, Why: t.Why, Workers: in.Workers, Cache: in.Cache, Progress: in.Progress}.Begin(outputs)
	if err := pass.Input(ctx, reader); err != nil {
		return nil, err
	}
	if err := sink.End(report.Totals{Summary: pass.Summary()}); err != nil {
		return nil, err
	}
	checked := newChecked(pass.Summary(), t.Judge, append(from.notes, sink.Notes()...), shown)
	checked.Columns, checked.NotJudged = newColumns(reader.Columns(), t.reader.Columns, nil), notJudged
	checked.Columns.describe(from)
	if in.Rows > 0 {
		checked.Timeline = stockTimeline(pass.Summary(), t.Judge)
	}
	return checked, nil
}

// opened is an inventory whose heading has been read.
type opened struct {
	reader   *devices.Reader
	notes    []string     // remarks for the user
	encoding string       // of text
	work     *input.Input // of a workbook, else nil
	leave    func()       // called when the workbook is no longer in memory; may be nil
}

func (o opened) close() {
	if o.work != nil {
		o.work.Close()
	}
	if o.leave != nil {
		o.leave()
	}
}

// cells returns what gives the cells of a workbook, or nil.
func (o opened) cells() func() (func(row int) ([]xlsx.Cell, error), error) {
	if o.work == nil {
		return nil
	}
	return o.work.Cells
}

// columnsError returns the error of opening the inventory, as a *[ColumnsError] if the
// user may choose other columns or another sheet.
func (o opened) columnsError(err error, columns devices.ColumnOptions) error {
	var mapping *devices.MappingError
	var failed *ColumnsError
	switch {
	case errors.As(err, &mapping):
		failed = newColumnsError(mapping, columns)
	case o.work == nil:
		return err
	default:
		failed = &ColumnsError{Columns: Columns{Headings: []string{}}, why: err.Error()}
	}
	failed.describe(o)
	return failed
}

// open reads the heading and determines the date format. After an error the sheets of
// a workbook are known.
func (in Inventory) open(ctx context.Context, t *InventoryTerms) (from opened, err error) {
	if from, err = in.begin(ctx, t); err != nil || from.work != nil {
		return from, err
	}
	format, note, err := from.reader.DecideDates(func() (order *devices.DateOrder, err error) {
		var spool io.ReadWriteSeeker
		if in.Spool != nil {
			if spool, err = in.Spool(); err != nil {
				return nil, err
			}
		}
		if order, err = from.reader.SurveyDates(spool); err == nil && spool == nil {
			from, err = in.begin(ctx, t)
		}
		return order, err
	})
	if err != nil {
		return from, err
	}
	from.reader.SetDates(format)
	if note != "" {
		from.notes = append(from.notes, note)
	}
	return from, nil
}

// begin reads the heading.
func (in Inventory) begin(ctx context.Context, t *InventoryTerms) (from opened, err error) {
	head, text, err := sniff.Read(in.Text())
	if err != nil {
		return from, err
	}
	if head.IsZip() {
		return in.workbook(ctx, text, t)
	}
	if kind := head.Foreign(); kind.Name != "" {
		if kind.Extension != "" {
			kind.Advice += ", or give it to ivp check, which reads " + kind.Extension
		}
		return from, fmt.Errorf("this is %s, where CSV or a workbook (.xlsx) was expected: %s", kind.Name, kind.Advice)
	}
	if name := head.UTF16(); name != "" && t.Encoding == "" {
		return from, fmt.Errorf("this is text in UTF-16 without a byte order mark: set the encoding to %s, or save it as “CSV UTF-8”", name)
	}
	encoding := t.Encoding.OfMark(head)
	from.reader, err = devices.NewReader(encoding.Reader(text), t.reader)
	if errors.Is(err, devices.ErrHeaderRow) {
		return from, fmt.Errorf("%w with header_row", err)
	}
	if err != nil {
		return from, err
	}
	if from.encoding = encoding.String(); encoding != sniff.UTF8 {
		from.notes = append(from.notes, fmt.Sprintf("read as %s; the output is UTF-8", encoding))
	} else if line, found := from.reader.NotUTF8(); found {
		from.notes = append(from.notes, fmt.Sprintf("line %d is not UTF-8 and is written unchanged; if the file is in the encoding of Windows, set the encoding to windows-1252", line))
	}
	return from, nil
}

// workbook opens a workbook, whose dates it settles too.
func (in Inventory) workbook(ctx context.Context, content io.Reader, t *InventoryTerms) (from opened, err error) {
	if in.Workbooks != nil {
		leave, err := in.Workbooks.enter(ctx)
		if err != nil {
			return from, err
		}
		defer func() {
			if from.reader == nil { // an error, or a panic
				leave()
			} else {
				from.leave = leave
			}
		}()
		if content, err = in.Workbooks.read(content); err != nil {
			return from, err
		}
	}
	from.work, err = input.Open(cmp.Or(in.Name, "the inventory"), content, input.Options{Reader: t.reader, Sheet: t.Sheet, Page: true})
	if err == nil {
		from.reader, from.notes = from.work.Heading(), from.work.Notes()
	}
	return from, err
}

// Workbooks limits the workbooks that are in memory: their size and their number.
type Workbooks struct {
	most   int64
	places chan struct{}
}

// NewWorkbooks returns a limit on workbooks: so many at a time, each of at most most bytes,
// which may unpack to sixteen times as many.
func NewWorkbooks(number int, most int64) *Workbooks {
	return &Workbooks{most, make(chan struct{}, number)}
}

// enter waits for a place, and returns what gives it back.
func (w *Workbooks) enter(ctx context.Context) (leave func(), err error) {
	select {
	case w.places <- struct{}{}:
		return func() { <-w.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// read reads a workbook into memory. It returns an error if the workbook is too large.
func (w *Workbooks) read(content io.Reader) (io.Reader, error) {
	data, err := io.ReadAll(io.LimitReader(content, w.most+1))
	if err != nil {
		return nil, err
	}
	size := uint64(0)
	if int64(len(data)) <= w.most {
		archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return bytes.NewReader(data), nil // reading it says what is wrong
		}
		for _, part := range archive.File {
			size += part.UncompressedSize64
		}
	}
	if int64(len(data)) > w.most || size > 16*uint64(w.most) {
		return nil, fmt.Errorf("the workbook has more than %d MiB, or unpacks to more than %d MiB, the most that is read here: save it as “CSV UTF-8”", w.most>>20, w.most>>16)
	}
	return bytes.NewReader(data), nil
}

// InventoryTerms are the terms on which an inventory is checked, and its format.
type InventoryTerms struct {
	Terms
	// Only limits the rows written; nil writes all.
	Only *devices.Selection
	// Format is the format of the output; the zero value means CSV.
	Format report.Format
	// Sheet is the name of a workbook's sheet, or its number; "" means the first.
	Sheet string
	// Encoding is the text's; the zero value means UTF-8, or that of a byte order mark.
	Encoding sniff.Encoding

	reader devices.ReaderOptions
}

// MapName is the only name that a query may have more than once.
const MapName = "map"

var inventoryNames = []string{"only", "date_format", "delimiter", "quote", "encoding", "header_row", "sheet", "format", MapName, "recheck"}

// ParseInventoryTerms reads the terms of a query on an inventory.
func ParseInventoryTerms(query url.Values, checker ivp.Checker) (t InventoryTerms, err error) {
	if t.Terms, err = ParseTerms(query, checker, inventoryNames...); err != nil {
		return t, err
	}
	if text := query.Get("only"); text != "" {
		only, err := devices.ParseSelection(text)
		if err != nil {
			return t, fmt.Errorf("only: %w", err)
		}
		if only.Closing() {
			return t, fmt.Errorf("only: closing is available only on the command line: want %s", strings.Join(outcomeNames(), ", ")+", or reasons")
		}
		t.Only = &only
	}
	if t.Encoding, err = sniff.ParseEncoding(query.Get("encoding")); err != nil {
		return t, fmt.Errorf("encoding: %w", err)
	}
	switch t.Format = report.Format(query.Get("format")); t.Format {
	case "":
		t.Format = report.CSV
	case report.CSV, report.HTML, report.Workbook:
	default:
		return t, fmt.Errorf("format: %q: want csv, html or xlsx", query.Get("format"))
	}
	if t.Sheet = query.Get("sheet"); strings.EqualFold(t.Sheet, input.AllSheets) {
		return t, fmt.Errorf("sheet: %q: one sheet is checked at a time: want the name of one, or its number", t.Sheet)
	}
	return t, t.readForm(query)
}

// Use sets the Central Products List in which models are looked up; nil means none.
func (t *InventoryTerms) Use(list *cpl.List) {
	t.Terms.Use(list)
	t.reader.Columns.CPL = list != nil
}

// readForm reads the format of the inventory.
func (t *InventoryTerms) readForm(query url.Values) (err error) {
	columns := devices.ColumnOptions{OnGiven: t.Judge.On.Valid(), ScopeGiven: t.Judge.ScopeGiven, Map: map[devices.Field]string{}}
	if columns.Recheck, err = truth("recheck", query.Get("recheck")); err != nil {
		return err
	}
	if text := query.Get("date_format"); text != "" {
		format, err := devices.ParseDateFormat(text)
		if err != nil {
			return fmt.Errorf("date_format: %w", err)
		}
		columns.Dates = &format
	}
	for _, text := range query[MapName] {
		name, heading, ok := strings.Cut(text, "=")
		field, err := devices.ParseField(strings.TrimSpace(name))
		if !ok || err != nil {
			return fmt.Errorf("map: %q: want FIELD=HEADING, such as install_date=Date Fitted, or FIELD=#3 for the third column, or FIELD=#0 for none, with a field of %s", text, strings.Join(remarks.FieldNames(devices.Fields()), ", "))
		}
		if _, twice := columns.Map[field]; twice {
			return fmt.Errorf("map: %q: %s is mapped twice: give one heading for it", text, field)
		}
		columns.Map[field] = heading
	}
	t.reader.Columns = columns
	if t.reader.Delimiter, err = devices.ParseDelimiter(query.Get("delimiter")); err != nil {
		return fmt.Errorf("delimiter: %w", err)
	}
	if t.reader.NoQuotes, err = devices.ParseQuote(query.Get("quote")); err != nil {
		return fmt.Errorf("quote: %w", err)
	}
	if text := query.Get("header_row"); text != "" {
		if t.reader.HeaderRow, err = strconv.Atoi(text); err != nil || t.reader.HeaderRow < 1 {
			return fmt.Errorf("header_row: %q: want the number of a line, from 1", text)
		}
	}
	return nil
}

func outcomeNames() (names []string) {
	for _, o := range ivp.Outcomes() {
		names = append(names, o.String())
	}
	return slices.Clip(names)
}

// Checked is the result of checking an inventory, except for the rows written.
type Checked struct {
	Answer  remarks.Answer  `json:"answer"`
	Summary evidence.Counts `json:"summary"`
	// Columns describe from which column each field was read. NotJudged are the
	// fields on which answers may depend and for which there is no column.
	Columns   Columns  `json:"columns"`
	NotJudged []string `json:"not_judged,omitempty"`
	// Reasons counts the devices of each reason that occurs, in the reasons' order.
	Reasons []ReasonCount `json:"reasons"`
	// Warnings and Notes are remarks for the reader; Notes begin with how the input
	// was read.
	Warnings []string `json:"warnings,omitempty"`
	Notes    []string `json:"notes,omitempty"`
	// Faults are the first cells and rows that could not be read, MoreFaults the
	// number of the others.
	Faults     []string `json:"faults,omitempty"`
	MoreFaults int      `json:"more_faults,omitempty"`
	// Rows are the first rows that are not eligible or undetermined, and some of each
	// further cause.
	Rows []ShownRow `json:"rows,omitempty"`
	// Authorities are the amendments that the rows name, with their sources.
	Authorities []remarks.Authority `json:"authorities,omitempty"`
	// Timeline counts the devices of each version. It is nil if no rows are to be
	// returned, or if no version in the inventory is on record.
	Timeline *StockTimeline `json:"timeline,omitempty"`
}

// StockTimeline shows when the versions in an inventory may be installed, with the
// number of devices of each.
type StockTimeline struct {
	SVG  string `json:"svg"`
	Says string `json:"says"`
}

func stockTimeline(s *devices.Summary, judge devices.Judge) *StockTimeline {
	options := chart.InventoryOptions(s, judge.Checker.AsAt, judge.On, judge.Today)
	options.ID, options.Title = "stock", "When each version in the file may be installed"
	c := chart.New(judge.Checker, options)
	if len(c.Groups()) == 0 {
		return nil
	}
	return &StockTimeline{string(c.SVG()), c.Says() + " " + c.StockSays()}
}

// ReasonCount counts the devices of a reason.
type ReasonCount struct {
	Reason   string `json:"reason"`
	Outcome  string `json:"outcome"`
	Phrase   string `json:"phrase"`
	Sentence string `json:"sentence"`
	Devices  int    `json:"devices"`
}

func newChecked(s *devices.Summary, judge devices.Judge, notes []string, shown *shownRows) *Checked {
	h := judge.Checker.History
	c := &Checked{
		Answer: remarks.NewAnswer(s, judge, remarks.Page), Summary: evidence.NewCounts(s, h), Reasons: []ReasonCount{}, Warnings: remarks.Warnings(s, h, remarks.Page), Notes: append(notes, remarks.Notes(s, judge.Checker, remarks.Page)...),
		MoreFaults: s.Faults - len(s.FirstFaults), Rows: shown.rows, Authorities: shown.authorities.Gathered(),
	}
	shown.number(c.Answer)
	for _, r := range ivp.Reasons() {
		if n := s.Reasons[r]; n > 0 {
			c.Reasons = append(c.Reasons, ReasonCount{r.String(), r.Outcome().String(), r.Phrase(), r.Sentence(), n})
		}
	}
	for _, fault := range s.FirstFaults {
		c.Faults = append(c.Faults, fault.Text)
	}
	return c
}

// ShownRow is a row returned with the checked inventory. Its explanation has no
// sources: see Checked.Authorities.
type ShownRow struct {
	Line   int    `json:"line"`
	Device string `json:"device,omitempty"`
	// Cause is the number of its cause among those of the answer, from 1, with those by
	// reason alone last; 0 if it has none there.
	Cause int `json:"cause,omitempty"`
	devices.Wire

	cause *devices.Cause
}

// number sets the causes of the rows.
func (t *shownRows) number(answer remarks.Answer) {
	numbers, byReason := map[devices.Cause]int{}, map[string]int{}
	for i, cause := range answer.AllCauses() {
		for _, of := range cause.Of() {
			numbers[of] = i + 1
		}
		if len(cause.Of()) == 0 {
			byReason[cause.Reason] = i + 1
		}
	}
	for i := range t.rows {
		row := &t.rows[i]
		if row.cause != nil {
			row.Cause = numbers[*row.cause]
		}
		if row.Cause == 0 {
			row.Cause = byReason[row.Reason]
		}
	}
}

// The rows returned beyond the first: some of each further cause, of which there are at
// most so many.
const (
	rowsOfCause   = 10
	mostRowCauses = 100
)

// shownRows collects the rows to return. It keeps no reference to the input's buffers.
type shownRows struct {
	columns     devices.Columns
	authorities *remarks.Authorities // the amendments that the rows name
	most        int
	rows        []ShownRow

	mu      sync.RWMutex
	ofCause map[devices.Cause]int // rows collected
}

// enough reports whether take would leave out a row with the cause, and all later ones.
func (t *shownRows) enough(cause *devices.Cause) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	n, known := t.ofCause[causeOf(cause)]
	return len(t.rows) >= t.most && (n >= rowsOfCause || !known && len(t.ofCause) >= mostRowCauses)
}

func causeOf(c *devices.Cause) (cause devices.Cause) {
	if c != nil {
		cause = *c
	}
	return cause
}

// take is called with rows in order, never by two goroutines at once.
func (t *shownRows) take(rows []devices.TypedRow) error {
	for _, row := range rows {
		if t.enough(row.Cause) {
			continue
		}
		cause := causeOf(row.Cause)
		wire := row.Result.Wire(true)
		wire.Explanation = t.authorities.Explanation(row.Result)
		t.mu.Lock()
		t.ofCause[cause]++
		t.rows = append(t.rows, ShownRow{Line: row.Row.Line, Device: remarks.RowName(t.columns, row.Row), Wire: wire, cause: &cause})
		t.mu.Unlock()
	}
	return nil
}
