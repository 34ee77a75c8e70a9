package ivp

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"
)

// History is the rules: an append-only list of amendments. It is immutable,
// cheap to copy and comparable with ==. The zero value has no amendments, and
// every device is undetermined by it.
type History struct {
	r *record
}

// record is the amendments of a History and what follows from them. It does not
// change after it is built.
type record struct {
	schema     int // the format version that the file gives, 0 if it gives none
	edition    string
	amendments []Amendment // by in-force day, those of one day in the order given
	added      []string    // ids of the amendments added to those of the file, in the order of addition
	versions   map[Spec]*versionTimelines
	pairLines  map[Spec]timeline[pairReading]
	specs      []Spec // sorted by CompareSpecs
	gbcs       []Spec // the GBCS versions among specs
	scopes     []namedScope
	breaks     []Date
	vouches    map[Spec][]Date // the days that vouch for a version, sorted; the zero Spec has those for the whole Tables
	digest     func() string
	// authorities returns, by the id of each amendment, its citations in words.
	authorities func() map[string]string
}

// namedScope is a scope, and the first as-at day on which an amendment that
// names it for any version is, or may be, in force.
type namedScope struct {
	name string
	from Date
}

var emptyRecord = newRecord(record{})

func (h History) record() *record {
	if h.r == nil {
		return emptyRecord
	}
	return h.r
}

// newRecord returns r with all fields that follow from its amendments, which may
// be in any order.
func newRecord(r record) *record {
	r.amendments = slices.Clone(r.amendments)
	slices.SortStableFunc(r.amendments, func(a, b Amendment) int { return a.InForce.Compare(b.InForce) })
	r.versions = newVersions(r.amendments)
	r.pairLines = newPairLines(r.amendments)
	r.specs = slices.SortedFunc(maps.Keys(r.versions), CompareSpecs)
	r.gbcs = slices.DeleteFunc(slices.Clone(r.specs), func(s Spec) bool { return s.Family != GBCS })
	r.scopes = scopesOf(r.amendments)
	r.breaks = breakDays(r.amendments)
	r.vouches = vouchesOf(r.amendments, r.added)
	r.authorities = sync.OnceValue(func() map[string]string { return authoritiesOf(r.amendments) })
	r.digest = sync.OnceValue(func() string {
		sum := sha256.Sum256(r.appendCanonical(nil))
		return hex.EncodeToString(sum[:])
	})
	return &r
}

// scopesOf returns every scope that the amendments name, in their order, each
// once.
func scopesOf(amendments []Amendment) []namedScope {
	var scopes []namedScope
	place := map[string]int{}
	for _, a := range amendments {
		for _, e := range a.Entries {
			key := strings.ToLower(e.Scope)
			at, known := place[key]
			switch {
			case e.Scope == "":
			case !known:
				place[key] = len(scopes)
				scopes = append(scopes, namedScope{e.Scope, a.possibleFrom()})
			default:
				scopes[at].from = earlier(scopes[at].from, a.possibleFrom())
			}
		}
	}
	return scopes
}

// breakDays returns, sorted, every day on which an answer may differ from the
// answer of the day before: each date in the amendments, and the day after it.
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
		add(a.Vouched)
		for _, e := range a.Entries {
			add(e.From.Day)
			add(e.To.Day)
			add(e.Confirmed)
		}
	}
	slices.SortFunc(days, Date.Compare)
	return slices.Compact(days)
}

// Parse reads a rules file that is complete in itself. The error is [Faults]:
// every fault of the file, each with its line.
func Parse(data []byte) (History, error) {
	parsed, faults := parseFile(data)
	if faults = append(faults, lint(nil, parsed.amendments)...); len(faults) > 0 {
		return History{}, faults.sorted()
	}
	return History{newRecord(record{schema: parsed.schema, edition: parsed.edition, amendments: plain(parsed.amendments)})}, nil
}

// AmendFile returns the history with the amendments of a file added. The error
// is [Faults]: every fault of the file, also where its amendments contradict
// those of the history.
func (h History) AmendFile(data []byte) (History, error) {
	parsed, faults := parseFile(data)
	if faults = append(faults, lint(h.record().amendments, parsed.amendments)...); len(faults) > 0 {
		return History{}, faults.sorted()
	}
	return h.amended(parsed.amendments), nil
}

