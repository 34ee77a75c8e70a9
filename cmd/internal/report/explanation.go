package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Explained is one answer that is explained.
type Explained struct {
	Result devices.Result
	// Place is the row's file and line; empty for a device that no file holds.
	Place string
	// Cells are the cells of the row, as they are in the file.
	Cells []ReadCell
	// Said compares the Tables of the day with those of today.
	Said []Said
}

// ReadCell is a cell of a row, and how it was read.
type ReadCell struct{ Heading, Cell, Field, Read string }

// Said is what the Tables said of a thing on the installation day, and say now.
type Said struct{ Of, Then, Now string }

// Explanation is what a document that explains answers is made of.
type Explanation struct {
	Checker ivp.Checker
	Today   ivp.Date
	Devices []Explained
	// ID is the device id by which the rows were found, and Basis says what the
	// answers rest on; both are empty if no file was read.
	ID    string
	Basis []Line
}

// Document returns the document. One of rows of a file ends with a place to sign.
func (e Explanation) Document() Document {
	d := Document{Shown: true, Rules: evidence.NewRulesCount(e.Checker.History, e.Today)}
	cited := sources{}
	for _, one := range e.Devices {
		r := &explainedResult{e, one, e.Checker.Explain(one.Result.Installation), &cited, ""}
		if len(e.Devices) == 1 {
			d.Title, d.Answer = r.title(), r.answer()
			if d.Facts = []string{r.terms()}; one.Place != "" {
				d.Facts = append(d.Facts, "From "+one.Place+".")
			}
		} else {
			r.prefix = one.Place + ": "
			d.Parts = append(d.Parts, Part{Title: one.Place, Words: []string{r.answer(), r.terms()}})
		}
		d.Parts = append(d.Parts, r.parts()...)
	}
	if len(e.Devices) > 1 {
		d.Title, d.Answer = "Device "+e.ID, e.count()
	} else if e.ID != "" {
		d.Title = "Device " + e.ID + ": " + d.Title
	}
	d.Sources = cited.all
	if len(e.Basis) > 0 {
		d.Parts = append(d.Parts, Part{Title: "What this page rests on", Lines: e.Basis}, signature())
	}
	return d
}

// signature is the place for a name, a date and a signature.
func signature() Part {
	blank := strings.Repeat("_", 40)
	return Part{Title: "Signed", Lines: []Line{{Label: "Name", Text: blank}, {Label: "Date", Text: blank}, {Label: "Signature", Text: blank}}}
}

// count says how many rows have the id, and with which outcomes.
func (e *Explanation) count() string {
	var count devices.OutcomeCount
	for _, one := range e.Devices {
		count[one.Result.Outcome()]++
	}
	var parts []string
	for _, o := range ivp.Outcomes() {
		if count[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[o], remarks.OutcomeWords(o)))
		}
	}
	return fmt.Sprintf("%s have the id %s: %s.", remarks.Plural(len(e.Devices), "row"), e.ID, strings.Join(parts, ", "))
}

// explainedResult is one answer with the sources that the document has so far.
type explainedResult struct {
	Explanation
	one    Explained
	why    ivp.Explanation
	cited  *sources
	prefix string // of the titles of parts
}

func (r *explainedResult) title() string {
	i := r.one.Result.Installation
	title := r.one.Result.Spec().String()
	if title == "" {
		title = "No version"
	}
	for _, more := range []string{i.GBCS.String(), i.Type.Name()} {
		if more != "" && more != ivp.UnreadableSpec().String() {
			title += ", " + more
		}
	}
	if i.Scope != "" {
		title += ", scope " + i.Scope
	}
	if i.On.Valid() {
		title += ", installed on " + remarks.Day(i.On)
	}
	return title
}

// terms says by which Tables the device was judged.
func (r *explainedResult) terms() string {
	s := "By the Tables of that day"
	if r.Checker.AsAt.Valid() {
		s = "By the Tables as at " + remarks.Day(r.why.AsAt)
	}
	if r.Checker.LastDayExcluded {
		s += ", the last day excluded"
	}
	if r.Checker.AssumeOpen {
		s += ", ends that are not on record taken to be open"
	}
	return s + "."
}

