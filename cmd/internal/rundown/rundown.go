package rundown

import (
	"cmp"
	"slices"

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
