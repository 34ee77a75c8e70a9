package config

import (
	"bytes"
	"fmt"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mp196/ivp/devices"
)

// written writes text to a new file and returns the path.
func written(t *testing.T, name, text string) string {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
	return path
}

func TestLoadProfile(t *testing.T) {
	path := written(t, "acme.toml", `# how Acme's stock list is read
delimiter = ";"
encoding = "Windows-1252"
sheet = "Stock"
header_row = 3
date_format = "DD/MM/YYYY"

[columns]
spec = "Meter Spec"
install_date = 'Date "Fitted"'

[values.device_type]
"Elec Meter" = "ESME"
"n/a" = ""

[values.manufacturer]
"Acme" = "0x1234"
`)
	got, err := LoadProfile(path)
	require.NoError(t, err)
	assert.Equal(t, Profile{
		Delimiter: ';', Encoding: "windows-1252", Sheet: "Stock", HeaderRow: 3, DateFormat: "day-first",
		Columns: map[devices.Field]string{devices.Spec: "Meter Spec", devices.InstallDate: `Date "Fitted"`},
		Values: map[devices.Field]map[string]string{
			devices.DeviceType:   {"Elec Meter": "ESME", "n/a": ""},
			devices.Manufacturer: {"Acme": "0x1234"},
		},
	}, got)
}

func TestAnEmptyProfileSaysNothing(t *testing.T) {
	got, err := LoadProfile(written(t, "empty.toml", "\ufeff# nothing yet\r\n"))
	require.NoError(t, err)
	assert.Equal(t, Profile{}, got)
}

func TestValuesThatCanBeRead(t *testing.T) {
	_, err := LoadProfile(written(t, "p.toml", `
[values]
spec = { bare = "4.2", hub = "CHTS v1.0", smets = "SMETS2 v3.1", blank = " " }
gbcs.old = "3.2"
device_type = { hub = "chf" }
scope."PPM" = "prepayment"
`))
	require.NoError(t, err)
}

