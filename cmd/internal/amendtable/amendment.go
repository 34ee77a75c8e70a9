package amendtable

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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
	Note        string   // what else a reader must know; may be empty
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
	// History is the record with the amendment.
	History ivp.History

	sheetNotes []string   // of a form, on how its cells were read
	notes      []string   // on how the pairs were read
	typeless   Faults     // the versions without a device type, for which no pair is written
	remarks    []string   // what is on record and not in the table, and what is in neither
	warnings   ivp.Faults // of the loader
}

// Notes are for the user: what was left out, and warnings.
func (m *Made) Notes() []string {
	all := slices.Clone(m.notes)
	for _, f := range m.typeless {
		all = append(all, "warning: "+f.String())
	}
	all = append(all, m.remarks...)
	for _, w := range m.warnings {
		all = append(all, "warning: "+w.String())
	}
	return all
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
	added, typeless, wrong := made.pairs(h, a.InForce, t.answers, t, pairs)
	asked = append(asked, wrong...)
	var pairRows []row
	for _, p := range added {
		a.Pairs, pairRows = append(a.Pairs, p.Pair), append(pairRows, p.row)
	}
	for _, e := range entries {
		if e.Unquoted == "" && e.Inferred == "" && !quoted(a.Citations, e.Entry) {
			e.Unquoted = e.typedFrom(a.Citations[0].Document)
		}
		a.Entries = append(a.Entries, e.Entry)
	}
	if len(a.Entries)+len(a.Pairs)+len(asked) == 0 {
		return nil, Faults{{File: t.sheet.name, Problem: "no row says anything that is not on record: no end, start, confirmed day or pair"}}
	}
	if a.Title == "" {
		a.Title = madeTitle(a)
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
	made.History, made.typeless = amended, typeless
	made.remarks = slices.Concat(t.absent(h, head.Whole, a.InForce), pairNotes(h, amended, added))
	for _, w := range Warnings(h, amended, today) {
		if w.Code != "overridden" { // the summary counts those
			made.warnings = append(made.warnings, w)
		}
	}
	return made, nil
}

// amendment returns the amendment without entries and pairs. What is missing has a
// stand-in, so that the rest can be checked.
func (head Head) amendment(h ivp.History) ivp.Amendment {
	a := ivp.Amendment{ID: cmp.Or(head.ID, "PENDING"), InForce: head.InForce, PerhapsFrom: head.PerhapsFrom, Vouched: head.Vouched, Whole: head.Whole, Title: head.Title, Note: head.Note}
	if !a.InForce.Valid() {
		a.InForce, a.PerhapsFrom, a.Vouched = h.Latest(), ivp.Date{}, ivp.Date{}
	}
	head.Document = cmp.Or(head.Document, "pending")
	a.Citations = head.citations()
	return a
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

// madeTitle returns the title of an amendment that was given none.
func madeTitle(a ivp.Amendment) string {
	return specList(a) + ", as typed from " + a.Citations[0].Document
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
	withdrawn := 0
	for _, p := range m.Amendment.Pairs {
		if p.Remove {
			withdrawn++
		}
	}
	entries, pairs := count(len(m.Amendment.Entries), "entry", "entries"), count(len(m.Amendment.Pairs)-withdrawn, "new pair", "new pairs")
	if withdrawn > 0 {
		pairs += ", " + count(withdrawn, "withdrawn", "withdrawn")
	}
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
