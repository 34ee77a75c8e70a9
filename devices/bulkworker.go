package devices

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/devices/internal/scan"
	"github.com/mp196/ivp/ivp"
)

// worker judges one block after another, in its own goroutine.
type worker struct {
	e *engine
	profiler
	// profiles are those of the memo that the worker has met, of one generation of the
	// memo, and counts those of their answers, by number.
	profiles   map[string]*profile
	generation int64
	counts     []*[countsOfPage]answerCount
	format     rowFormat
	summary    Summary
	days       dayCounts // not in the summary yet
	changes    Changes
	waivers    waiverFinder
	events     []causeEvent
	counted    int // how many times events were counted, from 1

	block   scan.Block
	notUTF8 bool // a row of the block is not UTF-8
	outs    []*part
	lines   simpleLines
	cells   []scan.Cell // those of a record that is not a simple line
	row     splitRow
	// key is that of the row, and marked the key with the marks of [worker.alike].
	key, marked []byte
	kept        []byte // a buffer for the cells of a row that are written
	keyCells    []scan.Cell
	read        [maxKeyCells]readCell
}

// maxKeyCells is at least the number of fields that are judged.
const maxKeyCells = 16

// part is the form of a block in one output.
type part struct {
	to     *BulkOutput
	plain  bool  // all rows are written, as CSV, with only the answer added
	bit    uint8 // in answerCount.refused; 0 for a part that has none
	data   []byte
	packed []byte
	swap   bool // swap the line ends back to those of the input
	pack   func(dst, part []byte) ([]byte, error)
	json   *json.Encoder // appends to data
	rows   []TypedRow
}

func newWorker(e *engine) *worker {
	w := &worker{
		profiler: e.profiler(),
		e:        e,
		counted:  1,
		format:   newRowFormat(e.from, len(e.bulk.columns()), e.bulk.Style),
		waivers:  waiverFinder{waivers: e.bulk.Judge.Waivers},
		lines:    newSimpleLines(e.from),
		profiles: map[string]*profile{},
	}
	for i, out := range e.outputs {
		p := &part{to: out, bit: 1 << i}
		p.plain = out.Lines == CSVLines && out.Only == nil && out.Differing == 0 && w.judge.Waivers == nil && !w.judge.Source && e.bulk.Style == CSVStyle{}
		p.json = json.NewEncoder(p)
		p.json.SetEscapeHTML(false)
		if out.Pack != nil {
			p.pack = out.Pack()
		}
		w.outs = append(w.outs, p)
	}
	return w
}

// work takes blocks until there are none or something fails. A panic is a failure that
// the engine passes on after all workers have ended.
func (w *worker) work() {
	defer w.e.blocks.Release(&w.block)
	if fault := caught(w.takeBlocks); fault != nil {
		w.e.fail(fault, true)
	}
}

func (w *worker) takeBlocks() {
	for !w.e.hasFailed() {
		if err := w.e.ctx.Err(); err != nil {
			w.e.fail(err, true)
			return
		}
		err := w.e.blocks.Next(&w.block)
		if err == io.EOF {
			return
		}
		if err != nil {
			w.e.fail(named(w.e.from.name, err), false)
			return
		}
		if generation := w.e.memo.generation.Load(); generation != w.generation {
			w.renew(generation)
		}
		rows := w.rows()
		if err := w.deliver(); err != nil {
			w.e.fail(err, true)
			return
		}
		if w.block.Long() {
			w.forget()
		}
		if w.e.bulk.Progress != nil {
			w.e.bulk.Progress(rows)
		}
	}
}

// muchData is the length of a block whose memory is collected at once.
const muchData = 4 << 20

// forget frees the buffers of a long block before the next one.
func (w *worker) forget() {
	w.format.guarded, w.format.cells, w.kept, w.events = nil, nil, nil, nil
	for _, p := range w.outs {
		p.data, p.packed, p.rows = nil, nil, nil
	}
	if len(w.block.Data) > muchData { // else as much again would be allocated before
		runtime.GC()
	}
}

