package ivp

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCheckAllocatesNothing(t *testing.T) {
	on, _ := ParseDate("2021-06-01")
	c := Checker{History: Published()}
	for _, i := range profiles(Published()) {
		i.On = on
		assert.Zero(t, testing.AllocsPerRun(10, func() { c.Check(i) }), "%+v", i)
	}
}

func TestZeroHistoryKnowsNothing(t *testing.T) {
	on, _ := ParseDate("2021-06-01")
	v := Checker{}.Check(Installation{Spec: Spec{SMETS, "4.2"}, On: on})
	assert.Equal(t, NotListed, v.Reason)
	assert.Len(t, Checker{}.Periods(Installation{Spec: Spec{SMETS, "4.2"}}), 1)
}

func BenchmarkCheck(b *testing.B) {
	on, _ := ParseDate("2021-06-01")
	c := Checker{History: Published()}
	for _, bench := range []struct {
		name string
		i    Installation
	}{
		{"version alone", Installation{Spec: Spec{SMETS, "4.2"}, On: on}},
		{"two readings", Installation{Spec: Spec{SMETS, "3.1"}, On: on}},
		{"type and GBCS", Installation{Type: ESME, Spec: Spec{SMETS, "4.2"}, GBCS: Spec{GBCS, "3.2"}, On: on}},
		{"scope", Installation{Type: ESME, Spec: Spec{SMETS, "1.2"}, Scope: "prepayment", On: on}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Check(bench.i)
			}
		})
	}
}

func BenchmarkPeriods(b *testing.B) {
	c := Checker{History: Published()}
	i := Installation{Type: ESME, Spec: Spec{SMETS, "3.1"}, GBCS: Spec{GBCS, "2.1"}}
	for b.Loop() {
		c.Periods(i)
	}
}
