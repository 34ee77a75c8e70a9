package rundown

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mp196/ivp/ivp"
)

// FuzzReadPlan holds that a plan that is read can be worked by: no team does
// less by a later day.
func FuzzReadPlan(f *testing.F) {
	for _, text := range []string{"from,per_week\n2026-01-05,40\n", "\ufefffrom,per week,to,device type,location\n2026-01-05,40,2026-02-01,ESME,Leeds\n2026-01-12,0,,,\n", "from,per_week\n,\n", "x"} {
		f.Add([]byte(text))
	}
	first, err := ivp.ParseDate("2026-01-01")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		plan, err := ReadPlan("plan.csv", data)
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		assert.NotEmpty(t, plan.Teams)
		for _, team := range plan.Teams {
			before := int64(0)
			for _, days := range []int{-1, 0, 6, 30, 400, 40_000} {
				done := team.Capacity(first, first.AddDays(days))
				assert.GreaterOrEqual(t, done, before)
				before = done
			}
		}
	})
}
