package ivp

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// asAtDays are the days on which the shipped rules change, and the days before
// them. Every state of the Tables applies on one of them.
func asAtDays(h History) []Date {
	days := h.record().breaks[1:]
	return append([]Date{days[0].AddDays(-1)}, days...)
}

// TestBoundariesOfEveryWindow checks the day before, the first day, the last day
// and the day after of every window, in every state of the Tables.
func TestBoundariesOfEveryWindow(t *testing.T) {
	asked := 0
	for _, asAt := range asAtDays(Published()) {
		for _, row := range Published().Table(asAt) {
			if len(row.Readings) == 1 {
				asked++
				checkBoundaries(t, asAt, row.Readings[0].Window)
			}
		}
	}
	assert.Greater(t, asked, 200)
}

func checkBoundaries(t *testing.T, asAt Date, w Window) {
	c := Checker{History: Published(), AsAt: asAt}
	before, after, beyond := BeforeStart, AfterEnd, BeyondRecord
	if w.Spec.Family == GBCS {
		beyond = GBCSBeyondRecord
	}
	if w.From.Kind == NotOnRecord {
		before = beyond
	}
	switch {
	case w.To.Kind == NotOnRecord:
		after = beyond
	case w.Spec.Family == GBCS:
		after = GBCSEnded
	}
	first, last := w.From.Day, w.To.Day
	for _, probe := range []struct {
		name string
		on   Date
		want Reason
	}{
		{"day before", first.AddDays(-1), before},
		{"first day", first, WithinPeriod},
		{"last day", last, WithinPeriod},
		{"day after", last.AddDays(1), after},
	} {
		got := c.judge(w.Spec, w.Scope, probe.on)
		name := fmt.Sprintf("%s %s as at %s, %s %s", w.Spec, w.Scope, asAt, probe.name, probe.on)
		assert.Equal(t, probe.want, got.Reason, name)
	}
	excluded := Checker{History: Published(), AsAt: asAt, LastDayExcluded: true}
	onLast := excluded.judge(w.Spec, w.Scope, last).Reason
	if w.To.Kind == Dated {
		assert.Equal(t, after, onLast, "%s as at %s, last day excluded", w.Spec, asAt)
	} else {
		assert.Equal(t, WithinPeriod, onLast, "%s as at %s: confirmed is unaffected", w.Spec, asAt)
	}
	open := Checker{History: Published(), AsAt: asAt, AssumeOpen: true}
	afterLast := open.judge(w.Spec, w.Scope, last.AddDays(1))
	assert.Equal(t, w.To.Kind == NotOnRecord, afterLast.Assumed, "%s as at %s, assumed open", w.Spec, asAt)
}
