package devices

import (
	"bytes"
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mp196/ivp/devices/internal/scan"
	"github.com/mp196/ivp/ivp"
)

// profile is everything about a device but its day: what the engine remembers
// of devices that it has seen before. Its answers are made from the judge's
// Periods and written once, so that what is fast cannot differ from what is
// right. It does not change, and all workers share it.
type profile struct {
	key []keyCell
	// careful sends the rows of the profile the slow way: nothing in its cells
	// says that the row is neither a row of empty cells nor a total.
	careful     bool
	entryStatus string
	device      Device      // kept where rows are tallied
	faults      []CellFault // but for the day's
	answers     []answer
	// at has, for each break day, the place of the answer that stands from
	// then.
	at []uint16
	// undated says that answers ends with those to a row whose date is blank, and to
	// one whose date cannot be read.
	undated bool
	// alike says that the key stands for cells that differ, see [worker.alike].
	alike bool
}

// answer is a verdict as it is written.
type answer struct {
	tally tally
	// head stands before the days left, and tail after them. Where the columns
	// that explain are asked for, whyTail stands after the installation day and
	// the as-at day, which follow tail.
	head, tail stretch
	whyTail    []byte
	// lastDay is the last day of the window that decided, if it is a date; daysLeft
	// says that the days to it are written.
	lastDay  ivp.Date
	daysLeft bool
	// result is kept only where rows are handed over, tallied or written in
	// JSON, and difference where two answers are compared.
	result     *Result
	difference *Difference
	differing  Differing
	// cause is that of an answer that is not eligible.
	cause Cause
	// waivable is kept only where the answer may be waived.
	waivable *waivable
}

// waivable is what waivers may ask of the rows of a profile with one answer, but
// for the id, and the waiver that each of them has whatever its id.
type waivable struct {
	waivedModel
	general *Waiver
}

// answerer makes profiles for one input.
type answerer struct {
	judge      Judge
	comparison *Comparison // nil where nothing is compared
	dialect    scan.Dialect
	why        bool
	keep       bool // whether results are kept
	breaks     *breakTable
	// texts are the texts written, each once: profiles differ in little.
	texts map[string][]byte
}

// profile works out the answers of a device for every day.
func (a *answerer) profile(key []keyCell, d Device) *profile {
	p := &profile{key: key, entryStatus: d.EntryStatus, at: make([]uint16, len(a.breaks.days))}
	i := &d.Installation
	p.careful = i.Spec == ivp.Spec{} && i.GBCS == ivp.Spec{} && d.Type == 0 && strings.TrimSpace(i.Scope+d.Manufacturer+d.Model+d.ModelHardware+d.Firmware) == "" && len(d.Faults) == 0
	p.faults = slices.DeleteFunc(slices.Clone(d.Faults), func(f CellFault) bool { return f.Field == InstallDate })
	d.Faults = p.faults
	var last dayMarks
	for place, period := range a.periods(d) {
		if marks := marksOf(&period.result); !period.same || marks != last {
			p.answers = append(p.answers, a.answer(d, period))
			last = marks
		}
		p.at[place] = uint16(len(p.answers) - 1)
	}
	if p.undated = a.sharesAnswers(); p.undated {
		for _, on := range []ivp.Date{{}, ivp.UnreadableDate()} {
			d.Installation.On = on
			p.answers = append(p.answers, a.answer(d, dayResult{result: a.judge.Device(d)}))
		}
	}
	p.answers = slices.Clip(p.answers)
	if a.keep {
		p.device = d
	}
	return p
}

// sharesAnswers reports whether nothing is written of a row's own cells beside them, so
// that rows may have one answer although these differ.
func (a *answerer) sharesAnswers() bool { return a.comparison == nil && !a.why && !a.keep }

// place returns the place of the answer to a day; ok is false if it is not known.
func (p *profile) place(on ivp.Date, breaks *breakTable) (place uint16, ok bool) {
	switch {
	case on.Valid():
		return p.at[breaks.at(on)], true
	case !p.undated:
		return 0, false
	case on.IsZero():
		return uint16(len(p.answers) - 2), true
	}
	return uint16(len(p.answers) - 1), true
}

