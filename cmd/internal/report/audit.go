package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// lawOfTheDay is what a reader of an audit must know.
const lawOfTheDay = "What counts for an installation is the law of its own day."

// counted returns the rules and terms of the answers that are counted by themselves.
func (c *Change) counted() *ivp.Checker {
	if c.Audit {
		return &c.Before.Checker
	}
	return &c.After.Checker
}

// known is the record that says how far the rules are known: a what-if vouches for
// nothing.
func (o *changeReport) known() ivp.History {
	if o.WhatIf != "" {
		return o.Before.Checker.History
	}
	return o.counted().History
}

// auditSentence says how many installations were lawful on their day.
func auditSentence(c *devices.Changes) string {
	var by [3]int
	for before, afters := range c.Outcomes {
		for _, n := range afters {
			by[before] += n
		}
	}
	all, lawful, not, unknown := c.Devices, by[ivp.Eligible], by[ivp.NotEligible], by[ivp.Undetermined]
	switch {
	case all == 0:
		return "No installation was found"
	case all == 1 && lawful == 1:
		return "The one installation was lawful on its day"
	case all == 1 && not == 1:
		return "The one installation was not lawful on its day"
	case all == 1:
		return "The one installation cannot be judged"
	case lawful == all:
		return fmt.Sprintf("All %s installations were lawful on their day", remarks.Thousands(all))
	case unknown == all:
		return fmt.Sprintf("None of %s installations can be judged", remarks.Thousands(all))
	}
	were := func(n int) string {
		if n == 1 {
			return "1 was"
		}
		return remarks.Thousands(n) + " were"
	}
	first := fmt.Sprintf("%s of %s installations were not lawful on their day", remarks.Thousands(not), remarks.Thousands(all))
	switch not {
	case 0:
		first = fmt.Sprintf("None of %s installations was unlawful on its day", remarks.Thousands(all))
	case 1:
		first = fmt.Sprintf("1 of %s installations was not lawful on its day", remarks.Thousands(all))
	}
	if unknown > 0 {
		first += fmt.Sprintf("; %s cannot be judged", remarks.Thousands(unknown))
	}
	return first + "; " + were(lawful) + " lawful"
}

// days says which days were chosen, and how many installations they leave out.
func (o *changeReport) days(s *devices.Summary) []string {
	var parts []string
	if o.From.Valid() {
		parts = append(parts, "from "+remarks.Day(o.From))
	}
	if o.To.Valid() {
		parts = append(parts, "to "+remarks.Day(o.To))
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Installations %s; %s on other days left out", strings.Join(parts, " "), remarks.Plural(s.Outside, "installation"))}
}

// second says what the other tables say of the installations.
func (o *changeReport) second(c *devices.Changes) string {
	some := func(n int) string {
		if n == 0 {
			return "none"
		}
		return remarks.Thousands(n)
	}
	return fmt.Sprintf("By the %s %s of those that were lawful would not be eligible, and %s of those that were not lawful would be. %s",
		o.against(), some(c.Outcomes[ivp.Eligible][ivp.NotEligible]), some(c.Outcomes[ivp.NotEligible][ivp.Eligible]), lawOfTheDay)
}

// rowsTitle is the title of the rows.
func (o *changeReport) rowsTitle() string {
	switch {
	case !o.Audit:
		return "Devices"
	case o.Only != nil && o.Only.Has(ivp.AfterEnd):
		return "The installations that were not lawful"
	case o.Only != nil:
		return "The installations that cannot be judged"
	}
	return "Installations"
}

// answered is the answer of an audit, by the law of the day.
func (o *changeReport) answered(s *devices.Summary) remarks.Answer {
	judge := o.Judge
	judge.Checker = *o.counted()
	return remarks.NewAnswer(s, judge, remarks.Audit)
}

// lead has the causes: of an audit all, those that were not lawful first, else the cells
// that could not be read.
func (o *changeReport) lead(s *devices.Summary) (lead remarks.Answer) {
	if !o.Audit {
		lead.Causes = remarks.NewAnswer(s, o.Judge, remarks.CommandLine).Unread()
		return lead
	}
	lead.Causes = o.answered(s).AllCauses()
	for i := range lead.Causes {
		if lead.Causes[i].Outcome == ivp.NotEligible.String() {
			lead.Causes[i].Do = "" // it is installed
		}
	}
	slices.SortStableFunc(lead.Causes, func(a, b remarks.Cause) int { return strings.Compare(a.Outcome, b.Outcome) })
	return lead
}

// writeLead writes the causes for a terminal.
func (o *changeReport) writeLead(w io.Writer, s *devices.Summary) {
	causes := o.lead(s).Causes
	if !o.Audit {
		writeCauses(w, needsWork, causes)
		return
	}
	unjudged := slices.IndexFunc(causes, func(c remarks.Cause) bool { return c.Outcome != ivp.NotEligible.String() })
	if unjudged < 0 {
		unjudged = len(causes)
	}
	writeCauses(w, "Not lawful on their day", causes[:unjudged])
	writeCauses(w, "Cannot be judged", causes[unjudged:])
}

// Money is what the devices are worth whose outcome a change turns.
type Money struct {
	// Gained is of those that become eligible, Lost of those that no longer are, in pence.
	Gained int64 `json:"gained_pence"`
	Lost   int64 `json:"lost_pence"`
	// Costless counts those among them whose cost is blank or cannot be read.
	Costless int `json:"without_cost"`
}

// Add adds devices, as [devices.Bulk.Tally] reports them.
func (m *Money) Add(t devices.Tallied) {
	if t.Difference == nil || t.Difference.Before.Outcome() == t.Difference.After.Outcome() {
		return
	}
	switch ivp.Eligible {
	case t.Difference.After.Outcome():
		m.Gained += t.Pence
	case t.Difference.Before.Outcome():
		m.Lost += t.Pence
	default:
		return
	}
	m.Costless += t.Costless
}

// whatIfSentence says what a what-if would change.
func (o *changeReport) whatIfSentence(all, gained, lost int) string {
	s := fmt.Sprintf("A what-if, and no rule: if %s, %s more of %s may be installed on their dates", o.WhatIf, remarks.Thousands(gained), remarks.Plural(all, "device"))
	if gained == 0 {
		s = fmt.Sprintf("A what-if, and no rule: if %s, no more of %s may be installed on their dates", o.WhatIf, remarks.Plural(all, "device"))
	}
	if o.Money != nil && gained > 0 {
		s += ", worth " + Pence(o.Money.Gained).String()
	}
	if lost > 0 {
		s += fmt.Sprintf("; %s fewer", remarks.Thousands(lost))
	}
	if o.Money != nil && o.Money.Costless > 0 {
		s += fmt.Sprintf(" (%s without a cost that can be read)", remarks.Plural(o.Money.Costless, "device"))
	}
	return s
}

// supposed says what goes with a what-if.
func (o *changeReport) supposed() (lines []string) {
	for _, line := range o.Supposed {
		lines = append(lines, strings.ToUpper(line[:1])+line[1:]+".")
	}
	return lines
}
