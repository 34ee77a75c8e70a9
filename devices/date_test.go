package devices

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // for TestLondonIsThatOfGo

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mp196/ivp/ivp"
)

func TestReadDate(t *testing.T) {
	for text, want := range map[string][3]string{ // by format
		"":                           {"", "", ""},
		" \u00a0":                    {"", "", ""},
		"2023-04-27":                 {"2023-04-27", "2023-04-27", "2023-04-27"},
		" 2023-04-27 ":               {"2023-04-27", "2023-04-27", "2023-04-27"},
		"20230427":                   {"2023-04-27", "2023-04-27", "2023-04-27"},
		"2023-04-27T09:30:00":        {"2023-04-27", "2023-04-27", "2023-04-27"},
		"2023-04-27 9:30":            {"2023-04-27", "2023-04-27", "2023-04-27"},
		"2023-04-27 23:59:59.123456": {"2023-04-27", "2023-04-27", "2023-04-27"},
		"20230427T235959":            {"2023-04-27", "2023-04-27", "2023-04-27"},
		"20230427 23:59":             {"2023-04-27", "2023-04-27", "2023-04-27"},
		"03/04/2023":                 {"bad", "2023-04-03", "2023-03-04"},
		"3/4/2023":                   {"bad", "2023-04-03", "2023-03-04"},
		"03-04-2023":                 {"bad", "2023-04-03", "2023-03-04"},
		"03.04.2023":                 {"bad", "2023-04-03", "2023-03-04"},
		"27/04/2023":                 {"bad", "2023-04-27", "bad"},
		"27.04.2023":                 {"bad", "2023-04-27", "bad"},
		"04/27/2023 9:30 PM":         {"bad", "bad", "2023-04-27"},
		"27/04/2023, 09:30:15":       {"bad", "2023-04-27", "bad"},
		"27/04/2023 9.30":            {"bad", "2023-04-27", "bad"},
		"27/04/2023 13:30 pm":        {"bad", "2023-04-27", "bad"},
		"27 Apr 2023":                {"bad", "2023-04-27", "2023-04-27"},
		" 27 april 2023 ":            {"bad", "2023-04-27", "2023-04-27"},
		"27 Apr. 2023":               {"bad", "2023-04-27", "2023-04-27"},
		"27-Apr-23":                  {"bad", "2023-04-27", "2023-04-27"},
		"1 Sept 2022":                {"bad", "2022-09-01", "2022-09-01"},
		"27th April 2023":            {"bad", "2023-04-27", "2023-04-27"},
		"1st apr 2023":               {"bad", "2023-04-01", "2023-04-01"},
		"22ND Apr 2023":              {"bad", "2023-04-22", "2023-04-22"},
		"3rd Apr 2023 09:30":         {"bad", "2023-04-03", "2023-04-03"},
		"11th Apr 2023":              {"bad", "2023-04-11", "2023-04-11"},
		"29/02/2024":                 {"bad", "2024-02-29", "bad"},
		"0001-01-01":                 {"0001-01-01", "0001-01-01", "0001-01-01"},
		"9999-12-31":                 {"9999-12-31", "9999-12-31", "9999-12-31"},
	} {
		for format, day := range want {
			got, err := ReadDate(text, DateFormat(format))
			if day == "bad" {
				assert.ErrorContains(t, err, "is not a date: want "+DateFormat(format).String(), text)
				assert.Equal(t, ivp.UnreadableDate(), got)
				continue
			}
			assert.NoError(t, err, text)
			assert.Equal(t, day, got.String(), "%q as %s", text, DateFormat(format))
		}
	}
}

