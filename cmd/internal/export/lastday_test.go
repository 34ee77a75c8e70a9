package export

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/rundown"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// TestLastDayShownIsEligible draws rules, terms and devices, and checks every
// last day shown for an eligible device: none may be later than the last day on
// which the same device is eligible by the same tables. With the last day
// excluded, the day shown is the first day too late.
func TestLastDayShownIsEligible(t *testing.T) {
	tried, shown := 0, map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		l := lastDays{t: t, checker: drawChecker(t), shown: shown}
		l.days = l.drawDays()
		for range 6 {
			l.device = l.drawDevice()
			l.ofCheck()
			l.ofRundown()
		}
		if rapid.IntRange(0, 4).Draw(t, "sql") == 0 { // covers all possible devices, so it is slow
			l.ofSQL()
		}
		l.ofTimeline()
		tried++
	})
	t.Logf("%d histories, last days shown: %v", tried, shown)
	if testing.Short() { // draws a fifth of the histories, which may miss one
		return
	}
	for _, door := range []string{"check", "within", "run-down", "sql", "timeline"} {
		require.Positive(t, shown[door], door)
	}
}

// lastDays compares the days shown with the answers.
type lastDays struct {
	t       *rapid.T
	checker ivp.Checker
	days    []ivp.Date
	device  devices.Device
	shown   map[string]int
}

// drawChecker draws terms and rules: the shipped rules or none, with amendments
// that list, end, remove and pair versions.
func drawChecker(t *rapid.T) ivp.Checker {
	c := ivp.Checker{LastDayExcluded: rapid.Bool().Draw(t, "last day excluded"), AssumeOpen: rapid.IntRange(0, 3).Draw(t, "assume open") == 0}
	if rapid.IntRange(0, 2).Draw(t, "shipped") > 0 {
		c.History = ivp.Published()
	}
	for n := range rapid.IntRange(1, 4).Draw(t, "amendments") {
		if h, err := c.History.Amend(drawAmendment(t, c.History, fmt.Sprintf("DRAWN-%d", n))); err == nil { // the loader rejects some
			c.History = h
		}
	}
	if len(c.History.Amendments()) == 0 {
		t.Skip("the loader refuses all")
	}
	if breaks := c.History.Breaks(); rapid.Bool().Draw(t, "as at") {
		c.AsAt = rapid.SampledFrom(breaks).Draw(t, "as at day")
	}
	return c
}

func drawDay(t *rapid.T, label string) ivp.Date {
	first, _ := ivp.ParseDate("2017-01-01")
	return first.AddDays(rapid.IntRange(0, 150).Draw(t, label) * 25)
}

func version(family ivp.Family, text string) ivp.Spec {
	return ivp.Spec{Family: family, Version: text}
}

func drawAmendment(t *rapid.T, h ivp.History, id string) ivp.Amendment {
	gbcs := []ivp.Spec{version(ivp.GBCS, "3.2"), version(ivp.GBCS, "2.1"), version(ivp.GBCS, "5.0")}
	ts := []ivp.Spec{version(ivp.SMETS, "4.2"), version(ivp.SMETS, "2.0"), version(ivp.SMETS, "1.2"), version(ivp.SMETS, "6.0"), version(ivp.CHTS, "1.3")}
	a := ivp.Amendment{ID: id, Title: "drawn", InForce: drawDay(t, "in force"), Citations: []ivp.Citation{{Document: "a property test"}}}
	if rapid.IntRange(0, 3).Draw(t, "perhaps") == 0 {
		a.PerhapsFrom = a.InForce.AddDays(-rapid.IntRange(1, 400).Draw(t, "doubt"))
	}
	for _, spec := range rapid.SliceOfNDistinct(rapid.SampledFrom(append(ts, gbcs...)), 0, 5, rapid.ID).Draw(t, "entries") {
		e := ivp.Entry{Spec: spec, Inferred: "a property test says so"}
		if e.Remove = rapid.IntRange(0, 9).Draw(t, "remove") == 0; !e.Remove {
			if spec.Family == ivp.SMETS {
				e.Scope = rapid.SampledFrom([]string{"", "", "prepayment", "acme"}).Draw(t, "scope")
			}
			if !slices.Contains(h.Specs(), spec) || rapid.IntRange(0, 3).Draw(t, "starts") == 0 {
				e.From = rapid.SampledFrom([]ivp.Bound{{Kind: ivp.NotOnRecord}, ivp.On(drawDay(t, "from"))}).Draw(t, "start")
			}
			e.To = rapid.SampledFrom([]ivp.Bound{{Kind: ivp.NotOnRecord}, {Kind: ivp.Open}, ivp.On(drawDay(t, "to").AddDays(1500)), ivp.On(drawDay(t, "to").AddDays(500))}).Draw(t, "end")
			if e.To.Kind == ivp.NotOnRecord && rapid.Bool().Draw(t, "vouched for") {
				e.Confirmed = drawDay(t, "confirmed").AddDays(1500)
			}
		}
		a.Entries = append(a.Entries, e)
	}
	for range rapid.IntRange(0, 2).Draw(t, "pairs") {
		p := ivp.Pair{
			Type: rapid.SampledFrom([]ivp.DeviceType{ivp.ESME, ivp.GSME, ivp.CommunicationsHub}).Draw(t, "type"),
			Spec: rapid.SampledFrom(ts).Draw(t, "paired"), GBCS: rapid.SampledFrom(gbcs).Draw(t, "with"),
		}
		if on := h.PermittedPairs(a.InForce); len(on) > 0 && rapid.IntRange(0, 2).Draw(t, "withdraws") == 0 {
			p = rapid.SampledFrom(on).Draw(t, "pair").Pair
			p.Remove = true
		}
		a.Pairs = append(a.Pairs, p)
	}
	return a
}

