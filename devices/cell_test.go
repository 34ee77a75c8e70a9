package devices

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

func TestReadSpec(t *testing.T) {
	for _, c := range []struct {
		text string
		kind ivp.DeviceType
		want string // "" for none, "bad" for unreadable
	}{
		{"SMETS2 v4.2", 0, "SMETS2 v4.2"}, {"SMETS V4.2 ", ivp.CHF, "SMETS2 v4.2"}, {"SMETS V1.2", 0, "SMETS1 v1.2"},
		{"CHTS V1.0", ivp.ESME, "CHTS v1.0"}, {"V4.2", ivp.ESME, "SMETS2 v4.2"}, {"4.2", ivp.SAPC, "SMETS2 v4.2"},
		{"1.3", ivp.CommunicationsHub, "CHTS v1.3"}, {"V1.3", ivp.GPF, "CHTS v1.3"}, {"SMETS V1.58", 0, "SMETS v1.58"},
		{"4.2", ivp.PPMID, "SMETS2 v4.2"}, {"4.2", ivp.HCALCS, "SMETS2 v4.2"}, {"4.2", ivp.GSME, "SMETS2 v4.2"},
		{"SMETS2-4.2", 0, "SMETS2 v4.2"}, {"SMETS2 (4.2)", 0, "SMETS2 v4.2"}, {"SMETS2 (v4.2)", 0, "SMETS2 v4.2"}, {"SMETS2 v.4.2", 0, "SMETS2 v4.2"},
		{"SMETS2 Ver. 4.2", 0, "SMETS2 v4.2"}, {"SMETS-1.2", 0, "SMETS1 v1.2"}, {"CHTS-1.3", 0, "CHTS v1.3"}, {"v.4.2", ivp.GSME, "SMETS2 v4.2"},
		{"NONE", ivp.ESME, ""}, {"n/a", 0, ""}, {" - ", ivp.ESME, ""},
		{"SMETS1-4.2", 0, "bad"}, {"SMETS2-", 0, "bad"}, {"SMETS2 ()", 0, "bad"}, {"(4.2)", ivp.ESME, "bad"}, {"-4.2", ivp.ESME, "bad"}, {"SMETS2--4.2", 0, "bad"}, {"SMETS2 (4.2", 0, "bad"},
		{"", ivp.ESME, ""}, {" \u00a0", ivp.ESME, ""},
		{"4.2", 0, "bad"}, {"4.2", ivp.UnknownType, "bad"}, {"4.2", ivp.IHD, "bad"}, {"V4.2", ivp.CAD, "bad"},
		{"SMETS2 v1.2", 0, "bad"}, {"SMETS2", ivp.ESME, "bad"}, {"4", ivp.ESME, "bad"}, {"GBCS v3.2", ivp.ESME, "bad"}, {"04-Feb", ivp.ESME, "bad"},
	} {
		got, err := readSpec(c.text, c.kind)
		if c.want == "bad" {
			assert.True(t, got.IsUnreadable(), "%q on %s", c.text, c.kind)
			assert.Error(t, err)
			continue
		}
		require.NoError(t, err, "%q on %s", c.text, c.kind)
		assert.Equal(t, c.want, got.String(), "%q on %s", c.text, c.kind)
	}
}

func TestReadGBCS(t *testing.T) {
	for text, want := range map[string]string{"3.2": "GBCS v3.2", "GBCS Version 3.2  ": "GBCS v3.2", "v1.0": "GBCS v1.0", "GBCS Version 0.0": "GBCS v0.0", "GBCS v.3.2": "GBCS v3.2", "GBCS-3.2": "GBCS v3.2", "": "", "n/a": "", " None ": "", "-": ""} {
		got, err := readGBCS(text)
		require.NoError(t, err, "%q", text)
		assert.Equal(t, want, got.String())
	}
	for _, text := range []string{"SMETS2 v4.2", "3", "no", "--"} {
		got, err := readGBCS(text)
		assert.Error(t, err)
		assert.True(t, got.IsUnreadable(), "%q", text)
	}
}

func FuzzReadSpec(f *testing.F) {
	f.Add("SMETS2 v4.2", uint8(0))
	f.Add("1.3", uint8(ivp.CHF))
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		spec, err := readSpec(text, ivp.DeviceType(kind%uint8(ivp.UnknownType+1)))
		require.Equal(t, err != nil, spec.IsUnreadable())
		if err == nil && !spec.IsZero() {
			require.NotEqual(t, ivp.GBCS, spec.Family)
			again, err := readSpec(spec.String(), 0)
			require.NoError(t, err)
			require.Equal(t, spec, again)
		}
	})
}

func TestParseSelection(t *testing.T) {
	s, err := ParseSelection("not_eligible, beyond-record")
	require.NoError(t, err)
	for _, r := range ivp.Reasons() {
		assert.Equal(t, r.Outcome() == ivp.NotEligible || r == ivp.BeyondRecord, s.Has(r), "%s", r)
	}
	none, err := ParseSelection("none")
	require.NoError(t, err)
	assert.Equal(t, Selection{}, none)
	for _, text := range []string{"", "broken", "not-eligible", "none,eligible"} {
		_, err := ParseSelection(text)
		assert.ErrorContains(t, err, "neither an outcome nor a reason", "%q", text)
	}
}

