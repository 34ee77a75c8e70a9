package ivp_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

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

// What an importer has are texts. Whatever cannot be read makes the answer
// undetermined, also if the error is ignored.
func ExampleParseInstallation() {
	checker := ivp.Checker{History: ivp.Published()}
	for _, row := range [][]string{
		{"ESME", "SMETS V3.1 ", "GBCS Version 2.1", "", "2023-04-27"},
		{"GPF", "V1.3", "NONE", "", "2020-01-01"},
		{"ESME", "2", "", "", "27/04/2023"},
	} {
		i, err := ivp.ParseInstallation(row[0], row[1], row[2], row[3], row[4])
		verdict := checker.Check(i)
		fmt.Println(verdict.Outcome(), verdict.Reason, errors.Is(err, ivp.ErrBadVersion), errors.Is(err, ivp.ErrBadDate))
	}
	// Output:
	// eligible within-period false false
	// eligible within-period false false
	// undetermined bad-version true true
}

// The versions whose period ends in the 90 days after a day.
func ExampleHistory_Closing() {
	today, _ := ivp.ParseDate("2023-02-01")
	for _, w := range ivp.Published().Closing(today, 90) {
		to, _ := w.To.Date()
		fmt.Println(w.Spec, "ends on", to, "in", today.DaysUntil(to), "days, by", w.Amendment)
	}
	// Output:
	// SMETS2 v2.0 ends on 2023-04-27 in 85 days, by MP196
	// SMETS2 v3.1 ends on 2023-04-27 in 85 days, by MP196
}

// A day and a version are columns of a database, as text that it also sorts. NULL
// is neither. What cannot be read is an error, and judged as unreadable.
func ExampleSpec_Scan() {
	var spec ivp.Spec
	var day ivp.Date
	fmt.Println(spec.Scan("SMETS2 v3.1"), day.Scan(time.Date(2023, 4, 27, 0, 0, 0, 0, time.UTC)))
	fmt.Println(spec.Value())
	fmt.Println(day.Value())
	fmt.Println(day.Scan("27/04/2023"))
	fmt.Println(ivp.Checker{History: ivp.Published()}.Check(ivp.Installation{Spec: spec, On: day}).Reason)
	// Output:
	// <nil> <nil>
	// SMETS2 v3.1 <nil>
	// 2023-04-27 <nil>
	// "27/04/2023" is not a date: want YYYY-MM-DD, a day of the calendar
	// bad-date
}

// A verdict as JSON, which a program can keep and read back.
func ExampleVerdict_MarshalJSON() {
	i, _ := ivp.ParseInstallation("ESME", "SMETS2 v3.1", "GBCS v2.1", "", "2023-04-28")
	verdict := ivp.Checker{History: ivp.Published()}.Check(i)
	text, _ := json.MarshalIndent(verdict, "", "  ")
	fmt.Println(string(text))

	var back ivp.Verdict
	err := json.Unmarshal(text, &back)
	fmt.Println(back == verdict, back.Outcome(), err)
	// Output:
	// {
	//   "outcome": "not_eligible",
	//   "reason": "after-end",
	//   "window": {
	//     "spec": "SMETS2 v3.1",
	//     "from": "2018-11-08",
	//     "to": "2023-04-27",
	//     "amendment": "MP196"
	//   },
	//   "ts": {
	//     "outcome": "not_eligible",
	//     "reason": "after-end",
	//     "window": {
	//       "spec": "SMETS2 v3.1",
	//       "from": "2018-11-08",
	//       "to": "2023-04-27",
	//       "amendment": "MP196"
	//     }
	//   },
	//   "gbcs": {
	//     "outcome": "undetermined",
	//     "reason": "gbcs-beyond-record",
	//     "window": {
	//       "spec": "GBCS v2.1",
	//       "from": "2018-10-28",
	//       "to": "not-on-record",
	//       "confirmed": "2023-04-27",
	//       "amendment": "MP196"
	//     }
	//   },
	//   "pair": {
	//     "outcome": "eligible",
	//     "reason": "within-period",
	//     "window": {
	//       "amendment": "SEC-6.2"
	//     }
	//   }
	// }
	// true not_eligible <nil>
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
