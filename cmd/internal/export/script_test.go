package export

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

// threeDevices are a device on its closing day, one a day later, and one that
// cannot be judged.
const threeDevices = inventoryTable + `INSERT INTO inventory VALUES
('1', 'ESME', 'SMETS2 v3.1', '2.1', '2023-04-27', NULL),
('2', 'ESME', 'SMETS2 v3.1', '2.1', '2023-04-28', NULL),
('3', NULL, 'SMETS2 v3.1', NULL, NULL, NULL);
`

// earlierExport is a short script as the first version of this program made it,
// run twice.
const earlierExport = `CREATE TABLE ivp_spelling (what VARCHAR(9), of_type VARCHAR(9), written VARCHAR(9), meant VARCHAR(9));
CREATE TABLE ivp_profile (device_type VARCHAR(9), spec VARCHAR(9), gbcs VARCHAR(9), scope VARCHAR(9), answers INTEGER);
CREATE TABLE ivp_period (answers INTEGER, outcome VARCHAR(20));
INSERT INTO ivp_profile VALUES ('', '', '', '', 1), ('', '', '', '', 1);
INSERT INTO ivp_period VALUES (1, 'eligible'), (1, 'eligible');
CREATE VIEW ivp_checked AS SELECT n.*, p.outcome AS ivp_outcome FROM inventory n LEFT JOIN ivp_profile f ON f.device_type = '' LEFT JOIN ivp_period p ON p.answers = f.answers;
`

const selectOutcomes = "SELECT id, ivp_outcome, ivp_reason FROM ivp_checked ORDER BY id"

func TestScriptRunsAgain(t *testing.T) {
	included := ivp.Checker{History: ivp.Published()}
	excluded := ivp.Checker{History: ivp.Published(), LastDayExcluded: true}
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		must(t, db, threeDevices+earlierExport)
		first := written(t, included, SQLOptions{Dialect: d, Terms: "the last day included"})
		other := written(t, excluded, SQLOptions{Dialect: d, Terms: "the last day excluded"})
		for _, run := range []struct{ script, outcome, reason, terms string }{
			{first, "eligible", "within-period", "the last day included"},
			{first, "eligible", "within-period", "the last day included"},
			{other, "not_eligible", "after-end", "the last day excluded"},
			{first, "eligible", "within-period", "the last day included"},
		} {
			must(t, db, run.script)
			assert.Equal(t, [][]string{
				{"1", run.outcome, run.reason}, {"2", "not_eligible", "after-end"}, {"3", "undetermined", "no-date"},
			}, db.ask(t, selectOutcomes))
			assert.Equal(t, [][]string{{included.History.Edition(), included.History.Digest(), run.terms}},
				db.ask(t, "SELECT edition, digest, terms FROM ivp_rules"))
		}
		assert.NotEmpty(t, db.run(t, "SELECT * FROM ivp_spelling;"), "a table of the earlier version is left")
		for _, name := range tableNames {
			assert.NotEmpty(t, db.run(t, fmt.Sprintf("INSERT INTO %s SELECT * FROM %[1]s;", name)), "%s has no key", name)
		}
	})
}

// TestBrokenScript breaks a script in the middle: either nothing changes, or
// every answer is undetermined.
func TestBrokenScript(t *testing.T) {
	checker := ivp.Checker{History: ivp.Published()}
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		must(t, db, threeDevices+written(t, checker, SQLOptions{Dialect: d}))
		before := db.ask(t, selectOutcomes)
		checker.LastDayExcluded = true
		broken := strings.Replace(written(t, checker, SQLOptions{Dialect: d}), "INSERT INTO ivp_verdict VALUES", "INSERT INTO ivp_verdicts VALUES", 1)
		assert.NotEmpty(t, db.run(t, broken))
		after := db.ask(t, selectOutcomes)
		if d.Name != "sqlite" { // its client continues after an error
			assert.Equal(t, before, after)
			return
		}
		for _, row := range after {
			assert.Equal(t, "undetermined", row[1])
		}
	})
}

