//go:build !js

package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/rundown"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// RundownOptions say what the report of a run-down shows.
type RundownOptions struct {
	// Judge has the rules, and the terms of the question.
	devices.Judge
	// Summary is what the pass over the stock counted.
	Summary *devices.Summary
	// Valued says that costs are known.
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
		d := report.document(mostRows)
		d.Screen = o.Screen
		return WriteDocument(w, o.Format, d)
	})
}

// WriteRundownSummary writes the summary for a person to read; its first line
// says the most. more are lines that say how the inputs were read.
func WriteRundownSummary(w io.Writer, r *rundown.Rundown, options RundownOptions, more []string) {
	report := rundownReport{r, options}
	fmt.Fprintln(w, strings.TrimSuffix(sentence(report.answer()), "."))
	fmt.Fprintln(w, report.counts())
	writeCauses(w, needsWork, report.lead().AllCauses())
	h := options.Checker.History
	more = append(more, remarks.RulesKnown(h, options.Summary.Today)+", edition "+evidence.RulesName(h))
	writeRemarks(w, slices.Concat(report.notes(), more), report.warnings())
}

// rundownReport is a run-down with what its report shows.
type rundownReport struct {
	*rundown.Rundown
	RundownOptions
}

// answer says the most in a sentence: the rate at which nothing is stranded, and
// what is at the rate given.
func (r rundownReport) answer() string {
	now, dated := r.Total(rundown.Kind.Installable), r.of(rundown.Dated)
	on := remarks.Day(r.On)
	switch all, unknown := r.all().Devices, r.of(rundown.Undetermined).Devices; {
	case all == 0:
		return "no device was read"
	case unknown == 1 && all == 1:
		return "the one device in stock cannot be judged on " + on
	case unknown == all:
		return fmt.Sprintf("none of the %s in stock can be judged on %s", remarks.Plural(all, "device"), on)
	case now.Devices == 0 && all == 1:
		return "the one device in stock may not be installed on " + on
	case now.Devices == 0:
		return fmt.Sprintf("none of the %s in stock may be installed on %s", remarks.Plural(all, "device"), on)
	case dated.Devices == 0 && now.Devices == 1:
		return "1 device may be installed on " + on + ", and its closing day is not on record"
	case dated.Devices == 0:
		return fmt.Sprintf("%s may be installed on %s, and no closing day of any of them is on record", remarks.Plural(now.Devices, "device"), on)
	}
	needed := remarks.Thousands(int(r.perWeek())) + " a week"
	value := ""
	if r.Valued && r.Plan == nil {
		value = fmt.Sprintf(" (%s)", Pence(dated.Pence))
	}
	strands := fmt.Sprintf("strands none of the %s%s with a closing day", remarks.Plural(dated.Devices, "device"), value)
	if dated.Devices == 1 {
		strands = "does not strand the one device" + value + " with a closing day"
	}
	text := fmt.Sprintf("installing %s from %s %s", needed, on, strands)
	switch {
	case r.Plan == nil || r.rate() == needed && now.Stranded == 0:
	case now.Stranded == 0:
		text = fmt.Sprintf("installing %s from %s %s, and %s would do", r.byPlan(), on, strands, needed)
	case r.Valued:
		text += fmt.Sprintf("; %s strands %s, %s at risk", r.rate(), remarks.Thousands(now.Stranded), Pence(now.StrandedPence))
	default:
		text += fmt.Sprintf("; %s strands %s", r.rate(), remarks.Thousands(now.Stranded))
	}
	first := r.Dates()[0]
	closing := "the first " + remarks.Thousands(first.Devices) + " close"
	switch {
	case dated.Devices == 1:
		closing = "it closes"
	case first.Devices == dated.Devices:
		closing = "all close"
	case first.Devices == 1:
		closing = "the first closes"
	}
	return text + "; " + closing + " on " + remarks.Day(first.Day)
}

// rate names how fast stock is installed: "120 a week" or the plan's file.
func (r rundownReport) rate() string {
	if r.PlanFile != nil {
		return r.Plan.Name
	}
	return strings.Replace(r.Plan.Name, "/", " a ", 1)
}

