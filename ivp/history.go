package ivp

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// History is the record: an append-only run of amendments, and what follows
// from them. It is an immutable value, cheap to copy and comparable; the zero
// value is a record without amendments, by which every device is undetermined.
type History struct {
	r *record
}

// record is what a History points to. Nothing in it changes once it is built.
type record struct {
	edition    string
	amendments []Amendment // by in-force day, ties in the order given
	standings  map[Spec]*standing
	specs      []Spec // in the order of reports
	scopes     []string
	pairs      []Pair
	fits       map[Spec][]pairFit
	breaks     []Date
	vouchedTo  Date
	digest     func() string
}

var emptyRecord = newRecord("", nil)

func (h History) record() *record {
	if h.r == nil {
		return emptyRecord
	}
	return h.r
}

// newRecord works out all that follows from amendments, which are not in need
// of an order.
func newRecord(edition string, amendments []Amendment) *record {
	ordered := slices.Clone(amendments)
	slices.SortStableFunc(ordered, func(a, b Amendment) int { return a.InForce.Compare(b.InForce) })
	r := &record{edition: edition, amendments: ordered}
	r.specs, r.scopes = named(ordered)
	r.standings = make(map[Spec]*standing, len(r.specs))
	for _, spec := range r.specs {
		r.standings[spec] = newStanding(spec, ordered)
	}
	r.pairs, r.fits = pairsOf(ordered)
	r.breaks = breakDays(ordered)
	r.vouchedTo = vouchedTo(ordered)
	r.digest = sync.OnceValue(func() string {
		sum := sha256.Sum256(appendCanonical(nil, edition, ordered))
		return hex.EncodeToString(sum[:])
	})
	return r
}

// named returns every version and every scope that the amendments name.
func named(amendments []Amendment) (specs []Spec, scopes []string) {
	for _, a := range amendments {
		for _, e := range a.Entries {
			if !slices.Contains(specs, e.Spec) {
				specs = append(specs, e.Spec)
			}
			if e.Scope != "" && !slices.ContainsFunc(scopes, sameScope(e.Scope)) {
				scopes = append(scopes, e.Scope)
			}
		}
	}
	slices.SortFunc(specs, CompareSpecs)
	return specs, scopes
}

func pairsOf(amendments []Amendment) (pairs []Pair, fits map[Spec][]pairFit) {
	fits = map[Spec][]pairFit{}
	for _, a := range amendments {
		for _, p := range a.Pairs {
			pairs = append(pairs, p)
			fits[p.Spec] = append(fits[p.Spec], pairFit{p.Type.fact().kinds, p.GBCS})
		}
	}
	return pairs, fits
}

// breakDays returns, in order, every day on which an answer may differ from
// that of the day before: the record's own days and the days after them.
func breakDays(amendments []Amendment) []Date {
	days := []Date{minDate}
	add := func(d Date) {
		if d.Valid() {
			days = append(days, d, d.AddDays(1))
		}
	}
	for _, a := range amendments {
		add(a.InForce)
		add(a.PerhapsFrom)
		for _, e := range a.Entries {
			add(e.From.Day)
			add(e.To.Day)
			add(e.Confirmed)
		}
	}
	slices.SortFunc(days, Date.Compare)
	return slices.Compact(days)
}

func sameScope(scope string) func(string) bool {
	return func(other string) bool { return strings.EqualFold(scope, other) }
}

// Parse reads a whole record, a file that names its edition. The error is
// [Faults]: every fault of the file, each with its line.
func Parse(data []byte) (History, error) {
	parsed, faults := parseFile(data)
	if faults = append(faults, lint(nil, parsed.amendments)...); len(faults) > 0 {
		return History{}, faults.sorted()
	}
	return History{newRecord(parsed.edition, plain(parsed.amendments))}, nil
}

// AmendFile returns the record with the amendments of a file added. The error
// is [Faults]: every fault of the file, as it stands on this record.
func (h History) AmendFile(data []byte) (History, error) {
	parsed, faults := parseFile(data)
	if faults = append(faults, lint(h.record().amendments, parsed.amendments)...); len(faults) > 0 {
		return History{}, faults.sorted()
	}
	return h.amended(parsed.amendments), nil
}

// Amend returns the record with the amendments added, each at its in-force
// day, after those of the same day that stand there already. The error is
// [Faults]: they must pass the same lint as a file.
func (h History) Amend(amendments ...Amendment) (History, error) {
	added, faults := reread(amendments)
	if faults = append(faults, lint(h.record().amendments, added)...); len(faults) > 0 {
		return History{}, faults
	}
	return h.amended(added), nil
}

func (h History) amended(added []placed) History {
	base := h.record()
	edition := base.edition
	for _, a := range added {
		edition += "+" + a.ID
	}
	return History{newRecord(edition, slices.Concat(base.amendments, plain(added)))}
}

func plain(all []placed) []Amendment {
	amendments := make([]Amendment, len(all))
	for i, a := range all {
		amendments[i] = a.Amendment
	}
	return amendments
}

