package devices

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/mp196/ivp/ivp"
)

// ReadDate reads an installation date. Blank text gives the zero value. A date with a
// time and a zone is the day in Great Britain at that moment. A date with only a time
// or only a zone is the date as it is written. With an error the day is
// [ivp.UnreadableDate].
func ReadDate(text string, format DateFormat) (ivp.Date, error) {
	read := readDate(text, format)
	return read.day, read.err(text, format)
}

// dateRead is a cell read as a day.
type dateRead struct {
	day   ivp.Date
	moved bool // day is another day than the one written, because of the zone
	fault dateFault
}

// dateFault is why a cell could not be read as a day. The zero value is no fault.
type dateFault uint8

const (
	notADate    dateFault = iota + 1
	noOrder               // the order of day and month is not known
	noSuchDay             // 31 April
	noSuchTime            // 24:00, or text that is not a time
	outsideTime           // a moment before the first day of the calendar or after the last
)

// readDate is [ReadDate] for the engine: it does not allocate.
func readDate(text string, format DateFormat) dateRead {
	text = strings.TrimSpace(text)
	if text == "" {
		return dateRead{}
	}
	s := dateScanner{text}
	written, ok := s.date()
	switch {
	case !ok:
		return unreadable(notADate)
	case format == ISODates && written.form != yearFirst:
		return unreadable(noOrder)
	}
	day, err := written.day(format)
	if err != nil {
		return unreadable(noSuchDay)
	}
	clock, ok := s.time()
	switch {
	case !ok:
		return unreadable(noSuchTime)
	case !clock.moment:
		return dateRead{day: day}
	}
	there, err := clock.inBritain(day)
	if err != nil {
		return unreadable(outsideTime)
	}
	return dateRead{day: there, moved: there != day}
}

func unreadable(fault dateFault) dateRead {
	return dateRead{day: ivp.UnreadableDate(), fault: fault}
}

// err returns the error of the cell, or nil.
func (r dateRead) err(text string, format DateFormat) error {
	if r.fault == 0 {
		return nil
	}
	return refusedDate{strings.TrimSpace(text), format, r.fault}
}

// refusedDate is the error of a cell that is not a date. Its text is made when it is
// shown, because few of many errors are.
type refusedDate struct {
	text   string
	format DateFormat
	fault  dateFault
}

// Error says what was expected, and what may have happened.
func (r refusedDate) Error() string {
	msg := fmt.Sprintf("%q is not a date: want %s", ClippedCell(r.text), r.format)
	if r.format != ISODates {
		msg += " or YYYY-MM-DD"
	}
	if hint := r.fault.hint(r.text); hint != "" {
		msg += "; " + hint
	}
	return msg
}

// Unwrap returns [ivp.ErrBadDate].
func (r refusedDate) Unwrap() error { return ivp.ErrBadDate }

// shortYear is a numeric date with a year of two digits.
var shortYear = regexp.MustCompile(`^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}$`)

