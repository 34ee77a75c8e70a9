package main

import (
	"fmt"
	"os"
)

// scale shows how time and memory grow. BENCH_SCALE=1 adds files that need 15 GB of
// disk.
func scale(b *bench) error {
	rows := b.rows
	if err := b.sample("in.csv", rows); err != nil {
		return err
	}
	if err := b.derive("differ.csv", "in.csv", differ); err != nil {
		return err
	}
	parts, err := b.split("in.csv", rows, min(rows, 1000))
	if err != nil {
		return err
	}
	title := func(rows int) string { return fmt.Sprintf("scale: %d rows", rows) }
	if err := b.compare(title(rows), b.runs,
		b.check("to a file", "in.csv"),
		b.check("GOMAXPROCS=1", "in.csv").with("GOMAXPROCS=1").must(inOrder),
		b.ivp("to a pipe", "check", "-q", b.path("in.csv")),
		b.ivp("in 1,000 files", append([]string{"check", "-q", "-o", b.path("parts.out.csv")}, parts...)...).must(inOrder),
		b.check("a profile each", "differ.csv"),
	); err != nil || os.Getenv("BENCH_SCALE") == "" {
		return err
	}
	if err := b.sample("large.csv", 12*rows); err != nil {
		return err
	}
	if err := b.compare(title(12*rows), 1,
		b.check("to a file", "large.csv"),
		b.ivp("to a pipe", "check", "-q", b.path("large.csv")),
		b.check("GOMAXPROCS=1", "large.csv").with("GOMAXPROCS=1"),
	); err != nil {
		return err
	}
	os.Remove(b.path("large.csv"))
	os.Remove(b.path("to a file.out.csv"))
	if err := b.sample("more.csv", 4*rows); err != nil {
		return err
	}
	if err := b.derive("more-differ.csv", "more.csv", differ); err != nil {
		return err
	}
	return b.compare(title(4*rows), 1, b.check("few profiles", "more.csv"), b.check("a profile each", "more-differ.csv"))
}

// differ gives each row a profile that no other has, so that no answer can be used
// again: two versions that can be read and that no table has.
func differ(n int, cells []string) bool {
	cells[colSpec] = fmt.Sprintf("SMETS2 v%d.%d", 10+n%90, n/90%100)
	cells[colGBCS] = fmt.Sprintf("%d.%d", 10+n/9000%90, n/810_000%100)
	return plain(n, cells)
}
