package ivp

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Installation is one device on one installation day.
type Installation struct {
	// Type is the device type. It is zero if none was given, [UnknownType] if
	// the given one is not known.
	Type DeviceType
	// Spec is the TS version, a version of SMETS or CHTS. It is zero if none was
	// given, [UnreadableSpec] if it could not be read.
	Spec Spec
	// GBCS is the version of GBCS. It is zero if none was given,
	// [UnreadableSpec] if it could not be read. If it is zero, the device is
	// judged by the most favourable version that goes with it.
	GBCS Spec
	// Scope is a case for which the Tables may have a separate window, such as
	// "prepayment" (Section A3.14), or empty for the general case. Case and
	// outer spaces are ignored.
	Scope string
	// On is the installation day. It is zero if none was given,
	// [UnreadableDate] if it could not be read.
	On Date
}

// ParseInstallation reads an installation from texts: the type as
// [ParseDeviceType] does, the versions as [ParseSpec] does, one without a family
// by the type or the field, and the day as [ParseDate] does. Blank text gives the
// zero value, and so do NONE, N/A and - for the type and the versions.
//
// A text that cannot be read gives UnknownType, UnreadableSpec or UnreadableDate,
// so that the result can be judged also with an error: the answer is then
// undetermined. The error joins those of all the texts, each with its cause:
// [ErrUnknownType], [ErrBadVersion], [ErrBadDate].
func ParseInstallation(deviceType, spec, gbcs, scope, day string) (Installation, error) {
	i := Installation{Scope: scope}
	var errs []error
	keep := func(field string, err error) bool {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", field, err))
		}
		return err != nil
	}
	var err error
	i.Type, err = ParseDeviceType(unlessBlank(deviceType))
	keep("device type", err)
	if i.Spec, err = parseVersion(spec, i.Type.BareFamily(), SMETS, CHTS); keep("version", err) {
		i.Spec = UnreadableSpec()
	}
	if i.GBCS, err = parseVersion(gbcs, GBCS, GBCS); keep("GBCS version", err) {
		i.GBCS = UnreadableSpec()
	}
	if err = i.On.UnmarshalText([]byte(strings.TrimSpace(day))); keep("installation day", err) {
		i.On = UnreadableDate()
	}
	return i, errors.Join(errs...)
}

// parseVersion reads a version of one of the families, and blank text as none.
func parseVersion(text string, bare Family, families ...Family) (Spec, error) {
	if text = unlessBlank(text); text == "" {
		return Spec{}, nil
	}
	spec, err := ParseSpec(text, bare)
	if err == nil && !slices.Contains(families, spec.Family) {
		return Spec{}, &SpecError{Text: text, Want: wantVersion(families[0], 0), Hint: "this is a version of " + spec.Family.String()}
	}
	return spec, err
}

// unlessBlank returns the text without outer spaces, and "" for one of the words
// that mean that a version or a device type is not given.
func unlessBlank(text string) string {
	switch text = strings.TrimSpace(text); strings.ToUpper(text) {
	case "NONE", "N/A", "-":
		return ""
	}
	return text
}

// unjudgeable returns the reason why the device cannot be judged, or 0.
func (i Installation) unjudgeable() Reason {
	switch {
	case i.Spec.IsZero():
		return NoVersion
	case i.Spec.Family != SMETS && i.Spec.Family != CHTS:
		return BadVersion
	case i.On.IsZero():
		return NoDate
	case !i.On.Valid():
		return BadDate
	}
	return 0
}

// Verdict is the answer for one installation, with its authority. The zero
// value is undetermined. Verdicts are comparable with ==.
type Verdict struct {
	Reason Reason
	// Window is the window that decided, with the amendment that is the
	// authority for the answer. It is zero if no window decided.
	Window Window
	// TS, GBCS and Pair are the findings; those that were not judged are zero. If
	// the installation has no GBCS version, GBCS is the finding for the most
	// favourable version, which is in its window.
	TS   Finding
	GBCS Finding
	Pair Finding
}

// Outcome returns the outcome of the reason.
func (v Verdict) Outcome() Outcome { return v.Reason.Outcome() }

// Amendment returns the id of the amendment that is the authority for the
// answer, "" if there is none.
func (v Verdict) Amendment() string { return v.Window.Amendment }

// To returns the last day of the window that decided. ok is false if its end has
// no date, or if the answer does not depend on a window.
func (v Verdict) To() (day Date, ok bool) {
	switch v.Reason {
	case WithinPeriod, BeforeStart, AfterEnd, GBCSEnded:
		return v.Window.To.Date()
	}
	return Date{}, false
}

// Assumed reports whether the device is eligible only because of
// Checker.AssumeOpen.
func (v Verdict) Assumed() bool {
	return v.Outcome() == Eligible && (v.TS.Assumed || v.GBCS.Assumed)
}