// Without returns the record as if the amendment had not been made. It fails
// where no amendment has that id.
func (h History) Without(id string) (History, error) {
	base := h.record()
	kept := slices.DeleteFunc(slices.Clone(base.amendments), func(a Amendment) bool { return a.ID == id })
	if len(kept) == len(base.amendments) {
		return History{}, fmt.Errorf("no amendment %q is on record: want one of %s", clip(id), strings.Join(h.ids(), ", "))
	}
	return History{newRecord(base.edition+"-"+id, kept)}, nil
}

func (h History) ids() []string {
	var ids []string
	for _, a := range h.record().amendments {
		ids = append(ids, a.ID)
	}
	return ids
}

// Amendments returns the amendments by in-force day; ties stand in the order
// in which they were given. The result is the caller's own.
func (h History) Amendments() []Amendment { return cloneAll(h.record().amendments) }

func cloneAll(amendments []Amendment) []Amendment {
	cloned := slices.Clone(amendments)
	for i := range cloned {
		cloned[i].Citations = slices.Clone(cloned[i].Citations)
		cloned[i].Entries = slices.Clone(cloned[i].Entries)
		cloned[i].Pairs = slices.Clone(cloned[i].Pairs)
	}
	return cloned
}

// Amendment returns the amendment with the given id; ok is false where there
// is none.
func (h History) Amendment(id string) (a Amendment, ok bool) {
	for _, a := range h.record().amendments {
		if a.ID == id {
			return cloneAll([]Amendment{a})[0], true
		}
	}
	return Amendment{}, false
}

// Specs returns every version that the record names, in the order of reports:
// SMETS, CHTS, GBCS, each by its number.
func (h History) Specs() []Spec { return slices.Clone(h.record().specs) }

// Pairs returns every permitted pair on record.
func (h History) Pairs() []Pair { return slices.Clone(h.record().pairs) }

// Scopes returns every scope for which the record holds a window of its own.
func (h History) Scopes() []string { return slices.Clone(h.record().scopes) }

// NamesScope reports whether some window on record is for the scope. Case and
// outer spaces do not count; the general scope, "", is always named.
func (h History) NamesScope(scope string) bool {
	scope = strings.TrimSpace(scope)
	return scope == "" || slices.ContainsFunc(h.record().scopes, sameScope(scope))
}

// Edition names this edition of the record: that of the file, followed by
// "+ID" for each amendment added to it and "-ID" for each left out.
func (h History) Edition() string { return h.record().edition }

// Digest returns the sha256 of the record's canonical form, in hexadecimal.
func (h History) Digest() string { return h.record().digest() }

// Expect returns an error if the record's digest is not the one given, in upper
// or lower case: these are then other rules than the caller has approved. The
// error names both digests.
func (h History) Expect(digest string) error {
	if sum, err := hex.DecodeString(digest); err != nil || len(sum) != sha256.Size {
		return fmt.Errorf("%q is not a SHA-256 digest: want the %d hexadecimal digits that name the expected rules", clip(digest), 2*sha256.Size)
	}
	if digest = strings.ToLower(digest); digest != h.Digest() {
		return fmt.Errorf("the rules have SHA-256 %s (edition %s), but %s was expected: use the rules that were approved, or approve these and expect their digest", h.Digest(), h.Edition(), digest)
	}
	return nil
}

// AppendCanonical appends the record's file in its one canonical form. [Parse]
// reads it back, unless amendments that later ones rest on were left out.
func (h History) AppendCanonical(b []byte) []byte {
	return appendCanonical(b, h.record().edition, h.record().amendments)
}

// Latest returns the in-force day of the last amendment: as at that day every
// amendment on record stands. It is no date for an empty record.
func (h History) Latest() Date {
	if n := len(h.record().amendments); n > 0 {
		return h.record().amendments[n-1].InForce
	}
	return Date{}
}

// VouchedTo returns the last day that a source behind the record speaks of:
// the latest in-force day, or confirmed day that is no inference. What the
// Tables said later is not on record. The calendar's last day, [MaxDate], is
// written where a day is yet to be chosen, and vouches for nothing. It is no
// date for a record that no day vouches for.
func (h History) VouchedTo() Date { return h.record().vouchedTo }

func vouchedTo(amendments []Amendment) (last Date) {
	vouch := func(day Date) {
		if day.After(last) && day != maxDate {
			last = day
		}
	}
	for _, a := range amendments {
		vouch(a.InForce)
		for _, e := range a.Entries {
			if e.Inferred == "" {
				vouch(e.Confirmed)
			}
		}
	}
	return last
}

// Breaks returns, in order, every day on which an answer may differ from that
// of the day before, whatever the device and the terms; the first is
// [MinDate]. Between two of them every answer stands.
func (h History) Breaks() []Date { return slices.Clone(h.record().breaks) }

// Lint reads a rules file as strictly as the loader does. A file that names an
// edition is a whole record and stands by itself; one that names none holds
// amendments, and is read on top of base. The error is [Faults]: every fault
// of the file, each with its line.
func Lint(base History, data []byte) error {
	parsed, faults := parseFile(data)
	var under []Amendment
	if parsed.edition == "" {
		under = base.record().amendments
	}
	if faults = append(faults, lint(under, parsed.amendments)...); len(faults) > 0 {
		return faults.sorted()
	}
	return nil
}
