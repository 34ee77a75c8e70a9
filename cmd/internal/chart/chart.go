// Package chart draws, for every version on record, the days on which it may be
// installed, as an SVG picture without external parts.
package chart

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/ivp"
)

// Options say what a chart shows and where it is used. The zero value draws the
// SMETS and CHTS versions, for use in a page.
type Options struct {
	// Title names the chart for screen readers; if Standalone, it is also drawn.
	// If empty, there is a default.
	Title string
	// Marks are days marked with a line across the chart.
	Marks []Mark
	// From and To are the first and the last day shown. If From is zero, every day
	// is shown on which something changes, and the marked days. Otherwise a version
	// also has a row for each GBCS version whose answers differ on the days shown.
	From, To ivp.Date
	// Stock counts the user's devices by version. If it is not nil, only the
	// versions in it are shown, each with its count.
	Stock map[ivp.Spec]int
	// GBCS adds the versions of GBCS, each on its own.
	GBCS bool
	// Standalone draws a background and the title, for a picture in its own file.
	Standalone bool
	// ID is the prefix of ids within the picture: letters, digits and hyphens.
	// Two pictures in one page need different ones. The default is "timeline".
	ID string
}

// Mark is a marked day. A mark with a zero day is not drawn.
type Mark struct {
	Day   ivp.Date
	Label string // such as "today, 24 Nov 2026"
}

// MarksOf returns the marks of a chart: the day in question or, if it is zero,
// today, and the day whose tables are used. Each may be zero.
func MarksOf(on, asAt, today ivp.Date) (marks []Mark) {
	switch {
	case on.Valid():
		marks = append(marks, Mark{on, "the installation day, " + ShortDay(on)})
	case today.Valid():
		marks = append(marks, Mark{today, "today, " + ShortDay(today)})
	}
	if asAt.Valid() {
		marks = append(marks, Mark{asAt, "tables of " + ShortDay(asAt)})
	}
	return marks
}

// Chart is a picture of the answers of a checker. Make it with [New].
type Chart struct {
	options Options
	checker ivp.Checker
	groups  []Group
	axis    axis
}

// New returns the chart of every version that the checker's record names.
func New(checker ivp.Checker, options Options) Chart {
	options.ID = cmp.Or(options.ID, "timeline")
	options.Title = cmp.Or(options.Title, "When each version may be installed")
	options.Marks = slices.DeleteFunc(slices.Clone(options.Marks), func(m Mark) bool {
		return !m.Day.Valid() || options.From.Valid() && (m.Day.Before(options.From) || m.Day.After(options.To))
	})
	c := Chart{options: options, checker: checker}
	c.groups = c.newGroups()
	c.axis = newAxis(options.From, options.To)
	if !options.From.Valid() {
		c.axis = axisAround(c.events(), options.Marks)
	}
	return c
}

// Marks returns the marks that are on a day shown.
func (c Chart) Marks() []Mark { return c.options.Marks }

// Groups returns the rows, a group for each family.
func (c Chart) Groups() []Group { return c.groups }

// events returns every day on which some row changes.
func (c Chart) events() []ivp.Date {
	var days []ivp.Date
	for _, g := range c.groups {
		for _, r := range g.Rows {
			for _, b := range r.Bars {
				if b.First != ivp.MinDate() {
					days = append(days, b.First)
				}
			}
		}
	}
	return days
}

// Says returns, in words, which tables the chart uses and how it is read.
func (c Chart) Says() string {
	s := "Each row is one version, and each day is judged by the tables in force on that day."
	if c.checker.AsAt.Valid() {
		s = "Each row is one version, and every day is judged by the tables as at " + remarks.Day(c.checker.AsAt) + "."
	}
	if c.checker.LastDayExcluded {
		s += " An end date is read as the first day on which the version may no longer be installed."
	}
	if c.checker.AssumeOpen {
		s += " An end that is not on record is taken to be open."
	}
	return s
}

// Group is the rows of one family.
type Group struct {
	Family ivp.Family
	Title  string
	Rows   []Row
}

// Row is one version: in the general case, in a scope with a window of its own,
// or with a GBCS version that makes a difference.
type Row struct {
	Spec  ivp.Spec
	Scope string   // empty for the general case
	GBCS  ivp.Spec // zero except with a GBCS version that makes a difference
	// Bars cover every day of the calendar, in order and without a gap.
	Bars []Bar
}

// Name returns the version with its scope or its GBCS version, if it has one.
func (r Row) Name() string {
	switch {
	case r.Scope != "":
		return r.Spec.String() + ", " + r.Scope
	case !r.GBCS.IsZero():
		return r.Spec.String() + " with " + r.GBCS.String()
	}
	return r.Spec.String()
}

func (c Chart) newGroups() []Group {
	groups := []Group{
		{Family: ivp.SMETS, Title: "SMETS: meters and other devices"},
		{Family: ivp.CHTS, Title: "CHTS: communications hubs"},
	}
	if c.options.GBCS {
		groups = append(groups, Group{Family: ivp.GBCS, Title: "GBCS: when each version applies"})
	}
	scopes := scopesOf(c.checker.History)
	for i := range groups {
		for _, spec := range c.checker.History.Specs() {
			if _, owned := c.options.Stock[spec]; spec.Family == groups[i].Family && (owned || c.options.Stock == nil) {
				groups[i].Rows = append(groups[i].Rows, c.rowsOf(spec, scopes[spec])...)
			}
		}
	}
	return slices.DeleteFunc(groups, func(g Group) bool { return len(g.Rows) == 0 })
}

