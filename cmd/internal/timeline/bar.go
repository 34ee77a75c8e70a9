package timeline

import (
	"fmt"

	"github.com/mp196/ivp/ivp"
)

// Bar is a run of days with one answer.
type Bar struct {
	ivp.Period
	name   string
	family ivp.Family
}

// Outcome returns the answer.
func (b Bar) Outcome() ivp.Outcome { return b.Verdict.Outcome() }

// Title says the bar in words, such as "SMETS2 v3.1: may be installed
// 2018-11-08 to 2023-04-27 (MP196)".
func (b Bar) Title() string {
	title := b.name + ": " + b.Says() + " " + b.Days()
	if id := b.Verdict.Amendment(); id != "" {
		title += " (" + id + ")"
	}
	return title
}

// Says is the answer in words, to be followed by days.
func (b Bar) Says() string {
	switch {
	case b.Verdict.Assumed():
		return b.may("may be installed", "applies") + ", if its end, which is not on record, is taken to be open,"
	case b.Outcome() == ivp.Eligible:
		return b.may("may be installed", "applies")
	case b.Outcome() == ivp.NotEligible:
		return b.may("may not be installed", "does not apply")
	case b.Verdict.Reason == ivp.Unsettled:
		return "unsettled, since readings of the record differ,"
	case b.Verdict.Reason == ivp.NotListed:
		return "listed by no table on record"
	}
	return "not on record"
}

func (b Bar) may(device, gbcs string) string {
	if b.family == ivp.GBCS {
		return gbcs
	}
	return device
}

// Days says the bar's days, without the first and last day that a date can
// hold, which mean nothing.
func (b Bar) Days() string {
	switch {
	case b.cutBefore() && b.cutAfter():
		return "on any day"
	case b.cutBefore():
		return "before " + b.Last.AddDays(1).String()
	case b.cutAfter() && b.Outcome() == ivp.Eligible:
		return "from " + b.First.String() + ", no end set"
	case b.cutAfter():
		return "after " + b.First.AddDays(-1).String()
	case b.First == b.Last:
		return "on " + b.First.String()
	}
	return fmt.Sprintf("%s to %s", b.First, b.Last)
}

func (b Bar) cutBefore() bool { return b.First == ivp.MinDate() }
func (b Bar) cutAfter() bool  { return b.Last == ivp.MaxDate() }
