package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
)

// engine is a database program with the client that people run scripts with.
type engine struct {
	dialect string
	// open makes an empty database.
	open func(t *testing.T) database
}

type database interface {
	// run runs a script as a user would, and returns the client's errors.
	run(t *testing.T, script string) string
	// load fills a table from a CSV file without a heading; an empty day is NULL.
	load(t *testing.T, table, path string)
	// ask returns the result of a query, after other statements of the same
	// session.
	ask(t *testing.T, selected string, before ...string) [][]string
}

var engines = []engine{{"sqlite", openSQLite}, {"postgres", openPostgres}, {"duckdb", openDuckDB}}

// onEngines runs a test on each engine that has transactions, in an empty database.
func onEngines(t *testing.T, test func(t *testing.T, d Dialect, db database)) {
	onEach(t, engines, test)
}

// onEveryEngine also runs it on Spark, which takes seconds for each script.
func onEveryEngine(t *testing.T, test func(t *testing.T, d Dialect, db database)) {
	every := engines
	if !testing.Short() {
		every = append(slices.Clip(engines), engine{"spark", openSpark})
	}
	onEach(t, every, test)
}

func onEach(t *testing.T, engines []engine, test func(t *testing.T, d Dialect, db database)) {
	for _, e := range engines {
		t.Run(e.dialect, func(t *testing.T) {
			t.Parallel()
			test(t, dialect(t, e.dialect), e.open(t))
		})
	}
}

func dialect(t *testing.T, name string) Dialect {
	d, err := ParseDialect(name)
	require.NoError(t, err)
	return d
}

// must runs a script that must succeed.
func must(t *testing.T, db database, script string) {
	t.Helper()
	require.Empty(t, db.run(t, script))
}

// output runs a program that must succeed.
func output(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	return out
}

// complaints runs a program and returns its standard error.
func complaints(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err := cmd.Run()
	require.True(t, err == nil || stderr.Len() > 0, "failed without a word: %v", err)
	return stderr.String()
}

func records(t *testing.T, text []byte) [][]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return all
}

