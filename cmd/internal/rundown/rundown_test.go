package rundown

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

func day(t require.TestingT, text string) ivp.Date {
	d, err := ivp.ParseDate(text)
	require.NoError(t, err)
	return d
}

// stockOf returns stock made of lots.
func stockOf(on ivp.Date, lots ...Lot) *Stock {
	s := NewStock(devices.Judge{On: on})
	for _, lot := range lots {
		if known := s.lots[lot.Key]; known != nil {
			known.Devices += lot.Devices
			known.Pence += lot.Pence
			continue
		}
		s.lots[lot.Key] = &lot
	}
	return s
}

func closing(on ivp.Date, location string, n int, pence int64) Lot {
	return Lot{Key: Key{Kind: Dated, Day: on, Location: location}, Devices: n, Pence: pence}
}

func TestDatesTellWhatRemainsAndWhatIsStranded(t *testing.T) {
	on := day(t, "2022-06-01")
	first, second := on.AddDays(6), on.AddDays(13)
	vouched := on.AddDays(9)
	r := New(stockOf(on,
		closing(second, "", 30, 3000), closing(first, "Leeds", 6, 600), closing(first, "York", 4, 401),
		Lot{Key: Key{Kind: NotOnRecord, Day: vouched}, Devices: 5}, Lot{Key: Key{Kind: Open}, Devices: 3}, Lot{Key: Key{Kind: Closed}, Devices: 2},
	), Steady("5/week", 5))
	assert.Equal(t, []Date{
		{Lot: Lot{Key: Key{Kind: Dated, Day: first}, Devices: 10, Pence: 1001, Fitted: 5, Stranded: 5, StrandedPence: 300 + 201}, Remain: 38, PerWeek: 10},
		// Without an end on record, nothing remains after the last day that a
		// source confirms.
		{Lot: Lot{Key: Key{Kind: Dated, Day: second}, Devices: 30, Pence: 3000, Fitted: 5, Stranded: 25, StrandedPence: 2500}, Remain: 3, PerWeek: 20},
		{Lot: Lot{Key: Key{Kind: NotOnRecord, Day: vouched}, Devices: 5}},
		{Lot: Lot{Key: Key{Kind: Open}, Devices: 3}},
		{Lot: Lot{Key: Key{Kind: Closed}, Devices: 2}},
	}, r.Dates())
	assert.Equal(t, Point{Day: on, Installable: 48, Left: 48}, r.At(on))
	assert.Equal(t, Point{Day: first, Installable: 48, Left: 44}, r.At(first), "4 of 5 a week after 6 days")
	assert.Equal(t, Point{Day: first.AddDays(1), Installable: 38, Left: 38}, r.At(first.AddDays(1)))
	assert.Equal(t, Point{Day: second, Installable: 33, Unknown: 5, Left: 33 - 4}, r.At(second))
}

func TestWithoutAPlanNothingIsStranded(t *testing.T) {
	on := day(t, "2022-06-01")
	r := New(stockOf(on, closing(on, "", 8, 800)), nil)
	assert.Equal(t, []Date{{Lot: Lot{Key: Key{Kind: Dated, Day: on}, Devices: 8, Pence: 800}, PerWeek: 56}}, r.Dates())
}

func TestWhatClosesTogetherIsFittedInProportion(t *testing.T) {
	on := day(t, "2022-06-01")
	r := New(stockOf(on, closing(on, "A", 1, 100), closing(on, "B", 3, 300), closing(on, "C", 3, 10)), Steady("5/day", 35))
	var fitted []int
	for _, lot := range r.Lots {
		fitted = append(fitted, lot.Fitted)
	}
	assert.Equal(t, []int{1, 2, 2}, fitted, "5 of 7 are 0.71, 2.14 and 2.14")
	assert.Equal(t, int64(3), r.Lots[2].StrandedPence, "a third of 10 pence")
	half := &Lot{Devices: 4, Pence: 2}
	assert.Equal(t, int64(1), strandedPence(half, 1), "half a penny is rounded up")
	large := &Lot{Devices: 3_000_000_000, Pence: 9_000_000_000_000_000_000}
	assert.Equal(t, int64(6_000_000_000_000_000_000), strandedPence(large, 2_000_000_000))
}

