package export

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mp196/ivp/ivp"
)

var unescaper = strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n")

// TestEveryTextComesBack writes texts and reads them as a calendar program does:
// it unfolds lines, then unescapes values.
func TestEveryTextComesBack(t *testing.T) {
	day, err := ivp.ParseDate("2023-04-27")
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune(`;,\nN"“é`)))).Draw(t, "text")
		text = strings.ReplaceAll(text, "\r", "")
		var b bytes.Buffer
		require.NoError(t, WriteCalendar(&b, "c", []Event{{UID: "u", Day: day, Stamp: day, Summary: text}}))
		for line := range strings.SplitSeq(strings.TrimSuffix(b.String(), "\r\n"), "\r\n") {
			require.LessOrEqual(t, len(line), mostOctets)
			require.True(t, utf8.ValidString(line), "a character is cut in two")
		}
		unfolded := strings.ReplaceAll(b.String(), "\r\n ", "")
		_, rest, _ := strings.Cut(unfolded, "\r\nSUMMARY:")
		value, _, _ := strings.Cut(rest, "\r\n")
		require.Equal(t, text, unescaper.Replace(value))
	})
}

func TestWrite(t *testing.T) {
	day, err := ivp.ParseDate("2022-12-31")
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, WriteCalendar(&b, "Ends", []Event{{UID: "x@ivp", Day: day, Stamp: day.AddDays(-9), Sequence: 2, Summary: "Last day", Tentative: true, Reminders: []int{30}}}))
	for _, line := range []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "UID:x@ivp", "DTSTAMP:20221222T000000Z", "SEQUENCE:2", "DTSTART;VALUE=DATE:20221231",
		"DTEND;VALUE=DATE:20230101", "STATUS:TENTATIVE", "TRIGGER:-P30D", "END:VCALENDAR",
	} {
		assert.Contains(t, b.String(), line+"\r\n")
	}
}
