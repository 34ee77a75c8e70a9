package rundown

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Rundown is the stock of one day, and what becomes of it.
type Rundown struct {
	// On is the day of the stock.
	On ivp.Date
	// Plan says how fast it is installed; nil where that was not asked.
	Plan *Plan
	// Lots are the stock: what closes first comes first, what may not be
	// installed comes last.
	Lots []Lot
	// Unplanned counts the devices that may be installed now and that no line of
	// the plan speaks of: none of them is taken to be installed.
	Unplanned int
	// Idle are the places of the plan's teams that no stock fits.
	Idle []int

	queues [][]*Lot // what each team installs, what closes first first
}

// New works out what becomes of stock; plan may be nil.
func New(stock *Stock, plan *Plan) *Rundown {
	r := &Rundown{On: stock.judge.On, Plan: plan, Lots: stock.sorted()}
	if plan != nil {
		r.queue()
		r.fit()
	}
	return r
}

// queue gives each lot to its team.
func (r *Rundown) queue() {
	r.queues = make([][]*Lot, len(r.Plan.Teams))
	for i := range r.Lots {
		lot := &r.Lots[i]
		if !lot.Kind.Installable() {
			continue
		}
		team := r.Plan.team(lot.Key)
		if team < 0 {
			r.Unplanned += lot.Devices
			if lot.Kind == Dated {
				lot.strand(lot.Devices)
			}
			continue
		}
		r.queues[team] = append(r.queues[team], lot)
	}
	for team := range r.queues {
		slices.SortStableFunc(r.queues[team], func(a, b *Lot) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), a.Day.Compare(b.Day)) })
		if len(r.queues[team]) == 0 {
			r.Idle = append(r.Idle, team)
		}
	}
}

// fit installs what closes first before what closes later. No order strands
// fewer: where another installs a device while one waits that closes sooner, the
// two can change places, and neither is then later than its own last day if
// both were in time before. So what could be in time in any order is in this
// one. What has no closing day on record waits until the last, since nothing
// says that it is pressed for time.
func (r *Rundown) fit() {
	for team := range r.queues {
		r.walk(team, ivp.MaxDate(), func(lots []*Lot, fitted int) {
			if lots[0].Kind != Dated {
				return
			}
			for i, n := range share(fitted, lots) {
				lots[i].Fitted = n
				lots[i].strand(lots[i].Devices - n)
			}
		})
	}
}

func (l *Lot) strand(n int) { l.Stranded, l.StrandedPence = n, strandedPence(l, n) }

// walk tells how many devices of the lots that close together the team has
// installed by the end of a day, in the order in which it installs them.
func (r *Rundown) walk(team int, day ivp.Date, tell func(lots []*Lot, fitted int)) {
	used := int64(0)
	for queue := r.queues[team]; len(queue) > 0; {
		n, waiting := 0, int64(0)
		for n < len(queue) && queue[n].Kind == queue[0].Kind && queue[n].Day == queue[0].Day {
			waiting += int64(queue[n].Devices)
			n++
		}
		until := day
		if closes, ok := queue[0].Closes(); ok && closes.Before(day) {
			until = closes
		}
		fitted := max(0, min(waiting, r.Plan.Teams[team].Capacity(r.On, until)-used))
		used += fitted
		tell(queue[:n], int(fitted))
		queue = queue[n:]
	}
}

// Point is how the stock stands on the morning of a day.
type Point struct {
	Day ivp.Date
	// Installable is what the record says may be installed on that day, of what
	// may be now, if nothing is installed before; Unknown is that of which the
	// record does not say whether it still may.
	Installable int
	Unknown     int
	// Left is how much of Installable the plan has not installed by then.
	Left int
}

// At returns how the stock stands on the morning of a day, from the day of the
// stock on.
func (r *Rundown) At(day ivp.Date) Point {
	p := Point{Day: day}
	for _, lot := range r.Lots {
		switch {
		case lot.Kind == NotOnRecord && !lot.InstallableOn(day):
			p.Unknown += lot.Devices
		case lot.InstallableOn(day):
			p.Installable += lot.Devices
		}
	}
	p.Left = p.Installable
	if day.After(r.On) {
		for team := range r.queues {
			r.walk(team, day.AddDays(-1), func(lots []*Lot, fitted int) {
				if lots[0].InstallableOn(day) {
					p.Left -= fitted
				}
			})
		}
	}
	return p
}

