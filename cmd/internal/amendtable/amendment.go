package amendtable

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Head is what applies to an amendment as a whole.
type Head struct {
	ID          string
	InForce     ivp.Date
	PerhapsFrom ivp.Date // zero if the day is not in doubt
	Vouched     ivp.Date // the day on which the author last checked the Tables; may be zero
	Whole       bool     // true if it restates the Tables as a whole
	Title       string   // if empty, a title is made from the versions
	Document    string   // the document that the table was typed from
	URL         string
	Quotes      []string
	Scope       string // for rows that name no scope; empty is the general case
}

// Made is an amendment made from a table and accepted by the loader.
type Made struct {
	Amendment ivp.Amendment
	// Data is its file, in canonical form.
	Data []byte
	// Changed lists the entries that change the latest tables, such as "SMETS2
	// v4.2, scope prepayment". Restated counts the entries that do not.
	Changed  []string
	Restated int
	// Overridden lists the entries that take no effect because a later amendment
	// on record overrides them.
	Overridden []ivp.Override
	// Notes are for the user: what was left out, and warnings.
	Notes []string
}

// Amendment makes an amendment from the table and from a table of pairs, which may
// be nil, and checks it against the record as the loader does. The error is
// [Faults]: everything that is wrong with the tables, and everything that only
// their user can say.
func (t *Table) Amendment(h ivp.History, head Head, pairs *Table, today ivp.Date) (*Made, error) {
	made := &Made{}
	asked := slices.Concat(t.answers.faults, head.missing(t.sheet.above), t.sheet.faults)
	if pairs != nil {
		asked = append(asked, pairs.sheet.faults...)
	}
	a := head.amendment(h)
	entries, open := t.settle(h, head.Scope, a.InForce)
	asked = append(asked, open...)
	added, typeless := made.pairs(h, a.InForce, t.answers, t, pairs)
	var pairRows []row
	for _, p := range added {
		a.Pairs, pairRows = append(a.Pairs, p.Pair), append(pairRows, p.row)
	}
	for _, e := range entries {
		if e.Unquoted == "" && e.Inferred == "" && !quoted(a.Citations, e.Entry) {
			e.Unquoted = fmt.Sprintf("read in %s, typed from %s", e.place(), a.Citations[0].Document)
		}
		a.Entries = append(a.Entries, e.Entry)
	}
	if len(a.Entries)+len(a.Pairs)+len(asked) == 0 {
		return nil, Faults{{File: t.sheet.name, Problem: "no row says anything that is not on record: no end, start, confirmed day or pair"}}
	}
	if a.Title == "" {
		a.Title = specList(a) + ", as typed from " + a.Citations[0].Document
	}
	made.Amendment = a
	made.Data = ivp.AppendAmendments(nil, a)
	amended, err := h.AmendFile(made.Data)
	if err != nil && len(a.Entries)+len(a.Pairs) > 0 {
		asked = append(asked, blame(err, made.Data, entries, pairRows)...)
	}
	if len(asked) > 0 {
		return nil, append(asked, typeless...).sorted()
	}
	made.compare(h, amended)
	for _, f := range typeless {
		made.Notes = append(made.Notes, "warning: "+f.String())
	}
	made.Notes = append(made.Notes, t.absent(h, head.Whole, a.InForce)...)
	made.Notes = append(made.Notes, pairNotes(h, amended, added)...)
	for _, w := range Warnings(h, amended, today) {
		if w.Code != "overridden" { // the summary counts those
			made.Notes = append(made.Notes, "warning: "+w.String())
		}
	}
	return made, nil
}

// placeholder begins the words of the line to paste that must be replaced.
const placeholder = "YOUR "

