// Package ask puts questions that come as text to the rules: from a request over
// HTTP, from JavaScript, from a host of WebAssembly. All of them ask alike.
package ask

import (
	"fmt"
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

// termNames are the names of the terms in a query.
var termNames = []string{"as_at", "on", "scope", "last_day", "assume_open", "why"}

// ParseTerms reads the terms of a query, to be asked of a checker where it names
// no others. more are the names besides those of terms that may stand in it.
func ParseTerms(query url.Values, checker ivp.Checker, more ...string) (t Terms, err error) {
	known := slices.Concat(termNames, more)
	for name, values := range query {
		if !slices.Contains(known, name) || len(values) != 1 && name != mapName {
			return t, fmt.Errorf("%s: want each of %s at most once", name, strings.Join(known, ", "))
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
