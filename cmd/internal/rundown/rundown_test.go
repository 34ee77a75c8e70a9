package rundown

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

func date(t require.TestingT, text string) ivp.Date {
	d, err := ivp.ParseDate(text)
	require.NoError(t, err)
	return d
}

func standing(t *testing.T, spec, gbcs, on string) Standing {
	d := devices.Device{}
	var err error
	d.Installation.Spec, err = ivp.ParseSpec(spec, 0)
	require.NoError(t, err)
	if gbcs != "" {
		d.Installation.GBCS, err = ivp.ParseSpec(gbcs, ivp.GBCS)
		require.NoError(t, err)
	}
	return StandingOf(devices.Judge{Checker: ivp.Checker{History: ivp.Published()}}.Periods(d), date(t, on))
}

func TestStandingOf(t *testing.T) {
	for _, test := range []struct{ spec, gbcs, on, want string }{
		{"SMETS2 v3.1", "2.1", "2022-06-01", "date 2023-04-27 after-end MP196"},
		{"SMETS2 v3.1", "2.1", "2023-04-27", "date 2023-04-27 after-end MP196"},
		{"SMETS2 v3.1", "2.1", "2023-04-28", "closed  after-end MP196"},
		{"SMETS2 v4.2", "3.2", "2022-06-01", "not-on-record 2022-09-21 beyond-record SEC-6.21"},
		{"SMETS2 v4.2", "3.2", "2022-09-22", "undetermined  beyond-record SEC-6.21"},
		{"SMETS2 v4.2", "3.2", "2019-01-01", "opens-later 2019-11-29 before-start SEC-6.21"},
		// On the day before MP196 the end was 27 April 2022; by the law of later days it is not.
		{"SMETS2 v3.1", "2.1", "2022-02-23", "date 2023-04-27 after-end MP196"},
		{"SMETS2 v2.0", "1.0", "2018-05-07", "date 2018-05-07 gbcs-ended GBCS-1.0-END"},
	} {
		s := standing(t, test.spec, test.gbcs, test.on)
		got := strings.Join([]string{s.Kind.String(), s.Closes.String(), s.Reason.String(), s.Amendment}, " ")
		assert.Equal(t, test.want, got, "%s on %s", test.spec, test.on)
	}
}

func TestStandingOpenByAnAssumption(t *testing.T) {
	d := devices.Device{}
	d.Installation.Spec, _ = ivp.ParseSpec("SMETS2 v4.2", 0)
	judge := devices.Judge{Checker: ivp.Checker{History: ivp.Published(), AssumeOpen: true}}
	assert.Equal(t, Open, StandingOf(judge.Periods(d), date(t, "2026-01-01")).Kind)
}

func TestParseRate(t *testing.T) {
	for text, want := range map[string]Rate{"120/week": {120, 7}, " 15 / Day ": {15, 1}, "0/week": {0, 7}} {
		got, err := ParseRate(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "120", "120/month", "-1/week", "1.5/week", "9999999999/week", "/week"} {
		_, err := ParseRate(text)
		assert.ErrorContains(t, err, "such as 120/week", text)
	}
}

func TestCapacity(t *testing.T) {
	weekly := []Stretch{{ivp.MinDate(), ivp.MaxDate(), Rate{10, 7}}}
	on := date(t, "2026-01-01")
	assert.Equal(t, 1, Capacity(weekly, on, on), "10 a week is 1 on the first day")
	assert.Equal(t, 10, Capacity(weekly, on, on.AddDays(6)))
	assert.Equal(t, 0, Capacity(weekly, on, on.AddDays(-1)))
	two := []Stretch{{on, on.AddDays(6), Rate{7, 7}}, {on.AddDays(7), ivp.MaxDate(), Rate{70, 7}}}
	assert.Equal(t, 7+20, Capacity(two, on, on.AddDays(8)))
	assert.Positive(t, Capacity([]Stretch{{ivp.MinDate(), ivp.MaxDate(), Rate{mostInstalls, 1}}}, ivp.MinDate(), ivp.MaxDate()))
}

// drawLots draws lots that close within some weeks, in their order.
func drawLots(t *rapid.T, on ivp.Date) []Lot {
	var s Stock
	for range rapid.IntRange(1, 8).Draw(t, "lots") {
		key := Key{Location: rapid.SampledFrom([]string{"", "Leeds", "York"}).Draw(t, "location"), Type: rapid.SampledFrom([]ivp.DeviceType{ivp.ESME, ivp.GSME}).Draw(t, "type")}
		key.Kind = rapid.SampledFrom([]Kind{Closes, Closes, Closes, NotOnRecord, Open, Closed, Undetermined}).Draw(t, "kind")
		if key.Kind == Closes {
			key.Closes = on.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))
		}
		n := rapid.IntRange(1, 60).Draw(t, "devices")
		s.Add(key, n, int64(n)*int64(rapid.IntRange(0, 9999).Draw(t, "pence")), 0)
	}
	return s.Lots()
}