// Amend returns the history with the amendments added, each at its in-force
// day, after the existing amendments of that day. The amendments must meet the
// same requirements as a file; the error is [Faults].
func (h History) Amend(amendments ...Amendment) (History, error) {
	added, faults := reread(amendments)
	if faults = append(faults, lint(h.record().amendments, added)...); len(faults) > 0 {
		return History{}, faults
	}
	return h.amended(added), nil
}

func (h History) amended(more []placed) History {
	base := h.record()
	r := record{schema: base.schema, edition: base.edition, amendments: slices.Concat(base.amendments, plain(more)), added: slices.Clone(base.added)}
	for _, a := range more {
		r.added = append(r.added, a.ID)
	}
	if len(more) > 0 {
		r.edition += "+" + strings.Join(r.added[len(base.added):], "+")
	}
	return History{newRecord(r)}
}

func plain(all []placed) []Amendment {
	amendments := make([]Amendment, len(all))
	for i, a := range all {
		amendments[i] = a.Amendment
	}
	return amendments
}

// Without returns the history without one amendment. It returns an error if no
// amendment has that id.
func (h History) Without(id string) (History, error) {
	base := h.record()
	kept := slices.DeleteFunc(slices.Clone(base.amendments), func(a Amendment) bool { return a.ID == id })
	if len(kept) == len(base.amendments) {
		return History{}, caused(ErrNoAmendment, "no amendment %q is on record: want one of %s", clip(id), strings.Join(h.ids(), ", "))
	}
	return History{newRecord(record{schema: base.schema, edition: base.edition + "-" + id, amendments: kept, added: base.added})}, nil
}

func (h History) ids() []string {
	var ids []string
	for _, a := range h.record().amendments {
		ids = append(ids, a.ID)
	}
	return ids
}

// Amendments returns the amendments sorted by in-force day, those of one day in
// the order in which they were given. The caller may change the result.
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

// Amendment returns the amendment with the given id; ok is false if there is
// none.
func (h History) Amendment(id string) (a Amendment, ok bool) {
	for _, a := range h.record().amendments {
		if a.ID == id {
			return cloneAll([]Amendment{a})[0], true
		}
	}
	return Amendment{}, false
}

// Specs returns every version for which the history has an entry, in the order
// of [CompareSpecs]: SMETS, CHTS, GBCS, each by number.
func (h History) Specs() []Spec { return slices.Clone(h.record().specs) }

// Pairs returns every pair that an amendment permits, each once, in the order of
// the amendments. [History.PermittedPairs] returns the pairs of one day.
func (h History) Pairs() []Pair {
	var all []Pair
	seen := map[Pair]bool{}
	for _, a := range h.record().amendments {
		for _, p := range a.Pairs {
			if !p.Remove && !seen[p] {
				seen[p] = true
				all = append(all, p)
			}
		}
	}
	return all
}

// Scopes returns every scope that an amendment names.
func (h History) Scopes() []string {
	var names []string
	for _, s := range h.record().scopes {
		names = append(names, s.name)
	}
	return names
}

// NamesScope reports whether an amendment that is, or may be, in force on the
// as-at day names the scope, for any version. It ignores case and outer spaces.
// It returns true for "", the general case.
func (h History) NamesScope(scope string, asAt Date) bool {
	scope = strings.TrimSpace(scope)
	return scope == "" || h.record().namesScope(scope, asAt)
}

func (r *record) namesScope(scope string, asAt Date) bool {
	for i := range r.scopes {
		if s := &r.scopes[i]; !s.from.After(asAt) && strings.EqualFold(s.name, scope) {
			return true
		}
	}
	return false
}

// Edition returns the edition of the rules file, followed by "+ID" for each
// amendment added to it and "-ID" for each amendment left out.
func (h History) Edition() string { return h.record().edition }

// Digest returns the SHA-256 of the canonical form, [History.AppendCanonical],
// in hexadecimal.
func (h History) Digest() string { return h.record().digest() }

// Expect returns an error if the digest of the history is not the given one, in
// upper or lower case, so that a caller uses only rules that it has approved.
// The error names both digests.
func (h History) Expect(digest string) error {
	if sum, err := hex.DecodeString(digest); err != nil || len(sum) != sha256.Size {
		return caused(ErrOtherRules, "%q is not a SHA-256 digest: want the %d hexadecimal digits that name the expected rules", clip(digest), 2*sha256.Size)
	}
	if digest = strings.ToLower(digest); digest != h.Digest() {
		return caused(ErrOtherRules, "the rules have SHA-256 %s (edition %s), but %s was expected: use the rules that were approved, or approve these and expect their digest", h.Digest(), h.Edition(), digest)
	}
	return nil
}