// missing returns what only a person can say about the amendment as a whole and has
// not said. above are the texts above the heading of the table.
func (head Head) missing(above []string) (faults Faults) {
	needed := func(missing bool, flag, what, want, word string) {
		if missing {
			faults = append(faults, Fault{Column: flag, Problem: what, Want: want, Paste: flag + " " + quote(placeholder+word)})
		}
	}
	needed(head.ID == "", "--id", "the amendment needs a name", "one such as TSAT-2026: every answer that depends on the amendment shows it", "ID")
	where := ""
	if len(above) > 0 {
		where = "; above the heading: " + remarks.Quoted(clipAll(above))
	}
	needed(!head.InForce.Valid(), "--in-force", "the first day on which a source shows these Tables in force", "a date such as 01/11/2026, or today"+where, "DATE")
	needed(strings.TrimSpace(head.Document) == "", "--document", "the source of the table", "words by which a reader finds it, such as the name and version of the document", "DOCUMENT")
	if len(faults) > 0 && head.Title == "" {
		faults = append(faults, Fault{Column: "--title", Problem: "what the amendment does, in a few words", Want: "words of your own, or leave it out: the title is then the versions and the document"})
	}
	for _, text := range append([]string{head.ID, head.Document, head.Title, head.URL, head.Scope}, head.Quotes...) {
		if strings.HasPrefix(text, placeholder) {
			faults = append(faults, Fault{Value: text, Problem: "this is a placeholder", Do: "put your own words in its place"})
		}
	}
	return faults
}

// amendment returns the amendment without entries and pairs. What is missing has a
// stand-in, so that the rest can be checked.
func (head Head) amendment(h ivp.History) ivp.Amendment {
	a := ivp.Amendment{ID: cmp.Or(head.ID, "PENDING"), InForce: head.InForce, PerhapsFrom: head.PerhapsFrom, Vouched: head.Vouched, Whole: head.Whole, Title: head.Title}
	if !a.InForce.Valid() {
		a.InForce, a.PerhapsFrom, a.Vouched = h.Latest(), ivp.Date{}, ivp.Date{}
	}
	head.Document = cmp.Or(head.Document, "pending")
	a.Citations = head.citations()
	return a
}

// settle returns the entries that the table makes, and what must be asked about
// them. An entry for which something must be asked has a stand-in for it.
func (t *Table) settle(h ivp.History, scope string, inForce ivp.Date) (entries []*entry, asked Faults) {
	onRecord := windows(h.Table(inForce))
	ends := map[string][]*entry{} // what must be asked, by what the flag says
	var order []string
	used := map[ivp.Spec]bool{}
	for _, given := range t.entries {
		e := *given
		if e.Spec.IsZero() {
			e.start = bound{} // a question about it would name the version
		}
		e.Scope = cmp.Or(e.Scope, scope)
		used[e.Spec] = true
		known := onRecord[keyOf(e.Spec, e.Scope)]
		listed := known != nil || onRecord[keyOf(e.Spec, "")] != nil
		if asks := t.settleEnd(&e, known); asks != "" {
			if ends[asks] == nil {
				order = append(order, asks)
			}
			ends[asks] = append(ends[asks], &e)
		}
		if !e.Remove {
			asked = append(asked, t.settleStart(&e, known, listed)...)
		}
		if !e.Spec.IsZero() && (e.Remove || e.From.Kind != 0 || e.To.Kind != 0 || e.Confirmed.Valid()) {
			entries = append(entries, &e)
		}
	}
	for _, paste := range order {
		asked = append(asked, endQuestion(paste, ends[paste]))
	}
	named := slices.AppendSeq(slices.Collect(maps.Keys(t.answers.starts)), maps.Keys(t.answers.types))
	slices.SortFunc(named, ivp.CompareSpecs)
	for _, spec := range named {
		if !used[spec] && len(t.sheet.faults) == 0 {
			asked = append(asked, Fault{File: t.sheet.name, Value: spec.String(), Problem: "an answer names this version, and the table does not have it", Do: "correct the answer, or take it away"})
		}
	}
	return entries, asked
}

