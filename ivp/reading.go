package ivp

import "strings"

// reading is what one reading of the record says of a version in a scope. The
// zero value lists nothing.
type reading struct {
	listed bool
	// window is the Installation Validity Period, without an amendment;
	// window.Scope is empty where the general window serves the scope.
	window Window
	// seen is the in-force day of the amendment that listed the version,
	// confirmed the last day for which a source vouches.
	seen      Date
	confirmed Date
	// The amendments that listed it, set its start, set its end, removed it.
	listedBy, fromBy, toBy, removedBy string
	// later are the windows that amendments outside this reading give it, with
	// a dated start, in record order.
	later []Window
}

// fold reads the amendments that stand, in record order.
func fold(spec Spec, scope string, amendments []Amendment, stands func(Amendment) bool) reading {
	general := reading{window: Window{Spec: spec}}
	own := general
	var later []Window
	for _, a := range amendments {
		taken := stands(a)
		for _, e := range a.Entries {
			switch {
			case e.Spec != spec:
			case !taken:
				later = appendListing(later, a, e, scope)
			case e.Remove:
				general = reading{window: Window{Spec: spec}, removedBy: a.ID}
				own = reading{}
			case e.Scope == "":
				general.apply(a, e)
			case strings.EqualFold(e.Scope, scope):
				if !own.listed {
					own = general
				}
				own.apply(a, e)
				own.window.Scope = e.Scope
			}
		}
	}
	result := general
	if own.listed {
		result = own
	}
	result.later = later
	return result
}

// appendListing appends the window that e gives the version, if it lists it
// with a dated start in the general case or in the scope.
func appendListing(later []Window, a Amendment, e Entry, scope string) []Window {
	if e.From.Kind != Dated || e.Scope != "" && !strings.EqualFold(e.Scope, scope) {
		return later
	}
	w := Window{Spec: e.Spec, Scope: e.Scope, From: e.From, To: e.To, Amendment: a.ID}
	if w.To.Kind != Dated {
		w.To.Day = e.Confirmed
	}
	return append(later, w)
}

// apply changes what the entry names and leaves the rest as it stood. An entry
// that does not list a version which is not listed has nothing to change.
func (r *reading) apply(a Amendment, e Entry) {
	if !r.listed {
		if e.From.Kind == 0 {
			return
		}
		*r = reading{listed: true, window: r.window, seen: a.InForce, listedBy: a.ID, toBy: a.ID}
		r.window.To = Bound{Kind: NotOnRecord}
	}
	if e.From.Kind != 0 {
		r.window.From, r.fromBy = e.From, a.ID
		if e.From.Kind == NotOnRecord {
			r.window.From.Day = r.seen
		}
	}
	if e.To.Kind != 0 {
		r.window.To, r.toBy = e.To, a.ID
	}
	if e.Confirmed.Valid() {
		r.confirmed = e.Confirmed
		if r.window.To.Kind == NotOnRecord {
			r.toBy = a.ID
		}
	}
	if r.window.To.Kind == NotOnRecord {
		r.window.To.Day = r.confirmed
	}
}

// judge finds whether the version may be installed on the day, in this
// reading and on the checker's terms.
func (r *reading) judge(on Date, c *Checker) Finding {
	if !r.listed {
		return r.judgeUnlisted(on)
	}
	from, to := r.window.From, r.window.To
	switch {
	case from.Kind == Dated && on.Before(from.Day):
		return r.finding(BeforeStart, r.fromBy)
	case from.Kind == NotOnRecord && on.Before(from.Day):
		return r.finding(BeyondRecord, r.listedBy)
	case to.Kind == Dated && (on.After(to.Day) || c.LastDayExcluded && on == to.Day):
		return r.finding(r.ended(), r.toBy)
	case to.Kind == NotOnRecord && on.After(to.Day):
		if !c.AssumeOpen {
			return r.finding(BeyondRecord, r.toBy)
		}
		f := r.finding(WithinPeriod, r.toBy)
		f.Assumed = true
		return f
	}
	return r.finding(WithinPeriod, r.toBy)
}

func (r *reading) judgeUnlisted(on Date) Finding {
	for _, w := range r.later {
		if on.Before(w.From.Day) {
			return Finding{Reason: BeforeStart, Window: w}
		}
	}
	return Finding{Reason: NotListed, Window: Window{Spec: r.window.Spec, Amendment: r.removedBy}}
}

func (r *reading) ended() Reason {
	if r.window.Spec.Family == GBCS {
		return GBCSEnded
	}
	return AfterEnd
}

func (r *reading) finding(reason Reason, amendment string) Finding {
	w := r.window
	w.Amendment = amendment
	return Finding{Reason: reason, Window: w}
}
