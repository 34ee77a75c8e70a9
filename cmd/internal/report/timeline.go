package report

import (
	"html/template"
	"io"
	"strings"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// WriteTimeline writes a page that shows a record's timeline and nothing else,
// around the marked days and whole.
func WriteTimeline(w io.Writer, checker ivp.Checker, options chart.Options, today ivp.Date) error {
	if len(options.Marks) > 0 && options.Marks[0].Day.Valid() {
		options.From, options.To = chart.Around(options.Marks[0].Day)
	}
	part := timelinePart(checker, options)
	d := Document{Title: part.Title, Rules: evidence.NewRulesCount(checker.History, today)}
	part.Title = ""
	d.Parts = []Part{part}
	return writePage(w, d)
}

// checkTimeline shows when the versions in an inventory may be installed, around
// the day in question or, if most of its dates are far from today, around these.
// run may be nil.
func checkTimeline(s *devices.Summary, options Options, run *evidence.Run) Part {
	var on ivp.Date
	if run != nil {
		on, _ = ivp.ParseDate(run.Question.On) // zero if each row has its own
	}
	return timelinePart(options.Checker, chart.InventoryOptions(s, options.Checker.AsAt, on, options.Today))
}

// timelinePart shows for every version, or for those in stock, the days on which
// it may be installed, and on demand the whole history of every version.
func timelinePart(checker ivp.Checker, options chart.Options) Part {
	whole := chart.New(checker, chart.Options{Marks: options.Marks, GBCS: true, ID: "history", Title: "The whole history of every version"})
	g := Grid{Title: "Every version, from the first day to the last", Heads: heads("Version", "Days", "Answer", "Amendment"), Fold: "The same in words"}
	for _, group := range whole.Groups() {
		for _, row := range group.Rows {
			for _, bar := range row.Bars {
				g.Rows = append(g.Rows, []any{row.Name(), bar.Days(), bar.Says(), bar.Verdict.Amendment()})
			}
		}
	}
	part := Part{Title: "When each version may be installed", Grids: []Grid{g}, Page: true}
	near := chart.New(checker, options)
	if !options.From.Valid() || len(near.Groups()) == 0 {
		part.Words, part.Picture = timelineWords(whole), template.HTML(whole.SVG())
		return part
	}
	part.Words, part.Picture = timelineWords(near), template.HTML(near.SVG())
	part.More, part.MoreTitle = template.HTML(whole.SVG()), "The whole history of every version"
	if options.Stock != nil {
		part.Words = append(part.Words, near.StockSays())
	}
	return part
}

// timelineWords say how a timeline is read.
func timelineWords(c chart.Chart) []string {
	words := c.Says()
	var labels []string
	for _, m := range c.Marks() {
		labels = append(labels, m.Label)
	}
	if len(labels) > 0 {
		words += " The line across it marks " + strings.Join(labels, " and ") + "."
	}
	return []string{words}
}