func TestStockThatNoLineOfThePlanFitsIsNotInstalled(t *testing.T) {
	on := day(t, "2022-06-01")
	plan := &Plan{Teams: []Team{
		{Location: "leeds", Rates: []Rate{{From: ivp.MinDate(), PerWeek: 70}}},
		{Location: "Hull", Rates: []Rate{{From: ivp.MinDate(), PerWeek: 70}}},
	}}
	r := New(stockOf(on, closing(on, "Leeds", 4, 0), closing(on, "York", 3, 0), Lot{Key: Key{Kind: Closed}, Devices: 9}), plan)
	assert.Equal(t, 3, r.Unplanned)
	assert.Equal(t, []int{1}, r.Idle)
	assert.Equal(t, 3, r.Total(Kind.Installable).Stranded)
}

// TestStrandsWhatADayByDaySimulationStrands compares the sums with a simulation
// of installers who each day take what closes next, and carry over a part of a
// device.
func TestStrandsWhatADayByDaySimulationStrands(t *testing.T) {
	on := day(t, "2026-01-01")
	types, locations := []ivp.DeviceType{ivp.ESME, ivp.GSME}, []string{"", "Leeds", "York"}
	rapid.Check(t, func(t *rapid.T) {
		plan := drawPlan(t, on, types, locations)
		lots := drawLots(t, on, types, locations)
		r := New(stockOf(on, lots...), plan)

		stranded := map[ivp.Date]int{}
		for team := -1; team < len(plan.Teams); team++ { // -1: the lots that no team installs
			for closes, n := range simulate(plan, team, lots, on) {
				stranded[closes] += n
			}
		}
		for _, d := range r.Dates() {
			if d.Kind == Dated {
				require.Equal(t, stranded[d.Day], d.Stranded, d.Day)
				require.Equal(t, d.Devices, d.Fitted+d.Stranded)
			} else {
				require.Zero(t, d.Stranded+d.Fitted)
			}
		}
		for _, lot := range r.Lots {
			require.True(t, lot.Fitted >= 0 && lot.Stranded >= 0 && lot.StrandedPence <= lot.Pence)
		}
	})
}

func drawPlan(t *rapid.T, on ivp.Date, types []ivp.DeviceType, locations []string) *Plan {
	plan := &Plan{}
	for range rapid.IntRange(1, 4).Draw(t, "teams") {
		team := Team{Type: rapid.SampledFrom(append(types, 0)).Draw(t, "team type"), Location: rapid.SampledFrom(locations).Draw(t, "team location")}
		if slices.ContainsFunc(plan.Teams, func(other Team) bool { return other.Type == team.Type && other.Location == team.Location }) {
			continue
		}
		for _, start := range rapid.SliceOfNDistinct(rapid.IntRange(-3, 35), 1, 3, rapid.ID).Draw(t, "starts") {
			rate := Rate{From: on.AddDays(start), PerWeek: int64(rapid.IntRange(0, 40).Draw(t, "per week"))}
			if length := rapid.IntRange(0, 20).Draw(t, "length"); length > 0 {
				rate.To = rate.From.AddDays(length - 1)
			}
			team.Rates = append(team.Rates, rate)
		}
		plan.Teams = append(plan.Teams, team)
	}
	return plan
}

func drawLots(t *rapid.T, on ivp.Date, types []ivp.DeviceType, locations []string) []Lot {
	var lots []Lot
	for range rapid.IntRange(1, 10).Draw(t, "lots") {
		lot := closing(on.AddDays(rapid.IntRange(0, 40).Draw(t, "days")), rapid.SampledFrom(locations).Draw(t, "location"),
			rapid.IntRange(1, 30).Draw(t, "devices"), int64(rapid.IntRange(0, 9999).Draw(t, "pence")))
		lot.Type = rapid.SampledFrom(types).Draw(t, "type")
		if other := rapid.SampledFrom([]Kind{Dated, Dated, Dated, NotOnRecord, Open, OpensLater, Closed, Undetermined}).Draw(t, "kind"); other != Dated {
			lot.Kind, lot.Day = other, ivp.Date{}
		}
		lots = append(lots, lot)
	}
	return lots
}