// answer is the outcome, why, and how far the day is from the bound that decided.
// Its sources are in the part that names the rule.
func (r *explainedResult) answer() string {
	word := remarks.OutcomeWords(r.one.Result.Outcome())
	said := remarks.Prose(remarks.NewAuthorities(r.Checker.History).Explanation(r.one.Result))
	if days := daysWords(r.one.Result); days != "" {
		said += " " + days
	}
	return strings.ToUpper(word[:1]) + word[1:] + ": " + said
}

// daysWords says how far the installation day is from the bound of the window that
// decided; "" if that has no date.
func daysWords(r devices.Result) string {
	on := remarks.Day(r.Installation.On)
	if from, ok := r.Window.From.Date(); ok && r.Reason == ivp.BeforeStart {
		return fmt.Sprintf("%s is %s too early.", on, remarks.Plural(r.Installation.On.DaysUntil(from), "day"))
	}
	days, ok := r.DaysLeft()
	switch {
	case !ok || r.Reason == ivp.BeforeStart:
		return ""
	case days < 0:
		return fmt.Sprintf("%s is %s too late.", on, remarks.Plural(-days, "day"))
	case days == 0 && r.Outcome() == ivp.Eligible:
		return on + " is the last day."
	case days == 0:
		return on + " is the end date, which is excluded."
	}
	return fmt.Sprintf("On %s it has %s left.", on, remarks.Plural(days, "day"))
}

// parts are the parts on one answer.
func (r *explainedResult) parts() (parts []Part) {
	add := func(title string, lines []Line) {
		if len(lines) > 0 {
			parts = append(parts, Part{Title: r.prefix + title, Lines: lines})
		}
	}
	if len(r.one.Cells) > 0 {
		g := Grid{Title: r.prefix + "The device as read", Heads: heads("Column", "Cell", "Field", "Read as")}
		for _, c := range r.one.Cells {
			g.Rows = append(g.Rows, []any{c.Heading, c.Cell, c.Field, c.Read})
		}
		parts = append(parts, Part{Title: g.Title, Grids: []Grid{g}})
	}
	add("Findings", r.findings())
	add("Readings of the record", r.readings())
	add("The rule", r.rule())
	if len(r.one.Said) > 0 {
		g := Grid{Title: r.prefix + "What the Tables said on that day, and say now", Heads: heads("", "On "+remarks.Day(r.why.Installation.On), "Now")}
		g.Heads[0].Name = "Of"
		for _, s := range r.one.Said {
			g.Rows = append(g.Rows, []any{s.Of, s.Then, s.Now})
		}
		parts = append(parts, Part{Title: g.Title, Grids: []Grid{g}})
	}
	add("Not known, or not given", r.unknown())
	return parts
}

// findings says each finding, and of the one that decided no more than that: the
// answer has its sentence.
func (r *explainedResult) findings() (lines []Line) {
	v, decided := r.one.Result.Verdict, false
	for _, f := range r.why.Findings {
		line := Line{Label: strings.ToUpper(f.Subject[:1]) + f.Subject[1:], Text: remarks.OutcomeWords(f.Finding.Reason.Outcome()) + fmt.Sprintf(" (%s: %s)", f.Finding.Reason, f.Finding.Reason.Phrase())}
		if !decided && f.Finding.Reason == v.Reason && f.Finding.Window == v.Window {
			decided = true
			line.Text += ", which decides."
		} else {
			line.Text += ": " + remarks.Prose(f.Sentence)
		}
		if f.Amendment.ID != "" {
			line.Text += " By " + f.Amendment.ID + "."
		}
		lines = append(lines, line)
	}
	if entries := r.one.Result.Entries; len(entries) > 0 {
		lines = append(lines, Line{Label: "Central Products List", Text: "entries " + strings.Join(entries, ", ") + "."})
	}
	return lines
}

