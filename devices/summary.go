package devices

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/ivp"
)

// Summary counts the results of a pass. The zero value is ready to use. The First lists
// have at most 10 notes each, in the order of the input.
type Summary struct {
	// Today is [Judge.Today].
	Today ivp.Date
	// Devices counts the rows that were judged, including bad rows.
	Devices int
	// Reasons counts them by reason, Specs by TS version and outcome.
	Reasons map[ivp.Reason]int
	Specs   map[ivp.Spec]*OutcomeCount
	// OtherSpecs counts the devices of versions beyond the first 1,000.
	OtherSpecs OutcomeCount
	// Types counts them by type and outcome. The zero value is no type.
	Types map[ivp.DeviceType]*OutcomeCount
	// Closings counts the eligible devices by the last day of the window that decided.
	// OpenEnd counts those whose window is open, EndUnknown those whose window has an
	// end that is not on record.
	Closings   map[Closing]int
	OpenEnd    int
	EndUnknown int
	// Months counts the installation dates by month: twelve times the year, and 0
	// for January.
	Months map[int]int
	// Within counts the eligible devices with at most [Judge.Within] days left.
	Within int
	// Changed counts the devices whose answer differs from that of an earlier check: see
	// [Judge.Since].
	Changed int
	// Waived counts by reason the devices that a waiver lets pass. They are included in
	// Reasons. WaivedBy counts them by the index of the waiver in [Waivers.All].
	Waived   map[ivp.Reason]int
	WaivedBy []int
	// LastDay counts the devices whose installation day is the last day of the window
	// that decided.
	LastDay int
	// Moved counts the installation dates that are times with a zone and fall on another
	// day in Great Britain than the one written.
	Moved      int
	FirstMoved []FaultNote
	// VersionAlone counts the devices that were judged only by their TS version, because
	// they have neither a device type nor a GBCS version.
	VersionAlone int
	// Assumed counts the devices that are eligible only because an end that is not on
	// record was assumed to be open.
	Assumed int
	// NotUTF8 counts the rows that are not valid UTF-8, Surplus those of which empty
	// cells beyond the heading's width were left out, and Totals those that give a total
	// and are not judged.
	NotUTF8, Surplus, Totals Noted
	// Nothing counts the lines of white space or of end marks (Ctrl-Z).
	Nothing Noted
	// Blank counts the rows of empty cells, which are not judged, Malformed those that
	// could not be read as a row.
	Blank     int
	Malformed int
	// Removed counts the rows that a Central Products List, read as an inventory, marks
	// Removed. The mark is not judged.
	Removed int
	// Differs counts the devices of [Result.Differs].
	Differs int
	// Outside counts the rows that [Bulk.From] and [Bulk.To] leave out.
	Outside int
	// PastRecord counts the devices dated after the last day for which a source vouches.
	PastRecord int
	// Unpaired counts, by TS version, the eligible devices of versions without a
	// permitted pair on record: only their family was compared with the device type.
	Unpaired map[ivp.Spec]int
	// UnnamedScope counts the devices whose scope no rule of their day names. Scopes has
	// at most 5 of the scopes.
	UnnamedScope int
	Scopes       []string
	// Faults counts the rows with a cell that could not be read, and the bad rows.
	Faults      int
	FirstFaults []FaultNote
	// DamagedIDs counts the device ids that a spreadsheet has damaged, such as 1.23E+15.
	// An id is not judged, so that the answers are not affected.
	DamagedIDs   int
	FirstDamaged []FaultNote
	// Causes counts the devices that are not eligible, or undetermined, by cause.
	Causes Causes
	// PastAnswered counts those of PastRecord that are eligible, or not.
	PastAnswered int
	// SideFaults counts the rows with a cell that cannot be read and does not decide their
	// answer.
	SideFaults Noted
}

// FaultNote is a text about a row.
type FaultNote struct {
	Line int
	Text string // begins with the input's name and the line
}

// Noted counts rows. First has the places of the first ones.
type Noted struct {
	N     int
	First []FaultNote
}

