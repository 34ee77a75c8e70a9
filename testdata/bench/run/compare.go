package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// bench is what a table has: a folder for its files, with the program ivp in it.
type bench struct {
	folder     string
	rows, runs int
}

// peer is one way to do a job.
type peer struct {
	name string
	args []string
	env  []string // added to the environment
	// output is the file that it writes. If it is empty, the peer writes to a
	// pipe, whose other end discards everything.
	output string
	// agrees is what the output must have in common with that of the first peer.
	agrees agreement
	runs   []measured
}

// measured is what one run took.
type measured struct {
	wall, cpu time.Duration
	peak      int64 // KiB
}

// path returns the path of a file in the table's folder.
func (b *bench) path(name string) string { return filepath.Join(b.folder, name) }

// ivp returns a peer that runs ivp with these arguments, and writes to the file
// that -o names, or to a pipe.
func (b *bench) ivp(name string, args ...string) *peer {
	p := &peer{name: name, args: append([]string{b.path("ivp")}, args...)}
	if n := slices.Index(args, "-o"); n >= 0 {
		p.output = args[n+1]
	}
	return p
}

// check returns a peer that runs ivp check on a file in the folder, and writes to
// another there.
func (b *bench) check(name, file string, args ...string) *peer {
	return b.ivp(name, append([]string{"check", "-q", "-o", b.path(strings.ReplaceAll(name, "/", "") + ".out.csv"), b.path(file)}, args...)...)
}

// must returns p, whose output must agree with that of the first peer.
func (p *peer) must(agrees agreement) *peer {
	p.agrees = agrees
	return p
}

// with returns p with settings of its environment.
func (p *peer) with(env ...string) *peer {
	p.env = env
	return p
}

// build builds a program into the folder.
func (b *bench) build(name, pkg string) error {
	return command("go", "build", "-o", b.path(name), pkg)
}

// sample writes an inventory into the folder with ivp sample, unless it is there.
func (b *bench) sample(file string, rows int, flags ...string) error {
	if _, err := os.Stat(b.path(file)); err == nil {
		return nil
	}
	out, err := os.Create(b.path(file))
	if err != nil {
		return err
	}
	defer out.Close()
	c := exec.Command(b.path("ivp"), append([]string{"sample", "--rows", fmt.Sprint(rows)}, flags...)...)
	c.Stdout, c.Stderr = out, os.Stderr
	return c.Run()
}

func command(name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// compare checks that the outputs of the peers agree with that of the first, runs
// all in turn, in several rounds, and prints the medians. An output is removed after
// its run, except that of the first peer, which others may need.
func (b *bench) compare(title string, runs int, peers ...*peer) error {
	if err := checkOutputs(peers); err != nil {
		return err
	}
	for round := range runs {
		for _, p := range peers {
			fmt.Fprintf(os.Stderr, "round %d: %s\n", round+1, p.name)
			if err := p.run(); err != nil {
				return err
			}
			if p != peers[0] {
				os.Remove(p.output)
			}
		}
	}
	show(os.Stdout, title, peers)
	return nil
}

// checkOutputs runs the peers whose outputs must agree with that of the first, and the
// first, and compares the outputs.
func checkOutputs(peers []*peer) error {
	for n, p := range peers {
		if p.agrees == "" && (n > 0 || !slices.ContainsFunc(peers, func(p *peer) bool { return p.agrees != "" })) {
			continue
		}
		if err := p.run(); err != nil {
			return err
		}
		if p.runs = nil; n == 0 {
			continue
		}
		// In a process of its own, because the peak memory of a process is at least
		// that of the process that starts it.
		if err := command(os.Args[0], "agree", string(p.agrees), peers[0].output, p.output); err != nil {
			return err
		}
		os.Remove(p.output)
	}
	return nil
}

// discard is what a pipe is read by. It is not [io.Discard], for which os/exec would
// use no pipe.
type discard struct{ io.Writer }

// run does the job once, into a new file. Whatever the runs before it left to be
// written to the disk is written first, so that it does not slow down this one.
func (p *peer) run() error {
	os.Remove(p.output)
	syscall.Sync()
	c := exec.Command(p.args[0], p.args[1:]...)
	c.Env = append(os.Environ(), p.env...)
	c.Stderr = os.Stderr
	if p.output == "" {
		c.Stdout = discard{io.Discard}
	}
	start := time.Now()
	err := c.Run()
	wall := time.Since(start)
	// 1 is that of ivp if some device may not be installed.
	if code := c.ProcessState.ExitCode(); code != 0 && (code != 1 || filepath.Base(p.args[0]) != "ivp") {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	usage, _ := c.ProcessState.SysUsage().(*syscall.Rusage)
	m := measured{wall: wall, cpu: c.ProcessState.UserTime() + c.ProcessState.SystemTime()}
	if usage != nil {
		m.peak = usage.Maxrss
	}
	p.runs = append(p.runs, m)
	return nil
}

// show prints a table, whose ratios are to the first peer.
func show(w io.Writer, title string, peers []*peer) {
	first := peers[0]
	fmt.Fprintf(w, "\n%s; medians of %d rounds in turn, ratios to the first line\n\n", title, len(first.runs))
	fmt.Fprintf(w, "%-40s %9s %9s %9s %7s %7s\n", "", "wall", "CPU", "peak MiB", "wall", "CPU")
	for _, p := range peers {
		fmt.Fprintf(w, "%-40s %8.2fs %8.2fs %9.0f %7.2f %7.2f\n", p.name,
			median(p.runs, wallSeconds), median(p.runs, cpuSeconds), median(p.runs, peakMiB),
			ratio(p, first, wallSeconds), ratio(p, first, cpuSeconds))
	}
}

func wallSeconds(m measured) float64 { return m.wall.Seconds() }
func cpuSeconds(m measured) float64  { return m.cpu.Seconds() }
func peakMiB(m measured) float64     { return float64(m.peak) / 1024 }

func median(runs []measured, of func(measured) float64) float64 {
	var all []float64
	for _, m := range runs {
		all = append(all, of(m))
	}
	return middle(all)
}

// ratio is the median of the ratios in each round, so that it is right if the speed
// of the machine changes.
func ratio(p, first *peer, of func(measured) float64) float64 {
	var all []float64
	for i, m := range p.runs {
		all = append(all, of(m)/of(first.runs[i]))
	}
	return middle(all)
}

func middle(all []float64) float64 {
	slices.SortFunc(all, cmp.Compare)
	return all[len(all)/2]
}
