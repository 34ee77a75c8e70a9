package amendtable

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
)

// column is the meaning of a column of a table.
type column int

const (
	specColumn   column = iota // a version, with its family or without
	familyColumn               // SMETS, CHTS or GBCS
	fromColumn
	toColumn
	gbcsColumn // the GBCS versions that go with the version
	typeColumn
	scopeColumn
	confirmedColumn
	inferredColumn
	unquotedColumn
	gbcsFromColumn // the period in which the GBCS version applies
	gbcsToColumn
	subColumn       // the second number of a version, of which the version column has the first
	withdrawnColumn // the GBCS versions that no longer go with the version
	columnEnd
)

// columnNames are the columns' own names, and an example of a heading of each.
var columnNames = [columnEnd]struct{ name, example string }{
	specColumn: {"spec", "Version"}, familyColumn: {"family", "Technical Specification"},
	fromColumn: {"from", "Installation Start Date"}, toColumn: {"to", "Installation End Date"},
	gbcsColumn: {"gbcs", "GBCS Version"}, typeColumn: {"type", "Device Type"},
	scopeColumn: {"scope", "Scope"}, confirmedColumn: {"confirmed", "Confirmed To"}, inferredColumn: {"inferred", "Inferred"}, unquotedColumn: {"unquoted", "Unquoted"},
	gbcsFromColumn: {"gbcs_from", "GBCS Applicability Period Start"}, gbcsToColumn: {"gbcs_to", "GBCS Applicability Period End"}, subColumn: {"sub", "Sub-Version"},
	withdrawnColumn: {"withdrawn", "Withdrawn"},
}

// String returns the column's own name.
func (c column) String() string { return columnNames[c].name }

// Parts of the shapes of headings, which are compared without case, spaces and
// punctuation. A heading with any other word means no column: one that says
// "exclusive" must not be taken for an end.
const (
	ofPeriod = `(?:installations?|install|installed|installable|ivp|validity|valid|period|dates?|days?|of|the|for|on|and|including|inclusive|ddmmyyyy|yyyymmdd)*`
	ofStart  = `(?:starts?|starting|from|begins?|beginning|commences?|commencement|commencing|first|earliest|notbefore)`
	ofEnd    = `(?:ends?|ending|to|until|upto|till|last|expiry|expires|closes?|final|latest|cutoff|notafter)`
	ofGBCS   = `(?:gbcs|(?:greatbritain|gb)companionspecifications?)`
	ofSpec   = `(?:ts|smets[12]?|chts|(?:tech(?:nical)?)?spec(?:ification)?s?|of|the|and|or)`
)

// shapes are the shapes of the headings of each column. Headings of maintenance
// periods have none: the Tables have both periods, and only the installation
// period is read.
var shapes = [columnEnd]*regexp.Regexp{
	specColumn:      regexp.MustCompile(`^` + ofSpec + `*(?:principal|major)?(?:versions?|ver|issue)(?:s|nos?|numbers?)?$|^smets[12]?(?:and|or)?chts(?:and|or)?gbcs(?:versions?)?$`),
	familyColumn:    regexp.MustCompile(`^` + ofSpec + `*(?:ts|smets[12]?|chts|(?:tech(?:nical)?)?spec(?:ification)?s?|family|document|standard)(?:family|names?|documents?|s)?$`),
	fromColumn:      regexp.MustCompile(`^` + ofPeriod + ofStart + `(?:` + ofStart + `|` + ofPeriod + `)*$`),
	toColumn:        regexp.MustCompile(`^` + ofPeriod + ofEnd + `(?:` + ofEnd + `|` + ofPeriod + `)*$`),
	gbcsColumn:      regexp.MustCompile(`^(?:relevant|applicable|associated|corresponding|compatible|permitted|supported|device|versions?|of|the)*` + ofGBCS + `(?:versions?|ver|s|nos?|numbers?|applicable|permitted|supported)*$`),
	typeColumn:      regexp.MustCompile(`^(?:relevant|applicable|permitted)?(?:devices?|(?:device|equipment|meter)?types?)(?:s|names?)?$`),
	subColumn:       regexp.MustCompile(`^(?:sub|minor)versions?(?:nos?|numbers?)?$`),
	withdrawnColumn: regexp.MustCompile(`^withdrawn$`),
	scopeColumn:     regexp.MustCompile(`^scope$`),
	confirmedColumn: regexp.MustCompile(`^confirmed(?:to|until)?$`),
	inferredColumn:  regexp.MustCompile(`^inferred$`),
	unquotedColumn:  regexp.MustCompile(`^unquoted$`),
	gbcsFromColumn:  regexp.MustCompile(`^` + ofGBCS + `?(?:versions?|applicability|applies|applicable|period|dates?|of|the)*` + ofStart + `(?:dates?|days?|` + ofStart + `)*$`),
	gbcsToColumn:    regexp.MustCompile(`^` + ofGBCS + `?(?:versions?|applicability|applies|applicable|period|dates?|of|the)*` + ofEnd + `(?:dates?|days?|` + ofEnd + `)*$`),
}

