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
	writeCauses(w, needsWork, d.Lead.AllCauses())
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
func writeCauses(w io.Writer, title string, causes []remarks.Cause) {
	if len(causes) == 0 {
		return
	}
	fmt.Fprintln(w, title+":")
	shown := causes[:min(len(causes), mostCausesOnScreen)]
	width := len(remarks.Thousands(shown[0].Devices))
	before := ""
	for _, c := range shown {
		width = max(width, len(remarks.Thousands(c.Devices)))
	}
	for _, c := range shown {
		what, do, places := upperFirst(c.What), upperFirst(c.Do), ""
		if len(c.First) > 0 {
			places = " (" + strings.Join(c.First, ", ") + ")"
		}
		if do == "" {
			what += places
		}
		fmt.Fprintf(w, "  %*s  %s\n", width, remarks.Thousands(c.Devices), what)
		switch {
		case do == "":
		case do == before:
			fmt.Fprintf(w, "  %*s  As above%s\n", width, "", places)
		default:
			fmt.Fprintf(w, "  %*s  %s%s\n", width, "", do, places)
		}
		before = do
	}
	if more := causes[len(shown):]; len(more) > 0 {
		rest := 0
		for _, c := range more {
			rest += c.Devices
		}
		fmt.Fprintf(w, "  and %s, %s; -o FILE.html or FILE.xlsx shows all\n", remarks.Plural(len(more), "more cause"), remarks.Plural(rest, "device"))
	}
}
