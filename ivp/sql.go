package ivp

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
)

// Scan reads a column of a database: NULL and blank text as no date, text as
// [ParseDate] does, and a time at midnight as the day that its location writes.
// A time at another hour is an error: it is a moment, whose day depends on the
// zone. After an error d is [UnreadableDate].
func (d *Date) Scan(src any) error {
	*d = UnreadableDate()
	t, isTime := src.(time.Time)
	if !isTime {
		return scanText(d, src, "a date column, or text as YYYY-MM-DD")
	}
	day := DateOf(t)
	if hour, minute, second := t.Clock(); hour != 0 || minute != 0 || second != 0 || t.Nanosecond() != 0 || !day.Valid() {
		return caused(ErrBadDate, "%s is a moment, not a date: select a date column, or convert it to the day in Great Britain first", t.Format(time.RFC3339Nano))
	}
	*d = day
	return nil
}

// Value returns the date as text for a database, YYYY-MM-DD, and NULL for no
// date. It returns an error for [UnreadableDate], which is not a day.
func (d Date) Value() (driver.Value, error) {
	if d.IsUnreadable() {
		return nil, caused(ErrBadDate, "a date that could not be read cannot be stored as a date: store the text that was given")
	}
	return textValue(d.String())
}

// Scan reads a column of a database: NULL and blank text as no version, text as
// [ParseSpec] does, with its family. After an error s is [UnreadableSpec].
func (s *Spec) Scan(src any) error {
	*s = UnreadableSpec()
	return scanText(s, src, "text such as SMETS2 v4.2")
}

// Value returns the version as text for a database, such as "SMETS2 v4.2", and
// NULL for no version. It returns an error for [UnreadableSpec].
func (s Spec) Value() (driver.Value, error) {
	if s.IsUnreadable() {
		return nil, caused(ErrBadVersion, "a version that could not be read cannot be stored as a version: store the text that was given")
	}
	return textValue(s.String())
}

// scanText reads the text of a column, without outer spaces, which columns of a
// fixed width have.
func scanText(to interface{ UnmarshalText([]byte) error }, src any, want string) error {
	switch src := src.(type) {
	case nil:
		return to.UnmarshalText(nil)
	case string:
		return to.UnmarshalText([]byte(strings.TrimSpace(src)))
	case []byte:
		return to.UnmarshalText([]byte(strings.TrimSpace(string(src))))
	}
	return fmt.Errorf("%v is of type %T: want %s", src, src, want)
}

func textValue(text string) (driver.Value, error) {
	if text == "" {
		return nil, nil
	}
	return text, nil
}
