package report

import (
	"fmt"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/rundown"
	"github.com/mp196/ivp/cmd/internal/screen"
)

// document returns the report; most is how many lines of detail it has at most,
// 0 for all.
func (r rundownReport) document(most int) Document {
	chart, words := r.chart()
	d := Document{
		Title: "Run-down of stock", Answer: r.answer(), Facts: r.facts(), Warnings: r.warnings(), Notes: r.notes(),
		Chart: chart, ChartWords: words, Evidence: r.Evidence, Rules: evidence.NewRulesCount(r.Rules, r.Summary.Today),
	}
	d.Notes = append(d.Notes, inputNotes(r.Evidence)...)
	if len(r.Lots) > 0 {
		d.Grids = append(d.Grids, r.dateGrid(), r.detailGrid(most))
	}
	if r.PlanFile != nil {
		d.Grids = append(d.Grids, r.planGrid())
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
		g.Note = fmt.Sprintf("The first %s of %s lines; -o FILE.csv writes all.", thousands(most), thousands(len(r.Lots)))
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