func (a *answerer) periods(d Device) iter.Seq2[int, dayResult] {
	if a.comparison != nil {
		return a.comparison.periods(d, a.breaks.days)
	}
	return a.judge.periods(d, a.breaks.days)
}

// answer writes the result of a day.
func (a *answerer) answer(d Device, day dayResult) answer {
	r := day.result
	w := answer{tally: tallyOf(r)}
	w.lastDay, _ = r.To()
	if r.Outcome() != ivp.Eligible {
		w.cause = causeOf(&r, &d)
	}
	if a.keep {
		w.result = &r
	}
	if day.difference != nil {
		w.difference, w.differing = day.difference, day.difference.Differing()
		w.head = newStretch(a.text(a.appendCells(nil, day.difference.Cells(a.why))))
		return w
	}
	if a.judge.Waivers != nil && r.Outcome() != ivp.Eligible {
		w.waivable = &waivable{waivedModel: newWaivedModel(d, r.Spec())}
		w.waivable.general = w.waivable.find(a.judge.Waivers.general)
	}
	cells := r.Cells(a.why)
	if a.judge.Waivers != nil { // that of a waiver follows row by row
		cells = cells[:len(cells)-1]
	}
	w.daysLeft = w.lastDay.Valid()
	w.head = newStretch(a.text(append(a.appendCells(nil, cells[:daysLeftColumn]), a.dialect.Delimiter)))
	if !a.why {
		w.tail = newStretch(a.text(a.appendCells(nil, cells[daysLeftColumn+1:])))
		return w
	}
	w.tail = newStretch(a.text(append(a.appendCells(nil, cells[daysLeftColumn+1:onColumn]), a.dialect.Delimiter)))
	w.whyTail = a.text(a.appendCells(nil, cells[onColumn+2:]))
	return w
}

// appendCells appends cells, each after a delimiter.
func (a *answerer) appendCells(dst []byte, cells []string) []byte {
	for _, cell := range cells {
		dst = appendCell(append(dst, a.dialect.Delimiter), cell, a.dialect)
	}
	return dst
}

// text returns the one copy of a text, with room for a stretch.
func (a *answerer) text(b []byte) []byte {
	kept, ok := a.texts[string(b)]
	if !ok {
		kept = append(make([]byte, 0, max(len(b), stretchSize)), b...)
		a.texts[string(b)] = kept
	}
	return kept
}

// The places of the added columns that depend on the day itself: the as-at day
// follows the installation day.
const (
	daysLeftColumn = 4
	onColumn       = 6
)

// appendTo appends the added cells, each after a delimiter, for a device on a
// day inside the answer's period.
func (w *answer) appendTo(dst []byte, on, asAt ivp.Date, delim byte) []byte {
	dst = w.head.appendTo(dst)
	if w.daysLeft {
		from := len(dst)
		dst = quoteFrom(strconv.AppendInt(dst, int64(on.DaysUntil(w.lastDay)), 10), from, delim)
	}
	dst = w.tail.appendTo(dst)
	if w.whyTail != nil {
		from := len(dst)
		dst, _ = on.AppendText(dst)
		dst = append(quoteFrom(dst, from, delim), delim)
		from = len(dst)
		dst, _ = asAt.AppendText(dst)
		dst = append(quoteFrom(dst, from, delim), w.whyTail...)
	}
	return dst
}

// on returns the answer's result for a day inside its period.
func (w *answer) on(on, asAt ivp.Date) Result {
	r := *w.result
	r.Installation.On, r.AsAt = on, asAt
	return r
}

// memo remembers profiles by the bytes of their cells: an open-addressing
// table, which begins small, because many inventories are, and doubles up to
// memoSlots. What does not fit then is judged row by row.
type memo struct {
	slots []memoSlot
	used  int
	most  int // profiles
	// missed counts the rows that found no place since the table was full.
	missed int
	// once holds a part of the hash of keys that were seen, for the second time that
	// one is: of rows that are all different no profile is worked out, which takes as
	// long as to judge twenty rows. It is nil while there are few profiles.
	once []uint32
}

