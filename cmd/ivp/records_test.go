package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
)

// checkTo runs check into a file, and returns the file's content.
func checkTo(t *testing.T, output string, args ...string) string {
	p := &program{}
	path := filepath.Join(t.TempDir(), output)
	code := p.run(append([]string{"check", "-q", "--fail-on", "none", "--allow-empty", "-o", path}, args...)...)
	require.Equal(t, 0, code, "%v: %s", args, p.stderr.String())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// inventories are CSV files of all kinds that this repository has.
func inventories(t *testing.T) []string {
	var all []string
	for _, pattern := range []string{"inventory.csv", "estate.csv", "landmarks/as-at-201[89]*.csv", "conformance/law-of-the-day.csv", "trials/zones.csv", "trials/ragged-for-recheck.csv"} {
		found, err := filepath.Glob("../../testdata/" + pattern)
		require.NoError(t, err)
		require.NotEmpty(t, found, pattern)
		all = append(all, found...)
	}
	return all
}

// TestOwnJSONLines reads what check writes: checked again it is the same, and so is the
// CSV that it gives, except malformed rows, which are quoted.
func TestOwnJSONLines(t *testing.T) {
	for _, path := range inventories(t) {
		for _, flags := range [][]string{{"--on", "2023-04-27"}, {"--on", "2022-06-01", "--why"}} {
			with := func(args ...string) []string { return append(append([]string{}, flags...), args...) }
			lines := checkTo(t, "a.jsonl", with(path)...)
			written := filepath.Join(t.TempDir(), "written.jsonl")
			require.NoError(t, os.WriteFile(written, []byte(lines), 0o666))
			assert.Equal(t, lines, checkTo(t, "b.jsonl", with("--recheck", written)...), path)
			table := checkTo(t, "a.csv", with(path)...)
			again := checkTo(t, "b.csv", with("--recheck", written)...)
			if records, err := csv.NewReader(strings.NewReader(table)).ReadAll(); err == nil { // no malformed row
				same, err := csv.NewReader(strings.NewReader(again)).ReadAll()
				require.NoError(t, err)
				assert.Equal(t, records, same, path)
			}
		}
	}
}

// TestJSONLinesAsCSV gives the same rows as CSV, as JSON Lines and as an array: the
// answers and the columns are the same.
func TestJSONLinesAsCSV(t *testing.T) {
	for _, path := range inventories(t) {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		reader := csv.NewReader(bytes.NewReader(data))
		reader.FieldsPerRecord = -1
		rows, err := reader.ReadAll()
		require.NoError(t, err)
		var lines []string
		var sound bytes.Buffer
		rewritten := csv.NewWriter(&sound)
		for i, row := range rows {
			if len(row) != len(rows[0]) {
				continue
			}
			require.NoError(t, rewritten.Write(row))
			if i == 0 {
				continue
			}
			var b strings.Builder
			for j, cell := range row {
				key, err := json.Marshal(rows[0][j])
				require.NoError(t, err)
				value, err := json.Marshal(cell)
				require.NoError(t, err)
				b.WriteString([]string{"{", ","}[min(j, 1)] + string(key) + ":" + string(value))
			}
			lines = append(lines, b.String()+"}")
		}
		if rewritten.Flush(); lines == nil {
			continue // no row fits the heading
		}
		folder := t.TempDir()
		put := func(name string, data []byte) string {
			require.NoError(t, os.WriteFile(filepath.Join(folder, name), data, 0o666))
			return filepath.Join(folder, name)
		}
		text := []byte(strings.Join(lines, "\n"))
		want, err := csv.NewReader(strings.NewReader(checkTo(t, "a.csv", "--on", "2022-06-01", put("a.csv", sound.Bytes())))).ReadAll()
		require.NoError(t, err)
		for name, packed := range map[string][]byte{
			"a.jsonl": text, "a.ndjson.gz": packedGzip(t, text), "a.jsonl.zst": packedZstd(t, text),
			"a.json": []byte("[\n" + strings.Join(lines, ",\n") + "\n]\n"),
		} {
			got, err := csv.NewReader(strings.NewReader(checkTo(t, "b.csv", "--on", "2022-06-01", put(name, packed)))).ReadAll()
			require.NoError(t, err)
			assert.Equal(t, want, got, "%s as %s", path, name)
		}
		p := &program{stdin: string(text)}
		p.run("check", "-q", "--on", "2022-06-01", "-")
		got, err := csv.NewReader(&p.stdout).ReadAll()
		require.NoError(t, err)
		assert.Equal(t, want, got, "%s as a stream", path)
	}
}

func packedGzip(t *testing.T, data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func packedZstd(t *testing.T, data []byte) []byte {
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return w.EncodeAll(data, nil)
}

// duckDBScript runs the statements of a file, a JSON array, in the current folder.
const duckDBScript = `import { DuckDBInstance } from '@duckdb/node-api';
import { readFileSync } from 'node:fs';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
for (const statement of JSON.parse(readFileSync('statements.json'))) await connection.run(statement);
`

// TestParquet runs the statements of the help topic: an inventory comes from Parquet, and
// the checked one goes there and back. The file itself is refused.
func TestParquet(t *testing.T) {
	node := testkit.Program(t, "node")
	modules := testkit.Modules(t, "../../testdata/bench/duckdb", "@duckdb/node-api")
	topic := readDocument(t, "docs/json.md")
	found := regexp.MustCompile("```sql\n(COPY .*)\n```").FindAllStringSubmatch(topic.text, -1)
	require.Len(t, found, 2)
	data, err := os.ReadFile("../../testdata/inventory.csv")
	require.NoError(t, err)
	data = regexp.MustCompile("(?m)^.*-28,.*\n").ReplaceAll(data, nil) // a row that lacks cells
	inventory := filepath.Join(t.TempDir(), "inventory.csv")
	require.NoError(t, os.WriteFile(inventory, data, 0o666))
	t.Chdir(t.TempDir())
	require.NoError(t, os.Symlink(modules, "node_modules"))
	require.NoError(t, os.WriteFile("run.mjs", []byte(duckDBScript), 0o666))
	run := func(statements ...string) {
		text, err := json.Marshal(statements)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile("statements.json", text, 0o666))
		cmd := exec.Command(node, "run.mjs")
		cmd.Stderr = os.Stderr
		require.NoError(t, cmd.Run())
	}
	run(`COPY (SELECT * REPLACE (TRY_CAST("Installation Date" AS DATE) AS "Installation Date"), 20.50 AS cost, NULL AS nothing
		FROM read_csv('`+inventory+`', header = true, all_varchar = true, delim = ',')) TO 'estate.parquet'`, found[0][1])
	p := &program{}
	p.run("check", "-q", "estate.csv", "-o", "checked.csv")
	require.Empty(t, p.stderr.String())
	run(found[1][1], `COPY (FROM 'checked.parquet') TO 'back.csv' (HEADER)`)
	rows := func(name string) [][]string {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		all, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		require.NoError(t, err)
		return all
	}
	checked := rows("checked.csv")
	assert.Greater(t, len(checked), 10)
	assert.Equal(t, checked, rows("back.csv"))
	for i, row := range rows(inventory) {
		assert.Equal(t, row[:5], checked[i][:5])
		if i > 0 {
			assert.Equal(t, []string{"20.50", ""}, checked[i][len(row):len(row)+2])
		}
	}
	p = &program{}
	assert.Equal(t, 3, p.run("check", "estate.parquet"))
	assert.Contains(t, p.stderr.String(), "estate.parquet is a Parquet file")
	assert.Contains(t, p.stderr.String(), "DuckDB")
}
