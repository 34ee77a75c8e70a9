package main

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"

	"github.com/gocarina/gocsv"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/screen"
)

// listFormat is the --format of commands that write a listing.
type listFormat string

func (f *listFormat) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("output", pflag.ContinueOnError)
	set.StringVar((*string)(f), "format", "table", "table, csv or json")
	return set
}

// writeListing writes lines, structs whose csv tags name the columns. As JSON it
// writes value instead, unless that is nil.
func writeListing[T any](w io.Writer, f listFormat, lines []T, value any) error {
	if f == "json" {
		if value == nil {
			value = lines
		}
		return exit.With(exit.IO, writeJSON(w, value))
	}
	if f != "table" && f != "csv" {
		return exit.Usagef("--format: %q: want table, csv or json", string(f))
	}
	var rows records
	if err := gocsv.MarshalCSV(lines, &rows); err != nil {
		return err
	}
	if f == "csv" {
		return exit.With(exit.IO, csv.NewWriter(w).WriteAll(rows))
	}
	for i, row := range rows {
		for n, cell := range row {
			if i == 0 {
				cell = strings.ReplaceAll(cell, "_", " ")
			}
			row[n] = screen.Line(cell)
		}
	}
	return exit.With(exit.IO, report.WriteTable(w, sizeOf(w), rows[0], rows[1:]))
}

// records keeps what gocsv writes.
type records [][]string

func (r *records) Write(row []string) error {
	*r = append(*r, append([]string(nil), row...))
	return nil
}
func (*records) Flush()       {}
func (*records) Error() error { return nil }

// list is a cell with several texts.
type list []string

// MarshalCSV returns the texts as one cell.
func (l list) MarshalCSV() (string, error) { return strings.Join(l, ";"), nil }

// notNil returns a list that is [] in JSON if empty.
func notNil(texts []string) list {
	if texts == nil {
		return list{}
	}
	return texts
}

// writeJSON writes a value as indented JSON.
func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
