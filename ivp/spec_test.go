package ivp

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseSpec(t *testing.T) {
	for _, c := range []struct {
		text string
		bare Family
		want string
	}{
		{"SMETS2 v4.2", 0, "SMETS2 v4.2"},
		{"SMETS V4.2 ", 0, "SMETS2 v4.2"},
		{"SMETS2+ v4.2", 0, "SMETS2 v4.2"},
		{"smets2 4.2", 0, "SMETS2 v4.2"},
		{"SMETS 2.0", 0, "SMETS2 v2.0"},
		{"SMETS2.0", 0, "SMETS2 v2.0"},
		{"SMETS Version 4.2", 0, "SMETS2 v4.2"},
		{"SMETS V1.2", 0, "SMETS1 v1.2"},
		{"SMETS1 v1.2", 0, "SMETS1 v1.2"},
		{"SMETS V1.58", 0, "SMETS v1.58"},
		{"SMETS V4.20", 0, "SMETS2 v4.20"},
		{"CHTS V1.0 ", 0, "CHTS v1.0"},
		{"CHTS V1.0", SMETS, "CHTS v1.0"},
		{"GBCS Version 3.2  ", 0, "GBCS v3.2"},
		{"GBCS Version 0.0", 0, "GBCS v0.0"},
		{"3.2", GBCS, "GBCS v3.2"},
		{"V4.2", SMETS, "SMETS2 v4.2"},
		{" 4.2 ", SMETS, "SMETS2 v4.2"},
		{"1.3", CHTS, "CHTS v1.3"},
	} {
		got, err := ParseSpec(c.text, c.bare)
		require.NoError(t, err, "%q", c.text)
		assert.Equal(t, c.want, got.String(), "%q", c.text)
		again, err := ParseSpec(got.String(), 0)
		require.NoError(t, err)
		assert.Equal(t, got, again)
	}
}

func TestParseSpecRefuses(t *testing.T) {
	for _, c := range []struct {
		text string
		bare Family
		says string
	}{
		{"", SMETS, "want a version"},
		{"4.2", 0, "want the family before the number"},
		{"SMETS2", 0, "the family alone"},
		{"CHTS", CHTS, "the family alone"},
		{"4", SMETS, "4.0? a spreadsheet may have dropped the .0"},
		{"2", SMETS, "; 2 may be the generation, SMETS2, which is not a version; or 2.0, of which a spreadsheet has dropped the .0"},
		{"1", 0, "; 1 may be the generation, SMETS1, which is not a version; or 1.0, of which"},
		{"2", GBCS, "; 2.0? a spreadsheet may have dropped the .0"},
		{"CHTS V1", 0, "; 1.0? a spreadsheet may have dropped the .0"},
		{"SMETS V4", 0, "4.0? a spreadsheet"},
		{"SMETS2 v1.2", 0, "v1.2 contradicts SMETS2"},
		{"SMETS1 v4.2", 0, "v4.2 contradicts SMETS1"},
		{"SMETS1 v1.58", 0, "v1.58 contradicts SMETS1"},
		{"SMETS3 v4.2", 0, "want a version"},
		{"4.2.1", SMETS, "want a version"},
		{"04.2", SMETS, "want a version"},
		{"4.2 or later", SMETS, "want a version"},
		{"04-Feb", SMETS, "want a version"},
		{"4,2", SMETS, "want a version"},
		{"-4.2", SMETS, "want a version"},
	} {
		got, err := ParseSpec(c.text, c.bare)
		assert.ErrorContains(t, err, c.says, "%q", c.text)
		assert.True(t, got.IsZero())
		var specErr *SpecError
		assert.ErrorAs(t, err, &specErr)
	}
}

func TestSpecMarks(t *testing.T) {
	assert.True(t, UnreadableSpec().IsUnreadable())
	assert.False(t, Spec{}.IsUnreadable())
	assert.Equal(t, "", Spec{}.String())
	assert.True(t, Spec{GBCS, "0.0"}.NoGBCS())
	assert.False(t, Spec{SMETS, "0.0"}.NoGBCS())
	assert.NotEqual(t, Spec{SMETS, "4.2"}, Spec{SMETS, "4.20"})
}

func FuzzParseSpec(f *testing.F) {
	for _, seed := range []string{"SMETS2 v4.2", "V4.2", "GBCS Version 3.2  ", "SMETS V1.58", "4", "SMETS"} {
		f.Add(seed, uint8(SMETS))
	}
	f.Fuzz(func(t *testing.T, text string, bare uint8) {
		spec, err := ParseSpec(text, Family(bare%4))
		if err != nil {
			require.True(t, spec.IsZero())
			return
		}
		require.Contains(t, text, spec.Version, "the text contains the version as it is")
		again, err := ParseSpec(spec.String(), 0)
		require.NoError(t, err)
		require.Equal(t, spec, again)
	})
}

func TestDeviceTypes(t *testing.T) {
	for _, kind := range DeviceTypes() {
		for _, text := range []string{kind.String(), strings.ToLower(kind.Name()), " " + kind.Name() + " "} {
			got, err := ParseDeviceType(text)
			require.NoError(t, err)
			assert.Equal(t, kind, got)
		}
	}
	got, err := ParseDeviceType("Toaster")
	assert.ErrorContains(t, err, "want one of ESME")
	assert.Equal(t, UnknownType, got)
	got, err = ParseDeviceType("  ")
	assert.NoError(t, err)
	assert.Zero(t, got)
	assert.Equal(t, CHTS, GPF.BareFamily())
	assert.Equal(t, SMETS, SAPC.BareFamily())
	assert.Zero(t, IHD.BareFamily())
}

func TestReasons(t *testing.T) {
	require.Len(t, Reasons(), 20)
	for _, r := range Reasons() {
		assert.NotEmpty(t, r.Sentence())
		var again Reason
		require.NoError(t, again.UnmarshalText([]byte(r.String())))
		assert.Equal(t, r, again)
	}
	assert.Equal(t, Undetermined, Reason(0).Outcome(), "the zero value is undetermined")
	assert.Equal(t, Undetermined, Verdict{}.Outcome())
	assert.Equal(t, Undetermined, Checker{}.Check(Installation{}).Outcome())
}