// deliver writes the block's parts in turn. Measured: to reserve a place in turn and to
// write with pwrite outside it was slower by a fifth on 5 million rows, because the
// system serialises writes to a file anyway.
func (w *worker) deliver() error {
	for _, p := range w.outs {
		p.swap = w.e.from.cr && p.to.Lines == CSVLines && !w.e.bulk.Style.Excel
		if err := p.prepare(); err != nil {
			return err
		}
	}
	if !w.e.order.Wait(w.block.Seq) {
		return nil
	}
	for _, p := range w.outs {
		if err := p.inTurn(w.e.bulk.Style.end(w.e.from.lineEnd()), w.block.Rest()); err != nil {
			return err
		}
	}
	w.countEvents()
	w.e.order.Done()
	return nil
}

func (p *part) prepare() (err error) {
	p.packed = p.data
	if p.swap {
		p.packed = scan.Swapped(p.data)
	}
	if p.pack != nil && len(p.data) > 0 {
		if p.packed, err = p.pack(nil, p.packed); err != nil {
			return &WriteError{err}
		}
	}
	return nil
}

// inTurn writes the part. rest says that it begins within a line.
func (p *part) inTurn(lineEnd []byte, rest bool) error {
	if len(p.rows) > 0 {
		if err := p.to.Rows(p.rows); err != nil {
			return &WriteError{err}
		}
	}
	if between := p.to.join(p.data, lineEnd); between != nil && !rest {
		if p.swap {
			between = scan.Swapped(between)
		}
		if p.pack != nil {
			var err error
			if between, err = p.pack(nil, between); err != nil {
				return &WriteError{err}
			}
		}
		p.packed = append(between, p.packed...)
	}
	return p.to.write(p.packed)
}

// rows judges the rows of the block and returns their number.
func (w *worker) rows() (rows int) {
	for _, p := range w.outs {
		p.data = p.data[:0]
		clear(p.rows)
		p.rows = p.rows[:0]
	}
	data, line := w.block.Data, w.block.Line
	w.notUTF8 = !utf8.Valid(data)
	w.lines.begin(data)
	for at := 0; at < len(data); rows++ {
		if data[at] == '\n' {
			if n := w.blankLines(data[at:]); n > 0 {
				at += n
				line += n
				rows += n - 1
				continue
			}
		}
		end, simple := w.lines.split(&w.row, at)
		if simple && w.line(data[at:end], line) {
			at = end
			line++
			continue
		}
		rec, n, _ := w.block.Next(at, w.format.dialect, w.cells)
		w.cells = rec.Cells
		record := data[at : at+n]
		if simple || !w.record(record, rec, line) {
			w.slow(line, record, rec)
		}
		if line += rec.Newlines; w.e.from.sheet && rec.Newlines > 1 {
			line -= rec.Newlines - 1
		}
		at += n
	}
	return rows
}

// blankLines writes the next empty lines and returns their number. It is a fast path for
// files full of them.
func (w *worker) blankLines(data []byte) (n int) {
	if w.e.comparison != nil && !w.e.from.sheet {
		return 0
	}
	for n < len(data) && data[n] == '\n' {
		n++
	}
	if w.e.from.sheet { // they are left out
		return n
	}
	for _, p := range w.outs {
		if n == 0 || w.e.bulk.Judge.Since || p.to.Lines != CSVLines || p.to.Only != nil && !p.to.Only.selects(Result{}) {
			continue
		}
		if end := w.e.bulk.Style.end(newline); len(end) == 1 {
			p.data = append(p.data, data[:n]...)
		} else {
			p.data = append(p.data, bytes.Repeat(end, n)...)
		}
	}
	return n
}

var newline = []byte{'\n'}

