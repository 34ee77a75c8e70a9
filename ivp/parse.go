package ivp

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// file is the contents of a rules file.
type file struct {
	schema     int // 0 if the file gives none
	edition    string
	amendments []placed
}

// placed is an amendment with the lines of its parts, which are 0 for an
// amendment that does not come from a file.
type placed struct {
	Amendment
	line    int
	entries []int // the line of each entry
	pairs   []int // the line of each pair
	// faulty is true if something of the amendment could not be read. The linter
	// checks the rest, except unread entries and pairs. It does not look for
	// dates in the quotations if a citation could not be read.
	faulty          bool
	unreadEntries   []bool
	unreadPairs     []bool
	unreadCitations bool
	quotes          map[Date]bool // caches whether a quotation contains a day
}

func (p *placed) unreadEntry(i int) bool { return i < len(p.unreadEntries) && p.unreadEntries[i] }
func (p *placed) unreadPair(i int) bool  { return i < len(p.unreadPairs) && p.unreadPairs[i] }

func (p *placed) entryLine(i int) int { return lineAt(p.entries, i) }
func (p *placed) pairLine(i int) int  { return lineAt(p.pairs, i) }

func lineAt(lines []int, i int) int {
	if i < len(lines) {
		return lines[i]
	}
	return 0
}

// reread writes amendments from Go code as a rules file and reads that, so that
// they must meet the requirements of a file.
func reread(amendments []Amendment) ([]placed, Faults) {
	parsed, faults := parseFile((&record{amendments: amendments}).appendCanonical(nil))
	for i := range faults {
		faults[i].Line = 0
	}
	for _, a := range amendments {
		for _, e := range a.Entries {
			if e.From.isVoid() || e.To.isVoid() {
				faults = append(faults, Fault{Code: "bad-bound", Amendment: a.ID, Field: "entries", Value: e.name(), Problem: "a bound has a kind but no valid day",
					Want: "a valid date, Open or NotOnRecord", Do: "leave it zero if the bound does not change"})
			}
		}
	}
	for i := range parsed.amendments {
		a := &parsed.amendments[i]
		a.line, a.entries, a.pairs = 0, nil, nil
	}
	return parsed.amendments, faults
}

// isVoid reports whether the bound has a kind but no text in a rules file.
func (b Bound) isVoid() bool { return b.Kind != 0 && b.String() == "" }

// parseFile reads a rules file and checks its form: keys, types, dates,
// versions. The function lint checks the meaning.
func parseFile(data []byte) (file, Faults) {
	root, fault := readTree(data)
	if fault != nil {
		return file{}, Faults{*fault}
	}
	p := &parser{}
	f := p.file(root)
	if len(p.templates) > 0 {
		p.report(Fault{Code: "template", Line: p.templates[0], Value: "TEMPLATE", Problem: "texts of the template are left, on " + lineList(p.templates),
			Want: "what the Tables say", Do: "write each again from the source, or remove the entry that it is in: nothing in the template is a fact"})
	}
	return f, p.faults.sorted()
}