type memoSlot struct {
	hash    uint64
	profile *profile
	counts  []int   // for each answer of the profile, the rows counted
	costs   []costs // and what they cost, where that is asked
	causes  []eventPlace
}

const (
	// A large estate has some 300 profiles; with the Central Products List
	// joined, some 8,000, most of them of few rows. memoMost bounds the memory, of some
	// 8 KiB for each profile, and keeps the table half empty.
	memoFirst = 1 << 6
	memoSlots = 1 << 14
	memoMost  = 6 << 10
	// memoMostKept is how many profiles are remembered where results are kept, which
	// take twice the memory.
	memoMostKept = memoMost / 2
	// memoPatience is how many rows may miss a full table before it is made
	// anew, in case the rows that filled it were not like those that follow.
	memoPatience = 1 << 16
	// memoEager is how many profiles are worked out when their first row is seen.
	memoEager = 256
)

// key is the cells of one row's profile.
type key struct {
	cells [maxKeyCells]keyCell
	n     int
}

const maxKeyCells = 16

// mostOfKey is how many bytes the cells of a profile that is remembered may have.
const mostOfKey = 512

// keyCell is a cell by its length and its first and last eight bytes. Up to
// sixteen bytes these are all there is to know of it, so that most cells are
// compared without a call; of a longer one the text is compared as well.
type keyCell struct {
	first, last uint64
	text        []byte
}

// set takes a cell into the key.
func (c *keyCell) set(text []byte) {
	c.text = text
	switch n := len(text); {
	case n >= 8:
		c.first, c.last = binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[n-8:])
	case n >= 4:
		c.first, c.last = uint64(binary.LittleEndian.Uint32(text)), uint64(binary.LittleEndian.Uint32(text[n-4:]))
	case n > 0:
		c.first, c.last = uint64(text[0])|uint64(text[n/2])<<8|uint64(text[n-1])<<16, 0
	default:
		c.first, c.last = 0, 0
	}
}

// hash mixes the words and the lengths.
func (k *key) hash() uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for i := range k.cells[:k.n] {
		c := &k.cells[i]
		hi, lo := bits.Mul64(h^c.first, 0x9fb21c651e98df25^c.last^uint64(len(c.text))<<56)
		h = hi ^ lo ^ bits.RotateLeft64(h, 23)
	}
	return h
}

// is reports whether the key is the other.
func (k *key) is(other []keyCell) bool {
	for i := range other {
		a, b := &k.cells[i], &other[i]
		if a.first != b.first || a.last != b.last || len(a.text) != len(b.text) || len(a.text) > 16 && string(a.text) != string(b.text) {
			return false
		}
	}
	return true
}

// name returns the key as one string.
func (k *key) name() string {
	var b []byte
	for i := range k.cells[:k.n] {
		b = binary.AppendUvarint(b, uint64(len(k.cells[i].text)))
		b = append(b, k.cells[i].text...)
	}
	return string(b)
}

// kept returns the key's cells with a memory of their own.
func (k *key) kept() []keyCell {
	cells := make([]keyCell, k.n)
	for i := range cells {
		cells[i].set(bytes.Clone(k.cells[i].text))
	}
	return cells
}