// simulate returns how many devices a team leaves, by closing day.
func simulate(plan *Plan, team int, lots []Lot, on ivp.Date) map[ivp.Date]int {
	left := map[ivp.Date]int{}
	for _, lot := range lots {
		if lot.Kind == Dated && plan.team(lot.Key) == team {
			left[lot.Day] += lot.Devices
		}
	}
	sevenths := int64(0) // of a device, done and not yet used
	for now := on; team >= 0 && now.Before(on.AddDays(60)); now = now.AddDays(1) {
		sevenths += rateOn(plan.Teams[team].Rates, now)
		for closes := now; closes.Before(on.AddDays(60)); closes = closes.AddDays(1) {
			for left[closes] > 0 && sevenths >= 7 {
				left[closes]--
				sevenths -= 7
			}
		}
	}
	return left
}

// rateOn returns the rate of the line with the latest start, by a plain search.
func rateOn(rates []Rate, now ivp.Date) int64 {
	for began := now; !began.Before(now.AddDays(-100)); began = began.AddDays(-1) {
		for _, r := range rates {
			if r.From == began && (r.To.IsZero() || !r.To.Before(now)) {
				return r.PerWeek
			}
		}
	}
	return 0
}

// draft is an invented amendment that comes into force later.
const draft = `{"amendments": [{"id": "DRAFT", "title": "invented", "in_force": "2022-08-01",
"citations": [{"document": "invented", "quote": "ends on 2 September 2022"}], "entries": [{"spec": "SMETS2 v4.2", "to": "2022-09-02"}]}]}`

func deviceOf(t *testing.T, spec, gbcs string) (d devices.Device) {
	var err error
	d.Spec, err = ivp.ParseSpec(spec, 0)
	require.NoError(t, err)
	if gbcs != "" {
		d.GBCS, err = ivp.ParseSpec(gbcs, ivp.GBCS)
		require.NoError(t, err)
	}
	return d
}

func TestFuture(t *testing.T) {
	amended, err := ivp.Published().AmendFile([]byte(draft))
	require.NoError(t, err)
	published := ivp.Checker{History: ivp.Published()}
	for _, test := range []struct {
		checker              ivp.Checker
		spec, gbcs, on, want string
	}{
		{published, "SMETS2 v3.1", "2.1", "2022-06-01", "date 2023-04-27 after-end MP196"},
		{published, "SMETS2 v3.1", "2.1", "2023-04-27", "date 2023-04-27 after-end MP196"},
		{published, "SMETS2 v3.1", "2.1", "2023-04-28", "closed  after-end MP196"},
		{published, "SMETS2 v4.2", "3.2", "2022-06-01", "not-on-record 2022-09-21 beyond-record SEC-6.21"},
		{published, "SMETS2 v4.2", "3.2", "2022-09-22", "undetermined  beyond-record SEC-6.21"},
		{published, "SMETS2 v4.2", "3.2", "2019-01-01", "opens-later 2019-11-29 before-start SEC-6.21"},
		// On the day before MP196 the end was 27 April 2022; later amendments
		// changed it.
		{published, "SMETS2 v3.1", "2.1", "2022-02-23", "date 2023-04-27 after-end MP196"},
		{published, "SMETS2 v2.0", "1.0", "2018-05-07", "date 2018-05-07 gbcs-ended GBCS-1.0-END"},
		{ivp.Checker{History: ivp.Published(), LastDayExcluded: true}, "SMETS2 v3.1", "2.1", "2022-06-01", "date 2023-04-26 after-end MP196"},
		{ivp.Checker{History: ivp.Published(), AssumeOpen: true}, "SMETS2 v4.2", "3.2", "2026-01-01", "open  within-period SEC-6.21"},
		// An amendment that is not in force yet counts too.
		{ivp.Checker{History: amended}, "SMETS2 v4.2", "3.2", "2022-06-01", "date 2022-09-02 after-end DRAFT"},
	} {
		key := future(devices.Judge{Checker: test.checker}.Periods(deviceOf(t, test.spec, test.gbcs)), day(t, test.on))
		got := strings.Join([]string{key.Kind.String(), key.Day.String(), key.Reason.String(), key.Amendment}, " ")
		assert.Equal(t, test.want, got, "%s on %s", test.spec, test.on)
	}
}

