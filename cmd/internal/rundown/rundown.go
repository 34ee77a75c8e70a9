package rundown

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Rundown is the stock of one day, and until when it may be installed.
type Rundown struct {
	// On is the day of the stock.
	On ivp.Date
	// Plan is how fast it is installed; nil without a plan.
	Plan *Plan
	// Lots are the stock, earliest closing first; what may not be installed is
	// last.
	Lots []Lot
	// Others counts the rows that are no device: they have no type, version or model.
	// No lot includes them.
	Others int
	// Unplanned counts the devices that may be installed now but fit no line of
	// the plan. None of them counts as installed.
	Unplanned int
	// Idle are the indices of the plan's teams that no stock fits.
	Idle []int

	queues [][]*Lot // the lots of each team, earliest closing first
}

// New returns the run-down of stock; plan may be nil.
func New(stock *Stock, plan *Plan) *Rundown {
	r := &Rundown{On: stock.judge.On, Plan: plan, Lots: stock.sorted(), Others: stock.others}
	if plan != nil {
		r.queue()
		r.fit()
	}
	return r
}

// queue assigns each lot to its team.
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

// fit installs lots in the order of their closing days. No order strands fewer
// devices: if some order installs a device while another that closes sooner
// waits, swapping the two leaves both in time if both were in time before. Lots
// without a closing day on record are installed last.
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

// walk calls visit for each group of lots that close together, in the order of
// installation, with the number of their devices that the team has installed by
// the end of a day.
func (r *Rundown) walk(team int, day ivp.Date, visit func(lots []*Lot, fitted int)) {
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
		visit(queue[:n], int(fitted))
		queue = queue[n:]
	}
}

// Point is the state of the stock on the morning of a day.
type Point struct {
	Day ivp.Date
	// Installable counts the devices, of those that may be installed now, that
	// may still be installed on that day if none is installed before. Unknown
	// counts those for which this is not on record.
	Installable int
	Unknown     int
	// Left is the part of Installable that the plan has not installed by then.
	Left int
}

// At returns the state of the stock on the morning of a day, which must not be
// before the day of the stock.
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
	// Rates are how fast it works. On each day the rate with the latest start of
	// those that cover the day applies, so a line for a holiday overrides the
	// others on its days. On days without a rate the team does not work.
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

// Capacity returns how many whole devices the team can install from the first day
// to the last, both included. A part of a device is carried over to the next day.
// It is 0 if last is before first.
func (t *Team) Capacity(first, last ivp.Date) int64 {
	sevenths := int64(0) // of a device: a rate of n a week is n sevenths a day
	for day := first; !last.Before(day); {
		next := t.rateUntil(day, last)
		sevenths += t.perWeek(day) * int64(day.DaysUntil(next)+1)
		if next == last { // the next day may be beyond the calendar
			break
		}
		day = next.AddDays(1)
	}
	return sevenths / 7
}

// rateUntil returns the last day on which the rate of a day still applies, at most
// last.
func (t *Team) rateUntil(day, last ivp.Date) ivp.Date {
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

// fit returns how well the team fits the stock: higher is better, 0 is not at
// all. A type outweighs a location.
func (t *Team) fit(k Key) int {
	fit := 1
	switch {
	case t.Type == 0:
	case t.Type == k.Type:
		fit += 6
	case slices.Contains(includedTypes[t.Type], k.Type):
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

// includedTypes maps a type to the types that it includes.
var includedTypes = map[ivp.DeviceType][]ivp.DeviceType{
	ivp.ESME:              {ivp.SingleElement, ivp.TwinElement, ivp.Polyphase},
	ivp.CommunicationsHub: {ivp.CHF, ivp.GPF},
}

// share divides n whole devices among lots in proportion to their devices, by the
// largest remainder; among equal remainders the earlier lot wins. n must not
// exceed the number of all devices.
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

// strandedPence returns the cost of n of a lot's devices in whole pence, half a
// penny rounded up.
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

// scaled returns the exact quotient and remainder of a × part / whole, for part ≤
// whole.
func scaled(a, part, whole uint64) (quotient, rest uint64) {
	high, low := bits.Mul64(a, part)
	return bits.Div64(high, low, whole)
}