// find returns the slot of the key: that of its profile, or the empty one where
// it belongs.
func (m *memo) find(k *key, hash uint64) *memoSlot {
	mask := uint64(len(m.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		slot := &m.slots[at]
		if slot.profile == nil || slot.hash == hash && k.is(slot.profile.key) {
			return slot
		}
	}
}

// expects reports whether the profile of a key that is not remembered is to be worked
// out: where there are few, and else at the key's second row.
func (m *memo) expects(hash uint64) bool {
	if m.used < memoEager {
		return true
	}
	if m.once == nil {
		m.once = make([]uint32, memoSlots)
	}
	place, part := &m.once[hash%memoSlots], uint32(hash>>32)|1
	again := *place == part
	*place = part
	return again
}

// full reports whether there is no place for another profile.
func (m *memo) full() bool { return m.used >= m.most }

// put remembers a profile in the slot that find named, and returns the slot where
// it is then: a table that is half full moves to one of twice the size.
func (m *memo) put(slot *memoSlot, k *key, hash uint64, p *profile) *memoSlot {
	if 2*m.used >= len(m.slots) {
		m.grow()
		slot = m.find(k, hash)
	}
	slot.hash, slot.profile, slot.counts = hash, p, make([]int, len(p.answers))
	m.used++
	return slot
}

func (m *memo) grow() {
	larger := memo{slots: make([]memoSlot, 2*len(m.slots))}
	mask := uint64(len(larger.slots) - 1)
	for old := range m.filled() {
		at := old.hash & mask
		for larger.slots[at].profile != nil {
			at = (at + 1) & mask
		}
		larger.slots[at] = *old
	}
	m.slots = larger.slots
}

// stale reports whether so many rows have missed a full table that it should
// be made anew.
func (m *memo) stale() bool { return m.missed >= memoPatience }

// filled returns the slots that hold a profile.
func (m *memo) filled() iter.Seq[*memoSlot] {
	return func(yield func(*memoSlot) bool) {
		for i := range m.slots {
			if m.slots[i].profile != nil && !yield(&m.slots[i]) {
				return
			}
		}
	}
}

func newMemo(most int) memo { return memo{slots: make([]memoSlot, memoFirst), most: most} }

// registry holds the profiles of one input, for all workers: each is worked
// out once.
type registry struct {
	mu       sync.Mutex
	answers  answerer
	most     int // how many profiles are held: as many as each worker remembers
	profiles map[string]*profile
}

func newRegistry(answers answerer) *registry {
	answers.texts = map[string][]byte{}
	r := &registry{answers: answers, most: memoMost, profiles: map[string]*profile{}}
	if answers.keep {
		r.most = memoMostKept
	}
	return r
}

// profile returns the profile of a key; decode gives its device where it is not
// known yet. It is nil where decode fails. A full registry is begun anew; the
// workers keep what they hold.
func (r *registry) profile(k *key, alike bool, decode func() Device) *profile {
	name := k.name()
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.profiles[name]; p != nil {
		return p
	}
	if len(r.profiles) >= r.most {
		clear(r.profiles)
		clear(r.answers.texts)
	}
	p := r.answers.profile(k.kept(), decode())
	p.alike = alike
	r.profiles[name] = p
	return p
}

// breakTable finds, for a day, the last break day of a record that is not
// after it. In the years in which devices are installed the search begins at the
// break of the day's stretch of the table; other days are searched among all.
type breakTable struct {
	days  []ivp.Date
	first int // the day number at which dense[0] begins
	dense []uint16
}

// The dense table covers these years, by stretches of 32 days: few breaks fall
// into one, and a table for a small inventory is made in microseconds.
const (
	denseFrom  = 1975
	denseTo    = 2125
	denseShift = 5
)

func newBreakTable(days []ivp.Date) *breakTable {
	from, _ := ivp.NewDate(denseFrom, 1, 1)
	to, _ := ivp.NewDate(denseTo, 12, 31)
	t := &breakTable{days: days, first: from.DayNumber()}
	t.dense = make([]uint16, from.DaysUntil(to)>>denseShift+1)
	at := t.search(from)
	for n := range t.dense {
		at = t.forward(at, from.AddDays(n<<denseShift))
		t.dense[n] = uint16(at)
	}
	return t
}

// at returns the place of the break day that a day belongs to.
func (t *breakTable) at(day ivp.Date) int {
	if n := (day.DayNumber() - t.first) >> denseShift; uint(n) < uint(len(t.dense)) {
		return t.forward(int(t.dense[n]), day)
	}
	return t.search(day)
}

// forward goes on from the place of an earlier day.
func (t *breakTable) forward(at int, day ivp.Date) int {
	for at+1 < len(t.days) && !t.days[at+1].After(day) {
		at++
	}
	return at
}

func (t *breakTable) search(day ivp.Date) int {
	return sort.Search(len(t.days), func(n int) bool { return t.days[n].After(day) }) - 1
}

// dayTable reads dates of ten bytes, YYYY-MM-DD, DD/MM/YYYY or MM/DD/YYYY, of the
// years in which devices are installed: the day before a month's first is looked
// up, so that nothing is divided. Anything else is left to readDate.
type dayTable struct {
	months [(tableTo - tableFrom + 1) * 16]tableMonth
}

type tableMonth struct {
	before ivp.Date // the day before the month's first
	days   uint8    // 0 for a month that no calendar has
}

const (
	tableFrom = 1975
	tableTo   = 2125
)

// days is the one table, made when an inventory is first checked.
var days = sync.OnceValue(newDayTable)

func newDayTable() *dayTable {
	t := &dayTable{}
	for year := tableFrom; year <= tableTo; year++ {
		for month := time.January; month <= time.December; month++ {
			first, _ := ivp.NewDate(year, month, 1)
			last := ivp.DateOf(time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC))
			t.months[(year-tableFrom)*16+int(month)] = tableMonth{first.AddDays(-1), uint8(first.DaysUntil(last) + 1)}
		}
	}
	return t
}