func TestStockAddsUpWhatIsAlike(t *testing.T) {
	judge := devices.Judge{Checker: ivp.Checker{History: ivp.Published()}, On: day(t, "2022-06-01")}
	d := deviceOf(t, "SMETS2 v3.1", "2.1")
	tallied := func(location string, n, costless int) devices.Tallied {
		d.Location = location
		return devices.Tallied{Device: d, Result: judge.Device(d), Devices: n, Pence: 4500 * int64(n-costless), Costless: costless}
	}
	for _, unitCost := range []bool{false, true} {
		s := NewStock(judge)
		want := Lot{Devices: 5, Pence: 4 * 4500, Costless: 1}
		if unitCost {
			s.SetUnitCost(1000)
			want.Pence, want.Costless = want.Pence+1000, 0
		}
		s.Add(tallied("Leeds", 3, 1))
		s.Add(tallied(" Leeds ", 2, 0))
		s.Add(tallied("York", 1, 0))
		s.Add(devices.Tallied{Result: judge.Row(devices.Row{Kind: devices.BadRow}), Devices: 2, Costless: 2})
		lots := New(s, nil).Lots
		require.Len(t, lots, 3)
		want.Key = Key{Kind: Dated, Day: day(t, "2023-04-27"), Reason: ivp.AfterEnd, Amendment: "MP196", Spec: d.Spec, Location: "Leeds"}
		assert.Equal(t, want, lots[0])
		assert.Equal(t, "York", lots[1].Location)
		assert.Equal(t, Key{Kind: Undetermined, Reason: ivp.BadRow}, lots[2].Key)
	}
}

// TestFitBy checks what each location must install by which day: capitals do not
// matter, a lot that does not close is not in it, and a location's rate is the one
// at which all that closes by the day is in time, to the device.
func TestFitBy(t *testing.T) {
	on := day(t, "2026-11-26")
	first, second := on.AddDays(6), on.AddDays(7)
	lot := func(closes ivp.Date, location string, kind ivp.DeviceType, n int) Lot {
		l := closing(closes, location, n, int64(100*n))
		l.Type = kind
		return l
	}
	r := New(stockOf(on,
		lot(second, "Leeds", ivp.GSME, 1), lot(first, "LEEDS", ivp.ESME, 5), lot(first, "leeds", ivp.ESME, 2), lot(first, "Hull", ivp.ESME, 8),
		lot(first, "", ivp.ESME, 1), Lot{Key: Key{Kind: Open, Location: "Hull"}, Devices: 50}, Lot{Key: Key{Kind: Closed, Location: "York"}, Devices: 5},
	), nil)
	var got []string
	for _, f := range r.FitBy() {
		got = append(got, fmt.Sprintf("%q by %s: %d, so far %d, %d a week, £%d, %d lots", f.Location, f.Day, f.Devices, f.SoFar, f.PerWeek, f.Pence/100, len(f.Lots)))
	}
	assert.Equal(t, []string{
		`"Hull" by 2026-12-02: 8, so far 8, 8 a week, £8, 1 lots`,
		`"LEEDS" by 2026-12-02: 7, so far 7, 7 a week, £7, 1 lots`,
		`"LEEDS" by 2026-12-03: 1, so far 8, 7 a week, £1, 1 lots`,
		`"" by 2026-12-02: 1, so far 1, 1 a week, £1, 1 lots`,
	}, got)
	assert.Empty(t, New(stockOf(on, closing(first, "", 3, 0)), nil).FitBy(), "no location is given")
	assert.Empty(t, New(stockOf(on, Lot{Key: Key{Kind: Open, Location: "Hull"}, Devices: 50}), nil).FitBy(), "nothing closes")
}

// TestRowsThatAreNoDevice are counted and are in no sum.
func TestRowsThatAreNoDevice(t *testing.T) {
	on := day(t, "2022-06-01")
	judge := devices.Judge{Checker: ivp.Checker{History: ivp.Published()}, On: on}
	stock := NewStock(judge)
	add := func(d devices.Device) {
		d.Installation.On = on
		stock.Add(devices.Tallied{Device: d, Result: judge.Device(d), Devices: 1, Pence: 100})
	}
	add(devices.Device{ID: "Subtotal", Location: "Hull", UnitCost: "1"})
	add(devices.Device{ID: "A", Model: "1F08"})
	add(devices.Device{ID: "B", Installation: ivp.Installation{Type: ivp.ESME}})
	add(devices.Device{ID: "C", Installation: ivp.Installation{GBCS: ivp.UnreadableSpec()}})
	add(devices.Device{ID: "D", Installation: ivp.Installation{Spec: ivp.UnreadableSpec()}})
	r := New(stock, nil)
	all := r.Total(func(Kind) bool { return true })
	assert.Equal(t, 1, r.Others)
	assert.Equal(t, 4, all.Devices)
	assert.Equal(t, int64(400), all.Pence)
}
