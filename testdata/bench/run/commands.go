package main

import (
	"fmt"
	"os"
)

// commands compares the other commands with a check, and other kinds of checks with
// a plain one.
func commands(b *bench) error {
	rows := min(b.rows, 3_000_000)
	if err := b.sample("in.csv", rows); err != nil {
		return err
	}
	if err := b.derive("plain.csv", "in.csv", plain); err != nil {
		return err
	}
	if err := b.derive("british.csv", "in.csv", british); err != nil {
		return err
	}
	in, out := b.path("plain.csv"), func(name string) string { return b.path(name + ".out.csv") }
	if err := b.compare(fmt.Sprintf("commands: %d rows", rows), b.runs,
		b.check("check", "plain.csv"),
		b.check("check, dates DD/MM/YYYY", "british.csv").must(answers),
		b.ivp("check, dates DD/MM/YYYY, to a pipe", "check", "-q", b.path("british.csv")),
		b.ivp("columns", "columns", in),
		b.ivp("impact", "impact", "-q", "--before", "latest,-MP196", "--after", "latest", "-o", out("impact"), in),
		b.ivp("rundown", "rundown", "-q", "--on", "2022-03-01", "--rate", "12000/week", "-o", out("rundown"), in),
		b.ivp("audit", "audit", "-q", "-o", out("audit"), in),
	); err != nil {
		return err
	}
	// ivp sample writes each entry in a few ways.
	for _, list := range []struct {
		entries  int
		profiles string
	}{{750, "8,000"}, {2700, "22,000"}} {
		if err := b.catalogue("list.csv", list.entries); err != nil {
			return err
		}
		os.Remove(b.path("listed.csv"))
		if err := b.sample("listed.csv", rows, "--cpl", b.path("list.csv")); err != nil {
			return err
		}
		if err := b.compare(fmt.Sprintf("commands: %d rows with %s profiles, from a list of %d entries", rows, list.profiles, list.entries), b.runs,
			b.check("check", "listed.csv"),
			b.check("check --cpl", "listed.csv", "--cpl", b.path("list.csv")),
		); err != nil {
			return err
		}
	}
	return nil
}
