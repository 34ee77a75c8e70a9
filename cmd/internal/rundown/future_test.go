package rundown

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// draft is invented: it says what the record does not, and for a later day.
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
		// On the day before MP196 the end was 27 April 2022; by the law of later days it is not.
		{published, "SMETS2 v3.1", "2.1", "2022-02-23", "date 2023-04-27 after-end MP196"},
		{published, "SMETS2 v2.0", "1.0", "2018-05-07", "date 2018-05-07 gbcs-ended GBCS-1.0-END"},
		{ivp.Checker{History: ivp.Published(), LastDayExcluded: true}, "SMETS2 v3.1", "2.1", "2022-06-01", "date 2023-04-26 after-end MP196"},
		{ivp.Checker{History: ivp.Published(), AssumeOpen: true}, "SMETS2 v4.2", "3.2", "2026-01-01", "open  within-period SEC-6.21"},
		// An amendment that is not in force yet counts all the same.
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
	told := func(location string, n, costless int) devices.Tallied {
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
		s.Add(told("Leeds", 3, 1))
		s.Add(told(" Leeds ", 2, 0))
		s.Add(told("York", 1, 0))
		s.Add(devices.Tallied{Result: judge.Row(devices.Row{Kind: devices.BadRow}), Devices: 2, Costless: 2})
		lots := New(s, nil).Lots
		require.Len(t, lots, 3)
		want.Key = Key{Kind: Dated, Day: day(t, "2023-04-27"), Reason: ivp.AfterEnd, Amendment: "MP196", Spec: d.Spec, Location: "Leeds"}
		assert.Equal(t, want, lots[0])
		assert.Equal(t, "York", lots[1].Location)
		assert.Equal(t, Key{Kind: Undetermined, Reason: ivp.BadRow}, lots[2].Key)
	}
}
