package xlsx

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSerial(t *testing.T) {
	from1900, from1904 := &Book{}, &Book{date1904: true}
	for number, want := range map[string][2]string{
		"45043":              {"2023-04-27", "2027-04-28"},
		"45043.395833333336": {"2023-04-27 09:30:00", "2027-04-28 09:30:00"},
		"45043.9999999999":   {"2023-04-28", "2027-04-29"}, // to the millisecond, which is midnight
		"45043.999999":       {"2023-04-27 23:59:59", "2027-04-28 23:59:59"},
		"45043.99999":        {"2023-04-27 23:59:59", "2027-04-28 23:59:59"},
		"45043.0000000001":   {"2023-04-27", "2027-04-28"},
		"0":                  {"", "1904-01-01"},
		"0.5":                {"", "1904-01-01 12:00:00"},
		"0.9999999999":       {"1900-01-01", "1904-01-02"},
		"1":                  {"1900-01-01", "1904-01-02"},
		"59":                 {"1900-02-28", "1904-02-29"},
		"59.75":              {"1900-02-28 18:00:00", "1904-02-29 18:00:00"},
		"59.9999999999":      {"", "1904-03-01"},
		"60":                 {"", "1904-03-01"},
		"60.5":               {"", "1904-03-01 12:00:00"},
		"60.9999999999":      {"1900-03-01", "1904-03-02"},
		"61":                 {"1900-03-01", "1904-03-02"},
		"2957003":            {"9995-12-30", "9999-12-31"},
		"2957004":            {"9995-12-31", ""},
		"2958465.5":          {"9999-12-31 12:00:00", ""},
		"2958465.9999999999": {"", ""},
		"2958466":            {"", ""},
		"1E300":              {"", ""},
		"-1":                 {"", ""},
		"NaN":                {"", ""},
		"Inf":                {"", ""},
		"0x1p4":              {"", ""},
		"":                   {"", ""},
		"SMETS":              {"", ""},
		"4.5043000000e04":    {"2023-04-27", "2027-04-28"},
	} {
		for i, book := range []*Book{from1900, from1904} {
			got, ok := book.Serial(number)
			assert.Equal(t, want[i], got, number)
			assert.Equal(t, want[i] != "", ok, number)
		}
	}
}

func TestWrittenDay(t *testing.T) {
	for text, want := range map[string]string{
		"2023-04-27":              "2023-04-27",
		"2023-04-27T00:00:00":     "2023-04-27",
		"2023-04-27T09:30":        "2023-04-27 09:30:00",
		"2023-04-27T09:30:00.000": "2023-04-27 09:30:00",
		"2023-04-27T23:59:59.7":   "2023-04-27 23:59:59",
		"9999-12-31T23:59:59.9":   "9999-12-31 23:59:59",
	} {
		got, ok := writtenDay(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got)
	}
	for _, text := range []string{"", "2023-02-30", "27/04/2023", "T09:30:00", "2023-04-27 09:30", "2023-04-27T00:30:00+01:00", "2023-04-27T23:00:00.000Z"} {
		_, ok := writtenDay(text)
		assert.False(t, ok, text)
	}
}

func TestShowsDay(t *testing.T) {
	for _, code := range []string{
		"dd/mm/yyyy", "DD/MM/YYYY", "yyyy-mm-dd;@", `[$-F800]dddd\,\ mmmm\ dd\,\ yyyy`, "[Red]d mmm", "mmm-yy", "mm", "mmmm", "d",
		"dd/mm/yyyy hh:mm:ss.000", "m/d/yy h:mm AM/PM", `yyyy"年"m"月"`, `[=0]"";dd/mm/yyyy`, "yyyy", "mmm h", "General;d/m/yy",
	} {
		assert.True(t, showsDay(code), code)
	}
	for _, code := range []string{
		"", "General", "GENERAL", "@", "0", "0.00", "#,##0.00", `0 "days"`, `#,##0\d`, "0_d", "*d0", "0.00E+00", "# ?/?", ";;;",
		`[Red]"day" #,##0.00_d;General`, "[$£-809]#,##0.00", "[$USD] 0.00", "0.00 USD",
		"h:mm", "hh:mm:ss", "h:mm AM/PM", "h A/P", "[h]:mm", "[hh]:mm:ss", "[mm]", "[mm]:ss", "[ss].00", "mm:ss.0", "h", "AM/PM", `"open d`, "[d", `\`,
	} {
		assert.False(t, showsDay(code), code)
	}
}

func TestBuiltinShowsDay(t *testing.T) {
	var days []int
	for format := range 200 {
		if builtinShowsDay(format) {
			days = append(days, format)
		}
	}
	assert.Equal(t, []int{14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58}, days)
}

// TestOwnCodeOutweighsBuiltin tests a workbook that redefines the code of a
// built-in format.
func TestOwnCodeOutweighsBuiltin(t *testing.T) {
	styles, err := readStyles(open(t, archive(t, map[string]string{"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="14" formatCode="0.00"/><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>` +
		`<cellXfs><xf numFmtId="14"/><xf numFmtId="15"/><xf numFmtId="164"/><xf/></cellXfs><dxfs><dxf><numFmt numFmtId="165" formatCode="d"/></dxf></dxfs></styleSheet>`})).parts, "xl/styles.xml")
	assert.NoError(t, err)
	assert.Equal(t, []cellStyle{
		{format: &Format{14, "0.00"}}, {format: &Format{ID: 15}, day: true}, {format: &Format{164, "dd/mm/yyyy"}, day: true}, {},
	}, styles)
}
