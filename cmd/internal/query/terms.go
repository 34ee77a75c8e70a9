// Package query answers questions that arrive as text: HTTP requests, and calls from
// JavaScript to the WebAssembly. All use the same names and formats.
package query

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

// Terms are the terms on which devices are judged.
type Terms struct {
	// Judge judges; its Checker has the rules and the as-at day.
	Judge devices.Judge
	// Why adds an explanation to each answer.
	Why bool
}

// Use sets the Central Products List in which models are looked up; nil means none.
func (t *Terms) Use(list *cpl.List) {
	if list != nil {
		t.Judge.Catalogue = list
	}
}

// ExpectName is the name of the digest that the rules must have.
const ExpectName = "expect_rules"

// termNames are the names of the terms in a query.
var termNames = []string{"as_at", "on", "scope", "last_day", "assume_open", "why", ExpectName}

// The names that are allowed in a query for the explanation of a device, for the
// timeline, and for the rules.
var (
	ExplainNames  = []string{"spec", "gbcs", "device_type", "as_at", "on", "scope", "last_day", "assume_open", ExpectName}
	TimelineNames = []string{"as_at", "on", "last_day", "assume_open", ExpectName}
	RulesNames    = []string{ExpectName}
)

// blankNames are the names whose value may be empty: the general scope, and cells.
var blankNames = []string{"scope", "spec", "gbcs", "device_type"}

// ParseQuery reads the query of a URL. It returns an error if any part of it cannot
// be read.
func ParseQuery(text string) (url.Values, error) {
	query, err := url.ParseQuery(text)
	if err != nil {
		return nil, fmt.Errorf("the query cannot be read: %w: want NAME=VALUE, separated by &, with %%XX for characters such as & ; %% in a value", err)
	}
	return query, nil
}

// CheckNames returns an error if a query has an unknown name, or a name without a
// value or more than once.
func CheckNames(query url.Values, known []string) error {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		switch {
		case len(known) == 0:
			return fmt.Errorf("%q: no query is allowed here: leave it out", name)
		case !slices.Contains(known, name):
			return unknownName(name, known)
		case len(query[name]) != 1 && name != MapName:
			return fmt.Errorf("%s: given %d times: want each of %s at most once", name, len(query[name]), strings.Join(known, ", "))
		case query.Get(name) == "" && !slices.Contains(blankNames, name):
			return fmt.Errorf("%s: no value is given: want one, or leave the name out", name)
		}
	}
	return nil
}

func unknownName(name string, known []string) error {
	return fmt.Errorf("%s: not allowed here: want each of %s at most once%s", name, strings.Join(known, ", "), remarks.DidYouMean(name, known))
}

// ParseTerms reads the terms of a query. What the query does not set is taken from
// the checker. more are the names that the query may have besides those of terms.
func ParseTerms(query url.Values, checker ivp.Checker, more ...string) (t Terms, err error) {
	return ParseNamed(query, checker, slices.Concat(termNames, more))
}

// ParseNamed reads the terms of a query that may have only the given names. It
// returns an error if the query expects rules other than those of the checker.
func ParseNamed(query url.Values, checker ivp.Checker, names []string) (t Terms, err error) {
	if err := CheckNames(query, names); err != nil {
		return t, err
	}
	if query.Has(ExpectName) {
		if err := checker.History.Expect(query.Get(ExpectName)); err != nil {
			return t, fmt.Errorf("%s: %w", ExpectName, err)
		}
	}
	t.Judge.Checker = checker
	if err := t.readLaw(query); err != nil {
		return t, err
	}
	if text := query.Get("on"); text != "" {
		if t.Judge.On, err = day("on", text, ""); err != nil {
			return t, err
		}
	}
	if query.Has("scope") {
		t.Judge.ScopeGiven, t.Judge.Scope = true, query.Get("scope")
	}
	t.Why, err = truth("why", query.Get("why"))
	return t, err
}

// readLaw reads the as-at day, and how the last day and open ends are read.
func (t *Terms) readLaw(query url.Values) (err error) {
	checker := &t.Judge.Checker
	switch text := query.Get("as_at"); text {
	case "":
	case "latest":
		checker.AsAt = checker.History.Latest()
	default:
		if checker.AsAt, err = day("as_at", text, ", or latest"); err != nil {
			return err
		}
	}
	switch text := query.Get("last_day"); text {
	case "", "included":
	case "excluded":
		checker.LastDayExcluded = true
	default:
		return fmt.Errorf("last_day: %q: want included or excluded", text)
	}
	if query.Has("assume_open") {
		checker.AssumeOpen, err = truth("assume_open", query.Get("assume_open"))
	}
	return err
}

func day(name, text, also string) (ivp.Date, error) {
	d, err := ivp.ParseDate(text)
	if err != nil || !d.Valid() {
		return ivp.Date{}, fmt.Errorf("%s: %q: want a day, YYYY-MM-DD%s", name, text, also)
	}
	return d, nil
}