// TestReadDateInBritain: a time with a zone is the day in Great Britain at that
// moment, and moved if that is not the day written.
func TestReadDateInBritain(t *testing.T) {
	for text, want := range map[string]string{
		// The two switches of a year: 26 March and 29 October 2023, at 01:00 UTC.
		"2023-03-25T23:59:59Z": "2023-03-25", "2023-03-26T00:00:00Z": "2023-03-26",
		"2023-03-26T00:59:59Z": "2023-03-26", "2023-03-26T01:00:00Z": "2023-03-26",
		"2023-03-26T22:59:59Z": "2023-03-26", "2023-03-26T23:00:00Z": "2023-03-27",
		"2023-10-28T22:59:59Z": "2023-10-28", "2023-10-28T23:00:00Z": "2023-10-29",
		"2023-10-29T00:59:59Z": "2023-10-29", "2023-10-29T01:00:00Z": "2023-10-29",
		"2023-10-29T23:00:00Z": "2023-10-29", "2023-10-29T23:59:59Z": "2023-10-29", "2023-10-30T00:00:00Z": "2023-10-30",
		// Midnight in Great Britain, in summer, in winter, in every spelling of the zone.
		"2023-04-27T22:59:59Z": "2023-04-27", "2023-04-27T23:00:00Z": "2023-04-28", "2022-12-31T23:59:59Z": "2022-12-31",
		"2023-04-27 23:00:00 Z": "2023-04-28", "2023-04-27t23:00z": "2023-04-28", "2023-04-27 23:00:00 UTC": "2023-04-28",
		"2023-04-28T00:00:00+01:00": "2023-04-28", "2023-04-27T23:59:59.999999999+01": "2023-04-27", "2023-04-28 00:00:00 +0100": "2023-04-28",
		"2023-04-28T00:30:00+02:00": "2023-04-27", "2023-04-27T23:59:59-0500": "2023-04-28", "2023-04-28T00:00:00-00:00": "2023-04-28",
		"2023-04-27T23:00:00.000Z": "2023-04-28", "20230427T230000Z": "2023-04-28", "20230427T2300+0000": "2023-04-28", "2023-04-27T11:00:00,5 PM Z": "2023-04-28",
		// Other years, by their own rules and by those of the future.
		"2012-03-24T23:30:00Z": "2012-03-24", "2012-03-25T23:00:00Z": "2012-03-26", "2012-10-27T23:00:00Z": "2012-10-28", "2012-10-28T23:30:00Z": "2012-10-28",
		"2030-03-30T23:30:00Z": "2030-03-30", "2030-03-31T23:00:00Z": "2030-04-01", "2030-10-27T23:30:00Z": "2030-10-27",
		"2040-03-24T23:30:00Z": "2040-03-24", "2040-03-25T23:00:00Z": "2040-03-26", "2040-10-27T23:00:00Z": "2040-10-28", "2040-10-28T23:30:00Z": "2040-10-28",
		"1970-01-01T23:30:00Z": "1970-01-02", // British Standard Time, all year round
		// Far from Great Britain.
		"2023-04-28T13:00:00+14:00": "2023-04-28", "2023-04-28T12:59:59+14:00": "2023-04-27", "2023-04-27T10:59:59-12:00": "2023-04-27", "2023-04-27T11:00:00-12:00": "2023-04-28",
		"2023-04-27T00:15:00+05:45": "2023-04-26",
		// The first and the last day there is.
		"0001-01-02T00:00:00Z": "0001-01-01", "9999-12-31T22:00:00Z": "9999-12-31",
	} {
		read := readDate(text, ISODates)
		require.Zero(t, read.fault, text)
		assert.Equal(t, want, read.day.String(), text)
		written := strings.ReplaceAll(text[:10], "-", "")[:8]
		assert.Equal(t, written != strings.ReplaceAll(want, "-", ""), read.moved, text)
	}
	for text, want := range map[string]string{"27/04/2023 23:00 +00:00": "2023-04-28", "27.04.2023 11:00 PM Z": "2023-04-28", "27th April 2023 23:30Z": "2023-04-28", "27-Apr-23 23:30+01:00": "2023-04-27"} {
		got, err := ReadDate(text, DayFirst)
		assert.NoError(t, err)
		assert.Equal(t, want, got.String(), text)
	}
	// A zone without a time says nothing of the moment.
	for _, text := range []string{"2023-04-27Z", "2023-04-27z", "2023-04-27+01:00", "2023-04-27-05:00", "2023-04-27+14:00", "2023-04-27 Z", "20230427+01"} {
		assert.Equal(t, dateRead{day: ivp.DateOf(time.Date(2023, 4, 27, 0, 0, 0, 0, time.UTC))}, readDate(text, ISODates), text)
	}
}

