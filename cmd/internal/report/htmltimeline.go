package report

import (
	"html/template"
	"io"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/style"
	"github.com/mp196/ivp/ivp"
)

// WriteTimeline writes a page that shows a record's timeline and nothing else.
func WriteTimeline(w io.Writer, checker ivp.Checker, options chart.Options, today ivp.Date) error {
	return writePage(w, "rules", struct {
		Style    template.CSS
		Title    string
		Timeline timelineView
		Rules    evidence.RulesCount
	}{
		template.CSS(style.Sheet), "When each version may be installed",
		newTimelineView(chart.New(checker, options), options.Marks), evidence.NewRulesCount(checker.History, today),
	})
}
