// Command run measures ivp and prints tables. It is run by make bench.
//
//	BENCH=csv,commands BENCH_ROWS=5000000 BENCH_RUNS=5 go run ./testdata/bench/run
//
// A table is a function in a file of its own, which prepares its files and calls
// [bench.compare]. To add one, write the function and name it in tables.
package main

import (
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"strings"
)

// table is one comparison, or a few that use the same files.
type table struct {
	name    string // in BENCH
	measure func(*bench) error
}

var tables = []table{
	{"csv", csvPeers},
	{"odd", oddRows},
	{"commands", commands},
	{"scale", scale},
	{"workbooks", workbooks},
	{"javascript", javascript},
}

func main() {
	log.SetFlags(0)
	var err error
	if len(os.Args) == 5 && os.Args[1] == "agree" {
		err = agree(agreement(os.Args[2]), os.Args[3], os.Args[4])
	} else {
		err = run()
	}
	if err != nil {
		log.Fatal(err)
	}
}

// run prints the tables that BENCH names, or all.
func run() error {
	var chosen []table
	for name := range strings.SplitSeq(os.Getenv("BENCH"), ",") {
		n := slices.IndexFunc(tables, func(t table) bool { return t.name == name })
		switch {
		case n >= 0:
			chosen = append(chosen, tables[n])
		case name == "":
			chosen = tables
		default:
			return fmt.Errorf("BENCH: there is no table %q: want some of %s", name, names())
		}
	}
	for _, t := range chosen {
		if err := measure(t); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}

func names() string {
	var all []string
	for _, t := range tables {
		all = append(all, t.name)
	}
	return strings.Join(all, ",")
}

// measure prints a table, whose files are in a folder that is removed at the end.
func measure(t table) error {
	folder, err := os.MkdirTemp("", "ivp-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b := &bench{folder: folder, rows: number("BENCH_ROWS", 5_000_000), runs: number("BENCH_RUNS", 5)}
	if err := b.build("ivp", "./cmd/ivp"); err != nil {
		return err
	}
	return t.measure(b)
}

func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}
