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

// MappingError says why the columns of an input do not serve.
type MappingError struct {
	Headings []string    // as they were found
	Missing  []Field     // needed, and no heading means them
	Twice    []Duplicate // judged, and several headings mean them
	NotFound []Mapping   // mapped to a heading that is not there
	Added    []string    // ivp_ columns that the input already carries

	// HeaderRow is the line of the heading, if it was found below others; else 0.
	HeaderRow int

	columns Columns // as far as they were found
}

// Duplicate is a field and the headings that mean it.
type Duplicate struct {
	Field    Field
	Headings []string
}

// Mapping is a field and the heading that was named for it.
type Mapping struct {
	Field   Field
	Heading string
}

func (e *MappingError) any() bool {
	return len(e.Missing)+len(e.Twice)+len(e.NotFound)+len(e.Added) > 0
}

// Error names every fault, the headings found, the headings accepted, and what
// to type.
func (e *MappingError) Error() string {
	found := "headings found: "
	if e.HeaderRow > 0 {
		found = fmt.Sprintf("headings found in row %d: ", e.HeaderRow)
	}
	lines := append(e.Problems(), found+quotedList(e.Headings))
	return strings.Join(append(lines, e.Advice()...), "\n  ")
}

// FieldProblem is what is wrong with the column of one field.
type FieldProblem struct {
	Field Field
	// Text says what is wrong, without what to do about it.
	Text string
	// Near are the headings that may have been meant, the likeliest first, and Name
	// is what names the likeliest column in [ColumnOptions.Map], or else words to
	// put the right name in place of.
	Near []string
	Name string
}

// FieldProblems returns what is wrong with the column of each field at fault.
func (e *MappingError) FieldProblems() []FieldProblem {
	var all []FieldProblem
	add := func(f Field, near []string, format string, args ...any) {
		p := FieldProblem{f, fmt.Sprintf(format, args...), near, noHeading}
		if len(near) > 0 {
			p.Name = e.columns.Name(slices.Index(e.Headings, near[0]))
		}
		all = append(all, p)
	}
	for _, f := range e.Missing {
		add(f, e.near(f), "no column for %s: want a heading such as %s", f, strings.Join(f.Aliases(), ", "))
	}
	for _, m := range e.NotFound {
		add(m.Field, e.near(m.Field), "%s", m.problem(len(e.Headings)))
	}
	for _, d := range e.Twice {
		add(d.Field, d.Headings[:min(len(d.Headings), mostListed)], "%d columns for %s: %s; one must be chosen", len(d.Headings), d.Field, quotedList(d.Headings))
	}
	return all
}

func (m Mapping) problem(columns int) string {
	if _, numbered := columnNumber(m.Heading); numbered {
		return fmt.Sprintf("there is no column %s to read %s from: the heading has %d, of which those that an earlier check added are not read", m.Heading, m.Field, columns)
	}
	return fmt.Sprintf("no column is headed %q, to which %s is mapped", m.Heading, m.Field)
}

// Problems returns each fault in a line of its own, with the headings that may
// have been meant.
func (e *MappingError) Problems() []string {
	var lines []string
	for n, p := range e.FieldProblems() {
		if n < len(e.Missing)+len(e.NotFound) {
			p.Text += p.didYouMean()
		}
		lines = append(lines, p.Text)
	}
	if len(e.Added) > 0 {
		lines = append(lines, fmt.Sprintf("the input already carries columns of ours: %s; replace them with --recheck, or take them away", quotedList(e.Added)))
	}
	return lines
}

// Advice returns what to do about the faults, a line for each way.
func (e *MappingError) Advice() []string {
	var lines []string
	if e.looksLikeData() {
		lines = append(lines, "the first line looks like data, not a heading: put a heading line above it")
	}
	if hint := e.Paste(); hint != "" {
		lines = append(lines, "to choose a column yourself: "+hint)
	}
	return lines
}

// near returns the headings that may have been meant for a field, the likeliest
// first. Where the heading that was named for it is not there, one near that
// name is likelier than one near the field's own names.
func (e *MappingError) near(f Field) []string {
	rest := e.columns.headingsFor(f)
	for _, m := range e.NotFound {
		if m.Field != f {
			continue
		}
		if near := nearHeadings(f, []string{m.Heading}, rest); len(near) > 0 {
			return near
		}
	}
	return NearHeadings(f, rest)
}

