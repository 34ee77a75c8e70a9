package devices

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"

	"github.com/mp196/ivp/ivp"
)

// MappingError is the error of a heading whose columns cannot be used.
type MappingError struct {
	Headings []string    // as they are written
	missing  []Field     // required fields that no heading means
	twice    []duplicate // judged fields that several headings mean
	notFound []mapping   // fields mapped to a column that does not exist
	Added    []string    // ivp_ columns of an earlier check

	// HeaderRow is the line of the heading if it was found below other lines, and else
	// 0.
	HeaderRow int

	columns Columns // those that were found
}

// duplicate is a field and the headings that mean it.
type duplicate struct {
	field    Field
	headings []string
}

// mapping is a field and the heading that was named for it.
type mapping struct {
	field   Field
	heading string
}

func (e *MappingError) any() bool {
	return len(e.missing)+len(e.twice)+len(e.notFound)+len(e.Added) > 0
}

// Error names every fault, the headings found and the headings accepted.
// [ColumnOptions] chooses columns; Advice has the flags of the command line that do.
func (e *MappingError) Error() string {
	found := "headings found: "
	if e.HeaderRow > 0 {
		found = fmt.Sprintf("headings found in row %d: ", e.HeaderRow)
	}
	return strings.Join(append(e.Problems(), found+quotedList(e.Headings)), "\n  ")
}

// FieldProblem is what is wrong with the column of one field.
type FieldProblem struct {
	Field Field
	// Text says what is wrong, without what to do about it.
	Text string
	// Near are the headings that may have been meant, the likeliest first. Name is the
	// name of the likeliest column for [ColumnOptions.Map], or "YOUR HEADING".
	Near []string
	Name string
}

// FieldProblems returns the problem of each field whose column is missing or unclear.
func (e *MappingError) FieldProblems() []FieldProblem {
	var all []FieldProblem
	add := func(f Field, near []string, format string, args ...any) {
		p := FieldProblem{f, fmt.Sprintf(format, args...), near, noHeading}
		if len(near) > 0 {
			p.Name = e.columns.Name(slices.Index(e.Headings, near[0]))
		}
		all = append(all, p)
	}
	for _, f := range e.missing {
		add(f, e.near(f), "no column for %s: want a heading such as %s", f, strings.Join(f.Aliases(), ", "))
	}
	for _, m := range e.notFound {
		add(m.field, e.near(m.field), "%s", m.problem(len(e.Headings)))
	}
	for _, d := range e.twice {
		add(d.field, d.headings[:min(len(d.headings), mostListed)], "%d columns for %s: %s; one must be chosen", len(d.headings), d.field, quotedList(d.headings))
	}
	return all
}

func (m mapping) problem(columns int) string {
	if _, numbered := columnNumber(m.heading); numbered {
		return fmt.Sprintf("there is no column %s to read %s from: the heading has %d columns, and those that an earlier check added are not read", m.heading, m.field, columns)
	}
	return fmt.Sprintf("no column has the heading %q, to which %s is mapped", m.heading, m.field)
}

// Problems returns a line for each fault, with the headings that may have been meant.
func (e *MappingError) Problems() []string {
	var lines []string
	for n, p := range e.FieldProblems() {
		if n < len(e.missing)+len(e.notFound) {
			p.Text += p.didYouMean()
		}
		lines = append(lines, p.Text)
	}
	if len(e.Added) > 0 {
		lines = append(lines, fmt.Sprintf("the input already has columns of an earlier check: %s; replace or remove them", quotedList(e.Added)))
	}
	if e.looksLikeData() {
		lines = append(lines, "the first line looks like data, not a heading: put a heading line above it")
	}
	return lines
}

// Advice returns what to do about the faults on the command line, a line for each
// possibility.
func (e *MappingError) Advice() []string {
	var lines []string
	if len(e.Added) > 0 {
		lines = append(lines, "to replace the columns of the earlier check: --recheck")
	}
	if hint := e.Paste(); hint != "" {
		lines = append(lines, "to choose a column yourself: "+hint)
	}
	return lines
}

