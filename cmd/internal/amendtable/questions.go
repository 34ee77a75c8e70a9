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
	var keeps []string
	for _, w := range known {
		switch {
		case w.To.Kind == ivp.Dated:
			keeps = []string{unchangedWord}
		case w.To.Kind == ivp.Open && keeps == nil:
			keeps = []string{unchangedWord, openWord}
		}
	}
	switch t.answers.end(e.Spec, e.end.text, keeps) {
	case openWord:
		e.To.Kind = ivp.Open
	case notOnRecordWord:
		e.To.Kind = ivp.NotOnRecord
	case unchangedWord:
	default:
		e.To.Kind = ivp.Open
		switch {
		case keeps != nil:
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
		f.Value = ""
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
	for _, w := range known {
		if was, dated := w.From.Date(); dated && e.From.Kind == ivp.Dated && e.From.Day != was && len(known) == 1 {
			t.sheet.notes = append(t.sheet.notes, fmt.Sprintf("%s:%d: %s: %s starts on %s in the table and on %s on record: the day of the table is taken",
				t.sheet.name, e.line, t.sheet.title(e.startColumn), e.Spec, remarks.Day(e.From.Day), remarks.Day(was)))
		}
	}
	switch answer := t.answers.starts[e.Spec]; {
	case e.start.unclear && answer == notOnRecordWord:
		e.From = ivp.Bound{Kind: ivp.NotOnRecord}
	case e.start.unclear && answer != "":
		day, _ := devices.ReadDate(answer, devices.DayFirst)
		e.From = ivp.On(day)
		e.Unquoted = cmp.Or(e.Unquoted, fmt.Sprintf("the start was given by hand: %s has none", e.place()))
	case e.start.unclear && !listed:
		e.From = ivp.Bound{Kind: ivp.NotOnRecord}
		f := e.fault(e.startColumn, "the first day of "+e.Spec.String()+", which the record does not list on that day", "a date, or not-on-record", fmt.Sprintf("say it with --start, or leave the row out with --leave-out %d", e.line))
		f.Paste = "--start " + quote(e.Spec.String()+"="+placeholder+"DATE")
		return Faults{f}
	case len(known) > 0 && !slices.ContainsFunc(known, func(w ivp.Window) bool {
		return w.From.Kind != e.From.Kind || e.From.Kind == ivp.Dated && w.From != e.From
	}):
		e.From = ivp.Bound{}
	}
	return nil
}