func TestProfileFaults(t *testing.T) {
	for _, test := range []struct {
		about, text string
		want        []string
	}{
		{"an unknown key", "sheet = \"a\"\nheader-row = 3", []string{`:2: "header-row" is not a key of a profile: want one of delimiter, quote, encoding`, "did you mean header_row?"}},
		{"an unknown table", "\n[colums]\nspec = \"x\"", []string{`:2: "colums" is not a key`, "did you mean columns?"}},
		{"an unknown field", "[columns]\nspec = \"x\"\n\ninstal_date = \"y\"", []string{`:4: "instal_date" is not a field`, "did you mean install_date?"}},
		{"a field that is nothing like one", "[columns]\nzzz = \"y\"", []string{`:2: "zzz" is not a field: want one of device_id`}},
		{"a number for a sheet", "sheet = 1", []string{":1: sheet is a whole number: want text in quotes"}},
		{"text for a number", "header_row = \"3\"", []string{":1: header_row is text: want the number of a line"}},
		{"a heading row of nought", "header_row = 0", []string{":1: header_row is 0: want"}},
		{"a heading row too far", "header_row = 9999999999", []string{":1: header_row is 9999999999"}},
		{"a delimiter of two", "delimiter = \";;\"", []string{`:1: delimiter: ";;" cannot be a delimiter`}},
		{"another quote", "quote = \"'\"", []string{":1: quote: \"'\" cannot be a quote"}},
		{"an encoding", "encoding = \"latin\"", []string{":1: encoding:", "want utf-8"}},
		{"a date format", "date_format = \"british\"", []string{":1: date_format:", "want iso"}},
		{"columns as text", "columns = \"spec\"", []string{":1: columns is text: want a table"}},
		{"a heading as a number", "[columns]\nspec = 4.2", []string{":2: spec is a number: want text"}},
		{"a heading as a date", "[columns]\nspec = 2023-01-01", []string{":2: spec is a date or time: want text"}},
		{"values of no field", "[values]\n\"Elec Meter\" = \"ESME\"", []string{`:2: "Elec Meter" is not a field`}},
		{"values that are no table", "[values]\ndevice_type = \"ESME\"", []string{":2: device_type is text: want a table: [values.device_type]"}},
		{"an array of tables", "[[values]]\nspec = \"x\"", []string{":1: values is an array: want tables"}},
		{"a day for a word", "[values.install_date]\nsoon = \"2023-01-01\"", []string{":1: install_date cannot have values"}},
		{"a type that cannot be read", "[values.device_type]\na = \"ESME\"\n\"Elec Meter\" = \"Elec\"", []string{`:3: values.device_type: the meaning of "Elec Meter" cannot be read`, `"Elec"`}},
		{"a version that cannot be read", "[values.spec]\na = \"SMETS2\"", []string{`:2: values.spec: the meaning of "a" cannot be read`}},
		{"a GBCS version in its place", "[values.spec]\na = \"GBCS v3.2\"", []string{`:2: values.spec:`, "GBCS version belongs in the GBCS column"}},
		{"a TS version for GBCS", "[values.gbcs]\na = \"SMETS2 v4.2\"", []string{`:2: values.gbcs:`}},
		{"a meaning that is no text", "[values.gbcs]\na = 3.2", []string{":2: a is a number: want text"}},
		{"a cell twice", "[values.device_type]\n\"Elec\" = \"ESME\"\n\" ELEC\" = \"GSME\"", []string{`:3: values.device_type: " ELEC" is already in line 2`}},
		{"several faults in the order of their lines", "[values.gbcs]\na = \"x\"\n[columns]\nz = \"\"\n", []string{":2: values.gbcs", ":4: \"z\""}},
		{"no TOML", "sheet = \"a\"\nsheet: b", []string{":2: this is not TOML:"}},
		{"a key twice", "sheet = \"a\"\n\nsheet = \"b\"", []string{":3: this is not TOML:", "sheet"}},
		{"a key of very many parts", "sheet = \"...\" # a.b.c\n" + strings.Repeat("a.", 10_000) + "a = 1", []string{":2: keys, tables and arrays nest more than 16 deep"}},
		{"a table of very many parts", "[" + strings.Repeat("a.", 10_000) + "a]", []string{":1: keys, tables and arrays nest"}},
		{"very many brackets", "sheet = '''\n" + strings.Repeat("[", 99) + "'''\nx = " + strings.Repeat("[", 10_000), []string{":3: keys, tables and arrays nest"}},
		{"very many keys", "[values.spec]\n" + numbered("k%d = \"\"\n", 5000), []string{": more than 5000 keys"}},
		{"very long", "sheet = \"" + strings.Repeat("x", 512<<10) + "\"", []string{": more than 512 KiB"}},
		{"dotted keys", "\ncolumns.zzz = \"a\"", []string{`:2: "zzz" is not a field`}},
	} {
		path := written(t, "acme.toml", test.text)
		_, err := LoadProfile(path)
		require.Error(t, err, test.about)
		message, from := err.Error(), 0
		for _, want := range test.want {
			at := strings.Index(message[from:], want)
			require.GreaterOrEqual(t, at, 0, "%s: %q not in %q", test.about, want, message[from:])
			from += at + len(want)
		}
		assert.Contains(t, message, path, test.about)
	}
}

func numbered(line string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, line, i)
	}
	return b.String()
}

// TestDotsAndBracketsThatNestNothing checks that the limit of depth ignores dots
// and brackets that do not nest.
func TestDotsAndBracketsThatNestNothing(t *testing.T) {
	cell := strings.Repeat(".[{", 20)
	text := "# " + cell + "\n[values.spec]\n\"" + cell + "\" = \"\"\n'" + cell + "\\' = \"\"\n\"a\\\"" + cell + "\" = '''\n'''\n" + numbered("k%d = \"\" # .[\n", 40)
	profile, err := LoadProfile(written(t, "acme.toml", text))
	require.NoError(t, err)
	assert.Len(t, profile.Values[devices.Spec], 43)
}