// near returns the headings that may have been meant for a field, the likeliest
// first. If opts.Map names a heading that does not exist, headings near that name are
// tried before those near the field's aliases.
func (e *MappingError) near(f Field) []string {
	rest := e.columns.headingsFor(f)
	for _, m := range e.notFound {
		if m.field != f {
			continue
		}
		if near := nearHeadings(f, []string{m.heading}, rest); len(near) > 0 {
			return near
		}
	}
	return nearHeadings(f, f.Aliases(), rest)
}

// didYouMean returns the suggestion of the near headings, or "" if there are none.
func (p FieldProblem) didYouMean() string {
	if len(p.Near) == 0 {
		return ""
	}
	names := quotedList(p.Near[:1])
	if last := len(p.Near) - 1; last > 0 {
		names = quotedList(p.Near[:last]) + " or " + quotedList(p.Near[last:])
	}
	return fmt.Sprintf("; did you mean %s?", names)
}

// MapFlag returns the command-line flag that reads a field from the column with the
// heading, quoted for a POSIX shell.
func MapFlag(f Field, heading string) string {
	return fmt.Sprintf("--map %s=%s", f, shellQuoted(heading))
}

// shellQuoted quotes a word for a POSIX shell: between single quotes no character is
// special.
func shellQuoted(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// mostListed is the number of words that a message lists, longestListed the longest
// word in bytes.
const (
	mostListed    = 30
	longestListed = 100
)

func quotedList(words []string) string {
	var all []string
	for _, word := range words[:min(len(words), mostListed)] {
		if len(word) > longestListed {
			word = strings.ToValidUTF8(word[:longestListed], "") + "…"
		}
		all = append(all, fmt.Sprintf("%q", word))
	}
	if more := len(words) - len(all); more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, ", ")
}

// looksLikeData reports whether a heading is a date or a version.
func (e *MappingError) looksLikeData() bool { return slices.ContainsFunc(e.Headings, isData) }

// isData reports whether the text of a heading is a date or a version.
func isData(heading string) bool {
	if day, err := ReadDate(heading, DayFirst); err == nil && day.Valid() {
		return true
	}
	spec, err := ivp.ParseSpec(heading, ivp.SMETS)
	return err == nil && !spec.IsZero()
}

// Paste returns the flags of the command line that choose the likeliest column for every field at fault,
// or "YOUR HEADING" if no column is likely. Flags for other fields without a column
// follow if a column is likely. It is "" if no field is at fault.
func (e *MappingError) Paste() string {
	var flags []string
	taken := map[string]bool{}
	settled := map[Field]bool{}
	for _, p := range e.FieldProblems() {
		flags = append(flags, MapFlag(p.Field, p.Name))
		taken[p.Name], settled[p.Field] = true, true
	}
	if flags == nil {
		return ""
	}
	for _, f := range []Field{DeviceID, DeviceType, GBCS, Location, UnitCost} {
		if settled[f] || e.columns.Index(f) >= 0 {
			continue
		}
		near := e.columns.NearHeadings(f)
		if len(near) == 0 {
			continue
		}
		if name := e.columns.Name(slices.Index(e.Headings, near[0])); !taken[name] && fieldOfHeading(near[0]) == 0 {
			flags = append(flags, MapFlag(f, name))
			taken[name] = true
		}
	}
	if e.HeaderRow > 0 {
		flags = append([]string{fmt.Sprintf("--header-row %d", e.HeaderRow)}, flags...)
	}
	return strings.Join(flags, " ")
}

// noHeading is the placeholder for a heading that the user must fill in.
const noHeading = "YOUR HEADING"

// mostNear is the number of headings that are suggested for a field.
const mostNear = 3

// NearHeadings returns the headings that may have been meant for the field, the
// likeliest first, at most three, except those of columns that another field is read
// from. They are for messages: no column is read because its heading is near.
func (c Columns) NearHeadings(f Field) []string {
	return nearHeadings(f, f.Aliases(), c.headingsFor(f))
}

// headingsFor returns the headings of the columns that no other field is read
// from.
func (c Columns) headingsFor(f Field) []string {
	taken := map[int]bool{}
	for _, other := range Fields() {
		if i := c.Index(other); i >= 0 && other != f {
			taken[i] = true
		}
	}
	var rest []string
	for i, heading := range c.headings {
		if !taken[i] {
			rest = append(rest, heading)
		}
	}
	return rest
}