// lineList returns sorted lines in words, such as "lines 5, 7, 9 and 12 to 34".
func lineList(lines []int) string {
	var parts []string
	for i := 0; i < len(lines); {
		j := i
		for j+1 < len(lines) && lines[j+1] <= lines[j]+1 {
			j++
		}
		part := strconv.Itoa(lines[i])
		if lines[j] > lines[i] {
			part += " to " + strconv.Itoa(lines[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	if len(parts) == 1 {
		return "line " + parts[0]
	}
	return "lines " + strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// parser reads a rules file. It collects every fault and goes on.
type parser struct {
	amendment string // the id of the amendment being read
	faults    Faults
	templates []int // the lines of texts left from the template
}

func (p *parser) report(f Fault) {
	f.Amendment = p.amendment
	p.faults = append(p.faults, f)
}

// object returns the members of an object by key. It reports unknown and
// repeated keys.
func (p *parser) object(n *node, field string, known ...string) map[string]*node {
	if n.kind != nodeObject {
		p.report(Fault{Code: "not-an-object", Line: n.line, Field: field, Problem: "this is " + nodeNames[n.kind], Want: "an object", Do: "write it in braces, with its keys"})
		return nil
	}
	found := map[string]*node{}
	for _, m := range n.members {
		switch {
		case !slices.Contains(known, m.key):
			p.unknownKey(m, known)
		case found[m.key] != nil:
			p.report(Fault{Code: "repeated-key", Line: m.line, Field: m.key, Problem: "the key is given here a second time", Want: "each key once", Do: "remove one"})
		default:
			found[m.key] = m.value
		}
	}
	return found
}

func (p *parser) unknownKey(m member, known []string) {
	do := "remove it"
	for _, key := range known {
		if strings.EqualFold(key, m.key) {
			do = writeIt(key)
		}
	}
	p.report(Fault{Code: "unknown-key", Line: m.line, Value: m.key, Problem: "this key is not known here", Want: "one of " + strings.Join(known, ", "), Do: do})
}

func (p *parser) array(n *node, field string) []*node {
	if n == nil {
		return nil
	}
	if n.kind != nodeArray {
		p.report(Fault{Code: "not-an-array", Line: n.line, Field: field, Problem: "this is " + nodeNames[n.kind],
			Want: "an array", Do: "write it in square brackets, even if it has only one item"})
	}
	return n.items
}

// text reads a string, "" if the key is missing.
func (p *parser) text(n *node, field string) string {
	switch {
	case n == nil:
		return ""
	case n.kind != nodeString:
		p.report(Fault{Code: "not-a-text", Line: n.line, Field: field, Problem: "this is " + nodeNames[n.kind],
			Want: "a string", Do: "write it in double quotes, or leave the key out"})
		return ""
	case n.text == "" || strings.TrimSpace(n.text) != n.text || strings.ContainsFunc(n.text, isControl):
		p.report(Fault{Code: "bad-text", Line: n.line, Field: field, Value: n.text, Problem: "the text is empty, or has spaces around it or a control character in it",
			Want: "plain text", Do: "remove them, or leave the key out"})
	case strings.HasPrefix(n.text, "TEMPLATE"):
		p.templates = append(p.templates, n.line)
	case strings.ContainsRune(n.text, utf8.RuneError):
		p.report(Fault{Code: "lost-character", Line: n.line, Field: field, Value: n.text, Problem: "the text has a replacement character (U+FFFD) where a character was lost",
			Want: "the character that the source has", Do: "write it as UTF-8"})
	}
	return n.text
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// needed reports a missing key of parent.
func (p *parser) needed(parent *node, n *node, field, want string) {
	if n == nil {
		p.report(Fault{Code: "missing-key", Line: parent.line, Field: field, Problem: "the key is missing", Want: want, Do: "add it"})
	}
}

func (p *parser) date(n *node, field string) Date {
	text := p.text(n, field)
	if text == "" {
		return Date{}
	}
	day, ok := parseISO(text)
	if !ok {
		p.report(Fault{Code: "bad-date", Line: n.line, Field: field, Value: text, Problem: "this is not a valid date", Want: "YYYY-MM-DD", Do: dayAdvice(text)})
	}
	return day
}

// bound reads a date or one of the given words.
func (p *parser) bound(n *node, field string, words ...BoundKind) Bound {
	text := p.text(n, field)
	if text == "" {
		return Bound{}
	}
	want := "YYYY-MM-DD"
	for _, word := range words {
		if text == word.String() {
			return Bound{Kind: word}
		}
		want += " or " + word.String()
	}
	day, ok := parseISO(text)
	if !ok {
		p.report(Fault{Code: "bad-bound", Line: n.line, Field: field, Value: text, Problem: "this is neither a valid date nor a known word",
			Want: want, Do: boundAdvice(text, words)})
		return Bound{}
	}
	return On(day)
}

// spec reads a version, in the spelling of Spec.String only.
func (p *parser) spec(n *node, field string) Spec {
	text := p.text(n, field)
	if text == "" {
		return Spec{}
	}
	spec, err := ParseSpec(text, 0)
	if err != nil || spec.String() != text {
		want, do := "one such as SMETS2 v4.2, CHTS v1.3 or GBCS v3.2", "look it up in the source, and write its family, v and its number"
		if err == nil {
			want, do = spec.String(), writeIt(spec.String())
		}
		p.report(Fault{Code: "bad-version", Line: n.line, Field: field, Value: text, Problem: "this is not how a version is written here", Want: want, Do: do})
	}
	return spec
}

// truth reads a key that may only be true or missing.
func (p *parser) truth(n *node, field string) bool {
	if n == nil {
		return false
	}
	if n.kind != nodeBool || !n.truth {
		p.report(Fault{Code: "not-true", Line: n.line, Field: field, Problem: "this is not true", Want: "true", Do: "write true, or leave the key out"})
		return false
	}
	return true
}

func (p *parser) deviceType(n *node) DeviceType {
	text := p.text(n, "type")
	if text == "" {
		return 0
	}
	t, err := ParseDeviceType(text)
	if err != nil || t.String() != text {
		do := "choose the one that is meant"
		if err == nil {
			do = writeIt(t.String())
		}
		p.report(Fault{Code: "bad-type", Line: n.line, Field: "type", Value: text, Problem: "this is not how a device type is written here",
			Want: "one of " + strings.Join(typeNames(), ", "), Do: do})
	}
	return t
}

func (p *parser) file(root *node) file {
	keys := p.object(root, "", "schema", "edition", "amendments")
	if keys == nil {
		return file{}
	}
	p.needed(root, keys["amendments"], "amendments", "an array of amendments")
	f := file{schema: p.schema(keys["schema"]), edition: p.text(keys["edition"], "edition")}
	for _, n := range p.array(keys["amendments"], "amendments") {
		f.amendments = append(f.amendments, p.readAmendment(n))
	}
	return f
}

// schema reads the version of the file's format, 0 if the key is missing.
func (p *parser) schema(n *node) int {
	if n == nil {
		return 0
	}
	if n.kind != nodeNumber || n.text != strconv.Itoa(FormatVersion) {
		p.report(Fault{Code: "bad-schema", Line: n.line, Field: "schema", Value: n.text, Problem: "this program does not know that version of the format",
			Want: strconv.Itoa(FormatVersion), Do: "bring the program up to date, or write the file in the format that it knows"})
	}
	return FormatVersion
}

func (p *parser) readAmendment(n *node) (a placed) {
	a.line = n.line
	p.amendment = n.textOf("id")
	before := len(p.faults)
	defer func() { a.faulty = len(p.faults) > before }()
	keys := p.object(n, "amendments", "id", "title", "in_force", "perhaps_from", "vouched", "whole", "note", "citations", "entries", "pairs")
	if keys == nil {
		a.unreadCitations = true
		return a
	}
	a.ID = p.text(keys["id"], "id")
	a.Title = p.text(keys["title"], "title")
	a.InForce = p.date(keys["in_force"], "in_force")
	a.PerhapsFrom = p.date(keys["perhaps_from"], "perhaps_from")
	a.Vouched = p.date(keys["vouched"], "vouched")
	a.Whole = p.truth(keys["whole"], "whole")
	a.Note = p.text(keys["note"], "note")
	p.needed(n, keys["id"], "id", "a name such as MP196")
	p.needed(n, keys["title"], "title", "a few words that say what it does")
	p.needed(n, keys["in_force"], "in_force", "the first day on which a source shows it in force")
	count := len(p.faults)
	for _, item := range p.array(keys["citations"], "citations") {
		a.Citations = append(a.Citations, p.citation(item))
	}
	a.unreadCitations = len(p.faults) > count
	for _, item := range p.array(keys["entries"], "entries") {
		count := len(p.faults)
		a.Entries = append(a.Entries, p.entry(item))
		a.entries = append(a.entries, item.line)
		a.unreadEntries = append(a.unreadEntries, len(p.faults) > count)
	}
	for _, item := range p.array(keys["pairs"], "pairs") {
		count := len(p.faults)
		a.Pairs = append(a.Pairs, p.pair(item))
		a.pairs = append(a.pairs, item.line)
		a.unreadPairs = append(a.unreadPairs, len(p.faults) > count)
	}
	p.amendment = ""
	return a
}

func (p *parser) citation(n *node) Citation {
	keys := p.object(n, "citations", "document", "url", "quote")
	if keys == nil {
		return Citation{}
	}
	p.needed(n, keys["document"], "document", "what was read, in words that let a reader find it")
	c := Citation{Document: p.text(keys["document"], "document"), URL: p.text(keys["url"], "url"), Quote: p.text(keys["quote"], "quote")}
	if c.URL != "" && !strings.HasPrefix(c.URL, "https://") && !strings.HasPrefix(c.URL, "http://") {
		p.report(Fault{Code: "bad-address", Line: keys["url"].line, Field: "url", Value: c.URL, Problem: "this is not an address",
			Want: "one that begins with https://", Do: "write the whole address, or leave url out"})
	}
	return c
}

func (p *parser) entry(n *node) Entry {
	keys := p.object(n, "entries", "spec", "scope", "remove", "from", "to", "confirmed", "inferred", "unquoted")
	if keys == nil {
		return Entry{}
	}
	p.needed(n, keys["spec"], "spec", "a version such as SMETS2 v4.2")
	e := Entry{
		Spec:      p.spec(keys["spec"], "spec"),
		Scope:     p.text(keys["scope"], "scope"),
		From:      p.bound(keys["from"], "from", NotOnRecord),
		To:        p.bound(keys["to"], "to", Open, NotOnRecord),
		Confirmed: p.date(keys["confirmed"], "confirmed"),
		Inferred:  p.text(keys["inferred"], "inferred"),
		Unquoted:  p.text(keys["unquoted"], "unquoted"),
	}
	e.Remove = p.truth(keys["remove"], "remove")
	return e
}

func (p *parser) pair(n *node) Pair {
	keys := p.object(n, "pairs", "type", "spec", "gbcs", "remove")
	if keys == nil {
		return Pair{}
	}
	for _, key := range []string{"type", "spec", "gbcs"} {
		p.needed(n, keys[key], key, "type, spec and gbcs")
	}
	return Pair{Type: p.deviceType(keys["type"]), Spec: p.spec(keys["spec"], "spec"), GBCS: p.spec(keys["gbcs"], "gbcs"), Remove: p.truth(keys["remove"], "remove")}
}