// TestInventoryWithOurColumns tests an inventory with an older answer: it is
// refused, whatever its columns, and the older answer is never returned.
func TestInventoryWithOurColumns(t *testing.T) {
	checker := ivp.Checker{History: ivp.Published()}
	stale := func(column string) string {
		kind := "VARCHAR(20) DEFAULT 'stale'"
		if column == "ivp_days_left" {
			kind = "INTEGER DEFAULT 999"
		}
		return fmt.Sprintf("ALTER TABLE inventory ADD COLUMN %s %s;\n", column, kind)
	}
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		script := written(t, checker, SQLOptions{Dialect: d})
		must(t, db, threeDevices+stale("ivp_outcome"))
		assert.Contains(t, db.run(t, script+"SELECT ivp_outcome FROM ivp_checked;\n"), "mbiguous")
		must(t, db, "DROP TABLE inventory;\n"+threeDevices+script)
		for _, column := range append(checkedColumns, "IVP_Outcome") {
			// If added after the script, it changes nothing, or the view fails.
			must(t, db, stale(column))
			said := db.run(t, "SELECT ivp_outcome FROM ivp_checked;\n")
			if said == "" {
				assert.Equal(t, "eligible", db.ask(t, selectOutcomes)[0][1])
				assert.Equal(t, "0", db.ask(t, "SELECT ivp_days_left FROM ivp_checked WHERE id = '1'")[0][0])
			} else {
				assert.Contains(t, said, "mbiguous", column)
			}
			// If present before the script, the script or the view fails.
			said = db.run(t, viewAlone(script)+fmt.Sprintf("SELECT %s FROM ivp_checked;\n", column))
			assert.Contains(t, said, "mbiguous", column)
			assert.Contains(t, said, strings.ToLower(column))
			must(t, db, "DROP VIEW IF EXISTS ivp_checked;\nDROP TABLE inventory;\n"+threeDevices+viewAlone(script))
		}
	})
}

// TestSelectStar checks that the view has the inventory's columns, then the
// answers, and no other. Columns of the inventory with the name of a column of
// the ivp tables, or of a column that ivp check adds, change nothing.
func TestSelectStar(t *testing.T) {
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		others := []string{"ivp_spec", "written", "family", "place", "answers", "stretch", "day", "since", "profile", "period", "verdict", "outcome", "reason", "digest"}
		script := threeDevices
		for _, name := range others {
			script += fmt.Sprintf("ALTER TABLE inventory ADD COLUMN %s VARCHAR(20) DEFAULT 'SMETS2 v4.2';\n", name)
		}
		must(t, db, script+written(t, ivp.Checker{History: ivp.Published()}, SQLOptions{Dialect: d})+"CREATE TABLE copied AS SELECT * FROM ivp_checked;\n")
		names := "SELECT column_name FROM information_schema.columns WHERE table_name = 'copied' ORDER BY ordinal_position"
		if d.Name == "sqlite" {
			names = "SELECT name FROM pragma_table_info('copied')"
		}
		var got []string
		for _, row := range db.ask(t, names) {
			got = append(got, row[0])
		}
		want := append([]string{"id", "device_type", "spec", "gbcs", "install_date", "scope"}, others...)
		assert.Equal(t, append(want, checkedColumns...), got)
		assert.Equal(t, [][]string{{"1", "eligible", "within-period"}, {"2", "not_eligible", "after-end"}, {"3", "undetermined", "no-date"}}, db.ask(t, selectOutcomes))
		assert.Equal(t, [][]string{{"1", "2023-04-27", "0"}, {"2", "2023-04-27", "-1"}, {"3", "", ""}},
			db.ask(t, "SELECT id, ivp_to, ivp_days_left FROM ivp_checked ORDER BY id"))
	})
}

func TestSchema(t *testing.T) {
	included := ivp.Checker{History: ivp.Published()}
	excluded := ivp.Checker{History: ivp.Published(), LastDayExcluded: true}
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		if d.Name == "sqlite" {
			attached := fmt.Sprintf("ATTACH '%s' AS \"My Rules\";\n", put(t, "attached.db", ""))
			there := strings.ReplaceAll(threeDevices, "inventory", `"My Rules".inventory`)
			must(t, db, attached+there+written(t, included, SQLOptions{Dialect: d, Schema: `"My Rules"`}))
			assert.Equal(t, "eligible", db.ask(t, `SELECT ivp_outcome FROM "My Rules".ivp_checked ORDER BY id`, attached)[0][0])
			return
		}
		must(t, db, threeDevices+written(t, excluded, SQLOptions{Dialect: d}))
		for range 2 {
			must(t, db, written(t, included, SQLOptions{Dialect: d, Schema: `"My Rules"`}))
		}
		assert.Equal(t, "not_eligible", db.ask(t, "SELECT ivp_outcome FROM ivp_checked ORDER BY id")[0][0])
		assert.Equal(t, "eligible", db.ask(t, `SELECT ivp_outcome FROM "My Rules".ivp_checked ORDER BY id`)[0][0])
		assert.Equal(t, [][]string{{included.History.Digest()}}, db.ask(t, `SELECT digest FROM "My Rules".ivp_rules`))
	})
}

// TestWithoutTheZone tests an engine without data of the time zone.
func TestWithoutTheZone(t *testing.T) {
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		if d.instant == "" {
			t.Skip("has no instants")
		}
		script := written(t, ivp.Checker{History: ivp.Published()}, SQLOptions{Dialect: d})
		must(t, db, threeDevices+script)
		for _, zone := range []string{"Europe/Londinium", "UTC"} {
			said := db.run(t, strings.ReplaceAll(script, "Europe/London", zone)+"SELECT * FROM ivp_checked;\n")
			require.NotEmpty(t, said, zone)
		}
	})
}
