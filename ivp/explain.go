package ivp

import (
	"fmt"
	"slices"
	"strings"
)

// Explanation is an answer with everything that it rests on.
type Explanation struct {
	Installation Installation
	// AsAt is the day of the Tables by which the device was judged.
	AsAt    Date
	Verdict Verdict
	// Sentence is the answer in words, with its window, amendment and citation.
	Sentence string
	// Findings are the findings of the verdict, in the order TS version, GBCS
	// version, pair, without those that were not judged.
	Findings []ExplainedFinding
	// Readings are the readings of the history behind the findings.
	Readings []Reading
	// Unknown has a sentence for everything that is not on record, and for
	// everything that was not judged.
	Unknown []string
}

// ExplainedFinding is a finding in words, with its amendment.
type ExplainedFinding struct {
	// Subject is "TS version", "GBCS version" or "pair".
	Subject   string
	Finding   Finding
	Sentence  string
	Amendment Amendment // the amendment of the window, zero if it names none
}

// Explain judges an installation and explains the verdict.
func (c Checker) Explain(i Installation) Explanation {
	v := c.Check(i)
	e := Explanation{
		Installation: i,
		AsAt:         c.asAt(i.On),
		Verdict:      v,
		Sentence:     c.Sentence(i, v),
		Readings:     c.readings(i),
		Unknown:      c.unknown(i, v),
	}
	for _, part := range [...]struct {
		subject string
		finding Finding
	}{{"TS version", v.TS}, {"GBCS version", v.GBCS}, {"pair", v.Pair}} {
		if part.finding.Judged() {
			e.Findings = append(e.Findings, c.explain(i, part.subject, part.finding))
		}
	}
	return e
}

func (c Checker) explain(i Installation, subject string, f Finding) ExplainedFinding {
	a, _ := c.History.Amendment(f.Window.Amendment)
	return ExplainedFinding{Subject: subject, Finding: f, Sentence: c.FindingSentence(i, f), Amendment: a}
}

// Citations returns the citations of the amendments that the findings name,
// each once.
func (e Explanation) Citations() []Citation {
	var citations []Citation
	for _, f := range e.Findings {
		for _, c := range f.Amendment.Citations {
			if !slices.Contains(citations, c) {
				citations = append(citations, c)
			}
		}
	}
	return citations
}

// Sentence returns a verdict of this checker on i in words, with its window,
// amendment and citation. The sentence depends on the installation day only
// through the verdict, so it applies to a whole [Period].
func (c Checker) Sentence(i Installation, v Verdict) string {
	deciding := Finding{Reason: v.Reason, Window: v.Window, Assumed: v.Assumed()}
	return c.FindingSentence(i, deciding) + c.authority(v.Amendment())
}

// authority returns the amendment's citations as a further sentence, with a
// leading space.
func (c Checker) authority(id string) string { return c.History.record().authorities()[id] }

// authoritiesOf returns the authority of each amendment, by its id.
func authoritiesOf(amendments []Amendment) map[string]string {
	all := make(map[string]string, len(amendments))
	for _, a := range amendments {
		var citations []string
		for _, citation := range a.Citations {
			citations = append(citations, citation.String())
		}
		all[a.ID] = " " + a.ID + ", in force " + a.InForce.String() + ": " + strings.Join(citations, "; ") + "."
	}
	return all
}

