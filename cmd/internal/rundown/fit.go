package rundown

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/mp196/ivp/ivp"
)

// Fitted is a lot and what becomes of it.
type Fitted struct {
	Lot
	// Asked says that there is a rate or a plan. Fitted are the devices that can
	// be installed in time; Stranded the rest of those that close, and
	// StrandedPence what they cost.
	Asked         bool
	Fitted        int
	Stranded      int
	StrandedPence int64
}

// Fit installs the lots from a day on, the earliest to close first: of jobs that
// take equal time each, that order misses the fewest ends. Devices that close on
// one day share in proportion what can still be installed by then. Those
// without a closing day come last, and are never stranded. Without a plan
// nothing is installed and nothing told of it.
func Fit(lots []Lot, plan *Plan, on ivp.Date) []Fitted {
	all := make([]Fitted, len(lots))
	teams := map[int][]int{}
	for i, lot := range lots {
		all[i] = Fitted{Lot: lot, Asked: plan != nil}
		if plan != nil && lot.Kind.Installable() {
			team := plan.team(lot.Key)
			teams[team] = append(teams[team], i)
		}
	}
	for team, members := range teams {
		fitTeam(all, members, plan.stretches(team), on)
	}
	return all
}

// fitTeam installs the lots of one team, which are in the order of their closing
// days.
func fitTeam(all []Fitted, members []int, stretches []Stretch, on ivp.Date) {
	used := 0
	for start := 0; start < len(members); {
		end := start + 1
		first := &all[members[start]]
		for end < len(members) && sameEnd(&all[members[end]], first) {
			end++
		}
		last := ivp.MaxDate()
		if first.Kind == Closes {
			last = first.Closes
		}
		room := max(0, Capacity(stretches, on, last)-used)
		used += share(all, members[start:end], room)
		start = end
	}
}

// sameEnd reports whether two lots are due on one day, or both on none.
func sameEnd(a, b *Fitted) bool {
	if a.Kind != Closes || b.Kind != Closes {
		return a.Kind != Closes && b.Kind != Closes
	}
	return a.Closes == b.Closes
}

// share divides what can be installed among lots in proportion, what remains of
// the division to the largest remainders, and returns how much it was.
func share(all []Fitted, members []int, room int) int {
	total := 0
	for _, i := range members {
		total += all[i].Devices
	}
	if room = min(room, total); total == 0 {
		return 0
	}
	type remainder struct {
		member int
		left   int64
	}
	var remainders []remainder
	given := 0
	for _, i := range members {
		quotient, left := new(big.Int).QuoRem(product(all[i].Devices, room), big.NewInt(int64(total)), new(big.Int))
		all[i].Fitted = int(quotient.Int64())
		given += all[i].Fitted
		remainders = append(remainders, remainder{i, left.Int64()})
	}
	slices.SortStableFunc(remainders, func(a, b remainder) int { return cmp.Compare(b.left, a.left) })
	for n := range room - given {
		all[remainders[n].member].Fitted++
	}
	for _, i := range members {
		all[i].strand()
	}
	return room
}

// strand counts what is left of a lot that closes, and its cost in proportion,
// rounded to whole pence, half a penny up.
func (f *Fitted) strand() {
	if f.Kind != Closes {
		return
	}
	f.Stranded = f.Devices - f.Fitted
	twice := new(big.Int).Mul(big.NewInt(2*f.Pence), big.NewInt(int64(f.Stranded)))
	twice.Add(twice, big.NewInt(int64(f.Devices)))
	f.StrandedPence = twice.Quo(twice, big.NewInt(2*int64(f.Devices))).Int64()
}

func product(a, b int) *big.Int {
	return new(big.Int).Mul(big.NewInt(int64(a)), big.NewInt(int64(b)))
}
