package cpl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Kind is a kind of finding.
type Kind string

// The kinds of finding.
const (
	// Damage is a cell or a row that is not as SECAS wrote it.
	Damage Kind = "damage"
	// UnlistedPair is a Current entry whose type, TS version and GBCS version are
	// not a permitted pair on record.
	UnlistedPair Kind = "unlisted-pair"
	// SeveralVersions is a manufacturer, model, hardware and firmware that
	// several entries list with different versions.
	SeveralVersions Kind = "several-versions"
	// GBCSEnded is a Current entry whose GBCS version no longer applied on the
	// day on which the list was issued.
	GBCSEnded Kind = "gbcs-ended"
)

// Kinds returns every kind, in the order of findings.
func Kinds() []Kind { return []Kind{Damage, UnlistedPair, SeveralVersions, GBCSEnded} }

// Finding is one finding in a list.
type Finding struct {
	Kind Kind
	// Line is the row's number, as an editor or a spreadsheet counts it; the
	// first row's if there are several entries.
	Line int
	// Entries are the numbers of the entries.
	Entries []string
	// Text describes the finding.
	Text string
	// Straddles is for SeveralVersions. It is true if, among the Current entries,
	// one has a version of SMETS later than all whose installation period has an
	// end date, and another has a version of SMETS that is not later, by the
	// tables of the day on which the list was issued.
	Straddles bool
	// Differs is for SeveralVersions. It is true if the Current entries have
	// different outcomes on the day on which the list was issued.
	Differs bool
}

// Lint returns what is damaged or doubtful in a list, by kind in the order of
// [Kinds], then in file order. Damaged rows are reported only as damaged.
func Lint(list *List, checker ivp.Checker) []Finding {
	l := linter{list, checker}
	return slices.Concat(l.damage(), l.unlistedPairs(), l.severalVersions(), l.gbcsEnded())
}

type linter struct {
	list    *List
	checker ivp.Checker
}

// check judges an entry on the day on which the list was issued.
func (l linter) check(e Entry) ivp.Verdict {
	return l.checker.Check(ivp.Installation{Type: e.Type, Spec: e.Spec, GBCS: e.GBCS, On: l.list.issued})
}

func (l linter) damage() []Finding {
	var all []Finding
	for _, f := range l.list.faults {
		finding := Finding{Kind: Damage, Line: f.Line, Text: f.Problem}
		if f.Column != "" {
			finding.Text = fmt.Sprintf("%s: %q: %s", f.Column, clip(f.Value), f.Problem)
		}
		if f.Entry != "" {
			finding.Entries = []string{clip(f.Entry)}
		}
		all = append(all, finding)
	}
	return all
}

// eachCurrent returns a finding for each Current entry for which text is not empty.
func (l linter) eachCurrent(kind Kind, text func(Entry) string) []Finding {
	var all []Finding
	for _, e := range l.list.entries {
		if e.Removed {
			continue
		}
		if t := text(e); t != "" {
			all = append(all, Finding{Kind: kind, Line: e.Line, Entries: []string{e.Number}, Text: t})
		}
	}
	return all
}

func (l linter) unlistedPairs() []Finding {
	return l.eachCurrent(UnlistedPair, func(e Entry) string {
		if l.check(e).Pair.Reason == ivp.WithinPeriod {
			return ""
		}
		return fmt.Sprintf("%s with %s is not a permitted pair on record for a %s", e.Spec, e.GBCS, e.Type.Name())
	})
}

func (l linter) gbcsEnded() []Finding {
	return l.eachCurrent(GBCSEnded, func(e Entry) string {
		found := l.check(e).GBCS
		if found.Reason != ivp.GBCSEnded {
			return ""
		}
		return fmt.Sprintf("%s applied until %s, by %s, and the list was issued on %s", e.GBCS, found.Window.To, found.Window.Amendment, l.list.issued)
	})
}

func (l linter) severalVersions() []Finding {
	var all []Finding
	for _, same := range l.byKey() {
		if slices.ContainsFunc(same, func(e Entry) bool { return versions(e) != versions(same[0]) }) {
			all = append(all, l.several(same))
		}
	}
	return all
}

// byKey returns the entries of each model and firmware, in the order of their
// first entries.
func (l linter) byKey() [][]Entry {
	var groups [][]Entry
	places := map[string]int{}
	for _, e := range l.list.entries {
		key := keyOf(e)
		place, ok := places[key]
		if !ok {
			place = len(groups)
			places[key] = place
			groups = append(groups, nil)
		}
		groups[place] = append(groups[place], e)
	}
	return groups
}

