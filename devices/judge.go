package devices

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Judge is the rules and the terms by which devices are judged. The zero value has no
// rules, and every device is undetermined.
type Judge struct {
	// Checker is the rules, and the terms that concern the rules.
	Checker ivp.Checker
	// On, if set, is the installation day of every device, in place of its own.
	On ivp.Date
	// ScopeGiven replaces the scope of every device by Scope.
	ScopeGiven bool
	Scope      string
	// Catalogue, if not nil, gives the versions of a device's model. They are compared
	// with the version that the device claims.
	Catalogue Catalogue
	// Waivers, if not nil, let rows that are not eligible pass without failing the run.
	// They change no answer.
	Waivers *Waivers
	// Today is the day of the run, up to which sources vouch for the rules: see
	// [ivp.History.VouchedFor]. The zero value is after every day on record.
	Today ivp.Date
	// WithinAsked says that eligible devices with at most Within days left are counted
	// and can be selected.
	WithinAsked bool
	Within      int
	// Since adds the answer that each row had when it was checked before, and limits the
	// rows that are written to those whose answer is another one now. It requires
	// [ColumnOptions.Recheck].
	Since bool
	// Source adds the name of the input to each row.
	Source bool
}

// Columns returns the names of the columns that are added to an inventory: those of
// [AddedColumns], then those of the catalogue and the waivers.
func (j Judge) Columns(why bool) []string {
	columns := AddedColumns(why)
	if j.Catalogue != nil {
		columns = append(columns, "ivp_cpl_entries", "ivp_cpl_remedy")
	}
	if j.Waivers != nil {
		columns = append(columns, "ivp_waiver")
	}
	if j.Since {
		columns = append(columns, "ivp_before_outcome", "ivp_before_reason", "ivp_before_to")
	}
	if j.Source {
		columns = append(columns, "ivp_file")
	}
	return columns
}

// Device judges one device.
func (j Judge) Device(d Device) Result {
	i := j.installation(d)
	if j.On.Valid() {
		i.On, d.Moved = j.On, ""
	}
	r := j.answer(d, i)
	r.moved = d.Moved
	days, dated := r.DaysLeft()
	r.closing = j.isClosing(r.Outcome(), days, dated)
	if j.Waivers != nil && r.Outcome() != ivp.Eligible {
		r.Waiver = j.Waivers.find(d.ID, newWaivedModel(d, r.Spec()))
	}
	return r
}

// installation returns the installation of a device in the scope of the judge.
func (j *Judge) installation(d Device) ivp.Installation {
	i := d.Installation
	if j.ScopeGiven {
		i.Scope = j.Scope
	}
	return i
}

// asAt returns the day of the Tables that judge an installation on a day, or no date
// if that would be the installation day, which is not valid.
func (j *Judge) asAt(on ivp.Date) ivp.Date {
	switch {
	case j.Checker.AsAt.Valid():
		return j.Checker.AsAt
	case on.Valid():
		return on
	}
	return ivp.Date{}
}

func (j Judge) answer(d Device, i ivp.Installation) Result {
	if j.Catalogue != nil {
		return j.joined(j.look(d, i), i.On, d.Faults)
	}
	return j.result(i, j.Checker.Check(i), d.Faults)
}

// isClosing reports whether an eligible device has at most Within days left.
func (j Judge) isClosing(o ivp.Outcome, daysLeft int, dated bool) bool {
	return j.WithinAsked && o == ivp.Eligible && dated && daysLeft <= j.Within
}

// Row judges one row of an inventory. A [BadRow] is undetermined. Rows that are not a
// device, such as blank lines and empty rows, give the zero result.
func (j Judge) Row(row Row) (r Result) {
	switch row.Kind {
	case DataRow:
		r = j.Device(row.Device)
	case BadRow, RestOfLine:
		r = j.result(ivp.Installation{}, ivp.Verdict{Reason: ivp.BadRow}, nil)
		r.fault = row.Fault
	default:
		return Result{}
	}
	if j.Since {
		r.since, r.before, r.changed = true, row.before, row.before.changed(r)
	}
	if j.Source {
		r.source = &row.Input
	}
	return r
}

func (j Judge) result(i ivp.Installation, v ivp.Verdict, faults []CellFault) Result {
	r := Result{Verdict: v, Installation: i, AsAt: j.asAt(i.On), checker: j.Checker, today: j.Today, joined: j.Catalogue != nil, waivable: j.Waivers != nil}
	if fault, ok := faultOf(v, faults); ok {
		r.fault = fault
	}
	return r
}

