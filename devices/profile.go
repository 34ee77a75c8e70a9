package devices

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mp196/ivp/devices/internal/scan"
	"github.com/mp196/ivp/ivp"
)

// profile is the judged cells of a row, without its day, and answers for it. The engine
// caches it for rows with equal cells. The judge makes each answer for the first row that
// needs it, on the first day of a run of days with one answer, so that the fast path
// cannot differ from the slow one. It is for concurrent use.
type profile struct {
	// slow says that rows of the profile may be empty rows or totals, which the judged
	// cells do not show.
	slow bool
	// alike says that cells of the key are replaced by marks: see [worker.alike].
	alike bool
	// at has the answer for each index of the break table; nil if it is not made yet.
	at     []atomic.Pointer[answer]
	device Device // as the judged cells are, without a day

	mu      sync.Mutex // locked while an answer is made
	answers []*answer
	numbers *atomic.Int32 // how many answers the profiles of its generation have
	look    *lookup       // what the catalogue has for the device; nil if there was no need yet
}

// answer is the added cells of a verdict. What every row needs comes first. It does not
// change.
type answer struct {
	// The cells are head, the days left, tail and, with the columns that explain, the
	// installation day, the as-at day and whyTail.
	head, tail []byte
	lastDay    ivp.Date  // of the window that decided, if it is a date
	daysLeft   bool      // the days to lastDay are written
	differing  Differing // set only if rules are compared
	number     int32     // among the answers of the generation of the memo

	whyTail []byte
	tally   tally
	// result is set only if rows are typed, tallied or written as JSON, difference only
	// if rules are compared, waivable only if the answer may be waived.
	result     *Result
	difference *Difference
	waivable   *waivable

	cause *Cause // of an answer that is not eligible
	fault error  // what is wrong with the cell, if that is the cause
}

// answerCount is what a worker counts of the rows with an answer.
type answerCount struct {
	rows int
	// blame says that a row with the answer may be one of the first of its cause, or have
	// a cause of its own.
	blame bool
	// refused has the bits of the parts that require no more typed rows with the answer.
	refused uint8
	profile *profile
	answer  *answer
	costs   costs
	// own is the column of the cell by which the cause of a row may differ from that of
	// others with the answer, or -1, and event the last one with the answer.
	own   int
	event eventPlace
	lines [CausePlaces]int // the first ones, if the cause is the same for all rows
}

// countsOfPage is the number of counts that are allocated together.
const countsOfPage = 16

// countOf counts a row with an answer.
func (w *worker) countOf(p *profile, a *answer) *answerCount {
	page := int(a.number / countsOfPage)
	if page >= len(w.counts) || w.counts[page] == nil {
		w.counts = append(w.counts, make([]*[countsOfPage]answerCount, max(0, page+1-len(w.counts)))...)
		w.counts[page] = new([countsOfPage]answerCount)
	}
	c := &w.counts[page][a.number%countsOfPage]
	if c.rows++; c.rows == 1 {
		c.profile, c.answer, c.blame = p, a, a.cause != nil
	}
	return c
}

// waivable is what waivers compare with the rows of a profile and answer, except the id,
// and the waiver that fits without an id.
type waivable struct {
	waivedModel
	general *Waiver
}

// profiler makes the profiles and answers of one worker.
type profiler struct {
	judge       Judge
	comparison  *comparison // nil if rules are not compared
	countBefore bool
	dialect     scan.Dialect
	why         bool
	keep        bool // keep results
	breaks      *breakTable
	texts       map[string][]byte // each text once, because the texts of profiles repeat
}

// profile returns the profile of a device, without answers.
func (a *profiler) profile(alike bool, d Device) *profile {
	i := &d.Installation
	slow := i.Spec == ivp.Spec{} && i.GBCS == ivp.Spec{} && d.Type == 0 && strings.TrimSpace(i.Scope+d.Manufacturer+d.Model+d.ModelHardware+d.Firmware) == "" && len(d.Faults) == 0
	return &profile{alike: alike, slow: slow, device: d, at: make([]atomic.Pointer[answer], len(a.breaks.days)+2)}
}