func (n *Noted) add(row Row) {
	if n.N++; len(n.First) < faultsKept {
		n.First = append(n.First, placeOf(row.Input, row.Line))
	}
}

// placeOf returns the place of a row.
func placeOf(input string, line int) FaultNote {
	if input == "" {
		return FaultNote{line, fmt.Sprintf("line %d", line)}
	}
	return FaultNote{line, fmt.Sprintf("%s:%d", input, line)}
}

// The limits of a summary.
const (
	faultsKept = 10
	specsKept  = 1000 // versions
	scopesKept = 5
)

// OutcomeCount counts devices by outcome.
type OutcomeCount [3]int

// Closing is the last day on which devices of one version may be installed.
type Closing struct {
	To   ivp.Date
	Spec ivp.Spec
}

// addResult counts a row and its result.
func (s *Summary) addResult(row Row, r Result) {
	s.addRow(row, r)
	if row.blames(&r) {
		cause, fault := causeOf(&r, &row.Device)
		s.Causes.add(cause, fault, 1, placeOf(row.Input, row.Line))
	}
}

// blames reports whether the row is a device that is not eligible.
func (r *Row) blames(result *Result) bool {
	return r.Kind != RestOfLine && result.Judged() && result.Outcome() != ivp.Eligible
}

// addRow counts one row and its result, without its cause.
func (s *Summary) addRow(row Row, r Result) {
	if row.Kind == RestOfLine {
		return
	}
	if !row.Open && !utf8.Valid(row.Raw) { // a part may end within a character
		s.NotUTF8.add(row)
	}
	if row.Surplus > 0 {
		s.Surplus.add(row)
	}
	switch row.Kind {
	case BlankLine:
		if len(row.Raw) > 0 {
			s.Nothing.add(row)
		}
		return
	case EmptyRow:
		s.Blank++
		return
	case TotalRow:
		s.Totals.add(row)
		return
	case BadRow:
		s.Malformed++
	}
	s.Today = r.today
	s.add(tallyOf(r), row.Device.EntryStatus, 1)
	if r.Closing() {
		s.Within++
	}
	if r.changed {
		s.Changed++
	}
	if r.Waiver != nil {
		s.addWaived(r.Reason, r.Waiver, 1)
	}
	if r.onLastDay() {
		s.LastDay++
	}
	s.addMonth(r.Installation.On, 1)
	if r.moved != "" {
		s.addMoved(row.Input, row.Line, []byte(r.moved), r.Installation.On)
	}
	if isDamagedID([]byte(row.Device.ID)) {
		s.addDamaged(row.Input, row.Line, row.Device.ID)
	}
	switch {
	case row.Fault != nil:
		s.addFault(row.Input, row.Line, row.Fault)
	case len(row.Device.Faults) > 0:
		s.addFault(row.Input, row.Line, row.Device.Faults[0])
		if !decidedByFault(r.Reason) {
			s.SideFaults.add(row)
		}
	}
}

// decidedByFault reports whether the reason says that something could not be read.
func decidedByFault(r ivp.Reason) bool {
	switch r {
	case ivp.BadVersion, ivp.BadDate, ivp.UnknownDeviceType, ivp.BadRow:
		return true
	}
	return false
}

// tally is what a summary counts of a result.
type tally struct {
	reason                                   ivp.Reason
	spec                                     ivp.Spec
	kind                                     ivp.DeviceType
	closing                                  Closing // where eligible, to a date
	end                                      ivp.BoundKind
	versionAlone, assumed, differs, unpaired bool
	scope                                    string // if no rule names it
	dayMarks
}

// dayMarks are what a summary counts that may change from one day to the next although
// the answer does not.
type dayMarks struct {
	past     bool // no source vouches for the rules on the day
	unscoped bool // no rule of the as-at day names the scope
}

func marksOf(r *Result) dayMarks {
	history := r.checker.History
	return dayMarks{
		past:     r.Installation.On.After(history.VouchedFor(r.Spec(), r.today)),
		unscoped: r.TS.Judged() && !history.NamesScope(r.Installation.Scope, r.AsAt),
	}
}