// line judges w.row, a simple line, by its profile. It returns false, without an effect,
// for a line that [worker.slow] must judge.
func (w *worker) line(record []byte, number int) bool {
	w.key = w.row.appendRuns(w.key[:0], w.e.keyRuns, w.dialect.Delimiter)
	return w.known(record[len(w.row.raw):], number)
}

// record is line for a good record that is not a simple line.
func (w *worker) record(record []byte, rec scan.Record, number int) bool {
	if rec.Malformed() || rec.Len > scan.BlockSize || len(rec.Cells) != w.e.from.columns.Width() {
		return false
	}
	w.row = splitRow{raw: record[:rec.Len], cells: rec.Cells}
	for _, column := range [...]int{w.e.day, w.e.id, w.e.cost} {
		if column >= 0 && rec.Cells[column].Form == scan.Escaped {
			return false
		}
	}
	w.key = w.key[:0]
	for i, column := range w.e.keys {
		if rec.Cells[column].Form == scan.Escaped {
			return false
		}
		if i > 0 {
			w.key = append(w.key, w.dialect.Delimiter)
		}
		w.key = append(w.key, rec.Cells[column].Raw(w.row.raw, w.dialect)...)
	}
	return w.known(record[rec.Len:], number)
}

// known judges w.row, whose key is w.key, by its profile. end is its line end. It returns
// false, without an effect, for a row that [worker.slow] must judge.
func (w *worker) known(end []byte, number int) bool {
	raw := w.row.raw
	dated := w.day()
	on := dated.day
	if w.e.bulk.outside(on) || dated.moved && w.e.bulk.Why { // the explanation has the time
		return false
	}
	if raw[0] == scan.EndMark || len(w.key) > mostOfKey {
		return false
	}
	p := w.cached()
	if p == nil || p.slow || !on.Valid() && !w.sharesAnswers() {
		return false
	}
	faults := p.device.Faults
	faulty := len(faults) > 0 || on.IsUnreadable()
	if faulty && (p.alike || on.IsUnreadable()) && len(w.summary.FirstFaults) < faultsKept {
		return false // the summary keeps the fault of this row
	}
	a := w.answer(p, on)
	if w.judge.Since && !w.unchanged(a) {
		return false
	}
	c := w.countOf(p, a)
	if c.blame {
		w.blame(c, number)
	}
	if w.e.cost >= 0 && w.e.bulk.Tally != nil {
		c.costs.add(string(w.row.cell(w.e.cost)))
	}
	switch {
	case len(faults) > 0:
		w.summary.addFault(w.e.from.name, number, faults[0])
		if !decidedByFault(a.tally.reason) {
			w.summary.SideFaults.add(Row{Input: w.e.from.name, Line: number})
		}
	case faulty:
		w.summary.Faults++
	}
	if p.alike && a.tally.unscoped && len(w.summary.Scopes) < scopesKept {
		w.summary.keepScope(string(bytes.TrimSpace(w.row.cell(w.e.from.columns.Index(Scope)))))
	}
	if dated.moved {
		w.summary.addMoved(w.e.from.name, number, w.row.cell(w.e.day), on)
	}
	if w.notUTF8 && !utf8.Valid(raw) {
		w.summary.NotUTF8.add(Row{Input: w.e.from.name, Line: number})
	}
	w.notes(a, on, number)
	if !w.judge.Since { // else only rows whose answer has changed are written
		w.write(raw, end, c, dated, number)
	}
	return true
}

// unchanged reports whether the row has the answer of an earlier check, written as this
// one would write it.
func (w *worker) unchanged(a *answer) bool {
	r, to := a.tally.reason, a.lastDay.String()
	for i, want := range [...]string{r.Outcome().String(), r.String(), to} {
		if at := w.e.from.columns.earlier[i]; at > 0 && string(w.row.cell(at-1)) != want {
			return false
		}
	}
	return w.e.from.columns.Rechecked()
}

