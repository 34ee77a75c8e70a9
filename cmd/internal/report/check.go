package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// checkPage gathers the first rows of each cause, and writes the page of a check at
// the end.
type checkPage struct {
	w       io.Writer
	options Options
	shown   devices.Selection
	files   []string
	rows    pageRows
}

func newCheckPage(w io.Writer, options Options) *checkPage {
	s := &checkPage{
		w: w, options: options, rows: newPageRows(options.Checker.History),
		shown: devices.Selection{}.WithReasonsOf(ivp.NotEligible).WithReasonsOf(ivp.Undetermined),
	}
	if options.Only != nil {
		s.shown = *options.Only
	}
	return s
}

func (s *checkPage) Rows() *devices.BulkOutput {
	return typedRows(Options{Only: &s.shown}, func(row devices.TypedRow) (enough bool, err error) {
		s.rows.add(causeOf(row), row.Row, row.Result, nil)
		return s.rows.seen >= mostRowsSeen, nil
	})
}

func (s *checkPage) Begin(in Input) error {
	if s.rows.in = in; in.File != "" {
		s.files = append(s.files, in.File)
	}
	return nil
}

func (s *checkPage) Notes() []string { return nil }

func (s *checkPage) End(t Totals) error {
	run := s.options.evidence(t.Summary)
	d := checkDocument(t.Summary, s.options, run)
	if run == nil {
		if s.options.Name != "" {
			s.files = []string{s.options.Name}
		}
		d.Title, d.Inputs = titleOf(s.files), s.files
	}
	title := "The rows that need work"
	if s.options.Only != nil {
		title = "The rows selected"
	}
	for _, cause := range d.Lead.Causes {
		s.rows.group(upperFirst(cause.What), cause.Devices, keysOf(cause)...)
	}
	s.rows.group("Eligible", selectedEligible(t.Summary, s.shown), devices.Cause{})
	d.Parts = append([]Part{s.rows.part(title, selected(t.Summary, s.shown), s.options.Door)}, d.Parts...)
	if grid, ok := authorityGrid(s.rows.authorities); ok {
		d.add(grid)
	}
	return writePage(s.w, d)
}

// selectedEligible counts the eligible devices that a selection holds.
func selectedEligible(s *devices.Summary, shown devices.Selection) int {
	switch {
	case shown.Has(ivp.WithinPeriod):
		return s.Reasons[ivp.WithinPeriod]
	case shown.Closing():
		return s.Within
	}
	return 0
}

// selected counts the devices that a selection holds.
func selected(s *devices.Summary, shown devices.Selection) int {
	n := selectedEligible(s, shown)
	for r, count := range s.Reasons {
		if r != ivp.WithinPeriod && shown.Has(r) {
			n += count
		}
	}
	return n
}

// checkLead is the document of a check without its parts.
func checkLead(summary *devices.Summary, options Options) Document {
	count := devices.OutcomeCount{}
	for _, o := range ivp.Outcomes() {
		count[o] = summary.Count(o)
	}
	h, lead := options.Checker.History, remarks.NewAnswer(summary, options.Judge, options.Door)
	return Document{
		Door: options.Door, Title: titleOf(nil), Outcomes: &count, Lead: lead, Answer: lead.Sentence, Rules: evidence.NewRulesCount(h, summary.Today),
		Warnings: remarks.Warnings(summary, h, options.Door), Notes: remarks.Notes(summary, options.Checker, options.Door),
	}
}

// checkDocument is the document of a check, without its rows. run may be nil: then
// what only it knows is left out.
func checkDocument(summary *devices.Summary, options Options, run *evidence.Run) Document {
	d := checkLead(summary, options)
	d.Made = "Made on " + remarks.Day(options.Today) + "."
	d.Notes, d.Evidence = append(d.Notes, inputNotes(run)...), run
	if run != nil {
		for _, in := range run.Inputs {
			d.Inputs = append(d.Inputs, in.Name)
		}
		d.Title = titleOf(d.Inputs)
	}
	d.Parts = append(d.Parts, checkTimeline(summary, options, run), Part{
		Title: "Counts", Grids: []Grid{reasonGrid(summary), versionGrid(summary), typeGrid(summary)},
	}, stockPart(summary, options, run))
	return d
}

func titleOf(inputs []string) string {
	switch len(inputs) {
	case 0:
		return "Install eligibility"
	case 1:
		return "Install eligibility: " + inputs[0]
	}
	return fmt.Sprintf("Install eligibility: %d files", len(inputs))
}

