package warehouse

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

// parseSQL is a script for Node.js: it parses each statement, and says which it
// cannot.
const parseSQL = `import parser from 'node-sql-parser';
import { readFileSync } from 'node:fs';
const [file, database] = process.argv.slice(2);
const text = readFileSync(file, 'utf8').replace(/^--.*$/mg, '');
let parsed = 0;
for (const statement of text.split(/;\s*\n/)) {
  if (!statement.trim()) continue;
  try { new parser.Parser().parse(statement, { database }); parsed++; }
  catch (e) { console.log(statement.slice(0, 200) + ': ' + e.message); }
}
console.log(parsed + ' parsed');
`

// TestOtherDialectsParse has a parser of the dialect read what no engine here
// runs. It knows no Spark.
func TestOtherDialectsParse(t *testing.T) {
	node := program(t, "node")
	modules := nodeModules(t, "testdata/sqlparser", "node-sql-parser")
	for dialect, database := range map[string]string{"bigquery": "BigQuery", "snowflake": "Snowflake", "trino": "Trino"} {
		d, err := ParseDialect(dialect)
		require.NoError(t, err)
		var script bytes.Buffer
		require.NoError(t, Write(&script, d, ivp.Checker{History: ivp.Published()}, "in a test", "estate.stock"))
		folder := t.TempDir()
		require.NoError(t, os.Symlink(modules, filepath.Join(folder, "node_modules")))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "parse.mjs"), []byte(parseSQL), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "rules.sql"), script.Bytes(), 0o600))
		said := string(output(t, exec.Command(node, filepath.Join(folder, "parse.mjs"), filepath.Join(folder, "rules.sql"), database)))
		assert.Regexp(t, `^\d\d+ parsed\n$`, said, dialect)
		assert.Equal(t, 1, strings.Count(said, "\n"), said)
	}
}
