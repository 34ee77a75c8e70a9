package main

import (
	"io"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/ivp"
)

// timelinePage draws the record: for "svg" the picture alone, for "html" a page
// around it. A line across it marks day; none where day is no date.
func timelinePage(w io.Writer, checker ivp.Checker, day, today ivp.Date, format string) error {
	label := "today, " + day.String()
	if day == checker.AsAt {
		label = "tables of " + day.String()
	}
	options := chart.Options{GBCS: true, Marks: []chart.Mark{{Day: day, Label: label}}}
	switch format {
	case "svg":
		options.Standalone = true
		_, err := w.Write(chart.New(checker, options).SVG())
		return exit.With(exit.IO, err)
	case "html":
		return exit.With(exit.IO, report.WriteTimeline(w, checker, options, today))
	}
	return exit.Usagef("--format: %q: want svg or html", format)
}
