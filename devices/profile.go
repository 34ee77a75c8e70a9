package devices

import (
	"iter"
	"slices"
	"strconv"
	"strings"

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
	p.answers = slices.Clip(p.answers)
	if a.keep {
		p.device = d
	}
	return p
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
