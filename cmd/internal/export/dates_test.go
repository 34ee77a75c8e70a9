package export

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mp196/ivp/ivp"
)

// installed is a value of the column install_date in SQL, and the reason expected
// for SMETS2 v3.1, whose period is from 8 November 2018 to 27 April 2023.
type installed struct{ value, reason string }

var (
	days = []installed{
		{"'2018-11-07'", "before-start"}, {"'2018-11-08'", "within-period"},
		{"'2023-04-27'", "within-period"}, {"'2023-04-28'", "after-end"},
		{"'0001-01-01'", "before-start"}, {"'9999-12-31'", "after-end"}, {"NULL", "no-date"},
	}
	// times are read as the written day, whatever the zone of the session.
	times = []installed{
		{"'2018-11-07 23:59:59.999'", "before-start"}, {"'2018-11-08 00:00:00'", "within-period"},
		{"'2023-04-27 00:00:00'", "within-period"}, {"'2023-04-27 23:59:59.999'", "within-period"},
		{"'2023-04-28 00:00:00'", "after-end"}, {"NULL", "no-date"},
	}
	// instants are read as days in London: in summer time in April, not in
	// November.
	instants = []installed{
		{"'2018-11-07 23:59:59.999+00'", "before-start"}, {"'2018-11-08 00:00:00+00'", "within-period"},
		{"'2018-11-08 08:59:59+09'", "before-start"}, {"'2018-11-08 09:00:00+09'", "within-period"},
		{"'2023-04-27 22:59:59.999+00'", "within-period"}, {"'2023-04-27 23:00:00+00'", "after-end"},
		{"'2023-04-27 18:59:59-04'", "within-period"}, {"'2023-04-27 19:00:00-04'", "after-end"}, {"NULL", "no-date"},
	}
	// texts are read as days only if they are YYYY-MM-DD.
	texts = []installed{
		{"'2018-11-07'", "before-start"}, {"'2018-11-08'", "within-period"}, {"'2023-04-27'", "within-period"}, {"' 2023-04-27 '", "within-period"},
		{"'2023-04-28'", "after-end"}, {"'2020-02-29'", "within-period"},
		{"'2021-02-29'", "bad-date"}, {"'2021-04-31'", "bad-date"}, {"'2021-06-00'", "bad-date"}, {"'2021-13-01'", "bad-date"}, {"'2021-00-01'", "bad-date"},
		{"'2022-04-27T09:30'", "bad-date"}, {"'2022-04-27 00:00:00'", "bad-date"}, {"'2022-04-27Z'", "bad-date"}, {"'2022-04-27+01:00'", "bad-date"},
		{"'27/04/2022'", "bad-date"}, {"'20220427'", "bad-date"}, {"'2022-4-27'", "bad-date"}, {"'22-04-27'", "bad-date"}, {"'27 Apr 2022'", "bad-date"},
		{"'0000-01-01'", "bad-date"}, {"'10000-01-01'", "bad-date"}, {"'-2022-04-27'", "bad-date"}, {"'2459697.5'", "bad-date"}, {"'44678'", "bad-date"},
		{"'now'", "bad-date"}, {"'today'", "bad-date"}, {"'infinity'", "bad-date"}, {"'N/A'", "bad-date"}, {"'-'", "bad-date"},
		{"''", "no-date"}, {"'  '", "no-date"}, {"NULL", "no-date"},
	}
)