// FindingSentence returns one finding on i in words, without its citation.
func (c Checker) FindingSentence(i Installation, f Finding) string {
	w := f.Window
	switch f.Reason {
	case WithinPeriod:
		return withinSentence(i, f, c.LastDayExcluded)
	case BeforeStart:
		return fmt.Sprintf("%s %s before %s.", scoped(w), mayNot(w), w.From)
	case AfterEnd:
		return fmt.Sprintf("%s may not be installed %s %s.", scoped(w), c.afterWord(), w.To)
	case GBCSEnded:
		return fmt.Sprintf("%s no longer applies %s %s.", w.Spec, c.afterWord(), w.To)
	case NotListed:
		return notListedSentence(w)
	case BeyondRecord, GBCSBeyondRecord:
		return beyondSentence(f)
	case Unsettled:
		return unsettledSentence(w)
	case UnknownScope:
		return fmt.Sprintf("No rule of that day names the scope %q, and whether %s may be installed depends on the scope.", strings.TrimSpace(i.Scope), w.Spec)
	case UnlistedPair:
		if w.Amendment != "" {
			return fmt.Sprintf("The permitted pair of %s was withdrawn.", together(i))
		}
		return fmt.Sprintf("No permitted pair on record fits %s.", together(i))
	case BadVersion:
		if f.Window.Spec.IsZero() && !i.Spec.IsUnreadable() && !i.Spec.IsZero() {
			return "The GBCS version cannot be read."
		}
	}
	return f.Reason.Sentence()
}

// may and mayNot return the verb for a window: a GBCS version applies, a device
// of another family may be installed.
func may(w Window) string {
	if w.Spec.Family == GBCS {
		return "applies"
	}
	return "may be installed"
}

func mayNot(w Window) string {
	if w.Spec.Family == GBCS {
		return "does not apply"
	}
	return "may not be installed"
}

// afterWord returns the preposition for days after a dated end, which depends on
// whether the last day is excluded.
func (c Checker) afterWord() string {
	if c.LastDayExcluded {
		return "on or after"
	}
	return "after"
}

func scoped(w Window) string {
	if w.Scope == "" {
		return w.Spec.String()
	}
	return fmt.Sprintf("%s, scope %s,", w.Spec, w.Scope)
}

func withinSentence(i Installation, f Finding, lastDayExcluded bool) string {
	w := f.Window
	switch {
	case w.Spec.IsZero():
		return fmt.Sprintf("The permitted pairs on record allow %s.", together(i))
	case f.Assumed:
		return fmt.Sprintf("%s %s only if its end, which is not on record, is taken to be open%s.", scoped(w), may(w), vouched(w))
	case w.To.Kind == Open:
		return fmt.Sprintf("%s %s; the Tables set no end.", scoped(w), may(w))
	case w.To.Kind == NotOnRecord:
		return fmt.Sprintf("%s %s; its end is not on record%s.", scoped(w), may(w), vouched(w))
	case lastDayExcluded:
		return fmt.Sprintf("%s %s before %s, that day excluded.", scoped(w), may(w), w.To)
	}
	return fmt.Sprintf("%s %s up to and including %s.", scoped(w), may(w), w.To)
}

func vouched(w Window) string {
	if !w.To.Day.Valid() {
		return ""
	}
	return ", and a source vouches for it up to " + w.To.Day.String()
}

func notListedSentence(w Window) string {
	if w.Spec.Version == "" {
		return "No table on record lists any version of " + w.Spec.Family.String() + " on that day."
	}
	if w.Amendment != "" {
		return fmt.Sprintf("%s was removed from the tables.", w.Spec)
	}
	return fmt.Sprintf("No table on record lists %s on that day.", w.Spec)
}

func beyondSentence(f Finding) string {
	w := f.Window
	early := fmt.Sprintf("before %s, when it was first seen", w.From.Day)
	late := "after " + w.To.Day.String()
	if !w.To.Day.Valid() {
		late = "on any day, since no source vouches for its end"
	}
	switch {
	case w.From.Kind == NotOnRecord && w.To.Kind == NotOnRecord:
		return fmt.Sprintf("Whether %s %s is not on record %s, or %s.", scoped(w), may(w), early, late)
	case w.From.Kind == NotOnRecord:
		return fmt.Sprintf("Whether %s %s is not on record %s.", scoped(w), may(w), early)
	}
	return fmt.Sprintf("Whether %s %s is not on record %s.", scoped(w), may(w), late)
}