// mostProfiles returns how many profiles may be cached. If results are kept, they take
// twice the memory.
func (a *profiler) mostProfiles() int {
	most := min(memoMost, memoDays/len(a.breaks.days)+memoFirst)
	if a.keep {
		most /= 2
	}
	return most
}

// sharesAnswers reports whether the answers do not contain cells of the row, so that rows
// with different unreadable cells may share an answer.
func (a *profiler) sharesAnswers() bool { return a.comparison == nil && !a.why && !a.keep }

// answer returns the answer of a profile for a day.
func (w *worker) answer(p *profile, on ivp.Date) *answer {
	at := &p.at[w.breaks.index(on)]
	if made := at.Load(); made != nil {
		return made
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if made := at.Load(); made != nil {
		return made
	}
	made := w.newAnswer(p, w.breaks.firstDay(on))
	if same := slices.IndexFunc(p.answers, made.equal); same >= 0 {
		made = p.answers[same]
	} else {
		made.number = p.numbers.Add(1) - 1
		p.answers = append(p.answers, made)
	}
	at.Store(made)
	return made
}

// newAnswer judges the device of a profile on a day. The profile is locked.
func (a *profiler) newAnswer(p *profile, on ivp.Date) *answer {
	d := p.device
	d.On = on
	var diff Difference
	var r Result
	if a.comparison != nil {
		diff = a.comparison.device(d)
		diff.Before.closing, diff.After.closing = false, false // they depend on the day
		r = diff.counted(a.countBefore)
	} else if a.judge.Catalogue != nil {
		if p.look == nil {
			p.look = a.judge.look(d, a.judge.installation(d))
		}
		r = a.judge.joined(p.look, on, d.Faults)
	} else {
		r = a.judge.answer(d, a.judge.installation(d))
	}
	w := &answer{tally: tallyOf(r)}
	w.lastDay, _ = r.To()
	if r.Outcome() != ivp.Eligible {
		cause, fault := causeOf(&r, &d)
		w.cause, w.fault = &cause, fault
	}
	if a.keep {
		w.result = &r
	}
	if a.comparison != nil {
		w.difference, w.differing = &diff, diff.Differing()
		w.head = a.text(a.appendCells(nil, diff.Cells(a.why)))
		return w
	}
	if a.judge.Waivers != nil && w.cause != nil {
		w.waivable = &waivable{waivedModel: newWaivedModel(d, r.Spec())}
		w.waivable.general = w.waivable.find(a.judge.Waivers.general)
	}
	cells := r.Cells(a.why)
	if a.judge.Waivers != nil { // the cell of a waiver depends on the row
		cells = cells[:len(cells)-1]
	}
	w.daysLeft = w.lastDay.Valid()
	w.head = a.text(append(a.appendCells(nil, cells[:daysLeftColumn]), a.dialect.Delimiter))
	if !a.why {
		w.tail = a.text(a.appendCells(nil, cells[daysLeftColumn+1:]))
		return w
	}
	w.tail = a.text(append(a.appendCells(nil, cells[daysLeftColumn+1:onColumn]), a.dialect.Delimiter))
	w.whyTail = a.text(a.appendCells(nil, cells[onColumn+2:]))
	return w
}

// equal reports whether rows with either of two answers of a profile are written and
// counted in the same way.
func (w *answer) equal(o *answer) bool {
	switch {
	case w.tally != o.tally || w.lastDay != o.lastDay || w.daysLeft != o.daysLeft || w.differing != o.differing,
		w.cause != nil && *w.cause != *o.cause,
		!bytes.Equal(w.head, o.head) || !bytes.Equal(w.tail, o.tail) || !bytes.Equal(w.whyTail, o.whyTail),
		w.result != nil && !sameAnswer(w.result, o.result),
		w.waivable != nil && *w.waivable != *o.waivable:
		return false
	}
	d, e := w.difference, o.difference
	return d == nil || sameAnswer(&d.Before, &e.Before) && sameAnswer(&d.After, &e.After) && slices.Equal(d.By, e.By) && d.split == e.split
}

// appendCells appends cells, each after a delimiter.
func (a *profiler) appendCells(dst []byte, cells []string) []byte {
	for _, cell := range cells {
		dst = appendCell(append(dst, a.dialect.Delimiter), cell, a.dialect)
	}
	return dst
}

// text returns the shared copy of a text, with capacity for [appendShort].
func (a *profiler) text(b []byte) []byte {
	kept, ok := a.texts[string(b)]
	if !ok {
		kept = append(make([]byte, 0, max(len(b), shortSize)), b...)
		a.texts[string(b)] = kept
	}
	return kept
}

// The indexes of the added columns that depend on the day. The as-at day follows the
// installation day.
const (
	daysLeftColumn = 4
	onColumn       = 6
)

// appendTo appends the added cells, each after a delimiter, for a day in the answer's
// period.
func (w *answer) appendTo(dst []byte, on ivp.Date, judge *Judge, delim byte) []byte {
	dst = appendShort(dst, w.head)
	if w.daysLeft {
		from := len(dst)
		dst = quoteDigits(strconv.AppendInt(dst, int64(on.DaysUntil(w.lastDay)), 10), from, delim)
	}
	dst = appendShort(dst, w.tail)
	if w.whyTail != nil {
		from := len(dst)
		dst, _ = on.AppendText(dst)
		dst = append(quoteDigits(dst, from, delim), delim)
		from = len(dst)
		dst, _ = judge.asAt(on).AppendText(dst)
		dst = append(quoteDigits(dst, from, delim), w.whyTail...)
	}
	return dst
}

// on returns the result for a day in the answer's period.
func (w *answer) on(on, asAt ivp.Date) Result {
	r := *w.result
	r.Installation.On, r.AsAt = on, asAt
	return r
}

// memo is the cache of profiles, by key, for all workers of an engine. Rows that do not
// fit are judged one by one.
//
// A key is the judged cells of a row as a record of CSV, as they are written. Cells that
// are adjacent in the row are then one text, which is copied, hashed and compared as one.
type memo struct {
	generation atomic.Int64 // how many times the memo was cleared

	mu       sync.Mutex
	profiles map[string]*profile
	numbers  *atomic.Int32 // as in each profile
	most     int           // profiles
	missed   int           // rows that found no place since the table was full
	// once has a part of the hash of each key that was seen. Only the second row of a key
	// makes a profile, so that rows that are all different make none. It begins small;
	// news counts the keys that were looked up in it.
	once []uint32
	news int
}

const (
	// A large estate has some 300 profiles, and with the Central Products List some
	// 8,000, most of them of few rows. memoMost limits the memory, and memoDays the break
	// days of all profiles.
	memoFirst = 1 << 6
	memoMost  = 10 << 10
	memoDays  = memoMost << 7
	// memoPatience is the number of rows that may miss a full table before it is cleared,
	// in case the rows that filled it differ from those that follow.
	memoPatience = 1 << 16
	// onceFirst and onceMost are the first and the largest size of memo.once.
	onceFirst = 1 << 8
	onceMost  = 1 << 14
	// mostOfKey is the number of bytes that the key of a cached profile may have.
	mostOfKey = 512
)

func newMemo(most int) *memo {
	return &memo{profiles: map[string]*profile{}, most: most, numbers: new(atomic.Int32)}
}

// keySeed makes keys with equal parts of their hash impossible to prepare.
var keySeed = maphash.MakeSeed()

// worthwhile reports whether a profile is to be made for a key that is not cached: at the
// key's second row.
func (m *memo) worthwhile(key []byte) bool {
	if m.news++; m.news > len(m.once) && len(m.once) < onceMost {
		m.once = make([]uint32, max(onceFirst, 4*len(m.once)))
	}
	hash := maphash.Bytes(keySeed, key)
	place, part := &m.once[hash%uint64(len(m.once))], uint32(hash>>32)|1
	again := *place == part
	*place = part
	return again
}

// get returns the profile of a key, from another worker or from create, and the
// generation of the memo. The profile is nil if there is none and should be none.
func (m *memo) get(key []byte, create func() *profile) (p *profile, generation int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p = m.profiles[string(key)]; p != nil || !m.worthwhile(key) {
		return p, m.generation.Load()
	}
	if len(m.profiles) >= m.most {
		if m.missed++; m.missed < memoPatience {
			return nil, m.generation.Load()
		}
		m.missed = 0
		m.profiles, m.numbers = map[string]*profile{}, new(atomic.Int32)
		m.generation.Add(1)
	}
	p = create()
	p.numbers = m.numbers
	m.profiles[string(key)] = p
	return p, m.generation.Load()
}

// breakTable finds the last break day that is not after a day. For the years of the dense
// table the search begins near the result, for other days it is a binary search.
type breakTable struct {
	days  []ivp.Date
	first int // the day number of dense[0]
	dense []uint32
}

// The dense table covers these years, in steps of 32 days, which contain few break days.
// It is made in microseconds.
const (
	denseFrom  = 1975
	denseTo    = 2125
	denseShift = 5
)

func newBreakTable(days []ivp.Date) *breakTable {
	from, _ := ivp.NewDate(denseFrom, 1, 1)
	to, _ := ivp.NewDate(denseTo, 12, 31)
	t := &breakTable{days: days, first: from.DayNumber()}
	t.dense = make([]uint32, from.DaysUntil(to)>>denseShift+1)
	at := t.search(from)
	for n := range t.dense {
		at = t.forward(at, from.AddDays(n<<denseShift))
		t.dense[n] = uint32(at)
	}
	return t
}

// index returns the index of an installation day in the tables of profiles: that of its
// break day, and two more for no date and for one that cannot be read.
func (t *breakTable) index(on ivp.Date) int {
	switch {
	case on.Valid():
		return t.at(on)
	case on.IsZero():
		return len(t.days)
	}
	return len(t.days) + 1
}

// firstDay returns the first day that has the index of a day.
func (t *breakTable) firstDay(on ivp.Date) ivp.Date {
	if on.Valid() {
		return t.days[t.at(on)]
	}
	return on
}

// at returns the index of the last break day that is not after a day.
func (t *breakTable) at(day ivp.Date) int {
	if n := (day.DayNumber() - t.first) >> denseShift; uint(n) < uint(len(t.dense)) {
		return t.forward(int(t.dense[n]), day)
	}
	return t.search(day)
}

// forward is at, beginning at the index for an earlier day.
func (t *breakTable) forward(at int, day ivp.Date) int {
	for at+1 < len(t.days) && !t.days[at+1].After(day) {
		at++
	}
	return at
}

func (t *breakTable) search(day ivp.Date) int {
	return sort.Search(len(t.days), func(n int) bool { return t.days[n].After(day) }) - 1
}

// dayTable reads dates of ten bytes, YYYY-MM-DD, DD/MM/YYYY or MM/DD/YYYY, of the years
// from tableFrom to tableTo, without a division: it looks up the day before the first of
// the month. readDate reads all others.
type dayTable struct {
	months [(tableTo - tableFrom + 1) * 16]tableMonth
}

type tableMonth struct {
	before ivp.Date // the day before the month's first
	days   uint8    // 0 for a month that does not exist
}

const (
	tableFrom = 1975
	tableTo   = 2125
)

// days is the table, made when an inventory is first checked.
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

// read returns the day, or false for a cell that it does not read.
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

// shortSize is enough for the cells of most answers.
const shortSize = 64

// appendShort is append for texts that are mostly short, without a call: it copies
// shortSize bytes if the capacities of both allow that. What it writes beyond the text is
// overwritten by what follows.
func appendShort(dst, text []byte) []byte {
	n := len(dst)
	if len(text) > shortSize || cap(text) < shortSize || cap(dst)-n < shortSize {
		return append(dst, text...)
	}
	to, from := (*[shortSize]byte)(dst[n:n+shortSize]), (*[shortSize]byte)(text[:shortSize])
	for i := 0; i < shortSize; i += 8 {
		binary.LittleEndian.PutUint64(to[i:i+8], binary.LittleEndian.Uint64(from[i:i+8]))
	}
	return dst[:n+len(text)]
}
