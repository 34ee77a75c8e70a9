// Package chart draws, for every version on record, the days on which it may be
// installed, as an SVG picture without external parts.
package chart

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

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
	Label string // such as "today, 2026-11-24"
}

// MarksOf returns the marks of a chart: the day in question and the day whose
// tables are used or, if both are zero, today. Each may be zero.
func MarksOf(on, asAt, today ivp.Date) (marks []Mark) {
	if on.Valid() {
		marks = append(marks, Mark{on, "the installation day, " + on.String()})
	}
	if asAt.Valid() {
		marks = append(marks, Mark{asAt, "tables of " + asAt.String()})
	}
	if len(marks) == 0 && today.Valid() {
		marks = append(marks, Mark{today, "today, " + today.String()})
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
	var marks []Mark
	for _, m := range options.Marks {
		if m.Day.Valid() {
			marks = append(marks, m)
		}
	}
	options.Marks = marks
	c := Chart{options: options, checker: checker, groups: groupsOf(checker, options.GBCS)}
	c.axis = newAxis(c.events(), marks)
	return c
}

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
		s = "Each row is one version, and every day is judged by the tables as at " + c.checker.AsAt.String() + "."
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

// Row is one version, in the general case or in a scope with a window of its own.
type Row struct {
	Spec  ivp.Spec
	Scope string // empty for the general case
	// Bars cover every day of the calendar, in order and without a gap.
	Bars []Bar
}

// Name returns the version and, if there is one, the scope.
func (r Row) Name() string {
	if r.Scope == "" {
		return r.Spec.String()
	}
	return r.Spec.String() + ", " + r.Scope
}

func groupsOf(checker ivp.Checker, gbcs bool) []Group {
	groups := []Group{
		{Family: ivp.SMETS, Title: "SMETS: meters and other devices"},
		{Family: ivp.CHTS, Title: "CHTS: communications hubs"},
	}
	if gbcs {
		groups = append(groups, Group{Family: ivp.GBCS, Title: "GBCS: when each version applies"})
	}
	scopes := scopesOf(checker.History)
	for i := range groups {
		for _, spec := range checker.History.Specs() {
			if spec.Family == groups[i].Family {
				groups[i].Rows = append(groups[i].Rows, rowsOf(checker, spec, scopes[spec])...)
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
// from the general case on some day.
func rowsOf(checker ivp.Checker, spec ivp.Spec, scopes []string) []Row {
	general := periods(checker, spec, "")
	rows := []Row{newRow(spec, "", general)}
	if spec.Family == ivp.GBCS {
		return rows
	}
	for _, scope := range scopes {
		if own := periods(checker, spec, scope); !slices.Equal(own, general) {
			rows = append(rows, newRow(spec, scope, own))
		}
	}
	return rows
}

func periods(checker ivp.Checker, spec ivp.Spec, scope string) []ivp.Period {
	if spec.Family == ivp.GBCS {
		return checker.GBCSPeriods(spec)
	}
	return checker.Periods(ivp.Installation{Spec: spec, Scope: scope})
}

func newRow(spec ivp.Spec, scope string, periods []ivp.Period) Row {
	r := Row{Spec: spec, Scope: scope}
	for _, p := range periods {
		if n := len(r.Bars); n > 0 && sameBar(r.Bars[n-1].Verdict, p.Verdict) {
			r.Bars[n-1].Last = p.Last
			continue
		}
		r.Bars = append(r.Bars, Bar{Period: p, name: r.Name(), family: spec.Family})
	}
	return r
}

// sameBar reports whether two verdicts are drawn as one bar. They may differ in
// findings that do not decide.
func sameBar(v, w ivp.Verdict) bool {
	return v.Reason == w.Reason && v.Amendment() == w.Amendment() && v.Assumed() == w.Assumed()
}

// axis maps days to positions: a day begins at its x and ends where the next
// begins.
type axis struct {
	first, last ivp.Date // the days shown, both included
	left, width float64
}

// The days shown around the days that matter: a year, and more after the last
// change, for its label.
const (
	margin = 366
	after  = 3 * 366
)

func newAxis(events []ivp.Date, marks []Mark) axis {
	a := axis{left: labelWidth, width: plotWidth}
	for _, day := range events {
		a.show(day.AddDays(-margin), day.AddDays(after))
	}
	for _, m := range marks {
		a.show(m.Day.AddDays(-margin), m.Day.AddDays(margin))
	}
	if a.first.IsZero() { // no events: any years will do
		a.show(yearStart(2000), yearStart(2003))
	}
	return a
}

// show extends the axis to include the days from one to another.
func (a *axis) show(from, to ivp.Date) {
	if a.first.IsZero() || from.Before(a.first) {
		a.first = from
	}
	if to.After(a.last) {
		a.last = to
	}
}

// x returns where the day begins, limited to the axis.
func (a axis) x(day ivp.Date) float64 {
	days := float64(a.first.DaysUntil(a.last) + 1)
	return a.left + a.width*min(max(float64(a.first.DaysUntil(day))/days, 0), 1)
}

// end returns where the day ends.
func (a axis) end(day ivp.Date) float64 {
	if day == ivp.MaxDate() {
		return a.left + a.width
	}
	return a.x(day.AddDays(1))
}

func (a axis) right() float64 { return a.left + a.width }

// narrowest is the smallest distance between two labelled years.
const narrowest = 36

// years returns the first days of the years that get a tick, as many as there is
// room for labels.
func (a axis) years() []ivp.Date {
	step := 1
	perYear := a.width / float64(a.first.DaysUntil(a.last)+1) * 365.25
	for _, step = range []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000} {
		if perYear*float64(step) >= narrowest {
			break
		}
	}
	from, _, _ := a.first.Civil()
	to, _, _ := a.last.Civil()
	var days []ivp.Date
	for year := from - from%step; year <= to; year += step {
		if day := yearStart(year); day.Valid() && !day.Before(a.first) {
			days = append(days, day)
		}
	}
	return days
}

// yearStart returns the first day of a year; zero if the calendar does not have
// the year.
func yearStart(year int) ivp.Date {
	day, err := ivp.NewDate(year, time.January, 1)
	if err != nil {
		return ivp.Date{}
	}
	return day
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
