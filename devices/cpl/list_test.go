package cpl_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

const folder = "../../testdata/cpl/"

func read(t testing.TB, name string) *cpl.List {
	data, err := os.ReadFile(folder + name)
	require.NoError(t, err)
	list, err := cpl.ReadCSV(bytes.NewReader(data), name)
	require.NoError(t, err)
	return list
}

func TestReadList(t *testing.T) {
	list := read(t, "list.csv")
	current, removed := list.Count()
	assert.Equal(t, "1.031", list.Edition())
	assert.Equal(t, day("2022-06-01"), list.Issued())
	assert.Equal(t, "list.csv (version 1.031, issued 2022-06-01)", list.String())
	assert.Equal(t, [2]int{26, 4}, [2]int{current, removed})
	assert.NoError(t, list.Damage())
	assert.Equal(t, cpl.Entry{
		CatalogueEntry: devices.CatalogueEntry{
			Number: "000007", Type: ivp.SingleElement,
			Spec: ivp.Spec{Family: ivp.SMETS, Version: "2.0"}, GBCS: ivp.Spec{Family: ivp.GBCS, Version: "1.1"},
			Model: devices.DeviceModel{Manufacturer: "E003", Model: "0041", HardwareVersion: "00", HardwareRevision: "00", ModelHardware: "00410000", Firmware: "00020C06"},
		},
		Line: 8,
	}, list.Entries()[6])
}

func TestFind(t *testing.T) {
	list := read(t, "list.csv")
	for name, c := range map[string]struct {
		model devices.DeviceModel
		want  string
	}{
		"all parts":               {devices.DeviceModel{Manufacturer: "E003", Model: "0041", HardwareVersion: "00", HardwareRevision: "00", Firmware: "00020C06"}, "000007"},
		"any firmware":            {devices.DeviceModel{Manufacturer: "E003", Model: "0041", HardwareVersion: "00", HardwareRevision: "00"}, "000006 000007 000008 000009"},
		"any hardware":            {devices.DeviceModel{Manufacturer: "E003", Model: "0041", Firmware: "00020C06"}, "000007 000010"},
		"colons, case, spaces":    {devices.DeviceModel{Manufacturer: " e0:03", Model: "00:41 ", HardwareVersion: "00", HardwareRevision: "00", Firmware: "00:02:0c:06"}, "000007"},
		"model and hardware":      {devices.DeviceModel{Manufacturer: "E003", ModelHardware: "00:41:00:01"}, "000010"},
		"the same as the model":   {devices.DeviceModel{Manufacturer: "E003", Model: "00410001"}, "000010"},
		"version with revision":   {devices.DeviceModel{Manufacturer: "E003", Model: "0041", HardwareVersion: "0001"}, "000010"},
		"two entries":             {devices.DeviceModel{Manufacturer: "E003", Model: "0042", Firmware: "001E0000"}, "000011 000012"},
		"one of two is Removed":   {devices.DeviceModel{Manufacturer: "E002", Model: "5431", Firmware: "000A6900"}, "000005 000030"},
		"Removed alone":           {devices.DeviceModel{Manufacturer: "E004", Model: "00E2"}, "000016"},
		"leading zeros count":     {devices.DeviceModel{Manufacturer: "E003", Model: "41"}, ""},
		"00 is not 0":             {devices.DeviceModel{Manufacturer: "E003", Model: "0041", HardwareVersion: "0"}, ""},
		"another maker's model":   {devices.DeviceModel{Manufacturer: "E001", Model: "0041"}, ""},
		"parts that contradict":   {devices.DeviceModel{Manufacturer: "E003", Model: "0042", ModelHardware: "00410001"}, ""},
		"no manufacturer":         {devices.DeviceModel{Model: "0041"}, ""},
		"no model":                {devices.DeviceModel{Manufacturer: "E003", Firmware: "00020C06"}, ""},
		"a model of colons alone": {devices.DeviceModel{Manufacturer: "E003", Model: "::"}, ""},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, strings.Fields(c.want), numbersOf(list.Find(c.model))) })
	}
	var none cpl.List
	assert.Empty(t, none.Find(devices.DeviceModel{Manufacturer: "E003", Model: "0041"}))
}

