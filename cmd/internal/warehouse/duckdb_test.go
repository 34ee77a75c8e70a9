package warehouse

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/needs"
)

// duckDB is a script for Node.js: the database's own package runs it.
const duckDB = `import { DuckDBInstance } from '@duckdb/node-api';
import { readFileSync } from 'node:fs';
const [script, inventory, select, out] = process.argv.slice(2);
const db = await (await DuckDBInstance.create(':memory:')).connect();
await db.run(readFileSync(script, 'utf8'));
if (inventory) await db.run("COPY inventory FROM '" + inventory + "' (FORMAT csv, HEADER false)");
await db.run("COPY (" + select + ") TO '" + out + "' (FORMAT csv, HEADER false)");
`

func startDuckDB(t *testing.T) run {
	node := needs.Program(t, "node")
	modules := needs.Modules(t, "../../../testdata/bench/duckdb", "@duckdb/node-api")
	return func(t *testing.T, script, inventory, selected string) []byte {
		folder := t.TempDir()
		require.NoError(t, os.Symlink(modules, filepath.Join(folder, "node_modules")))
		put := func(name, text string) string {
			path := filepath.Join(folder, name)
			require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
			return path
		}
		out := filepath.Join(folder, "out.csv")
		output(t, exec.Command(node, put("run.mjs", duckDB), put("script.sql", script), inventory, selected, out))
		text, err := os.ReadFile(out)
		require.NoError(t, err)
		return text
	}
}
