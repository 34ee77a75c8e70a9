package ivp_test

import (
	"fmt"

	"github.com/mp196/ivp/ivp"
)

func ExampleChecker_Check() {
	spec, _ := ivp.ParseSpec("SMETS2 v3.1", 0)
	day, _ := ivp.ParseDate("2023-04-27")
	checker := ivp.Checker{History: ivp.Published()}

	verdict := checker.Check(ivp.Installation{Type: ivp.ESME, Spec: spec, On: day})
	to, _ := verdict.To()
	fmt.Println(verdict.Outcome(), verdict.Reason, to, day.DaysUntil(to), verdict.Amendment())
	// Output: eligible within-period 2023-04-27 0 MP196
}

func ExampleChecker_Periods() {
	spec, _ := ivp.ParseSpec("SMETS2 v3.1", 0)
	checker := ivp.Checker{History: ivp.Published()}
	checker.AsAt = checker.History.Latest()

	for _, p := range checker.Periods(ivp.Installation{Spec: spec}) {
		fmt.Println(p.First, p.Last, p.Verdict.Reason)
	}
	// Output:
	// 0001-01-01 2018-10-27 before-start
	// 2018-10-28 2018-11-07 before-start
	// 2018-11-08 2023-04-27 within-period
	// 2023-04-28 9999-12-31 after-end
}