// bothDates is the shape of the heading of a column with the start and the end of
// the installation period.
var bothDates = regexp.MustCompile(`^(?:ivp|installationperiod|installation(?:and)?validityperiods?|installationvalidityperiodivp|ivpdates)$`)

// longestHeading is the length in bytes up to which a text may be a heading, and
// mostColumns the number of columns that are looked at.
const (
	longestHeading = 200
	mostColumns    = 500
)

// columnOf returns the column that a heading means; ok is false if it means none.
func columnOf(heading string) (c column, ok bool) {
	if len(heading) > longestHeading {
		return columnEnd, false
	}
	text := letters(heading)
	if c, ok := columnNamed(folded(heading)); ok {
		return c, true
	}
	for c, shape := range shapes {
		if shape.MatchString(text) {
			return column(c), true
		}
	}
	return columnEnd, false
}

func columnNamed(name string) (c column, ok bool) {
	for c, names := range columnNames {
		if names.name == name {
			return column(c), true
		}
	}
	return columnEnd, false
}

// letters returns the letters and digits of a text in lower case.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// places are the positions of the columns, from 0; -1 for an absent column.
type places [columnEnd]int

// found is a row that may be the heading.
type found struct {
	line      int
	headings  []string
	grouped   bool // the row above it, group, has headings over several columns
	group     int
	delimiter byte
	at        places
	twice     [columnEnd][]int // the places of a column that several headings mean
	roles     int              // the columns that exactly one heading means; 0 if none is a version
}

// under returns headings together with those of the row above, each of which
// stands for the blank cells after it too.
func under(above, cells []string) []string {
	all := slices.Clone(cells)
	last := ""
	for i := range min(len(all), len(above)) {
		if above[i] != "" {
			last = above[i]
		}
		all[i] = strings.TrimSpace(last + " " + all[i])
	}
	return all
}

// mapHeadings maps headings to columns.
func mapHeadings(headings []string, a *Answers) (f found) {
	f.headings = headings
	var places [columnEnd][]int
	chosen := map[int]bool{}
	for c, wanted := range a.columns {
		places[c] = headingsNamed(headings, wanted)
		for _, i := range places[c] {
			chosen[i] = true
		}
	}
	for i, heading := range headings[:min(len(headings), mostColumns)] {
		c, ok := columnOf(heading)
		if _, mapped := a.columns[c]; ok && !mapped && !chosen[i] {
			places[c] = append(places[c], i)
		}
	}
	if i := slices.IndexFunc(places[specColumn], func(i int) bool { return letters(headings[i]) == "spec" }); i >= 0 && len(places[specColumn]) == 2 && places[familyColumn] == nil {
		places[familyColumn], places[specColumn] = places[specColumn][i:i+1], places[specColumn][1-i:2-i]
	}
	if len(places[specColumn]) == 0 { // one column with family and number
		places[specColumn], places[familyColumn] = places[familyColumn], nil
	}
	if len(places[toColumn])+len(places[fromColumn]) == 0 && len(places[gbcsToColumn]) == 1 && !strings.Contains(letters(headings[places[gbcsToColumn][0]]), "gbcs") {
		places[toColumn], places[fromColumn] = places[gbcsToColumn], places[gbcsFromColumn]
		places[gbcsToColumn], places[gbcsFromColumn] = nil, nil
	}
	if len(places[toColumn])+len(places[fromColumn]) == 0 {
		for i, heading := range headings {
			if bothDates.MatchString(letters(heading)) {
				places[fromColumn], places[toColumn] = append(places[fromColumn], i), append(places[toColumn], i)
			}
		}
	}
	for c := range places {
		f.at[c] = -1
		switch len(places[c]) {
		case 0:
		case 1:
			f.at[c] = places[c][0]
			f.roles++
		default:
			f.twice[c] = places[c]
		}
	}
	if f.at[fromColumn] >= 0 && f.at[fromColumn] == f.at[toColumn] {
		f.roles-- // headings of two rows may have a column for each
	}
	if f.at[specColumn] < 0 && f.twice[specColumn] == nil {
		f.roles = 0
	}
	return f
}

