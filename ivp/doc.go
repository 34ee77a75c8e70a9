// Package ivp answers one question: on a given day, may a device built to a
// given version of a technical specification be installed in Great Britain,
// and by what authority?
//
// The Smart Energy Code gives every version of SMETS and CHTS an Installation
// Validity Period (IVP) in its TS Applicability Tables. The Tables change: the
// package therefore keeps them as an append-only [History] of [Amendment]s,
// and a [Checker] asks what stood on one day, by default the device's own
// installation day.
//
// Three habits run through everything here. Unknown is never permission: the
// zero value of every answer is undetermined. Where the evidence admits
// several readings an answer is given only if every reading gives it. And
// every answer carries its authority: the amendment, the window, the citation.
//
// The package imports the standard library alone, reads no file, asks no clock
// and keeps no state that changes; everything in it may be used from several
// goroutines at once.
package ivp