// counts say how many devices are in stock, and what may be done with them.
func (r rundownReport) counts() string {
	parts := []string{remarks.Thousands(r.Total(rundown.Kind.Installable).Devices) + " may be installed"}
	for _, c := range []struct {
		kind  rundown.Kind
		words string
	}{
		{rundown.OpensLater, "may not be installed yet"}, {rundown.Closed, "may not be installed"}, {rundown.Undetermined, "cannot be judged"},
	} {
		if n := r.of(c.kind).Devices; n > 0 {
			parts = append(parts, remarks.Thousands(n)+" "+c.words)
		}
	}
	return fmt.Sprintf("%s in stock on %s: %s", remarks.Plural(r.all().Devices, "device"), remarks.Day(r.On), strings.Join(parts, ", "))
}

func (r rundownReport) of(kind rundown.Kind) rundown.Lot {
	return r.Total(func(k rundown.Kind) bool { return k == kind })
}

func (r rundownReport) all() rundown.Lot {
	return r.Total(func(rundown.Kind) bool { return true })
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
	return "at " + r.rate()
}

// lead has what to do about most of what cannot be judged, and why devices may not be
// installed. Rows that are no device are in no cause.
func (r rundownReport) lead() remarks.Answer {
	answer := remarks.NewAnswer(r.Summary, r.Judge, remarks.CommandLine)
	lead := remarks.Answer{Remedy: answer.Remedy, More: answer.More}
	for _, c := range answer.Causes {
		if c.Reason == ivp.NoVersion.String() {
			c.Devices -= r.Others
		}
		if c.Devices > 0 {
			lead.Causes = append(lead.Causes, c)
		}
	}
	return lead
}

// notes say what was not judged, and what is in no sum.
func (r rundownReport) notes() []string {
	notes := remarks.Notes(r.Summary, r.Checker, remarks.CommandLine)
	if r.Plan != nil {
		notes = append(notes, r.Plan.Notes...)
	}
	if r.Others > 0 {
		notes = append(notes, fmt.Sprintf("%s without a device type, version or model: taken to be no device, and in no sum", remarks.Plural(r.Others, "row")))
	}
	return notes
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
		all = append(all, fmt.Sprintf("%s: the closing days of %s, all later, are as they were set by then, and may have changed since. Add the current Tables as an amendment file (--amend FILE; see \"ivp help amend\")",
			remarks.RulesKnown(r.Checker.History, r.Summary.Today), remarks.Plural(late, "device")))
	}
	if r.Unplanned > 0 {
		all = append(all, fmt.Sprintf("%s that may be installed and that no line of %s is for: taken never to be installed. Add a line for them", remarks.Plural(r.Unplanned, "device"), r.Plan.Name))
	}
	for _, team := range r.Idle {
		if r.PlanFile != nil {
			all = append(all, fmt.Sprintf("%s has a rate for %s, and there is no such stock to install", r.Plan.Name, &r.Plan.Teams[team]))
		}
	}
	if n := r.all().Costless; r.Valued && n > 0 {
		all = append(all, fmt.Sprintf("%s without a cost that can be read, left out of every sum of money: --unit-cost POUNDS gives them one", remarks.Plural(n, "device")))
	}
	return all
}

// document returns the report; most is how many lines of detail it has at most,
// 0 for all.
func (r rundownReport) document(most int) Document {
	chart, words := r.chart()
	d := Document{
		Title: "Run-down of stock", Answer: r.answer(), Lead: r.lead(), Facts: r.facts(), Warnings: r.warnings(), Notes: r.notes(),
		Evidence: r.Evidence, Rules: evidence.NewRulesCount(r.Checker.History, r.Summary.Today),
	}
	if chart != "" {
		d.Parts = append(d.Parts, Part{Title: "How the stock runs down", Picture: chart, Caption: words})
	}
	d.Notes = append(d.Notes, inputNotes(r.Evidence)...)
	if len(r.Lots) > 0 {
		d.add(r.dateGrid())
		if fits := r.FitBy(); len(fits) > 0 {
			d.add(r.fitByGrid(fits, most))
		}
		detail := r.detailGrid(most)
		d.Parts = append(d.Parts, Part{Title: detail.Title, Class: "detail", Grids: []Grid{detail}})
	}
	if r.PlanFile != nil {
		d.add(r.planGrid())
	}
	return d
}