// headingsNamed returns the places of the headings that --map names: by number as
// in #3, exactly, or without regard to case, spaces and punctuation.
func headingsNamed(headings []string, wanted string) (all []int) {
	if n, err := strconv.Atoi(strings.TrimPrefix(wanted, "#")); err == nil && strings.HasPrefix(wanted, "#") {
		if n >= 1 && n <= len(headings) {
			return []int{n - 1}
		}
		return nil
	}
	for _, same := range []func(heading string) bool{
		func(heading string) bool { return oneLine(heading) == oneLine(wanted) },
		func(heading string) bool { return devices.SameHeading(oneLine(heading), oneLine(wanted)) },
	} {
		for i, heading := range headings {
			if same(heading) {
				all = append(all, i)
			}
		}
		if all != nil {
			break
		}
	}
	return all
}

// checkColumns adds a fault for each needed column that is absent and for each
// column that several headings mean, and notes the headings that are not read.
func (s *sheet) checkColumns(f found, a *Answers, needed []column) {
	fault := func(c column, problem, do, name string) {
		s.faults = append(s.faults, Fault{File: s.name, Line: s.heading, Column: c.String(), Problem: problem, Do: do, Paste: fmt.Sprintf("--map %s=%s", c, quote(name))})
	}
	for c := range columnEnd {
		wanted, mapped := a.columns[c]
		switch {
		case len(f.twice[c]) > 0:
			var names []string
			for _, i := range f.twice[c] {
				names = append(names, s.nameOf(i))
			}
			fault(c, fmt.Sprintf("%d columns may be this: %s", len(names), remarks.Quoted(names)), "choose one with --map "+c.String()+"=HEADING", strings.Join(names, " OR "))
		case s.at[c] < 0 && mapped && wanted != "#0":
			fault(c, fmt.Sprintf("no column is headed %q, to which it is mapped", wanted), "headings found: "+remarks.Quoted(clipAll(s.headings)), placeholder+"HEADING")
		case s.at[c] < 0 && !mapped && slices.Contains(needed, c):
			name, without := placeholder+"HEADING", ""
			if c == toColumn {
				without = "; if the table has no ends, say --map to=#0"
			}
			if c == specColumn && slices.ContainsFunc(s.headings, func(heading string) bool { _, err := parseSpec(heading, "SMETS"); return err == nil }) {
				without = "; the row looks like data: if it is, put a heading above it"
			}
			if i := s.likely(c); i >= 0 {
				name, s.at[c] = s.nameOf(i), i // for the questions that it would lead to; the fault refuses the table
			}
			fault(c, "no column for it; headings found: "+remarks.Quoted(clipAll(s.headings)),
				fmt.Sprintf("name the column with --map %s=HEADING, or head it %q", c, columnNames[c].example)+without, name)
		}
	}
	var rest []string
	for i, heading := range s.headings {
		if !slices.Contains(s.at[:], i) && strings.TrimSpace(heading) != "" {
			rest = append(rest, oneLine(heading))
		}
	}
	if len(rest) > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%s: columns not read: %s", s.name, remarks.Quoted(rest)))
	}
}

// nameOf returns what names a column in --map: its heading, or its number if
// another column has the same heading or it cannot be typed.
func (s *sheet) nameOf(i int) string {
	heading := oneLine(s.headings[i])
	if places := headingsNamed(s.headings, heading); heading == "" || len(heading) > 80 || len(places) != 1 || strings.HasPrefix(heading, "#") ||
		strings.ContainsFunc(heading, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Sprintf("#%d", i+1)
	}
	return heading
}

// likely returns the place of an unread column that may be meant for a column, -1
// if there is none.
func (s *sheet) likely(c column) int {
	hints := map[column]string{toColumn: `inst|ivp|end|expir|clos|valid|last|until|cease`, specColumn: `ver|spec|smets|issue|release`}[c]
	if hints == "" {
		return -1
	}
	hint := regexp.MustCompile(hints)
	return slices.IndexFunc(s.headings, func(heading string) bool {
		text := letters(heading)
		_, err := parseSpec(heading, "SMETS")
		return err != nil && hint.MatchString(text) && !isMaintenance(text) && !slices.Contains(s.at[:], slices.Index(s.headings, heading))
	})
}

func isMaintenance(letters string) bool {
	return strings.Contains(letters, "maint") || strings.Contains(letters, "mvp")
}
