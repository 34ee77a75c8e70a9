package main

import (
	"fmt"
	"os"
	"os/exec"
)

// csvPeers compares ivp check with other programs that do the same.
func csvPeers(b *bench) error {
	for _, name := range []string{"periods", "gocsv", "encodingcsv", "copy"} {
		if err := b.build(name, "./testdata/bench/"+name); err != nil {
			return err
		}
	}
	if err := b.sample("in.csv", b.rows); err != nil {
		return err
	}
	in, periods := b.path("in.csv"), b.path("periods.csv")
	if err := command(b.path("periods"), in, periods); err != nil {
		return err
	}
	duckdb, err := duckDB()
	if err != nil {
		return err
	}
	ours := b.check("ivp check", "in.csv")
	peers := []*peer{ours, b.check("ivp check, one core", "in.csv").with("GOMAXPROCS=1").must(inOrder)}
	add := func(name string, agrees agreement, output string, args ...string) {
		peers = append(peers, &peer{name: name, args: args, output: output, agrees: agrees})
	}
	if duckdb {
		const script = "testdata/bench/duckdb/check.mjs"
		out := b.path("duckdb.csv")
		add("DuckDB, unordered", anyOrder, out, "node", script, in, periods, out, "unordered")
		add("DuckDB, ordered", inOrder, out, "node", script, in, periods, out, "ordered")
	}
	out := b.path("peer.csv")
	add("gocsv, streaming", inOrder, out, b.path("gocsv"), in, out)
	add("encoding/csv", inOrder, out, b.path("encodingcsv"), in, out)
	add("copy of the same bytes", "", out, b.path("copy"), in, out, ours.output)
	return b.compare(fmt.Sprintf("csv: %d rows", b.rows), b.runs, peers...)
}

// duckDB installs DuckDB for Node.js, and reports whether that is possible.
func duckDB() (bool, error) {
	if _, err := exec.LookPath("npm"); err != nil {
		fmt.Fprintln(os.Stderr, "npm is not here: DuckDB is left out")
		return false, nil
	}
	return true, npmInstall("testdata/bench/duckdb")
}

// npmInstall installs the packages that a folder requires.
func npmInstall(folder string) error {
	return command("npm", "install", "--prefix", folder, "--loglevel=error", "--no-audit", "--no-fund", "--no-package-lock")
}
