package export

import (
	"fmt"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Dialect is a kind of SQL.
type Dialect struct {
	Name string
	// text, number and date are the types of texts, whole numbers and days.
	text, number, date string
	// backslash is true if a backslash in a text escapes the next character.
	backslash bool
	// begin and commit are the statements around a transaction; empty if a
	// transaction cannot create tables.
	begin, commit string
	// insertRows is how many rows one statement inserts, because engines limit its
	// length; 0 is 250.
	insertRows int
	// key declares {columns} as the key of a table; empty if there are no keys.
	key string
	// schema creates the schema {schema}, whose name as a text is {text}, if it
	// does not exist.
	schema string
	// functions are statements that create the functions used by day.
	functions string
	// day is an expression for the installation day, whatever the type of the
	// column {x}; NULL if it is not a day. Of an instant it is the day in
	// Europe/London, by the engine's time zone data.
	day string
	// instant is 23:30 UTC on 30 June 2022, which is 1 July in London; empty if
	// the engine has no type for instants.
	instant string
	// since is an expression for the number of days from 1 January 0001 to {day}.
	since string
	// lateral joins each row to {cells}, its cells as they are read, under the
	// name w. It is empty if an engine cannot do this, or is slow at it: the
	// expressions are then repeated wherever they are needed.
	lateral string
}

// isoDay is the pattern of a day as a text.
const isoDay = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

// Dialects returns every supported dialect.
func Dialects() []Dialect {
	const (
		makeSchema = "CREATE SCHEMA IF NOT EXISTS {schema};\n"
		lateral    = "CROSS JOIN LATERAL (SELECT {cells}) w\n"
	)
	return []Dialect{{
		Name: "duckdb", text: "VARCHAR", number: "INTEGER", date: "DATE",
		begin: "BEGIN TRANSACTION;\n", commit: "COMMIT;\n", key: "PRIMARY KEY ({columns})", schema: makeSchema,
		day: "CASE WHEN typeof({x}) LIKE 'TIMESTAMP%WITH TIME ZONE' THEN CAST(timezone('Europe/London', TRY_CAST({x} AS TIMESTAMPTZ)) AS DATE)" +
			" WHEN typeof({x}) = 'DATE' OR typeof({x}) LIKE 'TIMESTAMP%' THEN TRY_CAST({x} AS DATE)" +
			" WHEN regexp_full_match(TRIM(CAST({x} AS VARCHAR)), '" + isoDay + "') THEN TRY_CAST(TRIM(CAST({x} AS VARCHAR)) AS DATE) END",
		instant: "TIMESTAMPTZ '2022-06-30 23:30:00+00'", since: "({day} - DATE '0001-01-01')",
	}, {
		Name: "postgres", text: "TEXT", number: "INTEGER", date: "DATE",
		begin: "BEGIN;\nSET LOCAL client_min_messages = warning;\n", commit: "COMMIT;\n", key: "PRIMARY KEY ({columns})",
		// CREATE SCHEMA IF NOT EXISTS needs a privilege even if the schema
		// exists.
		schema:    "DO $do$ BEGIN IF to_regnamespace({text}) IS NULL THEN CREATE SCHEMA {schema}; END IF; END $do$;\n",
		functions: postgresFunctions,
		day:       "{in}ivp_day({x})", instant: "TIMESTAMPTZ '2022-06-30 23:30:00+00'", since: "({day} - DATE '0001-01-01')",
		lateral: lateral,
	}, {
		Name: "sqlite", text: "TEXT", number: "INTEGER", date: "TEXT",
		begin: "BEGIN IMMEDIATE;\n", commit: "COMMIT;\n", key: "PRIMARY KEY ({columns})",
		// With the modifier, 30 February becomes 2 March; date alone leaves it.
		day:   "CASE WHEN date(TRIM({x}), '+0 days') = TRIM({x}) THEN TRIM({x}) END",
		since: "CAST(julianday({day}) - julianday('0001-01-01') AS INTEGER)",
	}, {
		Name: "snowflake", text: "VARCHAR", number: "INTEGER", date: "DATE", backslash: true,
		key: "PRIMARY KEY ({columns})", schema: makeSchema,
		day: "COALESCE(CAST(AS_TIMESTAMP_NTZ(TO_VARIANT({x})) AS DATE)," +
			" CAST(CONVERT_TIMEZONE('Europe/London', AS_TIMESTAMP_LTZ(TO_VARIANT({x}))) AS DATE)," +
			" CAST(CONVERT_TIMEZONE('Europe/London', AS_TIMESTAMP_TZ(TO_VARIANT({x}))) AS DATE)," +
			" AS_DATE(TO_VARIANT({x}))," +
			" CASE WHEN REGEXP_LIKE(TRIM(AS_VARCHAR(TO_VARIANT({x}))), '" + isoDay + "') THEN TRY_TO_DATE(TRIM(AS_VARCHAR(TO_VARIANT({x}))), 'YYYY-MM-DD') END)",
		instant: "TO_TIMESTAMP_TZ('2022-06-30 23:30:00 +0000')", since: "DATEDIFF(day, DATE '0001-01-01', {day})", lateral: lateral,
	}, {
		Name: "bigquery", text: "STRING", number: "INT64", date: "DATE", backslash: true,
		key: "PRIMARY KEY ({columns}) NOT ENFORCED", schema: makeSchema,
		day: "CASE WHEN FORMAT('%T', {x}) LIKE 'TIMESTAMP %' THEN DATE(SAFE_CAST(CAST({x} AS STRING) AS TIMESTAMP), 'Europe/London')" +
			" WHEN FORMAT('%T', {x}) LIKE 'DATE%' THEN SAFE_CAST(SUBSTR(CAST({x} AS STRING), 1, 10) AS DATE)" +
			" WHEN REGEXP_CONTAINS(TRIM(CAST({x} AS STRING)), '^" + isoDay + "$') THEN SAFE_CAST(TRIM(CAST({x} AS STRING)) AS DATE) END",
		instant: "TIMESTAMP '2022-06-30 23:30:00+00'", since: "DATE_DIFF({day}, DATE '0001-01-01', DAY)",
		lateral: "CROSS JOIN UNNEST([STRUCT({cells})]) w\n",
	}, {
		Name: "spark", text: "STRING", number: "INT", date: "DATE", backslash: true,
		insertRows: 20_000, // each statement is a job that writes a file
		schema:     makeSchema,
		day: "CASE WHEN TYPEOF({x}) = 'timestamp' THEN CAST(FROM_UTC_TIMESTAMP(TO_UTC_TIMESTAMP(TRY_CAST({x} AS TIMESTAMP_LTZ), CURRENT_TIMEZONE()), 'Europe/London') AS DATE)" +
			" WHEN TYPEOF({x}) IN ('date', 'timestamp_ntz') THEN TRY_CAST({x} AS DATE)" +
			" WHEN TRIM(CAST({x} AS STRING)) RLIKE '^" + isoDay + "$' THEN TRY_CAST(TRIM(CAST({x} AS STRING)) AS DATE) END",
		instant: "TIMESTAMP '2022-06-30 23:30:00Z'", since: "DATEDIFF({day}, DATE '0001-01-01')", lateral: lateral,
	}, {
		Name: "trino", text: "VARCHAR", number: "INTEGER", date: "DATE",
		schema: makeSchema,
		day: "CASE WHEN TYPEOF({x}) LIKE 'timestamp% with time zone' THEN CAST(TRY_CAST({x} AS TIMESTAMP(12) WITH TIME ZONE) AT TIME ZONE 'Europe/London' AS DATE)" +
			" WHEN TYPEOF({x}) = 'date' OR TYPEOF({x}) LIKE 'timestamp%' THEN TRY_CAST({x} AS DATE)" +
			" WHEN REGEXP_LIKE(TRIM(CAST({x} AS VARCHAR)), '^" + isoDay + "$') THEN TRY_CAST(TRIM(CAST({x} AS VARCHAR)) AS DATE) END",
		instant: "TIMESTAMP '2022-06-30 23:30:00 UTC'", since: "DATE_DIFF('day', DATE '0001-01-01', {day})", lateral: lateral,
	}}
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
	return Dialect{}, fmt.Errorf("%q is not a known dialect of SQL: want one of %s", name, strings.Join(names, ", "))
}

// dayLiteral returns a day as SQL.
func (d *Dialect) dayLiteral(day ivp.Date) string {
	switch {
	case !day.Valid():
		return "NULL"
	case d.date == d.text: // an engine without a type for days
		return "'" + day.String() + "'"
	}
	return "DATE '" + day.String() + "'"
}

var escaped = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`)

// quote returns a text as SQL.
func (d *Dialect) quote(text string) string {
	if d.backslash {
		return "'" + escaped.Replace(text) + "'"
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}