// AppendCanonical appends the rules file of the history in its canonical form.
// [Parse] reads it, unless an amendment on which later ones depend was left out.
func (h History) AppendCanonical(b []byte) []byte {
	return h.record().appendCanonical(b)
}

// Latest returns the in-force day of the last amendment, the first as-at day on
// which all amendments are in force. It returns no date for an empty history.
func (h History) Latest() Date {
	if n := len(h.record().amendments); n > 0 {
		return h.record().amendments[n-1].InForce
	}
	return Date{}
}

// VouchedTo returns the last day, not after today, on which a source vouches
// for the Tables as a whole. This is the latest of the days InForce, Vouched
// and, unless it is inferred, Confirmed. Of the amendments added to a rules
// file, only those with Whole set count. What the Tables said later is not on
// record. If today is no date, later days count too. The result is no date if
// there is no such day.
func (h History) VouchedTo(today Date) Date { return lastBy(h.record().vouches[Spec{}], today) }

// VouchedFor returns the last day, not after today, on which a source vouches
// for one version: the day of [History.VouchedTo], or a later day of an added
// amendment that has an entry for the version.
func (h History) VouchedFor(spec Spec, today Date) Date {
	whole, own := h.VouchedTo(today), lastBy(h.record().vouches[spec], today)
	if own.After(whole) {
		return own
	}
	return whole
}

// lastBy returns the last of the sorted days that is not after today.
func lastBy(days []Date, today Date) (last Date) {
	for _, day := range days {
		if today.Valid() && day.After(today) {
			break
		}
		last = day
	}
	return last
}

// placesOf returns the index of each id.
func placesOf(ids []string) map[string]int {
	places := make(map[string]int, len(ids))
	for i, id := range ids {
		places[id] = i
	}
	return places
}

func vouchesOf(amendments []Amendment, added []string) map[Spec][]Date {
	days := map[Spec][]Date{}
	vouch := func(spec Spec, day Date) {
		if day.Valid() {
			days[spec] = append(days[spec], day)
		}
	}
	places := placesOf(added)
	for _, a := range amendments {
		_, isAdded := places[a.ID]
		whole := a.Whole || !isAdded
		if whole {
			vouch(Spec{}, a.InForce)
			vouch(Spec{}, a.Vouched)
		}
		for _, e := range a.Entries {
			confirmed := e.Confirmed
			if e.Inferred != "" {
				confirmed = Date{}
			}
			if whole {
				vouch(Spec{}, confirmed)
				continue
			}
			vouch(e.Spec, a.InForce)
			vouch(e.Spec, a.Vouched)
			vouch(e.Spec, confirmed)
		}
	}
	for spec := range days {
		slices.SortFunc(days[spec], Date.Compare)
		days[spec] = slices.Compact(days[spec])
	}
	return days
}

// Breaks returns, sorted, every day on which the answer for some device may
// differ from that of the day before, on any terms. The first is [MinDate]. From
// one of these days until the day before the next, no answer changes.
func (h History) Breaks() []Date { return slices.Clone(h.record().breaks) }

// LintFile reads a rules file of either kind: one with an edition is complete in
// itself, as for [Parse]; one without is added to base, as by
// [History.AmendFile]. It returns the resulting history. The error is [Faults]:
// every fault of the file, each with its line. For warnings, call [Lint] with
// the result.
func LintFile(base History, data []byte) (History, error) {
	parsed, faults := parseFile(data)
	if parsed.edition != "" {
		base = History{}
	}
	if faults = append(faults, lint(base.record().amendments, parsed.amendments)...); len(faults) > 0 {
		return History{}, faults.sorted()
	}
	if parsed.edition != "" {
		return Parse(data)
	}
	return base.amended(parsed.amendments), nil
}

//go:embed tables.json
var tablesJSON []byte

//go:embed tables.schema.json
var schemaJSON []byte

// FormatVersion is the version of the data formats that this module reads and
// writes: rules files, JSON, SQL. It grows when a format changes so that an
// older reader would not understand it.
const FormatVersion = 1

// Published returns the rules that this package ships. A program that needs
// later Tables adds them with [History.AmendFile] or [History.Amend].
func Published() History { return published() }

var published = sync.OnceValue(func() History {
	h, err := Parse(tablesJSON)
	if err != nil {
		panic("ivp: the shipped rules have faults: " + err.Error())
	}
	return h
})

// Schema returns the JSON Schema of rules files. The caller may change the
// result.
func Schema() []byte { return append([]byte(nil), schemaJSON...) }
