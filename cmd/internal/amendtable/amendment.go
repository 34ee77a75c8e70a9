package amendtable

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/input"
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

// Amendment makes an amendment from the table and the pairs, which may be nil,
// and checks it against the record as the loader does. The error names every
// fault with its place in the table.
func (t *Table) Amendment(h ivp.History, head Head, pairs *Pairs, today ivp.Date) (*Made, error) {
	added := pairs.added(h, head.InForce)
	if len(t.entries)+len(added) == 0 {
		return nil, fmt.Errorf("%s: no row has an end, a start or a confirmed day: give the end of at least one version, as a date or open", t.sheet.name)
	}
	made := &Made{Amendment: t.amendment(head, added)}
	made.Data = ivp.AppendAmendments(nil, made.Amendment)
	amended, err := h.AmendFile(made.Data)
	if err != nil {
		return nil, t.blame(err, made.Data, pairs, added)
	}
	made.compare(h, amended)
	made.Notes = append(made.Notes, pairNotes(h, amended, pairs, added)...)
	for _, w := range Warnings(h, amended, today) {
		if w.Code != "overridden" { // the summary counts those
			made.Notes = append(made.Notes, "warning: "+w.String())
		}
	}
	return made, nil
}

func (t *Table) amendment(head Head, added []pair) ivp.Amendment {
	a := ivp.Amendment{ID: head.ID, InForce: head.InForce, PerhapsFrom: head.PerhapsFrom, Vouched: head.Vouched, Whole: head.Whole, Citations: head.citations()}
	for _, e := range t.entries {
		e.Scope = cmp.Or(e.Scope, head.Scope)
		if e.Unquoted == "" && e.Inferred == "" && !quoted(a.Citations, e.Entry) {
			e.Unquoted = fmt.Sprintf("read in %s, typed from %s", t.sheet.place(e.row), head.Document)
		}
		a.Entries = append(a.Entries, e.Entry)
	}
	for _, p := range added {
		a.Pairs = append(a.Pairs, p.Pair)
	}
	a.Title = cmp.Or(head.Title, specList(a.Entries)+", as typed from "+head.Document)
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

// specList names the first versions and counts the rest.
func specList(entries []ivp.Entry) string {
	const most = 3
	var names []string
	for _, e := range entries {
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

// Pairs is a table of permitted pairs as it was typed. Make one with [ReadPairs];
// a nil *Pairs has none.
type Pairs struct {
	sheet *sheet
	pairs []pair
}

type pair struct {
	row
	ivp.Pair
}

// ReadPairs reads permitted pairs from CSV or a workbook with the columns
// device_type, spec and gbcs. The error names every fault and carries the exit
// code.
func ReadPairs(ctx context.Context, name string, stdin io.Reader, options input.Options) (*Pairs, error) {
	s, err := readSheet(ctx, name, stdin, options, []column{typeColumn, specColumn, gbcsColumn}, 3)
	if err != nil {
		return nil, err
	}
	p := &Pairs{sheet: s}
	faults := s.faults
	for _, r := range s.rows {
		read, wrong := p.read(r)
		faults = append(faults, wrong...)
		p.pairs = append(p.pairs, read)
	}
	if err := s.check(faults); err != nil {
		return nil, err
	}
	return p, nil
}

// Notes returns what the user should know about how the table was read.
func (p *Pairs) Notes() []string { return p.sheet.notes }

func (p *Pairs) read(r row) (read pair, faults Faults) {
	s := p.sheet
	read.row = r
	var err error
	if read.Type, err = devices.ParseDeviceType(s.cell(r, typeColumn)); err != nil || read.Type == 0 {
		faults = append(faults, s.fault(r, typeColumn, "this is not a device type", "one of "+typeNames(), "write the right one"))
	}
	if read.Spec, err = devices.ParseTSVersion(s.cell(r, specColumn), read.Type); err != nil {
		faults = append(faults, s.versionFault(r, specColumn, err))
	}
	if read.GBCS, err = devices.ParseGBCSVersion(s.cell(r, gbcsColumn)); err != nil {
		faults = append(faults, s.versionFault(r, gbcsColumn, err))
	}
	return read, faults
}

func typeNames() string {
	var names []string
	for _, t := range ivp.DeviceTypes() {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}

// added returns the pairs, each once, that the record does not permit on the
// in-force day. The others need not be stated again.
func (p *Pairs) added(h ivp.History, inForce ivp.Date) (added []pair) {
	if p == nil {
		return nil
	}
	var known []ivp.Pair
	for _, permitted := range h.PermittedPairs(inForce) {
		if !permitted.Perhaps {
			known = append(known, permitted.Pair)
		}
	}
	for _, read := range p.pairs {
		if !slices.Contains(known, read.Pair) {
			known = append(known, read.Pair)
			added = append(added, read)
		}
	}
	return added
}

// pairNotes names the pairs that are on record already, the pairs with a version
// that is not listed, and the new GBCS versions that have no pair.
func pairNotes(before, after ivp.History, pairs *Pairs, added []pair) (notes []string) {
	known, all := before.Specs(), after.Specs()
	if pairs != nil && len(added) < len(pairs.pairs) {
		notes = append(notes, fmt.Sprintf("%s: %d of %d pairs are already on record and were left out", pairs.sheet.name, len(pairs.pairs)-len(added), len(pairs.pairs)))
	}
	for _, p := range added {
		for _, spec := range []ivp.Spec{p.Spec, p.GBCS} {
			if !spec.NoGBCS() && !slices.Contains(all, spec) {
				notes = append(notes, fmt.Sprintf("warning: %s:%d: neither the record nor the table lists %s: check it against the Tables", pairs.sheet.name, p.line, spec))
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
	return fmt.Sprintf("warning: %s is new to the record and has no permitted pair: a device with it is undetermined (unlisted-pair) if its other version has pairs; give its pairs with --pairs FILE (device_type, spec, gbcs)", spec)
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
