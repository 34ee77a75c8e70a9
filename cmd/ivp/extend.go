package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/ivp"
)

// whatIfID is the id of the amendment that a what-if is made of. It is in no rules.
const whatIfID = "WHAT-IF"

// whatIf is a change of the rules that is only supposed.
type whatIf struct {
	// moves says what is supposed, and notes what goes with it, or why it does not help.
	moves []string
	notes []string
	added ivp.Amendment
}

// extend returns a state of the law in which versions end later, as the texts of
// --extend say.
func (s lawState) extend(texts []string) (lawState, whatIf, error) {
	w := whatIf{added: ivp.Amendment{ID: whatIfID, InForce: s.History.Latest()}}
	if s.AsAt.Valid() && s.AsAt.Before(w.added.InForce) {
		w.added.InForce = s.AsAt
	}
	for _, text := range texts {
		if err := w.extend(s.History, text); err != nil {
			return s, w, exit.Usagef("--extend %q: %w", text, err)
		}
		w.added.Citations = append(w.added.Citations, ivp.Citation{Document: "no source: a what-if of ivp impact --extend \"" + text + "\""})
	}
	w.added.Title = "a what-if, and no rule: " + strings.Join(w.moves, "; ")
	var err error
	if s.History, err = s.History.Amend(w.added); err != nil {
		return s, w, exit.Usagef("--extend: %w", err)
	}
	s.Text += ",--extend " + strings.Join(texts, ",--extend ")
	s.Words += ", with a what-if: " + strings.Join(w.moves, "; ")
	return s, w, nil
}

// extend adds the entries that move the end of one version, and those of the GBCS
// versions that go with it.
func (w *whatIf) extend(h ivp.History, text string) error {
	name, until, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Errorf("want VERSION=12m or VERSION=DATE, as in \"SMETS2 v3.1=12m\"")
	}
	spec, err := specArgument(h, name)
	if err != nil {
		return err
	}
	if spec.Family == ivp.GBCS {
		return fmt.Errorf("%s is a GBCS version: name the SMETS or CHTS version, and the GBCS versions that it needs go with it", spec)
	}
	if slices.ContainsFunc(w.added.Entries, func(e ivp.Entry) bool { return e.Spec == spec }) {
		return fmt.Errorf("%s is moved twice: want one end", spec)
	}
	window, err := oneWindow(h, spec, w.added.InForce)
	if err != nil {
		return err
	}
	end, err := newEnd(window, until)
	if err != nil {
		return err
	}
	w.add(ivp.Entry{Spec: spec, To: ivp.Bound{Kind: ivp.Dated, Day: end}})
	move := fmt.Sprintf("%s ends on %s (its end is not on record)", spec, remarks.Day(end))
	if window.To.Kind == ivp.Dated {
		move = fmt.Sprintf("%s ends on %s, and not on %s", spec, remarks.Day(end), remarks.Day(window.To.Day))
	}
	w.moves = append(w.moves, move)
	w.extendGBCS(h, window, end)
	for _, row := range h.Table(w.added.InForce) {
		if row.Spec == spec && row.Scope != "" {
			w.notes = append(w.notes, fmt.Sprintf("the end of %s in the scope %s stays as it is", spec, row.Scope))
		}
	}
	return nil
}

// add adds an entry. Of two on one GBCS version the later end counts.
func (w *whatIf) add(e ivp.Entry) {
	e.Inferred = "a what-if"
	for i, other := range w.added.Entries {
		if other.Spec == e.Spec {
			if e.To.Day.After(other.To.Day) || e.Confirmed.After(other.Confirmed) {
				w.added.Entries[i] = e
			}
			return
		}
	}
	w.added.Entries = append(w.added.Entries, e)
}

