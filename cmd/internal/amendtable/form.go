package amendtable

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Form is a table that a person types into a form, with what applies to its
// amendment as a whole. Dates are written day first, or as YYYY-MM-DD. A cell that
// is blank changes nothing of a version on record, and of a new version it is
// unknown.
type Form struct {
	ID          string    `json:"id"`
	InForce     string    `json:"in_force"`
	PerhapsFrom string    `json:"perhaps_from,omitempty"`
	Vouched     string    `json:"vouched,omitempty"`
	Whole       bool      `json:"whole,omitempty"`
	Title       string    `json:"title,omitempty"`
	Note        string    `json:"note,omitempty"`
	Document    string    `json:"document"`
	URL         string    `json:"url,omitempty"`
	Quotes      []string  `json:"quotes,omitempty"`
	Rows        []FormRow `json:"rows"`
}

// FormRow is a row of a form.
type FormRow struct {
	Family  string `json:"family"`  // SMETS, CHTS or GBCS
	Version string `json:"version"` // such as 4.2
	Scope   string `json:"scope,omitempty"`
	Start   string `json:"start,omitempty"` // a date, or not on record
	End     string `json:"end,omitempty"`   // a date, open, not on record, or removed
	// Seen is, for an end not on record, the last day on which a source shows that
	// the version was still valid.
	Seen string `json:"seen,omitempty"`
	// GBCS are the GBCS versions that go with the version, Withdrawn those that no
	// longer do, for device types or, if there are none, for those on record.
	GBCS      string `json:"gbcs,omitempty"`
	Withdrawn string `json:"withdrawn,omitempty"`
	Types     string `json:"types,omitempty"`
	Inferred  string `json:"inferred,omitempty"`
	Unquoted  string `json:"unquoted,omitempty"`
}

// Known is what the rules know about a version in a scope, as the row of a form
// that says so, and in days. Its start or end is blank if it is not on record.
type Known struct {
	Spec string `json:"spec"`
	FormRow
	// From and To are the first and the last day of installation, if they are on
	// record. If not, FirstSeen and LastSeen are the first and the last day for
	// which the rules vouch.
	From      *ivp.Date `json:"from,omitempty"`
	FirstSeen *ivp.Date `json:"first_seen,omitempty"`
	To        *ivp.Date `json:"to,omitempty"`
	LastSeen  *ivp.Date `json:"last_seen,omitempty"`
	Open      bool      `json:"open,omitempty"`
	// Unknown names the cells that are unknown: start and end.
	Unknown []string `json:"unknown"`
}

// CellFault is a fault or a warning in a form.
type CellFault struct {
	// Row counts from 1; it is 0 for what concerns the amendment as a whole.
	Row int `json:"row,omitempty"`
	// Column is the name of the cell in [FormRow] or [Form] as JSON has it; it may be
	// empty.
	Column  string `json:"column,omitempty"`
	Value   string `json:"value,omitempty"`
	Problem string `json:"problem"`
	Want    string `json:"want,omitempty"`
	Do      string `json:"do,omitempty"`
}

// Checked is what a form makes.
type Checked struct {
	// File is the amendment's file, Name a name for it; empty if there are faults.
	File string `json:"file,omitempty"`
	Name string `json:"name,omitempty"`
	// Summary says what the amendment changes.
	Summary  string      `json:"summary,omitempty"`
	Faults   []CellFault `json:"faults"`
	Warnings []CellFault `json:"warnings"`
	// Then is what the rules know with the amendment: if there are faults, with the
	// rows that have none.
	Then []Known `json:"then"`
}

// formColumns are the columns of a form in the order of [FormRow].
var formColumns = []struct {
	column
	name string
}{
	{familyColumn, "family"}, {specColumn, "version"}, {scopeColumn, "scope"}, {fromColumn, "start"}, {toColumn, "end"}, {confirmedColumn, "seen"},
	{gbcsColumn, "gbcs"}, {withdrawnColumn, "withdrawn"}, {typeColumn, "types"}, {inferredColumn, "inferred"}, {unquotedColumn, "unquoted"},
}

func (r FormRow) cells() []string {
	return []string{r.Family, r.Version, r.Scope, r.Start, r.End, r.Seen, r.GBCS, r.Withdrawn, r.Types, r.Inferred, r.Unquoted}
}

