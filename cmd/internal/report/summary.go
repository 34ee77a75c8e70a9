package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// SummaryWire is the JSON shape of a summary; what is absent is left out.
type SummaryWire struct {
	Devices      int                       `json:"devices"`
	Outcomes     map[string]int            `json:"outcomes"`
	Reasons      map[string]int            `json:"reasons"`
	Specs        map[string]map[string]int `json:"specs"`
	VersionAlone int                       `json:"by_version_alone,omitempty"`
	Assumed      int                       `json:"assumed_open,omitempty"`
	Blank        int                       `json:"blank_rows,omitempty"`
	Malformed    int                       `json:"malformed_rows,omitempty"`
	Removed      int                       `json:"marked_removed,omitempty"`
	Differs      int                       `json:"claim_differs,omitempty"`
	PastRecord   int                       `json:"past_record,omitempty"`
	UnnamedScope int                       `json:"unnamed_scope,omitempty"`
	Rules        RulesWire                 `json:"rules"`
}

// RulesWire says which record was asked.
type RulesWire struct {
	Edition   string   `json:"edition"`
	SHA256    string   `json:"sha256"`
	VouchedTo ivp.Date `json:"vouched_to"`
}

// NewRulesWire returns what names a record.
func NewRulesWire(h ivp.History) RulesWire {
	return RulesWire{h.Edition(), h.Digest(), h.VouchedTo()}
}

// NewSummaryWire returns the JSON shape of a summary.
func NewSummaryWire(s *devices.Summary, h ivp.History) SummaryWire {
	w := SummaryWire{
		Devices: s.Devices, VersionAlone: s.VersionAlone, Assumed: s.Assumed, Blank: s.Blank, Malformed: s.Malformed,
		Removed: s.Removed, Differs: s.Differs, PastRecord: s.PastRecord, UnnamedScope: s.UnnamedScope, Rules: NewRulesWire(h),
		Outcomes: map[string]int{}, Reasons: map[string]int{}, Specs: map[string]map[string]int{},
	}
	for _, o := range ivp.Outcomes() {
		w.Outcomes[o.String()] = s.Count(o)
	}
	for r, n := range s.Reasons {
		w.Reasons[r.String()] = n
	}
	for spec, count := range s.Specs {
		by := map[string]int{}
		for _, o := range ivp.Outcomes() {
			if count[o] > 0 {
				by[o.String()] = count[o]
			}
		}
		w.Specs[specName(spec)] = by
	}
	return w
}

// WriteSummary writes the summary for a person to read; its first line says
// the most.
func WriteSummary(w io.Writer, s *devices.Summary, h ivp.History) {
	fmt.Fprintf(w, "checked %s: %d eligible, %d not eligible, %d undetermined\n",
		plural(s.Devices, "device"), s.Count(ivp.Eligible), s.Count(ivp.NotEligible), s.Count(ivp.Undetermined))
	writeReasons(w, s)
	writeSpecs(w, s)
	writeFaults(w, s)
	for _, note := range notes(s, h) {
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
		width = max(width, len(specName(spec)))
	}
	fmt.Fprintf(w, "%-*s  %9s  %12s  %12s\n", width, "by version", "eligible", "not eligible", "undetermined")
	for _, spec := range s.SortedSpecs() {
		count := s.Specs[spec]
		fmt.Fprintf(w, "%-*s  %9d  %12d  %12d\n", width, specName(spec), count[ivp.Eligible], count[ivp.NotEligible], count[ivp.Undetermined])
	}
	if other := s.OtherSpecs; other != (devices.SpecCount{}) {
		fmt.Fprintf(w, "%-*s  %9d  %12d  %12d\n", width, "other", other[ivp.Eligible], other[ivp.NotEligible], other[ivp.Undetermined])
	}
}

func specName(spec ivp.Spec) string {
	if spec.IsZero() {
		return "no version read"
	}
	return spec.String()
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
	if s.Removed > 0 {
		lines = append(lines, fmt.Sprintf("%s marked Removed on the Central Products List; the mark is not judged here", plural(s.Removed, "row")))
	}
	return lines
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