// scopesOf returns, for each version, the scopes in which the record has an entry
// for it.
func scopesOf(h ivp.History) map[ivp.Spec][]string {
	scopes := map[ivp.Spec][]string{}
	for _, a := range h.Amendments() {
		for _, e := range a.Entries {
			same := func(scope string) bool { return strings.EqualFold(scope, e.Scope) }
			if e.Scope != "" && !slices.ContainsFunc(scopes[e.Spec], same) {
				scopes[e.Spec] = append(scopes[e.Spec], e.Scope)
			}
		}
	}
	return scopes
}

// rowsOf returns the version's row, and one for each scope whose answers differ
// from the general case on some day shown, and for each such GBCS version.
func (c Chart) rowsOf(spec ivp.Spec, scopes []string) []Row {
	if spec.Family == ivp.GBCS {
		return []Row{newRow(Row{Spec: spec}, c.checker.GBCSPeriods(spec))}
	}
	general := c.checker.Periods(ivp.Installation{Spec: spec})
	rows := []Row{newRow(Row{Spec: spec}, general)}
	for _, scope := range scopes {
		if own := c.checker.Periods(ivp.Installation{Spec: spec, Scope: scope}); c.differ(own, general) {
			rows = append(rows, newRow(Row{Spec: spec, Scope: scope}, own))
		}
	}
	if !c.options.From.Valid() {
		return rows
	}
	for _, gbcs := range gbcsOf(c.checker.History, spec) {
		if own := c.checker.Periods(ivp.Installation{Spec: spec, GBCS: gbcs}); c.outcomesDiffer(own, general) {
			rows = append(rows, newRow(Row{Spec: spec, GBCS: gbcs}, own))
		}
	}
	return rows
}

// gbcsOf returns the GBCS versions that some pair on record gives to a version.
func gbcsOf(h ivp.History, spec ivp.Spec) (all []ivp.Spec) {
	for _, p := range h.Pairs() {
		if p.Spec == spec && p.GBCS.Family == ivp.GBCS && !p.GBCS.NoGBCS() && !slices.Contains(all, p.GBCS) {
			all = append(all, p.GBCS)
		}
	}
	slices.SortFunc(all, ivp.CompareSpecs)
	return all
}

// differ reports whether answers differ: on any day if the whole history is
// shown, otherwise in outcome on a day shown.
func (c Chart) differ(a, b []ivp.Period) bool {
	if !c.options.From.Valid() {
		return !slices.Equal(a, b)
	}
	return c.outcomesDiffer(a, b)
}

// outcomesDiffer reports whether outcomes differ on a day shown.
func (c Chart) outcomesDiffer(a, b []ivp.Period) bool {
	outcomes := func(periods []ivp.Period) (outcomes []ivp.Outcome, days []ivp.Date) {
		for _, p := range periods {
			if p.Last.Before(c.options.From) || p.First.After(c.options.To) {
				continue
			}
			if n := len(outcomes); n == 0 || outcomes[n-1] != p.Verdict.Outcome() {
				outcomes, days = append(outcomes, p.Verdict.Outcome()), append(days, p.First)
			}
		}
		return outcomes, days[min(1, len(days)):] // the first begins where the days shown begin
	}
	of, at := outcomes(a)
	with, on := outcomes(b)
	return !slices.Equal(of, with) || !slices.Equal(at, on)
}

func newRow(r Row, periods []ivp.Period) Row {
	for _, p := range periods {
		if n := len(r.Bars); n > 0 && sameBar(r.Bars[n-1].Verdict, p.Verdict) {
			r.Bars[n-1].Last = p.Last
			continue
		}
		r.Bars = append(r.Bars, Bar{Period: p, name: r.Name(), family: r.Spec.Family})
	}
	return r
}

// sameBar reports whether two verdicts are drawn as one bar. They may differ in
// findings that do not decide.
func sameBar(v, w ivp.Verdict) bool {
	return v.Reason == w.Reason && v.Amendment() == w.Amendment() && v.Assumed() == w.Assumed()
}

// number formats a length to a hundredth, which is finer than a day.
func number(x float64) string {
	return strings.TrimSuffix(strings.TrimSuffix(fmt.Sprintf("%.2f", x), "0"), ".0")
}

// text writes a text; an empty anchor means start.
func (d *drawing) text(x, y float64, class, anchor, s string) {
	fmt.Fprintf(d, `<text x="%s" y="%s"`, number(x), number(y))
	if class != "" {
		fmt.Fprintf(d, ` class="%s"`, class)
	}
	if anchor != "" {
		fmt.Fprintf(d, ` text-anchor="%s"`, anchor)
	}
	fmt.Fprintf(d, ">%s</text>", escape(s))
}

// escape makes text safe in an element and in a quoted attribute. What XML
// cannot hold at all is shown otherwise.
func escape(s string) string { return html.EscapeString(screen.Text(s)) }
