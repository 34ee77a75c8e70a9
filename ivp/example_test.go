package ivp_test

import (
	"fmt"

	"github.com/mp196/ivp/ivp"
)

// The answer for one device. The errors may be ignored, because a version or date
// that cannot be read is zero, and the answer is then undetermined.
func ExampleChecker_Check() {
	spec, _ := ivp.ParseSpec("SMETS2 v3.1", 0)
	day, _ := ivp.ParseDate("2023-04-27")
	checker := ivp.Checker{History: ivp.Published()}

	verdict := checker.Check(ivp.Installation{Type: ivp.ESME, Spec: spec, On: day})
	to, _ := verdict.To()
	fmt.Println(verdict.Outcome(), verdict.Reason, to, day.DaysUntil(to), verdict.Amendment())
	// Output: eligible within-period 2023-04-27 0 MP196
}

// The answers for all installation days of one version, by the latest Tables.
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

// The versions that may be installed on a day, but not for more than 90 days
// after it.
func ExampleChecker_Periods_closing() {
	today, _ := ivp.ParseDate("2023-02-01")
	checker := ivp.Checker{History: ivp.Published()}
	for _, row := range checker.History.Table(today) {
		for _, p := range checker.Periods(ivp.Installation{Spec: row.Spec}) {
			to, ends := p.Verdict.To()
			if p.First.Compare(today) > 0 || p.Last.Compare(today) < 0 || p.Verdict.Outcome() != ivp.Eligible || !ends {
				continue
			}
			if days := today.DaysUntil(to); days <= 90 {
				fmt.Println(row.Spec, "closes on", to, "in", days, "days")
			}
		}
	}
	// Output:
	// SMETS2 v2.0 closes on 2023-04-27 in 85 days
	// SMETS2 v3.1 closes on 2023-04-27 in 85 days
}

// The authority for an answer, and what is not on record.
func ExampleChecker_Explain() {
	spec, _ := ivp.ParseSpec("SMETS2 v3.1", 0)
	day, _ := ivp.ParseDate("2023-04-28")
	e := ivp.Checker{History: ivp.Published()}.Explain(ivp.Installation{Spec: spec, On: day})

	fmt.Println(e.Verdict.Outcome(), e.Verdict.Reason)
	for _, c := range e.Citations() {
		fmt.Printf("%q, %s\n", c.Quote, c.Document)
	}
	for _, sentence := range e.Unknown {
		fmt.Println(sentence)
	}
	// Output:
	// not_eligible after-end
	// "by 12 months from its previous date of 27 April 2022 to 27 April 2023", SEC version 57.0, the February 2022 SEC Release (Schedule 11 among the parts affected)
	// "for any pre-[SMETS] 2 v4.2 Devices", SEC version 57.0, the February 2022 SEC Release (Schedule 11 among the parts affected)
	// "came into effect on 24 February 2022", SEC version 57.0, the February 2022 SEC Release (Schedule 11 among the parts affected)
	// MP196: “pre-SMETS2 v4.2” means SMETS2 v2.0 and v3.1. Whether MP196 reached CHTS is not on record.
	// The end of GBCS v2.1 is not on record; a source vouches for it up to 2023-04-27.
	// MP196 on GBCS v2.1 is inferred: they are the only GBCS versions that go with SMETS2 v2.0 and v3.1, and an installation period presupposes one that still applies.
	// No GBCS version was given: of those that go with the device, GBCS v2.1 is the most favourable and was judged.
	// No device type was given, so the pair was not judged by type.
}

// The shipped rules with an amendment file added. The amendment is invented.
func ExampleHistory_AmendFile() {
	rules, err := ivp.Published().AmendFile([]byte(`{"amendments": [{
		"id": "EXAMPLE", "title": "invented", "in_force": "2026-11-01",
		"citations": [{"document": "an invented document", "quote": "v4.2 until 31 March 2027"}],
		"entries": [
			{"spec": "SMETS2 v4.2", "to": "2027-03-31"},
			{"spec": "GBCS v3.2", "to": "open"}
		]
	}]}`))
	if err != nil {
		fmt.Println(err) // every fault of the file, with its line and what to do
		return
	}
	spec, _ := ivp.ParseSpec("SMETS2 v4.2", 0)
	day, _ := ivp.ParseDate("2026-11-26")
	for _, history := range []ivp.History{ivp.Published(), rules} {
		verdict := ivp.Checker{History: history}.Check(ivp.Installation{Spec: spec, On: day})
		fmt.Println(verdict.Outcome(), verdict.Reason, verdict.Amendment())
	}
	// Output:
	// undetermined beyond-record SEC-6.21
	// eligible within-period EXAMPLE
}