// put writes a new file into a folder of the test.
func put(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

type sqlite struct{ program, file string }

func openSQLite(t *testing.T) database {
	return sqlite{testkit.Program(t, "sqlite3"), filepath.Join(t.TempDir(), "estate.db")}
}

func (db sqlite) run(t *testing.T, script string) string {
	cmd := exec.Command(db.program, db.file)
	cmd.Stdin = strings.NewReader(script)
	return complaints(t, cmd)
}

func (db sqlite) load(t *testing.T, table, path string) {
	must(t, db, fmt.Sprintf(".import --csv %s %s\nUPDATE %[2]s SET install_date = NULL WHERE install_date = '';\n", path, table))
}

func (db sqlite) ask(t *testing.T, selected string, before ...string) [][]string {
	return records(t, output(t, exec.Command(db.program, append([]string{"-csv", db.file}, append(before, selected)...)...)))
}

// postgres is a database of a server that all tests share.
type postgres struct{ psql, socket, name string }

var (
	postgresServer  *server
	postgresStarted = make(chan struct{}, 1)
	postgresCount   atomic.Int64
)

var notices = regexp.MustCompile(`(?m)^psql:.* NOTICE: .*\n`)

// server is a running PostgreSQL, which listens only on a socket in its folder.
type server struct {
	folder string
	stop   func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	if postgresServer != nil {
		postgresServer.stop()
	}
	if sparkServer.stop != nil {
		sparkServer.stop()
	}
	os.Exit(code)
}

func openPostgres(t *testing.T) database {
	const places = "/usr/lib/postgresql/*/bin"
	psql := testkit.Program(t, "psql", places)
	initdb, ctl := testkit.Program(t, "initdb", places), testkit.Program(t, "pg_ctl", places)
	postgresStarted <- struct{}{}
	if postgresServer == nil {
		postgresServer = startPostgres(t, initdb, ctl)
	}
	<-postgresStarted
	db := postgres{psql, postgresServer.folder, fmt.Sprintf("test%d", postgresCount.Add(1))}
	output(t, exec.Command(psql, "-X", "-q", "-h", db.socket, "-U", "postgres", "-c", "CREATE DATABASE "+db.name))
	return db
}

// postgresScript runs a server until its input ends, so also if the test is
// killed.
const postgresScript = `trap '' HUP INT TERM
"$1" -D "$3" -A trust -U postgres -E UTF8 --locale=C --no-sync >"$4" &&
"$2" -D "$3" -w -l "$4" -o "-c listen_addresses='' -k $PWD -c fsync=off" start >>"$4" && echo ready && cat >>"$4"
"$2" -D "$3" -m immediate stop >>"$4" 2>&1
rm -rf "$PWD"
`

// startPostgres starts a server; it must not run as root.
func startPostgres(t *testing.T, initdb, ctl string) *server {
	folder, err := os.MkdirTemp("", "ivp-postgres")
	require.NoError(t, err)
	args := []string{"sh", "-c", postgresScript, "sh", initdb, ctl, filepath.Join(folder, "data"), filepath.Join(folder, "log")}
	if os.Geteuid() == 0 {
		output(t, exec.Command("chown", "postgres", folder))
		args = append([]string{"runuser", "-u", "postgres", "--"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	said, _ := bufio.NewReader(stdout).ReadString('\n')
	require.Equal(t, "ready\n", said, "the server did not start")
	return &server{folder, func() {
		stdin.Close()
		cmd.Wait()
		os.RemoveAll(folder)
	}}
}

func (db postgres) client(args ...string) *exec.Cmd {
	return exec.Command(db.psql, append([]string{"-X", "-q", "-h", db.socket, "-U", "postgres", "-d", db.name}, args...)...)
}

func (db postgres) run(t *testing.T, script string) string {
	return notices.ReplaceAllString(complaints(t, db.client("-o", os.DevNull, "-f", put(t, "script.sql", script))), "")
}

func (db postgres) load(t *testing.T, table, path string) {
	output(t, db.client("-v", "ON_ERROR_STOP=1", "-c", fmt.Sprintf("\\copy %s FROM '%s' WITH (FORMAT csv)", table, path), "-c", "ANALYZE"))
}

func (db postgres) ask(t *testing.T, selected string, before ...string) [][]string {
	args := []string{"-v", "ON_ERROR_STOP=1"}
	for _, statement := range before {
		args = append(args, "-c", statement)
	}
	return records(t, output(t, db.client(append(args, "-c", "\\copy ("+selected+") TO STDOUT WITH (FORMAT csv)")...)))
}

// duckDB is run by its package for Node.js, in a program that keeps running
// because it is slow to start.
type duckDB struct {
	requests *json.Encoder
	answers  *json.Decoder
}

// duckDBScript runs one script after another, each on its own connection, and
// returns errors.
const duckDBScript = `import { DuckDBInstance } from '@duckdb/node-api';
import { createInterface } from 'node:readline';
const db = await DuckDBInstance.create(':memory:');
for await (const line of createInterface({ input: process.stdin })) {
  let said = '';
  const connection = await db.connect();
  await connection.run(JSON.parse(line)).catch((e) => { said = e.message; });
  connection.closeSync();
  console.log(JSON.stringify(said));
}
`

func openDuckDB(t *testing.T) database {
	node := testkit.Program(t, "node")
	modules := testkit.Modules(t, "../../../testdata/bench/duckdb", "@duckdb/node-api")
	script := put(t, "run.mjs", duckDBScript)
	require.NoError(t, os.Symlink(modules, filepath.Join(filepath.Dir(script), "node_modules")))
	cmd := exec.Command(node, script)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		stdin.Close()
		assert.NoError(t, cmd.Wait())
	})
	return duckDB{json.NewEncoder(stdin), json.NewDecoder(stdout)}
}

func (db duckDB) run(t *testing.T, script string) (said string) {
	require.NoError(t, db.requests.Encode(script))
	require.NoError(t, db.answers.Decode(&said))
	return said
}

func (db duckDB) load(t *testing.T, table, path string) {
	must(t, db, fmt.Sprintf("COPY %s FROM '%s' (FORMAT csv, HEADER false)", table, path))
}

func (db duckDB) ask(t *testing.T, selected string, before ...string) [][]string {
	out := filepath.Join(t.TempDir(), "out.csv")
	statements := append(before, fmt.Sprintf("COPY (%s) TO '%s' (FORMAT csv, HEADER false)", selected, out))
	must(t, db, strings.Join(statements, ";\n"))
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	return records(t, text)
}