// settleEnd sets the end of an entry. If it must be asked, the end is open
// meanwhile, and the result is the flag that answers.
func (t *Table) settleEnd(e *entry, known []ivp.Window) (asks string) {
	e.To, e.Remove = e.end.Bound, e.end.removed
	if !e.end.unclear || e.Confirmed.Valid() || t.sheet.at[e.endColumn] < 0 {
		return ""
	}
	hasEnd := slices.ContainsFunc(known, func(w ivp.Window) bool { return w.To.Kind == ivp.Dated || w.To.Kind == ivp.Open })
	switch t.answers.end(e.Spec, e.end.text, hasEnd) {
	case openWord:
		e.To.Kind = ivp.Open
	case notOnRecordWord:
		e.To.Kind = ivp.NotOnRecord
	case unchangedWord:
	default:
		e.To.Kind = ivp.Open
		switch {
		case hasEnd:
			return "--no-end " + quote(e.Spec.String()+"=unchanged OR open")
		case isToCome(e.end.text):
			return "--no-end " + quote(e.end.text+"=not-on-record OR open")
		}
		return "--no-end 'open OR not-on-record'"
	}
	return ""
}

// endQuestion asks what the ends without a date mean that one flag answers.
func endQuestion(paste string, entries []*entry) Fault {
	first := entries[0]
	f := Fault{File: first.sheet.name, Line: first.line, Column: first.sheet.title(first.endColumn), Value: first.end.text, Paste: paste,
		Want: "what that means", Do: "say --no-end open if the Tables set no end, --no-end not-on-record if they set one that this table does not give, or --no-end unchanged to leave what is on record"}
	var texts []string
	count := map[string]int{}
	for _, e := range entries {
		what := fmt.Sprintf("%q", e.end.text)
		if e.end.text == "" {
			what = "nothing"
		}
		if count[what]++; count[what] == 1 {
			texts = append(texts, what)
		}
	}
	if len(texts) > 1 {
		for i, what := range texts {
			texts[i] = fmt.Sprintf("%s (%d)", what, count[what])
		}
	}
	hold := "cells hold"
	if len(entries) == 1 {
		hold = "cell holds"
	}
	f.Problem = fmt.Sprintf("%d %s %s: %s", len(entries), hold, strings.Join(texts, ", "), placesOf(entries))
	switch known := strings.HasSuffix(paste, "=unchanged OR open'"); {
	case known:
		f.Want = fmt.Sprintf("what that means for %s, whose end is on record", first.Spec)
		f.Do = fmt.Sprintf("say --no-end %s to keep that end, or --no-end %s if the Tables set none any more", quote(first.Spec.String()+"=unchanged"), quote(first.Spec.String()+"=open"))
	case isToCome(first.end.text):
		f.Do = fmt.Sprintf("say --no-end %s, or open if the Tables set no end until then", quote(first.end.text+"=not-on-record"))
	}
	return f
}

// placesOf names the versions and lines of entries.
func placesOf(entries []*entry) string {
	const most = 8
	var all []string
	for _, e := range entries[:min(len(entries), most)] {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s in %s %d", e.Spec, e.sheet.word, e.line)))
	}
	if more := len(entries) - len(all); more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, ", ")
}

// settleStart sets the start of an entry. A start that is on record keeps its
// authority: it is not set again.
func (t *Table) settleStart(e *entry, known []ivp.Window, listed bool) Faults {
	e.From = e.start.Bound
	switch answer := t.answers.starts[e.Spec]; {
	case e.start.unclear && answer == notOnRecordWord:
		e.From = ivp.Bound{Kind: ivp.NotOnRecord}
	case e.start.unclear && answer != "":
		day, _ := devices.ReadDate(answer, devices.DayFirst)
		e.From = ivp.On(day)
	case e.start.unclear && !listed:
		e.From = ivp.Bound{Kind: ivp.NotOnRecord}
		f := e.fault(e.startColumn, "the first day of "+e.Spec.String()+", which the record does not list on that day", "a date, or not-on-record", "")
		f.Paste = "--start " + quote(e.Spec.String()+"="+placeholder+"DATE")
		return Faults{f}
	case len(known) > 0 && !slices.ContainsFunc(known, func(w ivp.Window) bool {
		return w.From.Kind != e.From.Kind || e.From.Kind == ivp.Dated && w.From != e.From
	}):
		e.From = ivp.Bound{}
	}
	return nil
}