func TestCellsByReason(t *testing.T) {
	judge := Judge{Checker: ivp.Checker{History: ivp.Published()}}
	cells := func(spec, gbcs, on string) []string {
		d := Device{}
		d.Installation.Spec, _ = readSpec(spec, ivp.ESME)
		d.Installation.GBCS, _ = readGBCS(gbcs)
		d.On, _ = ReadDate(on, ISODates)
		return judge.Device(d).Cells(true)[:10]
	}
	for _, c := range []struct{ spec, gbcs, on, want string }{
		{"SMETS2 v3.1", "", "2023-04-27", "eligible|within-period|SMETS2 v3.1|2023-04-27|0|MP196|2023-04-27|2023-04-27|2018-11-08|date"},
		{"SMETS2 v3.1", "", "2023-04-29", "not_eligible|after-end|SMETS2 v3.1|2023-04-27|-2|MP196|2023-04-29|2023-04-29|2018-11-08|date"},
		{"SMETS2 v3.1", "", "2021-06-01", "undetermined|unsettled|SMETS2 v3.1|||PRE-MP196|2021-06-01|2021-06-01||"},
		{"SMETS2 v4.2", "", "2026-01-01", "undetermined|beyond-record|SMETS2 v4.2|||SEC-6.21|2026-01-01|2026-01-01|2019-11-29|not-on-record"},
		{"SMETS2 v4.2", "4.1", "2022-01-01", "undetermined|unlisted-pair|SMETS2 v4.2||||2022-01-01|2022-01-01||"},
		{"SMETS2 v9.9", "", "2022-01-01", "undetermined|not-listed|SMETS2 v9.9||||2022-01-01|2022-01-01||"},
		{"SMETS2 v2.0", "1.0", "2018-05-08", "not_eligible|gbcs-ended|SMETS2 v2.0|2018-05-07|-1|GBCS-1.0-END|2018-05-08|2018-05-08||date"},
		{"SMETS2 v4.2", "x", "2022-01-01", "undetermined|bad-version|SMETS2 v4.2||||2022-01-01|2022-01-01||"},
		{"4", "", "2022-01-01", "undetermined|bad-version|||||2022-01-01|2022-01-01||"},
		{"", "", "2022-01-01", "undetermined|no-version|||||2022-01-01|2022-01-01||"},
		{"SMETS2 v4.2", "", "", "undetermined|no-date|SMETS2 v4.2|||||||"},
		{"SMETS2 v4.2", "", "soon", "undetermined|bad-date|SMETS2 v4.2|||||||"},
	} {
		assert.Equal(t, c.want, strings.Join(cells(c.spec, c.gbcs, c.on), "|"))
	}
}

func TestParseDeviceType(t *testing.T) {
	for text, want := range map[string]ivp.DeviceType{
		"": 0, " ": 0, "NONE": 0, "n/a": 0, "-": 0, "ESME": ivp.ESME, " gsme": ivp.GSME, "Comms Hub": ivp.CommunicationsHub, "CH": ivp.CommunicationsHub,
		"Dual Band CH": ivp.CommunicationsHub, "dual-band comms hub": ivp.CommunicationsHub, "Gas Meter": ivp.GSME, "Electricity Meter": ivp.ESME,
		"ALCS": ivp.HCALCS, "In Home Display": ivp.IHD, "In-Home Display": ivp.IHD, "ESME (A)": ivp.ESME, "ESME A": ivp.ESME, "CHF": ivp.CHF,
		"Single_Element Electricity Metering Equipment": ivp.SingleElement, "Twin Element ESME": ivp.TwinElement, "polyphase": ivp.Polyphase,
	} {
		got, err := ParseDeviceType(text)
		require.NoError(t, err, "%q", text)
		assert.Equal(t, want, got, "%q", text)
	}
	for _, text := range []string{"Meter", "Hub", "Electricity", "Gas", "Display", "ESME (Z)", "Toaster", "GSMEE", "--", "Single Phase"} {
		got, err := ParseDeviceType(text)
		assert.ErrorContains(t, err, "want one of", "%q", text)
		assert.Equal(t, ivp.UnknownType, got, "%q", text)
	}
	meant := map[string]ivp.DeviceType{}
	for _, kind := range ivp.DeviceTypes() {
		for _, written := range TypeSpellings(kind) {
			other, twice := meant[lettersAndDigits(written)]
			assert.True(t, !twice || other == kind, "%q means %s and %s", written, other, kind)
			meant[lettersAndDigits(written)] = kind
		}
	}
}

func TestWhatARefusedVersionMayBe(t *testing.T) {
	for text, want := range map[string]string{
		"SMETS2 v4,2": "SMETS2 v4.2? there is a comma where a point was expected", "4,2": "4.2? there is a comma",
		"SMETS2 v4.O": `it contains 'O' where '0' was expected`, "SMETS2 v3.l": `it contains 'l' where '1' was expected`,
		"\u0405METS2 v4.2": `SMETS2 v4.2? it contains '\u0405' where 'S' was expected`, "SMETS2\u20134.2": `it contains '\u2013' where '-' was expected`,
		"SMETS2\u200b v4.2": `it contains the invisible character '\u200b'`,
		"S2AD":              "this looks like a meter type", "s1": "this looks like a meter type", "00020C05": "this looks like a firmware version", "00:02:0C:05": "this looks like a firmware version",
		"4.2.1": "this looks like a firmware version", "04-Feb": "4.2? a spreadsheet", "GBCS v3.2": "belongs in the GBCS column", "4": "4.0? a spreadsheet",
	} {
		got, err := readSpec(text, ivp.ESME)
		assert.ErrorContains(t, err, want, "%q", text)
		assert.True(t, got.IsUnreadable())
	}
}

func TestBlankWordsAreNoScopeAndNoDate(t *testing.T) {
	columns, err := MapColumns([]string{"spec", "install_date", "scope"}, ColumnOptions{})
	require.NoError(t, err)
	for _, word := range []string{"NONE", "N/A", "-"} {
		d := columns.Device([]string{"SMETS2 v4.2", word, word})
		assert.Equal(t, word, d.Scope)
		require.Len(t, d.Faults, 1)
		assert.Equal(t, InstallDate, d.Faults[0].Field)
	}
}
