package main

import (
	"fmt"
)

// oddRows compares a plain file with the same file in which some rows are not plain.
func oddRows(b *bench) error {
	if err := b.sample("in.csv", b.rows); err != nil {
		return err
	}
	if err := b.derive("plain.csv", "in.csv", plain); err != nil {
		return err
	}
	peers := []*peer{b.check("plain", "plain.csv")}
	for _, c := range []struct {
		name             string
		quoted, misdated int // one row in so many, or none
		agrees           agreement
	}{
		{"1 % of the rows quoted", 100, 0, answers},
		{"all rows quoted", 1, 0, answers},
		{"0.5 % of the dates unreadable", 0, 200, ""},
		{"both: 1 % quoted, 0.5 % unreadable", 100, 200, ""},
	} {
		p := b.check(c.name, c.name).must(c.agrees)
		if err := b.derive(c.name, "plain.csv", func(n int, cells []string) bool {
			if c.misdated > 0 && n%c.misdated == 7 {
				cells[colDate] = "to be agreed"
			}
			return c.quoted > 0 && n%c.quoted == 0
		}); err != nil {
			return err
		}
		peers = append(peers, p)
	}
	return b.compare(fmt.Sprintf("odd: rows that are not plain, among %d", b.rows), b.runs, peers...)
}
