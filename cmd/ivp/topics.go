package main

import (
	"embed"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// topics are the help texts that belong to no command. They are made from the
// tables that the program itself works by.
func topics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "exit-codes", Short: "What the exit codes mean", Long: exitCodesTopic()},
		{Use: "formats", Short: "The formats written", Long: formatsTopic},
		{Use: "upgrading", Short: "What changed since earlier builds", Long: document("upgrading")},
		{Use: "spellings", Short: "How versions and device types may be written", Long: spellingsTopic()},
		{Use: "reasons", Short: "The outcomes and reasons", Long: reasonsTopic()},
	}
}

// documents are the help topics that are texts.
//
//go:embed docs/*.md
var documents embed.FS

// document returns a help topic's text.
func document(name string) string {
	text, err := documents.ReadFile("docs/" + name + ".md")
	if err != nil {
		panic("ivp: a help topic is missing: " + err.Error())
	}
	return strings.TrimSpace(string(text))
}

func exitCodesTopic() string {
	var b strings.Builder
	b.WriteString("Exit codes:\n\n")
	for _, m := range exit.Table() {
		fmt.Fprintf(&b, "  %3d  %s\n", m.Code, m.Text)
	}
	b.WriteString("\nWhen several apply: 2, then 3, then 4, then 1.")
	return b.String()
}

func columnsTopic() string {
	var b strings.Builder
	b.WriteString(`Columns read. Headings are compared without case, spaces, _ - . / and a byte
order mark, and then exactly. Needed: spec, and install_date or --on. Any other
heading can be named with --map FIELD=HEADING, where one that is written exactly
so wins; --map FIELD=#3 or FIELD=C names the third column, and --map FIELD=#0 reads none for
the field. What is not judged for want of a column is said in the summary. Fields,
and headings that mean them:

`)
	for _, f := range devices.Fields() {
		fmt.Fprintf(&b, "  %s: %s\n", f, strings.Join(f.Aliases(), ", "))
	}
	b.WriteString("\nlocation and unit_cost are read by ivp rundown alone.\n")
	b.WriteString("\nColumns added, in this order:\n\n")
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, name := range append(devices.AddedColumns(true), "ivp_cpl_entries", "ivp_cpl_remedy", "ivp_waiver") {
		fmt.Fprintf(t, "  %s\t%s\n", name, devices.ColumnMeaning(name))
	}
	t.Flush()
	return strings.TrimRight(b.String(), "\n")
}

func spellingsTopic() string {
	var b strings.Builder
	b.WriteString(`Versions are read as people and programs write them, without case and outer
spaces: SMETS2 v4.2, SMETS V4.2, SMETS2-4.2, SMETS2 (4.2), SMETS2 v.4.2, CHTS V1.3,
GBCS Version 3.2. A version without its family, such as 4.2, takes it from the device
type, and 3.2 in the GBCS column is GBCS v3.2. A whole number is no version: 2 may
be the generation. NONE, N/A and - are blank in the version, the GBCS version and
the device type; as a scope or a date they are not.

Device types are compared by their letters and digits alone, without case. None
is guessed: any other text is unknown-type.

`)
	for _, t := range ivp.DeviceTypes() {
		fmt.Fprintf(&b, "  %s\n", strings.Join(devices.TypeSpellings(t), ", "))
	}
	b.WriteString(`
Ids in waivers are compared without case, hyphens, colons and outer spaces.`)
	return b.String()
}

func reasonsTopic() string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 1, ' ', 0)
	for _, o := range ivp.Outcomes() {
		fmt.Fprintf(t, "%s\n", o)
		for _, r := range ivp.Reasons() {
			if r.Outcome() == o {
				fmt.Fprintf(t, "  %s\t%s\n", r, r.Sentence())
			}
		}
	}
	t.Flush()
	return strings.TrimRight(b.String(), "\n")
}

const formatsTopic = `Formats, by --format for stdout and by the extension for -o FILE:

  csv       .csv, .tsv, or no extension: every input column as it came, in
            order, then ours; the input's own delimiter, line ends and byte
            order mark. --excel writes a byte order mark and Windows line ends,
            --csv-safe guards cells that a spreadsheet would run as formulas
  json      .json: one object with "rows" and "summary"
  jsonl     .jsonl, .ndjson: the rows alone, an object a line
  xlsx      .xlsx: a workbook of the rows, a summary and the evidence
  html      .html: a report in one file, to read, send and print: counts, a
            timeline, when the stock runs out, the rows that are not eligible
            or undetermined, the evidence
  table     .txt: columns for a person to read
  markdown  .md, .markdown: a table to paste

--split DIR writes a CSV for each outcome. --evidence writes NAME.run.json beside
NAME.csv: the rules, the digests of the inputs, how they were read, the counts.

Read are CSV with commas, semicolons, tabs or bars, in UTF-8, in UTF-16 with a
byte order mark, or in the --encoding given, and workbooks (.xlsx, .xlsm); all of
them perhaps compressed (.gz, .zst). Text is written in UTF-8.

A regular file is written beside its place and put there when it is whole. A
device or a pipe is opened and written.`
