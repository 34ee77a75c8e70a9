package devices

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/ivp"
)

// Cause is what devices that are not eligible, or undetermined, have in common: the
// reason, and the value that decides. Fields that the reason does not need are zero.
type Cause struct {
	Reason ivp.Reason
	// Window is the window of the finding that decides, with only the bound that decides.
	Window ivp.Window
	// Early says that the day is before the window, and not after it, if the rules for
	// that day are not known.
	Early bool
	// Pair is the combination that no permitted pair fits. Its type or its GBCS version is
	// zero if it does not matter for that.
	Pair ivp.Pair
	// Field is the field of a cell that cannot be read, or that the rules do not have, and
	// Text is the cell. For a model on the Central Products List, Field is [Model] and
	// Text is its cells. For a malformed row, Text is what is wrong with it.
	Field Field
	Text  string
}

// CauseCount is the number of devices with a cause.
type CauseCount struct {
	Cause
	Devices int
	// First has the places of the first CausePlaces devices.
	First []FaultNote
	// Fault is the error of the cell or row of the first device, or nil if the cause is
	// not a cell or row that cannot be read.
	Fault error
}

const (
	// CausePlaces is the number of devices of a cause whose places are kept.
	CausePlaces = 2
	// causesKept is the number of causes of one reason that are kept, the first ones of
	// the input.
	causesKept = 100
)

// Causes counts devices by cause, in the order in which the causes occur. The zero value
// is ready to use.
type Causes struct {
	all []CauseCount
	// The places of the causes in all. Those with a text have no window and no pair, and
	// are found by a key that is hashed in less time, because there may be one for each row.
	places map[Cause]int
	texts  map[textCause]int
	kept   map[ivp.Reason]int
	others map[ivp.Reason]int
}

type textCause struct {
	reason ivp.Reason
	field  Field
	text   string
}

// Sorted returns the causes, the largest first. Causes of equal size are in the order in
// which they occurred.
func (c *Causes) Sorted() []CauseCount {
	sorted := slices.Clone(c.all)
	slices.SortStableFunc(sorted, func(a, b CauseCount) int { return cmp.Compare(b.Devices, a.Devices) })
	return sorted
}

// Others returns the number of devices with the reason and a cause that is not kept.
func (c *Causes) Others(r ivp.Reason) int { return c.others[r] }

// count returns the count of a cause, or nil if it is not kept. It calls fault if the
// cause is new.
func (c *Causes) count(cause Cause, fault func() error) *CauseCount {
	key := textCause{cause.Reason, cause.Field, cause.Text}
	var place int
	var ok bool
	if cause.Text == "" {
		place, ok = c.places[cause]
	} else {
		place, ok = c.texts[key]
	}
	if ok {
		return &c.all[place]
	}
	if c.places == nil {
		c.places, c.texts, c.kept, c.others = map[Cause]int{}, map[textCause]int{}, map[ivp.Reason]int{}, map[ivp.Reason]int{}
	}
	if c.kept[cause.Reason] >= causesKept {
		return nil
	}
	c.kept[cause.Reason]++
	if cause.Text == "" {
		c.places[cause] = len(c.all)
	} else {
		c.texts[key] = len(c.all)
	}
	c.all = append(c.all, CauseCount{Cause: cause, Fault: fault()})
	return &c.all[len(c.all)-1]
}

// add counts devices of a cause. They come after those counted before.
func (c *Causes) add(cause Cause, fault error, n int, first ...FaultNote) {
	count := c.count(cause, func() error { return fault })
	if count == nil {
		c.others[cause.Reason] += n
		return
	}
	count.Devices += n
	count.First = append(count.First, first[:min(len(first), CausePlaces-len(count.First))]...)
}

