package export

import (
	"bufio"
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

//go:embed view.sql
var viewText string

//go:embed postgres.sql
var postgresFunctions string

// SQLOptions say what a script contains, and where it puts it.
type SQLOptions struct {
	Dialect Dialect
	// Terms describes the terms of the answers in words.
	Terms string
	// Today is the day on which the script is written. It limits how far the
	// record is known.
	Today ivp.Date
	// Inventory is the SQL name of the table or view of the devices.
	Inventory string
	// Schema is the SQL name of the schema for the tables and the view; empty for
	// the current one.
	Schema string
}

// script is a script being written.
type script struct {
	*bufio.Writer
	SQLOptions
	prefix string // prefix of the names of created objects
}

// WriteSQL writes the rules as SQL: tables, and a view that joins them to the
// table of an inventory. The script replaces what an earlier one made.
func WriteSQL(w io.Writer, c ivp.Checker, o SQLOptions) error {
	read, err := newReader()
	if err != nil {
		return err
	}
	s := script{Writer: bufio.NewWriter(w), SQLOptions: o}
	if o.Schema != "" {
		s.prefix = o.Schema + "."
	}
	a := newAnswers(c)
	s.begin(c.History)
	s.rules(c.History)
	s.spellings(read, c.History, a)
	s.calendar(a.stretches)
	s.answers(a)
	s.view(a, unnamedScope(c.History))
	s.WriteString(o.Dialect.commit)
	return s.Flush()
}

// The names of everything that a script makes, and of what scripts of earlier
// versions made.
const viewName = "ivp_checked"

var (
	tableNames  = []string{"ivp_rules", "ivp_type_spelling", "ivp_spec_spelling", "ivp_gbcs_spelling", "ivp_scope_spelling", "ivp_calendar", "ivp_profile", "ivp_period", "ivp_verdict"}
	formerNames = []string{"ivp_spelling"}
)

// Makes reports whether a script makes, or removes, a table or view of the name.
func Makes(name string) bool {
	return slices.ContainsFunc(slices.Concat(tableNames, formerNames, []string{viewName}), func(made string) bool { return strings.EqualFold(made, name) })
}

// begin writes what the script is, and drops what an earlier one made.
func (s *script) begin(h ivp.History) {
	fmt.Fprintf(s, "-- Installation Validity Periods: edition %s, sha256 %s.\n-- %s. The rules are known up to %s. The Code prevails.\n", h.Edition(), h.Digest(), s.Terms, h.VouchedTo(s.Today))
	if s.Dialect.begin == "" {
		s.WriteString("-- This script cannot be one transaction: it drops the view first and creates it last, so that there is no answer in between.\n")
	}
	s.WriteString("\n" + s.Dialect.begin)
	if s.Schema != "" {
		s.WriteString(strings.NewReplacer("{schema}", s.Schema, "{text}", s.Dialect.quote(s.Schema)).Replace(s.Dialect.schema))
	}
	fmt.Fprintf(s, "DROP VIEW IF EXISTS %s%s;\n", s.prefix, viewName)
	for _, name := range slices.Concat(tableNames, formerNames) {
		fmt.Fprintf(s, "DROP TABLE IF EXISTS %s%s;\n", s.prefix, name)
	}
	s.WriteString(s.expand(s.Dialect.functions) + "\n")
}

// rules writes the one row that describes the tables. An engine without data of
// the time zone stops here.
func (s *script) rules(h ivp.History) {
	d := &s.Dialect
	zone, required := "''", ""
	if d.key != "" { // other engines have kinds of tables that cannot require a value
		required = " NOT NULL"
	}
	if d.instant != "" {
		zone = "CASE WHEN " + s.day(d.instant) + " = DATE '2022-07-01' THEN 'Europe/London' END"
	}
	s.table("ivp_rules", "digest", [][]string{{d.quote(h.Digest()), d.quote(h.Edition()), d.quote(s.Terms), d.dayLiteral(h.VouchedTo(s.Today)), zone, fmt.Sprint(ivp.FormatVersion)}},
		"digest "+d.text, "edition "+d.text, "terms "+d.text, "vouched_to "+d.date, "zone "+d.text+required, "format_version "+d.number)
}

// spellings writes, for each column, its accepted spellings, what they mean, and their
// places in the number of a profile.
func (s *script) spellings(read reader, h ivp.History, a answers) {
	d := &s.Dialect
	var kinds, specs [][]string
	for _, one := range read.kindSpellings() {
		family := read.read(one.written, "", "", "").Type.BareFamily()
		kinds = append(kinds, []string{d.quote(one.written), d.quote(one.meant), d.quote(family.String()), fmt.Sprint(a.kinds[one.meant])})
	}
	specColumns := []string{"written " + d.text}
	families := bareFamilies()
	for _, family := range families {
		specColumns = append(specColumns, familyColumn(family)+" "+d.number)
	}
	at := map[string]int{}
	for _, one := range read.specSpellings(h) {
		n, known := at[one.written]
		if !known {
			n, at[one.written] = len(specs), len(specs)
			specs = append(specs, slices.Concat([]string{d.quote(one.written)}, slices.Repeat([]string{"NULL"}, len(families))))
		}
		specs[n][1+slices.Index(families, one.family)] = fmt.Sprint(a.specs[one.meant])
	}
	slices.SortFunc(specs, slices.Compare)
	pairs := func(all []spelling, p places) (rows [][]string) {
		for _, one := range all {
			rows = append(rows, []string{d.quote(one.written), d.quote(one.meant), fmt.Sprint(p[one.meant])})
		}
		return rows
	}
	s.table("ivp_type_spelling", "written", kinds, "written "+d.text, "device_type "+d.text, "family "+d.text, "place "+d.number)
	s.WriteString("-- The place of a version depends on the family that the type gives to a bare version.\n")
	s.table("ivp_spec_spelling", "written", specs, specColumns...)
	s.table("ivp_gbcs_spelling", "written", pairs(read.gbcsSpellings(h), a.gbcs), "written "+d.text, "gbcs "+d.text, "place "+d.number)
	s.table("ivp_scope_spelling", "written", pairs(read.scopeSpellings(h), a.scopes), "written "+d.text, "scope "+d.text, "place "+d.number)
}

// bareFamilies returns the families that a type may give to a bare version, none first.
func bareFamilies() (families []ivp.Family) {
	for _, t := range append([]ivp.DeviceType{0}, ivp.DeviceTypes()...) {
		if !slices.Contains(families, t.BareFamily()) {
			families = append(families, t.BareFamily())
		}
	}
	return families
}

// familyColumn returns the name of the column with the places of versions for devices
// whose type gives a bare version the family.
func familyColumn(family ivp.Family) string {
	if family == 0 {
		return "place"
	}
	return strings.ToLower(family.String()) + "_place"
}

// The days that the calendar has after the last change, and at most.
const (
	daysAfter = 5 * 365
	mostDays  = 12_000
)

// calendar writes the stretches of the days on which devices were probably installed,
// so that the view finds them with an equal key. It calculates those of other days.
func (s *script) calendar(stretches []ivp.Date) {
	d := &s.Dialect
	var days [][]string
	if len(stretches) > 1 {
		n, first := 1, stretches[1].AddDays(-1)
		for day := first; day.Valid() && len(days) < mostDays && !day.After(stretches[len(stretches)-1].AddDays(daysAfter)); day = day.AddDays(1) {
			if n < len(stretches) && !day.Before(stretches[n]) {
				n++
			}
			days = append(days, []string{d.dayLiteral(day), fmt.Sprint(n), fmt.Sprint(ivp.MinDate().DaysUntil(day))})
		}
	}
	s.WriteString("-- since counts from 1 January 0001, as ivp_days_left of ivp_verdict does.\n")
	s.table("ivp_calendar", "day", days, "day "+d.date, "stretch "+d.number, "since "+d.number)
}

func (s *script) answers(a answers) {
	d := &s.Dialect
	var profiles, periods, verdicts [][]string
	for n, p := range a.profiles {
		profiles = append(profiles, []string{fmt.Sprint(n), fmt.Sprint(a.first(p.answers))})
	}
	for _, p := range a.periods {
		periods = append(periods, []string{fmt.Sprint(a.number(p)), fmt.Sprint(p.verdict)})
	}
	for n, v := range a.verdicts {
		left := "NULL"
		if days, ok := v.daysLeft(); ok {
			left = fmt.Sprint(days)
		}
		verdicts = append(verdicts, []string{
			fmt.Sprint(n + 1), d.quote(v.reason.Outcome().String()), d.quote(v.reason.String()), d.dayLiteral(v.to), left,
			d.quote(v.amendment), d.dayLiteral(v.from), d.quote(v.end.String()),
		})
	}
	s.WriteString("-- The number of a profile is the sum of the places of a type, a version, a GBCS version and a scope.\n")
	s.table("ivp_profile", "profile", profiles, "profile "+d.number, "answers "+d.number)
	s.WriteString("-- The number of a period is the sum of answers and stretch.\n")
	s.table("ivp_period", "period", periods, "period "+d.number, "verdict "+d.number)
	s.table("ivp_verdict", "verdict", verdicts,
		"verdict "+d.number, "ivp_outcome "+d.text, "ivp_reason "+d.text, "ivp_to "+d.date, "ivp_days_left "+d.number,
		"ivp_amendment "+d.text, "ivp_from "+d.date, "ivp_end "+d.text)
}

// table makes a table and fills it.
func (s *script) table(name, key string, rows [][]string, columns ...string) {
	if s.Dialect.key != "" {
		columns = append(columns, strings.ReplaceAll(s.Dialect.key, "{columns}", key))
	}
	fmt.Fprintf(s, "CREATE TABLE %s%s (%s);\n", s.prefix, name, strings.Join(columns, ", "))
	for some := range slices.Chunk(rows, cmp.Or(s.Dialect.insertRows, 250)) {
		fmt.Fprintf(s, "INSERT INTO %s%s VALUES\n", s.prefix, name)
		for i, row := range some {
			end := ",\n"
			if i == len(some)-1 {
				end = ";\n"
			}
			s.WriteString("(" + strings.Join(row, ", ") + ")" + end)
		}
	}
	s.WriteByte('\n')
}

// view writes the view.
func (s *script) view(a answers, unnamed string) {
	cells := map[string]string{"day": s.day("i.install_date")}
	for _, column := range []string{"device_type", "spec", "gbcs", "scope"} {
		cells[column] = "UPPER(" + s.cell(column) + ")"
	}
	lateral := s.Dialect.lateral
	if lateral != "" {
		var all []string
		for _, name := range slices.Sorted(maps.Keys(cells)) {
			all = append(all, cells[name]+" AS "+name)
			cells[name] = "w." + name
		}
		lateral = strings.ReplaceAll(lateral, "{cells}", strings.Join(all, ", "))
	}
	day := cells["day"]
	s.WriteString(strings.NewReplacer(
		"{in}", s.prefix, "{inventory}", s.Inventory, "{lateral}", lateral,
		"{device_type}", cells["device_type"], "{spec}", cells["spec"], "{gbcs}", cells["gbcs"], "{scope}", cells["scope"],
		"{spec_shape}", shapeOf(cells["spec"]), "{spec_shapes}", s.quoted(specShapes),
		"{gbcs_shape}", shapeOf(cells["gbcs"]), "{gbcs_shapes}", s.quoted(gbcsShapes),
		"{unlisted_type}", place(a.kinds, unlisted), "{spec_place}", specPlace(),
		"{unreadable_spec}", place(a.specs, unreadable), "{unlisted_s1}", place(a.specs, unlistedS1), "{unlisted_s2}", place(a.specs, unlistedS2), "{unlisted_chts}", place(a.specs, unlistedCHTS),
		"{unreadable_gbcs}", place(a.gbcs, unreadable), "{unlisted_gbcs}", place(a.gbcs, unlisted), "{unnamed_scope}", place(a.scopes, unnamed),
		"{day}", day, "{since}", strings.ReplaceAll(s.Dialect.since, "{day}", day),
		"{stretch}", s.stretch(day, a.stretches),
	).Replace(viewText))
}

// place returns the place of a name as SQL. A name that stands for no version, because
// every version of its kind is on record, has none: the answer is then that of a profile
// that does not exist.
func place(p places, name string) string {
	if at, known := p[name]; known {
		return fmt.Sprint(at)
	}
	return "NULL"
}

// specPlace returns an expression for the place of a version in the family of the type.
func specPlace() string {
	var b strings.Builder
	b.WriteString("CASE t.family")
	for _, family := range bareFamilies() {
		if family != 0 {
			fmt.Fprintf(&b, " WHEN '%s' THEN s.%s", family, familyColumn(family))
		}
	}
	fmt.Fprintf(&b, " ELSE s.%s END", familyColumn(0))
	return b.String()
}

// expand replaces {in} by the prefix of names.
func (s *script) expand(text string) string { return strings.ReplaceAll(text, "{in}", s.prefix) }

// day returns an expression for the day of x.
func (s *script) day(x string) string {
	return s.expand(strings.ReplaceAll(s.Dialect.day, "{x}", x))
}

// cell returns an expression for a column as a text without outer spaces, empty
// if it is NULL.
func (s *script) cell(column string) string {
	return "COALESCE(TRIM(CAST(i." + column + " AS " + s.Dialect.text + ")), '')"
}

// shapeOf returns an expression for a text with 9 in place of each of its digits.
func shapeOf(text string) string {
	for digit := '0'; digit < '9'; digit++ {
		text = fmt.Sprintf("REPLACE(%s, '%c', '9')", text, digit)
	}
	return text
}

func (s *script) quoted(texts []string) string {
	var all []string
	for _, text := range texts {
		all = append(all, s.Dialect.quote(text))
	}
	return strings.Join(all, ", ")
}

// stretch returns an expression for the number of the stretch that contains a
// day.
func (s *script) stretch(day string, stretches []ivp.Date) string {
	d := &s.Dialect
	return fmt.Sprintf("CASE WHEN %s BETWEEN %s AND %s THEN %s WHEN %s = '' THEN %d ELSE %d END",
		day, d.dayLiteral(ivp.MinDate()), d.dayLiteral(ivp.MaxDate()), s.searchStretch(day, stretches, 1), s.cell("install_date"), noDay, badDay)
}

// searchStretch returns a binary search for the stretch of a day, as nested CASE
// expressions. The first of the stretches has the number first.
func (s *script) searchStretch(day string, stretches []ivp.Date, first int) string {
	if len(stretches) == 1 {
		return fmt.Sprint(first)
	}
	half := len(stretches) / 2
	return fmt.Sprintf("CASE WHEN %s < %s THEN %s ELSE %s END",
		day, s.Dialect.dayLiteral(stretches[half]), s.searchStretch(day, stretches[:half], first), s.searchStretch(day, stretches[half:], first+half))
}
