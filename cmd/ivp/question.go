package main

import (
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/estate"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
)

// rulesFlags choose the record that is asked.
type rulesFlags struct {
	rules  string
	amends []string
	expect string // a digest
	// record and added are the files read, for the evidence.
	record *evidence.File
	added  []evidence.File
}

func (f *rulesFlags) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("rules", pflag.ContinueOnError)
	set.StringVar(&f.rules, "rules", "", "ask the record in `FILE` instead of the shipped one")
	set.StringArrayVar(&f.amends, "amend", nil, "add the amendments in `FILE` to the record (repeatable)")
	set.StringVar(&f.expect, "expect-rules", "", "do nothing if the rules, with the amendments added, have another digest than `SHA256`; ivp rules status shows it")
	return set
}

// history loads the record that the flags ask for. It fails if this is not the
// record that the user expects.
func (f *rulesFlags) history() (ivp.History, error) {
	h, err := f.load()
	if err == nil && f.expect != "" {
		if err = h.Expect(f.expect); err != nil {
			err = fmt.Errorf("--expect-rules: %w; nothing was written", err)
		}
	}
	if exit.CodeOf(err) != exit.IO {
		err = exit.With(exit.Usage, err)
	}
	return h, err
}

func (f *rulesFlags) load() (ivp.History, error) {
	h := ivp.Published()
	if f.rules != "" {
		data, err := estate.ReadRules(f.rules)
		if err != nil {
			return h, fmt.Errorf("could not read the rules: %w", err)
		}
		read := dataEvidence(f.rules, data)
		f.record = &read
		if h, err = ivp.Parse(data); err != nil {
			return h, fmt.Errorf("%s is no record of rules:\n%w", f.rules, err)
		}
	}
	for _, name := range f.amends {
		amended, data, err := estate.AmendFile(h, name)
		if err != nil {
			return h, err
		}
		f.added = append(f.added, dataEvidence(name, data))
		h = amended
	}
	return h, nil
}

// questionFlags are the terms on which the record is asked.
type questionFlags struct {
	on         string
	asAt       string
	lastDay    string
	assumeOpen bool
	scope      string
	within     string
	given      func(flag string) bool
}

func (f *questionFlags) flags() *pflag.FlagSet {
	set := f.onFlag()
	set.StringVar(&f.asAt, "as-at", "", "ask the tables as they stood on `DATE` (YYYY-MM-DD, today or latest) instead of on each installation day")
	f.termFlags(set)
	return set
}

// onFlag gives every row its day.
func (f *questionFlags) onFlag() *pflag.FlagSet {
	set := pflag.NewFlagSet("question", pflag.ContinueOnError)
	set.StringVar(&f.on, "on", "", "judge every row for installation on `DATE` (YYYY-MM-DD or today); the date column is then neither needed nor read")
	return set
}

// termFlags add the terms but for the day whose tables are asked.
func (f *questionFlags) termFlags(set *pflag.FlagSet) {
	set.StringVar(&f.lastDay, "last-day", "included", "whether the end date itself is inside the period: `included` or excluded")
	set.BoolVar(&f.assumeOpen, "assume-open", false, "take an end that is not on record to be open; devices that rest on it are counted")
	set.StringVar(&f.scope, "scope", "", "judge every row in this `SCOPE`, such as prepayment; the scope column is then not read")
	f.given = set.Changed
}

// checker returns the record with the terms.
func (f *questionFlags) checker(c *Command, h ivp.History) (ivp.Checker, error) {
	checker := ivp.Checker{History: h, AssumeOpen: f.assumeOpen}
	var err error
	if checker.AsAt, err = c.day("--as-at", f.asAt, h); err != nil {
		return checker, err
	}
	if !slices.Contains([]string{"included", "excluded"}, f.lastDay) {
		return checker, exit.Usagef("--last-day: %q: want included or excluded", f.lastDay)
	}
	checker.LastDayExcluded = f.lastDay == "excluded"
	return checker, nil
}

// installDay returns the day given for every row; no date where none is.
func (f *questionFlags) installDay(c *Command) (ivp.Date, error) {
	return c.day("--on", f.on, ivp.History{})
}

// day reads a day from a flag. "latest" is understood where a record is given.
func (c *Command) day(flag, text string, h ivp.History) (ivp.Date, error) {
	asksLatest := h != ivp.History{}
	switch {
	case text == "":
		return ivp.Date{}, nil
	case text == "today":
		today, err := c.clockDay()
		if err != nil {
			err = exit.Usagef("%s today: %w", flag, err)
		}
		return today, err
	case text == "latest" && asksLatest:
		return h.Latest(), nil
	}
	day, err := ivp.ParseDate(text)
	if err != nil {
		want := "YYYY-MM-DD or today"
		if asksLatest {
			want = "YYYY-MM-DD, today or latest"
		}
		return day, exit.Usagef("%s: %q: want %s, a day of the calendar", flag, text, want)
	}
	return day, nil
}