// Check makes the amendment of the form and checks it against the record.
func (f Form) Check(h ivp.History, today ivp.Date) Checked {
	c := Checked{Faults: []CellFault{}, Warnings: []CellFault{}}
	made, err := f.amendment(h, today)
	if faults, ok := errors.AsType[Faults](err); ok {
		for _, one := range faults {
			if one.Column != "--title" || one.Code != "" { // the title may be left out
				c.Faults = append(c.Faults, one.inForm())
			}
		}
		c.Then = f.partly(h, today, c.Faults)
		return c
	}
	c.File, c.Name, c.Summary = string(made.Data), strings.ToLower(made.Amendment.ID)+".json", made.Summary()
	for _, one := range made.typeless {
		c.Warnings = append(c.Warnings, one.inForm())
	}
	for _, text := range slices.Concat(made.sheetNotes, made.notes, made.remarks) {
		c.Warnings = append(c.Warnings, CellFault{Problem: strings.TrimPrefix(text, "warning: ")})
	}
	for _, w := range made.warnings {
		c.Warnings = append(c.Warnings, f.warning(w))
	}
	c.Then = KnownBy(made.History, later(today, made.History.Latest()))
	return c
}

func later(a, b ivp.Date) ivp.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// amendment makes the amendment. The error is [Faults].
func (f Form) amendment(h ivp.History, today ivp.Date) (*Made, error) {
	head := Head{ID: strings.TrimSpace(f.ID), Whole: f.Whole, Title: strings.TrimSpace(f.Title), Note: strings.TrimSpace(f.Note), Document: strings.TrimSpace(f.Document), URL: strings.TrimSpace(f.URL)}
	for _, quote := range f.Quotes {
		if quote = strings.TrimSpace(quote); quote != "" {
			head.Quotes = append(head.Quotes, quote)
		}
	}
	t := f.table()
	for _, day := range []struct {
		text, flag string
		to         *ivp.Date
	}{{f.InForce, "--in-force", &head.InForce}, {f.PerhapsFrom, "--perhaps-from", &head.PerhapsFrom}, {f.Vouched, "--vouched", &head.Vouched}} {
		var err error
		if *day.to, err = devices.ReadDate(day.text, devices.DayFirst); err != nil {
			want, do, _ := advice(err)
			t.fault(Fault{Column: day.flag, Value: day.text, Problem: "this is not a date", Want: want, Do: do})
			*day.to = ivp.Date{}
		}
	}
	made, err := t.Amendment(h, head, nil, today)
	if err == nil {
		made.sheetNotes = t.Notes()
		return made, nil
	}
	faults, ok := errors.AsType[Faults](err)
	if !ok {
		faults = Faults{{Problem: err.Error()}}
	}
	return nil, slices.DeleteFunc(faults, func(one Fault) bool { // a day that cannot be read is not missing
		return one.Column == "--in-force" && one.Value == "" && strings.TrimSpace(f.InForce) != ""
	})
}

// table returns the rows as a table.
func (f Form) table() *Table {
	s := &sheet{word: "row", form: true}
	for c := range s.at {
		s.at[c] = -1
	}
	for i, c := range formColumns {
		s.at[c.column], s.headings = i, append(s.headings, c.name)
	}
	for i, r := range f.Rows {
		s.rows = append(s.rows, row{sheet: s, line: i + 1, cells: trimmed(r.cells())})
	}
	t := &Table{sheet: s, answers: ParseAnswers(Given{}), dates: devices.DayFirst, ordered: true}
	t.readRows()
	return t
}

// partly returns what the rules know with the rows that have no fault.
func (f Form) partly(h ivp.History, today ivp.Date, faults []CellFault) []Known {
	all := f.Rows
	f.Rows = nil
	for i, r := range all {
		if !slices.ContainsFunc(faults, func(one CellFault) bool { return one.Row == i+1 }) {
			f.Rows = append(f.Rows, r)
		}
	}
	f.ID, f.Title, f.Note, f.URL, f.Quotes, f.Document, f.Vouched = "PENDING", "", "", "", nil, "pending", ""
	if slices.ContainsFunc(faults, func(one CellFault) bool { return one.Column == "in_force" || one.Column == "perhaps_from" }) {
		f.InForce, f.PerhapsFrom = h.Latest().String(), ""
	}
	if made, err := f.amendment(h, today); err == nil {
		return KnownBy(made.History, later(today, made.History.Latest()))
	}
	return KnownBy(h, later(today, h.Latest()))
}

// inForm returns the fault as a form shows it.
func (f Fault) inForm() CellFault {
	column := f.Column
	if name, isFlag := strings.CutPrefix(column, "--"); isFlag {
		column = strings.ReplaceAll(name, "-", "_")
		if column == "quote" {
			column = "quotes"
		}
	}
	return formWords(f.Code, CellFault{f.Line, column, f.Value, f.Problem, f.Want, f.Do})
}