// day returns the row's installation day.
func (w *worker) day() dateRead {
	if given := w.e.bulk.Judge.On; given.Valid() {
		return dateRead{day: given}
	}
	cell := w.row.cell(w.e.day)
	if day, ok := w.e.dates.read(cell, w.e.from.columns.dates); ok {
		return dateRead{day: day}
	}
	return readDate(string(cell), w.e.from.columns.dates)
}

// cached returns the profile of the key, or nil if it is not cached.
func (w *worker) cached() *profile {
	if p := w.profiles[string(w.key)]; p != nil {
		return p
	}
	key := w.key
	alike := w.alike()
	if alike {
		key = w.marked
		if p := w.profiles[string(key)]; p != nil {
			return p
		}
	}
	p, generation := w.e.memo.get(key, func() *profile { return w.profile(alike, w.device(key)) })
	if generation != w.generation {
		w.renew(generation)
	}
	if p != nil {
		w.profiles[string(key)] = p
	}
	return p
}

// renew counts what the worker has of an earlier generation of the memo, and forgets it.
func (w *worker) renew(generation int64) {
	if w.countEventsInTurn() {
		w.count()
	}
	w.generation = generation
	clear(w.profiles)
	clear(w.texts)
	w.counts = nil
}

// device returns the device of a key.
func (w *worker) device(key []byte) Device {
	cells := make([]string, w.e.from.columns.Width())
	w.keyCells = scan.Cells(key, w.format.dialect, w.keyCells)
	for i, column := range w.e.keys {
		cells[column] = string(w.keyCells[i].AppendText(nil, key))
	}
	return w.e.from.columns.Device(cells)
}

// alike makes w.marked from w.key: it replaces by a mark each cell whose text does not
// affect the answer: a scope that no amendment names, an unknown device type, and a
// version that cannot be read. It reports whether it replaced any.
func (w *worker) alike() (changed bool) {
	if !w.sharesAnswers() {
		return false
	}
	w.marked = w.marked[:0]
	w.keyCells = scan.Cells(w.key, w.format.dialect, w.keyCells)
	var kind ivp.DeviceType
	translated := false
	for i, field := range w.e.keyFields { // the type comes first
		if i > 0 {
			w.marked = append(w.marked, w.e.from.delimiter)
		}
		c := w.keyCells[i]
		translated = translated || len(w.e.from.columns.values[field]) > 0
		if !translated {
			cell, read := w.key[c.Start:c.End], &w.read[i]
			if read.kind != kind || !bytes.Equal(read.text, cell) || read.text == nil {
				*read = readCell{text: append(read.text[:0], cell...), kind: kind}
				read.found, read.alike = w.readAlike(field, string(cell), kind)
			}
			if field == DeviceType {
				kind = read.found
			}
			if read.alike {
				w.marked = append(w.marked, alikeMark)
				changed = true
				continue
			}
		}
		w.marked = append(w.marked, c.Raw(w.key, w.format.dialect)...)
	}
	return changed
}

// readCell is the cell of a key that [worker.alike] read last: rows that follow one
// another often have it in common.
type readCell struct {
	text  []byte
	kind  ivp.DeviceType // of the row
	found ivp.DeviceType // of the cell, if it is one
	alike bool
}

// readAlike reports whether the text of a cell does not affect the answer, and which
// device type it is.
func (w *worker) readAlike(field Field, text string, kind ivp.DeviceType) (found ivp.DeviceType, alike bool) {
	var err error
	switch field {
	case DeviceType:
		found, err = ParseDeviceType(text)
	case Spec:
		_, err = readSpec(text, kind)
	case GBCS:
		_, err = readGBCS(text)
	case Scope:
		return 0, !w.e.bulk.Judge.ScopeGiven && !w.e.bulk.Judge.Checker.History.NamesScope(text, ivp.MaxDate())
	}
	return found, err != nil
}

// alikeMark is a cell that is not a scope, type or version.
const alikeMark = 0