// citations returns one citation for each quotation, or one without a quotation
// if there are none.
func (head Head) citations() []ivp.Citation {
	if len(head.Quotes) == 0 {
		return []ivp.Citation{{Document: head.Document, URL: head.URL}}
	}
	var all []ivp.Citation
	for _, quote := range head.Quotes {
		all = append(all, ivp.Citation{Document: head.Document, URL: head.URL, Quote: quote})
	}
	return all
}

// quoted reports whether every date of an entry appears in a quotation.
func quoted(citations []ivp.Citation, e ivp.Entry) bool {
	for _, bound := range []ivp.Bound{e.From, e.To} {
		day, dated := bound.Date()
		if dated && !slices.ContainsFunc(citations, func(c ivp.Citation) bool { return c.Quotes(day) }) {
			return false
		}
	}
	return true
}

// specList names the first versions and counts the rest.
func specList(a ivp.Amendment) string {
	const most = 3
	var names []string
	for _, e := range a.Entries {
		if name := e.Spec.String(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch more := len(names) - most; {
	case len(names) == 0:
		return "permitted pairs"
	case more > 0:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
	}
	return strings.Join(names, ", ")
}

// compare finds which entries change the latest tables, and which are overridden.
func (m *Made) compare(before, after ivp.History) {
	day := after.Latest()
	old, latest := windows(before.Table(day)), windows(after.Table(day))
	for _, o := range after.Overrides() {
		if o.Amendment == m.Amendment.ID {
			m.Overridden = append(m.Overridden, o)
		}
	}
	for _, e := range m.Amendment.Entries {
		key := keyOf(e.Spec, e.Scope)
		if slices.ContainsFunc(m.Overridden, func(o ivp.Override) bool { return o.Entry == e }) {
			continue
		}
		if slices.Equal(old[key], latest[key]) {
			m.Restated++
			continue
		}
		name := e.Spec.String()
		if e.Scope != "" {
			name += ", scope " + e.Scope
		}
		m.Changed = append(m.Changed, name)
	}
}

type tableKey struct {
	spec  ivp.Spec
	scope string
}

// keyOf returns the key of a row; the case of a scope does not matter.
func keyOf(spec ivp.Spec, scope string) tableKey { return tableKey{spec, strings.ToLower(scope)} }

// windows returns the readings of every row of a table, without the amendments
// that set them.
func windows(rows []ivp.TableRow) map[tableKey][]ivp.Window {
	all := map[tableKey][]ivp.Window{}
	for _, row := range rows {
		for _, r := range row.Readings {
			if r.Listed {
				w := r.Window
				w.Amendment, w.Scope = "", ""
				key := keyOf(row.Spec, row.Scope)
				all[key] = append(all[key], w)
			}
		}
	}
	return all
}

// pair is a permitted pair and the row that gives it.
type pair struct {
	row
	ivp.Pair
}

// pairs returns the pairs of the tables, each once, that the record does not permit
// on the in-force day. If a row gives no device types, they are those of --types;
// else a combination that is on record for some type is not extended to others, and
// a new one is permitted for the types that the version has on record. asked has
// each version for which none of these gives a type.
func (m *Made) pairs(h ivp.History, inForce ivp.Date, a *Answers, tables ...*Table) (added []pair, asked Faults) {
	known := map[ivp.Pair]bool{}
	combined := map[[2]ivp.Spec]bool{}
	typesOf := map[ivp.Spec][]ivp.DeviceType{}
	for _, permitted := range h.PermittedPairs(inForce) {
		if p := permitted.Pair; !permitted.Perhaps {
			known[p], combined[[2]ivp.Spec{p.Spec, p.GBCS}] = true, true
			if !slices.Contains(typesOf[p.Spec], p.Type) {
				typesOf[p.Spec] = append(typesOf[p.Spec], p.Type)
			}
		}
	}
	for _, t := range tables {
		if t == nil {
			continue
		}
		total, restated := 0, 0
		for _, e := range t.entries {
			var without []string
			for _, p := range e.pairs {
				types := p.types
				if types == nil {
					types = a.types[e.Spec]
				}
				if p.gbcs.IsZero() || e.Spec.IsZero() {
					continue
				}
				total++
				if types == nil && combined[[2]ivp.Spec{e.Spec, p.gbcs}] {
					restated++
					continue
				}
				if types == nil {
					types = typesOf[e.Spec]
				}
				if name := p.gbcs.String(); types == nil && !slices.Contains(without, name) {
					without = append(without, name)
				}
				before := len(added)
				for _, kind := range types {
					one := ivp.Pair{Type: kind, Spec: e.Spec, GBCS: p.gbcs}
					if !known[one] {
						known[one] = true
						added = append(added, pair{p.row, one})
					}
				}
				if len(added) == before && types != nil {
					restated++
				}
			}
			if without != nil {
				asked = append(asked, typesQuestion(e, without))
			}
		}
		if restated > 0 {
			m.Notes = append(m.Notes, fmt.Sprintf("%s: %d of %d combinations of a version with a GBCS version are on record already", t.sheet.name, restated, total))
		}
	}
	return added, asked
}

// typesQuestion asks for the device types of a version without a pair on record.
func typesQuestion(e *entry, gbcs []string) Fault {
	types := "ESME,GSME"
	if e.Spec.Family == ivp.CHTS {
		types = ivp.CommunicationsHub.String()
	}
	f := e.fault(gbcsColumn, fmt.Sprintf("%s has no permitted pair on record, and the table gives no device types: no pair is written for %s (%s)", e.Spec, count(len(gbcs), "combination", "combinations"), strings.Join(gbcs, ", ")),
		"the device types for which the Tables permit it", fmt.Sprintf("say --types with them, as in --types %s, or leave it out", quote(e.Spec.String()+"="+types)))
	f.Paste = "--types " + quote(e.Spec.String()+"="+placeholder+"TYPES")
	return f
}

// absent names what is on record on the in-force day and not in the table: the
// combinations of its versions and, if it restates the Tables as a whole, the
// versions. Nothing of it is taken away.
func (t *Table) absent(h ivp.History, whole bool, inForce ivp.Date) (notes []string) {
	given := map[[2]ivp.Spec]bool{}
	paired, has := map[ivp.Spec]bool{}, map[ivp.Spec]bool{}
	for _, e := range t.entries {
		has[e.Spec] = true
		for _, p := range e.pairs {
			given[[2]ivp.Spec{e.Spec, p.gbcs}], paired[e.Spec] = true, true
		}
	}
	var combinations, versions []string
	for _, p := range h.PermittedPairs(inForce) {
		name := fmt.Sprintf("%s with %s", p.Spec, p.GBCS)
		if paired[p.Spec] && !given[[2]ivp.Spec{p.Spec, p.GBCS}] && !slices.Contains(combinations, name) {
			combinations = append(combinations, name)
		}
	}
	for _, r := range h.Table(inForce) {
		if name := r.Spec.String(); !has[r.Spec] && !slices.Contains(versions, name) {
			versions = append(versions, name)
		}
	}
	if combinations != nil {
		notes = append(notes, fmt.Sprintf("%s: on record and not in the table, and left as they are: %s; if the Tables permit them no more, add their pairs to the file with \"remove\": true", t.sheet.name, strings.Join(combinations, ", ")))
	}
	if whole && versions != nil {
		notes = append(notes, fmt.Sprintf("%s: on record and not in the table, and left as they are: %s; for a version that the Tables no longer list, add a row with removed as its end", t.sheet.name, strings.Join(versions, ", ")))
	}
	return notes
}

// pairNotes names the pairs with a version that is not listed, and the new GBCS
// versions that have no pair.
func pairNotes(before, after ivp.History, added []pair) (notes []string) {
	known, all := before.Specs(), after.Specs()
	for _, p := range added {
		for _, spec := range []ivp.Spec{p.Spec, p.GBCS} {
			if !spec.NoGBCS() && !slices.Contains(all, spec) {
				notes = append(notes, fmt.Sprintf("warning: %s:%d: neither the record nor the table lists %s: check it against the Tables", p.sheet.name, p.line, spec))
			}
		}
	}
	for _, spec := range all {
		if spec.Family == ivp.GBCS && !slices.Contains(known, spec) && !paired(after, spec) {
			notes = append(notes, unpairedNote(spec))
		}
	}
	return notes
}

// paired reports whether some pair on record names the version.
func paired(h ivp.History, spec ivp.Spec) bool {
	return slices.ContainsFunc(h.Pairs(), func(p ivp.Pair) bool { return p.Spec == spec || p.GBCS == spec })
}

func unpairedNote(spec ivp.Spec) string {
	return fmt.Sprintf("warning: %s is new to the record and has no permitted pair: a device with it is undetermined (unlisted-pair) if its other version has pairs; name it in the GBCS column of that version", spec)
}

// Warnings returns the warnings of [ivp.Lint] about the amendments that were
// added to a record, and about versions without a pair that they name. To check a
// whole record, pass an empty before.
func Warnings(before, after ivp.History, today ivp.Date) (warnings ivp.Faults) {
	added := map[string]bool{}
	for _, a := range after.Amendments() {
		if _, known := before.Amendment(a.ID); known {
			continue
		}
		added[a.ID] = true
		for _, e := range a.Entries {
			added[e.Spec.String()] = true
		}
	}
	for _, w := range ivp.Lint(after, today) {
		if added[w.Amendment] || w.Amendment == "" && added[w.Value] {
			warnings = append(warnings, w)
		}
	}
	return warnings
}

// Summary returns one line on what the amendment changes.
func (m *Made) Summary() string {
	entries, pairs := count(len(m.Amendment.Entries), "entry", "entries"), count(len(m.Amendment.Pairs), "new pair", "new pairs")
	if n := len(m.Overridden); n > 0 {
		pairs = fmt.Sprintf("%s no effect, because later amendments on record override %s (%s): if the Tables now say what your table says, give an in-force day after those amendments; %s",
			count(n, "has", "have"), itOrThem(n), m.overrides(), pairs)
	}
	if len(m.Changed) == 0 {
		return fmt.Sprintf("%s: %s: none changes the latest tables; %s", m.Amendment.ID, entries, pairs)
	}
	return fmt.Sprintf("%s: %s: %s the latest tables (%s), %s them; %s", m.Amendment.ID, entries,
		count(len(m.Changed), "changes", "change"), strings.Join(m.Changed, "; "), count(m.Restated, "restates", "restate"), pairs)
}

// overrides lists the overridden entries, grouped by the amendment that overrides
// them.
func (m *Made) overrides() string {
	var by []string
	specs := map[string][]string{}
	for _, o := range m.Overridden {
		if specs[o.By] == nil {
			by = append(by, o.By)
		}
		specs[o.By] = append(specs[o.By], o.Entry.Spec.String())
	}
	for i, id := range by {
		by[i] = id + ": " + strings.Join(specs[id], ", ")
	}
	return strings.Join(by, "; ")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func itOrThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
