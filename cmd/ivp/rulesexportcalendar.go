package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/export"
	"github.com/mp196/ivp/ivp"
)

// exportCalendar writes the closing days of the tables of a day.
func (c *Command) exportCalendar(f *exportFlags, h ivp.History) error {
	asAt, err := c.day("--as-at", f.question.asAt, h)
	if err != nil {
		return err
	}
	if !asAt.Valid() {
		asAt = h.Latest()
	}
	from, err := c.day("--from", f.from, ivp.History{})
	if err != nil {
		return err
	}
	reminders, err := reminders(f.remind)
	if err != nil {
		return err
	}
	events, unknown := closingEvents(h, asAt, from, reminders)
	if err := export.WriteCalendar(c.Stdout, "Installation Validity Periods: last days", events); err != nil {
		return exit.With(exit.IO, err)
	}
	if len(unknown) > 0 {
		fmt.Fprintf(c.Stderr, "no event for %s, whose end is not on record: add the current Tables with --amend FILE (see the README, \"Bring the rules up to date\")\n", strings.Join(unknown, ", "))
	}
	if len(events) == 0 {
		fmt.Fprintln(c.Stderr, "the calendar is empty: no closing day is on record there")
	}
	return nil
}

// reminders reads days such as "30d,7d".
func reminders(text string) (days []int, err error) {
	if text == "" {
		return nil, nil
	}
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(word), "d"))
		if err != nil || n < 0 || n > 3660 {
			return nil, exit.Usagef("--remind: %q: want days such as 30d, or several with commas between them", word)
		}
		days = append(days, n)
	}
	return days, nil
}

// closingEvents returns an event for each version and scope with a closing day,
// and the versions whose end is not on record. One for each version, not one for
// each day: where an amendment moves the end of one of two versions that closed
// together, its event moves alone.
func closingEvents(h ivp.History, asAt, from ivp.Date, reminders []int) (events []export.Event, unknown []string) {
	for _, row := range h.Table(asAt) {
		for n, r := range row.Readings {
			if r.Listed && r.Window.To.Kind == ivp.NotOnRecord && !slices.Contains(unknown, row.Spec.String()) {
				unknown = append(unknown, row.Spec.String())
			}
			day, dated := r.Window.To.Date()
			if !dated || day.Before(from) {
				continue
			}
			e := closingEvent(h, asAt, row, r, day)
			if n > 0 {
				e.UID = fmt.Sprintf("reading-%d-%s", n+1, e.UID)
			}
			e.Reminders = reminders
			events = append(events, e)
		}
	}
	slices.SortStableFunc(events, func(a, b export.Event) int { return cmp.Or(a.Day.Compare(b.Day), strings.Compare(a.UID, b.UID)) })
	return events, unknown
}

func closingEvent(h ivp.History, asAt ivp.Date, row ivp.TableRow, r ivp.TableReading, day ivp.Date) export.Event {
	a, _ := h.Amendment(r.Window.Amendment)
	name, scoped := row.Spec.String(), ""
	if row.Scope != "" {
		scoped = ", scope " + row.Scope
	}
	e := export.Event{
		UID:     strings.ToLower(strings.NewReplacer(" ", "-", ",", "").Replace(name+scoped)) + "@ivp",
		Day:     day,
		Stamp:   a.InForce,
		Summary: "Last day to install " + name + scoped,
	}
	if row.Spec.Family == ivp.GBCS {
		e.Summary = name + " applies for the last day"
	}
	for _, other := range h.Amendments() {
		if !other.InForce.After(asAt) && slices.ContainsFunc(other.Entries, func(entry ivp.Entry) bool { return entry.Spec == row.Spec && entry.To.Kind == ivp.Dated }) {
			e.Sequence++
		}
	}
	lines := []string{fmt.Sprintf("%s, in force %s: %s", a.ID, a.InForce, a.Title)}
	for _, citation := range a.Citations {
		lines = append(lines, citation.String())
	}
	if e.Tentative = len(row.Readings) > 1; e.Tentative {
		lines = append(lines, fmt.Sprintf("One of %d readings of the record: which one is right is not on record.", len(row.Readings)))
	}
	lines = append(lines, fmt.Sprintf("By the tables as at %s. The Code prevails. Rules: edition %s.", asAt, evidence.RulesName(h)))
	e.Description = strings.Join(lines, "\n")
	return e
}
