package ivp

import "slices"

// Amendment is one change of the Tables, with its day and its authority.
type Amendment struct {
	// ID identifies it in every answer. It is a capital letter, followed by
	// letters, digits, ".", "_" or "-".
	ID string
	// InForce is the first day on which a source shows the change in force.
	InForce Date
	// PerhapsFrom is the first day on which the change may already have been in
	// force, if no source gives the exact day. On the days from PerhapsFrom to
	// the day before InForce the amendment is in doubt. No date if the day is
	// known.
	PerhapsFrom Date
	// Title says in a few words what the amendment does.
	Title string
	// Note is what else a reader must know. It may be empty.
	Note string
	// Citations are the sources; at least one is required.
	Citations []Citation
	// Vouched is the day on which the author last saw the Tables agree with the
	// amendment. It may be no date. It changes no answer, only the day up to
	// which the rules are known, [History.VouchedTo].
	Vouched Date
	// Whole is true if the amendment restates all of the Tables. It then
	// vouches for every version, not only for those of its entries.
	Whole bool
	// Entries are the changes of versions, Pairs the pairs that are permitted or
	// withdrawn.
	Entries []Entry
	Pairs   []Pair
}

// Entry is the change that an amendment makes to one version in one scope.
// Fields left zero change nothing.
type Entry struct {
	Spec Spec
	// Scope is empty for the general case. In a scope on record, such as
	// "prepayment", a version may have a different window.
	Scope string
	// Remove takes the version out of the Tables, in every scope.
	Remove bool
	// From sets the start: a date, or not on record. An entry with From and To
	// lists a version that is not in the Tables yet.
	From Bound
	// To sets the end: a date, open, or not on record.
	To Bound
	// Confirmed sets, for an end not on record, the last day for which a source
	// shows that the version was still valid.
	Confirmed Date
	// Inferred says why the entry is right although no source states it. Empty
	// if a source does.
	Inferred string
	// Unquoted says why no quotation contains a date that the entry sets. Empty
	// if one does, or if Inferred is set.
	Unquoted string
}

// Citation is the source of an amendment.
type Citation struct {
	// Document describes the source so that a reader can find it.
	Document string
	// URL is its address, if known.
	URL string
	// Quote is the operative phrase, word for word. It is empty if the source
	// is a table or a list.
	Quote string
}

// String returns the quotation, the document and the address in one line.
func (c Citation) String() string {
	s := c.Document
	if c.Quote != "" {
		s = "“" + c.Quote + "”, " + s
	}
	if c.URL != "" {
		s += " <" + c.URL + ">"
	}
	return s
}

// TableRow is the row of the Tables for one version in one scope on one day.
type TableRow struct {
	Spec  Spec
	Scope string // empty for the general case
	// Readings are the windows in the different readings of the history. There
	// are several only if an amendment that changes the window is in doubt.
	Readings []TableReading
}

// TableReading is a row of the Tables in one reading of the history.
type TableReading struct {
	// Listed is false if the version is not in the Tables in this reading.
	Listed bool
	Window Window
	// With are the amendments in doubt that are in force in this reading,
	// Without those that are not.
	With    []string
	Without []string
}

// Table returns the Tables of a day: every version, including those of GBCS,
// that is listed in some reading, in the order of [CompareSpecs].
func (h History) Table(asAt Date) []TableRow {
	var rows []TableRow
	r := h.record()
	for _, spec := range r.specs {
		v := r.versions[spec]
		rows = appendRow(rows, spec, "", v.general.at(asAt))
		for _, scoped := range v.scopes {
			if seg := scoped.line.at(asAt); namesScope(seg) {
				rows = appendRow(rows, spec, scoped.scope, seg)
			}
		}
	}
	return rows
}

// Closing returns the windows that end soon, by the Tables of the day: those of
// every version, including those of GBCS, and of every scope that has a window
// of its own, that are open on the day and end at most within days after it. The
// earliest end comes first. A window that is in doubt is left out unless all
// readings agree that it is open; of several ends it then has the earliest. A
// window whose end has no date is left out.
func (h History) Closing(day Date, within int) []Window {
	var closing []Window
	for _, row := range h.Table(day) {
		f := Checker{History: h}.judge(row.Spec, row.Scope, day)
		if end, ok := f.Window.To.Date(); ok && f.Reason == WithinPeriod && day.DaysUntil(end) <= within {
			closing = append(closing, f.Window)
		}
	}
	slices.SortStableFunc(closing, func(a, b Window) int { return a.To.Day.Compare(b.To.Day) })
	return closing
}

// namesScope reports whether the scope has a window of its own in some reading.
func namesScope(s *segment[reading]) bool {
	for i := range s.readings {
		if s.readings[i].window.Scope != "" {
			return true
		}
	}
	return false
}

func appendRow(rows []TableRow, spec Spec, scope string, seg *segment[reading]) []TableRow {
	row := TableRow{Spec: spec, Scope: scope}
	listed := false
	for choice := range seg.readings {
		r := &seg.readings[choice]
		reading := TableReading{Listed: r.listed, Window: r.window}
		reading.Window.Amendment = r.toBy
		if row.has(reading) {
			continue
		}
		reading.With, reading.Without = seg.chosen(choice)
		row.Readings = append(row.Readings, reading)
		listed = listed || r.listed
	}
	if !listed {
		return rows
	}
	return append(rows, row)
}

// has reports whether the row has a reading with the same window already.
func (row *TableRow) has(reading TableReading) bool {
	for _, r := range row.Readings {
		if r.Listed == reading.Listed && r.Window == reading.Window {
			return true
		}
	}
	return false
}