func TestLoadProfileThatIsNotThere(t *testing.T) {
	_, err := LoadProfile(filepath.Join(t.TempDir(), "none.toml"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.ErrorContains(t, err, "could not read the profile")
}

// meaning draws a meaning for a cell of a field.
func meaning(f devices.Field) *rapid.Generator[string] {
	switch f {
	case devices.DeviceType:
		return rapid.SampledFrom([]string{"ESME", "GSME", ""})
	case devices.Spec:
		return rapid.SampledFrom([]string{"SMETS2 v4.2", "4.2", "CHTS V1.0"})
	case devices.GBCS:
		return rapid.SampledFrom([]string{"3.2", "GBCS v3.2"})
	}
	return rapid.String()
}

func anyProfile(t *rapid.T) Profile {
	field := rapid.SampledFrom(devices.Fields())
	p := Profile{
		NoQuotes:   rapid.Bool().Draw(t, "no quotes"),
		Delimiter:  rapid.SampledFrom([]byte{0, ',', ';', '\t', '|', '\\', '#', '\'', '~'}).Draw(t, "delimiter"),
		Encoding:   rapid.SampledFrom([]string{"", "utf-8", "utf-16", "utf-16le", "utf-16be", "windows-1252"}).Draw(t, "encoding"),
		Sheet:      rapid.String().Draw(t, "sheet"),
		HeaderRow:  rapid.IntRange(0, 1<<20).Draw(t, "heading"),
		DateFormat: rapid.SampledFrom([]string{"", "iso", "day-first", "month-first"}).Draw(t, "dates"),
	}
	if rapid.Bool().Draw(t, "columns?") {
		p.Columns = rapid.MapOf(field, rapid.String()).Draw(t, "columns")
	}
	if rapid.Bool().Draw(t, "values?") {
		p.Values = map[devices.Field]map[string]string{}
		for _, f := range rapid.SliceOfDistinct(field, rapid.ID).Draw(t, "fields") {
			if f != devices.InstallDate {
				cells := rapid.SliceOfDistinct(rapid.String(), func(cell string) string { return strings.ToLower(strings.TrimSpace(cell)) })
				p.Values[f] = map[string]string{}
				for _, cell := range cells.Draw(t, "cells") {
					p.Values[f][cell] = meaning(f).Draw(t, "meaning")
				}
			}
		}
	}
	return p
}

// A written profile is read back unchanged, and written again with the same
// bytes.
func TestProfileRoundTrip(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		p := anyProfile(t)
		var text bytes.Buffer
		require.NoError(t, p.Write(&text))
		path := filepath.Join(folder, "p.toml")
		require.NoError(t, os.WriteFile(path, text.Bytes(), 0o666))
		got, err := LoadProfile(path)
		require.NoError(t, err, text.String())
		require.Equal(t, p, got, text.String())
		again, err := got.Marshal()
		require.NoError(t, err)
		require.Equal(t, text.String(), string(again))
	})
}

func TestMarshalInOneOrderAndQuoted(t *testing.T) {
	p := Profile{
		Delimiter: '\t', Sheet: "a\"b\\c\u202e",
		Columns: map[devices.Field]string{devices.InstallDate: "Date\nFitted", devices.Spec: "Spéc"},
		Values:  map[devices.Field]map[string]string{devices.DeviceType: {"b.c": "ESME", "a": "GSME"}},
	}
	text, err := p.Marshal()
	require.NoError(t, err)
	assert.Equal(t, `# How one kind of inventory is read: ivp check --profile takes this file.
delimiter = "tab"
sheet = "a\"b\\c\U0000202E"

[columns] # field = heading
spec = "Spéc"
install_date = "Date\nFitted"

[values.device_type] # cell = what it means
"a" = "GSME"
"b.c" = "ESME"
`, string(text))
}

func TestMarshalRefusesWhatIsNotUTF8(t *testing.T) {
	_, err := Profile{Columns: map[devices.Field]string{devices.Spec: "Sp\xe9c"}}.Marshal()
	require.ErrorContains(t, err, "is not UTF-8")
}

// Every encoding that can be named can be written to a profile.
func TestEncodingsAreThoseOfTheSource(t *testing.T) {
	for _, e := range []sniff.Encoding{sniff.UTF8, sniff.UTF16, sniff.UTF16LE, sniff.UTF16BE, sniff.Windows1252} {
		got, err := LoadProfile(written(t, "p.toml", "encoding = \""+e.String()+"\""))
		require.NoError(t, err)
		assert.Equal(t, string(e), got.Encoding)
	}
}
