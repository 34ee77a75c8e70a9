package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/config"
	"github.com/mp196/ivp/devices"
)

func TestColumnLetters(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		assert.Equal(t, want, columnLetters(i), i)
	}
}

func TestSamplesAreTheFirstDistinctOfTheFirstRows(t *testing.T) {
	p := &preview{Columns: make([]previewColumn, 2)}
	for _, cells := range [][]string{{"a", ""}, {"a", " "}, {"b"}, nil, {"c", "x", "too many"}, {"d", "y"}} {
		p.sample(cells)
	}
	assert.Equal(t, []string{"a", "b", "c"}, p.Columns[0].Samples)
	assert.Equal(t, []string{"x", "y"}, p.Columns[1].Samples)
	assert.False(t, p.sampled())
	p.sample([]string{"", "z"})
	assert.True(t, p.sampled())
}

// in writes files to a new folder and makes it the current one.
func in(t *testing.T, files map[string]string) {
	t.Chdir(t.TempDir())
	for name, text := range files {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
	}
}

// A saved profile reads the file in the same way as without it.
func TestASavedProfileReadsTheFileAsItWas(t *testing.T) {
	for about, test := range map[string]struct {
		text  string
		flags []string
	}{
		"as it comes":          {"Device ID,SMETS Version,Install Date\n1,SMETS2 v4.2,2022-01-10\n", nil},
		"day first":            {"Device ID;SMETS Version;Install Date\n1;SMETS2 v3.1;27/04/2021\n2;SMETS2 v3.1;03/05/2021\n", nil},
		"a sep= line":          {"sep=|\nDevice ID|SMETS Version|Install Date\n1|SMETS2 v4.2|2022-01-10\n", nil},
		"lines above":          {"Stock\n\nMSN\t\"Meter \"\"Spec\"\"\"\tFitted\n1\tSMETS2 v4.2\t2022-01-10\n", []string{"--header-row", "3", "--map", `spec=Meter "Spec"`, "--map", "install_date=Fitted"}},
		"an unjudged id twice": {"MSN,msn,SMETS Version,Install Date\n1,2,SMETS2 v4.2,2022-01-10\n", nil},
		"no date at all":       {"MSN,SMETS Version,Install Date\n1,SMETS2 v4.2,\n", nil},
	} {
		t.Run(about, func(t *testing.T) {
			in(t, map[string]string{"data.csv": test.text})
			var plain, saved, profiled program
			code := plain.run(append([]string{"check", "data.csv"}, test.flags...)...)
			require.Contains(t, []int{0, 1}, code, plain.stderr.String())
			require.Zero(t, saved.run(append([]string{"columns", "data.csv", "--save", "p.toml"}, test.flags...)...), saved.stderr.String())
			assert.Equal(t, code, profiled.run("check", "data.csv", "--profile", "p.toml"), profiled.stderr.String())
			assert.Equal(t, plain.stdout.String(), profiled.stdout.String())
		})
	}
}

func TestASavedProfileKeepsTheProfileItWasReadWith(t *testing.T) {
	in(t, map[string]string{
		"data.csv": "MSN,Type,Meter Spec,Install Date\n1,Elec Meter,SMETS2 v4.2,2022-01-10\n",
		"old.toml": "[columns]\nspec = \"Meter Spec\"\ndevice_type = \"Type\"\n[values.device_type]\n\"Elec Meter\" = \"ESME\"\n",
	})
	var p program
	require.Zero(t, p.run("columns", "data.csv", "--profile", "old.toml", "--save", "new.toml"), p.stderr.String())
	got, err := config.LoadProfile("new.toml")
	require.NoError(t, err)
	assert.Equal(t, config.Profile{
		Delimiter: ',', Encoding: "utf-8", DateFormat: "iso",
		Columns: map[devices.Field]string{devices.DeviceID: "MSN", devices.DeviceType: "Type", devices.Spec: "Meter Spec", devices.InstallDate: "Install Date"},
		Values:  map[devices.Field]map[string]string{devices.DeviceType: {"Elec Meter": "ESME"}},
	}, got)
}

// A refused --save leaves the existing file, and no other file beside it.
func TestSaveLeavesWhatIsThere(t *testing.T) {
	in(t, map[string]string{"data.csv": "MSN,SMETS Version,Install Date\n", "mine.toml": "# mine\n"})
	for _, args := range [][]string{{"--save", "mine.toml"}, {"--save", "data.csv", "--force"}, {"--save", filepath.Join("none", "p.toml")}} {
		var p program
		assert.NotZero(t, p.run(append([]string{"columns", "data.csv"}, args...)...), args)
	}
	mine, err := os.ReadFile("mine.toml")
	require.NoError(t, err)
	assert.Equal(t, "# mine\n", string(mine))
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	assert.Len(t, entries, 2)
}

func TestColumnsOfAWorkbook(t *testing.T) {
	in(t, nil)
	book := excelize.NewFile()
	_, err := book.NewSheet("Stock")
	require.NoError(t, err)
	for cell, row := range map[string][]any{"A1": {"Stock of Acme"}, "A3": {"MSN", "Meter Spec", "Date Fitted"}, "A4": {"19K001", "SMETS2 v4.2", "10/01/2022"}} {
		require.NoError(t, book.SetSheetRow("Stock", cell, &row))
	}
	require.NoError(t, book.SaveAs("stock.xlsx"))

	var empty, saved, checked program
	assert.Equal(t, 4, empty.run("columns", "stock.xlsx"), "its first sheet is empty")
	assert.Contains(t, empty.stderr.String(), `only the first of its 2 sheets, "Sheet1", was read; --sheet selects another`)

	require.Zero(t, saved.run("columns", "stock.xlsx", "--sheet", "Stock", "--header-row", "3", "--map", "spec=Meter Spec", "--map", "install_date=Date Fitted", "--save", "p.toml"), saved.stderr.String())
	assert.Contains(t, saved.stdout.String(), `stock.xlsx: sheet "Stock", heading in row 3, dates DD/MM/YYYY`)
	got, err := config.LoadProfile("p.toml")
	require.NoError(t, err)
	assert.Equal(t, config.Profile{
		Sheet: "Stock", HeaderRow: 3, DateFormat: "day-first",
		Columns: map[devices.Field]string{devices.DeviceID: "MSN", devices.Spec: "Meter Spec", devices.InstallDate: "Date Fitted"},
	}, got)
	require.Contains(t, []int{0, 1}, checked.run("check", "stock.xlsx", "--profile", "p.toml"), checked.stderr.String())
	assert.Contains(t, checked.stdout.String(), "19K001,SMETS2 v4.2,10/01/2022,")
}