// formWords puts a fault of an amendment's file, or a warning, into the words of a
// form.
func formWords(code string, f CellFault) CellFault {
	words := map[string]CellFault{
		"bad-perhaps":        {Problem: "this is not before the day from which the Tables are in force", Do: "empty it if that day is not in doubt"},
		"bad-vouched":        {Problem: "this is before the day from which the Tables are in force", Do: "correct the day, or empty it"},
		"needless-confirmed": {Problem: "the end is known, so nothing needs to show that the version was still valid", Want: "an empty cell, except for an end that is not known", Do: "empty it; or, if the Tables do not give the end any more, write not on record as the end"},
		"early-confirmed":    {Do: "correct the day, or empty it"},
		"remove-and-more":    {Problem: "a version is removed with all that is known about it", Want: "removed as the end, and nothing else", Do: "empty the other cells of the row"},
		"not-listed":         {Want: "a version that the rules have", Do: "correct the version"},
		"scope-of-gbcs":      {Do: "empty the scope"},
		"repeated-id":        {Problem: "the rules have an amendment of that name already", Want: "a name of its own", Do: "choose another, or remove the file that brought it"},
		"no-pair":            {Want: "the GBCS versions that go with it, and the device types", Do: "fill them in"},
		"not-a-pair":         {Problem: "this combination is not on record, so it cannot be withdrawn", Do: "correct it, or empty the cell"},
		"repeated-pair":      {Problem: "the table has this combination twice, or withdraws what it permits", Want: "each combination once", Do: "take one away"},
	}[code]
	f.Problem, f.Want, f.Do = cmp.Or(words.Problem, f.Problem), cmp.Or(words.Want, f.Want), cmp.Or(words.Do, f.Do)
	for _, text := range []*string{&f.Problem, &f.Want, &f.Do} {
		*text = remarks.Prose(*text)
	}
	return f
}

// warning returns a warning about the amendment at the row of its version.
func (f Form) warning(w ivp.Fault) CellFault {
	at := CellFault{Column: map[string]string{"in_force": "in_force", "pairs": "gbcs", "to": "end"}[w.Field], Value: w.Value, Problem: w.Problem, Want: w.Want, Do: w.Do}
	name, scope, _ := strings.Cut(w.Value, ", scope ")
	for i, r := range f.Rows {
		if spec, err := parseSpec(r.Version, r.Family); err == nil && spec.String() == name && strings.EqualFold(strings.TrimSpace(r.Scope), scope) {
			at.Row = i + 1
			break
		}
	}
	return formWords(w.Code, at)
}

// KnownBy returns what the rules know on a day, a row for each version and scope. If
// a reading of the rules is in doubt, only what every reading gives is known.
func KnownBy(h ivp.History, day ivp.Date) []Known {
	all := []Known{}
	pairs := h.PermittedPairs(day)
	for _, row := range h.Table(day) {
		k := Known{Spec: row.Spec.String(), FormRow: FormRow{Family: row.Spec.Family.String(), Version: row.Spec.Version, Scope: row.Scope}, Unknown: []string{}}
		for i, r := range row.Readings {
			if !r.Listed {
				r.Window.From, r.Window.To = ivp.Bound{Kind: ivp.NotOnRecord}, ivp.Bound{Kind: ivp.NotOnRecord}
			}
			k.narrow(r.Window, i == 0)
		}
		k.finish()
		if row.Scope == "" {
			var gbcs, types []string
			for _, p := range pairs {
				if p.Spec == row.Spec && !p.Perhaps {
					gbcs, types = append(gbcs, p.GBCS.Version), append(types, p.Type.String())
				}
			}
			k.GBCS, k.Types = list(gbcs), list(types)
		}
		all = append(all, k)
	}
	return all
}

// list joins texts, each once.
func list(texts []string) string {
	var once []string
	for _, text := range texts {
		if !slices.Contains(once, text) {
			once = append(once, text)
		}
	}
	return strings.Join(once, ", ")
}

// narrow reduces what is known to what a window gives too.
func (k *Known) narrow(w ivp.Window, first bool) {
	day := func(d ivp.Date) *ivp.Date {
		if !d.Valid() {
			return nil
		}
		return &d
	}
	next := Known{}
	switch w.From.Kind {
	case ivp.Dated:
		next.From = day(w.From.Day)
	default:
		next.FirstSeen = day(w.From.Day)
	}
	switch w.To.Kind {
	case ivp.Dated:
		next.To = day(w.To.Day)
	case ivp.Open:
		next.Open = true
	default:
		next.LastSeen = day(w.To.Day)
	}
	if first {
		k.From, k.FirstSeen, k.To, k.LastSeen, k.Open = next.From, next.FirstSeen, next.To, next.LastSeen, next.Open
		return
	}
	if !reflect.DeepEqual(k.From, next.From) {
		k.From, k.FirstSeen = nil, nil
	}
	if !reflect.DeepEqual(k.To, next.To) || k.Open != next.Open {
		k.To, k.LastSeen, k.Open = nil, nil, false
	}
}

