package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// mostRows is the most rows that a page or another document shows: as many as
// someone may read.
const mostRows = 1000

const (
	// mostRowsOfCause is how many rows of a cause a page shows, and mostRowGroups how
	// many causes it looks for.
	mostRowsOfCause = 100
	mostRowGroups   = 200
	// mostRowsSeen is how many rows a page looks at: the largest causes are among them,
	// and a longer inventory is not slowed down.
	mostRowsSeen = 100_000
)

// checkPage gathers the first rows of each cause, and writes the page of a check at
// the end. Its memory is bounded, however long the input.
type checkPage struct {
	w       io.Writer
	options Options
	shown   devices.Selection
	files   []string
	in      Input
	seen    int
	rows    map[devices.Cause][][]any // those without a cause under the zero value
	// authorities are the amendments that rows have named: the page shows their
	// sources once.
	authorities *remarks.Authorities
}

func newCheckPage(w io.Writer, options Options) *checkPage {
	s := &checkPage{
		w: w, options: options, authorities: remarks.NewAuthorities(options.Checker.History), rows: map[devices.Cause][][]any{},
		shown: devices.Selection{}.WithReasonsOf(ivp.NotEligible).WithReasonsOf(ivp.Undetermined),
	}
	if options.Only != nil {
		s.shown = *options.Only
	}
	return s
}

func (s *checkPage) Rows() *devices.BulkOutput {
	return typedRows(Options{Only: &s.shown}, func(row devices.TypedRow) (enough bool, err error) {
		var cause devices.Cause
		if row.Cause != nil {
			cause = *row.Cause
		}
		rows, known := s.rows[cause]
		if len(rows) < mostRowsOfCause && (known || len(s.rows) < mostRowGroups) {
			s.rows[cause] = append(rows, s.cells(row.Row, row.Result))
		}
		s.seen++
		return s.seen >= mostRowsSeen, nil
	})
}

func (s *checkPage) Begin(in Input) error {
	if s.in = in; in.File != "" {
		s.files = append(s.files, in.File)
	}
	return nil
}

// cells returns what the page shows of a row, without what its group says. They hold
// nothing of the input's own memory.
func (s *checkPage) cells(row devices.Row, r devices.Result) []any {
	s.authorities.Gather(r.Amendment())
	i := r.Installation
	cells := []any{s.in.File, strconv.Itoa(row.Line), remarks.RowName(s.in.Reader.Columns(), row), i.Type.String(), r.Spec().String(), readableSpec(i.GBCS), remarks.Day(i.On), daysCell(r)}
	if r.Waiver != nil {
		return append(cells, r.Waiver.String())
	}
	return append(cells, "")
}

// readableSpec is a version as a cell shows it, empty if it could not be read.
func readableSpec(s ivp.Spec) string {
	if s.IsUnreadable() {
		return ""
	}
	return s.String()
}

// daysCell says how long the device still may be installed, or how much too late its
// date is.
func daysCell(r devices.Result) any {
	days, ok := r.DaysLeft()
	if !ok {
		return nil
	}
	return remarks.DaysLeft(days)
}

func (s *checkPage) Notes() []string { return nil }

func (s *checkPage) End(t Totals) error {
	run := s.options.evidence(t.Summary)
	d := checkDocument(t.Summary, s.options, run)
	if run == nil {
		d.Title, d.Inputs = titleOf(s.files), s.files
	}
	d.Parts = append([]Part{s.rowsPart(d.Lead, t.Summary)}, d.Parts...)
	if grid, ok := authorityGrid(s.authorities); ok {
		d.add(grid)
	}
	return writePage(s.w, d)
}

// rowsPart shows the rows by cause, folded, and says how many are left out.
func (s *checkPage) rowsPart(lead remarks.Answer, summary *devices.Summary) Part {
	part := Part{Title: "The rows that need work", Class: "rows"}
	if s.options.Only != nil {
		part.Title = "The rows selected"
	}
	all, shown := selected(summary, s.shown), 0
	add := func(title string, devices int, rows [][]any) {
		rows = rows[:min(len(rows), mostRowsOfCause, mostRows-shown)]
		if shown += len(rows); len(rows) > 0 {
			g := s.rowGrid(title, rows)
			if len(rows) < devices {
				g.Note = fmt.Sprintf("The first %s of %s.", remarks.Thousands(len(rows)), remarks.Thousands(devices))
			}
			part.Grids = append(part.Grids, g)
		}
	}
	for _, cause := range lead.Causes {
		var rows [][]any
		for _, of := range cause.Of() {
			rows = append(rows, s.rows[of]...)
			delete(s.rows, of)
		}
		add(remarks.Thousands(cause.Devices)+": "+upperFirst(cause.What), cause.Devices, rows)
	}
	eligible := s.rows[devices.Cause{}]
	delete(s.rows, devices.Cause{})
	add("Eligible", selectedEligible(summary, s.shown), eligible)
	switch {
	case all == 0:
		part.Words = []string{"There are none."}
	case shown < all:
		part.Words = []string{fmt.Sprintf("%s of %s are shown here, the first of each cause; -o FILE.xlsx or FILE.csv writes all.", remarks.Thousands(shown), remarks.Plural(all, "row"))}
	default:
		part.Words = []string{fmt.Sprintf("All %s are here, by cause.", remarks.Plural(all, "row"))}
	}
	return part
}

// rowGrid is a table of rows; columns without a value are left out.
func (s *checkPage) rowGrid(title string, rows [][]any) Grid {
	g := Grid{Title: title, Fold: title, Class: "cause", Wide: true}
	all := heads("File", ">Line", "Device", "Type", "Version", "GBCS", "Day", "Time left", "Waiver")
	all[2].Class, all[3].Class, all[8].Class = "device", "keep", "explanation"
	for _, i := range []int{4, 5, 6, 7} {
		all[i].Class = "keep"
	}
	var kept []int
	for i := range all {
		if i == 1 || i == 2 || slices.ContainsFunc(rows, func(row []any) bool { return cellText(row[i]) != "" }) {
			kept = append(kept, i)
			g.Heads = append(g.Heads, all[i])
		}
	}
	for _, row := range rows {
		var cells []any
		for _, i := range kept {
			cells = append(cells, row[i])
		}
		g.Rows = append(g.Rows, cells)
	}
	return g
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
	g.Heads[0].Class = "keep"
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