func truth(name, text string) (bool, error) {
	switch text {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, fmt.Errorf("%s: %q: want true or false", name, text)
}

// Columns describe from which column of an inventory each field is read, and which
// columns may be chosen instead.
type Columns struct {
	// Headings are the headings found, in order.
	Headings []string `json:"headings"`
	// Choose are the fields for which a column can be chosen, those with a problem
	// first.
	Choose []ColumnChoice `json:"choose,omitempty"`
	// Sheets are the sheets of a workbook, and Sheet the one read. Encoding is that of
	// text. HeaderRow is the line or row of the heading; Dates is how dates were read.
	Sheets    []string `json:"sheets,omitempty"`
	Sheet     string   `json:"sheet,omitempty"`
	Encoding  string   `json:"encoding,omitempty"`
	HeaderRow int      `json:"header_row,omitempty"`
	Dates     string   `json:"dates,omitempty"`
}

// describe adds how the inventory was read.
func (c *Columns) describe(from opened) {
	c.Encoding = from.encoding
	if from.work != nil {
		c.Sheets, c.Sheet = from.work.Sheets()
	}
	if from.reader != nil {
		c.HeaderRow = from.reader.Heading().Line
		if from.reader.DatesRead() {
			c.Dates = from.reader.Dates().String()
		}
	}
}

// ColumnChoice is a field and its column.
type ColumnChoice struct {
	Field string `json:"field"`
	// Column is the number of the column, from 1; 0 if the field is not read.
	Column int `json:"column,omitempty"`
	// Judged is true if answers may depend on the field, Needed if nothing can be
	// judged without it.
	Judged bool `json:"judged,omitempty"`
	Needed bool `json:"needed,omitempty"`
	// Problem says why the field prevents the inventory from being read; "" if it
	// does not.
	Problem string `json:"problem,omitempty"`
	// Near are headings that may have been meant, the likeliest first. They are read
	// only if chosen.
	Near []string `json:"near,omitempty"`

	name string // the likeliest column, as the value of a map term names it
}

// newColumns returns the columns found, with the problems.
func newColumns(c devices.Columns, opts devices.ColumnOptions, problems []devices.FieldProblem) Columns {
	all := Columns{Headings: c.Headings()}
	for _, p := range problems {
		all.Choose = append(all.Choose, ColumnChoice{Field: p.Field.String(), Judged: opts.Judges(p.Field), Needed: opts.Needs(p.Field), Problem: p.Text, Near: p.Near, name: p.Name})
	}
	for _, f := range devices.Fields() {
		if !opts.Reads(f) || slices.ContainsFunc(problems, func(p devices.FieldProblem) bool { return p.Field == f }) {
			continue
		}
		choice := ColumnChoice{Field: f.String(), Column: c.Index(f) + 1, Judged: opts.Judges(f), Needed: opts.Needs(f)}
		if _, chosen := opts.Map[f]; choice.Column == 0 && !chosen {
			choice.Near = c.NearHeadings(f)
		}
		all.Choose = append(all.Choose, choice)
	}
	return all
}

// ColumnsError is the error for an inventory whose columns cannot be mapped. The
// fields concerned have a Problem; the caller can choose columns and ask again.
type ColumnsError struct {
	Columns
	// Added are the result columns (ivp_…) that the input already has.
	Added []string `json:"added,omitempty"`

	why string // what is wrong, if it is not the columns
}

func newColumnsError(m *devices.MappingError, opts devices.ColumnOptions) *ColumnsError {
	opts.Lenient = true
	columns, _ := devices.MapColumns(m.Headings, opts) // a lenient mapping has no error
	all := newColumns(columns, opts, m.FieldProblems())
	all.HeaderRow = m.HeaderRow
	return &ColumnsError{Columns: all, Added: m.Added}
}

// Error names every problem, the headings found, and how to choose columns.
func (e *ColumnsError) Error() string {
	if e.why != "" {
		return e.why
	}
	var lines []string
	for _, c := range e.Choose {
		if c.Problem != "" {
			lines = append(lines, fmt.Sprintf("%s; to choose one, use map=%s=%s", c.Problem, c.Field, c.name))
		}
	}
	if len(e.Added) > 0 {
		lines = append(lines, fmt.Sprintf("the input already has result columns: %s; replace them with recheck=true, or remove them", remarks.Quoted(e.Added)))
	}
	return strings.Join(append(lines, "headings found: "+remarks.Quoted(e.Headings)), "; ")
}

// Timeline shows when each version on record may be installed.
type Timeline struct {
	// SVG is the picture of the days around the one in question, and Says how it is
	// read. History is the picture of all days; it is SVG's if no day is given.
	SVG     string `json:"svg"`
	History string `json:"history"`
	Says    string `json:"says"`
	// Versions are all days in words.
	Versions []TimelineVersion `json:"versions"`
}

// TimelineVersion is one version, or one scope of it.
type TimelineVersion struct {
	Name string         `json:"name"`
	Days []TimelineDays `json:"days"`
}

// TimelineDays is a run of days with one answer.
type TimelineDays struct {
	Days      string `json:"days"`
	Says      string `json:"says"`
	Amendment string `json:"amendment,omitempty"`
}

// NewTimeline draws the timeline on some terms, around the day that the terms are
// about, or else today if it is given. That day is marked.
func NewTimeline(t Terms, today ivp.Date) Timeline {
	options := chart.Options{Marks: chart.MarksOf(t.Judge.On, t.Judge.Checker.AsAt, today)}
	if day := cmp.Or(t.Judge.On, today); day.Valid() {
		options.From, options.To = chart.Around(day)
	}
	near := chart.New(t.Judge.Checker, options)
	history := chart.New(t.Judge.Checker, chart.Options{Marks: options.Marks, ID: "history", Title: "The whole history of every version"})
	drawn := Timeline{SVG: string(near.SVG()), History: string(history.SVG()), Says: near.Says(), Versions: []TimelineVersion{}}
	for _, group := range history.Groups() {
		for _, row := range group.Rows {
			v := TimelineVersion{Name: row.Name()}
			for _, bar := range row.Bars {
				v.Days = append(v.Days, TimelineDays{bar.Days(), bar.Says(), bar.Verdict.Amendment()})
			}
			drawn.Versions = append(drawn.Versions, v)
		}
	}
	return drawn
}