// read returns the day, and false for anything that it does not read.
func (t *dayTable) read(cell []byte, format DateFormat) (ivp.Date, bool) {
	if len(cell) != 10 {
		return ivp.Date{}, false
	}
	switch {
	case cell[4] == '-' && cell[7] == '-':
		return t.day(cell[0:4], cell[5:7], cell[8:10])
	case cell[2] != cell[5] || cell[2] != '/' && cell[2] != '.' && cell[2] != '-' || format == ISODates:
		return ivp.Date{}, false
	case format == DayFirst:
		return t.day(cell[6:10], cell[3:5], cell[0:2])
	}
	return t.day(cell[6:10], cell[0:2], cell[3:5])
}

// day returns the day of a year of four digits and a month and a day of two.
func (t *dayTable) day(y, m, d []byte) (ivp.Date, bool) {
	bad := byte(0)
	digit := func(c byte) int {
		c -= '0'
		bad |= (c + 0x76) | c // the high bit is set for anything above 9
		return int(c)
	}
	year := digit(y[0])*1000 + digit(y[1])*100 + digit(y[2])*10 + digit(y[3]) - tableFrom
	month := digit(m[0])*10 + digit(m[1])
	day := digit(d[0])*10 + digit(d[1])
	if bad&0x80 != 0 || uint(year) > tableTo-tableFrom || month > 12 {
		return ivp.Date{}, false
	}
	known := &t.months[year*16+month]
	if day < 1 || day > int(known.days) {
		return ivp.Date{}, false
	}
	return known.before.AddDays(day), true
}

// stretch is bytes that are written again and again. A short one is written by
// a copy of fixed size, which needs no call and no loop; what it writes beyond
// its own length is written over by what follows.
type stretch struct {
	bytes []byte
	fixed *[stretchSize]byte // the bytes and what follows them; nil for a long one
}

// stretchSize holds the cells of most answers.
const stretchSize = 64

// newStretch returns the stretch of b, which is not copied.
func newStretch(b []byte) stretch {
	s := stretch{bytes: b}
	if len(b) <= stretchSize && cap(b) >= stretchSize {
		s.fixed = (*[stretchSize]byte)(b[:stretchSize])
	}
	return s
}

func (s *stretch) appendTo(dst []byte) []byte {
	n := len(dst)
	if s.fixed == nil || cap(dst)-n < stretchSize {
		return append(dst, s.bytes...)
	}
	*(*[stretchSize]byte)(dst[n : n+stretchSize]) = *s.fixed
	return dst[:n+len(s.bytes)]
}
