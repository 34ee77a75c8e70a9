package server

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// terms are what a request asks besides its devices.
type terms struct {
	judge devices.Judge
	why   bool
}

var termNames = []string{"as_at", "on", "scope", "last_day", "assume_open", "why"}

// terms reads the query of a request. more are names besides those of terms.
func (s *Server) terms(query url.Values, more ...string) (t terms, err error) {
	known := append(slices.Clone(termNames), more...)
	for name, values := range query {
		if !slices.Contains(known, name) || len(values) != 1 {
			return t, badRequest(fmt.Sprintf("%s: want each of %s at most once", name, strings.Join(known, ", ")))
		}
	}
	t.judge.Checker = s.config.Checker
	checker := &t.judge.Checker
	switch text := query.Get("as_at"); text {
	case "":
	case "latest":
		checker.AsAt = checker.History.Latest()
	default:
		if checker.AsAt, err = day("as_at", text, ", or latest"); err != nil {
			return t, err
		}
	}
	if text := query.Get("on"); text != "" {
		if t.judge.On, err = day("on", text, ""); err != nil {
			return t, err
		}
	}
	if query.Has("scope") {
		t.judge.ScopeGiven, t.judge.Scope = true, query.Get("scope")
	}
	switch text := query.Get("last_day"); text {
	case "", "included":
	case "excluded":
		checker.LastDayExcluded = true
	default:
		return t, badRequest(fmt.Sprintf("last_day: %q: want included or excluded", text))
	}
	if query.Has("assume_open") {
		if checker.AssumeOpen, err = truth("assume_open", query.Get("assume_open")); err != nil {
			return t, err
		}
	}
	t.why, err = truth("why", query.Get("why"))
	return t, err
}

func day(name, text, also string) (ivp.Date, error) {
	d, err := ivp.ParseDate(text)
	if err != nil || !d.Valid() {
		return ivp.Date{}, badRequest(fmt.Sprintf("%s: %q: want a day, YYYY-MM-DD%s", name, text, also))
	}
	return d, nil
}

func truth(name, text string) (bool, error) {
	if text == "" {
		return false, nil
	}
	b, err := strconv.ParseBool(text)
	if err != nil {
		return false, badRequest(fmt.Sprintf("%s: %q: want true or false", name, text))
	}
	return b, nil
}
