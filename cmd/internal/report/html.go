package report

import (
	"io"

	"github.com/mp196/ivp/cmd/internal/evidence"
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

func newHTML(w io.Writer, options Options) Sink {
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

func (s *htmlSink) Begin(file string, reader *devices.Reader) error {
	s.maker.file, s.maker.columns = file, reader.Columns()
	if file != "" {
		s.files = append(s.files, file)
	}
	return nil
}

func (s *htmlSink) Row(row devices.Row, result devices.Result) error {
	if s.Enough() || !s.shown.Selects(result) {
		return nil
	}
	s.rows = append(s.rows, s.maker.row(row, result))
	return nil
}

// Enough reports whether the page shows as many rows as it may. The counts come
// from the summary, so that no row need be handed over from here on.
func (s *htmlSink) Enough() bool { return len(s.rows) >= htmlRows }

func (s *htmlSink) End(summary *devices.Summary) error {
	var run *evidence.Run
	if s.options.Evidence != nil {
		run = s.options.Evidence(summary)
	}
	return writePage(s.w, "report", s.page(summary, run))
}
