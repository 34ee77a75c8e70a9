package report

import (
	"bufio"
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/cmd/internal/style"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

//go:embed report.html.tmpl
var pageText string

var pages = template.Must(template.New("pages").Parse(pageText))

func writePage(w io.Writer, name string, page any) error {
	out := bufio.NewWriter(screen.NewWriter(w))
	if err := pages.ExecuteTemplate(out, name, page); err != nil {
		return err
	}
	return out.Flush()
}

// htmlPage is what the page of a report shows, in its order.
type htmlPage struct {
	Style       template.CSS
	Title       string
	Answer      string
	Inputs      []string
	Question    []string
	Today       string
	Tiles       []tile
	Proportion  template.HTML
	Warnings    []string
	Notes       []string
	Faults      []string
	MoreFaults  string
	Timeline    timelineView
	Counts      []countTable
	Reasons     []reasonRow
	Stock       stock
	Rows        []htmlRow
	Several     bool // inputs
	RowsCaption string
	Limited     bool // whether the rows are those that were asked for
	Authorities []remarks.Authority
	Evidence    []evidenceSection
	Rules       evidence.RulesCount
	RulesName   string
}

func (s *htmlSink) page(summary *devices.Summary, run *evidence.Run) htmlPage {
	h := s.options.Checker.History
	count := outcomeCount(summary)
	p := htmlPage{
		Style:  template.CSS(style.Sheet),
		Answer: answer(summary), Inputs: s.inputs(run), Question: questionWords(s.options.Checker, run), Today: s.options.Today.String(),
		Tiles: tilesOf(count), Proportion: proportionBar(count),
		Warnings: remarks.Warnings(summary, h, remarks.AmendFlag), Notes: append(remarks.Notes(summary, h), inputNotes(run)...),
		Timeline: timelineOf(s.options, run),
		Counts:   []countTable{versionTable(summary), typeTable(summary)}, Reasons: reasonRows(summary),
		Stock: stockOf(summary, s.options, run),
		Rows:  s.rows, Several: len(s.files) > 0, RowsCaption: s.rowsCaption(summary), Limited: s.options.Only != nil,
		Authorities: s.maker.authorities.Gathered(), Evidence: evidenceSections(run), Rules: evidence.NewRulesCount(h, summary.Today), RulesName: evidence.RulesName(h),
	}
	p.Title = pageTitle(p.Inputs)
	for _, fault := range summary.FirstFaults {
		p.Faults = append(p.Faults, fault.Text)
	}
	if more := summary.Faults - len(summary.FirstFaults); more > 0 {
		p.MoreFaults = "and " + thousands(more) + " more"
	}
	return p
}

func answer(s *devices.Summary) string {
	return fmt.Sprintf("%s: %s eligible, %s not eligible, %s undetermined", devicesWord(s.Devices),
		thousands(s.Count(ivp.Eligible)), thousands(s.Count(ivp.NotEligible)), thousands(s.Count(ivp.Undetermined)))
}

// inputs names what was read, as far as it is known.
func (s *htmlSink) inputs(run *evidence.Run) []string {
	if run == nil {
		return s.files
	}
	var names []string
	for _, in := range run.Inputs {
		names = append(names, in.Name)
	}
	return names
}

func pageTitle(inputs []string) string {
	switch len(inputs) {
	case 0:
		return "Install eligibility"
	case 1:
		return "Install eligibility: " + inputs[0]
	}
	return fmt.Sprintf("Install eligibility: %d files", len(inputs))
}

// rowsCaption says which rows the page shows, and of how many.
func (s *htmlSink) rowsCaption(summary *devices.Summary) string {
	all := selected(summary, s.shown)
	what := "Devices that are not eligible, or undetermined"
	if s.options.Only != nil {
		what = "The devices selected"
	}
	switch {
	case all == 0:
		return "There are none."
	case all > len(s.rows):
		return fmt.Sprintf("%s: the first %s of %s; -o FILE.csv writes all", what, thousands(len(s.rows)), thousands(all))
	}
	return fmt.Sprintf("%s: all %s", what, thousands(all))
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

// evidenceSection is part of what the run rests on.
type evidenceSection struct {
	Name  string
	Lines []evidenceLine
}

// evidenceSections gathers the lines of evidence under their sections; none
// where the evidence is not known.
func evidenceSections(run *evidence.Run) []evidenceSection {
	if run == nil {
		return nil
	}
	var sections []evidenceSection
	for _, line := range evidenceLines(run) {
		if n := len(sections); n == 0 || sections[n-1].Name != line.Section {
			sections = append(sections, evidenceSection{Name: line.Section})
		}
		last := &sections[len(sections)-1]
		last.Lines = append(last.Lines, line)
	}
	return sections
}

// timelineView is the part of a page that shows the timeline.
type timelineView struct {
	chart.Chart
	Picture template.HTML
	Marks   string
}

func timelineOf(options Options, run *evidence.Run) timelineView {
	marks := marksOf(options, run)
	return newTimelineView(chart.New(options.Checker, chart.Options{Marks: marks}), marks)
}

func newTimelineView(chart chart.Chart, marks []chart.Mark) timelineView {
	return timelineView{chart, template.HTML(chart.SVG()), markWords(marks)}
}
