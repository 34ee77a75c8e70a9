package devices

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHeadingsThatMeanAField(t *testing.T) {
	for heading, want := range map[string]Field{
		"Device ID": DeviceID, "GUID": DeviceID, "EUI64": DeviceID, "MSN": DeviceID, "DeviceID": DeviceID, "\ufeffdevice_id": DeviceID,
		"Device_Type.name": DeviceType, "DeviceType": DeviceType, "DEVICE-TYPE": DeviceType,
		"SMETS Version": Spec, "SMETSCHTSVersion": Spec, "Spec Version": Spec, "Technical Specification": Spec, " smets version ": Spec,
		"SMETS_CHTS Version.Version_number_and_effective_date": Spec,
		"GBCS Version": GBCS, "GBCS Version.version_number": GBCS, "DeviceGBCSVersion": GBCS, "gbcs": GBCS,
		"Device_Model.manufacturer_identifier": Manufacturer, "DeviceManufacturer": Manufacturer,
		"Device_Model.model_identifier": Model, "DeviceModel": Model,
		"Device_Model.hardware_version.version": HardwareVersion, "Device_Model.hardware_version.revision": HardwareRevision,
		"Device_Model.model_identifier_concatenated_with_hardware_version": ModelHardware,
		"Device_Model.firmware_version":                                    Firmware, "DeviceFirmwareVersion": Firmware,
		"Installation Date": InstallDate, "InstalledDate": InstallDate, "Planned Install Date": InstallDate, "install/date": InstallDate,
		"Scope": Scope, "Entry.status": EntryStatus,
	} {
		assert.Equal(t, want, fieldOfHeading(heading), "%q", heading)
	}
}

func TestNoHeadingMeansTwoFields(t *testing.T) {
	meant := map[string]Field{}
	for _, f := range Fields() {
		for _, alias := range f.Aliases() {
			other, known := meant[normal(alias)]
			assert.False(t, known && other != f, "%q means %s and %s", alias, other, f)
			meant[normal(alias)] = f
		}
	}
}

func TestHeadingsThatMeanNothing(t *testing.T) {
	for _, heading := range []string{"Version", "DateCommissioned", "Date", "SMETS", "SMETS Version 2", "My Installation Date", "Instalation Date", "Entry.number", ""} {
		assert.Zero(t, fieldOfHeading(heading), "%q", heading)
	}
}

func TestMapColumns(t *testing.T) {
	headings := []string{"Device ID", "MSN", "SMETS Version", "Fitted", "Installation Date"}
	c, err := MapColumns(headings, ColumnOptions{})
	require.NoError(t, err)
	assert.Equal(t, 0, c.Index(DeviceID), "device_id is not judged: the first is used")
	assert.Equal(t, 4, c.Index(InstallDate))
	assert.Equal(t, -1, c.Index(GBCS))
	c, err = MapColumns(headings, ColumnOptions{Map: map[Field]string{InstallDate: "fitted "}})
	require.NoError(t, err)
	assert.Equal(t, 3, c.Index(InstallDate), "what the user names wins")
	c, err = MapColumns([]string{"SMETS Version"}, ColumnOptions{OnGiven: true})
	require.NoError(t, err)
	assert.Equal(t, -1, c.Index(InstallDate))
	c, err = MapColumns([]string{"spec", "Install Date", "Installation Date", "scope", "SCOPE"}, ColumnOptions{OnGiven: true, ScopeGiven: true})
	require.NoError(t, err, "what is not read may stand twice")
	assert.Equal(t, -1, c.Index(Scope))
	c, err = MapColumns([]string{"ivp_outcome", "spec", " IVP_to", "install_date"}, ColumnOptions{Recheck: true})
	require.NoError(t, err)
	assert.Equal(t, []int{0, 2}, c.Dropped())
}

// TestMapColumnsNames names columns exactly, by their number, and not at all.
func TestMapColumnsNames(t *testing.T) {
	headings := []string{"Device ID", "SMETS Version", "smets_version", "GBCS", "GBCS", "", "ivp_to", "Installation Date", "#1"}
	for _, test := range []struct {
		about  string
		mapped map[Field]string
		field  Field
		want   int
	}{
		{"an exact heading wins", map[Field]string{Spec: "SMETS Version", GBCS: "#4"}, Spec, 1},
		{"the other one", map[Field]string{Spec: "smets_version", GBCS: "#4"}, Spec, 2},
		{"a number tells twins apart", map[Field]string{Spec: "#3", GBCS: "#5"}, GBCS, 4},
		{"a column without a heading", map[Field]string{Spec: "#3", GBCS: "#6"}, GBCS, 5},
		{"a number is one where a heading looks like it", map[Field]string{Spec: "#3", GBCS: "#5", Scope: "#1"}, Scope, 0},
		{"the same column twice", map[Field]string{Spec: "#3", GBCS: "#3"}, GBCS, 2},
		{"left out", map[Field]string{Spec: "#3", GBCS: "#0"}, GBCS, -1},
	} {
		c, err := MapColumns(headings, ColumnOptions{Map: test.mapped, Recheck: true})
		require.NoError(t, err, test.about)
		assert.Equal(t, test.want, c.Index(test.field), test.about)
	}
	for _, test := range []struct {
		mapped map[Field]string
		says   string
	}{
		{map[Field]string{Spec: "SMETS-VERSION", GBCS: "#4"}, `2 columns for spec: "SMETS Version", "smets_version"`},
		{map[Field]string{Spec: "#3", GBCS: "GBCS"}, `2 columns for gbcs: "GBCS", "GBCS"`},
		{map[Field]string{Spec: "#3", GBCS: "#7"}, "there is no column #7 to read gbcs from: the heading has 9"},
		{map[Field]string{Spec: "#3", GBCS: "#10"}, "there is no column #10 to read gbcs from"},
		{map[Field]string{Spec: "#3", GBCS: "#04"}, `no column has the heading "#04"`},
		{map[Field]string{Spec: "#3", GBCS: "ivp_to"}, `no column has the heading "ivp_to"`},
		{map[Field]string{Spec: "#0", GBCS: "#4"}, "no column for spec"},
	} {
		_, err := MapColumns(headings, ColumnOptions{Map: test.mapped, Recheck: true})
		assert.ErrorContains(t, err, test.says)
	}
	c, err := MapColumns(headings, ColumnOptions{Lenient: true})
	require.NoError(t, err)
	for place, want := range []string{"Device ID", "SMETS Version", "smets_version", "#4", "#5", "#6", "#7", "Installation Date", "#9"} {
		assert.Equal(t, want, c.Name(place))
	}
}

