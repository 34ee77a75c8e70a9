package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/rundown"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// RundownOptions say what the report of a run-down shows.
type RundownOptions struct {
	// Checker is the rules, and the terms of the question.
	Checker ivp.Checker
	// Summary is what the pass over the stock counted.
	Summary *devices.Summary
	// Valued says that costs are told.
	Valued bool
	// Style is that of CSV.
	Style devices.CSVStyle
	// PlanFile is the plan that was read; nil where there was none.
	PlanFile *evidence.File
	// Evidence is what the run rests on; nil where no output shows it.
	Evidence *evidence.Run
}

// WriteRundown writes the run-down of stock to the output.
func (o Output) WriteRundown(r *rundown.Rundown, options RundownOptions) error {
	report := rundownReport{r, options}
	return o.Write(func(w io.Writer) error {
		switch o.Format {
		case CSV:
			return report.writeCSV(w)
		case JSON:
			return report.writeJSON(w)
		case JSONL:
			return report.writeJSONL(w)
		case Workbook:
			return report.writeWorkbook(w)
		}
		return WriteDocument(w, o.Format, report.document(mostRows))
	})
}

// WriteRundownSummary writes the summary for a person to read; its first line
// says the most. more are lines that say how the inputs were read.
func WriteRundownSummary(w io.Writer, r *rundown.Rundown, options RundownOptions, more []string) {
	report := rundownReport{r, options}
	fmt.Fprintln(w, report.answer())
	writeFaults(w, options.Summary)
	h := options.Checker.History
	more = append(more, remarks.RulesKnown(h, options.Summary.Today)+", edition "+evidence.RulesName(h))
	writeRemarks(w, slices.Concat(report.notes(), more), report.warnings())
}

// rundownReport is a run-down with the options on which it is told.
type rundownReport struct {
	*rundown.Rundown
	RundownOptions
}

// kindCounts are the words for the kinds in the summary's first line, in its
// order.
var kindCounts = []struct {
	kind  rundown.Kind
	words string
}{
	{rundown.OpensLater, "not installable yet"}, {rundown.Closed, "not installable"}, {rundown.Undetermined, "undetermined"},
}

// answer says the most in a line.
func (r rundownReport) answer() string {
	all := r.Total(func(rundown.Kind) bool { return true })
	now := r.Total(rundown.Kind.Installable)
	parts := []string{remarks.Thousands(now.Devices) + " installable"}
	for _, c := range kindCounts {
		if n := r.of(c.kind).Devices; n > 0 {
			parts = append(parts, remarks.Thousands(n)+" "+c.words)
		}
	}
	text := fmt.Sprintf("stock on %s: %s: %s", r.On, remarks.Plural(all.Devices, "device"), strings.Join(parts, ", "))
	if r.Plan == nil {
		return text + r.needed()
	}
	text += fmt.Sprintf("; %s stranded %s", remarks.Thousands(now.Stranded), r.byPlan())
	if r.Valued {
		text += ", at risk " + Pence(now.StrandedPence).String()
	}
	return text
}

func (r rundownReport) of(kind rundown.Kind) rundown.Lot {
	return r.Total(func(k rundown.Kind) bool { return k == kind })
}

// needed says how fast stock must be installed for none to be stranded.
func (r rundownReport) needed() string {
	if r.of(rundown.Dated).Devices == 0 {
		return ""
	}
	return fmt.Sprintf("; %s of them close on a day on record, and %s/week would fit these in time", remarks.Thousands(r.of(rundown.Dated).Devices), remarks.Thousands(int(r.perWeek())))
}

// perWeek is the rate at which nothing is stranded.
func (r rundownReport) perWeek() (most int64) {
	for _, d := range r.Dates() {
		most = max(most, d.PerWeek)
	}
	return most
}

func (r rundownReport) byPlan() string {
	if r.PlanFile != nil {
		return "by " + r.Plan.Name
	}
	return "at " + r.Plan.Name
}

// notes say what was not asked, and what was passed over.
func (r rundownReport) notes() []string {
	return remarks.Notes(r.Summary, r.Checker, remarks.CommandLine)
}

