// Command run measures ivp check against its peers, on one file and in turn,
// and prints medians and ratios. It is run by make bench.
//
//	BENCH_ROWS=5000000 BENCH_RUNS=5 go run ./testdata/bench/run
package main

import (
	"cmp"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// peer is one way to do the job.
type peer struct {
	name   string
	args   []string
	output string
	ok     int // the exit code of a run that went well
	// shuffles says that the rows come out in any order.
	shuffles bool
	runs     []measure
}

// measure is what one run took.
type measure struct {
	wall, cpu time.Duration
	peak      int64 // KiB
}

func main() {
	if len(os.Args) == 5 && os.Args[1] == "agree" {
		if err := agree(os.Args[2], os.Args[3], os.Args[4]); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := run(number("BENCH_ROWS", 5_000_000), number("BENCH_RUNS", 5)); err != nil {
		log.Fatal(err)
	}
}

func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

func run(rows, runs int) error {
	folder, err := os.MkdirTemp("", "ivp-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	peers, err := prepare(folder, rows)
	if err != nil {
		return err
	}
	for round := range runs {
		for _, p := range peers {
			fmt.Fprintf(os.Stderr, "round %d: %s\n", round+1, p.name)
			if err := p.run(); err != nil {
				return err
			}
		}
	}
	show(os.Stdout, peers, rows, runs)
	return nil
}

// prepare builds everything, makes the file and runs each peer once, to warm
// the page cache and to hold their outputs against each other.
func prepare(folder string, rows int) ([]*peer, error) {
	in := func(name string) string { return filepath.Join(folder, name) }
	for _, c := range []struct{ name, pkg string }{
		{"ivp", "./cmd/ivp"}, {"periods", "./testdata/bench/periods"}, {"gocsv", "./testdata/bench/gocsv"},
		{"encodingcsv", "./testdata/bench/encodingcsv"}, {"copy", "./testdata/bench/copy"},
	} {
		if err := command("go", "build", "-o", in(c.name), c.pkg); err != nil {
			return nil, err
		}
	}
	if err := command("sh", "-c", fmt.Sprintf("%s sample --rows %d --seed 1 >%s", in("ivp"), rows, in("in.csv"))); err != nil {
		return nil, err
	}
	if err := command(in("periods"), in("in.csv"), in("periods.csv")); err != nil {
		return nil, err
	}
	duckdb, err := installDuckDB(folder)
	if err != nil {
		return nil, err
	}
	ours := &peer{name: "ivp check", args: []string{in("ivp"), "check", "-q", "-o", in("ivp.csv"), in("in.csv")}, output: in("ivp.csv"), ok: 1}
	peers := []*peer{ours}
	add := func(name, output string, args ...string) {
		peers = append(peers, &peer{name: name, args: args, output: in(output)})
	}
	if duckdb != "" {
		add("DuckDB, unordered", "unordered.csv", "node", duckdb, in("in.csv"), in("periods.csv"), in("unordered.csv"), "unordered")
		peers[1].shuffles = true
		add("DuckDB, ordered", "ordered.csv", "node", duckdb, in("in.csv"), in("periods.csv"), in("ordered.csv"), "ordered")
	}
	add("gocsv, streaming", "gocsv.csv", in("gocsv"), in("in.csv"), in("gocsv.csv"))
	add("encoding/csv", "encodingcsv.csv", in("encodingcsv"), in("in.csv"), in("encodingcsv.csv"))
	for _, p := range peers {
		if err := p.run(); err != nil {
			return nil, err
		}
		// In a program of its own, since a child's peak memory is at least that
		// of the program that starts it.
		if err := command(os.Args[0], "agree", p.order(), ours.output, p.output); err != nil {
			return nil, err
		}
		p.runs = nil
	}
	size, err := os.Stat(ours.output)
	if err != nil {
		return nil, err
	}
	add("copy of the same bytes", "copy.csv", in("copy"), in("in.csv"), in("copy.csv"), fmt.Sprint(size.Size()))
	return peers, nil
}

// installDuckDB returns the script to run, or nothing where npm is not there.
func installDuckDB(folder string) (string, error) {
	if _, err := exec.LookPath("npm"); err != nil {
		fmt.Fprintln(os.Stderr, "npm is not here: DuckDB is left out")
		return "", nil
	}
	place := filepath.Join(folder, "duckdb")
	if err := os.CopyFS(place, os.DirFS("testdata/bench/duckdb")); err != nil {
		return "", err
	}
	return filepath.Join(place, "check.mjs"), command("npm", "install", "--prefix", place, "--loglevel=error", "--no-audit", "--no-fund")
}

func command(name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// order is what agree must know of the peer's output.
func (p *peer) order() string {
	if p.shuffles {
		return anyOrder
	}
	return inOrder
}

// run does the job once, into a new file. What the runs before it left to be
// written to the disk is written first, so that it is no burden to this one.
func (p *peer) run() error {
	os.Remove(p.output)
	syscall.Sync()
	c := exec.Command(p.args[0], p.args[1:]...)
	c.Stderr = os.Stderr
	start := time.Now()
	err := c.Run()
	wall := time.Since(start)
	if code := c.ProcessState.ExitCode(); code != 0 && code != p.ok {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	usage, _ := c.ProcessState.SysUsage().(*syscall.Rusage)
	m := measure{wall: wall, cpu: c.ProcessState.UserTime() + c.ProcessState.SystemTime()}
	if usage != nil {
		m.peak = usage.Maxrss
	}
	p.runs = append(p.runs, m)
	return nil
}

func show(w io.Writer, peers []*peer, rows, runs int) {
	ours := peers[0]
	fmt.Fprintf(w, "%d rows, medians of %d rounds in turn\n\n", rows, runs)
	fmt.Fprintf(w, "%-24s %9s %9s %9s %10s %9s\n", "", "wall", "CPU", "peak MiB", "wall/ours", "CPU/ours")
	for _, p := range peers {
		fmt.Fprintf(w, "%-24s %8.2fs %8.2fs %9.0f %10.2f %9.2f\n", p.name,
			median(p.runs, wallSeconds), median(p.runs, cpuSeconds), median(p.runs, peakMiB),
			ratio(p, ours, wallSeconds), ratio(p, ours, cpuSeconds))
	}
}

func wallSeconds(m measure) float64 { return m.wall.Seconds() }
func cpuSeconds(m measure) float64  { return m.cpu.Seconds() }
func peakMiB(m measure) float64     { return float64(m.peak) / 1024 }

func median(runs []measure, of func(measure) float64) float64 {
	var all []float64
	for _, m := range runs {
		all = append(all, of(m))
	}
	return middle(all)
}

// ratio is the median of the ratios round by round, so that it holds where the
// machine's speed drifts.
func ratio(p, ours *peer, of func(measure) float64) float64 {
	var all []float64
	for i, m := range p.runs {
		all = append(all, of(m)/of(ours.runs[i]))
	}
	return middle(all)
}

func middle(all []float64) float64 {
	slices.SortFunc(all, cmp.Compare)
	return all[len(all)/2]
}