func numbersOf(entries []devices.CatalogueEntry) []string {
	numbers := []string{}
	for _, e := range entries {
		numbers = append(numbers, e.Number)
	}
	return numbers
}

func TestLater(t *testing.T) {
	list := read(t, "list.csv")
	byNumber := map[string]cpl.Entry{}
	for _, e := range list.Entries() {
		byNumber[e.Number] = e
	}
	for number, want := range map[string]string{
		"000001": "000002 000003 000004", // firmware is a hexadecimal number: 0A is after 02
		"000003": "000004",
		"000004": "",
		"000006": "000007 000008 000009",
		"000010": "",       // another revision of the hardware
		"000011": "",       // the same firmware is not later
		"000027": "000029", // Removed entries are left out
		"000017": "000018 000019",
	} {
		assert.Equal(t, strings.Fields(want), numbersOf(list.Later(byNumber[number].CatalogueEntry)), number)
	}
}

// TestLaterIsAscending tests firmware in another order than the numbers, and a
// Removed entry.
func TestLaterIsAscending(t *testing.T) {
	list := parse(t, sound(1, "Current", "00000001"), sound(2, "Current", "0000000B"), sound(3, "Removed", "00000003"), sound(4, "Current", "0000000A"))
	assert.Equal(t, []string{"000004", "000002"}, numbersOf(list.Later(list.Entries()[0].CatalogueEntry)))
}

const headingLine = "Version,Entry.number,Entry.status,Device_Type.name,Device_Model.manufacturer_identifier,Device_Model.model_identifier,Device_Model.hardware_version.version,Device_Model.hardware_version.revision,Device_Model.model_identifier_concatenated_with_hardware_version,Device_Model.firmware_version,SMETS_CHTS Version.Version_number_and_effective_date,GBCS Version.version_number,Manufacturer_Image.hash\n"

const soundLine = "Version 1.031 Issued on 01-06-2022,000001,Current,Gas Smart Meter,E004,00E1,01,0E,00E1010E,00000E10,SMETS V4.2,GBCS Version 3.2 ,\n"

// sound returns an undamaged row with a number below 10.
func sound(number int, status, firmware string) string {
	line := strings.Replace(soundLine, "000001", "00000"+string(rune('0'+number)), 1)
	return strings.NewReplacer("Current", status, "00000E10", firmware).Replace(line)
}

func parse(t *testing.T, lines ...string) *cpl.List {
	list, err := cpl.ReadCSV(strings.NewReader(headingLine+strings.Join(lines, "")), "f.csv")
	require.NoError(t, err)
	return list
}

