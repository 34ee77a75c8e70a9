package devices

import (
	"fmt"
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
		{"a hint of a version", Spec, []string{"Smets Edition", "Version", "chtsno"}, []string{"Smets Edition", "Version", "chtsno"}},
		{"short words are not near", Spec, []string{"Step", "spe"}, []string{"spe"}},
		{"what means another field", Spec, []string{"GBCS Version", "Firmware Version", "Meter Spec"}, []string{"Meter Spec"}},
		{"columns of ours", Spec, []string{"ivp_spec"}, nil},
		{"the nearest first", Spec, []string{"Version Info", "Meter Spec", "Spec Versio", "SMETS Version."}, []string{"SMETS Version.", "Spec Versio", "Meter Spec"}},
		{"data in the place of headings", Spec, []string{"SMETS2 v4.2", "2022-01-10"}, nil},
		{"one heading twice", Spec, []string{"Meter Spec", "Meter Spec"}, []string{"Meter Spec"}},
		{"words of every heading", Manufacturer, []string{"Device", "Meter Number", "Maker"}, nil},
		{"a type by another name", DeviceType, []string{"Payment Type", "Meter Type", "Asset Class", "Equipment Kind"}, []string{"Meter Type", "Asset Class", "Equipment Kind"}},
		{"the type alone", DeviceType, []string{"Type"}, []string{"Type"}},
		{"GBCS by another name", GBCS, []string{"GBCS Ver", "Companion Spec", "Version"}, []string{"GBCS Ver", "Companion Spec"}},
		{"a version of something else", Spec, []string{"GBCS Version No", "Companion Spec", "Software Version", "Hardware Version"}, nil},
		{"a scope", Scope, []string{"Scope of Install"}, []string{"Scope of Install"}},
		{"the day of a fit", InstallDate, []string{"Planned Fit Dt", "Benefits"}, []string{"Planned Fit Dt"}},
		{"a serial number", DeviceID, []string{"Serial No."}, []string{"Serial No."}},
		{"no letter at all", Spec, []string{"", " ", "…"}, nil},
		{"nothing of the kind", Spec, []string{"Serial", "Postcode"}, nil},
	} {
		assert.Equal(t, test.want, nearHeadings(test.field, test.field.Aliases(), test.headings), test.about)
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
			[]string{`did you mean "Meter Spec"?`, `did you mean "Instal Date"?`},
			`--map spec='Meter Spec' --map install_date='Instal Date'`,
		},
		{
			"several", []string{"Version", "Spec No", "Smets"}, ColumnOptions{OnGiven: true},
			[]string{`did you mean "Spec No", "Smets" or "Version"?`}, `--map spec='Spec No'`,
		},
		{
			"a mapping that is not there", []string{"Meter Spec", "Spec Version"}, ColumnOptions{OnGiven: true, Map: map[Field]string{Spec: "Meter Spc"}},
			[]string{`no column has the heading "Meter Spc", to which spec is mapped; did you mean "Meter Spec" or "Spec Version"?`}, `--map spec='Meter Spec'`,
		},
		{
			"a mapping like nothing there", []string{"Spec Version"}, ColumnOptions{OnGiven: true, Map: map[Field]string{Spec: "Bananas"}},
			[]string{`did you mean "Spec Version"?`}, `--map spec='Spec Version'`,
		},
		{
			"two that an exact name tells apart", []string{"Spec", "spec", "Meter Spec"}, ColumnOptions{OnGiven: true},
			[]string{`2 columns for spec: "Spec", "spec"`}, `--map spec='Spec'`,
		},
		{
			"two that no name tells apart", []string{"Note", "Spec", "Spec"}, ColumnOptions{OnGiven: true},
			[]string{`2 columns for spec: "Spec", "Spec"`}, `--map spec='#2'`,
		},
		{
			"a number that is no column's", []string{"Spec", "Meter Spec"}, ColumnOptions{OnGiven: true, Map: map[Field]string{Spec: "#3"}},
			[]string{`there is no column #3 to read spec from: the heading has 2`}, `--map spec='Spec'`,
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

// TestNearHeadingsOfColumns proposes no column that another field is read from.
func TestNearHeadingsOfColumns(t *testing.T) {
	headings := []string{"Version", "Date Fitted", "Meter Type", "GBCS Ver"}
	columns, err := MapColumns(headings, ColumnOptions{Map: map[Field]string{Spec: "Version", InstallDate: "#2", GBCS: "#0"}})
	require.NoError(t, err)
	assert.Equal(t, []Field{DeviceType, GBCS, Scope}, columns.NotJudged())
	assert.Equal(t, []string{"Meter Type"}, columns.NearHeadings(DeviceType))
	assert.Equal(t, []string{"GBCS Ver"}, columns.NearHeadings(GBCS))
	columns, err = MapColumns(headings, ColumnOptions{Map: map[Field]string{Spec: "Version", InstallDate: "#2", DeviceType: "GBCS Ver"}})
	require.NoError(t, err)
	assert.Empty(t, columns.NearHeadings(GBCS), "it is read as the device type")
	_, err = MapColumns(headings, ColumnOptions{Map: map[Field]string{DeviceType: "Version"}})
	assert.NotContains(t, err.Error(), `did you mean "Version"`)
}

// TestNearHeadingsOfVeryManyColumns takes a heading as wide as any that a file
// could have.
func TestNearHeadingsOfVeryManyColumns(t *testing.T) {
	headings := []string{"spec", "install_date", "GBCS Ver"}
	for n := range 200_000 {
		headings = append(headings, fmt.Sprint("Column ", n))
	}
	columns, err := MapColumns(headings, ColumnOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{"GBCS Ver"}, columns.NearHeadings(GBCS))
}