// addEvent counts the rows of an event. Its lines may be before those counted earlier.
func (c *Causes) addEvent(e *causeEvent, from *Reader) {
	cause, fault := *e.cause, func() error { return e.fault }
	if e.cell != nil {
		text := string(e.cell)
		cause.Text = clipped(text)
		if cause.Reason == ivp.BadDate {
			cause.Field = InstallDate
		}
		fault = func() error { return readFault(cause.Field, text, e.kind, from.columns.dates) }
	}
	count := c.count(cause, fault)
	if count == nil {
		if e.n > 0 {
			c.others[cause.Reason] += e.n
		}
		return
	}
	count.Devices += e.n
	for _, line := range e.lines[:min(e.n, CausePlaces)] {
		if n := len(count.First); n < CausePlaces || line < count.First[n-1].Line {
			count.First = firstNotes(append(count.First, placeOf(from.name, line)))
			count.First = count.First[:min(n+1, CausePlaces)]
		}
	}
}

// readFault returns what is wrong with a cell that cannot be read, of a device of a
// type.
func readFault(f Field, text string, kind ivp.DeviceType, dates DateFormat) (err error) {
	switch f {
	case DeviceType:
		_, err = ParseDeviceType(text)
	case Spec:
		_, err = readSpec(text, kind)
	case GBCS:
		_, err = readGBCS(text)
	case InstallDate:
		err = readDate(text, dates).err(text, dates)
	}
	return err
}

// merge adds the causes of an input that comes after those counted before.
func (c *Causes) merge(o *Causes) {
	for _, count := range o.all {
		c.add(count.Cause, count.Fault, count.Devices, count.First...)
	}
	for r, n := range o.others {
		if c.others == nil {
			c.others = map[ivp.Reason]int{}
		}
		c.others[r] += n
	}
}

// causeOf returns the cause of an answer that is not eligible, and what is wrong with
// the cell or the row, if that is the cause.
func causeOf(r *Result, d *Device) (c Cause, fault error) {
	w := r.Window
	c.Reason = r.Reason
	switch r.Reason {
	case ivp.BeforeStart:
		c.Window = ivp.Window{Spec: w.Spec, Scope: w.Scope, From: w.From, Amendment: w.Amendment}
	case ivp.AfterEnd, ivp.GBCSEnded:
		c.Window = ivp.Window{Spec: w.Spec, Scope: w.Scope, To: w.To, Amendment: w.Amendment}
	case ivp.BeyondRecord, ivp.GBCSBeyondRecord:
		c.Window = ivp.Window{Spec: w.Spec, Scope: w.Scope, To: w.To}
		if c.Early = w.From.Kind == ivp.NotOnRecord && r.Installation.On.Before(w.From.Day); c.Early {
			c.Window.From, c.Window.To = w.From, ivp.Bound{}
		}
	case ivp.NotListed, ivp.Unsettled:
		c.Window = ivp.Window{Spec: w.Spec, Amendment: w.Amendment}
	case ivp.UnlistedPair:
		c.Pair, c.Window.Amendment = unfitting(r), w.Amendment
	case ivp.UnknownScope:
		c.Field, c.Text = Scope, ClippedCell(r.Installation.Scope)
	case ivp.BadVersion, ivp.BadDate, ivp.UnknownDeviceType:
		if cell, ok := faultOf(r.Verdict, d.Faults); ok {
			c.Field, c.Text, fault = cell.Field, ClippedCell(cell.Value), cell.Err
		}
	case ivp.RemovedFromCPL, ivp.NotOnCPL, ivp.AmbiguousModel, ivp.CPLConflict:
		c.Field, c.Text = Model, ClippedCell(strings.Join([]string{d.Manufacturer, d.Model, d.ModelHardware, d.HardwareVersion, d.HardwareRevision, d.Firmware}, " "))
	case ivp.BadRow:
		if row, ok := r.fault.(*RowFault); ok {
			c.Text, fault = row.problem(), row
		}
	}
	return c, fault
}

// unfitting returns the combination that no permitted pair fits: without the type if no
// type fits the two versions, and without the GBCS version if the type does not fit the
// TS version with any.
func unfitting(r *Result) ivp.Pair {
	i := r.Installation
	without := func(kind ivp.DeviceType, gbcs ivp.Spec) bool {
		j := i
		j.Type, j.GBCS = kind, gbcs
		return r.checker.Check(j).Pair.Reason == ivp.UnlistedPair
	}
	switch {
	case i.Type != 0 && !i.GBCS.IsZero() && without(0, i.GBCS):
		i.Type = 0
	case i.Type != 0 && !i.GBCS.IsZero() && without(i.Type, ivp.Spec{}):
		i.GBCS = ivp.Spec{}
	}
	return ivp.Pair{Type: i.Type, Spec: i.Spec, GBCS: i.GBCS}
}