// drawDays draws days on which answers change, and the days before them.
func (l *lastDays) drawDays() (days []ivp.Date) {
	breaks := l.checker.History.Breaks()[1:]
	for range 8 {
		days = append(days, rapid.SampledFrom(breaks).Draw(l.t, "day").AddDays(-rapid.IntRange(0, 1).Draw(l.t, "before")))
	}
	return days
}

func (l *lastDays) drawDevice() devices.Device {
	var specs []ivp.Spec
	gbcs := []ivp.Spec{{}, {}, {}}
	for _, spec := range l.checker.History.Specs() {
		if spec.Family == ivp.GBCS {
			gbcs = append(gbcs, spec)
		} else {
			specs = append(specs, spec)
		}
	}
	specs = append(specs, version(ivp.SMETS, "6.0"))
	return devices.Device{Installation: ivp.Installation{
		Type:  rapid.SampledFrom([]ivp.DeviceType{0, 0, ivp.ESME, ivp.TwinElement, ivp.GSME, ivp.CommunicationsHub}).Draw(l.t, "device type"),
		Spec:  rapid.SampledFrom(specs).Draw(l.t, "TS version"),
		GBCS:  rapid.SampledFrom(gbcs).Draw(l.t, "GBCS version"),
		Scope: rapid.SampledFrom([]string{"", "", "prepayment", "acme", "unheard-of"}).Draw(l.t, "scope"),
	}}
}

// tables returns a checker that judges every day by the tables that apply to an
// installation on the given day.
func (l *lastDays) tables(on ivp.Date) ivp.Checker {
	c := l.checker
	if !c.AsAt.Valid() {
		c.AsAt = on
	}
	return c
}

// require requires that the device is eligible, by the same tables, on the last
// day shown for it.
func (l *lastDays) require(door string, i ivp.Installation, on, to ivp.Date) {
	l.shown[door]++
	last := to
	if l.checker.LastDayExcluded {
		last = to.AddDays(-1)
	}
	c := l.tables(on)
	require.False(l.t, last.Before(on), "%s: %+v on %s", door, i, on)
	i.On = last
	require.Equal(l.t, ivp.Eligible, c.Check(i).Outcome(), "%s: %+v, installed on %s, is shown to %s", door, i, on, to)
}

// ofCheck covers check, with --within, and explain, whose JSON is the same.
func (l *lastDays) ofCheck() {
	for _, on := range l.days {
		l.device.On = on
		judge := devices.Judge{Checker: l.checker}
		r := judge.Device(l.device)
		if r.Outcome() != ivp.Eligible {
			continue
		}
		to, dated := r.To()
		require.Equal(l.t, to.String(), r.Wire(true).To)
		if last, ends := l.lastEligible(on); ends {
			require.True(l.t, dated, "%+v is eligible on %s up to %s alone, and no last day is shown", l.device.Installation, on, last)
		}
		if !dated {
			continue
		}
		l.require("check", l.device.Installation, on, to)
		judge.WithinAsked = true
		for _, judge.Within = range []int{on.DaysUntil(to) - 1, on.DaysUntil(to)} {
			closing := judge.Device(l.device).Closing()
			require.Equal(l.t, judge.Within == on.DaysUntil(to), closing, "within %d", judge.Within)
			if closing {
				l.shown["within"]++
			}
		}
	}
}

