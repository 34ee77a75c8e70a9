package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/export"
	"github.com/mp196/ivp/ivp"
)

// exportFlags say in what form the record is written.
type exportFlags struct {
	rules    rulesFlags
	question questionFlags
	format   string
	schema   string
	from     string
	remind   string
	dialect  string
	table    string
	folder   string
}

func (c *Command) rulesExport() *cobra.Command {
	var f exportFlags
	set := f.rules.flags()
	set.StringVar(&f.format, "format", "json", "write the rules as `FORMAT`: json, their canonical form; csv, a line for each change; ics, the closing days as a calendar; sql, every answer as tables and a view; answers, every answer as JSON; schema, the JSON Schema of rules files")
	set.StringVar(&f.question.asAt, "as-at", "", "ics, sql, answers: apply the Tables of `DATE` (YYYY-MM-DD, DD/MM/YYYY, today or latest; default: for ics the latest, else those of each installation day)")
	set.StringVar(&f.from, "from", "", "ics: leave out the closing days before `DATE` (YYYY-MM-DD, DD/MM/YYYY or today)")
	set.StringVar(&f.remind, "remind", "", "ics: show an alarm `DAYS` before, such as 30d,7d")
	set.StringVar(&f.dialect, "dialect", "", "sql: write in this `DIALECT`: duckdb, postgres, sqlite, snowflake, bigquery, spark or trino")
	set.StringVar(&f.table, "table", "inventory", "sql: the inventory is the table or view with this `NAME`")
	set.StringVar(&f.schema, "schema", "", "sql: create the tables and the view in the schema with this `NAME`, and the schema if it does not exist (sqlite: an attached database, which also contains the inventory)")
	set.StringVar(&f.question.lastDay, "last-day", "included", "sql, answers: whether the end date itself is inside the period: `included` or excluded")
	set.BoolVar(&f.question.assumeOpen, "assume-open", false, "sql, answers: take an end that is not on record to be open")
	set.StringVar(&f.folder, "dir", "", "answers: write the JSON document, its JSON Schema and the answers as three CSV tables into the folder `DIR`")
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the rules as JSON, CSV or SQL, every answer, or the closing days as a calendar",
		Long: `export writes the rules for other programs. With --format sql it writes tables with
the answer for every device on every day, and the view ivp_checked, which joins
them to an inventory with the columns device_type, spec, gbcs, install_date and
scope: all columns of the inventory, then ivp_outcome, ivp_reason, ivp_to,
ivp_days_left, ivp_amendment, ivp_from and ivp_end. The script can be run again: it
replaces what an earlier one made. The table ivp_rules names the rules that were
exported. install_date may be a date, a timestamp, an instant (its day is that in
London) or a text YYYY-MM-DD. A version that cannot be read is undetermined, never
eligible. An inventory with columns of those names is refused.

With --format answers it writes the same answers as one JSON document, which a program
in any language can read without a library: see "ivp help answers".`,
		Example: `  ivp rules export >rules.json
  ivp rules export --format ics --remind 90d,30d >closing.ics
  ivp rules export --format sql --dialect postgres --table stock >rules.sql
  ivp rules export --format answers --dir answers`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := forOtherFormat(cmd.Flags(), f.format); err != nil {
				return err
			}
			h, err := f.rules.history()
			if err != nil {
				return err
			}
			return c.export(&f, h)
		},
	}
	addGroups(cmd, flagGroup{"Rules", set})
	return cmd
}

// forOtherFormat returns an error if a flag is given that is for other formats. The usage
// of such a flag begins with the names of its formats.
func forOtherFormat(given *pflag.FlagSet, format string) (err error) {
	given.Visit(func(flag *pflag.Flag) {
		names, _, _ := strings.Cut(flag.Usage, ":")
		formats := strings.Split(names, ", ")
		if !slices.Contains([]string{"ics", "sql", "answers"}, formats[0]) || slices.Contains(formats, format) {
			return
		}
		err = exit.Usagef("--%s is for --format %s: give that, or leave it out", flag.Name, strings.Join(formats, " or "))
		if flag.Name == "schema" {
			err = exit.Usagef("--schema names a schema of a database, for --format sql; the JSON Schema of rules files is --format schema")
		}
	})
	return err
}

func (c *Command) export(f *exportFlags, h ivp.History) error {
	switch {
	case f.format == "schema":
		_, err := c.Stdout.Write(ivp.Schema())
		return exit.With(exit.IO, err)
	case f.format == "json":
		_, err := c.Stdout.Write(h.AppendCanonical(nil))
		return exit.With(exit.IO, err)
	case f.format == "csv":
		return exit.With(exit.IO, writeChanges(c.Stdout, h))
	case f.format == "ics":
		return c.exportCalendar(f, h)
	case f.format == "sql":
		return c.exportSQL(f, h)
	case f.format == "answers":
		return c.exportAnswers(f, h)
	}
	return exit.Usagef("--format: %q: want json, csv, ics, sql, answers or schema", f.format)
}