// mostRunes is the longest cell that a message shows in full.
const mostRunes = 64

// ClippedCell returns a copy of a cell, in one line and shortened for a message.
func ClippedCell(cell string) string { return strings.Clone(clipped(cell)) }

// clipped is ClippedCell without the copy, if the cell is a short line as it is.
func clipped(cell string) string {
	if isShortLine(cell) {
		return cell
	}
	s := cell[:min(len(cell), 2*utf8.UTFMax*mostRunes)]
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	if utf8.RuneCountInString(s) > mostRunes {
		s = string([]rune(s)[:mostRunes-1]) + "…"
	}
	return s
}

// isShortLine reports whether a text is at most mostRunes printable ASCII characters, with
// single spaces between words.
func isShortLine(text string) bool {
	space := true
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == ' ' && space {
			return false
		}
		space = text[i] == ' '
	}
	return len(text) <= mostRunes && (!space || text == "")
}

// causeEvent is rows of a block that have one cause. It has no rows if it only says when
// the cause occurs first: the rows are then counted at the end.
type causeEvent struct {
	cause *Cause
	fault error
	cell  []byte // the text of the cause, or nil if the cause has it
	kind  ivp.DeviceType
	n     int
	lines [CausePlaces]int // the first of them
}

// eventPlace is the index of an event of a worker. It is valid while the worker has
// counted its events that many times.
type eventPlace struct{ counted, place int }

// mostEvents is the number of events of a block that are kept. To count them, a worker
// waits for the blocks before.
const mostEvents = 2048

// blame counts a row whose answer is not eligible, after it was counted in its answer.
func (w *worker) blame(c *answerCount, line int) {
	a := c.answer
	if c.rows == 1 {
		if c.own = w.ownCell(c.profile, a.cause); c.own < 0 {
			w.event(causeEvent{cause: a.cause, fault: a.fault})
		}
	}
	if c.own < 0 {
		c.lines[c.rows-1] = line
		c.blame = c.rows < CausePlaces
		return
	}
	cell := w.row.cell(c.own)
	if c.event.counted != w.counted || string(w.events[c.event.place].cell) != string(cell) {
		w.event(causeEvent{cause: a.cause, fault: a.fault, cell: cell, kind: a.tally.kind})
		c.event = eventPlace{w.counted, len(w.events) - 1}
	}
	w.events[c.event.place].add(line)
}

func (e *causeEvent) add(line int) {
	if e.n < CausePlaces {
		e.lines[e.n] = line
	}
	e.n++
}

// ownCell returns the column of the cell by which a row may differ from others of its
// profile, or -1.
func (w *worker) ownCell(p *profile, c *Cause) int {
	switch {
	case c.Reason == ivp.BadDate && !w.e.bulk.Judge.On.Valid():
		return w.e.day
	case p.alike && c.Field != 0 && c.Field != Model && !(c.Field == Scope && w.e.bulk.Judge.ScopeGiven):
		return w.e.from.columns.Index(c.Field)
	}
	return -1
}

func (w *worker) event(e causeEvent) {
	if len(w.events) >= mostEvents {
		w.countEventsInTurn()
	}
	w.events = append(w.events, e)
}

// countEventsInTurn waits for the block's turn and counts the causes so far. It reports
// whether they are counted: they are not if the pass has failed.
func (w *worker) countEventsInTurn() bool {
	ok := w.e.order.Wait(w.block.Seq)
	if ok {
		w.countEvents()
	} else {
		w.clearEvents()
	}
	return ok
}

// countEvents counts the causes of the block. It is called in the block's turn, so that
// the order of the causes does not depend on the number of workers.
func (w *worker) countEvents() {
	for i := range w.events {
		w.e.causes.addEvent(&w.events[i], w.e.from)
	}
	w.clearEvents()
}

func (w *worker) clearEvents() {
	clear(w.events)
	w.events = w.events[:0]
	w.counted++
}