// lastEligible returns the last of the consecutive eligible days that include a
// day, by the tables of that day; ends reports whether the device is not eligible
// on the next.
func (l *lastDays) lastEligible(on ivp.Date) (last ivp.Date, ends bool) {
	for _, p := range l.tables(on).Periods(l.device.Installation) {
		if p.Last.Before(on) {
			continue
		}
		if outcome := p.Verdict.Outcome(); outcome != ivp.Eligible {
			return p.First.AddDays(-1), outcome == ivp.NotEligible
		}
	}
	return ivp.MaxDate(), false
}

// ofRundown covers the run-down: by the tables of each later day or, with an
// as-at day, by those of that day.
func (l *lastDays) ofRundown() {
	for _, on := range l.days {
		judge := devices.Judge{Checker: l.checker, On: on}
		stock := rundown.NewStock(judge)
		stock.Add(devices.Tallied{Device: l.device, Result: judge.Device(l.device), Devices: 1})
		lot := rundown.New(stock, nil).Lots[0]
		i := l.device.Installation
		i.On = on
		require.Equal(l.t, l.checker.Check(i).Outcome() == ivp.Eligible, lot.Kind.Installable(), "%+v", i)
		if lot.Kind != rundown.Dated && lot.Kind != rundown.NotOnRecord {
			continue
		}
		l.shown["run-down"]++
		require.False(l.t, lot.Day.Before(on))
		for _, day := range append(l.days, lot.Day) {
			if i.On = day; !day.Before(on) && !day.After(lot.Day) {
				require.Equal(l.t, ivp.Eligible, l.checker.Check(i).Outcome(), "%+v in stock on %s is shown to %s", i, on, lot.Day)
			}
		}
		i.On = lot.Day.AddDays(1)
		require.Equal(l.t, lot.Kind == rundown.Dated, l.checker.Check(i).Outcome() == ivp.NotEligible, "%+v in stock on %s is shown to %s", i, on, lot.Day)
		require.NotEqual(l.t, ivp.Eligible, l.checker.Check(i).Outcome(), "%+v in stock on %s is shown to %s", i, on, lot.Day)
		if l.checker.AsAt.Valid() && lot.Kind == rundown.Dated { // check then shows the same
			i.On = on
			to, dated := l.checker.Check(i).To()
			require.True(l.t, dated, "%+v", i)
			if l.checker.LastDayExcluded {
				to = to.AddDays(-1)
			}
			require.False(l.t, to.After(lot.Day), "%+v: check says %s, the run-down %s", i, to, lot.Day)
		}
	}
}

// ofSQL covers the tables for a database, for some devices.
func (l *lastDays) ofSQL() {
	ts, gbcs := map[string]ivp.Spec{}, map[string]ivp.Spec{}
	for _, n := range specs(l.checker.History) {
		ts[n.name] = n.value
	}
	for _, n := range gbcsVersions(l.checker.History) {
		gbcs[n.name] = n.value
	}
	types := map[string]ivp.DeviceType{}
	for _, n := range kinds() {
		types[n.name] = n.value
	}
	all := newAnswers(l.checker)
	periods := map[int][]period{}
	for _, p := range all.periods {
		periods[p.answers] = append(periods[p.answers], p)
	}
	for range 100 {
		p := rapid.SampledFrom(all.profiles).Draw(l.t, "profile")
		i := ivp.Installation{Type: types[p.kind], Spec: ts[p.spec], GBCS: gbcs[p.gbcs], Scope: p.scope}
		for _, period := range periods[p.answers] {
			v := all.verdicts[period.verdict-1]
			if v.reason.Outcome() != ivp.Eligible || !v.to.Valid() {
				continue
			}
			first, last := all.stretches[period.stretch-1], ivp.MaxDate()
			if period.stretch < len(all.stretches) {
				last = all.stretches[period.stretch].AddDays(-1)
			}
			for _, on := range append(l.days, first, last) {
				if !on.Before(first) && !on.After(last) {
					l.require("sql", i, on, v.to)
				}
			}
		}
	}
}

// ofTimeline covers the chart: every day of an eligible bar is eligible.
func (l *lastDays) ofTimeline() {
	for _, group := range chart.New(l.checker, chart.Options{}).Groups() {
		for _, row := range group.Rows {
			for _, bar := range row.Bars {
				i := ivp.Installation{Spec: row.Spec, Scope: row.Scope}
				for _, day := range append(l.days, bar.First, bar.Last) {
					if i.On = day; day.Before(bar.First) || day.After(bar.Last) {
						continue
					}
					l.shown["timeline"]++
					require.Equal(l.t, bar.Outcome(), l.checker.Check(i).Outcome(), "%s on %s", bar.Title(), day)
				}
			}
		}
	}
}