func tallyOf(r Result) tally {
	t := tally{
		reason: r.Reason, spec: r.Spec(), versionAlone: r.TS.Judged() && r.Installation.Type == 0 && r.Installation.GBCS.IsZero(), assumed: r.Assumed(), differs: r.Differs,
		kind: r.Installation.Type, unpaired: r.Outcome() == ivp.Eligible && !r.Pair.Judged() && (r.Installation.Type != 0 || r.Installation.GBCS.Family == ivp.GBCS && !r.Installation.GBCS.NoGBCS()),
		dayMarks: marksOf(&r),
	}
	if r.Outcome() == ivp.Eligible {
		t.end = r.End()
		if to, dated := r.To(); dated {
			t.closing = Closing{to, t.spec}
		}
	}
	if t.unscoped {
		t.scope = strings.TrimSpace(r.Installation.Scope)
	}
	return t
}

// add counts n devices of one result.
func (s *Summary) add(t tally, entryStatus string, n int) {
	s.Devices += n
	s.begin()
	s.Reasons[t.reason] += n
	s.spec(t.spec)[t.reason.Outcome()] += n
	s.kind(t.kind)[t.reason.Outcome()] += n
	switch t.end {
	case ivp.Dated:
		s.Closings[t.closing] += n
	case ivp.Open:
		s.OpenEnd += n
	case ivp.NotOnRecord:
		s.EndUnknown += n
	}
	s.addNotes(t, entryStatus, n)
}

func (s *Summary) begin() {
	if s.Reasons == nil {
		s.Reasons, s.Specs = map[ivp.Reason]int{}, map[ivp.Spec]*OutcomeCount{}
		s.Types, s.Closings = map[ivp.DeviceType]*OutcomeCount{}, map[Closing]int{}
	}
}

func (s *Summary) kind(t ivp.DeviceType) *OutcomeCount { return countOf(s.Types, t) }

func (s *Summary) spec(spec ivp.Spec) *OutcomeCount { return specCount(s.Specs, spec, &s.OtherSpecs) }

// noteOf returns a note about a row.
func noteOf(input string, line int, text string) FaultNote {
	note := placeOf(input, line)
	note.Text += ": " + text
	return note
}

func (s *Summary) addMoved(input string, line int, written []byte, on ivp.Date) {
	s.Moved++
	if len(s.FirstMoved) < faultsKept {
		s.FirstMoved = append(s.FirstMoved, noteOf(input, line, movedText(string(bytes.TrimSpace(written)), on)))
	}
}

// addFault counts a row with a fault. A RowFault has its place in its text.
func (s *Summary) addFault(input string, line int, err error) {
	if s.Faults++; len(s.FirstFaults) >= faultsKept {
		return
	}
	note := FaultNote{line, err.Error()}
	if _, whole := err.(*RowFault); !whole {
		note = noteOf(input, line, note.Text)
	}
	s.FirstFaults = append(s.FirstFaults, note)
}

// counts returns the plain counters.
func (s *Summary) counts() [24]*int {
	return [...]*int{
		&s.Devices, &s.OpenEnd, &s.EndUnknown, &s.Outside, &s.Within, &s.Changed, &s.LastDay, &s.Moved, &s.VersionAlone, &s.Assumed,
		&s.Blank, &s.Malformed, &s.Removed, &s.Differs, &s.PastRecord, &s.PastAnswered, &s.UnnamedScope, &s.Faults, &s.DamagedIDs,
		&s.NotUTF8.N, &s.Surplus.N, &s.Totals.N, &s.Nothing.N, &s.SideFaults.N,
	}
}

// notes returns the lists of first notes.
func (s *Summary) notes() [8]*[]FaultNote {
	return [...]*[]FaultNote{
		&s.FirstFaults, &s.FirstDamaged, &s.FirstMoved,
		&s.NotUTF8.First, &s.Surplus.First, &s.Totals.First, &s.Nothing.First, &s.SideFaults.First,
	}
}

