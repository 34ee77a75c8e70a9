// Package ivp decides whether a smart metering device may be installed in Great
// Britain on a given day, and names the authority for the answer.
//
// The Smart Energy Code gives every version of a technical specification (TS)
// an Installation Validity Period (IVP) in its TS Applicability Tables: SMETS
// for meters and the devices beside them, CHTS for communications hubs. A
// device may be installed on a day within the period of its TS version, if its
// version of GBCS still applies on that day and the Tables permit the two
// versions together on a device of its type. Maintenance periods and
// derogations are not decided here.
//
//	spec, err := ivp.ParseSpec("SMETS2 v3.1", 0)
//	...
//	day, err := ivp.ParseDate("2023-04-27")
//	...
//	checker := ivp.Checker{History: ivp.Published()}
//	verdict := checker.Check(ivp.Installation{Type: ivp.ESME, Spec: spec, On: day})
//	fmt.Println(verdict.Outcome(), verdict.Reason, verdict.Amendment()) // eligible within-period MP196
//
// # Rules
//
// The Tables change. A [History] is therefore an append-only list of
// amendments: each [Amendment] changes the Tables from one day on and cites its
// sources. [Published] returns the history that this package ships. [Parse]
// reads a whole history from a file, [History.AmendFile] and [History.Amend]
// add amendments to one, and [History.Without] leaves one out.
// [History.Table] returns the Tables of one day. [History.VouchedTo] returns
// the last day for which the history has a source: what the Tables said later
// is not on record.
//
// A rules file is JSON, described by [Schema] and read strictly. The error of a
// file is [Faults]: everything that is wrong with it, each [Fault] with its
// line, the value, what was expected and what to do.
//
// # Questions
//
// A [Checker] is a history and the terms of the question. It judges each device
// by the Tables of its own installation day, or by those of the day AsAt.
// [Checker.Check] judges one [Installation], [Checker.Periods] all installation
// days at once, and [Checker.Explain] gives the answer in words, with
// everything that it rests on. [Compare] finds the amendments that make the
// difference between two checkers.
//
// # Answers
//
// A [Verdict] has a [Reason], and the reason has an [Outcome]: eligible, not
// eligible or undetermined. It consists of a [Finding] on the TS version, one on
// the GBCS version and one on the pair of both for the device type; the worst of
// them decides. Three rules apply to every answer:
//
//   - Unknown is never permission. The zero value of an outcome is undetermined,
//     and what is not on record, or cannot be read, makes no device eligible.
//   - Where sources leave open from which day an amendment was in force, its
//     effect on the days in question is in doubt. The history then has several
//     readings, with the amendment and without it, and an answer is given only
//     if it is the same in all of them.
//   - An answer names its authority: the amendment, its citations and the
//     [Window] that decided.
//
// # Values
//
// [Date], [Spec], [DeviceType], [Window] and [Verdict] are comparable with ==.
// The zero value of a date, version or type means that none was given.
// [UnreadableDate], [UnreadableSpec] and [UnknownType] mean that one was given
// and could not be read. The package imports the standard library only. It
// reads no file and no clock, and everything in it may be used by several
// goroutines at once.
//
// # Stability
//
// Until version 1 of this module, names and signatures may change. An importer
// may rely on the following:
//
//   - A rules file keeps its meaning as long as its "schema" is [FormatVersion],
//     which grows with every change that an older reader would not understand.
//   - A reason keeps its name, its outcome and its meaning. Reasons may be added:
//     a program that reads an unknown one must go by the outcome.
//   - The code of a fault keeps its meaning.
//   - The dates and citations of the shipped rules change only together with
//     their edition, and [History.Digest] identifies them exactly.
package ivp
