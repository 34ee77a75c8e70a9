package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/rundown"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// RundownOptions say what the report of a run-down shows.
type RundownOptions struct {
	// Rules are the record that was asked.
	Rules ivp.History
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
	w, err := compress.NewWriter(o.Compression, o.W)
	if err != nil {
		return err
	}
	report := rundownReport{r, options}
	switch o.Format {
	case CSV:
		err = report.writeCSV(w)
	case JSON:
		err = report.writeJSON(w)
	case JSONL:
		err = report.writeJSONL(w)
	case Workbook:
		err = report.writeWorkbook(w)
	default:
		err = WriteDocument(w, o.Format, report.document(htmlRows))
	}
	if err != nil {
		return err
	}
	return w.Close()
}

// WriteRundownSummary writes the summary for a person to read; its first line
// says the most. more are lines that say how the inputs were read.
func WriteRundownSummary(w io.Writer, r *rundown.Rundown, options RundownOptions, more []string) {
	report := rundownReport{r, options}
	fmt.Fprintln(w, report.answer())
	writeFaults(w, options.Summary)
	for _, note := range slices.Concat(report.notes(), more) {
		fmt.Fprintln(w, note)
	}
	fmt.Fprintf(w, "rules: edition %s, sha256 %s\n", options.Rules.Edition(), options.Rules.Digest())
	for _, warning := range report.warnings() {
		fmt.Fprintln(w, "warning: "+warning)
	}
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
	parts := []string{thousands(now.Devices) + " installable"}
	for _, c := range kindCounts {
		if n := r.of(c.kind).Devices; n > 0 {
			parts = append(parts, thousands(n)+" "+c.words)
		}
	}
	text := fmt.Sprintf("stock on %s: %s: %s", r.On, devicesWord(all.Devices), strings.Join(parts, ", "))
	if r.Plan == nil {
		return text + r.needed()
	}
	text += fmt.Sprintf("; %s stranded %s", thousands(now.Stranded), r.byPlan())
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
	return fmt.Sprintf("; %s of them close on a day on record, and %s/week would fit these in time", thousands(r.of(rundown.Dated).Devices), thousands(int(r.perWeek())))
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
	return remarks.Notes(r.Summary, r.Rules)
}

// warnings say what makes the answer weaker than it looks, and what to do.
func (r rundownReport) warnings() []string {
	all := remarks.Warnings(r.Summary, r.Rules, remarks.AmendFlag)
	late := 0
	for _, lot := range r.Lots {
		if closes, ok := lot.Closes(); ok && closes.After(r.Rules.VouchedTo(r.Summary.Today)) {
			late += lot.Devices
		}
	}
	if late > 0 && r.Summary.PastRecord == 0 {
		all = append(all, fmt.Sprintf("%s closing after %s, the last day that this record vouches for: their closing days are as they had been set by then, and the Tables may say otherwise since. Add the current Tables with --amend FILE (see the README, \"Bring the rules up to date\")",
			devicesWord(late), r.Rules.VouchedTo(r.Summary.Today)))
	}
	if r.Unplanned > 0 {
		all = append(all, fmt.Sprintf("%s that may be installed and that no line of %s is for: taken never to be installed. Add a line for them", devicesWord(r.Unplanned), r.Plan.Name))
	}
	for _, team := range r.Idle {
		if r.PlanFile != nil {
			all = append(all, fmt.Sprintf("%s has a rate for %s, and there is no such stock to install", r.Plan.Name, &r.Plan.Teams[team]))
		}
	}
	if n := r.Total(func(rundown.Kind) bool { return true }).Costless; r.Valued && n > 0 {
		all = append(all, fmt.Sprintf("%s without a cost that can be read, left out of every sum of money: --unit-cost POUNDS gives them one", devicesWord(n)))
	}
	return all
}
