package report

import (
	"fmt"
	"slices"

	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// textSheet writes a small sheet from the top.
type textSheet struct {
	styles workbookStyles
	stream *excelize.StreamWriter
	row    int
	failed error
}

func (s *workbookSink) newTextSheet(name string, widths ...float64) (*textSheet, error) {
	if _, err := s.file.NewSheet(name); err != nil {
		return nil, err
	}
	if err := forPaper(s.file, name, "portrait"); err != nil {
		return nil, err
	}
	stream, err := s.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	for i, width := range widths {
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	return &textSheet{styles: s.styles, stream: stream}, nil
}

// put writes a row in which each cell has the same style.
func (t *textSheet) put(style int, values ...any) {
	cells := make([]any, len(values))
	for i, v := range values {
		cells[i] = excelize.Cell{StyleID: style, Value: v}
		if _, isNumber := v.(int); isNumber {
			cells[i] = excelize.Cell{StyleID: t.styles.number, Value: v}
		}
	}
	t.row++
	if err := t.stream.SetRow(fmt.Sprintf("A%d", t.row), cells); err != nil && t.failed == nil {
		t.failed = err
	}
}

// section begins a part of the sheet with its titles.
func (t *textSheet) section(titles ...any) {
	t.row++
	t.put(t.styles.heading, titles...)
}

func (t *textSheet) end() error {
	if t.failed != nil {
		return t.failed
	}
	return t.stream.Flush()
}

func (s *workbookSink) writeSummary(summary *devices.Summary, run *evidence.Run) error {
	t, err := s.newTextSheet("Summary", 34, 14, 14, 16, 70)
	if err != nil {
		return err
	}
	history := s.options.Checker.History
	t.put(t.styles.title, "Install eligibility")
	t.put(0, "Devices", summary.Devices)
	for _, o := range ivp.Outcomes() {
		t.put(s.styles.outcomes[o], o.String(), summary.Count(o))
	}
	t.reasons(summary)
	t.outcomes("By version", specRows(summary))
	t.outcomes("By device type", typeRows(summary))
	t.closings(summary)
	t.section("Notes")
	for _, note := range slices.Concat(remarks.Notes(summary, history), remarks.Warnings(summary, history, remarks.AmendFlag), inputNotes(run), s.Notes()) {
		t.put(0, note)
	}
	t.section("Rules")
	t.put(0, "Edition", history.Edition())
	t.put(0, "SHA-256", history.Digest())
	t.put(0, "The Code prevails. This is no part of the Smart Energy Code, and no advice.")
	return t.end()
}

func (t *textSheet) reasons(summary *devices.Summary) {
	t.section("By reason", "devices", "outcome", "", "what it means")
	for _, r := range ivp.Reasons() {
		if n := summary.Reasons[r]; n > 0 {
			t.put(0, r.String(), n, r.Outcome().String(), "", r.Sentence())
		}
	}
}

// outcomeRow is a name and its devices by outcome.
type outcomeRow struct {
	name  string
	count devices.OutcomeCount
}

func specRows(summary *devices.Summary) (rows []outcomeRow) {
	for _, spec := range summary.SortedSpecs() {
		rows = append(rows, outcomeRow{evidence.SpecName(spec), *summary.Specs[spec]})
	}
	if summary.OtherSpecs != (devices.OutcomeCount{}) {
		rows = append(rows, outcomeRow{"other", summary.OtherSpecs})
	}
	return rows
}

func typeRows(summary *devices.Summary) (rows []outcomeRow) {
	for _, kind := range summary.SortedTypes() {
		rows = append(rows, outcomeRow{evidence.TypeName(kind), *summary.Types[kind]})
	}
	return rows
}

func (t *textSheet) outcomes(title string, rows []outcomeRow) {
	t.section(title, "eligible", "not eligible", "undetermined")
	for _, row := range rows {
		t.put(0, row.name, row.count[ivp.Eligible], row.count[ivp.NotEligible], row.count[ivp.Undetermined])
	}
}

// closings says when the eligible devices lose their eligibility.
func (t *textSheet) closings(summary *devices.Summary) {
	t.section("Eligible devices by their last day", "devices", "version")
	for _, c := range summary.SortedClosings() {
		t.put(0, c.To.String(), summary.Closings[c], c.Spec.String())
	}
	if summary.OpenEnd > 0 {
		t.put(0, "open", summary.OpenEnd)
	}
	if summary.EndUnknown > 0 {
		t.put(0, "not on record", summary.EndUnknown)
	}
}

func (s *workbookSink) writeEvidence(run *evidence.Run) error {
	if run == nil {
		return nil
	}
	t, err := s.newTextSheet("Evidence", 14, 34, 100)
	if err != nil {
		return err
	}
	t.put(t.styles.title, "Evidence")
	section := ""
	for _, line := range evidenceLines(run) {
		if line.Section != section {
			section = line.Section
			t.section(section, "", "")
		}
		t.put(t.styles.wrapped, "", line.Label, s.text(line.Value))
	}
	return t.end()
}
