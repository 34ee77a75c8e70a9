package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
)

// mostCausesOnScreen is how many causes a terminal shows: with what stands above and
// below them they take a screen.
const mostCausesOnScreen = 6

// WriteSummary writes what a document of a check says of all rows, for a terminal.
// more are lines that say how the inputs were read and written.
func WriteSummary(w io.Writer, summary *devices.Summary, options Options, more []string) {
	d := checkLead(summary, options)
	for _, line := range []string{d.Answer, d.Lead.Remedy, d.Lead.Terms} {
		if line != "" {
			fmt.Fprintln(w, line)
		}
	}
	writeCauses(w, d.Lead)
	writeRemarks(w, slices.Concat(d.Notes, more), d.Warnings)
}

// writeRemarks writes what a reader should know besides the counts.
func writeRemarks(w io.Writer, notes, warnings []string) {
	for _, note := range notes {
		fmt.Fprintln(w, note)
	}
	for _, warning := range warnings {
		fmt.Fprintln(w, "warning: "+warning)
	}
}

// writeCauses writes the largest causes, each with what to do on a line below it.
func writeCauses(w io.Writer, lead remarks.Answer) {
	causes := lead.AllCauses()
	if len(causes) == 0 {
		return
	}
	fmt.Fprintln(w, "What needs work:")
	shown := causes[:min(len(causes), mostCausesOnScreen)]
	width := len(remarks.Thousands(shown[0].Devices))
	before := ""
	for _, c := range shown {
		width = max(width, len(remarks.Thousands(c.Devices)))
	}
	for _, c := range shown {
		fmt.Fprintf(w, "  %*s  %s\n", width, remarks.Thousands(c.Devices), upperFirst(c.What))
		do := upperFirst(c.Do)
		if do != "" && do == before {
			do = "As above"
		} else {
			before = do
		}
		if len(c.First) > 0 {
			do += " (" + strings.Join(c.First, ", ") + ")"
		}
		if do != "" {
			fmt.Fprintf(w, "  %*s  %s\n", width, "", do)
		}
	}
	if more := causes[len(shown):]; len(more) > 0 {
		rest := 0
		for _, c := range more {
			rest += c.Devices
		}
		fmt.Fprintf(w, "  and %s, %s; -o FILE.html or FILE.xlsx shows all\n", remarks.Plural(len(more), "more cause"), remarks.Plural(rest, "device"))
	}
}