// amendmentLine is something that an amendment changes: an entry of the tables, or a
// permitted pair.
type amendmentLine struct {
	Amendment   string   `csv:"amendment"`
	InForce     ivp.Date `csv:"in_force"`
	PerhapsFrom ivp.Date `csv:"perhaps_from"`
	Change      string   `csv:"change"`
	Spec        ivp.Spec `csv:"spec"`
	Scope       string   `csv:"scope"`
	From        string   `csv:"from"`
	To          string   `csv:"to"`
	Confirmed   ivp.Date `csv:"confirmed"`
	DeviceType  string   `csv:"device_type"`
	GBCS        string   `csv:"gbcs"`
	Inferred    string   `csv:"inferred"`
	Unquoted    string   `csv:"unquoted"`
	Title       string   `csv:"title"`
	Source      string   `csv:"source"`
}

// writeChanges writes a line for everything that an amendment changes.
func writeChanges(w io.Writer, h ivp.History) error {
	var lines []amendmentLine
	for _, a := range h.Amendments() {
		var sources []string
		for _, c := range a.Citations {
			sources = append(sources, c.String())
		}
		line := amendmentLine{Amendment: a.ID, InForce: a.InForce, PerhapsFrom: a.PerhapsFrom, Title: a.Title, Source: strings.Join(sources, "; ")}
		for _, e := range a.Entries {
			entry := line
			entry.Change, entry.Spec, entry.Scope = "window", e.Spec, e.Scope
			if e.Remove {
				entry.Change = "removed"
			}
			entry.From, entry.To, entry.Confirmed, entry.Inferred, entry.Unquoted = e.From.String(), e.To.String(), e.Confirmed, e.Inferred, e.Unquoted
			lines = append(lines, entry)
		}
		for _, p := range a.Pairs {
			pair := line
			pair.Change, pair.Spec, pair.DeviceType, pair.GBCS = "pair", p.Spec, p.Type.String(), p.GBCS.String()
			if p.Remove {
				pair.Change = "removed"
			}
			lines = append(lines, pair)
		}
	}
	return writeListing(w, "csv", lines, nil)
}

// sqlName is what a table or a schema may be called: the name goes into the SQL
// as it is.
var sqlName = regexp.MustCompile("^" + sqlPart + `(?:\.` + sqlPart + ")*$")

const sqlPart = "(?:[A-Za-z_][A-Za-z0-9_$]*(?:-[A-Za-z0-9_$]+)*|\"[^\"\\\\[:cntrl:]]+\"|`[^`\\\\[:cntrl:]]+`)"

// exportSQL writes the rules for a database.
func (c *Command) exportSQL(f *exportFlags, h ivp.History) error {
	if f.dialect == "" {
		return exit.Usagef("--format sql needs --dialect: duckdb, postgres, sqlite, snowflake, bigquery, spark or trino")
	}
	dialect, err := export.ParseDialect(f.dialect)
	if err != nil {
		return exit.Usagef("--dialect: %w", err)
	}
	if !sqlName.MatchString(f.table) {
		return exit.Usagef("--table: %q: want the name of a table, such as stock or estate.stock", f.table)
	}
	if own := strings.Trim(f.table[strings.LastIndex(f.table, ".")+1:], "\"`"); export.Makes(own) {
		return exit.Usagef("--table: %s is what the script itself makes: want the table of the inventory", own)
	}
	if f.schema != "" && !sqlName.MatchString(f.schema) {
		return exit.Usagef("--schema: %q: want the name of a schema, such as ivp", f.schema)
	}
	checker, err := f.question.checker(c, h)
	if err != nil {
		return err
	}
	return exit.With(exit.IO, export.WriteSQL(c.Stdout, checker, export.SQLOptions{Dialect: dialect, Terms: termWords(checker), Today: c.today(), Inventory: f.table, Schema: f.schema}))
}

// exportAnswers writes every answer as JSON to standard output or, with --dir, as files.
func (c *Command) exportAnswers(f *exportFlags, h ivp.History) error {
	checker, err := f.question.checker(c, h)
	if err != nil {
		return err
	}
	d, err := export.NewDocument(checker, termWords(checker), c.today())
	if err != nil {
		return err
	}
	if f.folder == "" {
		_, err := c.Stdout.Write(d.JSON())
		return exit.With(exit.IO, err)
	}
	if err := os.MkdirAll(f.folder, 0o777); err != nil {
		return exit.With(exit.IO, fmt.Errorf("could not create the folder of --dir: %w", err))
	}
	var sizes []string
	for _, file := range d.Files() {
		if err := c.outputs.WriteFile(filepath.Join(f.folder, file.Name), file.Text); err != nil {
			return exit.With(exit.IO, err)
		}
		sizes = append(sizes, fmt.Sprintf("%s (%d kB)", file.Name, (len(file.Text)+999)/1000))
	}
	fmt.Fprintf(c.Stderr, "%d kinds of device, with %d different answers over time, in %s: %s\n", d.Profiles, d.Runs, f.folder, strings.Join(sizes, ", "))
	return nil
}