// faultOf returns the first cell fault that caused the verdict.
func faultOf(v ivp.Verdict, faults []CellFault) (CellFault, bool) {
	for _, fault := range faults {
		switch {
		case v.Reason == ivp.BadVersion && (fault.Field == Spec || fault.Field == GBCS),
			v.Reason == ivp.BadDate && fault.Field == InstallDate,
			v.Reason == ivp.UnknownDeviceType && fault.Field == DeviceType:
			return fault, true
		}
	}
	return CellFault{}, false
}

// pastRecord reports whether a day is after the last one for which a source vouches for
// the rules of a version.
func (j *Judge) pastRecord(spec ivp.Spec, on ivp.Date) bool {
	return on.After(j.Checker.History.VouchedFor(spec, j.Today))
}

// Period is a run of installation days with one answer, both ends included.
type Period struct {
	First, Last ivp.Date
	Result      Result // of the first day
}

// Periods returns the answers for a device on all installation days, as the fewest
// periods: in order, without a gap, from [ivp.MinDate] to [ivp.MaxDate]. The device's
// own day and [Judge.On] are ignored.
func (j Judge) Periods(d Device) []Period {
	i := j.installation(d)
	answer := func(on ivp.Date) Result {
		i.On = on
		return j.result(i, j.Checker.Check(i), d.Faults)
	}
	if j.Catalogue != nil {
		l := j.look(d, i)
		answer = func(on ivp.Date) Result { return j.joined(l, on, d.Faults) }
	}
	var periods []Period
	for _, day := range j.Checker.History.Breaks() {
		r := answer(day)
		if n := len(periods); n > 0 {
			if sameAnswer(&periods[n-1].Result, &r) {
				continue
			}
			periods[n-1].Last = day.AddDays(-1)
		}
		periods = append(periods, Period{First: day, Last: ivp.MaxDate(), Result: r})
	}
	return periods
}

// sameAnswer reports whether two results of a device differ only in the day.
func sameAnswer(a, b *Result) bool {
	return a.Verdict == b.Verdict && a.Installation.Spec == b.Installation.Spec && a.Remedy == b.Remedy &&
		a.Differs == b.Differs && a.note == b.note && slices.Equal(a.Entries, b.Entries)
}

// Selection is a set of reasons, and optionally the eligible devices that close soon.
// The zero value selects nothing.
type Selection struct {
	reasons uint32
	closing bool
}

// closingWord selects the devices of [Result.Closing].
const closingWord = "closing"

// ParseSelection reads outcomes and reasons separated by commas, such as
// "not_eligible,beyond-record", or "none". An outcome selects all its reasons, and
// "closing" the eligible devices that close soon.
func ParseSelection(text string) (Selection, error) {
	var s Selection
	if strings.TrimSpace(text) == "none" {
		return s, nil
	}
	for word := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(word) == closingWord {
			s.closing = true
			continue
		}
		added := reasonsNamed(strings.TrimSpace(word))
		if added == 0 {
			return Selection{}, fmt.Errorf("%q is neither an outcome nor a reason: want %s", word, strings.Join(SelectionWords(), ", "))
		}
		s.reasons |= added
	}
	return s, nil
}

func reasonsNamed(word string) (set uint32) {
	for _, r := range ivp.Reasons() {
		if r.String() == word || r.Outcome().String() == word {
			set |= 1 << r
		}
	}
	return set
}

// SelectionWords returns the words that [ParseSelection] reads, except "none".
func SelectionWords() []string {
	var words []string
	for _, o := range ivp.Outcomes() {
		words = append(words, o.String())
	}
	for _, r := range ivp.Reasons() {
		words = append(words, r.String())
	}
	return append(words, closingWord)
}

// Has reports whether the selection has the reason.
func (s Selection) Has(r ivp.Reason) bool { return s.reasons&(1<<r) != 0 }

// Closing reports whether the devices that close soon are selected.
func (s Selection) Closing() bool { return s.closing }

// selects reports whether a result is selected. A row that is not judged never is.
func (s Selection) selects(r Result) bool {
	return r.Judged() && (s.Has(r.Reason) || s.closing && r.Closing())
}

// WithReasonsOf returns the selection with every reason of an outcome.
func (s Selection) WithReasonsOf(o ivp.Outcome) Selection {
	s.reasons |= reasonsNamed(o.String())
	return s
}
