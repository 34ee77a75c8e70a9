package query

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Inventory is an inventory in CSV, and the destination of its answers.
type Inventory struct {
	// Text returns a reader of the text from its start. If Spool is nil, it may be
	// called twice.
	Text func() io.Reader
	// Spool returns an empty file for a text that can be read only once. It keeps the
	// text while the order of day and month is derived from all of it.
	Spool func() (io.ReadWriteSeeker, error)
	// CSV is where the inventory with the answers is written.
	CSV io.Writer
	// Rows is how many of the rows that are not eligible or undetermined are
	// returned.
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

// Check checks an inventory, in constant memory. It returns the errors of
// [devices.NewReader], but a *[ColumnsError] instead of a *[devices.MappingError]; a
// *[devices.DateOrderError]; errors of reading and writing; and the context's error.
// After an error the output is incomplete.
func (in Inventory) Check(ctx context.Context, t InventoryTerms) (*Checked, error) {
	reader, notes, err := in.open(&t)
	var mapping *devices.MappingError
	switch {
	case errors.As(err, &mapping):
		return nil, newColumnsError(mapping, t.reader.Columns)
	case err != nil:
		return nil, err
	}
	notJudged := remarks.FieldNames(reader.Columns().NotJudged())
	if in.NotJudged != nil {
		in.NotJudged(notJudged)
	}
	shown := &shownRows{columns: reader.Columns(), authorities: remarks.NewAuthorities(t.Judge.Checker.History), most: in.Rows}
	outputs := []*devices.BulkOutput{{W: in.CSV, Only: t.Only}}
	if in.Rows > 0 {
		selection := devices.Selection{}.WithReasonsOf(ivp.NotEligible).WithReasonsOf(ivp.Undetermined)
		outputs = append(outputs, &devices.BulkOutput{Lines: devices.TypedRows, Rows: shown.take, Enough: shown.enough.Load, Only: &selection})
	}
	pass := devices.Bulk{Judge: t.Judge, Why: t.Why, Workers: in.Workers, Cache: in.Cache, Progress: in.Progress}.Begin(outputs)
	if err := pass.Input(ctx, reader); err != nil {
		return nil, err
	}
	checked := newChecked(pass.Summary(), t.Judge, notes, shown)
	if in.Rows > 0 {
		checked.Timeline = stockTimeline(pass.Summary(), t.Judge)
	}
	checked.Columns, checked.NotJudged = newColumns(reader.Columns(), t.reader.Columns, nil), notJudged
	return checked, nil
}

// open reads the heading and determines the date format. notes are remarks for the
// user.
func (in Inventory) open(t *InventoryTerms) (reader *devices.Reader, notes []string, err error) {
	if reader, notes, err = in.begin(t); err != nil {
		return nil, nil, err
	}
	format, note, err := reader.DecideDates(func() (order *devices.DateOrder, err error) {
		var spool io.ReadWriteSeeker
		if in.Spool != nil {
			if spool, err = in.Spool(); err != nil {
				return nil, err
			}
		}
		if order, err = reader.SurveyDates(spool); err == nil && spool == nil {
			reader, _, err = in.begin(t)
		}
		return order, err
	})
	if err != nil {
		return nil, nil, err
	}
	reader.SetDates(format)
	if note != "" {
		notes = append(notes, note)
	}
	return reader, notes, nil
}

// begin reads the heading.
func (in Inventory) begin(t *InventoryTerms) (reader *devices.Reader, notes []string, err error) {
	head, text, err := sniff.Read(in.Text())
	if err != nil {
		return nil, nil, err
	}
	kind := head.Foreign()
	if head.IsZip() {
		kind = head.Zip()
	}
	if kind.Extension != "" {
		kind.Advice += ", or give it to ivp check, which reads " + kind.Extension
	}
	if kind.Name != "" {
		return nil, nil, fmt.Errorf("this is %s, where CSV was expected: %s", kind.Name, kind.Advice)
	}
	if name := head.UTF16(); name != "" && t.Encoding == "" {
		return nil, nil, fmt.Errorf("this is text in UTF-16 without a byte order mark: set the encoding to %s, or save it as “CSV UTF-8”", name)
	}
	encoding := t.Encoding.OfMark(head)
	reader, err = devices.NewReader(encoding.Reader(text), t.reader)
	if errors.Is(err, devices.ErrHeaderRow) {
		return nil, nil, fmt.Errorf("%w with header_row", err)
	}
	if err != nil {
		return nil, nil, err
	}
	if encoding != sniff.UTF8 {
		notes = append(notes, fmt.Sprintf("read as %s; the output is UTF-8", encoding))
	} else if line, found := reader.NotUTF8(); found {
		notes = append(notes, fmt.Sprintf("line %d is not UTF-8 and is written unchanged; if the file is in the encoding of Windows, set the encoding to windows-1252", line))
	}
	return reader, notes, nil
}

// InventoryTerms are the terms on which an inventory is checked, and its format.
type InventoryTerms struct {
	Terms
	// Only limits the rows written; nil writes all.
	Only *devices.Selection
	// Encoding is the text's; the zero value means UTF-8, or that of a byte order mark.
	Encoding sniff.Encoding

	reader devices.ReaderOptions
}

// MapName is the only name that a query may have more than once.
const MapName = "map"

var inventoryNames = []string{"only", "date_format", "delimiter", "quote", "encoding", "header_row", MapName, "recheck"}

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
	return t, t.readForm(query)
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
	// Rows are the first rows that are not eligible or undetermined.
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
	devices.Wire
}

// shownRows collects the first rows to return. It keeps no reference to the input's
// buffers.
type shownRows struct {
	columns     devices.Columns
	authorities *remarks.Authorities // the amendments that the rows name
	most        int
	rows        []ShownRow
	enough      atomic.Bool
}

// take is called with rows in order, never by two goroutines at once.
func (t *shownRows) take(rows []devices.TypedRow) error {
	for _, row := range rows {
		if len(t.rows) == t.most {
			t.enough.Store(true)
			return nil
		}
		wire := row.Result.Wire(true)
		wire.Explanation = t.authorities.Explanation(row.Result)
		t.rows = append(t.rows, ShownRow{row.Row.Line, remarks.RowName(t.columns, row.Row), wire})
	}
	return nil
}