func TestReadDateRefuses(t *testing.T) {
	for says, texts := range map[string][]string{
		"there is no such day": {"2022-04-31", "2022-02-29", "20220431", "27042023", "2022-00-10", "31/31/2022", "29/02/2022", "31-Apr-22", "00/04/2022", "0/0/0000"},
		"only a time from 00:00 to 23:59:59": {
			"2022-04-27x", "2022-04-27T", "2022-04-27TZ", "2022-04-27T25:00", "2022-04-27 24:00", "2022-04-27T24:00:00Z", "2022-04-27T23:60", "2022-04-27T23:59:60Z",
			"2022-04-27 9", "2022-04-27T9:3", "2022-04-27,", "2022-04-27,Z", "2022-04-27, ", "2022-04-27 09:30:15.", "2022-04-27 09:30:15.1234567890", "2022-04-27 0930", "2022-04-27T093",
			"2022-04-27T09:30+15:00", "2022-04-27T09:30+14:01", "2022-04-27T09:30-14:01", "2022-04-27T09:30+01:60", "2022-04-27T09:30+1", "2022-04-27T09:30+01:0", "2022-04-27T09:30 BST", "2022-04-27T09:30+", "2022-04-27T09:30ZZ", "2022-04-27T09:30+01:00[Europe/London]",
			"2022-04-27 13:30 AM", "2022-04-27T09:30 XM", "2022-04-27+15:00", "2022-04-27-1",
		},
		"the day in Great Britain is outside the calendar": {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:30:00-05:00"},
		"day number":               {"44678", "44678.5"},
		"which number is the year": {"27/04/22", "27.4.22"},
		"give the date format":     {"27/04/2022", "27 Apr 2022", "27.04.2022 24:00"},
		"want YYYY-MM-DD":          {"April 2022", "2022-4-27", "2022/04/27", "202204270", "2022-04-2709:30", "27 Apz 2022", "27thApril 2022", "27st April 2022", "27. April 2022", "27/Apr/2022", "27-04/2022", "27 April 2022nd", "٢٠٢٢-٠٤-٢٧", "Z", "T09:30"},
	} {
		for _, text := range texts {
			got, err := ReadDate(text, ISODates)
			assert.ErrorContains(t, err, says, "%q", text)
			assert.True(t, got.IsUnreadable(), "%q", text)
		}
	}
}

// TestLondonIsThatOfGo fails where the rules of Great Britain change: the zone
// that is embedded must then be taken anew from the time-zone database.
func TestLondonIsThatOfGo(t *testing.T) {
	want, err := time.LoadLocation("Europe/London")
	require.NoError(t, err)
	end := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	for at := time.Date(1840, 1, 1, 0, 0, 0, 0, time.UTC); at.Before(end); at = at.Add(30 * time.Minute) {
		_, offset := at.In(want).Zone()
		_, got := at.In(london).Zone()
		require.Equal(t, offset, got, "%s", at)
	}
	assert.Equal(t, "2023-04-28", DayInBritain(time.Date(2023, 4, 27, 23, 0, 0, 0, time.UTC)).String())
}

// moments are spellings of a moment.
var moments = []string{
	time.RFC3339, time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z0700", "2006-01-02t15:04:05.000 Z07:00", "20060102T150405Z0700", "2006-01-02 3:04:05 PM -0700",
}

// drawMoment draws a moment since 1852: before December 1847 London kept its own
// time, 75 seconds behind, which a time without seconds cannot tell.
func drawMoment(t *rapid.T) (time.Time, string) {
	zone := time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Draw(t, "minutes east"))
	at := time.Unix(rapid.Int64Range(-3_700_000_000, 20_000_000_000).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanosecond")).In(zone)
	if rapid.Bool().Draw(t, "about midnight in Great Britain") {
		day := at.In(london)
		at = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, rapid.IntRange(-2, 2).Draw(t, "off"), 0, london).In(zone)
	}
	layout := rapid.SampledFrom(moments).Draw(t, "layout")
	text := at.Format(layout)
	written, err := time.Parse(layout, text) // some leave out the seconds
	require.NoError(t, err)
	return written, text
}

// TestReadDateAgreesWithTime puts random moments in random zones to ReadDate and
// to Go's time.
func TestReadDateAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at, text := drawMoment(t)
		read := readDate(text, ISODates)
		require.Zero(t, read.fault, text)
		require.Equal(t, at.In(london).Format(time.DateOnly), read.day.String(), text)
		require.Equal(t, read.day != ivp.DateOf(at), read.moved, text)
	})
}

