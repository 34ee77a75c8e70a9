package export

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

	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/ivp"
)

// The two programs parse each statement of a script with a parser of a dialect,
// and return the statements that it rejects.
const (
	parseWithDT = `import { SparkSQL, TrinoSQL } from 'dt-sql-parser';
import { readFileSync } from 'node:fs';
const [file, name] = process.argv.slice(2);
const parser = name === 'spark' ? new SparkSQL() : new TrinoSQL();
const text = readFileSync(file, 'utf8').replace(/^--.*$/mg, '');
let parsed = 0;
for (const statement of text.split(/;\s*\n/)) {
  if (!statement.trim()) continue;
  const faults = parser.validate(statement + ';');
  if (faults.length === 0) { parsed++; continue; }
  console.log('refused: ' + statement.trim().slice(0, 40).replaceAll('\n', ' '));
  console.error(faults[0].message);
}
console.log(parsed + ' parsed');
`
	parseWithSQLGlot = `import re, sys
import sqlglot
file, name = sys.argv[1:]
text = re.sub(r'^--.*$', '', open(file, encoding='utf-8').read(), flags=re.M)
parsed = 0
for statement in re.split(r';\s*\n', text):
    if not statement.strip():
        continue
    try:
        tree = sqlglot.parse_one(statement, read=name, error_level=sqlglot.ErrorLevel.RAISE)
        if isinstance(tree, sqlglot.exp.Command):  # passed on, not parsed
            raise ValueError('is not understood')
        parsed += 1
    except (ValueError, sqlglot.errors.SqlglotError) as e:
        print('refused: ' + statement.strip()[:40].replace('\n', ' '))
        print(e, file=sys.stderr)
print(parsed, 'parsed')
`
)

// parser is a program that reads scripts of a dialect.
type parser struct {
	name, dialect string
	start         func(t *testing.T) *exec.Cmd // without the arguments
}

var parsers = []parser{
	{"sqlglot", "bigquery", startSQLGlot}, {"sqlglot", "snowflake", startSQLGlot}, {"sqlglot", "spark", startSQLGlot}, {"sqlglot", "trino", startSQLGlot},
	{"dt-sql-parser", "spark", startDT}, {"dt-sql-parser", "trino", startDT},
}

const parserFolder = "../../../testdata/sqlparser"

// startDT bundles the package first: it is made for bundlers, and Node.js does
// not find its parts.
func startDT(t *testing.T) *exec.Cmd {
	node := testkit.Program(t, "node")
	modules := testkit.Modules(t, parserFolder, "dt-sql-parser")
	source := put(t, "parse.mjs", parseWithDT)
	bundle := filepath.Join(filepath.Dir(source), "bundle.mjs")
	require.NoError(t, os.Symlink(modules, filepath.Join(filepath.Dir(source), "node_modules")))
	output(t, exec.Command(filepath.Join(modules, ".bin", "esbuild"), source, "--bundle", "--platform=node", "--format=esm", "--log-level=warning", "--outfile="+bundle))
	return exec.Command(node, bundle)
}

func startSQLGlot(t *testing.T) *exec.Cmd {
	cmd := exec.Command(testkit.Program(t, "python3"), put(t, "parse.py", parseWithSQLGlot))
	cmd.Env = append(os.Environ(), "PYTHONPATH="+testkit.PythonModules(t, parserFolder, "sqlglot"))
	return cmd
}

// parse parses a script, and returns the statements that the parser rejects and
// how many it accepts.
func (p parser) parse(t *testing.T, script string) string {
	if testing.Short() {
		t.Skip("the parsers take long, and run outside of this program")
	}
	cmd := p.start(t)
	cmd.Args = append(cmd.Args, put(t, "rules.sql", script), p.dialect)
	return string(output(t, cmd))
}

// otherScript returns the script of a dialect, with a scope that needs escaping.
func otherScript(t *testing.T, name string) string {
	return written(t, ivp.Checker{History: awkwardScope(t)}, SQLOptions{Dialect: dialect(t, name), Inventory: "estate.stock", Schema: "rules"})
}

// statements counts the statements of a script.
func statements(script string) int { return strings.Count(script, ";\n") }

var manyRows = regexp.MustCompile(`(?m)( VALUES\n(?:\(.*\),\n){5})(?:\(.*\),\n)*(\(.*\);)$`)

// shortened keeps six rows of each INSERT: parsers are slow.
func shortened(script string) string { return manyRows.ReplaceAllString(script, "$1$2") }

// TestOtherDialectsParse parses the scripts of dialects whose engines the tests
// cannot run.
func TestOtherDialectsParse(t *testing.T) {
	for _, p := range parsers {
		t.Run(p.name+"/"+p.dialect, func(t *testing.T) {
			t.Parallel()
			script := shortened(otherScript(t, p.dialect))
			require.Greater(t, statements(script), 20)
			require.GreaterOrEqual(t, strings.Count(script, "Brien"), 2)
			assert.Equal(t, fmt.Sprintf("%d parsed\n", statements(script)), p.parse(t, script))
		})
	}
}

// TestParsersRefuse breaks one statement of each kind, and checks that the
// parsers reject it.
func TestParsersRefuse(t *testing.T) {
	for _, p := range parsers {
		t.Run(p.name+"/"+p.dialect, func(t *testing.T) {
			t.Parallel()
			script := shortened(otherScript(t, p.dialect))
			for sound, broken := range map[string]string{
				"TABLE rules.ivp_profile (":                  "TABLE rules.ivp_profile ((",
				"INSERT INTO rules.ivp_verdict VALUES\n(1, ": "INSERT INTO rules.ivp_verdict VALUES\n(1, (",
				" END AS ivp_days_left":                      " AS ivp_days_left",
			} {
				require.Equal(t, 1, strings.Count(script, sound), sound)
				script = strings.Replace(script, sound, broken, 1)
			}
			said := p.parse(t, script)
			for _, refused := range []string{"CREATE TABLE rules.ivp_profile", "INSERT INTO rules.ivp_verdict", "CREATE VIEW rules.ivp_checked"} {
				assert.Contains(t, said, "refused: "+refused)
			}
			assert.True(t, strings.HasSuffix(said, fmt.Sprintf("\n%d parsed\n", statements(script)-3)), said)
		})
	}
}
