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
		found := Field(0)
		for _, f := range Fields() {
			if f.isHeading(heading) {
				assert.Zero(t, found, "%q means two fields", heading)
				found = f
			}
		}
		assert.Equal(t, want, found, "%q", heading)
	}
}

func TestHeadingsThatMeanNothing(t *testing.T) {
	for _, heading := range []string{"Version", "DateCommissioned", "Date", "SMETS", "SMETS Version 2", "My Installation Date", "Instalation Date", "Entry.number", ""} {
		for _, f := range Fields() {
			assert.False(t, f.isHeading(heading), "%q as %s", heading, f)
		}
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

func TestMapColumnsRefuses(t *testing.T) {
	for _, c := range []struct {
		name     string
		headings []string
		opts     ColumnOptions
		says     []string
	}{
		{"nothing needed", []string{"a"}, ColumnOptions{}, []string{"no column for spec", "no column for install_date", `headings found: "a"`, `--map spec="YOUR HEADING"`}},
		{"a judged field twice", []string{"spec", "SMETS Version", "install_date"}, ColumnOptions{}, []string{`2 columns for spec: "spec", "SMETS Version"`, `--map spec="spec"`}},
		{"data for a heading", []string{"SMETS2 v4.2", "2022-01-01"}, ColumnOptions{}, []string{"looks like data"}},
		{"a mapped heading that is not there", []string{"spec", "install_date"}, ColumnOptions{Map: map[Field]string{GBCS: "G"}}, []string{`no column is headed "G"`}},
		{"our own columns", []string{"spec", "install_date", "ivp_outcome"}, ColumnOptions{}, []string{"--recheck", `"ivp_outcome"`}},
	} {
		_, err := MapColumns(c.headings, c.opts)
		for _, text := range c.says {
			assert.ErrorContains(t, err, text, c.name)
		}
		var fault *MappingError
		assert.ErrorAs(t, err, &fault)
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