func reasonGrid(s *devices.Summary) Grid {
	g := Grid{Title: "Devices by reason", Heads: heads("Reason", "Answer", ">Devices", ">Share", "What it means", "")}
	g.Heads[0].Class, g.Heads[4].Class = "keep", "meaning"
	largest := 1
	for _, n := range s.Reasons {
		largest = max(largest, n)
	}
	for _, r := range ivp.Reasons() {
		if n := s.Reasons[r]; n > 0 {
			var count devices.OutcomeCount
			count[r.Outcome()] = n
			g.Rows = append(g.Rows, []any{upperFirst(r.Phrase()), r.Outcome().String(), n, share(n, s.Devices), r.Sentence(), OutcomeBar{count, largest}})
		}
	}
	return g
}

// countGrid counts devices by name and outcome.
func countGrid(title, head string, rows []namedOutcomes) Grid {
	g := Grid{Title: title, Heads: heads(head, ">Eligible", ">Not eligible", ">Undetermined", ">All", "")}
	largest := 1
	for _, row := range rows {
		largest = max(largest, total(row.count))
	}
	for _, row := range rows {
		g.Rows = append(g.Rows, []any{
			row.name, row.count[ivp.Eligible], row.count[ivp.NotEligible], row.count[ivp.Undetermined], total(row.count), OutcomeBar{row.count, largest},
		})
	}
	return g
}

// namedOutcomes are devices of one name by their outcomes.
type namedOutcomes struct {
	name  string
	count devices.OutcomeCount
}

func versionGrid(s *devices.Summary) Grid {
	var rows []namedOutcomes
	for _, spec := range s.SortedSpecs() {
		rows = append(rows, namedOutcomes{evidence.SpecName(spec), *s.Specs[spec]})
	}
	if s.OtherSpecs != (devices.OutcomeCount{}) {
		rows = append(rows, namedOutcomes{"other versions", s.OtherSpecs})
	}
	return countGrid("Devices by version", "Version", rows)
}

func typeGrid(s *devices.Summary) Grid {
	var rows []namedOutcomes
	for _, kind := range s.SortedTypes() {
		rows = append(rows, namedOutcomes{evidence.TypeName(kind), *s.Types[kind]})
	}
	return countGrid("Devices by type", "Device type", rows)
}

// stockPart says until when the eligible devices may be installed.
func stockPart(s *devices.Summary, options Options, run *evidence.Run) Part {
	closes := "the last day on which they may be installed"
	if options.Checker.LastDayExcluded {
		closes = "the end date of that period, which is itself outside it"
	}
	eligible := s.Count(ivp.Eligible)
	if eligible == 0 {
		return Part{Title: "When the stock runs out", Words: []string{"No device may be installed, so that there is none to count."}}
	}
	intro := fmt.Sprintf("Devices that may be installed: %s. They are counted here by %s.", remarks.Thousands(eligible), closes)
	if run != nil && run.Question.On == "" {
		intro += " Each is judged for the date in its own row; --on today judges stock that is not installed yet."
	}
	today := remarks.Day(options.Today)
	coming := Grid{Title: "Still to come"}
	past := Grid{Title: "Closed before " + today}
	days := closingDays(s)
	counts := map[*Grid]int{}
	for _, d := range days {
		g := &coming
		if closed(d.day, options) {
			g = &past
		}
		counts[g] += d.devices
		g.Rows = append(g.Rows, []any{d.day, strings.Join(d.versions, ", "), d.devices, counts[g]})
	}
	part := Part{Title: "When the stock runs out", Words: []string{intro}}
	for _, line := range []struct {
		devices int
		says    string
	}{
		{counts[&coming], "the period is open on " + today + ", and ends on a known date."},
		{counts[&past], "the period had ended before " + today + ". They were eligible on the day for which they are judged, and may no longer be installed by the same Tables."},
		{s.OpenEnd, "the Tables set no end to the period."},
		{s.EndUnknown, "the end of the period is not on record."},
	} {
		if line.devices > 0 {
			part.Words = append(part.Words, remarks.Plural(line.devices, "device")+": "+line.says)
		}
	}
	if part.Picture = closingChart(days, options); part.Picture != "" {
		part.Caption = closingCaption(days, options)
	}
	for _, g := range []Grid{coming, past} {
		if g.Heads = heads("Last day", "Versions", ">Devices", ">So far"); len(g.Rows) > 0 {
			part.Grids = append(part.Grids, g)
		}
	}
	return part
}

// closingDay counts the eligible devices by the end of their window.
type closingDay struct {
	day      ivp.Date
	versions []string
	devices  int
}

// closingDays returns the closings of a summary, those of one day together.
func closingDays(s *devices.Summary) []closingDay {
	var days []closingDay
	for _, c := range s.SortedClosings() {
		if n := len(days); n == 0 || days[n-1].day != c.To {
			days = append(days, closingDay{day: c.To})
		}
		last := &days[len(days)-1]
		last.versions = append(last.versions, c.Spec.String())
		last.devices += s.Closings[c]
	}
	return days
}

// closed reports whether nothing of a window that ends then is left today.
func closed(end ivp.Date, options Options) bool {
	return end.Before(options.Today) || options.Checker.LastDayExcluded && end == options.Today
}
