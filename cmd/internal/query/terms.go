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