func TestDamage(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string // of the undamaged line
		want     string
	}{
		"NaN":                      {",01,", ",NaN,", `line 3, entry 000001, column Device_Model.hardware_version.version: "NaN": want 2 hexadecimal digits; a program that opened the list read the cell as a number and lost its value`},
		"scientific":               {"00000E10", "1.00E+05", `line 3, entry 000001, column Device_Model.firmware_version: "1.00E+05": want 8 hexadecimal digits; a spreadsheet read the cell as a number`},
		"scientific, comma":        {"00000E10", `"1,00E+05"`, `line 3, entry 000001, column Device_Model.firmware_version: "1,00E+05": want 8 hexadecimal digits; a spreadsheet read the cell as a number`},
		"decimal":                  {"00E1,", "41.0,", `line 3, entry 000001, column Device_Model.model_identifier: "41.0": want 4 hexadecimal digits; a spreadsheet read the cell as a number`},
		"lost zeros":               {"00E1,", "E1,", `line 3, entry 000001, column Device_Model.model_identifier: "E1": want 4 hexadecimal digits; a spreadsheet may have dropped leading zeros`},
		"lost zeros of the number": {"000001", "1", `line 3, entry 1, column Entry.number: "1": want six digits, such as 000162; a spreadsheet may have dropped leading zeros`},
		"too long":                 {"E004", "0E004", `line 3, entry 000001, column Device_Model.manufacturer_identifier: "0E004": want 4 hexadecimal digits`},
		"no hexadecimal":           {"E004", "G004", `line 3, entry 000001, column Device_Model.manufacturer_identifier: "G004": want 4 hexadecimal digits`},
		"joined form":              {"00E1010E", "00E1010F", `line 3, entry 000001, column Device_Model.model_identifier_concatenated_with_hardware_version: "00E1010F": want 00E1010E, the model followed by the hardware`},
		"no device type":           {"Gas Smart Meter", "Toaster", `line 3, entry 000001, column Device_Type.name: "Toaster": not a device type: want one such as Gas Smart Meter`},
		"no status":                {"Current", "Live", `line 3, entry 000001, column Entry.status: "Live": want Current or Removed`},
		"a missing cell":           {"Current", " ", `line 3, entry 000001, column Entry.status: "": the cell is missing`},
		"a lost .0":                {"SMETS V4.2", "SMETS V4", `line 3, entry 000001, column SMETS_CHTS Version.Version_number_and_effective_date: "SMETS V4": not a version: want a version such as SMETS2 v4.2 or CHTS v1.3; 4.0? a spreadsheet may have dropped the .0`},
		"a version elsewhere":      {"GBCS Version 3.2", "SMETS V3.2", `line 3, entry 000001, column GBCS Version.version_number: "SMETS V3.2": not a version: want a version of GBCS such as 3.2; a SMETS or CHTS version belongs in the version column`},
		"hash":                     {"GBCS Version 3.2 ,", "GBCS Version 3.2 ,ABCD", `line 3, entry 000001, column Manufacturer_Image.hash: "ABCD": want 64 hexadecimal digits; a spreadsheet may have dropped leading zeros`},
		"no edition":               {"Version 1.031 Issued on 01-06-2022", "1.031", `line 3, entry 000001, column Version: "1.031": want an edition such as Version 2.051 Issued on 21-09-2022`},
		"an impossible day":        {"01-06-2022", "31-06-2022", `line 3, entry 000001, column Version: "Version 1.031 Issued on 31-06-2022": want an edition such as Version 2.051 Issued on 21-09-2022`},
		"another edition":          {"1.031", "1.030", `line 3, entry 000001, column Version: "Version 1.030 Issued on 01-06-2022": want Version 1.031 Issued on 01-06-2022, as in the rows before: the list has rows of two editions`},
		"twice":                    {"000001", "000002", `line 3, entry 000002, column Entry.number: "000002": every entry number must be unique, and line 2 has the same`},
		"a cell too many":          {"GBCS Version 3.2 ,", "GBCS Version 3.2 ,,a note", `line 3, entry 000001: the row has 14 cells and the heading 13: cells may have been split or moved`},
		"no row at all":            {"Gas", `G"as`, `line 3: this row cannot be split into cells: a quote inside a cell without quotes at line 3, byte 52: `},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, soundLine, c.old)
			list := parse(t, sound(2, "Current", "00000E11"), strings.Replace(soundLine, c.old, c.new, 1))
			require.NotEmpty(t, list.Faults())
			assert.Contains(t, list.Faults()[0].Error(), c.want)
			assert.Equal(t, 1, list.DamagedRows())
			assert.Equal(t, []string{"000002"}, numbersOf(list.Find(devices.DeviceModel{Manufacturer: "E004", Model: "00E1"})), "a damaged row is not offered")
			var damage *cpl.DamageError
			require.ErrorAs(t, list.Damage(), &damage)
			assert.Contains(t, damage.Error(), "f.csv is damaged in 1 row; the first: line 3")
		})
	}
}