// warnings say what makes the answer weaker than it looks, and what to do.
func (r rundownReport) warnings() []string {
	all := remarks.Warnings(r.Summary, r.Checker.History, remarks.CommandLine)
	late := 0
	for _, lot := range r.Lots {
		if closes, ok := lot.Closes(); ok && closes.After(r.Checker.History.VouchedTo(r.Summary.Today)) {
			late += lot.Devices
		}
	}
	if late > 0 && r.Summary.PastRecord == 0 {
		all = append(all, fmt.Sprintf("%s closing after %s, the last day that this record vouches for: their closing days are as they had been set by then, and the Tables may say otherwise since. Add the current Tables with --amend FILE (see \"ivp help amend\")",
			remarks.Plural(late, "device"), r.Checker.History.VouchedTo(r.Summary.Today)))
	}
	if r.Unplanned > 0 {
		all = append(all, fmt.Sprintf("%s that may be installed and that no line of %s is for: taken never to be installed. Add a line for them", remarks.Plural(r.Unplanned, "device"), r.Plan.Name))
	}
	for _, team := range r.Idle {
		if r.PlanFile != nil {
			all = append(all, fmt.Sprintf("%s has a rate for %s, and there is no such stock to install", r.Plan.Name, &r.Plan.Teams[team]))
		}
	}
	if n := r.Total(func(rundown.Kind) bool { return true }).Costless; r.Valued && n > 0 {
		all = append(all, fmt.Sprintf("%s without a cost that can be read, left out of every sum of money: --unit-cost POUNDS gives them one", remarks.Plural(n, "device")))
	}
	return all
}

// document returns the report; most is how many lines of detail it has at most,
// 0 for all.
func (r rundownReport) document(most int) Document {
	chart, words := r.chart()
	d := Document{
		Title: "Run-down of stock", Answer: r.answer(), Facts: r.facts(), Warnings: r.warnings(), Notes: r.notes(),
		Evidence: r.Evidence, Rules: evidence.NewRulesCount(r.Checker.History, r.Summary.Today),
	}
	if chart != "" {
		d.Parts = append(d.Parts, Part{Picture: chart, Caption: words})
	}
	d.Notes = append(d.Notes, inputNotes(r.Evidence)...)
	if len(r.Lots) > 0 {
		d.add(r.dateGrid(), r.detailGrid(most))
	}
	if r.PlanFile != nil {
		d.add(r.planGrid())
	}
	return d
}

// facts say what was asked.
func (r rundownReport) facts() []string {
	facts := []string{fmt.Sprintf("Stock that lies uninstalled on %s, by the law of each day from then on.", r.On)}
	switch {
	case r.Plan == nil:
		facts = append(facts, "How fast it is installed was not asked: --rate N/week or --plan FILE tells what is stranded.")
	case r.PlanFile != nil:
		facts = append(facts, fmt.Sprintf("Installed by the plan in %s, what closes first first.", r.Plan.Name))
	default:
		facts = append(facts, fmt.Sprintf("Installed at %s from that day on, what closes first first.", r.Plan.Name))
	}
	return facts
}

// dayCell says which day a lot has, and what kind of day that is.
func (r rundownReport) dayCell(k rundown.Key) any {
	switch k.Kind {
	case rundown.Dated:
		return k.Day
	case rundown.NotOnRecord:
		return fmt.Sprintf("not on record (vouched to %s)", k.Day)
	case rundown.OpensLater:
		return fmt.Sprintf("opens %s", k.Day)
	case rundown.Closed:
		return "not installable"
	}
	return k.Kind.String()
}

// inTime are the cells that tell what is fitted and stranded, none where that
// was not asked; empty for what cannot be stranded, as far as is known.
func (r rundownReport) inTime(lot rundown.Lot) []any {
	switch {
	case r.Plan == nil:
		return nil
	case lot.Kind != rundown.Dated:
		return []any{nil, nil}
	}
	return []any{lot.Fitted, lot.Stranded}
}