// rowTexts splits a row again, into the texts of all its cells.
func (w *worker) rowTexts(raw []byte) []string {
	return cellTexts(raw, scan.Cells(raw, w.format.dialect, nil))
}

// count adds the counts of the profiles to the summary.
func (w *worker) count() {
	w.days.addTo(&w.summary)
	for _, page := range w.counts {
		if page == nil {
			continue
		}
		for i := range page {
			if page[i].rows > 0 {
				w.countAnswer(&page[i])
			}
		}
	}
}

func (w *worker) countAnswer(c *answerCount) {
	p, a := c.profile, c.answer
	t, on := a.tally, w.e.bulk.Judge.On
	if p.alike {
		t.scope = "" // known keeps the scope of each row
	}
	if on.Valid() {
		t.past = w.e.bulk.Judge.pastRecord(t.spec, on)
	}
	w.summary.add(t, p.device.EntryStatus, c.rows)
	if a.cause != nil && c.own < 0 {
		w.e.causes.addEvent(&causeEvent{cause: a.cause, fault: a.fault, n: c.rows, lines: c.lines}, w.e.from)
	}
	if a.difference != nil {
		w.changes.add(*a.difference, c.rows)
	}
	if w.e.bulk.Tally == nil {
		return
	}
	tallied := Tallied{Device: p.device, Result: *a.result, Devices: c.rows, Pence: c.costs.pence, Costless: c.costs.costless, Difference: a.difference}
	if on.Valid() {
		tallied.Result = a.on(on, w.e.bulk.Judge.asAt(on))
	}
	if w.e.cost < 0 {
		tallied.Costless = c.rows
	}
	w.callTally(tallied)
}

func (w *worker) callTally(t Tallied) {
	w.e.tallying.Lock()
	defer w.e.tallying.Unlock()
	w.e.bulk.Tally(t)
}

// write appends a row and its answer to every part.
func (w *worker) write(raw, end []byte, c *answerCount, dated dateRead, line int) {
	a := c.answer
	var waiver *Waiver
	if w.judge.Waivers != nil {
		waiver = w.waiver(a)
	}
	kept := raw
	if w.e.kept != nil {
		kept = w.keptCells()
	}
	for _, p := range w.outs {
		switch {
		case p.plain:
			p.data = a.appendTo(append(p.data, kept...), dated.day, &w.judge, w.dialect.Delimiter)
			p.data = append(p.data, end...)
		case a.differing < p.to.Differing || p.to.Only != nil && !p.to.Only.Has(a.tally.reason) && !(p.to.Only.Closing() && w.closing(a, dated.day)):
		case p.to.Lines == JSONLines:
			p.appendJSON(w, w.typed(Row{Line: line, Raw: raw, Cells: w.rowTexts(raw)}, a, dated, waiver))
		case p.to.Lines == TypedRows:
			if p.wantsMore(c) {
				row := Row{Input: w.e.from.name, Line: line, Raw: raw, End: w.e.bulk.Style.end(end), Cells: w.rowTexts(raw)}
				p.rows = append(p.rows, w.typed(row, a, dated, waiver))
			}
		default:
			p.data = w.appendCSV(p.data, kept, end, a, dated.day, waiver)
		}
	}
}

// keptCells returns the cells of the row that are not replaced by the added ones.
func (w *worker) keptCells() []byte {
	switch {
	case w.row.cells != nil:
		w.kept = w.format.appendKept(w.kept[:0], w.row.raw)
	case len(w.e.kept) == 1: // not copied
		return w.row.run(w.e.kept[0][0], w.e.kept[0][1])
	default:
		w.kept = w.row.appendRuns(w.kept[:0], w.e.kept, w.dialect.Delimiter)
	}
	return w.kept
}