// merge adds the counts of o, whose rows come after those of s.
func (s *Summary) merge(o *Summary) {
	s.begin()
	for i, n := range o.counts() {
		*s.counts()[i] += *n
	}
	for i, notes := range o.notes() {
		*s.notes()[i] = firstOf(*s.notes()[i], *notes)
	}
	addCounts(&s.Reasons, o.Reasons)
	addCounts(&s.Months, o.Months)
	addCounts(&s.Closings, o.Closings)
	addCounts(&s.Waived, o.Waived)
	for spec, count := range o.Specs {
		s.spec(spec).add(count)
	}
	s.OtherSpecs.add(&o.OtherSpecs)
	for t, count := range o.Types {
		s.kind(t).add(count)
	}
	for place, n := range o.WaivedBy {
		s.addWaivedBy(place, n)
	}
	if o.Today.Valid() {
		s.Today = o.Today
	}
	for spec, n := range o.Unpaired {
		s.addUnpaired(spec, n)
	}
	for _, scope := range o.Scopes {
		s.keepScope(scope)
	}
	s.Causes.merge(&o.Causes)
}

// addCounts adds the counts of from to those of to, which may be nil.
func addCounts[K comparable](to *map[K]int, from map[K]int) {
	for key, n := range from {
		addCount(to, key, n)
	}
}

func addCount[K comparable](counts *map[K]int, key K, n int) {
	if *counts == nil {
		*counts = map[K]int{}
	}
	(*counts)[key] += n
}

// addMonth counts n installation dates, if there is one.
func (s *Summary) addMonth(on ivp.Date, n int) {
	if !on.Valid() {
		return
	}
	year, month, _ := on.Civil()
	addCount(&s.Months, 12*year+int(month)-1, n)
}

// firstOf returns the first notes of two inputs, one after the other.
func firstOf(notes, more []FaultNote) []FaultNote {
	notes = append(notes, more...)
	return notes[:min(len(notes), faultsKept)]
}

// mergeShares returns the summary of an input whose rows were shared among workers.
func mergeShares(shares []*Summary) *Summary {
	total := &Summary{}
	for _, share := range shares {
		total.merge(share)
	}
	for i, notes := range total.notes() {
		*notes = nil
		for _, share := range shares {
			*notes = append(*notes, *share.notes()[i]...)
		}
		*notes = firstNotes(*notes)
	}
	return total
}

// firstNotes returns the notes with the lowest lines.
func firstNotes(notes []FaultNote) []FaultNote {
	slices.SortStableFunc(notes, func(a, b FaultNote) int { return a.Line - b.Line })
	return notes[:min(len(notes), faultsKept)]
}

func (s *Summary) addWaived(r ivp.Reason, w *Waiver, n int) {
	addCount(&s.Waived, r, n)
	s.addWaivedBy(w.place, n)
}

func (s *Summary) addWaivedBy(place, n int) {
	s.WaivedBy = append(s.WaivedBy, make([]int, max(0, place+1-len(s.WaivedBy)))...)
	s.WaivedBy[place] += n
}

func (c *OutcomeCount) add(o *OutcomeCount) {
	for outcome, n := range o {
		c[outcome] += n
	}
}

func (s *Summary) keepScope(scope string) {
	if len(s.Scopes) < scopesKept && !slices.Contains(s.Scopes, scope) {
		s.Scopes = append(s.Scopes, scope)
		slices.Sort(s.Scopes)
	}
}

func (s *Summary) addNotes(t tally, entryStatus string, n int) {
	if t.versionAlone {
		s.VersionAlone += n
	}
	if t.assumed {
		s.Assumed += n
	}
	if t.differs {
		s.Differs += n
	}
	if strings.EqualFold(strings.TrimSpace(entryStatus), "Removed") {
		s.Removed += n
	}
	if t.past {
		s.PastRecord += n
		if t.reason.Outcome() != ivp.Undetermined {
			s.PastAnswered += n
		}
	}
	if t.unpaired {
		s.addUnpaired(t.spec, n)
	}
	if t.unscoped {
		s.UnnamedScope += n
		if t.scope != "" {
			s.keepScope(t.scope)
		}
	}
}

