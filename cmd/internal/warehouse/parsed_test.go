package warehouse

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/needs"
	"github.com/mp196/ivp/ivp"
)

// parseSQL is a script for Node.js: it has a parser of a dialect read each
// statement, and says which it refuses.
const parseSQL = `import { SparkSQL, TrinoSQL } from 'dt-sql-parser';
import nodeSQL from 'node-sql-parser';
import { readFileSync } from 'node:fs';
const dt = (parser) => (statement) => {
  const faults = parser.validate(statement + ';');
  if (faults.length > 0) throw new Error(faults[0].message);
};
const node = (database) => (statement) => new nodeSQL.Parser().parse(statement, { database });
const parsers = {
  bigquery: node('BigQuery'), snowflake: node('Snowflake'), trino: node('Trino'),
  'spark, dt': dt(new SparkSQL()), 'trino, dt': dt(new TrinoSQL()),
};
const [file, name] = process.argv.slice(2);
const text = readFileSync(file, 'utf8').replace(/^--.*$/mg, '');
let parsed = 0;
for (const statement of text.split(/;\s*\n/)) {
  if (!statement.trim()) continue;
  try { parsers[name](statement); parsed++; }
  catch (e) { console.log('refused: ' + statement.trim().slice(0, 40).replaceAll('\n', ' ')); console.error(e.message); }
}
console.log(parsed + ' parsed');
`

// parsers are those that the script knows, and the dialect that each reads.
var parsers = []struct{ name, dialect string }{
	{"bigquery", "bigquery"}, {"snowflake", "snowflake"}, {"trino", "trino"}, {"spark, dt", "spark"}, {"trino, dt", "trino"},
}

// startParsers returns a function that has a parser read a script, and returns
// what it says: the statements that it refuses, and how many it parses.
func startParsers(t *testing.T) func(t *testing.T, name, script string) string {
	if testing.Short() {
		t.Skip("the parsers take long, and run outside of this program")
	}
	node := needs.Program(t, "node")
	modules := needs.Modules(t, "../../../testdata/sqlparser", "dt-sql-parser")
	folder := t.TempDir()
	require.NoError(t, os.Symlink(modules, filepath.Join(folder, "node_modules")))
	source, bundle := filepath.Join(folder, "parse.mjs"), filepath.Join(folder, "bundle.mjs")
	require.NoError(t, os.WriteFile(source, []byte(parseSQL), 0o600))
	// dt-sql-parser is written for bundlers: Node.js does not find its parts.
	output(t, exec.Command(filepath.Join(modules, ".bin", "esbuild"), source, "--bundle", "--platform=node", "--format=esm", "--external:node-sql-parser", "--log-level=warning", "--outfile="+bundle))
	return func(t *testing.T, name, script string) string {
		file := filepath.Join(t.TempDir(), "rules.sql")
		require.NoError(t, os.WriteFile(file, []byte(script), 0o600))
		return string(output(t, exec.Command(node, bundle, file, name)))
	}
}

// otherScript is the script of a dialect, with a scope that wants care.
func otherScript(t *testing.T, name string) string {
	return written(t, ivp.Checker{History: awkwardScope(t)}, Options{Dialect: dialect(t, name), Inventory: "estate.stock", Schema: "rules"})
}

// statements counts the statements of a script.
func statements(script string) int { return strings.Count(script, ";\n") }

var manyRows = regexp.MustCompile(`(?m)( VALUES\n\(.*\)),\n(?:\(.*\),\n)*\(.*\);$`)

// shortened leaves each INSERT its first row.
func shortened(script string) string { return manyRows.ReplaceAllString(script, "$1;") }

// TestOtherDialectsParse has parsers of the dialects read what no engine here
// runs.
func TestOtherDialectsParse(t *testing.T) {
	parse := startParsers(t)
	for _, p := range parsers {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			script := otherScript(t, p.dialect)
			require.Greater(t, statements(script), 20)
			assert.Equal(t, fmt.Sprintf("%d parsed\n", statements(script)), parse(t, p.name, script))
		})
	}
}

// TestParsersRefuse breaks one statement of each kind: a parser that let one
// pass would hold nothing.
func TestParsersRefuse(t *testing.T) {
	parse := startParsers(t)
	for _, p := range parsers {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			script := shortened(otherScript(t, p.dialect))
			require.Less(t, len(script), 20_000)
			for sound, broken := range map[string]string{
				"TABLE ivp_profile (":                "TABLE ivp_profile ((",
				"INSERT INTO ivp_period VALUES\n(1,": "INSERT INTO ivp_period VALUES\n(1),",
				" END AS ivp_spec":                   " AS ivp_spec",
			} {
				require.Equal(t, 1, strings.Count(script, sound), sound)
				script = strings.Replace(script, sound, broken, 1)
			}
			said := parse(t, p.name, script)
			for _, refused := range []string{"CREATE TABLE ivp_profile", "INSERT INTO ivp_period", "CREATE VIEW ivp_checked"} {
				assert.Contains(t, said, "refused: "+refused)
			}
			assert.True(t, strings.HasSuffix(said, fmt.Sprintf("\n%d parsed\n", statements(script)-3)), said)
		})
	}
}