// TestFitStrandsWhatAnInstallerDayByDayStrands holds the sums against a
// simulation: each day, as many as the rate allows by then, the earliest to
// close first.
func TestFitStrandsWhatAnInstallerDayByDayStrands(t *testing.T) {
	on := date(t, "2026-01-01")
	rapid.Check(t, func(t *rapid.T) {
		lots := drawLots(t, on)
		rate := Rate{rapid.IntRange(0, 50).Draw(t, "rate"), rapid.SampledFrom([]int{1, 7}).Draw(t, "unit")}
		left, order := map[ivp.Date]int{}, []ivp.Date{}
		for _, lot := range lots {
			if lot.Kind == Closes {
				if left[lot.Closes] == 0 {
					order = append(order, lot.Closes)
				}
				left[lot.Closes] += lot.Devices
			}
		}
		done := 0
		for n := range 41 {
			day := on.AddDays(n)
			for _, closes := range order {
				if closes.Before(day) {
					continue
				}
				fit := min(left[closes], rate.Devices*(n+1)/rate.Days-done)
				left[closes] -= fit
				done += fit
			}
		}
		got, fitted := map[ivp.Date]int{}, 0
		for _, f := range Fit(lots, AtRate(rate), on) {
			require.GreaterOrEqual(t, f.Fitted, 0)
			require.LessOrEqual(t, f.Fitted, f.Devices)
			require.LessOrEqual(t, f.StrandedPence, f.Pence)
			if f.Kind == Closes {
				got[f.Closes] += f.Stranded
				fitted += f.Fitted
				require.Equal(t, f.Devices, f.Fitted+f.Stranded)
			} else {
				require.Zero(t, f.Stranded)
			}
			if !f.Kind.Installable() {
				require.Zero(t, f.Fitted)
			}
		}
		require.Equal(t, left, got)
		require.Equal(t, done, fitted)
	})
}

func TestDaysTellWhatRemains(t *testing.T) {
	on := date(t, "2022-06-01")
	close1, close2 := on.AddDays(6), on.AddDays(13)
	var s Stock
	s.Add(Key{Standing: Standing{Kind: Closes, Closes: close2}}, 30, 3000, 0)
	s.Add(Key{Standing: Standing{Kind: Closes, Closes: close1}, Location: "Leeds"}, 6, 600, 0)
	s.Add(Key{Standing: Standing{Kind: Closes, Closes: close1}, Location: "York"}, 4, 401, 0)
	s.Add(Key{Standing: Standing{Kind: NotOnRecord}}, 5, 0, 5)
	s.Add(Key{Standing: Standing{Kind: Closed}}, 2, 0, 2)
	days := Days(Fit(s.Lots(), AtRate(Rate{5, 7}), on), on)
	require.Len(t, days, 4)
	assert.Equal(t, Day{Kind: Closes, Closes: close1, Devices: 10, Pence: 1001, Remaining: 35, DueSoFar: 10, WeeklyRate: 10, Fitted: 5, Stranded: 5, StrandedPence: 300 + 201}, days[0])
	assert.Equal(t, Day{Kind: Closes, Closes: close2, Devices: 30, Pence: 3000, Remaining: 5, DueSoFar: 40, WeeklyRate: 20, Fitted: 5, Stranded: 25, StrandedPence: 2500}, days[1])
	assert.Equal(t, 5, days[2].Remaining)
	assert.Equal(t, Closed, days[3].Kind)
	assert.Zero(t, days[3].Remaining)
}

func TestPlan(t *testing.T) {
	plan, err := readPlan("plan.csv", strings.NewReader("\ufefffrom,per_week,device_type,location\n2026-01-08,70,,\n2026-01-01,7,,\n2026-01-01,14,ESME,\n2026-01-01,21,ESME, leeds \n2026-01-01,28,,Leeds\n"))
	require.NoError(t, err)
	on := date(t, "2026-01-01")
	at := func(kind ivp.DeviceType, location string) int {
		team := plan.team(Key{Type: kind, Location: location})
		return Capacity(plan.stretches(team), on, on.AddDays(6))
	}
	assert.Equal(t, 7, at(ivp.GSME, "York"))
	assert.Equal(t, 14, at(ivp.ESME, "York"))
	assert.Equal(t, 21, at(ivp.ESME, "Leeds"))
	assert.Equal(t, 28, at(ivp.GSME, "LEEDS"))
	assert.Equal(t, 77, Capacity(plan.stretches(plan.team(Key{Type: ivp.GSME})), on, on.AddDays(13)))
	part, err := readPlan("plan.csv", strings.NewReader("from,per_week,device type\n2026-01-01,7,ESME\n"))
	require.NoError(t, err)
	lots := []Lot{{Key: Key{Standing: Standing{Kind: Closes, Closes: on}, Type: ivp.GSME}, Devices: 3}}
	assert.Equal(t, 3, part.Teamless(lots))
	assert.Equal(t, 3, Fit(lots, part, on)[0].Stranded)
}

func TestPlanTellsEveryFault(t *testing.T) {
	_, err := readPlan("plan.csv", strings.NewReader("from,per_week,device_type\n1/1/2026,7,\n2026-01-01,x,\n2026-01-01,7,Toaster\n2026-01-01,1,\n2026-01-01,2,\n"))
	require.Error(t, err)
	for _, says := range []string{"plan.csv:2: from", "plan.csv:3: per_week", "plan.csv:4: device_type", "plan.csv:6: line 5 gives the same team"} {
		assert.ErrorContains(t, err, says)
	}
	for text, says := range map[string]string{"from\n": "per_week is missing", "from,per_week,x\n": `"x" is no column`, "from,per_week\n": "holds no rate", "": "could not read the heading"} {
		_, err := readPlan("plan.csv", strings.NewReader(text))
		assert.ErrorContains(t, err, says)
	}
}
