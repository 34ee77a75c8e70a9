package warehouse

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// engine is a database that takes a script and an inventory, and gives the rows
// of the view back as CSV without a heading, in the order of their ids.
type engine struct {
	dialect string
	run     func(t *testing.T, folder, script, inventory string) []byte
}

var engines = []engine{{"sqlite", runSQLite}, {"postgres", runPostgres}, {"duckdb", runDuckDB}}

const (
	inventoryTable = "CREATE TABLE inventory (id VARCHAR(40), device_type VARCHAR(80), spec VARCHAR(40), gbcs VARCHAR(40), install_date DATE, scope VARCHAR(40));"
	selectChecked  = "SELECT id, ivp_outcome, ivp_reason, COALESCE(CAST(ivp_to AS VARCHAR(10)), ''), ivp_amendment FROM ivp_checked ORDER BY id"
)

// program finds a program, or skips: in CI it must be there.
func program(t *testing.T, name string, places ...string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, place := range places {
		if found, _ := filepath.Glob(filepath.Join(place, name)); len(found) > 0 {
			return found[len(found)-1]
		}
	}
	missing(t, name)
	return ""
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is not installed; CI must have it", what)
	}
	t.Skipf("%s is not installed: the SQL is not run there", what)
}

func output(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	return out
}

func runSQLite(t *testing.T, folder, script, inventory string) []byte {
	cmd := exec.Command(program(t, "sqlite3"), "-batch", "-bail", ":memory:")
	cmd.Stdin = strings.NewReader(inventoryTable + "\n" + script + fmt.Sprintf("\n.mode csv\n.import %s inventory\nUPDATE inventory SET install_date = NULL WHERE install_date = '';\n%s;\n", inventory, selectChecked))
	return bytes.ReplaceAll(output(t, cmd), []byte("\r\n"), []byte("\n"))
}

// runPostgres starts a server of its own, which listens on a socket in the
// folder alone. A server must not run as root.
func runPostgres(t *testing.T, folder, script, inventory string) []byte {
	const places = "/usr/lib/postgresql/*/bin"
	initdb, ctl, psql := program(t, "initdb", places), program(t, "pg_ctl", places), program(t, "psql", places)
	as := func(name string, args ...string) *exec.Cmd {
		if os.Geteuid() == 0 {
			args = append([]string{"-u", "postgres", "--", name}, args...)
			name = "runuser"
		}
		cmd := exec.Command(name, args...)
		cmd.Dir = folder
		return cmd
	}
	if os.Geteuid() == 0 {
		output(t, exec.Command("chown", "-R", "postgres", folder))
	}
	data := filepath.Join(folder, "data")
	output(t, as(initdb, "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"))
	start := as(ctl, "-D", data, "-w", "-l", filepath.Join(folder, "log"), "-o", fmt.Sprintf("-c listen_addresses='' -k %s -c fsync=off", folder), "start")
	require.NoError(t, start.Run())
	t.Cleanup(func() { as(ctl, "-D", data, "-m", "immediate", "stop").Run() })
	file := filepath.Join(folder, "script.sql")
	require.NoError(t, os.WriteFile(file, []byte(inventoryTable+"\n"+script+fmt.Sprintf("\n\\copy inventory FROM '%s' WITH (FORMAT csv)\nANALYZE;\n\\copy (%s) TO STDOUT WITH (FORMAT csv)\n", inventory, selectChecked)), 0o644))
	return output(t, as(psql, "-h", folder, "-U", "postgres", "-q", "-v", "ON_ERROR_STOP=1", "-f", file))
}

// duckDB is a script for Node.js: the database's own package runs it.
const duckDB = `import { DuckDBInstance } from '@duckdb/node-api';
import { readFileSync } from 'node:fs';
const [script, inventory, table, select, out] = process.argv.slice(2);
const db = await (await DuckDBInstance.create(':memory:')).connect();
await db.run(table);
await db.run(readFileSync(script, 'utf8'));
await db.run("COPY inventory FROM '" + inventory + "' (FORMAT csv, HEADER false)");
await db.run("COPY (" + select + ") TO '" + out + "' (FORMAT csv, HEADER false)");
`

func runDuckDB(t *testing.T, folder, script, inventory string) []byte {
	node := program(t, "node")
	modules, err := filepath.Abs("../../../testdata/bench/duckdb/node_modules")
	require.NoError(t, err)
	if _, err := os.Stat(filepath.Join(modules, "@duckdb", "node-api")); err != nil {
		missing(t, "@duckdb/node-api (npm install in testdata/bench/duckdb)")
	}
	require.NoError(t, os.Symlink(modules, filepath.Join(folder, "node_modules")))
	put := func(name, text string) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	out := filepath.Join(folder, "out.csv")
	output(t, exec.Command(node, put("run.mjs", duckDB), put("script.sql", script), inventory, inventoryTable, selectChecked, out))
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	return text
}