func unsettledSentence(w Window) string {
	return fmt.Sprintf("Whether %s was already in force on that day is not on record, and the answer for %s depends on it.", w.Amendment, unsettledSubject(w))
}

func unsettledSubject(w Window) string {
	if w.Spec.IsZero() {
		return "the permitted pairs"
	}
	return scoped(w)
}

// together returns the names of the version, GBCS version and type of a pair.
func together(i Installation) string {
	s := i.Spec.String()
	if i.GBCS.Family == GBCS {
		s += " with " + i.GBCS.String()
	}
	if i.Type != 0 {
		s += " on " + i.Type.String()
	}
	return s
}

// unknown returns a sentence for everything that is not on record of the
// versions judged, and for everything that was not judged.
func (c Checker) unknown(i Installation, v Verdict) []string {
	var lines []string
	for _, f := range [...]Finding{v.TS, v.GBCS} {
		for _, line := range c.unknownOf(f) {
			if !slices.Contains(lines, line) { // both may be of one amendment
				lines = append(lines, line)
			}
		}
	}
	if !v.TS.Judged() {
		return lines
	}
	if i.GBCS.IsZero() && v.GBCS.Window.Spec.Version != "" {
		lines = append(lines, fmt.Sprintf("No GBCS version was given: of those that go with the device, %s is the most favourable and was judged.", v.GBCS.Window.Spec))
	} else if i.GBCS.IsZero() {
		lines = append(lines, "No GBCS version was given, so none was judged.")
	}
	if i.Type == 0 {
		lines = append(lines, "No device type was given, so the pair was not judged by type.")
	}
	asAt := c.asAt(i.On)
	if !v.Pair.Judged() && i.Type != 0 {
		lines = append(lines, fmt.Sprintf("The tables as at %s contain no permitted pair for %s, so only its family was compared with the device type.", asAt, i.Spec))
	}
	if !c.History.NamesScope(i.Scope, asAt) {
		lines = append(lines, fmt.Sprintf("No rule as at %s names the scope %q; the device was judged by the general case and by each scope that the rules name for %s.", asAt, strings.TrimSpace(i.Scope), i.Spec))
	}
	return lines
}

func (c Checker) unknownOf(f Finding) []string {
	w := f.Window
	if f.Reason == Unsettled {
		a, _ := c.History.Amendment(w.Amendment)
		return a.unknownOf(w)
	}
	if w.Spec.IsZero() || w.From.Kind == 0 && w.To.Kind == 0 {
		return nil
	}
	var lines []string
	if w.From.Kind == NotOnRecord {
		lines = append(lines, fmt.Sprintf("The start of %s is not on record; it was first seen on %s.", w.Spec, w.From.Day))
	}
	if w.To.Kind == NotOnRecord {
		line := fmt.Sprintf("The end of %s is not on record", w.Spec)
		if w.To.Day.Valid() {
			line += fmt.Sprintf("; a source vouches for it up to %s", w.To.Day)
		}
		lines = append(lines, line+".")
	}
	if a, ok := c.History.Amendment(w.Amendment); ok {
		lines = append(lines, a.unknownOf(w)...)
	}
	return lines
}

// unknownOf returns a sentence for everything that the amendment leaves in doubt
// of a window that it set.
func (a Amendment) unknownOf(w Window) []string {
	var lines []string
	for _, e := range a.Entries {
		if e.Spec == w.Spec && e.Scope == w.Scope && e.Inferred != "" {
			lines = append(lines, fmt.Sprintf("%s on %s is inferred: %s.", a.ID, e.Spec, e.Inferred))
		}
	}
	if a.PerhapsFrom.Valid() {
		lines = append(lines, fmt.Sprintf("%s is first seen in force on %s; it may have been in force from %s.", a.ID, a.InForce, a.PerhapsFrom))
	}
	if a.Note != "" {
		lines = append(lines, a.ID+": "+a.Note)
	}
	return lines
}
