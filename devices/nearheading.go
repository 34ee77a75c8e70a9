package devices

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

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
