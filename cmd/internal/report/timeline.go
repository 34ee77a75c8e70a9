package report

import (
	"cmp"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
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
	c := chart.Options{Marks: chart.MarksOf(on, options.Checker.AsAt, options.Today), Stock: map[ivp.Spec]int{}}
	if day := cmp.Or(on, options.Today); day.Valid() {
		c.From, c.To = chart.Around(day)
	}
	if first, last, elsewhere := datesElsewhere(s, c.From, c.To); elsewhere && !on.Valid() {
		c.From, c.To = first, last
	}
	for spec, count := range s.Specs {
		c.Stock[spec] = total(*count)
	}
	return timelinePart(options.Checker, c)
}

// datesElsewhere returns the days around the dates of an inventory, if most of
// these are not within the days given. A fiftieth at each end is ignored.
func datesElsewhere(s *devices.Summary, from, to ivp.Date) (first, last ivp.Date, ok bool) {
	all, within := 0, 0
	for month, n := range s.Months {
		all += n
		if day := chart.MonthStart(month); !day.Before(from) && !day.After(to) {
			within += n
		}
	}
	if 2*within >= all {
		return first, last, false
	}
	before := 0
	for _, month := range slices.Sorted(maps.Keys(s.Months)) {
		if before <= all/50 {
			first, _ = chart.Around(chart.MonthStart(month))
		}
		if before < all-all/50 {
			_, last = chart.Around(chart.MonthStart(month))
		}
		before += s.Months[month]
	}
	return first, last, true
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
		part.Words = append(part.Words, stockWords(near, options.Stock))
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

// stockWords say which devices the figures on a timeline count.
func stockWords(c chart.Chart, stock map[ivp.Spec]int) string {
	shown, others := 0, 0
	for _, g := range c.Groups() {
		for _, r := range g.Rows {
			if r.Scope == "" && r.GBCS.IsZero() {
				shown += stock[r.Spec]
			}
		}
	}
	for _, n := range stock {
		others += n
	}
	words := fmt.Sprintf("The figures count the devices of this inventory by version: %s, whatever their answer.", remarks.Thousands(shown))
	if others -= shown; others > 0 {
		words += fmt.Sprintf(" %s more have no version that is on record, or none that can be read.", remarks.Thousands(others))
	}
	return words
}