// TestBulkAgreesOnMoments puts them to the engine and to the plain path.
func TestBulkAgreesOnMoments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		b.WriteString(bulkHeading)
		for range rapid.IntRange(1, 30).Draw(t, "rows") {
			_, text := drawMoment(t)
			if rapid.Bool().Draw(t, "in the years of the Tables") {
				text = "2023" + text[4:]
			}
			fmt.Fprintf(&b, "a,ESME,SMETS2 v3.1,2.1,%s,\n", text)
		}
		judge := bulkJudge
		judge.Checker.LastDayExcluded = rapid.Bool().Draw(t, "excluded")
		requireSame(t, b.Bytes(), judge, ReaderOptions{Name: "f"}, nil, true, rapid.IntRange(1, 3).Draw(t, "workers"), rapid.IntRange(1, 300).Draw(t, "block"))
	})
}

// TestZones holds every way to read an inventory to what the trial of the zones
// wants of each row.
func TestZones(t *testing.T) {
	input, err := os.ReadFile("../testdata/trials/zones.csv")
	require.NoError(t, err)
	typed, summary, err := typedPass(t, input, bulkJudge, ReaderOptions{Columns: ColumnOptions{Dates: new(DayFirst)}}, CSVStyle{}, BulkOutput{}, false)
	require.NoError(t, err)
	for _, line := range strings.Split(strings.TrimSpace(string(typed)), "\n")[1:] {
		cells := strings.Split(line, ",")
		right, _, _ := strings.Cut(cells[5], ":")
		assert.Equal(t, right, cells[6], line)
	}
	assert.Equal(t, 12, summary.Devices)
	assert.Equal(t, 8, summary.LastDay)
	assert.Equal(t, 2, summary.Moved)
	assert.Equal(t, []FaultNote{
		{2, `line 2: "2023-04-27T23:00:00Z" is 2023-04-28 in Great Britain`}, {5, `line 5: "2023-04-28T00:30:00+02:00" is 2023-04-27 in Great Britain`},
	}, summary.FirstMoved)
	requireSame(t, input, bulkJudge, ReaderOptions{Columns: ColumnOptions{Dates: new(DayFirst)}}, nil, true, 2, 50)
}

func TestReadDateDoesNotAllocate(t *testing.T) {
	for _, cell := range []string{"2023-04-27T23:00:00.123456Z", "2023-04-28T00:30:00.000000+02:00", "27/04/2023 23:30", "27th April 2023"} {
		b := []byte(cell)
		assert.Zero(t, testing.AllocsPerRun(100, func() { readDate(string(b), DayFirst) }), cell)
	}
}

func FuzzReadDate(f *testing.F) {
	for _, seed := range []string{
		"2022-04-27", "2022-04-27T09:30:15Z", "2022-02-30", " ", "27/04/2023 09:30", "27-Apr-23", "4/27/2023 9:30 PM", "45043", "20230427T2300Z", "27th April 2023", "27.04.2023 23:00+14:00", "2023-04-27-05:00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range []DateFormat{ISODates, DayFirst, MonthFirst} {
			day, err := ReadDate(text, format)
			require.Equal(t, err != nil, day.IsUnreadable())
			require.Equal(t, strings.TrimSpace(text) == "", day.IsZero())
			if day.Valid() {
				requireReadAsGoDoes(t, text, day, format)
			}
			if o := order(text); day.Valid() && format == DayFirst && o.iso+o.named+o.numbered == 0 {
				t.Fatalf("%q is a date, and the column's order passes it over", text)
			}
		}
	})
}

// requireReadAsGoDoes holds a day that was read to what Go's time reads, where it
// knows the spelling.
func requireReadAsGoDoes(t *testing.T, text string, day ivp.Date, format DateFormat) {
	text = strings.TrimSpace(text)
	for _, layout := range moments {
		if at, err := time.Parse(layout, text); err == nil {
			require.Equal(t, DayInBritain(at), day, text)
			return
		}
	}
	if len(text) >= 10 {
		layout := map[DateFormat]string{DayFirst: "02/01/2006", MonthFirst: "01/02/2006"}[format]
		for _, layout := range []string{time.DateOnly, layout} {
			if written, err := time.Parse(layout, text[:10]); err == nil {
				off := day.DaysUntil(ivp.DateOf(written))
				require.LessOrEqual(t, off*off, 1, "%q is at most a day off: %s", text, day)
			}
		}
	}
}