// decide combines the findings in the order TS, GBCS, pair: the first with the
// worst outcome decides. If all are eligible, the window that closes first
// decides.
func (c Checker) decide(ts, gbcs, pair Finding) Verdict {
	deciding := ts
	for _, f := range [...]Finding{gbcs, pair} {
		if f.weight() > deciding.weight() {
			deciding = f
		}
	}
	if deciding.Reason == WithinPeriod && gbcs.Judged() && c.closesBefore(gbcs.Window, ts.Window) {
		deciding = gbcs
	}
	return Verdict{Reason: deciding.Reason, Window: deciding.Window, TS: ts, GBCS: gbcs, Pair: pair}
}

// Finding is the result for one part of a verdict: the TS version, the GBCS
// version, or the pair. The zero value means that this part was not judged.
type Finding struct {
	Reason Reason
	Window Window
	// Assumed is true if the finding is eligible only because of
	// Checker.AssumeOpen.
	Assumed bool
}

// Judged reports whether this part was judged.
func (f Finding) Judged() bool { return f.Reason != 0 }

// outcome returns the outcome of the reason. It is Eligible for a part that was
// not judged.
func (f Finding) outcome() Outcome {
	if f.Reason == 0 {
		return Eligible
	}
	return f.Reason.Outcome()
}

// weight orders findings for decide: not eligible outweighs undetermined, and
// undetermined outweighs eligible. A finding that was not judged has no weight.
func (f Finding) weight() int {
	if !f.Judged() {
		return 0
	}
	switch f.Reason.Outcome() {
	case NotEligible:
		return 3
	case Undetermined:
		return 2
	}
	return 1
}

// closing returns the day on which a window closes: its end or, if the end is
// not on record, the last day confirmed. ok is false for a window that never
// closes, because its end is open or is assumed to be.
func (c Checker) closing(w Window) (day Date, ok bool) {
	if w.To.Kind == Dated || w.To.Kind == NotOnRecord && !c.AssumeOpen {
		return w.To.Day, true
	}
	return Date{}, false
}

// compareClosing returns a negative number if w closes before v, and a positive
// one if it closes after v.
func (c Checker) compareClosing(w, v Window) int {
	wDay, wCloses := c.closing(w)
	vDay, vCloses := c.closing(v)
	switch {
	case wCloses && vCloses:
		return wDay.Compare(vDay)
	case wCloses:
		return -1
	case vCloses:
		return 1
	}
	return 0
}

// closesBefore reports whether w closes before v. Of two windows that close on
// the same day, one with a dated end is before one whose end is not on record.
func (c Checker) closesBefore(w, v Window) bool {
	n := c.compareClosing(w, v)
	return n < 0 || n == 0 && w.To.Kind == Dated && v.To.Kind != Dated
}

// Window is the Installation Validity Period of one version in one scope. For
// GBCS it is the applicability period. Both bounds are inside the window. The
// zero value is no window.
type Window struct {
	Spec Spec
	// Scope is empty for the general case.
	Scope string
	From  Bound
	To    Bound
	// Amendment is the id of the amendment that set the bound which decided, or
	// in a [TableRow] the end. It is empty if there is none.
	Amendment string
}

// BoundKind says what is known of one end of a window. The zero value means
// that nothing is said of it; an [Entry] with this bound does not change it.
type BoundKind uint8

// What can be known of a bound.
const (
	// NotOnRecord means that no source on record gives the day.
	NotOnRecord BoundKind = iota + 1
	// Dated means that the day is known. The day is inside the window.
	Dated
	// Open means that the Tables set no end. Only an end can be open.
	Open
)

var boundKinds = [...]string{"", "not-on-record", "date", "open"}

// String returns "date", "open" or "not-on-record". It returns "" for the zero
// value.
func (k BoundKind) String() string {
	if int(k) < len(boundKinds) {
		return boundKinds[k]
	}
	return ""
}

// Bound is one end of a [Window]. In an [Entry] the zero value changes nothing.
type Bound struct {
	Kind BoundKind
	// Day is the date of a Dated bound. For a start that is not on record it is
	// the day on which the version was first seen, for an end the last day
	// confirmed, if there is one.
	Day Date
}

// On returns the Dated bound with the given day.
func On(day Date) Bound { return Bound{Dated, day} }

// Date returns the date of a Dated bound. ok is false for any other bound.
func (b Bound) Date() (day Date, ok bool) {
	if b.Kind != Dated {
		return Date{}, false
	}
	return b.Day, true
}

// String returns the date, "open" or "not-on-record". It returns "" for the zero
// value.
func (b Bound) String() string {
	if b.Kind == Dated {
		return b.Day.String()
	}
	return b.Kind.String()
}