// appendCSV appends a row and its answer as the options require.
func (w *worker) appendCSV(dst, raw, end []byte, a *answer, on ivp.Date, waiver *Waiver) []byte {
	style := w.e.bulk.Style
	if style.Safe {
		dst = appendGuarded(dst, raw, w.format.dialect, false)
	} else {
		dst = append(dst, raw...)
	}
	from := len(dst)
	dst = a.appendTo(dst, on, &w.judge, w.dialect.Delimiter)
	if w.judge.Waivers != nil {
		dst = appendCell(append(dst, w.dialect.Delimiter), waiverCell(waiver), w.dialect)
	}
	if w.judge.Source {
		dst = appendCell(append(dst, w.dialect.Delimiter), w.e.from.name, w.dialect)
	}
	dst = style.guardFrom(dst, from, w.dialect)
	return append(dst, style.end(end)...)
}

func (p *part) wanted(c *Cause) bool { return p.to.Enough == nil || !p.to.Enough(c) }

// wantsMore is wanted for rows with an answer. It remembers a refusal with the answer,
// because to look up a cause takes longer than to write a row.
func (p *part) wantsMore(c *answerCount) bool {
	if c.refused&p.bit != 0 {
		return false
	}
	if !p.wanted(c.answer.cause) {
		c.refused |= p.bit
		return false
	}
	return true
}

// typed returns a row with its answer on a day.
func (w *worker) typed(row Row, a *answer, dated dateRead, waiver *Waiver) TypedRow {
	r := a.on(dated.day, w.judge.asAt(dated.day))
	r.closing = w.closing(a, dated.day)
	r.Waiver = waiver
	if w.e.bulk.Judge.Source {
		r.source = &w.e.from.name
	}
	if dated.moved {
		r.moved = strings.TrimSpace(row.Cells[w.e.day])
	}
	t := TypedRow{Row: row, Result: r, Cause: a.cause}
	if a.difference != nil {
		t.Difference = w.e.comparison.on(*a.difference, dated.day)
		t.Difference.Before.moved, t.Difference.After.moved = r.moved, r.moved
	}
	return t
}

// waiver returns and counts the waiver of a row, or nil.
func (w *worker) waiver(a *answer) *Waiver {
	if a.waivable == nil {
		return nil
	}
	found := a.waivable.general
	if w.e.id >= 0 && len(w.waivers.waivers.byID) > 0 {
		found = w.waivers.find(w.row.cell(w.e.id), found, &a.waivable.waivedModel)
	}
	if found != nil {
		w.summary.addWaived(a.tally.reason, found, 1)
	}
	return found
}

// closing is [Result.Closing] for an answer on a day.
func (w *worker) closing(a *answer, on ivp.Date) bool {
	return a.lastDay.Valid() && w.e.bulk.Judge.isClosing(a.tally.reason.Outcome(), on.DaysUntil(a.lastDay), true)
}

// notes counts what depends on the row and not on its profile.
func (w *worker) notes(a *answer, on ivp.Date, line int) {
	if a.lastDay == on && on.Valid() {
		w.summary.LastDay++
	}
	if !w.days.add(on) {
		w.summary.addMonth(on, 1)
	}
	if w.e.bulk.Judge.WithinAsked && w.closing(a, on) {
		w.summary.Within++
	}
	if w.e.id >= 0 {
		if id := w.row.cell(w.e.id); isDamagedID(id) {
			w.summary.addDamaged(w.e.from.name, line, string(id))
		}
	}
}