// facts say what was asked.
func (r rundownReport) facts() []string {
	facts := []string{r.counts() + ".", "Each day is judged by the Tables of that day, as far as they are on record."}
	switch {
	case r.Plan == nil:
		facts = append(facts, "No rate was given: --rate N/week or --plan FILE shows what is stranded.")
	case r.PlanFile != nil:
		facts = append(facts, fmt.Sprintf("Installed by the plan in %s, earliest closing first.", r.Plan.Name))
	default:
		facts = append(facts, fmt.Sprintf("Installed at %s from that day on, earliest closing first.", r.rate()))
	}
	return facts
}

// dayCell says which day a lot has, and what kind of day that is.
func (r rundownReport) dayCell(k rundown.Key) any {
	switch k.Kind {
	case rundown.Dated:
		return k.Day
	case rundown.NotOnRecord:
		return "not on record (vouched to " + chart.ShortDay(k.Day) + ")"
	case rundown.OpensLater:
		return "opens " + chart.ShortDay(k.Day)
	case rundown.Open:
		return "no end set"
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
	g := Grid{Title: "By date", Sheet: "By date", Note: "Remain: how many may still be installed on the day after, by the Tables on record, if none is installed before."}
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
		row := []any{r.dayCell(d.Key), nil, d.Devices, nil}
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
		row = append(append(row, r.inTime(d.Lot)...), r.money(d.Lot)...)
		g.Rows = append(g.Rows, append(row, Bar{d.Devices, largest}))
	}
	return g
}

// fitByGrid is what must be installed from each location by which day.
func (r rundownReport) fitByGrid(fits []*rundown.FitBy, most int) Grid {
	g := Grid{Title: "Fit by, at each location", Sheet: "Fit by", Wide: true, Note: "So far: what closes at the location by that day. Per week: the rate at the location, from now on, at which all of it is in time."}
	g.Heads = heads(append(append([]string{"Location", "Fit by", ">Days left", ">Devices", ">So far", ">Per week"}, r.askedHeads()...), "What")...)
	if most > 0 && len(fits) > most {
		g.Note = fmt.Sprintf("The first %s of %s lines; -o FILE.xlsx has all. ", remarks.Thousands(most), remarks.Thousands(len(fits))) + g.Note
		fits = fits[:most]
	}
	for _, f := range fits {
		row := []any{screen.Cell(cmp.Or(f.Location, "no location"), widestCell), f.Day, r.DaysLeft(f.Day), f.Devices, f.SoFar, int(f.PerWeek)}
		row = append(append(row, r.inTime(f.Lot)...), r.money(f.Lot)...)
		g.Rows = append(g.Rows, append(row, whatWords(f.Lots)))
	}
	return g
}

// whatWords say what lots are: "SMETS2 v4.2: 3 ESME, 2 GSME; CHTS v1.3: 1 CHF".
func whatWords(lots []rundown.Lot) string {
	slices.SortStableFunc(lots, func(a, b rundown.Lot) int { return ivp.CompareSpecs(a.Spec, b.Spec) })
	var words strings.Builder
	for i, lot := range lots {
		switch {
		case i > 0 && lots[i-1].Spec == lot.Spec:
			words.WriteString(", ")
		case i > 0:
			words.WriteString("; ")
			fallthrough
		default:
			words.WriteString(evidence.SpecName(lot.Spec) + ": ")
		}
		words.WriteString(remarks.Thousands(lot.Devices) + " " + evidence.TypeName(lot.Type))
	}
	return words.String()
}

// detailGrid is the stock by date, type, version and location.
func (r rundownReport) detailGrid(most int) Grid {
	g := Grid{Title: "Detail", Sheet: "Detail", Wide: true, Fold: "By closing day, type, version and location"}
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
		g.Rows = append(g.Rows, append(row, whyWords(lot), lot.Amendment))
	}
	return g
}

// whyWords say what ends the time of a lot that closes, or else why the lot may be
// installed or not.
func whyWords(lot rundown.Lot) string {
	switch {
	case lot.Kind == rundown.Dated && lot.Reason == ivp.AfterEnd:
		return "its period ends"
	case lot.Kind == rundown.Dated && lot.Reason == ivp.GBCSEnded:
		return "its GBCS version ends"
	case lot.Kind == rundown.Dated:
		return "then " + lot.Reason.Phrase()
	}
	return lot.Reason.Phrase()
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
