package report

import (
	"io"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// htmlRows is the most rows that a page or another document shows: as many as
// someone may read.
const htmlRows = 1000

// htmlSink writes one page that needs nothing but itself. Its memory is bounded
// by htmlRows, however long the input.
type htmlSink struct {
	w       io.Writer
	options Options
	shown   devices.Selection
	files   []string
	maker   rowMaker
	rows    []htmlRow
}

func newHTML(w io.Writer, options Options) *htmlSink {
	s := &htmlSink{w: w, options: options, shown: defaultRows()}
	if options.Only != nil {
		s.shown = *options.Only
	}
	s.maker.authorities = remarks.NewAuthorities(options.Checker.History)
	return s
}

// defaultRows are the rows that a page shows where nothing else is asked for.
func defaultRows() devices.Selection {
	return devices.Selection{}.WithReasonsOf(ivp.NotEligible).WithReasonsOf(ivp.Undetermined)
}

func (s *htmlSink) Rows() *devices.BulkOutput {
	return typedRows(Options{Only: &s.shown}, func(row devices.TypedRow) (enough bool, err error) {
		if len(s.rows) < htmlRows {
			s.rows = append(s.rows, s.maker.row(row.Row, row.Result))
		}
		return len(s.rows) >= htmlRows, nil
	})
}

func (s *htmlSink) Begin(in Input) error {
	s.maker.file, s.maker.columns = in.File, in.Reader.Columns()
	if in.File != "" {
		s.files = append(s.files, in.File)
	}
	return nil
}

func (s *htmlSink) End(t Totals) error {
	return writePage(s.w, "report", s.page(t.Summary, s.options.evidence(t.Summary)))
}

func (s *htmlSink) Notes() []string { return nil }
