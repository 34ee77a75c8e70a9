package devices

import "github.com/mp196/ivp/ivp"

// Judge puts the question to the rules, for one device after another. The zero
// value knows no rules and finds every device undetermined.
type Judge struct {
	// Checker is the rules and the terms on which they are asked.
	Checker ivp.Checker
	// On is the installation day of every device; no date takes each device's
	// own.
	On ivp.Date
	// ScopeGiven puts Scope in the place of each device's own.
	ScopeGiven bool
	Scope      string
	// Catalogue, if not nil, tells which version a device's model holds. What
	// a device claims is held against it.
	Catalogue Catalogue
	// Waivers, if not nil, let rows that are not eligible pass without failing
	// the run. They change no answer.
	Waivers *Waivers
	// Today is the day on which the question is put: no later day vouches for the
	// rules, see [ivp.History.VouchedFor]. No date lets every day on record vouch.
	Today ivp.Date
	// WithinAsked has the eligible devices counted that have at most Within days
	// left.
	WithinAsked bool
	Within      int
}

// Columns returns the names of the columns that the judge's results add to an
// inventory, in their order; why adds those that explain.
func (j Judge) Columns(why bool) []string {
	columns := AddedColumns(why)
	if j.Catalogue != nil {
		columns = append(columns, "ivp_cpl_entries", "ivp_cpl_remedy")
	}
	if j.Waivers != nil {
		columns = append(columns, "ivp_waiver")
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

// installation returns what a device says of itself, in the scope that is asked.
func (j *Judge) installation(d Device) ivp.Installation {
	i := d.Installation
	if j.ScopeGiven {
		i.Scope = j.Scope
	}
	return i
}

// asAt returns the day whose tables are asked for a device of a day; no date
// where its own would be, and is none.
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
		return j.joined(j.look(d, i), i.On)
	}
	return j.result(i, j.Checker.Check(i), d.Faults)
}

// isClosing reports whether a device has at most so many days left as were
// asked about.
func (j Judge) isClosing(o ivp.Outcome, daysLeft int, dated bool) bool {
	return j.WithinAsked && o == ivp.Eligible && dated && daysLeft <= j.Within
}

// Row judges one row of an inventory: the device of a [DataRow]; a [BadRow] is
// undetermined. What is no device, a blank line or an empty row, gets the zero
// result.
func (j Judge) Row(row Row) Result {
	switch row.Kind {
	case DataRow:
		return j.Device(row.Device)
	case BadRow, RestOfLine:
		r := j.result(ivp.Installation{}, ivp.Verdict{Reason: ivp.BadRow}, nil)
		r.fault = row.Fault
		return r
	}
	return Result{}
}

func (j Judge) result(i ivp.Installation, v ivp.Verdict, faults []CellFault) Result {
	r := Result{Verdict: v, Installation: i, AsAt: j.asAt(i.On), checker: j.Checker, today: j.Today, joined: j.Catalogue != nil, waivable: j.Waivers != nil}
	if fault, ok := faultOf(v, faults); ok {
		r.fault = fault
	}
	return r
}

// faultOf returns the cell fault that the verdict rests on.
func faultOf(v ivp.Verdict, faults []CellFault) (CellFault, bool) {
	for _, fault := range faults {
		switch { // of two in one row, the first is told
		case v.Reason == ivp.BadVersion && (fault.Field == Spec || fault.Field == GBCS),
			v.Reason == ivp.BadDate && fault.Field == InstallDate,
			v.Reason == ivp.UnknownDeviceType && fault.Field == DeviceType:
			return fault, true
		}
	}
	return CellFault{}, false
}

// pastRecord reports whether a day is after the last one on which a source
// vouches for the rules of a version.
func (j *Judge) pastRecord(spec ivp.Spec, on ivp.Date) bool {
	return on.After(j.Checker.History.VouchedFor(spec, j.Today))
}