// Team installs the stock of one device type, of one location, of both, or all.
type Team struct {
	Type     ivp.DeviceType // zero for every type
	Location string         // empty for every location
	// Rates say how fast it works: on a day, the rate counts that begins last of
	// those that cover it, so that a line for a holiday stands before the rest
	// for its days. Where none covers the day, the team does not work.
	Rates []Rate
}

// String names the team by what it installs.
func (t *Team) String() string {
	switch {
	case t.Type == 0 && t.Location == "":
		return "all stock"
	case t.Location == "":
		return t.Type.String()
	case t.Type == 0:
		return "all at " + t.Location
	}
	return t.Type.String() + " at " + t.Location
}

func (t *Team) perWeek(day ivp.Date) int64 {
	var found Rate
	for _, r := range t.Rates {
		if r.covers(day) && (!found.From.Valid() || found.From.Before(r.From)) {
			found = r
		}
	}
	return found.PerWeek
}

// Capacity returns how many devices the team can install from the first day to
// the last, both included: whole devices, what is begun of one being carried
// over from week to week. It is 0 where last is before first.
func (t *Team) Capacity(first, last ivp.Date) int64 {
	sevenths := int64(0) // of a device, which is what a rate by the week makes in a day
	for day := first; !last.Before(day); {
		next := t.change(day, last)
		sevenths += t.perWeek(day) * int64(day.DaysUntil(next)+1)
		if next == last { // the day after may be beyond the calendar
			break
		}
		day = next.AddDays(1)
	}
	return sevenths / 7
}

// change returns the last day up to which the rate of a day stands, and at the
// latest last.
func (t *Team) change(day, last ivp.Date) ivp.Date {
	for _, r := range t.Rates {
		if r.From.After(day) && !r.From.After(last) {
			last = r.From.AddDays(-1)
		}
		if r.To.Valid() && !r.To.Before(day) && r.To.Before(last) {
			last = r.To
		}
	}
	return last
}

// fit says how closely the team fits stock: the higher, the closer; 0 for not at
// all. A type outweighs a location.
func (t *Team) fit(k Key) int {
	fit := 1
	switch {
	case t.Type == 0:
	case t.Type == k.Type:
		fit += 6
	case slices.Contains(parts[t.Type], k.Type):
		fit += 3
	default:
		return 0
	}
	switch {
	case t.Location == "":
	case strings.EqualFold(t.Location, k.Location):
		fit++
	default:
		return 0
	}
	return fit
}

// parts are the types that another stands for.
var parts = map[ivp.DeviceType][]ivp.DeviceType{
	ivp.ESME:              {ivp.SingleElement, ivp.TwinElement, ivp.Polyphase},
	ivp.CommunicationsHub: {ivp.CHF, ivp.GPF},
}

// share parts n among lots in proportion to their devices: whole devices, what
// is over by the largest remainders, of equal ones to the lot that comes first.
// n must not be more than all devices together.
func share(n int, lots []*Lot) []int {
	all := 0
	for _, lot := range lots {
		all += lot.Devices
	}
	shares, rests, order := make([]int, len(lots)), make([]uint64, len(lots)), make([]int, len(lots))
	over := n
	for i, lot := range lots {
		part, rest := scaled(uint64(lot.Devices), uint64(n), uint64(all))
		shares[i], rests[i], order[i] = int(part), rest, i
		over -= shares[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case rests[a] > rests[b]:
			return -1
		case rests[a] < rests[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:over] {
		shares[i]++
	}
	return shares
}

// strandedPence is the part of a lot's cost that n of its devices bear, rounded
// to whole pence, half a penny up.
func strandedPence(lot *Lot, n int) int64 {
	if lot.Devices == 0 {
		return 0
	}
	part, rest := scaled(uint64(lot.Pence), uint64(n), uint64(lot.Devices))
	if 2*rest >= uint64(lot.Devices) {
		part++
	}
	return int64(part)
}

// scaled returns a × part / whole and what is over, exactly, for part ≤ whole.
func scaled(a, part, whole uint64) (quotient, rest uint64) {
	high, low := bits.Mul64(a, part)
	return bits.Div64(high, low, whole)
}
