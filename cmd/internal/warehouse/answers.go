// Package warehouse writes the rules as SQL, for estates that live in a
// database: every answer that there can be as rows of tables, and a view that
// joins an inventory to them.
package warehouse

import (
	"fmt"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Marks for what is not a name on record. No name is written so.
const (
	blank      = ""
	unlisted   = "?" // can be read, and is on no record
	unreadable = "!"
)

// profile is all of a device that an answer depends on, but its day.
type profile struct {
	kind, spec, gbcs, scope string
	answers                 int
}

// period is a run of days with one answer.
type period struct {
	answers     int
	first, last ivp.Date
	told
}

// told is an answer as the tables tell it.
type told struct {
	reason    ivp.Reason
	from, to  ivp.Date // of the window that decided, where they are dates
	end       ivp.BoundKind
	amendment string
}

func newTold(v ivp.Verdict) told {
	from, _ := v.Window.From.Date()
	to, _ := v.To()
	return told{v.Reason, from, to, devices.Result{Verdict: v}.End(), v.Amendment()}
}

// answers are all profiles there can be, and their periods. Profiles with the
// same answers on every day share them.
type answers struct {
	profiles []profile
	periods  []period
}

// named is a value and the name that the tables give it.
type named[T any] struct {
	name  string
	value T
}

// newAnswers works out the answers of every profile.
func newAnswers(c ivp.Checker) answers {
	var a answers
	known := map[string]int{}
	for _, spec := range specs(c.History) {
		for _, scope := range scopes(c.History) {
			for _, kind := range kinds() {
				for _, gbcs := range gbcsVersions(c.History) {
					periods := joined(c.Periods(ivp.Installation{Type: kind.value, Spec: spec.value, GBCS: gbcs.value, Scope: scope}))
					text := answersText(periods)
					id, seen := known[text]
					if !seen {
						id = len(known) + 1
						known[text] = id
						for _, p := range periods {
							p.answers = id
							a.periods = append(a.periods, p)
						}
					}
					a.profiles = append(a.profiles, profile{kind.name, spec.name, gbcs.name, scope, id})
				}
			}
		}
	}
	return a
}

// answersText is the same for the same answers.
func answersText(periods []period) string {
	var b strings.Builder
	for _, p := range periods {
		fmt.Fprintln(&b, p.first, p.reason, p.from, p.to, p.end, p.amendment)
	}
	return b.String()
}

// joined joins periods whose answers are told alike.
func joined(periods []ivp.Period) (few []period) {
	for _, p := range periods {
		told := newTold(p.Verdict)
		if n := len(few); n > 0 && few[n-1].told == told {
			few[n-1].last = p.Last
			continue
		}
		few = append(few, period{first: p.First, last: p.Last, told: told})
	}
	return few
}

// specs are the versions of technical specifications, and one that no record
// lists.
func specs(h ivp.History) []named[ivp.Spec] {
	all := []named[ivp.Spec]{{unlisted, ivp.Spec{Family: ivp.SMETS, Version: "999.999"}}}
	for _, s := range h.Specs() {
		if s.Family != ivp.GBCS {
			all = append(all, named[ivp.Spec]{s.String(), s})
		}
	}
	return all
}

func gbcsVersions(h ivp.History) []named[ivp.Spec] {
	none := ivp.Spec{Family: ivp.GBCS, Version: "0.0"}
	all := []named[ivp.Spec]{
		{blank, ivp.Spec{}}, {unlisted, ivp.Spec{Family: ivp.GBCS, Version: "999.999"}}, {unreadable, ivp.UnreadableSpec()}, {none.String(), none},
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

// scopes are the general one and those with windows of their own.
func scopes(h ivp.History) []string { return append([]string{""}, h.Scopes()...) }
