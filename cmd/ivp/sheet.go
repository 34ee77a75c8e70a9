package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/spf13/pflag"
)

// listFormat is the --format of the commands that write a small table.
type listFormat string

func (f *listFormat) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("output", pflag.ContinueOnError)
	set.StringVar((*string)(f), "format", "table", "table, csv or json")
	return set
}

// sheet is a small table of text that each list format can write.
type sheet struct {
	titles []string
	rows   [][]string
	value  any // what JSON writes
}

func (s *sheet) write(w io.Writer, f listFormat) error {
	switch f {
	case "table":
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, row := range append([][]string{upper(s.titles)}, s.rows...) {
			var cells []string
			for _, cell := range row {
				cells = append(cells, screen.Line(cell))
			}
			fmt.Fprintln(t, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
		}
		return exit.With(exit.IO, t.Flush())
	case "csv":
		out := csv.NewWriter(w)
		out.WriteAll(append([][]string{s.titles}, s.rows...))
		return exit.With(exit.IO, out.Error())
	case "json":
		return exit.With(exit.IO, writeJSON(w, s.value))
	}
	return exit.Usagef("--format: %q: want table, csv or json", string(f))
}

func upper(titles []string) []string {
	var all []string
	for _, title := range titles {
		all = append(all, strings.ToUpper(strings.ReplaceAll(title, "_", " ")))
	}
	return all
}