// TestNoDamage tests rows that look odd and are not damaged.
func TestNoDamage(t *testing.T) {
	for name, line := range map[string]string{
		"no hash":                soundLine,
		"no cell for the hash":   strings.TrimSuffix(soundLine, ",\n") + "\n",
		"blank cells at the end": strings.TrimSuffix(soundLine, "\n") + ",, ,\n",
		"colons":                 strings.NewReplacer("00E1010E", "00:E1:01:0E", "00000E10", "00:00:0E:10", "E004", "E0:04", "00E1,", "00:E1,").Replace(soundLine),
		"lower case":             strings.Replace(strings.ToLower(soundLine), "version", "Version", 1),
		"blank rows":             "\n,,,,,,,,,,,,\n" + soundLine + "  \n",
		"CRLF":                   strings.ReplaceAll(soundLine, "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			list := parse(t, line)
			assert.NoError(t, list.Damage())
			found := list.Find(devices.DeviceModel{Manufacturer: "E004", ModelHardware: "00E1010E", Firmware: "00000E10"})
			require.Len(t, found, 1)
			want := parse(t, soundLine).Entries()[0].CatalogueEntry
			assert.Equal(t, want, found[0])
		})
	}
}

func TestDamagedCopyIsDamagedThroughout(t *testing.T) {
	list := read(t, "list-saved-by-spreadsheet.csv")
	assert.Equal(t, 30, list.DamagedRows())
	assert.Empty(t, list.Entries())
	values := map[string]bool{}
	for _, f := range list.Faults() {
		values[f.Value] = true
	}
	for _, value := range []string{"NaN", "1.00E+05", "41", "0"} {
		assert.True(t, values[value], value)
	}
}

