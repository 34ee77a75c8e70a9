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

// mostRows is the most rows that a page or another document shows: as many as
// someone may read.
const mostRows = 1000

// checkPage gathers the first rows, and writes the page of a check at the end. Its
// memory is bounded by mostRows, however long the input.
type checkPage struct {
	w       io.Writer
	options Options
	shown   devices.Selection
	files   []string
	in      Input
	rows    [][]any
	// authorities are the amendments that rows have named: the page shows their
	// sources once.
	authorities *remarks.Authorities
}

func newCheckPage(w io.Writer, options Options) *checkPage {
	s := &checkPage{
		w: w, options: options, authorities: remarks.NewAuthorities(options.Checker.History),
		shown: devices.Selection{}.WithReasonsOf(ivp.NotEligible).WithReasonsOf(ivp.Undetermined),
	}
	if options.Only != nil {
		s.shown = *options.Only
	}
	return s
}

func (s *checkPage) Rows() *devices.BulkOutput {
	return typedRows(Options{Only: &s.shown}, func(row devices.TypedRow) (enough bool, err error) {
		if len(s.rows) < mostRows {
			s.rows = append(s.rows, s.cells(row.Row, row.Result))
		}
		return len(s.rows) >= mostRows, nil
	})
}

func (s *checkPage) Begin(in Input) error {
	if s.in = in; in.File != "" {
		s.files = append(s.files, in.File)
	}
	return nil
}

// cells returns what the page shows of a row. They hold nothing of the input's own
// memory.
func (s *checkPage) cells(row devices.Row, r devices.Result) []any {
	explanation := s.authorities.Explanation(r)
	if r.Waiver != nil {
		explanation += " Waived: " + r.Waiver.String() + "."
	}
	return []any{
		s.in.File, row.Line, remarks.RowName(s.in.Reader.Columns(), row), r.Spec().String(), r.Installation.On,
		r.Outcome().String(), r.Reason.String(), r.Amendment(), explanation,
	}
}

func (s *checkPage) Notes() []string { return nil }

func (s *checkPage) End(t Totals) error {
	run := s.options.evidence(t.Summary)
	d := checkDocument(t.Summary, s.options, run)
	if run == nil {
		d.Title, d.Inputs = titleOf(s.files), s.files
	}
	d.Parts = append(d.Parts, s.rowsPart(t.Summary))
	if grid, ok := authorityGrid(s.authorities); ok {
		d.add(grid)
	}
	return writePage(s.w, d)
}

// rowsPart shows the rows, and says which they are, and of how many.
func (s *checkPage) rowsPart(summary *devices.Summary) Part {
	part := Part{Title: "The rows that are not eligible, or undetermined"}
	what := "Devices that are not eligible, or undetermined"
	if s.options.Only != nil {
		part.Title, what = "The rows selected", "The devices selected"
	}
	all := selected(summary, s.shown)
	g := Grid{Title: fmt.Sprintf("%s: all %s", what, remarks.Thousands(all)), Wide: true, Rows: s.rows}
	switch {
	case all == 0:
		part.Words = []string{"There are none."}
		return part
	case all > len(s.rows):
		g.Title = fmt.Sprintf("%s: the first %s of %s; -o FILE.csv writes all", what, remarks.Thousands(len(s.rows)), remarks.Thousands(all))
	}
	g.Heads = heads("File", ">Line", "Device", "Version", "Day", "Answer", "Reason", "Amendment", "Explanation")
	for i, class := range []string{2: "device", 3: "keep", 6: "keep", 7: "keep", 8: "explanation"} {
		if class != "" {
			g.Heads[i].Class = class
		}
	}
	if len(s.files) == 0 {
		g.Heads = g.Heads[1:]
		for i, row := range g.Rows {
			g.Rows[i] = row[1:]
		}
	}
	part.Grids = []Grid{g}
	return part
}

// selected counts the devices that a selection holds.
func selected(s *devices.Summary, shown devices.Selection) int {
	n := 0
	for r, count := range s.Reasons {
		if shown.Has(r) {
			n += count
		}
	}
	if shown.Closing() && !shown.Has(ivp.WithinPeriod) {
		n += s.Within
	}
	return n
}

// authorityGrid shows amendments with their sources; ok is false where there is
// none.
func authorityGrid(a *remarks.Authorities) (g Grid, ok bool) {
	g = Grid{Title: "The amendments named above, and their sources", Heads: heads("Amendment", "In force", "What it does", "Source"), Wide: true}
	g.Heads[3].Class = "explanation"
	for _, authority := range a.Gathered() {
		g.Rows = append(g.Rows, []any{authority.ID, authority.InForce, authority.Title, strings.Join(authority.Citations, "; ")})
	}
	return g, len(g.Rows) > 0
}

// checkLead is the document of a check without its parts.
func checkLead(summary *devices.Summary, options Options) Document {
	count := devices.OutcomeCount{}
	for _, o := range ivp.Outcomes() {
		count[o] = summary.Count(o)
	}
	h, lead := options.Checker.History, remarks.NewAnswer(summary, options.Judge, remarks.CommandLine)
	return Document{
		Title: titleOf(nil), Outcomes: &count, Lead: lead, Answer: lead.Sentence, Rules: evidence.NewRulesCount(h, summary.Today),
		Warnings: remarks.Warnings(summary, h, remarks.CommandLine), Notes: remarks.Notes(summary, options.Checker, remarks.CommandLine),
	}
}

// checkDocument is the document of a check, without its rows. run may be nil: then
// what only it knows is left out.
func checkDocument(summary *devices.Summary, options Options, run *evidence.Run) Document {
	d := checkLead(summary, options)
	d.Made = fmt.Sprintf("Made on %s, by the rules of edition %s.", remarks.Day(options.Today), evidence.RulesName(options.Checker.History))
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
	g.Heads[0].Class = "keep"
	largest := 1
	for _, n := range s.Reasons {
		largest = max(largest, n)
	}
	for _, r := range ivp.Reasons() {
		if n := s.Reasons[r]; n > 0 {
			var count devices.OutcomeCount
			count[r.Outcome()] = n
			g.Rows = append(g.Rows, []any{r.String(), r.Outcome().String(), n, share(n, s.Devices), r.Sentence(), OutcomeBar{count, largest}})
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
		closes = "the end date of that window, which is itself outside it"
	}
	intro := fmt.Sprintf("Of the %s found eligible: when does the window that made each of them eligible end? The devices are counted by %s, by the tables that were asked.", remarks.Plural(s.Count(ivp.Eligible), "device"), closes)
	if run != nil && run.Question.On == "" {
		intro += " Each was judged for the date in its own row; for stock that is still to be installed, ask with --on today."
	}
	coming := Grid{Title: "Still to come"}
	past := Grid{Title: "Closed already before " + options.Today.String()}
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
	part := Part{Title: "When the stock runs out", Words: []string{
		intro,
		fmt.Sprintf("%s: the window is open on %s, and ends on a known date.", remarks.Plural(counts[&coming], "device"), options.Today),
		fmt.Sprintf("%s: the window had closed already by %s. They were eligible on the day for which they were judged; by the same tables, that time is over.", remarks.Plural(counts[&past], "device"), options.Today),
		remarks.Plural(s.OpenEnd, "device") + ": the Tables set no end to the window.",
		remarks.Plural(s.EndUnknown, "device") + ": the end of the window is not on record.",
	}}
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
