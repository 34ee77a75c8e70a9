package ivp

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

// fold reads the entries of one version in record order, for one scope: the
// judge folds the amendments of each reading, and the linter all of them, one
// entry after another.
type fold struct {
	spec  Spec
	scope string
	// general is the general case; own is the scope's, once an entry names it.
	general, own reading
	later        []Window
}

func newFold(spec Spec, scope string) *fold {
	return &fold{spec: spec, scope: scope, general: reading{window: Window{Spec: spec}}}
}

// apply reads an entry of an amendment that is in force, for the general case
// or for the fold's scope.
func (f *fold) apply(a *Amendment, e *Entry) {
	switch {
	case e.Remove:
		f.general = reading{window: Window{Spec: f.spec}, removedBy: a.ID}
		f.own = reading{}
	case e.Scope == "":
		f.general.apply(a, e)
	default:
		if !f.own.listed {
			f.own = f.general
			f.own.confirmed = Date{} // which speaks of the general case
		}
		f.own.apply(a, e)
		f.own.window.Scope = e.Scope
	}
}

// leave reads an entry of an amendment that is not in force: it may list the
// version later.
func (f *fold) leave(a *Amendment, e *Entry) {
	if e.From.Kind != Dated || e.To.Kind == 0 {
		return
	}
	w := Window{Spec: e.Spec, Scope: e.Scope, From: e.From, To: e.To, Amendment: a.ID}
	if w.To.Kind != Dated {
		w.To.Day = e.Confirmed
	}
	f.later = append(f.later, w)
}

// reading returns what the entries read so far amount to.
func (f *fold) reading() reading {
	r := f.general
	if f.own.listed {
		r = f.own
	}
	r.later = f.later
	return r
}

// apply changes what the entry names and leaves the rest. A version is listed
// by an entry with a start and an end; one that does not list a version which is
// not listed changes nothing.
func (r *reading) apply(a *Amendment, e *Entry) {
	if !r.listed {
		if e.From.Kind == 0 || e.To.Kind == 0 {
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
func (r *reading) judge(on Date, c Checker) Finding {
	if !r.listed {
		return r.judgeUnlisted(on)
	}
	from, to := r.window.From, r.window.To
	switch {
	case from.Kind == Dated && on.Before(from.Day):
		return r.finding(BeforeStart, r.fromBy)
	case from.Kind == NotOnRecord && on.Before(from.Day):
		return r.finding(r.either(BeyondRecord, GBCSBeyondRecord), r.listedBy)
	case to.Kind == Dated && (on.After(to.Day) || c.LastDayExcluded && on == to.Day):
		return r.finding(r.either(AfterEnd, GBCSEnded), r.toBy)
	case to.Kind == NotOnRecord && on.After(to.Day):
		if !c.AssumeOpen {
			return r.finding(r.either(BeyondRecord, GBCSBeyondRecord), r.toBy)
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

// either returns the reason for a version of GBCS, or that for the others.
func (r *reading) either(ts, gbcs Reason) Reason {
	if r.window.Spec.Family == GBCS {
		return gbcs
	}
	return ts
}

func (r *reading) finding(reason Reason, amendment string) Finding {
	w := r.window
	w.Amendment = amendment
	return Finding{Reason: reason, Window: w}
}
