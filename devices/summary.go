package devices

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/ivp"
)

// Summary counts results. The zero value has counted none.
type Summary struct {
	// Today is the day on which the question was put, as [Judge.Today].
	Today ivp.Date
	// Devices are the rows judged, bad rows among them.
	Devices int
	// Reasons counts them by reason, Specs by TS version and outcome.
	Reasons map[ivp.Reason]int
	Specs   map[ivp.Spec]*OutcomeCount
	// OtherSpecs counts the devices of versions beyond the first SpecsKept.
	OtherSpecs OutcomeCount
	// Types counts the devices by type and outcome; those without a type under
	// the zero value.
	Types map[ivp.DeviceType]*OutcomeCount
	// Closings counts the eligible devices by the last day of the window that
	// decided; OpenEnd those of which the Tables set no such day, and EndUnknown
	// those of which it is not on record.
	Closings   map[Closing]int
	OpenEnd    int
	EndUnknown int
	// Within are the eligible devices with at most as many days left as the judge
	// was asked about.
	Within int
	// Waived counts by reason the devices that a waiver lets pass without failing
	// the run; they are among those of Reasons. WaivedBy counts them by the place
	// of the waiver in [Waivers.All].
	Waived   map[ivp.Reason]int
	WaivedBy []int
	// LastDay are the devices dated on the last day of the window that decided.
	LastDay int
	// Moved counts the installation dates that are times which fall on another day
	// in Great Britain than the one written; the first FaultsKept of them are in
	// FirstMoved.
	Moved      int
	FirstMoved []FaultNote
	// VersionAlone are those judged by their TS version alone: neither device
	// type nor GBCS version was there to be asked.
	VersionAlone int
	// Assumed are those eligible only because an end that is not on record was
	// taken to be open.
	Assumed int
	// NotUTF8 counts the rows that hold bytes which are not UTF-8, Surplus those of
	// which empty cells beyond the heading's width were left out, and Totals those
	// that only say that they are a total, and are not judged.
	NotUTF8, Surplus, Totals Noted
	// Nothing counts the lines of white space alone, and the marks of a text's end
	// (Ctrl-Z); they pass through.
	Nothing Noted
	// Blank are the rows of empty cells, which are not judged; Malformed those
	// that could not be read as a row.
	Blank     int
	Malformed int
	// Removed are the rows that a Central Products List, read as an inventory,
	// marks Removed. The mark is not judged.
	Removed int
	// Differs are those that claim another version than the catalogue gives
	// them, with the same answer.
	Differs int
	// PastRecord are the devices dated after the last day that the record
	// vouches for.
	PastRecord int
	// Unpaired counts, by TS version, the eligible devices of versions without a
	// permitted pair on record: only their family was compared with the device
	// type.
	Unpaired map[ivp.Spec]int
	// UnnamedScope are the devices whose scope no rule of their day names.
	UnnamedScope int
	// Scopes are scopes that no rule names, as far as ScopesKept of them.
	Scopes []string
	// Faults counts the rows in which something could not be read; the first
	// FaultsKept of them are in FirstFaults, in the order of the input.
	Faults      int
	FirstFaults []FaultNote
	// DamagedIDs counts the device ids that a spreadsheet has damaged, as in
	// 1.23E+15; the first FaultsKept of them are in FirstDamaged. An id is not
	// judged, so it blocks nothing.
	DamagedIDs   int
	FirstDamaged []FaultNote
	// Causes count the devices that are not eligible, or undetermined, by what
	// decides.
	Causes Causes
	// Unvouched counts the devices that are undetermined because the rules of their
	// day are not known, and that are dated after the last day that the record vouches
	// for, by that day.
	Unvouched map[ivp.Date]int
	// SideFaults are the rows with a cell that cannot be read and that does not
	// decide their answer.
	SideFaults Noted
}

// FaultNote says what could not be read, and where.
type FaultNote struct {
	Line int
	Text string // begins with the input's name and the line
}

// Noted counts rows; the first FaultsKept of them are in First.
type Noted struct {
	N     int
	First []FaultNote
}

