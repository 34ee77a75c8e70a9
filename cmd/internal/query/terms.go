// Package query puts questions that come as text to the rules: from a request over
// HTTP, from JavaScript, from a host of WebAssembly. All of them ask alike.
package query

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Terms are what is asked besides the devices.
type Terms struct {
	// Judge judges; its checker holds the terms of the law.
	Judge devices.Judge
	// Why adds what explains each answer.
	Why bool
}

// ExpectName is the name of the digest that the rules must have.
const ExpectName = "expect_rules"

// termNames are the names of the terms in a query.
var termNames = []string{"as_at", "on", "scope", "last_day", "assume_open", "why", ExpectName}

// The names that may stand in a query about one device's explanation, about the
// timeline, and about the rules themselves.
var (
	ExplainNames  = []string{"spec", "gbcs", "device_type", "as_at", "on", "scope", "last_day", "assume_open", ExpectName}
	TimelineNames = []string{"as_at", "on", "last_day", "assume_open", ExpectName}
	RulesNames    = []string{ExpectName}
)

// blankNames are the names whose value may be empty: a scope, the general one,
// and cells.
var blankNames = []string{"scope", "spec", "gbcs", "device_type"}

// ParseQuery reads the query of a URL. It returns an error for every query of
// which some part cannot be read.
func ParseQuery(text string) (url.Values, error) {
	query, err := url.ParseQuery(text)
	if err != nil {
		return nil, fmt.Errorf("the query cannot be read: %w: want NAME=VALUE, with & between them, and %%XX for characters such as & ; %% in a value", err)
	}
	return query, nil
}

// CheckNames returns an error if a query has a name that is not known, or has
// one without a value or more than once.
func CheckNames(query url.Values, known []string) error {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		switch {
		case len(known) == 0:
			return fmt.Errorf("%q: no query is read here: leave it out", name)
		case !slices.Contains(known, name):
			return fmt.Errorf("%s: want each of %s at most once", name, strings.Join(known, ", "))
		case len(query[name]) != 1 && name != MapName:
			return fmt.Errorf("%s: given %d times: want each of %s at most once", name, len(query[name]), strings.Join(known, ", "))
		case query.Get(name) == "" && !slices.Contains(blankNames, name):
			return fmt.Errorf("%s: no value is given: want one, or leave the name out", name)
		}
	}
	return nil
}

// ParseTerms reads the terms of a query, to be asked of a checker where it names
// no others. more are the names besides those of terms that may stand in it.
func ParseTerms(query url.Values, checker ivp.Checker, more ...string) (t Terms, err error) {
	return ParseNamed(query, checker, slices.Concat(termNames, more))
}

// ParseNamed reads the terms of a query in which only these names may stand. It
// returns an error if the query expects other rules than those of the checker.
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

// readLaw reads by which tables, and how strictly, the law is asked.
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
	if text == "" {
		return false, nil
	}
	b, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%s: %q: want true or false", name, text)
	}
	return b, nil
}

// Columns say from which column of an inventory each field is read, and which may
// be chosen instead.
type Columns struct {
	// Headings are those found, in their order.
	Headings []string `json:"headings"`
	// Choose are the fields for which a column can be chosen, those at fault first.
	Choose []ColumnChoice `json:"choose,omitempty"`
}

// ColumnChoice is a field and its column.
type ColumnChoice struct {
	Field string `json:"field"`
	// Column is the number, from 1, of the column that the field is read from; 0
	// where it is read from none.
	Column int `json:"column,omitempty"`
	// Judged says that answers may depend on the field, and Needed that nothing can
	// be judged without it.
	Judged bool `json:"judged,omitempty"`
	Needed bool `json:"needed,omitempty"`
	// Problem says why the inventory cannot be read, where that is for want of this
	// column, in the words of the input.
	Problem string `json:"problem,omitempty"`
	// Near are the headings that may have been meant, the likeliest first. None of
	// them is read unless it is chosen.
	Near []string `json:"near,omitempty"`

	name string // what names the likeliest column
}

// newColumns returns the columns as they were found, and what is wrong with them.
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

// ColumnsError says why the columns of an inventory do not serve, so that the
// asker can choose others and ask again. The fields at fault have a Problem.
type ColumnsError struct {
	Columns
	// Added are the ivp_ columns that the input already has.
	Added []string `json:"added,omitempty"`
}

func newColumnsError(m *devices.MappingError, opts devices.ColumnOptions) *ColumnsError {
	opts.Lenient = true
	columns, _ := devices.MapColumns(m.Headings, opts) // it faults nothing
	return &ColumnsError{newColumns(columns, opts, m.FieldProblems()), m.Added}
}

// Error names every fault, the headings found, and what to ask instead.
func (e *ColumnsError) Error() string {
	var lines []string
	for _, c := range e.Choose {
		if c.Problem != "" {
			lines = append(lines, fmt.Sprintf("%s; to choose one, ask with map=%s=%s", c.Problem, c.Field, c.name))
		}
	}
	if len(e.Added) > 0 {
		lines = append(lines, fmt.Sprintf("the input already carries columns of ours: %s; replace them with recheck=true, or take them away", remarks.Quoted(e.Added)))
	}
	return strings.Join(append(lines, "headings found: "+remarks.Quoted(e.Headings)), "; ")
}

// Timeline is, for every version on record, when it may be installed.
type Timeline struct {
	// SVG is the picture, and Says how it is read.
	SVG  string `json:"svg"`
	Says string `json:"says"`
	// Versions are the same in words.
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

// NewTimeline draws the timeline on some terms. The day that the terms are about
// is pointed out, or else today where it is given.
func NewTimeline(t Terms, today ivp.Date) Timeline {
	chart := chart.New(t.Judge.Checker, chart.Options{Marks: chart.MarksOf(t.Judge.On, t.Judge.Checker.AsAt, today)})
	drawn := Timeline{SVG: string(chart.SVG()), Says: chart.Says(), Versions: []TimelineVersion{}}
	for _, group := range chart.Groups() {
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
