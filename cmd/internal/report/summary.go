package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// WriteSummary writes the summary for a person to read; its first line says
// the most. more are lines that say how the inputs were read and written.
func WriteSummary(w io.Writer, s *devices.Summary, h ivp.History, more []string) {
	fmt.Fprintf(w, "checked %s: %d eligible, %d not eligible, %d undetermined\n",
		plural(s.Devices, "device"), s.Count(ivp.Eligible), s.Count(ivp.NotEligible), s.Count(ivp.Undetermined))
	writeReasons(w, s)
	writeSpecs(w, s)
	writeFaults(w, s)
	for _, note := range slices.Concat(notes(s, h), more) {
		fmt.Fprintln(w, note)
	}
	fmt.Fprintf(w, "rules: edition %s, sha256 %s\n", h.Edition(), h.Digest())
	for _, warning := range warnings(s, h) {
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
		fmt.Fprintf(w, "  and %s more; --why tells each in its row\n", plural(more, "row"))
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

// notes say what was not asked, and what was passed over.
func notes(s *devices.Summary, h ivp.History) []string {
	var lines []string
	add := func(n int, format string, rest ...any) {
		if n > 0 {
			lines = append(lines, fmt.Sprintf(format, append([]any{plural(n, "device")}, rest...)...))
		}
	}
	add(s.VersionAlone, "%s judged by TS version alone: no device type or GBCS version to ask about")
	add(s.Assumed, "%s eligible only because an end that is not on record was taken to be open")
	if s.Malformed > 0 {
		lines = append(lines, fmt.Sprintf("%s malformed: bad-row", plural(s.Malformed, "row")))
	}
	if s.Blank > 0 {
		lines = append(lines, fmt.Sprintf("%s passed through, not counted", plural(s.Blank, "blank row")))
	}
	if s.DamagedIDs > 0 {
		lines = append(lines, damagedIDs(s))
	}
	if s.Removed > 0 {
		lines = append(lines, fmt.Sprintf("%s marked Removed on the Central Products List; the mark is not judged here", plural(s.Removed, "row")))
	}
	return lines
}

// damagedIDs names the first device ids that a spreadsheet has damaged.
func damagedIDs(s *devices.Summary) string {
	var first []string
	for _, note := range s.FirstDamaged[:min(len(s.FirstDamaged), 3)] {
		first = append(first, note.Text)
	}
	return fmt.Sprintf("%s damaged by a spreadsheet, which keeps 15 digits of a number: %s; an id is not judged, so this blocks nothing. Keep the column as text",
		plural(s.DamagedIDs, "device id"), strings.Join(first, ", "))
}

// warnings say what makes the answers weaker than they look, and what to do.
func warnings(s *devices.Summary, h ivp.History) []string {
	var lines []string
	if s.Differs > 0 {
		lines = append(lines, fmt.Sprintf("%s claiming another version than the Central Products List gives, with the same answer; --why names both", plural(s.Differs, "device")))
	}
	if s.PastRecord > 0 {
		lines = append(lines, fmt.Sprintf("%s dated after %s, the last day that this record vouches for; the Tables may say otherwise since. Add the current Tables with --amend FILE (see the README, \"Bring the rules up to date\")",
			plural(s.PastRecord, "device"), h.VouchedTo()))
	}
	if s.UnnamedScope > 0 {
		lines = append(lines, fmt.Sprintf("%s judged by the general windows, since no rule names the scope %s",
			plural(s.UnnamedScope, "device"), quoted(s.Scopes)))
	}
	return lines
}

func quoted(words []string) string {
	var all []string
	for _, word := range words {
		all = append(all, fmt.Sprintf("%q", word))
	}
	return strings.Join(all, ", ")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
