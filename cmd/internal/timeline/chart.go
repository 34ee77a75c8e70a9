// Package timeline draws, for every version on record, the days on which it
// may be installed, as an SVG picture that needs nothing but itself.
package timeline

import (
	"cmp"

	"github.com/mp196/ivp/ivp"
)

// Options say what a chart shows and where it will stand. The zero value draws
// the SMETS and CHTS versions, to stand in a page.
type Options struct {
	// Title names the chart for a reader who cannot see it; where Standalone,
	// it is also drawn. Empty takes one of our own.
	Title string
	// Marks are days that a line across the chart points out.
	Marks []Mark
	// GBCS adds the versions of GBCS, each by itself.
	GBCS bool
	// Standalone draws a background and the title, for a picture that is a file
	// of its own.
	Standalone bool
	// ID begins the ids within the picture; two pictures in one page need two.
	// Empty takes "timeline". Letters, digits and hyphens.
	ID string
}

// Mark is a day that is pointed out. One without a day is not drawn.
type Mark struct {
	Day   ivp.Date
	Label string // such as "today, 2026-11-24"
}

// MarksOf returns the days that a chart on some terms points out: the day asked
// about, the day whose tables are asked, and today where there is neither. Each
// may be no date.
func MarksOf(on, asAt, today ivp.Date) (marks []Mark) {
	if on.Valid() {
		marks = append(marks, Mark{on, "the day asked about, " + on.String()})
	}
	if asAt.Valid() {
		marks = append(marks, Mark{asAt, "tables of " + asAt.String()})
	}
	if len(marks) == 0 && today.Valid() {
		marks = append(marks, Mark{today, "today, " + today.String()})
	}
	return marks
}

// Chart is a picture of a record on some terms. Make it with [New].
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

// Says returns in words by which tables the chart was drawn and how it is read.
func (c Chart) Says() string {
	s := "Each row is one version, and each day is judged by the tables that stood on that day."
	if c.checker.AsAt.Valid() {
		s = "Each row is one version, and every day is judged by the tables as they stood on " + c.checker.AsAt.String() + "."
	}
	if c.checker.LastDayExcluded {
		s += " An end date is taken for the first day on which the version may no longer be installed."
	}
	if c.checker.AssumeOpen {
		s += " An end that is not on record is taken to be open."
	}
	return s
}
