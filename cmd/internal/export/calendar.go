package export

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/ivp"
)

// Event is one day in a calendar.
type Event struct {
	// UID identifies the event in every edition of the calendar, so that a newer
	// edition moves it instead of adding it again.
	UID string
	// Day is the day of the event, which lasts all day.
	Day ivp.Date
	// Stamp is the day on which the event was last changed, and Sequence the
	// number of changes.
	Stamp    ivp.Date
	Sequence int
	// Summary is the title of the event, Description its text.
	Summary     string
	Description string
	// Tentative is true if the day is not certain.
	Tentative bool
	// Reminders are the numbers of days before the day on which an alarm is
	// shown.
	Reminders []int
}

// WriteCalendar writes a calendar. The same events give the same bytes.
func WriteCalendar(w io.Writer, name string, events []Event) error {
	var b bytes.Buffer
	line := func(key, value string) { writeLine(&b, key+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//ivp//Installation Validity Periods//EN")
	line("CALSCALE", "GREGORIAN")
	line("METHOD", "PUBLISH")
	line("X-WR-CALNAME", calendarText(name))
	for _, e := range events {
		e.write(line)
	}
	line("END", "VCALENDAR")
	_, err := w.Write(b.Bytes())
	return err
}

func (e *Event) write(line func(key, value string)) {
	line("BEGIN", "VEVENT")
	line("UID", calendarText(e.UID))
	line("DTSTAMP", basic(e.Stamp)+"T000000Z")
	line("SEQUENCE", fmt.Sprint(e.Sequence))
	line("DTSTART;VALUE=DATE", basic(e.Day))
	line("DTEND;VALUE=DATE", basic(e.Day.AddDays(1)))
	line("SUMMARY", calendarText(e.Summary))
	line("DESCRIPTION", calendarText(e.Description))
	status := "CONFIRMED"
	if e.Tentative {
		status = "TENTATIVE"
	}
	line("STATUS", status)
	line("TRANSP", "TRANSPARENT")
	for _, days := range e.Reminders {
		line("BEGIN", "VALARM")
		line("ACTION", "DISPLAY")
		line("TRIGGER", fmt.Sprintf("-P%dD", days))
		line("DESCRIPTION", calendarText(e.Summary))
		line("END", "VALARM")
	}
	line("END", "VEVENT")
}

// basic returns a day in the format of calendars, 20230427.
func basic(day ivp.Date) string { return strings.ReplaceAll(day.String(), "-", "") }

var calendarEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// calendarText escapes a text as a value.
func calendarText(text string) string {
	return calendarEscapes.Replace(strings.ToValidUTF8(text, "\ufffd"))
}

// mostOctets is the greatest length of a line, without its end.
const mostOctets = 75

// writeLine writes a line, folded: continuation lines begin with a space. No
// character is split.
func writeLine(b *bytes.Buffer, line string) {
	for room := mostOctets; len(line) > room; room = mostOctets - 1 {
		at := room
		for !utf8.RuneStart(line[at]) {
			at--
		}
		b.WriteString(line[:at] + "\r\n ")
		line = line[at:]
	}
	b.WriteString(line + "\r\n")
}