// keyOf returns what identifies a device model: manufacturer, model, hardware and
// firmware.
func keyOf(e Entry) string {
	return e.Model.Manufacturer + " " + e.Model.ModelHardware + " " + e.Model.Firmware
}

func versions(e Entry) [2]ivp.Spec { return [2]ivp.Spec{e.Spec, e.GBCS} }

func (l linter) several(same []Entry) Finding {
	current := slices.DeleteFunc(slices.Clone(same), func(e Entry) bool { return e.Removed })
	later, ok := l.firstLater()
	f := Finding{Kind: SeveralVersions, Line: same[0].Line, Straddles: ok && straddle(current, later), Differs: l.differ(current)}
	var parts []string
	for _, e := range same {
		f.Entries = append(f.Entries, e.Number)
		parts = append(parts, fmt.Sprintf("entry %s (%s) has %s with %s", e.Number, e.Status(), e.Spec, e.GBCS))
	}
	m := same[0].Model
	f.Text = fmt.Sprintf("manufacturer %s, model %s, hardware %s, revision %s, firmware %s: %s",
		m.Manufacturer, m.Model, m.HardwareVersion, m.HardwareRevision, m.Firmware, strings.Join(parts, "; "))
	if f.Straddles {
		f.Text += "; these straddle " + later.String()
	}
	if f.Differs {
		f.Text += fmt.Sprintf("; the answers differ on %s", l.list.issued)
	}
	return f
}

// firstLater returns the first version of SMETS after all those whose
// installation period has an end date, by the tables of the day on which the list
// was issued; ok is false if there is none, or if no period has an end date.
func (l linter) firstLater() (first ivp.Spec, ok bool) {
	asAt := l.checker.AsAt
	if !asAt.Valid() {
		asAt = l.list.issued
	}
	for _, row := range slices.Backward(l.checker.History.Table(asAt)) {
		if row.Spec.Family != ivp.SMETS || row.Scope != "" {
			continue
		}
		if slices.ContainsFunc(row.Readings, func(r ivp.TableReading) bool { return r.Listed && r.Window.To.Kind == ivp.Dated }) {
			return first, !first.IsZero()
		}
		first = row.Spec
	}
	return ivp.Spec{}, false
}

// straddle reports whether some entries have a version before first, and others
// that version or a later one.
func straddle(entries []Entry, first ivp.Spec) bool {
	before, after := false, false
	for _, e := range entries {
		if e.Spec.Family == ivp.SMETS {
			earlier := ivp.CompareSpecs(e.Spec, first) < 0
			before, after = before || earlier, after || !earlier
		}
	}
	return before && after
}

func (l linter) differ(entries []Entry) bool {
	return slices.ContainsFunc(entries, func(e Entry) bool {
		return l.check(e).Outcome() != l.check(entries[0]).Outcome()
	})
}

// Fault is one damaged cell or row of a list.
type Fault struct {
	// Line is the row's number, as an editor or a spreadsheet counts it.
	Line int
	// Entry is the row's entry number as written; it may be blank or itself the
	// damaged cell.
	Entry string
	// Column is the heading of the cell; empty if the whole row is damaged.
	Column string
	// Value is the cell as written.
	Value string
	// Problem is what was expected, and what may have happened.
	Problem string
}

// Error returns the place, the value, what was expected and what may have
// happened.
func (f Fault) Error() string {
	where := fmt.Sprintf("line %d", f.Line)
	if f.Entry != "" {
		where += ", entry " + clip(f.Entry)
	}
	if f.Column == "" {
		return fmt.Sprintf("%s: %s", where, f.Problem)
	}
	return fmt.Sprintf("%s, column %s: %q: %s", where, f.Column, clip(f.Value), f.Problem)
}

// clip shortens a text for a message.
func clip(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// DamageError is the error of a list with damaged rows.
type DamageError struct {
	Name   string
	Rows   int
	Faults []Fault // in the order of the file; at least one
}

// Error returns the number of damaged rows, the first fault, and what to do.
func (e *DamageError) Error() string {
	return fmt.Sprintf("%s is damaged in %d %s; the first: %v\nGet the list again from SECAS and do not save it from a spreadsheet; ivp cpl lint lists all damage",
		e.Name, e.Rows, plural(e.Rows, "row"), e.Faults[0])
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
