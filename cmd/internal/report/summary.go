package report

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// WriteSummary writes the summary for a person to read; its first line says
// the most. more are lines that say how the inputs were read and written.
func WriteSummary(w io.Writer, s *devices.Summary, h ivp.History, more []string) {
	fmt.Fprintf(w, "checked %s: %d eligible, %d not eligible, %d undetermined\n",
		remarks.Plural(s.Devices, "device"), s.Count(ivp.Eligible), s.Count(ivp.NotEligible), s.Count(ivp.Undetermined))
	writeReasons(w, s)
	writeSpecs(w, s)
	writeFaults(w, s)
	for _, note := range slices.Concat(remarks.Notes(s, h), more) {
		fmt.Fprintln(w, note)
	}
	fmt.Fprintf(w, "rules: edition %s, sha256 %s\n", h.Edition(), h.Digest())
	for _, warning := range remarks.Warnings(s, h, remarks.AmendFlag) {
		fmt.Fprintln(w, "warning: "+warning)
	}
}

// writeFaults names the first cells and rows that could not be read.
func writeFaults(w io.Writer, s *devices.Summary) {
	if s.Faults == 0 {
		return
	}
	fmt.Fprintln(w, "not read")
	for _, fault := range s.FirstFaults {
		fmt.Fprintln(w, "  "+fault.Text)
	}
	if more := s.Faults - len(s.FirstFaults); more > 0 {
		fmt.Fprintf(w, "  and %s more; --why tells each in its row\n", remarks.Plural(more, "row"))
	}
}

func writeReasons(w io.Writer, s *devices.Summary) {
	if s.Devices == 0 {
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "by reason")
	for _, r := range ivp.Reasons() {
		if n := s.Reasons[r]; n > 0 {
			fmt.Fprintf(t, "  %s\t%d\t%s\n", r, n, r.Outcome())
		}
	}
	t.Flush()
}

func writeSpecs(w io.Writer, s *devices.Summary) {
	if s.Devices == 0 {
		return
	}
	width := len("by version")
	for spec := range s.Specs {
		width = max(width, len(evidence.SpecName(spec)))
	}
	fmt.Fprintf(w, "%-*s  %9s  %12s  %12s\n", width, "by version", "eligible", "not eligible", "undetermined")
	for _, spec := range s.SortedSpecs() {
		count := s.Specs[spec]
		fmt.Fprintf(w, "%-*s  %9d  %12d  %12d\n", width, evidence.SpecName(spec), count[ivp.Eligible], count[ivp.NotEligible], count[ivp.Undetermined])
	}
	if other := s.OtherSpecs; other != (devices.OutcomeCount{}) {
		fmt.Fprintf(w, "%-*s  %9d  %12d  %12d\n", width, "other", other[ivp.Eligible], other[ivp.NotEligible], other[ivp.Undetermined])
	}
}
