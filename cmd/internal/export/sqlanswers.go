// Package export writes the rules for other programs: as SQL, with every possible
// answer in tables and a view that joins an inventory to them; as data, with the same
// answers as JSON and CSV; and the closing days as a calendar.
package export

import (
	"fmt"
	"maps"
	"slices"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Marks in the tables for cells that name nothing on record. No name on record
// looks like one.
const (
	blank        = ""
	unreadable   = "!"
	unlisted     = "?" // readable, but not on record
	unlistedS1   = "?SMETS1"
	unlistedS2   = "?SMETS"
	unlistedCHTS = "?CHTS"
)

// profile is everything that the answer for a device depends on, except its day. Its
// number is the sum of the places of its four names.
type profile struct {
	kind, spec, gbcs, scope string
	answers                 int // the number of its run of answers
}

// verdict is an answer as the tables contain it.
type verdict struct {
	reason    ivp.Reason
	from, to  ivp.Date // of the deciding window, if they are dates
	end       ivp.BoundKind
	amendment string
}

func newVerdict(v ivp.Verdict) verdict {
	from, _ := v.Window.From.Date()
	to, _ := v.To()
	return verdict{v.Reason, from, to, devices.Result{Verdict: v}.End(), v.Amendment()}
}

// daysLeft returns the days left on the first day of the calendar, from which the
// view subtracts the days since; ok is false if the answer has no last day.
func (v verdict) daysLeft() (days int, ok bool) {
	return ivp.MinDate().DaysUntil(v.to), v.to.Valid()
}

// The numbers of the stretches of a device without a day. Stretches of days are
// numbered from 1.
const (
	noDay  = 0
	badDay = -1
)

// period is the verdict of a run of answers for a stretch of days.
type period struct{ answers, stretch, verdict int }

// number returns the number of a period: the sum of a number that its run of answers
// has, first with the stretch 0, and its stretch.
func (a *answers) number(p period) int { return a.first(p.answers) + p.stretch }

func (a *answers) first(run int) int { return run * (len(a.stretches) + 2) }

// answers are all possible profiles and their answers on every day. Profiles with
// the same answers on every day share a run of answers.
type answers struct {
	kinds, specs, gbcs, scopes places
	// stretches are the first days of the stretches in which no answer changes.
	stretches []ivp.Date
	profiles  []profile // in the order of their numbers, from 0
	periods   []period
	verdicts  []verdict // the first has the number 1
}

// run is the answers of one profile: without a day, with an unreadable day, and
// from each day on which the answer changes.
type run struct {
	noDay, badDay verdict
	from          []ivp.Date
	verdicts      []verdict
}

func newRun(c ivp.Checker, i ivp.Installation) run {
	r := run{noDay: newVerdict(c.Check(i))}
	for _, p := range c.Periods(i) {
		v := newVerdict(p.Verdict)
		if n := len(r.verdicts); n == 0 || r.verdicts[n-1] != v {
			r.from, r.verdicts = append(r.from, p.First), append(r.verdicts, v)
		}
	}
	i.On = ivp.UnreadableDate()
	r.badDay = newVerdict(c.Check(i))
	return r
}

// on returns the verdict on a day.
func (r run) on(day ivp.Date) verdict {
	at, found := slices.BinarySearchFunc(r.from, day, ivp.Date.Compare)
	if !found {
		at--
	}
	return r.verdicts[at]
}

// places are what the names of one cell add to the number of a profile.
type places map[string]int

// newPlaces gives each name its place, and returns how many places they take: the
// names of later cells take up to step.
func newPlaces(names []string, step int) (p places, taken int) {
	p = places{}
	for i, name := range names {
		p[name] = i * step
	}
	return p, len(names) * step
}

func namesOf[T any](all []named[T]) (names []string) {
	for _, n := range all {
		names = append(names, n.name)
	}
	return names
}

// newAnswers returns the answers of every profile, those with marks included.
func newAnswers(c ivp.Checker) answers {
	var a answers
	names := cellNames{kinds(), specs(c.History), gbcsVersions(c.History), scopes(c.History)}
	step := 1
	a.scopes, step = newPlaces(names.scopes, step)
	a.gbcs, step = newPlaces(namesOf(names.gbcs), step)
	a.specs, step = newPlaces(namesOf(names.specs), step)
	a.kinds, _ = newPlaces(namesOf(names.kinds), step)
	var runs []run
	a.profiles, runs = profilesOf(c, names)
	a.join(runs)
	return a
}

// cellNames are the values that the cells of profiles can have.
type cellNames struct {
	kinds  []named[ivp.DeviceType]
	specs  []named[ivp.Spec]
	gbcs   []named[ivp.Spec]
	scopes []string
}

// profilesOf returns every combination of the names, and the different runs of answers,
// of which the first has the number 1.
func profilesOf(c ivp.Checker, names cellNames) (profiles []profile, runs []run) {
	numbers := map[string]int{} // of runs, by their content
	for _, kind := range names.kinds {
		for _, spec := range names.specs {
			for _, gbcs := range names.gbcs {
				for _, scope := range names.scopes {
					r := newRun(c, ivp.Installation{Type: kind.value, Spec: spec.value, GBCS: gbcs.value, Scope: scope})
					text := fmt.Sprint(r)
					if numbers[text] == 0 {
						runs = append(runs, r)
						numbers[text] = len(runs)
					}
					profiles = append(profiles, profile{kind.name, spec.name, gbcs.name, scope, numbers[text]})
				}
			}
		}
	}
	return profiles, runs
}

// join splits the days into the stretches in which no run changes, and sets the
// periods of each run.
func (a *answers) join(runs []run) {
	breaks := map[ivp.Date]bool{}
	for _, r := range runs {
		for _, day := range r.from {
			breaks[day] = true
		}
	}
	a.stretches = slices.SortedFunc(maps.Keys(breaks), ivp.Date.Compare)
	numbers := map[verdict]int{}
	number := func(v verdict) int {
		if numbers[v] == 0 {
			a.verdicts = append(a.verdicts, v)
			numbers[v] = len(a.verdicts)
		}
		return numbers[v]
	}
	for n, r := range runs {
		a.periods = append(a.periods, period{n + 1, badDay, number(r.badDay)}, period{n + 1, noDay, number(r.noDay)})
		for s, day := range a.stretches {
			a.periods = append(a.periods, period{n + 1, s + 1, number(r.on(day))})
		}
	}
}

// named is a value and its name in the tables.
type named[T any] struct {
	name  string
	value T
}

// specs returns the versions of technical specifications on record, and one of
// each kind that is not on record.
func specs(h ivp.History) []named[ivp.Spec] {
	all := []named[ivp.Spec]{
		{blank, ivp.Spec{}},
		{unreadable, ivp.UnreadableSpec()},
		{unlistedS2, unlistedSpec(h, ivp.SMETS, "999.%d")},
		{unlistedCHTS, unlistedSpec(h, ivp.CHTS, "999.%d")},
	}
	if s := unlistedSpec(h, ivp.SMETS, "1.%d"); s.IsSMETS1() { // some of the ten is not listed
		all = append(all, named[ivp.Spec]{unlistedS1, s})
	}
	for _, s := range h.Specs() {
		if s.Family != ivp.GBCS {
			all = append(all, named[ivp.Spec]{s.String(), s})
		}
	}
	return all
}

// unlistedSpec returns the first version of a pattern that is not on record.
func unlistedSpec(h ivp.History, f ivp.Family, pattern string) ivp.Spec {
	for n := 0; ; n++ {
		if s := (ivp.Spec{Family: f, Version: fmt.Sprintf(pattern, n)}); !slices.Contains(h.Specs(), s) {
			return s
		}
	}
}

// noGBCS is what SECAS writes for "SMETS1: no GBCS".
var noGBCS = ivp.Spec{Family: ivp.GBCS, Version: "0.0"}

func gbcsVersions(h ivp.History) []named[ivp.Spec] {
	all := []named[ivp.Spec]{
		{blank, ivp.Spec{}},
		{unreadable, ivp.UnreadableSpec()},
		{unlisted, unlistedSpec(h, ivp.GBCS, "999.%d")},
		{noGBCS.String(), noGBCS},
	}
	for _, s := range h.Specs() {
		if s.Family == ivp.GBCS {
			all = append(all, named[ivp.Spec]{s.String(), s})
		}
	}
	return all
}

func kinds() []named[ivp.DeviceType] {
	all := []named[ivp.DeviceType]{{blank, 0}, {unlisted, ivp.UnknownType}}
	for _, t := range ivp.DeviceTypes() {
		all = append(all, named[ivp.DeviceType]{t.String(), t})
	}
	return all
}

// scopes returns the general case, a scope that is not on record, and those on
// record.
func scopes(h ivp.History) []string {
	return append([]string{blank, unnamedScope(h)}, h.Scopes()...)
}

// unnamedScope returns a scope that no amendment names. All such scopes have the
// same answers.
func unnamedScope(h ivp.History) string {
	scope := unlisted
	for h.NamesScope(scope, ivp.MaxDate()) {
		scope += unlisted
	}
	return scope
}
