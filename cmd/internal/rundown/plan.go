package rundown

import "github.com/mp196/ivp/ivp"

// Plan says how fast stock is installed.
type Plan struct {
	// Name is what the user called it: "40/week", or the name of a file.
	Name  string
	Teams []Team
}

// Steady returns the plan of one team that installs all stock at one rate.
func Steady(name string, perWeek int64) *Plan {
	return &Plan{name, []Team{{Rates: []Rate{{From: ivp.MinDate(), PerWeek: perWeek}}}}}
}

// team returns the place of the team that fits stock most closely, -1 where none
// does.
func (p *Plan) team(k Key) int {
	found, best := -1, 0
	for i := range p.Teams {
		if fit := p.Teams[i].fit(k); fit > best {
			found, best = i, fit
		}
	}
	return found
}