// hint returns what may have happened, or what to do.
func (f dateFault) hint(text string) string {
	s := dateScanner{text}
	written, _ := s.date()
	switch f {
	case noSuchDay:
		return "there is no such day"
	case noSuchTime:
		return "after the date only a time from 00:00 to 23:59:59 and a zone are read, as in 2022-04-27T09:30+01:00"
	case outsideTime:
		return "the day in Great Britain is outside the calendar"
	case noOrder:
		if !written.isDay() {
			return "there is no such day"
		}
		return "give the date format, day-first or month-first, or write YYYY-MM-DD"
	}
	if shortYear.MatchString(text) {
		return "which number is the year? write it with four digits"
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && n > 20000 && n < 80000 {
		return "a spreadsheet's day number? format the column as a date and save it again"
	}
	return ""
}

// DateFormat is how the dates of a column are written. ISO dates, 2023-04-27 and
// 20230427, are read in every format, dates with the name of the month, such as
// 27 Apr 2023, in all except ISODates.
type DateFormat uint8

// The date formats. The zero value reads only ISO dates.
const (
	ISODates   DateFormat = iota // YYYY-MM-DD
	DayFirst                     // DD/MM/YYYY, DD-MM-YYYY, DD.MM.YYYY
	MonthFirst                   // MM/DD/YYYY, MM-DD-YYYY, MM.DD.YYYY
)

// dateFormats has the pattern and the name of each format.
var dateFormats = [...][]string{
	ISODates:   {"YYYY-MM-DD", "iso"},
	DayFirst:   {"DD/MM/YYYY", "day-first"},
	MonthFirst: {"MM/DD/YYYY", "month-first"},
}

// String returns the format's pattern, such as "DD/MM/YYYY".
func (f DateFormat) String() string {
	if int(f) < len(dateFormats) {
		return dateFormats[f][0]
	}
	return fmt.Sprintf("DateFormat(%d)", uint8(f))
}

// Name returns the format's name: "iso", "day-first" or "month-first".
func (f DateFormat) Name() string {
	if int(f) < len(dateFormats) {
		return dateFormats[f][1]
	}
	return f.String()
}

// ParseDateFormat reads a format's pattern or name, ignoring case.
func ParseDateFormat(text string) (DateFormat, error) {
	for f, names := range dateFormats {
		for _, name := range names {
			if strings.EqualFold(name, strings.TrimSpace(text)) {
				return DateFormat(f), nil
			}
		}
	}
	return 0, fmt.Errorf("%q is not a date format: want iso (YYYY-MM-DD), day-first (DD/MM/YYYY) or month-first (MM/DD/YYYY)", text)
}

// writtenDate is the parts of a date as it is written.
type writtenDate struct {
	form                dateForm
	first, second, year int // with namedMonth, second is the month
}

type dateForm uint8

const (
	numbered   dateForm = iota // 27/04/2023, 27-04-2023, 27.04.2023, in either order
	namedMonth                 // 27 Apr 2023, 27th April 2023, 27-Apr-23
	yearFirst                  // 2023-04-27, 20230427
)

func (w writtenDate) day(format DateFormat) (ivp.Date, error) {
	day, month := w.first, w.second
	if w.form == yearFirst || w.form == numbered && format == MonthFirst {
		day, month = month, day
	}
	return ivp.NewDate(w.year, time.Month(month), day)
}

// isDay reports whether the date exists in at least one order of day and month.
func (w writtenDate) isDay() bool {
	_, dayErr := w.day(DayFirst)
	_, monthErr := w.day(MonthFirst)
	return dayErr == nil || monthErr == nil
}

// parseDate returns the parts of a date, with or without a time. It does not check that
// the day exists.
func parseDate(text string) (w writtenDate, ok bool) {
	s := dateScanner{text}
	if w, ok = s.date(); ok {
		_, ok = s.time()
	}
	return w, ok
}

// dateScanner reads a text from its start. rest is what is not read yet.
type dateScanner struct{ rest string }

// date reads a date, and leaves what follows it.
func (s *dateScanner) date() (w writtenDate, ok bool) {
	n, digits := s.number()
	switch digits {
	case 1, 2:
		return s.dayOrMonth(n)
	case 4:
		w.form, w.year = yearFirst, n
		return w, s.take('-') && s.twoDigits(&w.first) && s.take('-') && s.twoDigits(&w.second)
	case 8:
		return writtenDate{yearFirst, n / 100 % 100, n % 100, n / 10000}, true
	}
	return w, false
}

// dayOrMonth reads the rest of a date that begins with a day or a month.
func (s *dateScanner) dayOrMonth(n int) (w writtenDate, ok bool) {
	w.first = n
	separator := s.takeOf("/.-")
	if separator == 0 || !s.digitNext() {
		return s.named(w, separator)
	}
	var digits int
	if w.second, digits = s.number(); digits > 2 || !s.take(separator) {
		return w, false
	}
	w.year, digits = s.number()
	return w, digits == 4
}

// named reads the name of a month and the year, after the day and a separator: '-' in
// 27-Apr-2023, and 0 in 27 Apr 2023 and 27th April 2023.
func (s *dateScanner) named(w writtenDate, separator byte) (writtenDate, bool) {
	switch separator {
	case 0:
		if suffix := s.letters(); suffix != "" && !strings.EqualFold(suffix, ordinal(w.first)) || !s.take(' ') {
			return w, false
		}
	case '-':
	default:
		return w, false
	}
	month, ok := monthNamed(s.letters())
	if separator == 0 {
		s.take('.')
		separator = ' '
	}
	if !ok || !s.take(separator) {
		return w, false
	}
	var digits int
	w.form, w.second = namedMonth, int(month)
	if w.year, digits = s.number(); digits == 2 {
		w.year += 2000 // smart meters were installed only in this century
	}
	return w, digits == 2 || digits == 4
}

// ordinal returns the suffix of a day: st, nd, rd or th.
func ordinal(day int) string {
	switch day {
	case 1, 21, 31:
		return "st"
	case 2, 22:
		return "nd"
	case 3, 23:
		return "rd"
	}
	return "th"
}

// monthNamed reads the name of a month, in full, as its first three letters, or Sept.
func monthNamed(name string) (time.Month, bool) {
	for m := time.January; m <= time.December; m++ {
		if full := m.String(); strings.EqualFold(name, full) || strings.EqualFold(name, full[:3]) {
			return m, true
		}
	}
	return time.September, strings.EqualFold(name, "Sept")
}

// timeOfDay is what follows a date. The zero value is that nothing follows.
type timeOfDay struct {
	seconds int  // since midnight
	east    int  // the zone: seconds east of Greenwich
	moment  bool // both a time and a zone are given
}

// farthest is the greatest difference of a zone from Greenwich, in seconds.
const farthest = 14 * 60 * 60

// time reads the rest of the text: nothing, a time, a zone, or both.
func (s *dateScanner) time() (t timeOfDay, ok bool) {
	if s.rest == "" {
		return t, true
	}
	basic := s.takeOf("Tt") != 0
	comma := !basic && s.take(',')
	spaces := 0
	for !basic && s.take(' ') {
		spaces++
	}
	clock := basic || comma || s.digitNext()
	if clock && (!basic && spaces == 0 || !s.clock(&t, basic)) {
		return t, false
	}
	zone := s.rest != ""
	if zone && !s.zone(&t) {
		return t, false
	}
	t.moment = clock && zone
	return t, true
}

// clock reads a time of day: 09:30, 9.30, 09:30:15.25, 9:30 PM and, with basic, 0930 and
// 093015.
func (s *dateScanner) clock(t *timeOfDay, basic bool) bool {
	hour, digits := s.number()
	minute, second, seconds := 0, 0, false
	switch {
	case basic && digits == 4:
		hour, minute = hour/100, hour%100
	case basic && digits == 6:
		hour, minute, second, seconds = hour/10000, hour/100%100, hour%100, true
	case digits < 1 || digits > 2 || s.takeOf(":.") == 0 || !s.twoDigits(&minute):
		return false
	default:
		if seconds = s.takeOf(":.") != 0; seconds && !s.twoDigits(&second) {
			return false
		}
	}
	if seconds && s.takeOf(".,") != 0 {
		if _, digits := s.number(); digits == 0 {
			return false
		}
	}
	if !s.halfDay(&hour) || hour > 23 || minute > 59 || second > 59 {
		return false
	}
	t.seconds = hour*3600 + minute*60 + second
	return true
}

// halfDay reads an optional AM or PM, and corrects the hour. Both 1:30 PM and 13:30 PM
// are valid.
func (s *dateScanner) halfDay(hour *int) bool {
	half := strings.TrimPrefix(s.rest, " ")
	if len(half) < 2 || half[1]|0x20 != 'm' || half[0]|0x20 != 'a' && half[0]|0x20 != 'p' {
		return true
	}
	s.take(' ')
	pm := s.rest[0]|0x20 == 'p'
	s.rest = s.rest[2:]
	switch {
	case pm && *hour < 12:
		*hour += 12
	case !pm && *hour == 12:
		*hour = 0
	}
	return pm || *hour < 12
}

// zone reads a zone up to the end of the text: Z, UTC, +01, +0100 or +01:00, after an
// optional space.
func (s *dateScanner) zone(t *timeOfDay) bool {
	s.take(' ')
	if word := s.letters(); word != "" {
		return s.rest == "" && (strings.EqualFold(word, "Z") || strings.EqualFold(word, "UTC"))
	}
	sign := s.takeOf("+-")
	hours, digits := s.number()
	minutes := 0
	switch {
	case sign == 0:
		return false
	case digits == 4:
		hours, minutes = hours/100, hours%100
	case digits != 2 || s.take(':') && !s.twoDigits(&minutes):
		return false
	}
	t.east = hours*3600 + minutes*60
	if s.rest != "" || minutes > 59 || t.east > farthest {
		return false
	}
	if sign == '-' {
		t.east = -t.east
	}
	return true
}

// number reads the next digits, at most nine.
func (s *dateScanner) number() (n, digits int) {
	for digits < 9 && digits < len(s.rest) && isDigit(s.rest[digits]) {
		n = n*10 + int(s.rest[digits]-'0')
		digits++
	}
	s.rest = s.rest[digits:]
	return n, digits
}

func (s *dateScanner) twoDigits(n *int) bool {
	var digits int
	*n, digits = s.number()
	return digits == 2
}

func (s *dateScanner) digitNext() bool { return s.rest != "" && isDigit(s.rest[0]) }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// letters reads the next ASCII letters.
func (s *dateScanner) letters() string {
	n := 0
	for n < len(s.rest) && 'a' <= s.rest[n]|0x20 && s.rest[n]|0x20 <= 'z' {
		n++
	}
	word := s.rest[:n]
	s.rest = s.rest[n:]
	return word
}

// take reads the next character if it is c.
func (s *dateScanner) take(c byte) bool {
	if s.rest == "" || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// takeOf reads the next character if it is one of some, and returns it, or 0.
func (s *dateScanner) takeOf(some string) byte {
	if s.rest == "" || strings.IndexByte(some, s.rest[0]) < 0 {
		return 0
	}
	c := s.rest[0]
	s.rest = s.rest[1:]
	return c
}

// londonData is Europe/London of the time-zone database, release 2025b, as zic -b fat
// writes it. It is embedded so that the day in Great Britain is the same on every
// system, also without a time-zone database.
//
//go:embed europe-london.tzif
var londonData []byte

var london = loadLondon()

func loadLondon() *time.Location {
	location, err := time.LoadLocationFromTZData("Europe/London", londonData)
	if err != nil {
		panic("the zone of Great Britain that is part of this program is damaged: " + err.Error())
	}
	return location
}

// DayInBritain returns the day in Great Britain at a moment.
func DayInBritain(t time.Time) ivp.Date { return ivp.DateOf(t.In(london)) }

// unixDay is the day number of 1 January 1970.
const unixDay = 719163

// inBritain returns the day in Great Britain at a time of a day.
func (t timeOfDay) inBritain(day ivp.Date) (ivp.Date, error) {
	seconds := int64(day.DayNumber()-unixDay)*86400 + int64(t.seconds-t.east)
	return ivp.NewDate(time.Unix(seconds, 0).In(london).Date())
}
