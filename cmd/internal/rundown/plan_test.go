package rundown

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

func TestParseRate(t *testing.T) {
	for text, want := range map[string]int64{"120/week": 120, " 15/day ": 105, "0/week": 0} {
		got, err := ParseRate(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "120", "120/month", "-1/week", "1.5/week", "9999999999/week", "999999999/day", "/week"} {
		_, err := ParseRate(text)
		assert.ErrorContains(t, err, "such as 40/week", text)
	}
}

func TestCapacity(t *testing.T) {
	on := day(t, "2026-01-01")
	team := Steady("", 10).Teams[0]
	assert.Equal(t, int64(1), team.Capacity(on, on), "10 a week are 1 on the first day")
	assert.Equal(t, int64(10), team.Capacity(on, on.AddDays(6)))
	assert.Equal(t, int64(0), team.Capacity(on, on.AddDays(-1)))
	holiday := Team{Rates: []Rate{{From: ivp.MinDate(), PerWeek: 70}, {From: on.AddDays(2), To: on.AddDays(3), PerWeek: 7}}}
	assert.Equal(t, int64(20+2+30), holiday.Capacity(on, on.AddDays(6)), "after the holiday the old rate applies again")
	ended := Team{Rates: []Rate{{From: on.AddDays(1), To: on.AddDays(2), PerWeek: 7}}}
	assert.Equal(t, int64(2), ended.Capacity(on, ivp.MaxDate()))
	most := Steady("", mostPerWeek).Teams[0]
	assert.Equal(t, int64(ivp.MaxDate().DayNumber())*mostPerWeek/7, most.Capacity(ivp.MinDate(), ivp.MaxDate()))
}

func TestReadPlan(t *testing.T) {
	plan, err := ReadPlan("plan.csv", []byte("\ufeffFrom,Per Week,device_type,location,to\n08/01/2026,70,,,\n1 January 2026,7,,,31/01/2026\n"+
		"2026-01-01,14,ESME,,\n2026-01-01,21,ESME, leeds ,\n2026-01-01,28,,Leeds,\n2026-01-01,35,Polyphase Electricity Metering Equipment,,\n"))
	require.NoError(t, err)
	assert.Equal(t, []string{"plan.csv:2: 08/01/2026 is read as 8 January 2026, the day first"}, plan.Notes)
	on := day(t, "2026-01-01")
	for _, test := range []struct {
		kind     ivp.DeviceType
		location string
		want     int64
	}{
		{ivp.GSME, "York", 7}, {ivp.ESME, "York", 14}, {ivp.ESME, "Leeds", 21}, {ivp.GSME, "LEEDS", 28},
		{ivp.TwinElement, "York", 14}, {ivp.TwinElement, "Leeds", 21}, {ivp.Polyphase, "Leeds", 35}, {0, "", 7},
	} {
		team := plan.team(Key{Type: test.kind, Location: test.location})
		assert.Equal(t, test.want, plan.Teams[team].Capacity(on, on.AddDays(6)), "%s at %s", test.kind, test.location)
	}
	assert.Equal(t, Team{Rates: []Rate{{day(t, "2026-01-08"), ivp.Date{}, 70}, {on, day(t, "2026-01-31"), 7}}}, plan.Teams[0])
	assert.Equal(t, "all stock, ESME, ESME at leeds, all at Leeds",
		plan.Teams[0].String()+", "+plan.Teams[1].String()+", "+plan.Teams[2].String()+", "+plan.Teams[3].String())
}

func TestReadPlanReportsEveryFault(t *testing.T) {
	_, err := ReadPlan("plan.csv", []byte("from,per_week,device_type,to\n1/13/2026,7,,\n2026-01-01,x,,\n2026-01-01,7,Toaster,2025-01-01\n2026-01-01,1,,\n2026-01-01,2,,\n,,,\n2026-01-01,,GSME,\n1,2\n\n2026-01-01,2,GSME,\n"))
	require.Error(t, err)
	for _, says := range []string{
		"plan.csv:2: from: \"1/13/2026\" is not a date", "plan.csv:3: per_week: \"x\": want a whole number", "plan.csv:4: device_type: \"Toaster\"",
		"plan.csv:4: to: 2025-01-01 is before from", "plan.csv:6: line 5 already gives a rate for all stock from 2026-01-01", "plan.csv:8: per_week: it is blank", "line 9: wrong number of fields",
	} {
		assert.ErrorContains(t, err, says)
	}
	assert.NotContains(t, err.Error(), "plan.csv:7", "cells that are all blank are no line")
	assert.NotContains(t, err.Error(), "plan.csv:11")
	for text, says := range map[string]string{
		"from\n": "no heading per_week", "from,per_week,x\n": `heading "x": want from and per_week`, "from,From,per_week\n": `heading "From"`,
		"from,per_week\n": "no line follows the heading", "": "no heading could be read",
	} {
		_, err := ReadPlan("plan.csv", []byte(text))
		assert.ErrorContains(t, err, says)
	}
}

// FuzzReadPlan checks that in any plan that can be read no team has installed
// less by a later day.
func FuzzReadPlan(f *testing.F) {
	for _, text := range []string{"from,per_week\n2026-01-05,40\n", "\ufefffrom,per week,to,device type,location\n2026-01-05,40,2026-02-01,ESME,Leeds\n2026-01-12,0,,,\n", "from,per_week\n,\n", "x"} {
		f.Add([]byte(text))
	}
	first, err := ivp.ParseDate("2026-01-01")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		plan, err := ReadPlan("plan.csv", data)
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		assert.NotEmpty(t, plan.Teams)
		for _, team := range plan.Teams {
			before := int64(0)
			for _, days := range []int{-1, 0, 6, 30, 400, 40_000} {
				done := team.Capacity(first, first.AddDays(days))
				assert.GreaterOrEqual(t, done, before)
				before = done
			}
		}
	})
}