// extendGBCS moves the GBCS versions that go with a version and still apply when it
// ends, but not until its new end.
func (w *whatIf) extendGBCS(h ivp.History, of ivp.Window, end ivp.Date) {
	seen, needed, lasting := map[ivp.Spec]bool{{}: true}, false, false
	for _, p := range h.PermittedPairs(w.added.InForce) {
		if p.Spec != of.Spec || seen[p.GBCS] || p.GBCS.NoGBCS() {
			continue
		}
		seen[p.GBCS] = true
		window, err := oneWindow(h, p.GBCS, w.added.InForce)
		if err != nil {
			w.notes = append(w.notes, fmt.Sprintf("%s, which goes with %s: %v", p.GBCS, of.Spec, err))
			continue
		}
		to := window.To
		switch {
		case to.Kind == ivp.Open || to.Day.Valid() && !to.Day.Before(end):
			lasting = true
		case !to.Day.Valid() || to.Day.Before(of.To.Day):
			w.notes = append(w.notes, fmt.Sprintf("%s, which goes with %s, is not moved: %s before %s does", p.GBCS, of.Spec, endedWords(window), of.Spec))
		case to.Kind == ivp.Dated:
			needed = true
			w.add(ivp.Entry{Spec: p.GBCS, To: ivp.Bound{Kind: ivp.Dated, Day: end}})
			w.notes = append(w.notes, fmt.Sprintf("with it %s ends on %s, and not on %s", p.GBCS, remarks.Day(end), remarks.Day(to.Day)))
		default:
			needed = true
			w.add(ivp.Entry{Spec: p.GBCS, Confirmed: end})
			w.notes = append(w.notes, fmt.Sprintf("with it %s is taken to apply until %s; on record it is known only to %s", p.GBCS, remarks.Day(end), remarks.Day(to.Day)))
		}
	}
	switch {
	case len(seen) == 1:
		w.notes = append(w.notes, fmt.Sprintf("no permitted pair on record names %s, so that no GBCS version is moved with it", of.Spec))
	case !needed && !lasting:
		w.notes = append(w.notes, fmt.Sprintf("it does not help: no GBCS version that goes with %s is known to apply when it ends", of.Spec))
	}
}

// endedWords says when a GBCS version ends, or until when it is known.
func endedWords(w ivp.Window) string {
	switch {
	case w.To.Kind == ivp.Dated:
		return "it ends on " + remarks.Day(w.To.Day) + ","
	case w.To.Day.Valid():
		return "it is not known after " + remarks.Day(w.To.Day) + ","
	}
	return "its end is not on record,"
}

// oneWindow returns the window of a version on a day. It fails if the version is not
// listed then, or if the record is in doubt.
func oneWindow(h ivp.History, spec ivp.Spec, asAt ivp.Date) (ivp.Window, error) {
	for _, row := range h.Table(asAt) {
		switch {
		case row.Spec != spec || row.Scope != "":
		case len(row.Readings) > 1 || !row.Readings[0].Listed:
			return ivp.Window{}, fmt.Errorf("what the Tables said of it on %s is in doubt: name another day with --before", remarks.Day(asAt))
		default:
			return row.Readings[0].Window, nil
		}
	}
	return ivp.Window{}, fmt.Errorf("it is not in the Tables as at %s", remarks.Day(asAt))
}

// span matches a span of months, years or days.
var span = regexp.MustCompile(`^(\d{1,4}) ?(d|days?|m|months?|y|years?)$`)

// newEnd returns the day to which an end is moved.
func newEnd(w ivp.Window, text string) (ivp.Date, error) {
	text = strings.TrimSpace(text)
	parts := span.FindStringSubmatch(text)
	if parts == nil {
		end, _, err := remarks.ReadDay(text)
		switch {
		case err != nil:
			return end, fmt.Errorf("%q is neither a span such as 12m nor a day: %w", text, err)
		case w.To.Kind == ivp.Open:
			return end, fmt.Errorf("the Tables set no end for %s: there is nothing to move", w.Spec)
		case !end.After(w.To.Day):
			return end, fmt.Errorf("%s is not after %s, to which %s is known to last: want a later day", remarks.Day(end), remarks.Day(w.To.Day), w.Spec)
		}
		return end, nil
	}
	n, _ := strconv.Atoi(parts[1])
	switch {
	case n == 0:
		return ivp.Date{}, fmt.Errorf("%q moves nothing: want a span such as 12m", text)
	case w.To.Kind == ivp.Open:
		return ivp.Date{}, fmt.Errorf("the Tables set no end for %s: there is nothing to move", w.Spec)
	case w.To.Kind != ivp.Dated:
		return ivp.Date{}, fmt.Errorf("the end of %s is not on record, so that %s cannot be added to it (it is known to last to %s): add the current Tables with --amend, or name the day, as in \"%s=2027-06-30\"", w.Spec, text, remarks.Day(w.To.Day), w.Spec)
	}
	end := w.To.Day.AddDays(n)
	if parts[2][0] != 'd' {
		if parts[2][0] == 'y' {
			n *= 12
		}
		end = addMonths(w.To.Day, n)
	}
	if !end.Valid() {
		return end, fmt.Errorf("%q goes beyond the calendar", text)
	}
	return end, nil
}

// addMonths returns the same day of a later month, or its last day if it has no such
// day; no date beyond the calendar.
func addMonths(d ivp.Date, n int) ivp.Date {
	year, month, day := d.Civil()
	place := int(month) - 1 + n
	for ; day > 0; day-- {
		if end, err := ivp.NewDate(year+place/12, time.Month(place%12+1), day); err == nil {
			return end
		}
	}
	return ivp.Date{}
}