// slow judges one record with [Reader] and [Judge], without a profile.
func (w *worker) slow(line int, data []byte, rec scan.Record) {
	row := w.e.from.read(line, data, rec)
	if row.Kind == DataRow && w.e.bulk.outside(row.Device.On) {
		w.summary.Outside++
		return
	}
	t := TypedRow{Row: row}
	var added []string
	if w.e.comparison != nil {
		t.Difference = w.e.comparison.row(row)
		t.Result = t.Difference.counted(w.e.bulk.CountBefore)
		if row.Kind != RestOfLine {
			w.changes.addRow(t.Difference)
		}
		added = t.Difference.Cells(w.e.bulk.Why)
	} else {
		t.Result = w.e.bulk.Judge.Row(row)
		added = t.Result.Cells(w.e.bulk.Why)
	}
	result := t.Result
	w.summary.addRow(row, result)
	if row.blames(&result) {
		cause, fault := causeOf(&result, &row.Device)
		w.event(causeEvent{cause: &cause, fault: fault, n: 1, lines: [CausePlaces]int{line}})
		t.Cause = &cause
	}
	w.tallyRow(t)
	for _, p := range w.outs {
		switch {
		case t.Difference.Differing() < p.to.Differing, w.e.bulk.Judge.Since && !result.changed:
		case p.to.Only != nil && !p.to.Only.selects(result):
		case p.to.Lines == TypedRows:
			if !row.isPassed() && p.wanted(t.Cause) {
				p.rows = append(p.rows, t)
			}
		case p.to.Lines == JSONLines:
			if !row.isPassed() {
				p.appendJSON(w, t)
			}
		default:
			p.data = w.format.appendRow(p.data, row, added)
		}
	}
}

// tallyRow reports one row to [Bulk.Tally].
func (w *worker) tallyRow(t TypedRow) {
	if w.e.bulk.Tally == nil || !t.Result.Judged() || t.Row.Kind == RestOfLine {
		return
	}
	var cost costs
	cost.add(t.Row.Device.UnitCost)
	tallied := Tallied{Device: t.Row.Device, Result: t.Result, Devices: 1, Pence: cost.pence, Costless: cost.costless}
	if w.e.comparison != nil {
		difference := t.Difference // and not t, which would be allocated for every row
		tallied.Difference = &difference
	}
	w.callTally(tallied)
}

func (p *part) appendJSON(w *worker, t TypedRow) {
	if err := p.json.Encode(w.wire(t)); err != nil {
		w.e.fail(&WriteError{err}, true)
	}
}

// Write appends to the part.
func (p *part) Write(b []byte) (int, error) {
	p.data = append(p.data, b...)
	return len(b), nil
}

func (w *worker) wire(t TypedRow) any {
	file := ""
	if w.e.bulk.Named {
		file = w.e.from.name
	}
	if w.e.comparison != nil {
		wire := newDifferenceWire(w.e.from.columns, t.Row, t.Difference, w.e.bulk.Why)
		wire.File, wire.WhatIf = file, w.e.bulk.WhatIf
		return wire
	}
	wire := NewWire(w.e.from.columns, t.Row, t.Result, w.e.bulk.Why)
	wire.File = cmp.Or(wire.File, file)
	if t.Result.since {
		since := sinceWire{Wire: wire}
		since.Before.Outcome, since.Before.Reason, since.Before.To = t.Result.before.outcome, t.Result.before.reason, t.Result.before.to
		return since
	}
	return wire
}

// dayCounts counts days for a worker, as working out the month of every row would take
// longer. It has a page for each 512 days that occur, among those of some 180 years.
type dayCounts [1 << 7]*[1 << 9]uint32

// firstCounted is the number of the first day of the pages, in 1917.
const firstCounted = 700_000

// add counts a day; it returns false for one that is on no page.
func (c *dayCounts) add(on ivp.Date) bool {
	n := uint(on.DayNumber() - firstCounted)
	if n>>9 >= uint(len(c)) {
		return false
	}
	if c[n>>9] == nil {
		c[n>>9] = new([1 << 9]uint32)
	}
	c[n>>9][n&(1<<9-1)]++
	return true
}

// addTo moves the counts to a summary.
func (c *dayCounts) addTo(s *Summary) {
	for i, page := range c {
		if page == nil {
			continue
		}
		for j, n := range page {
			if n > 0 {
				s.addMonth(ivp.MinDate().AddDays(firstCounted+i<<9+j-ivp.MinDate().DayNumber()), int(n))
			}
		}
		c[i] = nil
	}
}