// money are the cells that tell what lots cost, none where that was not asked;
// empty for lots of which no device has a cost.
func (r rundownReport) money(lot rundown.Lot) []any {
	cells := []any{nil, nil}
	if lot.Costless < lot.Devices {
		cells[0] = Pence(lot.Pence)
	}
	if lot.Costless < lot.Devices && lot.Kind == rundown.Dated {
		cells[1] = Pence(lot.StrandedPence)
	}
	switch {
	case !r.Valued:
		return nil
	case r.Plan == nil:
		return cells[:1]
	}
	return cells
}

// askedHeads names the columns that [rundownReport.inTime] and
// [rundownReport.money] fill.
func (r rundownReport) askedHeads() (names []string) {
	if r.Plan != nil {
		names = append(names, ">Fitted", ">Stranded")
	}
	if r.Valued {
		names = append(names, ">Value")
	}
	if r.Valued && r.Plan != nil {
		names = append(names, ">At risk")
	}
	return names
}

// dateGrid is the stock by date.
func (r rundownReport) dateGrid() Grid {
	g := Grid{Title: "By date", Sheet: "By date", Note: "Remain: how many the record says may still be installed on the day after, if none is installed before."}
	names := []string{"Closes", ">Days left", ">Devices", ">Remain"}
	if r.Plan == nil {
		names = append(names, ">Per week")
		g.Note += " Per week: the rate from now on that would fit all that close by then."
	}
	g.Heads = heads(append(append(names, r.askedHeads()...), "Drawn")...)
	dates := r.Dates()
	largest := 0
	for _, d := range dates {
		largest = max(largest, d.Devices)
	}
	for _, d := range dates {
		row := []any{r.dayCell(rundown.Key{Kind: d.Kind, Day: d.Day}), nil, d.Devices, nil}
		if d.Kind == rundown.Dated {
			row[1], row[3] = r.DaysLeft(d.Day), d.Remain
		}
		if r.Plan == nil {
			var perWeek any
			if d.Kind == rundown.Dated {
				perWeek = int(d.PerWeek)
			}
			row = append(row, perWeek)
		}
		row = append(append(row, r.inTime(d.Lot())...), r.money(d.Lot())...)
		g.Rows = append(g.Rows, append(row, Bar{d.Devices, largest}))
	}
	return g
}

// detailGrid is the stock by date, type, version and location.
func (r rundownReport) detailGrid(most int) Grid {
	g := Grid{Title: "Detail", Sheet: "Detail", Wide: true}
	located := false
	for _, lot := range r.Lots {
		located = located || lot.Location != ""
	}
	names := []string{"Closes", "Device type", "Version"}
	if located {
		names = append(names, "Location")
	}
	g.Heads = heads(append(append(append(names, ">Devices"), r.askedHeads()...), "Why", "Amendment")...)
	lots := r.Lots
	if most > 0 && len(lots) > most {
		lots = lots[:most]
		g.Note = fmt.Sprintf("The first %s of %s lines; -o FILE.csv writes all.", remarks.Thousands(most), remarks.Thousands(len(r.Lots)))
	}
	for _, lot := range lots {
		row := []any{r.dayCell(lot.Key), evidence.TypeName(lot.Type), evidence.SpecName(lot.Spec)}
		if located {
			row = append(row, screen.Cell(lot.Location, widestCell))
		}
		row = append(row, lot.Devices)
		row = append(append(row, r.inTime(lot)...), r.money(lot)...)
		g.Rows = append(g.Rows, append(row, lot.Reason.String(), lot.Amendment))
	}
	return g
}

// planGrid shows the plan as it was read.
func (r rundownReport) planGrid() Grid {
	g := Grid{Title: "Plan", Sheet: "Plan", Heads: heads("For", "From", "To", ">Per week")}
	g.Note = fmt.Sprintf("%s, SHA-256 %s", r.PlanFile.Name, r.PlanFile.SHA256)
	for i := range r.Plan.Teams {
		team := &r.Plan.Teams[i]
		for _, rate := range team.Rates {
			g.Rows = append(g.Rows, []any{team.String(), rate.From, rate.To, int(rate.PerWeek)})
		}
	}
	return g
}