// readings says the readings of the record, if there are several.
func (r *explainedResult) readings() (lines []Line) {
	for _, one := range r.why.Readings {
		choice := remarks.Choice(one.With, one.Without)
		if choice == "" {
			continue
		}
		reason := one.Finding.Reason
		text := fmt.Sprintf("%s: %s (%s)", choice, remarks.OutcomeWords(reason.Outcome()), reason)
		switch to := one.Finding.Window.To; {
		case to.Kind == ivp.Dated:
			text += ", to " + remarks.Day(to.Day)
		case to.Kind == ivp.NotOnRecord && to.Day.Valid():
			text += ", its end not on record, confirmed to " + remarks.Day(to.Day)
		}
		lines = append(lines, Line{Label: one.Spec.String(), Text: text + "."})
	}
	return lines
}

// rule says the amendments behind the findings in their own words, that of the
// answer first, without those that the document has already.
func (r *explainedResult) rule() (lines []Line) {
	var all []ivp.Amendment
	add := func(a ivp.Amendment) {
		if a.ID != "" && !slices.Contains(r.cited.amendments, a.ID) {
			r.cited.amendments = append(r.cited.amendments, a.ID)
			all = append(all, a)
		}
	}
	deciding, _ := r.Checker.History.Amendment(r.one.Result.Amendment())
	add(deciding)
	for _, f := range r.why.Findings {
		add(f.Amendment)
	}
	for _, a := range all {
		lines = append(lines, amendmentLines(a, r.cited)...)
	}
	return lines
}

// amendmentLines says what an amendment is and the words of its sources.
func amendmentLines(a ivp.Amendment, cited *sources) []Line {
	head := Line{Label: a.ID, Text: "in force " + remarks.Day(a.InForce) + ": " + a.Title}
	var quotes []Line
	for _, c := range a.Citations {
		n := cited.number(c)
		if c.Quote == "" {
			head.Sources = append(head.Sources, n)
			continue
		}
		quotes = append(quotes, Line{Text: "“" + c.Quote + "”", Sources: []int{n}, Under: true})
	}
	return append([]Line{head}, quotes...)
}

// unknown says what is not known, without what a finding has said.
func (r *explainedResult) unknown() (lines []Line) {
	for _, text := range r.why.Unknown {
		said := slices.ContainsFunc(r.why.Findings, func(f ivp.ExplainedFinding) bool {
			w := f.Finding.Window
			return w.To.Kind == ivp.NotOnRecord && strings.HasPrefix(text, fmt.Sprintf("The end of %s is not on record", w.Spec))
		})
		if !said && !joinInferred(lines, text) {
			lines = append(lines, Line{Text: remarks.Prose(text)})
		}
	}
	spec, on := r.one.Result.Spec(), r.one.Result.Installation.On
	if known := r.Checker.History.VouchedFor(spec, r.Today); !spec.IsZero() && known.Valid() && on.After(known) {
		lines = append(lines, Line{Text: fmt.Sprintf("No source on record vouches for the rules of %s after %s; the Tables may say otherwise since.", spec, remarks.Day(known))})
	}
	return lines
}

// joinInferred adds a version that is inferred to the line on another of the same
// amendment, for the same reason, and reports whether there is one.
func joinInferred(lines []Line, text string) bool {
	what, why, ok := strings.Cut(text, " is inferred: ")
	id, version, on := strings.Cut(what, " on ")
	if !ok || !on {
		return false
	}
	for i, line := range lines {
		if before, found := strings.CutSuffix(line.Text, " is inferred: "+remarks.Prose(why)); found && strings.HasPrefix(before, id+" on ") {
			lines[i].Text = before + " and " + version + " is inferred: " + remarks.Prose(why)
			return true
		}
	}
	return false
}

// sources are the amendments and the sources of a document, each once.
type sources struct {
	amendments []string
	all        []Source
}

// number returns the number of the source of a citation, from 1.
func (s *sources) number(c ivp.Citation) int {
	source := Source{c.Document, c.URL}
	if i := slices.Index(s.all, source); i >= 0 {
		return i + 1
	}
	s.all = append(s.all, source)
	return len(s.all)
}
