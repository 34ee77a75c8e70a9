package typedtable

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Head is what holds for an amendment as a whole.
type Head struct {
	ID          string
	InForce     ivp.Date
	PerhapsFrom ivp.Date // no date where the day is not in doubt
	Vouched     ivp.Date // the day on which the author last saw the Tables say this; may be no date
	Whole       bool     // whether it restates the Tables as a whole
	Title       string   // empty has one made
	Document    string   // what the table was typed from
	URL         string
	Quotes      []string
	Scope       string // of the rows that name none; empty is the general one
}

// Made is an amendment that was made of a table, and stands on a record.
type Made struct {
	Amendment ivp.Amendment
	// Data is its file, in canonical form.
	Data []byte
	// Changed are the entries for which the latest tables differ with the
	// amendment, such as "SMETS2 v4.2, scope prepayment"; Restated counts those
	// for which they do not.
	Changed  []string
	Restated int
	// Overridden are the entries that do not take effect, because a later
	// amendment of the record overrides them.
	Overridden []ivp.Override
	// Notes say what the user should know of it.
	Notes []string
}

// Amendment makes the amendment that the table and the pairs, which may be
// nil, say. It holds it against the record, as the loader does: the error names
// every fault with its place in the table.
func (t *Table) Amendment(h ivp.History, head Head, pairs *Pairs, today ivp.Date) (*Made, error) {
	added := pairs.added(h, head.InForce)
	if len(t.entries)+len(added) == 0 {
		return nil, fmt.Errorf("%s: no row says anything: give the end of some version, as a date or open", t.sheet.name)
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

// citations are the document once for each quotation, and once for none.
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

// quoted reports whether every date of an entry stands in a quotation.
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