// didYouMean asks whether one of the near headings was meant. It is empty where
// none is near.
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

// MapFlag returns the flag of ivp that reads a field from the column so headed.
func MapFlag(f Field, heading string) string {
	return fmt.Sprintf("--map %s=%s", f, shellQuoted(heading))
}

// shellQuoted quotes a word for a POSIX shell, in which nothing between single
// quotes means anything.
func shellQuoted(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// mostListed and longestListed are how many words a message lists, and how long
// each may be.
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

// isData reports whether text that stands as a heading is a date or a version.
func isData(heading string) bool {
	if day, err := ReadDate(heading, DayFirst); err == nil && day.Valid() {
		return true
	}
	spec, err := ivp.ParseSpec(heading, ivp.SMETS)
	return err == nil && !spec.IsZero()
}

// Paste returns the flags that choose a column for every field at fault: the
// likeliest, or else words to put the right heading in place of. Fields that are
// not at fault, and for which there is no column but one that may have been meant,
// follow. It is empty where no field is at fault.
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

// noHeading stands where the right heading is to be put.
const noHeading = "YOUR HEADING"

// mostNear is how many headings are suggested for a field.
const mostNear = 3

// NearHeadings returns those of the headings that may have been meant for a
// field that no heading means, the likeliest first, at most three. It is for
// messages: no column is ever read on the strength of it. Headings that mean
// another field, those of ours, and what is no heading but a date or a version,
// are not among them.
func NearHeadings(f Field, headings []string) []string { return nearHeadings(f, f.Aliases(), headings) }

// NearHeadings returns those headings that may have been meant for the field,
// except those of columns that another field is read from.
func (c Columns) NearHeadings(f Field) []string { return NearHeadings(f, c.headingsFor(f)) }

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

// mostCompared is how many headings are looked through for near ones: a message
// about a file of very many columns must not take long.
const mostCompared = 1000

// longestNear is the longest heading, in bytes, that may be near a field's: a
// whole line is one cell where it is split by another delimiter.
const longestNear = 1000

// nearHeadings does so for a field that any of the wanted headings would mean.
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
		if meant := fieldOfHeading(heading); meant != 0 && meant != f || isAdded(heading) || isData(heading) || holdsAny(heading, otherWords[f]) {
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

// nearness says how a heading is near another. The lower, the nearer; the
// first three are the letters by which they differ.
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

// nearnessOf compares a heading with one that means a field. Two letters may
// differ, but no more than a third of them: short headings are soon alike.
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
	case containsWords(want, found) && !saysLittle(found):
		return containedIn
	}
	return notNear
}

// headingWords are the words of a heading, in lower case: "InstallDate" has two.
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

// containsWords reports whether some of the words, one after the other, are the
// given ones.
func containsWords(words, part []string) bool {
	for at := 0; len(part) > 0 && at+len(part) <= len(words); at++ {
		if slices.Equal(words[at:at+len(part)], part) {
			return true
		}
	}
	return false
}

// saysLittle reports whether words stand in the headings of most fields.
func saysLittle(words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool {
		return !slices.Contains([]string{"device", "meter", "name", "number", "identifier", "model", "version"}, word)
	})
}

// hintWords are parts of words by which people call a field that they call by
// no name of it: a heading holds one of each group, such as "Date Fitted".
var hintWords = [fieldEnd][][]string{
	DeviceID:    {{"serial", "assetid", "meterid"}},
	DeviceType:  {{"type", "class", "kind", "category"}, {"device", "meter", "asset", "equip", "product", "unit"}},
	Spec:        {{"smets", "chts", "version"}},
	GBCS:        {{"gbcs", "companion"}},
	InstallDate: {{"date", "dt", "day"}, {"install", "fit"}},
}

// otherWords are parts of words that speak of something else than the field.
var otherWords = [fieldEnd][]string{
	Spec: {"gbcs", "companion", "firmware", "software", "hardware"},
}

// hints reports whether a heading holds what hints at the field.
func hints(f Field, heading string) bool {
	for _, group := range hintWords[f] {
		if !holdsAny(heading, group) {
			return false
		}
	}
	return hintWords[f] != nil
}

// holdsAny reports whether a heading holds one of the parts of words.
func holdsAny(heading string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(normal(heading), part) })
}