// mostCompared limits the headings that are compared, so that the message about a
// file with very many columns does not take long.
const mostCompared = 1000

// longestNear is the longest heading, in bytes, that is compared. With a wrong
// delimiter a whole line is one cell.
const longestNear = 1000

// nearHeadings returns the headings near any of the wanted ones. Headings that mean
// another field, headings of added columns, dates and versions are left out.
func nearHeadings(f Field, wanted, headings []string) []string {
	type candidate struct {
		heading string
		near    nearness
	}
	var found []candidate
	for _, heading := range headings[:min(len(headings), mostCompared)] {
		if len(heading) > longestNear {
			continue
		}
		if meant := fieldOfHeading(heading); meant != 0 && meant != f || isAdded(heading) || isData(heading) || containsAny(heading, otherWords[f]) {
			continue
		}
		near := notNear
		for _, w := range wanted {
			near = min(near, nearnessOf(heading, w))
		}
		if near == notNear && hints(f, heading) {
			near = sharesHint
		}
		if near != notNear && !slices.ContainsFunc(found, func(c candidate) bool { return c.heading == heading }) {
			found = append(found, candidate{heading, near})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.near, b.near) })
	var names []string
	for _, c := range found[:min(len(found), mostNear)] {
		names = append(names, c.heading)
	}
	return names
}

// nearness is how near a heading is to another. Lower is nearer. The first three are
// the number of letters that differ.
type nearness int

const (
	same nearness = iota
	oneLetter
	twoLetters
	containsIt  // as whole words: "Meter Install Date" and "Install Date"
	containedIn // as whole words: "Version" and "Spec Version"
	sharesHint
	notNear
)

// nearnessOf compares a heading with an alias of a field. At most two letters may
// differ, and at most a third of the letters, because short headings are often
// similar by chance.
func nearnessOf(heading, wanted string) nearness {
	a, b := normal(heading), normal(wanted)
	least := min(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
	if distance := levenshtein.ComputeDistance(a, b); distance <= int(twoLetters) && distance <= least/3 {
		return nearness(distance)
	}
	found, want := headingWords(heading), headingWords(wanted)
	switch {
	case containsWords(found, want):
		return containsIt
	case containsWords(want, found) && !allCommon(found):
		return containedIn
	}
	return notNear
}

// headingWords returns the words of a heading, in lower case. "InstallDate" has two.
func headingWords(heading string) []string {
	var spaced strings.Builder
	var last rune
	for _, r := range heading {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			spaced.WriteByte(' ')
		}
		spaced.WriteRune(r)
		last = r
	}
	return strings.FieldsFunc(strings.ToLower(spaced.String()), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// containsWords reports whether part occurs in words as a consecutive run.
func containsWords(words, part []string) bool {
	for at := 0; len(part) > 0 && at+len(part) <= len(words); at++ {
		if slices.Equal(words[at:at+len(part)], part) {
			return true
		}
	}
	return false
}

// allCommon reports whether every word occurs in the headings of most fields.
func allCommon(words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool {
		return !slices.Contains([]string{"device", "meter", "name", "number", "identifier", "model", "version"}, word)
	})
}

// hintWords are parts of words in common headings that are not near an alias, such as
// "Date Fitted". A heading must contain one part of each group.
var hintWords = [fieldEnd][][]string{
	DeviceID:    {{"serial", "assetid", "meterid"}},
	DeviceType:  {{"type", "class", "kind", "category"}, {"device", "meter", "asset", "equip", "product", "unit"}},
	Spec:        {{"smets", "chts", "version"}},
	GBCS:        {{"gbcs", "companion"}},
	InstallDate: {{"date", "dt", "day"}, {"install", "fit"}},
}

// otherWords are parts of words that show that a heading does not mean the field.
var otherWords = [fieldEnd][]string{
	Spec: {"gbcs", "companion", "firmware", "software", "hardware"},
}

// hints reports whether a heading contains one of each group of the field's
// hintWords.
func hints(f Field, heading string) bool {
	for _, group := range hintWords[f] {
		if !containsAny(heading, group) {
			return false
		}
	}
	return hintWords[f] != nil
}

// containsAny reports whether a normalised heading contains one of the parts.
func containsAny(heading string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(normal(heading), part) })
}
