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
	// Window is that of the finding that decides, with the bound that does. Early
	// says of a finding of which the rules are not known that the day is before the
	// window, and not after it.
	Window ivp.Window
	Early  bool
	// Pair is what no permitted pair fits. Its type or its GBCS version is zero if
	// the rest alone fits none.
	Pair ivp.Pair
	// Field is the field of a cell that cannot be read, or that the rules do not
	// know, and Text the cell. Of a model on the Central Products List, Field is
	// [Model] and Text the cells that name it; of a malformed row, Text says what is
	// wrong with it.
	Field Field
	Text  string
}

// CauseCount is a cause, and how many devices have it.
type CauseCount struct {
	Cause
	Devices int
	// First are the places of the first CausePlaces of them.
	First []FaultNote
	// Fault says what is wrong with the cell or the row of the first one; nil if the
	// cause is none of these.
	Fault error
}

const (
	// CausePlaces is how many devices of a cause are named.
	CausePlaces = 2
	// CausesKept is how many causes of one reason are told apart: the first ones of
	// the input.
	CausesKept = 100
)

// Causes counts devices by cause, in the order in which the causes occur. The zero
// value has counted none.
type Causes struct {
	all    []CauseCount
	places map[Cause]int
	kept   map[ivp.Reason]int
	others map[ivp.Reason]int
}

// Sorted returns the causes, the largest first; of two of one size, the one that
// occurred first.
func (c *Causes) Sorted() []CauseCount {
	sorted := slices.Clone(c.all)
	slices.SortStableFunc(sorted, func(a, b CauseCount) int { return cmp.Compare(b.Devices, a.Devices) })
	return sorted
}

// Others returns how many devices have the reason with a value that is not among the
// first CausesKept.
func (c *Causes) Others(r ivp.Reason) int { return c.others[r] }

// count returns the count of a cause, nil if it is not kept. fault is called if the
// cause is new.
func (c *Causes) count(cause Cause, fault func() error) *CauseCount {
	if place, ok := c.places[cause]; ok {
		return &c.all[place]
	}
	if c.places == nil {
		c.places, c.kept, c.others = map[Cause]int{}, map[ivp.Reason]int{}, map[ivp.Reason]int{}
	}
	if c.kept[cause.Reason] >= CausesKept {
		return nil
	}
	c.kept[cause.Reason]++
	c.places[cause] = len(c.all)
	c.all = append(c.all, CauseCount{Cause: cause, Fault: fault()})
	return &c.all[len(c.all)-1]
}

// add counts devices of a cause that come after those counted before.
func (c *Causes) add(cause Cause, fault error, n int, first ...FaultNote) {
	count := c.count(cause, func() error { return fault })
	if count == nil {
		c.others[cause.Reason] += n
		return
	}
	count.Devices += n
	count.First = append(count.First, first[:min(len(first), CausePlaces-len(count.First))]...)
}

// addEvent counts the rows of an event of an input. Its lines may come before those
// that are known.
func (c *Causes) addEvent(e *causeEvent, from *Reader) {
	cause, fault := *e.cause, func() error { return e.fault }
	if e.cell != nil {
		text := string(e.cell)
		cause.Text = ClippedCell(text)
		if cause.Reason == ivp.BadDate {
			cause.Field = InstallDate
		}
		fault = func() error { return readFault(cause.Field, text, e.kind, from.columns.dates) }
	}
	count := c.count(cause, fault)
	if count == nil {
		c.others[cause.Reason] += e.n
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

// unfitting returns what no permitted pair fits, without what does not matter for
// that: the type, if no type fits the two versions, and else the GBCS version, if the
// type does not fit the TS version alone.
func unfitting(r *Result) ivp.Pair {
	i := r.Installation
	without := func(kind ivp.DeviceType, gbcs ivp.Spec) bool {
		asked := i
		asked.Type, asked.GBCS = kind, gbcs
		return r.checker.Check(asked).Pair.Reason == ivp.UnlistedPair
	}
	switch {
	case i.Type != 0 && !i.GBCS.IsZero() && without(0, i.GBCS):
		i.Type = 0
	case i.Type != 0 && !i.GBCS.IsZero() && without(i.Type, ivp.Spec{}):
		i.GBCS = ivp.Spec{}
	}
	return ivp.Pair{Type: i.Type, Spec: i.Spec, GBCS: i.GBCS}
}

// mostRunes is the length up to which a cell is shown whole.
const mostRunes = 64

// ClippedCell returns a cell in one line of a readable length, as a copy.
func ClippedCell(cell string) string {
	s := cell[:min(len(cell), 2*utf8.UTFMax*mostRunes)]
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	if utf8.RuneCountInString(s) > mostRunes {
		s = string([]rune(s)[:mostRunes-1]) + "…"
	}
	return strings.Clone(s)
}

// causeEvent is the rows of a block that have one answer of a profile and, if this
// is the cause's text, the same cell one after another.
type causeEvent struct {
	cause *Cause
	fault error
	cell  []byte // nil if the cause has its text
	kind  ivp.DeviceType
	n     int
	lines [CausePlaces]int // the first of them
}

// eventPlace is the place of an event among those of its worker, as long as the
// worker has counted its events so many times.
type eventPlace struct{ counted, place int }

// mostEvents is how many events of a block are kept before they are counted, which
// must wait for the blocks before.
const mostEvents = 2048

// blame counts a row whose answer is not eligible.
func (w *worker) blame(p *profile, a *answer, raw []byte, line int) {
	var cell []byte
	if column := w.ownCell(p, a.cause); column >= 0 {
		cell = w.cell(raw, column)
	}
	if a.event.counted != w.counted || string(w.events[a.event.place].cell) != string(cell) {
		w.event(causeEvent{cause: a.cause, fault: a.fault, cell: cell, kind: a.tally.kind})
		a.event = eventPlace{w.counted, len(w.events) - 1}
	}
	w.events[a.event.place].add(line)
}

func (e *causeEvent) add(line int) {
	if e.n < CausePlaces {
		e.lines[e.n] = line
	}
	e.n++
}

// ownCell returns the column of the cell that a row has for itself although it shares
// the profile; -1 if there is none.
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
		w.e.order.Wait(w.block.Seq) // false if the pass has failed: then nothing is counted any more
		w.countEvents()
	}
	w.events = append(w.events, e)
}

// countEvents counts the causes of the block. It is called in the block's turn, so
// that causes are counted in the order of the input, whatever the number of workers.
func (w *worker) countEvents() {
	for i := range w.events {
		w.e.causes.addEvent(&w.events[i], w.e.from)
	}
	clear(w.events)
	w.events = w.events[:0]
	w.counted++
}
