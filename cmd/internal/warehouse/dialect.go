package warehouse

import (
	"fmt"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Dialect is a kind of SQL.
type Dialect struct {
	Name string
	// text and number are its types for short texts and whole numbers, date that
	// for days.
	text, number, date string
	// escapes says that a backslash in a text escapes what follows it.
	escapes bool
}

// Dialects returns every dialect that is written.
func Dialects() []Dialect {
	return []Dialect{
		{"duckdb", "VARCHAR", "INTEGER", "DATE", false},
		{"postgres", "VARCHAR(120)", "INTEGER", "DATE", false},
		{"sqlite", "TEXT", "INTEGER", "TEXT", false},
		{"snowflake", "VARCHAR(120)", "INTEGER", "DATE", true},
		{"bigquery", "STRING", "INT64", "DATE", true},
		{"spark", "STRING", "INT", "DATE", true},
		{"trino", "VARCHAR", "INTEGER", "DATE", false},
	}
}

// ParseDialect reads the name of a dialect.
func ParseDialect(name string) (Dialect, error) {
	var names []string
	for _, d := range Dialects() {
		if d.Name == name {
			return d, nil
		}
		names = append(names, d.Name)
	}
	return Dialect{}, fmt.Errorf("%q is no dialect of SQL known here: want %s", name, strings.Join(names, ", "))
}

// day writes a day.
func (d *Dialect) day(day ivp.Date) string {
	switch {
	case !day.Valid():
		return "NULL"
	case d.date == d.text: // an engine without a type for days
		return "'" + day.String() + "'"
	}
	return "DATE '" + day.String() + "'"
}

var escaped = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`)

// quote writes a text.
func (d *Dialect) quote(text string) string {
	if d.escapes {
		return "'" + escaped.Replace(text) + "'"
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}
