package amendtable

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
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
	needed(!head.InForce.Valid(), "--in-force", "the first day on which a source shows these Tables in force", "a date such as 01/11/2026", "DATE")
	if !head.InForce.Valid() {
		f := &faults[len(faults)-1]
		if f.Flags = ", or today"; len(above) > 0 {
			f.Flags += "; above the heading: " + remarks.Quoted(clipAll(above))
		}
	}
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
	if t.sheet.form && e.end.unclear && known == nil {
		e.To.Kind = ivp.NotOnRecord
	}
	if t.sheet.form {
		return ""
	}
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
			t.sheet.notes = append(t.sheet.notes, e.note(e.startColumn, fmt.Sprintf("%s starts on %s in the table and on %s on record: the day of the table is taken",
				e.Spec, remarks.Day(e.From.Day), remarks.Day(was))))
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
		if t.sheet.form {
			break
		}
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

// Answers are what the user says about a table beside its cells. Make them with
// [ParseAnswers].
type Answers struct {
	columns  map[column]string // the heading of a column
	cells    map[string]string // what a cell means, by its folded text
	ends     map[string]string // what an end without a date means, by its folded text, "blank", or a version; "" for all
	starts   map[ivp.Spec]string
	types    map[ivp.Spec][]ivp.DeviceType
	leaveOut []lines
	family   string
	faults   Faults
}

type lines struct{ first, last int }

// Given are the values of the flags that answer questions about a table.
type Given struct {
	Map      []string // COLUMN=HEADING
	Read     []string // CELL=VALUE
	NoEnd    []string // WORD, CELL=WORD or VERSION=WORD
	Start    []string // VERSION=DATE
	Types    []string // VERSION=TYPE,TYPE
	LeaveOut []string // such as 14,16-18
	Family   string
}

// ParseAnswers reads the flags. What is wrong with them is a fault of the table
// that is read with them.
func ParseAnswers(given Given) *Answers {
	a := &Answers{columns: map[column]string{}, cells: map[string]string{}, ends: map[string]string{}, starts: map[ivp.Spec]string{}, types: map[ivp.Spec][]ivp.DeviceType{}}
	for _, text := range given.Map {
		name, heading, ok := strings.Cut(text, "=")
		c, known := columnNamed(strings.TrimSpace(name))
		if !ok || !known || heading == "" {
			var names []string
			for c := range columnEnd {
				names = append(names, c.String())
			}
			a.refuse("--map", text, "COLUMN=HEADING, where COLUMN is one of "+strings.Join(names, ", "), "the heading may be a number such as #3")
			continue
		}
		a.columns[c] = heading
	}
	for _, text := range given.Read {
		cell, value, ok := cutLast(text)
		if !ok {
			a.refuse("--read", text, "CELL=VALUE, such as '4=4.0'", "write what the cell holds, and what it means")
			continue
		}
		a.cells[folded(cell)] = value
	}
	for _, text := range given.NoEnd {
		key, word, ok := cutLast(text)
		if !ok {
			key, word = "", text
		}
		if word = folded(word); !slices.Contains(endWords, word) {
			a.refuse("--no-end", text, strings.Join(endWords, ", ")+", or one of them after what the cell holds or the version, as in 'TBC=not-on-record'", "say what an end without a date means")
			continue
		}
		if spec, err := parseSpec(key, ""); err == nil {
			key = spec.String()
		}
		a.ends[folded(key)] = word
	}
	for _, text := range given.Start {
		name, day, ok := cutLast(text)
		spec, err := parseSpec(name, "")
		if _, dateErr := devices.ReadDate(day, devices.DayFirst); !ok || err != nil || dateErr != nil && day != notOnRecordWord {
			a.refuse("--start", text, "VERSION=DATE, such as 'SMETS2 v5.1=04/11/2021', or "+notOnRecordWord+" as the date", "write the first day of installation")
			continue
		}
		a.starts[spec] = day
	}
	for _, text := range given.Types {
		name, list, ok := cutLast(text)
		spec, err := parseSpec(name, "")
		types, typesErr := parseTypes(list)
		foreign := slices.ContainsFunc(types, func(t ivp.DeviceType) bool { return t.BareFamily() != 0 && t.BareFamily() != spec.Family })
		if !ok || err != nil || typesErr != nil || len(types) == 0 || foreign {
			a.refuse("--types", text, "VERSION=TYPES, such as 'SMETS2 v5.1=ESME,HCALCS', with types of that family; the types are "+typeNames(), "write the device types for which the Tables permit the version")
			continue
		}
		a.types[spec] = types
	}
	for part := range strings.SplitSeq(strings.Join(given.LeaveOut, ","), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		from, to, isRange := strings.Cut(part, "-")
		first, err := strconv.Atoi(from)
		last := first
		if isRange && err == nil {
			last, err = strconv.Atoi(to)
		}
		if err != nil || first < 1 || last < first {
			a.refuse("--leave-out", part, "the numbers of lines, such as 14,16-18", "write those that are no part of the table")
			continue
		}
		a.leaveOut = append(a.leaveOut, lines{first, last})
	}
	if a.family = abbreviated(given.Family); given.Family != "" && !isFamily(a.family) {
		a.refuse("--family", given.Family, "SMETS, SMETS1, SMETS2, CHTS or GBCS", "write the family of the versions without one")
		a.family = ""
	}
	return a
}

func (a *Answers) refuse(flag, value, want, do string) {
	a.faults = append(a.faults, Fault{Column: flag, Value: value, Problem: "this cannot be used", Want: want, Do: do})
}

// cutLast splits text at its last "=": a cell may contain one.
func cutLast(text string) (before, after string, ok bool) {
	i := strings.LastIndex(text, "=")
	if i < 0 {
		return "", text, false
	}
	before, after = strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+1:])
	return before, after, before != "" && after != ""
}

// folded returns a cell as cells are compared: in one line, in lower case.
func folded(cell string) string { return strings.ToLower(oneLine(cell)) }

// leaves reports whether a line is to be left out.
func (a *Answers) leaves(line int) bool {
	return slices.ContainsFunc(a.leaveOut, func(l lines) bool { return l.first <= line && line <= l.last })
}

// meaning returns what a cell means: the cell itself if --read does not say.
func (a *Answers) meaning(cell string) string {
	if value, ok := a.cells[folded(cell)]; ok {
		return value
	}
	return cell
}

// end returns what the user says about an end without a date. If the record has an
// end, keeps are the words that leave it: only an answer about this version may take
// it away.
func (a *Answers) end(spec ivp.Spec, text string, keeps []string) string {
	general, cell := a.ends[""], a.ends[blankOr(text)]
	switch own := a.ends[folded(spec.String())]; {
	case own != "":
		return own
	case keeps != nil:
		for _, word := range []string{cell, general} {
			if slices.Contains(keeps, word) {
				return word
			}
		}
		return ""
	case cell != "":
		return cell
	case general == openWord && isToCome(text): // it has an end that is not known yet
		return ""
	}
	return general
}

func blankOr(text string) string {
	if text = folded(text); text == "" {
		return "blank"
	}
	return text
}

// quote quotes a word for a POSIX shell.
func quote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

func typeNames() string {
	var names []string
	for _, t := range ivp.DeviceTypes() {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}

// parseTypes reads a list of device types.
func parseTypes(text string) (types []ivp.DeviceType, err error) {
	for _, part := range parts(text) {
		t, err := devices.ParseDeviceType(part)
		if err != nil {
			return nil, err
		}
		if t == 0 {
			return nil, fmt.Errorf("%q is a list with an empty part", text)
		}
		if !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types, nil
}