func (n *Noted) add(row Row) {
	if n.N++; len(n.First) < FaultsKept {
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

func (n *Noted) merge(o *Noted) {
	n.N += o.N
	n.First = firstOf(n.First, o.First)
}

// FaultsKept is the number of faults that a summary names.
const FaultsKept = 10

// OutcomeCount counts devices by outcome.
type OutcomeCount [3]int

// Closing is the last day on which devices of one version may be installed.
type Closing struct {
	To   ivp.Date
	Spec ivp.Spec
}

// SpecsKept is the number of versions that a summary tells apart.
const SpecsKept = 1000

// ScopesKept is the number of unknown scopes that a summary names.
const ScopesKept = 5

// Add counts one row and its result.
func (s *Summary) Add(row Row, r Result) {
	s.addRow(row, r)
	if row.blames(&r) {
		s.Causes.add(causeOf(&r, &row.Device), 1, placeOf(row.Input, row.Line))
	}
}

// blames reports whether the row holds a device that is not eligible.
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
	if r.Waiver != nil {
		s.addWaived(r.Reason, r.Waiver, 1)
	}
	if r.OnLastDay() {
		s.LastDay++
	}
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
	scope                                    string // where no rule names it
	dayMarks
}

// dayMarks are what a summary counts of a result that may change from one day
// to the next although the answer does not.
type dayMarks struct {
	past     bool     // no source vouches for the rules on the day
	unscoped bool     // no rule of the as-at day names the scope
	vouched  ivp.Date // the last day on which one does
}

func marksOf(r *Result) dayMarks {
	history := r.checker.History
	vouched := history.VouchedFor(r.Spec(), r.today)
	return dayMarks{
		vouched:  vouched,
		past:     r.Installation.On.After(vouched),
		unscoped: r.TS.Asked() && !history.NamesScope(r.Installation.Scope, r.AsAt),
	}
}

func tallyOf(r Result) tally {
	t := tally{
		reason: r.Reason, spec: r.Spec(), versionAlone: r.TS.Asked() && r.Installation.ByVersionAlone(), assumed: r.Assumed(), differs: r.Differs,
		kind: r.Installation.Type, unpaired: r.Outcome() == ivp.Eligible && !r.Pair.Asked() && (r.Installation.Type != 0 || r.Installation.GBCS.Family == ivp.GBCS && !r.Installation.GBCS.NoGBCS()),
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

// add counts so many devices of one result.
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

// kind returns the counts of a device type.
func (s *Summary) kind(t ivp.DeviceType) *OutcomeCount { return countOf(s.Types, t) }

// spec returns the counts of a version.
func (s *Summary) spec(spec ivp.Spec) *OutcomeCount { return specCount(s.Specs, spec, &s.OtherSpecs) }

// placed puts a place before what went wrong there.
func placed(input string, line int, err error) error {
	if input == "" {
		return fmt.Errorf("line %d: %w", line, err)
	}
	return fmt.Errorf("%s:%d: %w", input, line, err)
}

func (s *Summary) addMoved(input string, line int, written []byte, on ivp.Date) {
	s.Moved++
	if len(s.FirstMoved) < FaultsKept {
		s.FirstMoved = append(s.FirstMoved, FaultNote{line, placed(input, line, errors.New(movedText(string(bytes.TrimSpace(written)), on))).Error()})
	}
}

// addFault counts a row in which something could not be read. The fault of a row as
// a whole says its place itself.
func (s *Summary) addFault(input string, line int, err error) {
	if s.Faults++; len(s.FirstFaults) >= FaultsKept {
		return
	}
	if _, whole := err.(*RowFault); !whole {
		err = placed(input, line, err)
	}
	s.FirstFaults = append(s.FirstFaults, FaultNote{line, err.Error()})
}

// Merge adds what another summary has counted, of rows that come after those
// counted here.
func (s *Summary) Merge(o *Summary) {
	s.begin()
	s.Devices += o.Devices
	for r, n := range o.Reasons {
		s.Reasons[r] += n
	}
	for spec, count := range o.Specs {
		s.spec(spec).add(count)
	}
	s.OtherSpecs.add(&o.OtherSpecs)
	for t, count := range o.Types {
		s.kind(t).add(count)
	}
	for c, n := range o.Closings {
		s.Closings[c] += n
	}
	s.OpenEnd += o.OpenEnd
	s.EndUnknown += o.EndUnknown
	s.Within += o.Within
	s.mergeWaived(o)
	s.LastDay += o.LastDay
	s.Moved += o.Moved
	s.FirstMoved = firstOf(s.FirstMoved, o.FirstMoved)
	s.VersionAlone += o.VersionAlone
	s.Assumed += o.Assumed
	s.NotUTF8.merge(&o.NotUTF8)
	s.Surplus.merge(&o.Surplus)
	s.Totals.merge(&o.Totals)
	s.Nothing.merge(&o.Nothing)
	s.Blank += o.Blank
	s.Malformed += o.Malformed
	s.Removed += o.Removed
	s.Differs += o.Differs
	s.PastRecord += o.PastRecord
	if o.Today.Valid() {
		s.Today = o.Today
	}
	for spec, n := range o.Unpaired {
		s.addUnpaired(spec, n)
	}
	s.UnnamedScope += o.UnnamedScope
	for _, scope := range o.Scopes {
		s.keepScope(scope)
	}
	s.Faults += o.Faults
	s.FirstFaults = firstOf(s.FirstFaults, o.FirstFaults)
	s.DamagedIDs += o.DamagedIDs
	s.FirstDamaged = firstOf(s.FirstDamaged, o.FirstDamaged)
	s.Causes.merge(&o.Causes)
	for day, n := range o.Unvouched {
		s.addUnvouched(day, n)
	}
	s.SideFaults.merge(&o.SideFaults)
}

// firstOf returns the first notes of two inputs, one after the other.
func firstOf(notes, more []FaultNote) []FaultNote {
	notes = append(notes, more...)
	return notes[:min(len(notes), FaultsKept)]
}

// mergeShares returns what several workers have counted, who shared the rows
// of one input.
func mergeShares(shares []*Summary) *Summary {
	total := &Summary{}
	var faults, damaged, moved, notUTF8, surplus, totals, nothing, side []FaultNote
	for _, share := range shares {
		faults = append(faults, share.FirstFaults...)
		damaged = append(damaged, share.FirstDamaged...)
		moved = append(moved, share.FirstMoved...)
		notUTF8 = append(notUTF8, share.NotUTF8.First...)
		surplus = append(surplus, share.Surplus.First...)
		totals = append(totals, share.Totals.First...)
		nothing = append(nothing, share.Nothing.First...)
		side = append(side, share.SideFaults.First...)
		total.Merge(share)
	}
	total.FirstFaults, total.FirstDamaged, total.FirstMoved = firstNotes(faults), firstNotes(damaged), firstNotes(moved)
	total.NotUTF8.First, total.Surplus.First = firstNotes(notUTF8), firstNotes(surplus)
	total.Totals.First, total.Nothing.First = firstNotes(totals), firstNotes(nothing)
	total.SideFaults.First = firstNotes(side)
	return total
}

// firstNotes returns the first notes by line.
func firstNotes(notes []FaultNote) []FaultNote {
	slices.SortStableFunc(notes, func(a, b FaultNote) int { return a.Line - b.Line })
	return notes[:min(len(notes), FaultsKept)]
}

func (s *Summary) addWaived(r ivp.Reason, w *Waiver, n int) {
	if s.Waived == nil {
		s.Waived = map[ivp.Reason]int{}
	}
	s.Waived[r] += n
	s.WaivedBy = append(s.WaivedBy, make([]int, max(0, w.place+1-len(s.WaivedBy)))...)
	s.WaivedBy[w.place] += n
}

func (s *Summary) mergeWaived(o *Summary) {
	if o.Waived != nil && s.Waived == nil {
		s.Waived = map[ivp.Reason]int{}
	}
	for r, n := range o.Waived {
		s.Waived[r] += n
	}
	s.WaivedBy = append(s.WaivedBy, make([]int, max(0, len(o.WaivedBy)-len(s.WaivedBy)))...)
	for place, n := range o.WaivedBy {
		s.WaivedBy[place] += n
	}
}

func (c *OutcomeCount) add(o *OutcomeCount) {
	for outcome, n := range o {
		c[outcome] += n
	}
}

func (s *Summary) keepScope(scope string) {
	if len(s.Scopes) < ScopesKept && !slices.Contains(s.Scopes, scope) {
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
		if t.reason == ivp.BeyondRecord || t.reason == ivp.GBCSBeyondRecord {
			s.addUnvouched(t.vouched, n)
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

func (s *Summary) addUnvouched(day ivp.Date, n int) {
	if s.Unvouched == nil {
		s.Unvouched = map[ivp.Date]int{}
	}
	s.Unvouched[day] += n
}

// addUnpaired counts devices of a version without a pair, as far as SpecsKept
// versions.
func (s *Summary) addUnpaired(spec ivp.Spec, n int) {
	if s.Unpaired == nil {
		s.Unpaired = map[ivp.Spec]int{}
	}
	if _, counted := s.Unpaired[spec]; counted || len(s.Unpaired) < SpecsKept {
		s.Unpaired[spec] += n
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

// Any reports whether some device has a reason that the selection holds, and no
// waiver.
func (s *Summary) Any(selected Selection) bool {
	for r := range s.Reasons {
		if selected.Has(r) && s.Reasons[r] > s.Waived[r] {
			return true
		}
	}
	return selected.Closing() && s.Within > 0
}

// SortedSpecs returns the versions counted: those without a version last, the
// rest by name.
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

// countOf returns the count of a key, which it makes where there is none yet.
func countOf[K comparable, C any](counts map[K]*C, key K) *C {
	if counts[key] == nil {
		counts[key] = new(C)
	}
	return counts[key]
}

// specCount returns the count of a version, or that of all others where so many
// versions are told apart that there is no room for it.
func specCount[C any](counts map[ivp.Spec]*C, spec ivp.Spec, others *C) *C {
	if counts[spec] == nil && len(counts) >= SpecsKept {
		return others
	}
	return countOf(counts, spec)
}

// sortedSpecs returns the versions counted: those without a version last, the
// rest by name.
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

// damagedID is a number as a spreadsheet writes one that is too long for it.
var damagedID = regexp.MustCompile(`^\d(?:\.\d+)?[Ee]\+\d\d\d?$`)

// isDamagedID reports whether a spreadsheet has damaged a device's id. Only one
// that ends as such a number does, in a plus sign and two or three digits, is
// looked at closely: the engine asks for every row.
func isDamagedID(id []byte) bool {
	n := len(id)
	return n >= 5 && (id[n-3] == '+' || id[n-4] == '+') && damagedID.Match(id)
}

func (s *Summary) addDamaged(input string, line int, id string) {
	s.DamagedIDs++
	if len(s.FirstDamaged) < FaultsKept {
		s.FirstDamaged = append(s.FirstDamaged, FaultNote{line, placed(input, line, fmt.Errorf("%q", id)).Error()})
	}
}

// Tallied is how many devices of one kind had one answer: devices whose cells
// are alike but for what names the single device, such as its id.
type Tallied struct {
	// Device is one of them; its ID and On mean nothing. A malformed row has
	// none.
	Device Device
	// Result is the answer. Its Installation.On is the day given for all by
	// [Judge.On]; without one it means nothing.
	Result Result
	// Devices counts them.
	Devices int
	// Pence is what they cost together, where their cost is read; Costless are
	// those whose cost is blank or cannot be read.
	Pence    int64
	Costless int
}

// costs is what the rows of each answer of a profile cost.
type costs struct {
	pence    int64
	costless int
}

// add counts the cost in a cell.
func (c *costs) add(cell string) {
	pence, err := ParsePence(cell)
	if err != nil {
		c.costless++
		return
	}
	c.pence += pence
}