// finish fills the cells from the days.
func (k *Known) finish() {
	k.Start, k.End, k.Seen = british(k.From), british(k.To), british(k.LastSeen)
	if k.Start == "" {
		k.Unknown = append(k.Unknown, "start")
	}
	switch {
	case k.Open:
		k.End = openWord
	case k.End == "":
		k.Unknown = append(k.Unknown, "end")
	}
}

// british returns a day as it is typed: 27/04/2023.
func british(d *ivp.Date) string {
	if d == nil {
		return ""
	}
	year, month, day := d.Civil()
	return fmt.Sprintf("%02d/%02d/%d", day, month, year)
}

// FormOf returns the form that makes the amendment of a file, so that it can be
// continued. It returns an error if the file has faults, or has what a form cannot
// show.
func FormOf(h ivp.History, data []byte) (Form, error) {
	after, err := h.AmendFile(data)
	if err != nil {
		return Form{}, fmt.Errorf("the file cannot be added to the rules:\n%w", err)
	}
	var a ivp.Amendment
	added := 0
	for _, one := range after.Amendments() {
		if _, known := h.Amendment(one.ID); !known {
			a, added = one, added+1
		}
	}
	if added != 1 {
		return Form{}, fmt.Errorf("the file has %d amendments: only a file with one can be continued in a table", added)
	}
	day := func(d ivp.Date) string {
		if !d.Valid() {
			return ""
		}
		return british(&d)
	}
	f := Form{ID: a.ID, InForce: day(a.InForce), PerhapsFrom: day(a.PerhapsFrom), Vouched: day(a.Vouched), Whole: a.Whole, Title: a.Title, Note: a.Note,
		Document: a.Citations[0].Document, URL: a.Citations[0].URL, Rows: []FormRow{}}
	for _, c := range a.Citations {
		if c.Document != f.Document || c.URL != f.URL {
			return Form{}, errors.New("the file has several sources: only a file with one can be continued in a table")
		}
		if c.Quote != "" {
			f.Quotes = append(f.Quotes, c.Quote)
		}
	}
	if f.Title == madeTitle(a) {
		f.Title = ""
	}
	for _, e := range a.Entries {
		r := FormRow{Family: e.Spec.Family.String(), Version: e.Spec.Version, Scope: e.Scope, Start: cellOf(e.From), End: cellOf(e.To), Seen: day(e.Confirmed), Inferred: e.Inferred, Unquoted: e.Unquoted}
		if e.Remove {
			r.End = removedWord
		}
		if r.Unquoted == (row{sheet: &sheet{form: true}}).typedFrom(f.Document) {
			r.Unquoted = ""
		}
		f.Rows = append(f.Rows, r)
	}
	f.addPairs(a.Pairs)
	return f, nil
}

// cellOf returns a bound as a cell of a form.
func cellOf(b ivp.Bound) string {
	switch b.Kind {
	case ivp.Dated:
		return british(&b.Day)
	case ivp.Open:
		return openWord
	case ivp.NotOnRecord:
		return "not on record"
	}
	return ""
}

// addPairs adds the pairs of an amendment: to the first row of their version for its
// first device types, and to further rows for other device types.
func (f *Form) addPairs(pairs []ivp.Pair) {
	for len(pairs) > 0 {
		p, n := pairs[0], 1 // and those that differ from it only in their type
		for n < len(pairs) && pairs[n].Spec == p.Spec && pairs[n].GBCS == p.GBCS && pairs[n].Remove == p.Remove {
			n++
		}
		var types []string
		for _, one := range pairs[:n] {
			types = append(types, one.Type.String())
		}
		pairs = pairs[n:]
		of := list(types)
		family, version := p.Spec.Family.String(), p.Spec.Version
		i := slices.IndexFunc(f.Rows, func(r FormRow) bool {
			return r.Family == family && r.Version == version && r.Scope == "" && r.End != removedWord && (r.Types == "" || r.Types == of)
		})
		if i < 0 {
			i = len(f.Rows)
			f.Rows = append(f.Rows, FormRow{Family: family, Version: version})
		}
		r := &f.Rows[i]
		r.Types = of
		to := &r.GBCS
		if p.Remove {
			to = &r.Withdrawn
		}
		*to = list(append(strings.FieldsFunc(*to, func(c rune) bool { return c == ',' || c == ' ' }), p.GBCS.Version))
	}
}