// termWords says the terms on which the rules are asked.
func termWords(checker ivp.Checker) string {
	words := "By the law of each installation's own day"
	if checker.AsAt.Valid() {
		words = fmt.Sprintf("By the tables as at %s", checker.AsAt)
	}
	if checker.LastDayExcluded {
		words += "; the last day excluded"
	}
	if checker.AssumeOpen {
		words += "; ends that are not on record taken to be open"
	}
	return words
}

// exportCalendar writes the closing days of the tables of a day.
func (c *Command) exportCalendar(f *exportFlags, h ivp.History) error {
	asAt, err := c.day("--as-at", f.question.asAt, h)
	if err != nil {
		return err
	}
	if !asAt.Valid() {
		asAt = h.Latest()
	}
	from, err := c.day("--from", f.from, ivp.History{})
	if err != nil {
		return err
	}
	reminders, err := reminders(f.remind)
	if err != nil {
		return err
	}
	events, unknown := closingEvents(h, asAt, from, reminders)
	if err := export.WriteCalendar(c.Stdout, "Installation Validity Periods: last days", events); err != nil {
		return exit.With(exit.IO, err)
	}
	if len(unknown) > 0 {
		fmt.Fprintf(c.Stderr, "no event for %s, whose end is not on record: add the current Tables with --amend FILE (see \"ivp help amend\")\n", strings.Join(unknown, ", "))
	}
	if len(events) == 0 {
		fmt.Fprintln(c.Stderr, "the calendar is empty: no closing day is on record there")
	}
	return nil
}

// reminders reads days such as "30d,7d".
func reminders(text string) (days []int, err error) {
	if text == "" {
		return nil, nil
	}
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(word), "d"))
		if err != nil || n < 0 || n > 3660 {
			return nil, exit.Usagef("--remind: %q: want days such as 30d, or several with commas between them", word)
		}
		days = append(days, n)
	}
	return days, nil
}

// closingEvents returns an event for each version and scope with a closing day,
// and the versions whose end is not on record. One for each version, not one for
// each day: where an amendment moves the end of one of two versions that closed
// together, its event moves alone.
func closingEvents(h ivp.History, asAt, from ivp.Date, reminders []int) (events []export.Event, unknown []string) {
	for _, row := range h.Table(asAt) {
		for n, r := range row.Readings {
			if r.Listed && r.Window.To.Kind == ivp.NotOnRecord && !slices.Contains(unknown, row.Spec.String()) {
				unknown = append(unknown, row.Spec.String())
			}
			day, dated := r.Window.To.Date()
			if !dated || day.Before(from) {
				continue
			}
			e := closingEvent(h, asAt, row, r, day)
			if n > 0 {
				e.UID = fmt.Sprintf("reading-%d-%s", n+1, e.UID)
			}
			e.Reminders = reminders
			events = append(events, e)
		}
	}
	slices.SortStableFunc(events, func(a, b export.Event) int { return cmp.Or(a.Day.Compare(b.Day), strings.Compare(a.UID, b.UID)) })
	return events, unknown
}

func closingEvent(h ivp.History, asAt ivp.Date, row ivp.TableRow, r ivp.TableReading, day ivp.Date) export.Event {
	a, _ := h.Amendment(r.Window.Amendment)
	name, scoped := row.Spec.String(), ""
	if row.Scope != "" {
		scoped = ", scope " + row.Scope
	}
	e := export.Event{
		UID:     strings.ToLower(strings.NewReplacer(" ", "-", ",", "").Replace(name+scoped)) + "@ivp",
		Day:     day,
		Stamp:   a.InForce,
		Summary: "Last day to install " + name + scoped,
	}
	if row.Spec.Family == ivp.GBCS {
		e.Summary = name + " applies for the last day"
	}
	for _, other := range h.Amendments() {
		if !other.InForce.After(asAt) && slices.ContainsFunc(other.Entries, func(entry ivp.Entry) bool { return entry.Spec == row.Spec && entry.To.Kind == ivp.Dated }) {
			e.Sequence++
		}
	}
	lines := []string{fmt.Sprintf("%s, in force %s: %s", a.ID, a.InForce, a.Title)}
	for _, citation := range a.Citations {
		lines = append(lines, citation.String())
	}
	if e.Tentative = len(row.Readings) > 1; e.Tentative {
		lines = append(lines, fmt.Sprintf("One of %d readings of the record: which one is right is not on record.", len(row.Readings)))
	}
	lines = append(lines, fmt.Sprintf("By the tables as at %s. The Code prevails. Rules: edition %s.", asAt, evidence.RulesName(h)))
	e.Description = strings.Join(lines, "\n")
	return e
}
