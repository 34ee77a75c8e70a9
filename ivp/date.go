package ivp

import "time"

// Date is a calendar day without time or zone, from 0001-01-01 to 9999-12-31.
// The zero value is no date. Dates are comparable with ==.
type Date struct {
	// n counts days from 0001-01-01, which is 1; 0 is no date.
	n int32
}

const unreadableDay = -1

var (
	minDate = civil(1, 1, 1)
	maxDate = civil(9999, 12, 31)
)

// MinDate returns the first day that a Date can be, 0001-01-01.
func MinDate() Date { return minDate }

// MaxDate returns the last day that a Date can be, 9999-12-31.
func MaxDate() Date { return maxDate }

// UnreadableDate returns the mark of a date that was given but could not be
// read. The answer for a device with this date is bad-date. The mark is not a
// valid day and sorts before every day.
func UnreadableDate() Date { return Date{unreadableDay} }

// NewDate returns the day of the given year, month and day of the month. It
// returns an error for a day that does not exist, such as 31 April, and for a
// year that is not between 1 and 9999.
func NewDate(year int, month time.Month, day int) (Date, error) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, int(month)) {
		return Date{}, caused(ErrBadDate, "%04d-%02d-%02d is not a day of the calendar", year, int(month), day)
	}
	return civil(year, int(month), day), nil
}

// DateOf returns the day of t in t's location. It returns no date if the year is
// not between 1 and 9999.
func DateOf(t time.Time) Date {
	d, _ := NewDate(t.Date())
	return d
}

// ParseDate reads an ISO 8601 calendar date, YYYY-MM-DD. It returns an error
// for any other text and for a day that does not exist.
func ParseDate(text string) (Date, error) {
	d, ok := parseISO(text)
	if !ok {
		return Date{}, caused(ErrBadDate, "%q is not a date: want YYYY-MM-DD, a day of the calendar", clip(text))
	}
	return d, nil
}

func parseISO(s string) (Date, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return Date{}, false
	}
	year, okY := digits(s[0:4])
	month, okM := digits(s[5:7])
	day, okD := digits(s[8:10])
	if !okY || !okM || !okD || year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return Date{}, false
	}
	return civil(year, month, day), true
}

func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int(c)
	}
	return n, true
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// civil counts days in the proleptic Gregorian calendar. Its years begin in
// March, so that the leap day comes last.
func civil(year, month, day int) Date {
	if month < 3 {
		year--
		month += 12
	}
	return Date{int32(365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 306)}
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d.n == 0 }

// IsUnreadable reports whether d is the mark that [UnreadableDate] returns.
func (d Date) IsUnreadable() bool { return d.n == unreadableDay }

// Valid reports whether d is a day, and neither zero nor unreadable.
func (d Date) Valid() bool { return d.n > 0 }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.n < e.n }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return d.n > e.n }

// Compare returns -1, 0 or +1 as d is earlier than, the same as, or later
// than e.
func (d Date) Compare(e Date) int {
	switch {
	case d.n < e.n:
		return -1
	case d.n > e.n:
		return 1
	}
	return 0
}

// AddDays returns the day n days after d, or before it if n is negative. The
// result is at least [MinDate] and at most [MaxDate]. A d that is not valid is
// returned unchanged.
func (d Date) AddDays(n int) Date {
	if !d.Valid() {
		return d
	}
	sum := int64(d.n) + int64(n)
	return Date{int32(min(max(sum, int64(minDate.n)), int64(maxDate.n)))}
}

// DaysUntil returns the number of days from d to e: 0 for the same day,
// negative if e is earlier. Both must be valid.
func (d Date) DaysUntil(e Date) int { return int(e.n) - int(d.n) }

// DayNumber returns the number of the day, 1 for 0001-01-01, as an index for
// tables. It is 0 for no date and -1 for an unreadable one.
func (d Date) DayNumber() int { return int(d.n) }

// Civil returns year, month and day of the month, all 0 if d is not valid.
func (d Date) Civil() (year int, month time.Month, day int) {
	if !d.Valid() {
		return 0, 0, 0
	}
	return time.Unix((int64(d.n)-unixDay)*86400, 0).UTC().Date()
}

// unixDay is the number of 1970-01-01.
const unixDay = 719163

// String returns YYYY-MM-DD, "" for no date and "unreadable" for an unreadable
// one.
func (d Date) String() string { return string(d.append(nil)) }

func (d Date) append(b []byte) []byte {
	if d.IsUnreadable() {
		return append(b, "unreadable"...)
	}
	if !d.Valid() {
		return b
	}
	year, month, day := d.Civil()
	return append(b,
		byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10), '-',
		byte('0'+int(month)/10), byte('0'+int(month)%10), '-',
		byte('0'+day/10), byte('0'+day%10))
}

// AppendText appends what String returns; it never fails.
func (d Date) AppendText(b []byte) ([]byte, error) { return d.append(b), nil }

// MarshalText returns what String returns; it never fails.
func (d Date) MarshalText() ([]byte, error) { return d.append(nil), nil }

// UnmarshalText reads a date as [ParseDate] does, and empty text as no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// clip shortens a value for a message to 60 characters.
func clip(s string) string {
	const most = 60
	n := 0
	for at := range s { // no character is cut in two
		if n++; n > most {
			return s[:at] + "…"
		}
	}
	return s
}