// TestNotJudged holds that every judged field without a column is said, and no
// other.
func TestNotJudged(t *testing.T) {
	for _, test := range []struct {
		about    string
		headings []string
		opts     ColumnOptions
		want     []Field
	}{
		{"version and date alone", []string{"spec", "install_date"}, ColumnOptions{}, []Field{DeviceType, GBCS, Scope}},
		{"a near heading is not read", []string{"spec", "install_date", "Meter Type", "GBCS Ver", "Scope No"}, ColumnOptions{}, []Field{DeviceType, GBCS, Scope}},
		{"the type is there", []string{"spec", "install_date", "Device Type"}, ColumnOptions{}, []Field{GBCS, Scope}},
		{"all are there", []string{"spec", "install_date", "Device Type", "gbcs", "scope"}, ColumnOptions{}, nil},
		{"left out", []string{"spec", "install_date", "Device Type", "gbcs", "scope"}, ColumnOptions{Map: map[Field]string{GBCS: "#0"}}, []Field{GBCS}},
		{"the scope is given", []string{"spec", "Device Type", "gbcs"}, ColumnOptions{OnGiven: true, ScopeGiven: true}, nil},
		{"a list gives the type and the GBCS version", []string{"manufacturer", "model", "install_date"}, ColumnOptions{CPL: true}, []Field{Scope}},
	} {
		c, err := MapColumns(test.headings, test.opts)
		require.NoError(t, err, test.about)
		assert.Equal(t, test.want, c.NotJudged(), test.about)
	}
}

func TestMapColumnsRefuses(t *testing.T) {
	for _, c := range []struct {
		name     string
		headings []string
		opts     ColumnOptions
		says     []string
	}{
		{"nothing needed", []string{"a"}, ColumnOptions{}, []string{"no column for spec", "no column for install_date", `headings found: "a"`}},
		{"a judged field twice", []string{"spec", "SMETS Version", "install_date"}, ColumnOptions{}, []string{`2 columns for spec: "spec", "SMETS Version"`}},
		{"data for a heading", []string{"SMETS2 v4.2", "2022-01-01"}, ColumnOptions{}, []string{"looks like data"}},
		{"a mapped heading that is not there", []string{"spec", "install_date"}, ColumnOptions{Map: map[Field]string{GBCS: "G"}}, []string{`no column has the heading "G"`}},
		{"our own columns", []string{"spec", "install_date", "ivp_outcome"}, ColumnOptions{}, []string{"replace or remove them", `"ivp_outcome"`}},
	} {
		_, err := MapColumns(c.headings, c.opts)
		for _, text := range c.says {
			assert.ErrorContains(t, err, text, c.name)
		}
		var fault *MappingError
		assert.ErrorAs(t, err, &fault)
		assert.NotContains(t, err.Error(), "--", "the library has no flags")
	}
}

func FuzzMapColumns(f *testing.F) {
	f.Add("spec", "install_date", "ivp_to", "Spec Version", false)
	f.Fuzz(func(t *testing.T, a, b, c, mapped string, recheck bool) {
		opts := ColumnOptions{Recheck: recheck, Map: map[Field]string{GBCS: mapped}}
		columns, err := MapColumns([]string{a, b, c}, opts)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		for _, field := range []Field{Spec, InstallDate, GBCS} {
			if field == GBCS && mapped == leftOut {
				continue
			}
			require.GreaterOrEqual(t, columns.Index(field), 0, "%s", field)
		}
	})
}

func TestFieldNames(t *testing.T) {
	for _, f := range Fields() {
		got, err := ParseField(f.String())
		require.NoError(t, err)
		assert.Equal(t, f, got)
		assert.Equal(t, f.String(), f.Aliases()[0])
	}
	_, err := ParseField("Spec")
	assert.ErrorContains(t, err, "want one of device_id")
}