func TestUnreadable(t *testing.T) {
	failed := errors.New("the disk is gone")
	for name, c := range map[string]struct {
		src  io.Reader
		want string
	}{
		"empty":            {strings.NewReader(""), "f.csv: nothing to read"},
		"another table":    {strings.NewReader("a,b\n1,2\n"), `f.csv: line 1: this is not the heading of a Central Products List: it has no column "Version"`},
		"one column short": {strings.NewReader(strings.Replace(headingLine, "Entry.number", "Nummer", 1) + soundLine), `line 1: this is not the heading of a Central Products List: it has no column "Entry.number"; its columns are "Version", "Nummer"`},
		"a column twice":   {strings.NewReader(strings.TrimSpace(headingLine) + ",entry number\n"), `it has more than one column "Entry.number"`},
		"no entry":         {strings.NewReader(headingLine), "no entry follows the heading"},
		"a workbook":       {strings.NewReader("PK\x03\x04..."), "this is a workbook: give it the extension .xlsx or .xlsm"},
		"a failed disk":    {io.MultiReader(strings.NewReader(headingLine+soundLine), iotest.ErrReader(failed)), "f.csv: line 3: the disk is gone"},
		"a broken heading": {strings.NewReader("a\"b\n"), "line 1: this row cannot be split into cells"},
		"a long text":      {strings.NewReader(strings.Repeat("dear sir\n", 30)), "line 1: this is not the heading"},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := cpl.ReadCSV(c.src, "f.csv")
			assert.Nil(t, list)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestHeadingSpellingsAndTitles(t *testing.T) {
	text := "\xef\xbb\xbfCentral Products List;;\n\n" + strings.ToUpper(strings.ReplaceAll(headingLine, ",", ";")) + strings.ReplaceAll(soundLine, ",", ";")
	text = strings.Replace(text, "Central Products List;;", "Central Products List"+strings.Repeat(";", 12), 1)
	list, err := cpl.ReadCSV(strings.NewReader(text), "f.csv")
	require.NoError(t, err)
	assert.NoError(t, list.Damage())
	require.Len(t, list.Entries(), 1)
	assert.Equal(t, 4, list.Entries()[0].Line)
}

// TestLinesCountQuotedNewlines names the line as an editor counts it.
func TestLinesCountQuotedNewlines(t *testing.T) {
	text := strings.Replace(headingLine, "Manufacturer_Image.hash", "\"Manufacturer_Image.\nhash\",notes", 1)
	list, err := cpl.ReadCSV(strings.NewReader(text+soundLine), "f.csv")
	require.NoError(t, err)
	require.NotEmpty(t, list.Entries())
	assert.Equal(t, 3, list.Entries()[0].Line)
}

func FuzzReadCSV(f *testing.F) {
	for _, name := range []string{"list.csv", "list-saved-by-spreadsheet.csv", "later-list.csv"} {
		data, err := os.ReadFile(folder + name)
		require.NoError(f, err)
		f.Add(data[:min(len(data), 2000)])
	}
	f.Add([]byte(headingLine + soundLine))
	f.Add([]byte(headingLine + strings.Replace(soundLine, "01", "NaN", 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := cpl.ReadCSV(bytes.NewReader(data), "f")
		if err != nil {
			assert.Nil(t, list)
			return
		}
		assertWhole(t, list)
	})
}

// assertWhole checks what is true of any list: every row is an entry or damaged,
// and every entry is found by its own model.
func assertWhole(t *testing.T, list *cpl.List) {
	require.NotZero(t, len(list.Entries())+list.DamagedRows())
	lines := map[int]bool{}
	for _, fault := range list.Faults() {
		lines[fault.Line] = true
		assert.NotEmpty(t, fault.Problem)
	}
	assert.Len(t, lines, list.DamagedRows())
	assert.Equal(t, list.DamagedRows() > 0, list.Damage() != nil)
	for i, e := range list.Entries() {
		assert.False(t, lines[e.Line], "an entry with damage")
		assert.True(t, i == 0 || list.Entries()[i-1].Number < e.Number)
		assert.Contains(t, list.Find(e.Model), e.CatalogueEntry)
		for _, later := range list.Later(e.CatalogueEntry) {
			assert.Greater(t, later.Model.Firmware, e.Model.Firmware)
			assert.False(t, later.Removed)
		}
	}
	for _, finding := range cpl.Lint(list, published()) {
		assert.NotEmpty(t, finding.Text)
	}
}

// TestLongLists holds that a list is refused that would take very much memory or
// time, at the first row that is too many.
func TestLongLists(t *testing.T) {
	rows := func(many int, model func(i int) string) cpl.Rows {
		return func(yield func(cpl.Row, error) bool) {
			if !yield(cpl.Row{Line: 1, Cells: cpl.Headings()}, nil) {
				return
			}
			for i := range many {
				m := model(i)
				cells := []string{"Version 1.031 Issued on 01-06-2022", fmt.Sprintf("%06d", i), "Current", "Communications Hub", "E001", m, "00", "AC", m + "00AC", fmt.Sprintf("%08X", i), "CHTS V1.0", "GBCS Version 1.1", ""}
				if !yield(cpl.Row{Line: i + 2, Cells: cells}, nil) {
					return
				}
			}
		}
	}
	different := func(i int) string { return fmt.Sprintf("%04X", i%60_000) }
	list, err := cpl.Read(rows(50_000, different), "list.csv")
	require.NoError(t, err)
	assert.Len(t, list.Find(devices.DeviceModel{Manufacturer: "E001", ModelHardware: "000700AC"}), 1)
	_, err = cpl.Read(rows(50_000+1, different), "list.csv")
	assert.ErrorContains(t, err, "list.csv: line 50002: more than 50000 rows")
	_, err = cpl.Read(rows(50_000+1, func(int) string { return "damaged" }), "list.csv")
	assert.ErrorContains(t, err, "line 50002: more than 50000 rows")
	same := func(int) string { return "4331" }
	list, err = cpl.Read(rows(250, same), "list.csv")
	require.NoError(t, err)
	assert.Len(t, list.Find(devices.DeviceModel{Manufacturer: "E001", Model: "4331"}), 250)
	_, err = cpl.Read(rows(250+1, same), "list.csv")
	assert.ErrorContains(t, err, "line 252: more than 250 entries of manufacturer E001, model 4331")
}