// addUnpaired counts devices of a version without a pair, of at most specsKept versions.
func (s *Summary) addUnpaired(spec ivp.Spec, n int) {
	if _, counted := s.Unpaired[spec]; counted || len(s.Unpaired) < specsKept {
		addCount(&s.Unpaired, spec, n)
	}
}

// Count returns how many devices have the outcome.
func (s *Summary) Count(o ivp.Outcome) int {
	n := 0
	for r, count := range s.Reasons {
		if r.Outcome() == o {
			n += count
		}
	}
	return n
}

// Any reports whether a device without a waiver has a selected reason, or a device is
// selected because it closes soon.
func (s *Summary) Any(selected Selection) bool {
	for r := range s.Reasons {
		if selected.Has(r) && s.Reasons[r] > s.Waived[r] {
			return true
		}
	}
	return selected.Closing() && s.Within > 0
}

// SortedSpecs returns the versions counted, in order, with the zero value last.
func (s *Summary) SortedSpecs() []ivp.Spec { return sortedSpecs(s.Specs) }

// SortedClosings returns the closings, the earliest first.
func (s *Summary) SortedClosings() []Closing {
	return slices.SortedFunc(maps.Keys(s.Closings), func(a, b Closing) int {
		if a.To != b.To {
			return a.To.Compare(b.To)
		}
		return ivp.CompareSpecs(a.Spec, b.Spec)
	})
}

// SortedTypes returns the device types counted, in the order of the constants.
func (s *Summary) SortedTypes() []ivp.DeviceType { return slices.Sorted(maps.Keys(s.Types)) }

// countOf returns the count of a key, and makes it if it does not exist.
func countOf[K comparable, C any](counts map[K]*C, key K) *C {
	if counts[key] == nil {
		counts[key] = new(C)
	}
	return counts[key]
}

// specCount returns the count of a version, or others beyond the first specsKept versions.
func specCount[C any](counts map[ivp.Spec]*C, spec ivp.Spec, others *C) *C {
	if counts[spec] == nil && len(counts) >= specsKept {
		return others
	}
	return countOf(counts, spec)
}

func sortedSpecs[C any](counts map[ivp.Spec]C) []ivp.Spec {
	return slices.SortedFunc(maps.Keys(counts), func(a, b ivp.Spec) int {
		if a.IsZero() != b.IsZero() {
			if a.IsZero() {
				return 1
			}
			return -1
		}
		return ivp.CompareSpecs(a, b)
	})
}

// damagedID is a long number as a spreadsheet writes it.
var damagedID = regexp.MustCompile(`^\d(?:\.\d+)?[Ee]\+\d\d\d?$`)

// isDamagedID reports whether a spreadsheet has damaged a device id. It is called for
// every row, so that the pattern is tried only if the plus sign is at its place.
func isDamagedID(id []byte) bool {
	n := len(id)
	return n >= 5 && (id[n-3] == '+' || id[n-4] == '+') && damagedID.Match(id)
}

func (s *Summary) addDamaged(input string, line int, id string) {
	s.DamagedIDs++
	if len(s.FirstDamaged) < faultsKept {
		s.FirstDamaged = append(s.FirstDamaged, noteOf(input, line, strconv.Quote(id)))
	}
}

// Tallied counts devices whose judged cells are equal, with their answer.
type Tallied struct {
	// Device is one of them. Its ID and On have no meaning. It is zero for a malformed
	// row.
	Device Device
	// Result is the answer. Its Installation.On is [Judge.On], and has no meaning
	// without it.
	Result Result
	// Devices is their number.
	Devices int
	// Pence is the sum of their costs, if the cost is read. Costless counts those whose
	// cost is blank or cannot be read.
	Pence    int64
	Costless int
	// Difference is that of the two answers if rules are compared, else nil.
	Difference *Difference
}

// costs is the sum of the costs of rows.
type costs struct {
	pence    int64
	costless int
}

func (c *costs) add(cell string) {
	pence, err := ParsePence(cell)
	if err != nil {
		c.costless++
		return
	}
	c.pence += pence
}
