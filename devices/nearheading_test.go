package devices

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNearHeadings(t *testing.T) {
	for _, test := range []struct {
		about    string
		field    Field
		headings []string
		want     []string
	}{
		{"a letter is missing", InstallDate, []string{"MSN", "Instal Date"}, []string{"Instal Date"}},
		{"two letters differ", InstallDate, []string{"Instlal Dates"}, nil},
		{"two letters are swapped", InstallDate, []string{"Instlal Date"}, []string{"Instlal Date"}},
		{"it holds an alias as words", InstallDate, []string{"Meter Install Date"}, []string{"Meter Install Date"}},
		{"words run together", InstallDate, []string{"MeterInstallDate"}, []string{"MeterInstallDate"}},
		{"an alias holds it as a word", InstallDate, []string{"Date"}, []string{"Date"}},
		{"not as a part of a word", InstallDate, []string{"Update"}, nil},
		{"words that hint", InstallDate, []string{"Date Fitted"}, []string{"Date Fitted"}},
		{"another day than the installation's", InstallDate, []string{"Decommissioned On", "DateCommissioned", "Fitter"}, nil},
		{"a hint of a version", Spec, []string{"Smets Edition", "Version", "chtsno"}, []string{"Version", "Smets Edition", "chtsno"}},
		{"short words are not near", Spec, []string{"Step", "spe"}, []string{"spe"}},
		{"what means another field", Spec, []string{"GBCS Version", "Firmware Version", "Meter Spec"}, []string{"Meter Spec"}},
		{"columns of ours", Spec, []string{"ivp_spec"}, nil},
		{"the nearest first", Spec, []string{"Version Info", "Meter Spec", "Spec Versio", "SMETS Version."}, []string{"SMETS Version.", "Spec Versio", "Meter Spec"}},
		{"data in the place of headings", Spec, []string{"SMETS2 v4.2", "2022-01-10"}, nil},
		{"one heading twice", Spec, []string{"Meter Spec", "Meter Spec"}, []string{"Meter Spec"}},
		{"words of every heading", Manufacturer, []string{"Device", "Meter Number", "Maker"}, nil},
		{"no letter at all", Spec, []string{"", " ", "…"}, nil},
		{"nothing of the kind", Spec, []string{"Serial", "Postcode"}, nil},
	} {
		assert.Equal(t, test.want, NearHeadings(test.field, test.headings), test.about)
	}
}

func TestMappingErrorSuggests(t *testing.T) {
	for _, test := range []struct {
		about    string
		headings []string
		opts     ColumnOptions
		want     []string
		paste    string
	}{
		{
			"a needed field", []string{"Meter Spec", "Instal Date"}, ColumnOptions{},
			[]string{`did you mean "Meter Spec"? say --map spec="Meter Spec"`, `did you mean "Instal Date"? say --map install_date="Instal Date"`},
			`--map spec="Meter Spec" --map install_date="Instal Date"`,
		},
		{
			"several", []string{"Version", "Spec No", "Smets"}, ColumnOptions{OnGiven: true},
			[]string{`did you mean "Spec No", "Version" or "Smets"? say --map spec="Spec No"`}, `--map spec="Spec No"`,
		},
		{
			"a mapping that is not there", []string{"Meter Spec", "Spec Version"}, ColumnOptions{OnGiven: true, Map: map[Field]string{Spec: "Meter Spc"}},
			[]string{`no column is headed "Meter Spc", to which spec is mapped; did you mean "Meter Spec" or "Spec Version"? say --map spec="Meter Spec"`}, `--map spec="Meter Spec"`,
		},
		{
			"a mapping like nothing there", []string{"Spec Version"}, ColumnOptions{OnGiven: true, Map: map[Field]string{Spec: "Bananas"}},
			[]string{`did you mean "Spec Version"?`}, `--map spec="Spec Version"`,
		},
		{
			"two that no name tells apart", []string{"Spec", "spec", "Meter Spec"}, ColumnOptions{OnGiven: true},
			[]string{`2 columns for spec: "Spec", "spec"`}, `--map spec="YOUR HEADING"`,
		},
	} {
		_, err := MapColumns(test.headings, test.opts)
		var fault *MappingError
		require.ErrorAs(t, err, &fault, test.about)
		for _, want := range test.want {
			assert.ErrorContains(t, err, want, test.about)
		}
		assert.Equal(t, test.paste, fault.Paste(), test.about)
	}
}

func TestWhatIsNearIsNeverRead(t *testing.T) {
	columns, err := MapColumns([]string{"Instal Date", "Meter Spec"}, ColumnOptions{Lenient: true})
	require.NoError(t, err)
	assert.Equal(t, -1, columns.Index(InstallDate))
	assert.Equal(t, -1, columns.Index(Spec))
}