// TestInstallDate tests the column in every type that an engine has for days.
func TestInstallDate(t *testing.T) {
	beyond := []installed{{"'infinity'", "bad-date"}, {"'-infinity'", "bad-date"}, {"'0001-12-31 (BC)'", "bad-date"}, {"'10000-01-01'", "bad-date"}}
	columns := map[string]map[string][]installed{
		"duckdb": {
			"DATE": append(beyond, days...), "VARCHAR": texts, "TIMESTAMPTZ": append(beyond[:2:2], instants...),
			"TIMESTAMP": append(beyond[:2:2], times...), "TIMESTAMP_S": times[1:3], "TIMESTAMP_MS": times, "TIMESTAMP_NS": times,
			"ENUM('2023-04-27', 'x')": {{"'2023-04-27'", "within-period"}, {"'x'", "bad-date"}, {"NULL", "no-date"}},
		},
		"postgres": {
			"DATE": append([]installed{{"'0001-12-31 BC'", "bad-date"}, beyond[0], beyond[1], beyond[3]}, days...),
			"TEXT": texts, "VARCHAR(40)": texts, "CHAR(40)": texts,
			"TIMESTAMPTZ": append(beyond[:2:2], instants...), "TIMESTAMP": append(beyond[:2:2], times...), "TIMESTAMP(0)": times[1:3],
		},
		"sqlite": {
			"TEXT": texts, "DATE": append(texts, days...), "TIMESTAMP": texts,
			"": {{"20220427", "bad-date"}, {"2459697.5", "bad-date"}, {"1651017600", "bad-date"}, {"2022", "bad-date"}, {"CAST('2022-04-27' AS BLOB)", "within-period"}, {"x'00ff'", "bad-date"}, {"NULL", "no-date"}},
		},
	}
	zones := map[string][]string{
		"duckdb":   {"SET TimeZone = 'America/New_York'", "SET TimeZone = 'Pacific/Kiritimati'"},
		"postgres": {"SET TIME ZONE 'America/New_York'", "SET TIME ZONE 'Pacific/Kiritimati'"},
		"sqlite":   {"SELECT 1 WHERE 0"},
	}
	outcomes := map[string]string{}
	for _, reason := range ivp.Reasons() {
		outcomes[reason.String()] = reason.Outcome().String()
	}
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		script := written(t, ivp.Checker{History: ivp.Published()}, SQLOptions{Dialect: d})
		must(t, db, inventoryTable+script+"DROP VIEW ivp_checked;\nDROP TABLE inventory;\n")
		for column, all := range columns[d.Name] {
			var rows, want []string
			for n, one := range all {
				rows = append(rows, fmt.Sprintf("(%d, 'ESME', 'SMETS2 v3.1', '2.1', %s, NULL)", n, one.value))
				want = append(want, one.reason)
			}
			must(t, db, fmt.Sprintf("CREATE TABLE inventory (id INTEGER, device_type VARCHAR(9), spec VARCHAR(20), gbcs VARCHAR(9), install_date %s, scope VARCHAR(9));\nINSERT INTO inventory VALUES\n%s;\n", column, strings.Join(rows, ",\n"))+viewAlone(script))
			for _, zone := range zones[d.Name] {
				var got []string
				for n, row := range db.ask(t, "SELECT ivp_reason, ivp_outcome FROM ivp_checked ORDER BY id", zone) {
					got = append(got, row[0])
					assert.Equal(t, outcomes[row[0]], row[1], all[n].value)
				}
				assert.Equal(t, want, got, "%s, %s: %v", column, zone, all)
			}
			must(t, db, "DROP VIEW ivp_checked;\nDROP TABLE inventory;\n")
		}
	})
}

// TestInstallDateIsNoDay tests a column of a type without days: the engine
// refuses the script or the view, or no device has a day.
func TestInstallDateIsNoDay(t *testing.T) {
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		script := written(t, ivp.Checker{History: ivp.Published()}, SQLOptions{Dialect: d})
		must(t, db, inventoryTable+script+"DROP VIEW ivp_checked;\nDROP TABLE inventory;\n")
		for kind, value := range map[string]string{"INTEGER": "20220427", "DOUBLE PRECISION": "20220427", "BOOLEAN": "TRUE", "TIME": "'10:00:00'"} {
			must(t, db, strings.Replace(inventoryTable, "install_date DATE", "install_date "+kind, 1)+"INSERT INTO inventory VALUES ('1', 'ESME', 'SMETS2 v3.1', '2.1', "+value+", NULL);\n")
			if said := db.run(t, viewAlone(script)+"SELECT * FROM ivp_checked;\n"); said == "" {
				assert.Equal(t, [][]string{{"1", "undetermined", "bad-date"}}, db.ask(t, selectOutcomes), kind)
			}
			must(t, db, "DROP VIEW IF EXISTS ivp_checked;\nDROP TABLE inventory;\n")
		}
	})
}

// TestOtherTypesAreCast tests versions, types and scopes in columns that are not
// texts.
func TestOtherTypesAreCast(t *testing.T) {
	kinds := map[string]string{
		"sqlite":   "CREATE TABLE inventory (id INTEGER, device_type BLOB, spec REAL, gbcs REAL, install_date TEXT, scope INTEGER);",
		"postgres": "CREATE TYPE kind AS ENUM ('ESME', 'GSME');\nCREATE TABLE inventory (id INTEGER, device_type kind, spec NUMERIC(4,1), gbcs DOUBLE PRECISION, install_date DATE, scope INTEGER);",
		"duckdb":   "CREATE TABLE inventory (id INTEGER, device_type ENUM('ESME', 'GSME'), spec DECIMAL(4,1), gbcs DOUBLE, install_date DATE, scope INTEGER);",
	}
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		must(t, db, kinds[d.Name]+`
INSERT INTO inventory VALUES (1, 'ESME', 3.1, 2.1, '2023-04-27', NULL), (2, 'ESME', 3.1, 2.1, '2023-04-28', NULL), (3, 'GSME', 4.0, 2.1, '2022-04-28', NULL), (4, NULL, 3.1, NULL, '2022-04-28', NULL);
`+written(t, ivp.Checker{History: ivp.Published()}, SQLOptions{Dialect: d}))
		assert.Equal(t, [][]string{
			{"1", "eligible", "within-period"}, {"2", "not_eligible", "after-end"},
			{"3", "undetermined", "not-listed"}, {"4", "undetermined", "bad-version"},
		}, db.ask(t, selectOutcomes))
	})
}
