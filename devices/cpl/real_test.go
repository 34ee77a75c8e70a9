package cpl_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

// realList is the list as SECAS issued it. It is third-party material and not
// part of the repository.
const realList = "../../../shared/reference/central-products-list-2.051.csv"

func readReal(t testing.TB) *cpl.List {
	f, err := os.Open(realList)
	if err != nil {
		t.Skipf("the list as issued is not at hand, and is not part of this repository: %v", err)
	}
	defer f.Close()
	list, err := cpl.ReadCSV(f, "CPL")
	require.NoError(t, err)
	return list
}

func TestRealList(t *testing.T) {
	list := readReal(t)
	assert.Equal(t, "2.051", list.Edition())
	assert.Equal(t, day("2022-09-21"), list.Issued())
	current, removed := list.Count()
	assert.Equal(t, 694, current)
	assert.Equal(t, 35, removed)
	assert.Empty(t, list.Faults())
	assert.NoError(t, list.Damage())
	noHash := 0
	for _, e := range list.Entries() {
		if e.ImageHash == "" {
			noHash++
		}
	}
	assert.Equal(t, 199, noHash)
}

func TestRealListLint(t *testing.T) {
	findings := cpl.Lint(readReal(t), published())
	of := map[cpl.Kind][]cpl.Finding{}
	for _, f := range findings {
		of[f.Kind] = append(of[f.Kind], f)
	}
	assert.Empty(t, of[cpl.Damage])
	assert.Len(t, of[cpl.GBCSEnded], 78)
	require.Len(t, of[cpl.UnlistedPair], 1)
	assert.Equal(t, []string{"000162"}, of[cpl.UnlistedPair][0].Entries)
	assert.Len(t, of[cpl.SeveralVersions], 13)
	var straddling [][]string
	for _, f := range of[cpl.SeveralVersions] {
		if f.Straddles {
			straddling = append(straddling, f.Entries)
		}
	}
	assert.Equal(t, [][]string{
		{"000203", "000330"}, {"000317", "000322"}, {"000318", "000323"}, {"000320", "000325"}, {"000321", "000326"},
	}, straddling)
	assert.Len(t, findings, 78+1+13)
}

// TestRealListFindsItself finds each entry by its own model, in every spelling.
func TestRealListFindsItself(t *testing.T) {
	list := readReal(t)
	for _, e := range list.Entries() {
		m := e.Model
		joined := devices.DeviceModel{Manufacturer: m.Manufacturer, ModelHardware: m.ModelHardware, Firmware: m.Firmware}
		for _, model := range []devices.DeviceModel{m, joined} {
			assert.Contains(t, list.Find(model), e.CatalogueEntry)
		}
	}
}

func TestRealListKeysWithBothCurrent(t *testing.T) {
	list := readReal(t)
	status := map[string]string{}
	for _, e := range list.Entries() {
		status[e.Number] = e.Status()
	}
	both := 0
	for _, f := range cpl.Lint(list, published()) {
		if f.Kind == cpl.SeveralVersions && status[f.Entries[0]] == "Current" && status[f.Entries[1]] == "Current" {
			both++
		}
	}
	assert.Equal(t, 9, both)
}

func day(text string) ivp.Date {
	d, err := ivp.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func published() ivp.Checker { return ivp.Checker{History: ivp.Published()} }
