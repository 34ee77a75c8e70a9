package devices

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/mp196/ivp/devices/internal/scan"
	"github.com/mp196/ivp/ivp"
)

// Bulk checks inventories of any size, in order and at constant memory. The answers are
// those of [Judge.Row]. The zero value has no rules.
type Bulk struct {
	Judge Judge
	// Why adds the columns that explain.
	Why bool
	// Style is the style of CSV outputs.
	Style CSVStyle
	// Named adds the name of the input to rows in JSON.
	Named bool
	// Workers is the number of goroutines. 0 takes one for each processor.
	Workers int
	// Before, if not nil, is the rules and terms before a change. Each device is judged
	// by both, and the outputs have the columns of [DifferenceColumns].
	Before *ivp.Checker
	// CountBefore says that, if rules are compared, the summary and [BulkOutput.Only] are
	// of the answers before the change, not of those after it.
	CountBefore bool
	// WhatIf says that the change is only supposed: the outputs have the columns of
	// [WhatIfColumns].
	WhatIf bool
	// From and To, if they are days, limit the devices to those installed from and up to
	// that day. Rows of other days are not judged and not written, and [Summary.Outside]
	// counts them. Rows without a day that can be read are judged.
	From, To ivp.Date
	// Tally, if not nil, is called with the number of devices with equal judged cells and
	// their answer, possibly several times for the same cells. It is not called
	// concurrently, and all calls are over when Input returns.
	Tally func(Tallied)
	// Progress, if not nil, is called after each block of the input with the number of
	// rows in it. It is called concurrently.
	Progress func(rows int)

	// Cache, if not nil, keeps what one pass has worked out for the next.
	Cache *Cache

	blockSize int // for tests; 0 takes the fastest
}

// Lines is the form of rows in an output.
type Lines uint8

// The forms of rows.
const (
	// CSVLines are the heading and the rows of the input with columns added.
	CSVLines Lines = iota
	// JSONLines are rows as JSON ([Wire]), a line each, without a heading.
	JSONLines
	// TypedRows are passed to [BulkOutput.Rows]. Blank lines are left out.
	TypedRows
)

// TypedRow is a row and its result. Row.Device may be zero. Difference is set if
// rules are compared.
type TypedRow struct {
	Row        Row
	Result     Result
	Difference Difference
	// Cause is that of a device that is not eligible, and nil for any other.
	Cause *Cause
}

// BulkOutput is one output of a pass.
type BulkOutput struct {
	// W receives CSV and JSON, in order.
	W     io.Writer
	Lines Lines
	// Rows receives typed rows, in order. They are valid until it returns.
	Rows func([]TypedRow) error
	// Enough, if not nil, reports whether no more typed rows with a cause are required. The
	// cause is nil for eligible rows. Once it returns true for a cause, it must always do
	// so. It is called now and then, concurrently.
	Enough func(*Cause) bool
	// Only limits the rows to those it selects. Nil writes all.
	Only *Selection
	// Differing limits the rows, if rules are compared, to those whose answers differ at
	// least so far. 0 writes all.
	Differing Differing
	// Pack, if not nil, returns a function that compresses: it appends the packed form of
	// part to dst. It is called once for each worker. The packed parts are concatenated.
	Pack func() func(dst, part []byte) ([]byte, error)

	begun bool
	open  bool // the output does not end with a line end
}

// CheckOptions says how an inventory is checked. The zero value has no rules.
type CheckOptions struct {
	// Reader says how the inventory is read. If its Columns.Dates is nil, the order of
	// day and month is decided from the whole column.
	Reader ReaderOptions
	Judge  Judge
	// Why adds the columns that explain.
	Why   bool
	Style CSVStyle
	// Only limits the rows to those it selects. Nil writes all.
	Only *Selection
	// Workers is the number of goroutines. 0 takes one for each processor.
	Workers int
	// Note, if not nil, is called before anything is written with a note on how the dates
	// are read, for example if they fit both orders of day and month.
	Note func(text string)
}

// CheckCSV checks one inventory and writes it with the columns of [Judge.Columns] added.
// It reads and writes in order, at constant memory.
//
// To decide the order of day and month, the whole input is read once before, unless the
// first mebibyte has only ISO dates or is the whole input. An [io.Seeker] is then read
// again; any other input is kept in a temporary file.
//
// The error is that of [NewReader], a *[DateOrderError], a *[WriteError], that of the
// input, or that of the context. The output is then not complete.
func CheckCSV(ctx context.Context, w io.Writer, r io.Reader, options CheckOptions) (*Summary, error) {
	reader, err := NewReader(cancellable{ctx, r}, options.Reader)
	if err != nil {
		return nil, err
	}
	var spool *Spool
	defer func() { spool.Close() }()
	format, note, err := reader.DecideDates(func() (*DateOrder, error) {
		if s, ok := r.(io.ReadSeeker); ok {
			if _, err := s.Seek(0, io.SeekCurrent); err == nil {
				return reader.SurveyDates(&rereadable{ReadSeeker: s})
			}
		}
		if spool, err = NewSpool(); err != nil {
			return nil, err
		}
		return reader.SurveyDates(spool)
	})
	if err != nil {
		return nil, err
	}
	reader.SetDates(format)
	if note != "" && options.Note != nil {
		options.Note(note)
	}
	bulk := Bulk{Judge: options.Judge, Why: options.Why, Style: options.Style, Workers: options.Workers}
	pass := bulk.Begin([]*BulkOutput{{W: w, Only: options.Only}})
	if err := pass.Input(ctx, reader); err != nil {
		return nil, err
	}
	return pass.Summary(), nil
}

// cancellable reads until the context ends.
type cancellable struct {
	ctx context.Context
	r   io.Reader
}

func (c cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// WriteError marks the error of an output.
type WriteError struct {
	Err error
}

func (e *WriteError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *WriteError) Unwrap() error { return e.Err }

// BulkPass is one pass over one or more inputs, from [Bulk.Begin].
type BulkPass struct {
	bulk       Bulk
	comparison *comparison // nil if rules are not compared
	outputs    []*BulkOutput
	breaks     *breakTable
	dates      *dayTable
	total      Summary
	changes    Changes
}

// Begin begins a pass with outputs for all its inputs.
func (b Bulk) Begin(outputs []*BulkOutput) *BulkPass {
	p := &BulkPass{bulk: b, outputs: outputs, dates: days()}
	if b.Cache == nil {
		p.bulk.Cache = &Cache{pass: true}
	}
	breaks := b.Judge.Checker.History.Breaks()
	if b.Before != nil {
		p.bulk.Judge.Waivers = nil
		p.comparison = newComparison(b.Judge, *b.Before)
		breaks = append(breaks, b.Before.History.Breaks()...)
		slices.SortFunc(breaks, ivp.Date.Compare)
		breaks = slices.Compact(breaks)
	}
	p.breaks = newBreakTable(breaks)
	return p
}

func (b *Bulk) columns() []string {
	if b.Before != nil {
		columns := DifferenceColumns(b.Why)
		if b.WhatIf {
			columns = WhatIfColumns(b.Why)
		}
		return columns
	}
	return b.Judge.Columns(b.Why)
}

// Input judges one input and writes it to every output of the pass, and to its own
// outputs. The inputs of a CSV output must have equal headings and delimiters. An error
// of an output is a *[WriteError]. Input panics if one of its goroutines does, for
// example in an output or a catalogue.
func (p *BulkPass) Input(ctx context.Context, in *Reader, own ...*BulkOutput) error {
	e := &engine{BulkPass: p, ctx: ctx, from: in, outputs: slices.Concat(p.outputs, own)}
	if err := e.begin(); err != nil {
		return err
	}
	summary, err := e.run()
	if err != nil {
		return err
	}
	p.total.merge(summary)
	return nil
}

// Summary returns the counts so far. If rules are compared, they are those after the
// change.
func (p *BulkPass) Summary() *Summary { return &p.total }

// Changes returns the counts of differences so far.
func (p *BulkPass) Changes() *Changes { return &p.changes }

// engine judges and writes one input.
type engine struct {
	*BulkPass
	ctx       context.Context
	from      *Reader
	outputs   []*BulkOutput // of the pass and of this input
	id        int           // the column of the device id, or -1
	keys      []int         // the columns of a profile
	keyFields []Field       // their fields
	keyRuns   [][2]int      // the first and the last of keys that are adjacent
	kept      [][2]int      // the same for the columns that are written, if some are not
	day       int           // the column of the installation day, or -1
	cost      int           // the column of the cost, or -1
	blocks    *scan.Blocks
	order     *scan.Order
	memo      *memo
	// causes are counted by the worker whose turn it is.
	causes Causes

	tallying sync.Mutex
	mu       sync.Mutex
	failed   error
	stopping bool
}

// begin finds the columns, and writes the headings of outputs that have none yet.
func (e *engine) begin() error {
	e.day = e.from.columns.Index(InstallDate)
	e.id = e.from.columns.Index(DeviceID)
	e.cost = e.from.columns.Index(UnitCost)
	fields := []Field{DeviceType, Spec, GBCS, Scope, EntryStatus, Location}
	if e.bulk.Judge.Catalogue != nil {
		fields = append(fields, Manufacturer, Model, HardwareVersion, HardwareRevision, ModelHardware, Firmware)
	}
	if e.bulk.Judge.Waivers != nil && e.bulk.Judge.Catalogue == nil {
		fields = append(fields, Model, ModelHardware)
	}
	for _, f := range fields {
		if i := e.from.columns.Index(f); i >= 0 {
			e.keys, e.keyFields = append(e.keys, i), append(e.keyFields, f)
			e.keyRuns = addToRuns(e.keyRuns, i)
		}
	}
	if dropped := e.from.columns.Dropped(); len(dropped) > 0 {
		for i := range e.from.columns.Width() {
			if !slices.Contains(dropped, i) {
				e.kept = addToRuns(e.kept, i)
			}
		}
	}
	for _, out := range e.outputs {
		if out.begun || out.Lines != CSVLines {
			continue
		}
		names := e.bulk.columns()
		format := newRowFormat(e.from, len(names), e.bulk.Style)
		heading := format.appendHeading(nil, e.from, names)
		out.begun, out.open = true, !endsLine(heading)
		if e.from.cr && !e.bulk.Style.Excel {
			heading = scan.Swapped(heading)
		}
		if out.Pack != nil {
			var err error
			if heading, err = out.Pack()(nil, heading); err != nil {
				return &WriteError{err}
			}
		}
		if err := out.write(heading); err != nil {
			return err
		}
	}
	return nil
}

// addToRuns adds a column to the last run of adjacent columns, or as a run of its own.
func addToRuns(runs [][2]int, column int) [][2]int {
	if n := len(runs); n > 0 && runs[n-1][1]+1 == column {
		runs[n-1][1] = column
		return runs
	}
	return append(runs, [2]int{column, column})
}

// typedBlock is the size of a block if there are typed rows: a row of four bytes then
// takes more than two thousand.
const typedBlock = 16 << 10

func (e *engine) run() (*Summary, error) {
	size := e.bulk.blockSize
	if size == 0 {
		size = scan.BlockSize
		if slices.ContainsFunc(e.outputs, func(o *BulkOutput) bool { return o.Lines == TypedRows }) {
			size = typedBlock
		}
	}
	head, src := e.from.records.Rest()
	if e.from.options.Live {
		src = newLiveReader(src)
	}
	e.blocks = scan.NewBlocks(src, head, e.from.records.NextLine(), e.from.dialect(), size)
	if e.from.options.Live {
		e.blocks.Pace(livePace)
	}
	if e.from.sheet {
		e.blocks.NumberRecords()
	}
	e.order = scan.NewOrder()
	count := e.bulk.Workers
	if count <= 0 {
		count = runtime.GOMAXPROCS(0)
	}
	workers := make([]*worker, count)
	for i := range workers {
		workers[i] = newWorker(e)
	}
	use := workers[0].cacheUse()
	e.memo = e.bulk.Cache.take(use, workers[0].mostProfiles())
	var group sync.WaitGroup
	for _, w := range workers[1:] {
		group.Go(w.work)
	}
	workers[0].work() // on this goroutine, whose stack may have grown in an earlier pass
	group.Wait()
	if e.failed != nil {
		passOn(e.failed)
		return nil, e.failed
	}
	var shares []*Summary
	for _, w := range workers {
		w.count()
		shares = append(shares, &w.summary)
		e.changes.merge(&w.changes)
	}
	e.bulk.Cache.put(use, e.memo)
	total := mergeShares(shares)
	total.Causes = e.causes
	total.Today = e.bulk.Judge.Today
	return total, nil
}

// outside reports whether a day is before [Bulk.From] or after [Bulk.To].
func (b *Bulk) outside(on ivp.Date) bool {
	return on.Valid() && (on.Before(b.From) || b.To.Valid() && on.After(b.To))
}

// profiler returns the profiler of one worker.
func (e *engine) profiler() profiler {
	return profiler{
		judge: e.bulk.Judge, comparison: e.comparison, countBefore: e.bulk.CountBefore, dialect: e.from.dialect(), why: e.bulk.Why, breaks: e.breaks, texts: map[string][]byte{},
		keep: e.bulk.Tally != nil || slices.ContainsFunc(e.outputs, func(o *BulkOutput) bool { return o.Lines != CSVLines }),
	}
}

// caughtPanic is the panic of a goroutine, as an error for the one that waits for it.
type caughtPanic struct {
	value any
	stack []byte
}

func (p *caughtPanic) Error() string { return fmt.Sprintf("%v\n%s", p.value, p.stack) }

// caught calls f, and returns its panic as a *caughtPanic. A panic that a goroutine does
// not recover would end the program that uses this library.
func caught(f func()) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &caughtPanic{value, debug.Stack()}
		}
	}()
	f()
	return nil
}

// passOn panics if err is the panic of another goroutine.
func passOn(err error) {
	if p := (*caughtPanic)(nil); errors.As(err, &p) {
		panic(p)
	}
}

// fail keeps the first error. With stop, the error is of an output: it replaces that of
// an input, and the workers that wait to write are stopped. Without stop, the blocks
// before the error are still written.
func (e *engine) fail(err error, stop bool) {
	e.mu.Lock()
	if e.failed == nil || stop && !e.stopping {
		e.failed, e.stopping = err, stop
	}
	e.mu.Unlock()
	if stop {
		e.order.Stop()
	}
}

func (e *engine) hasFailed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.failed != nil
}

func (o *BulkOutput) write(part []byte) error {
	if len(part) == 0 {
		return nil
	}
	if _, err := o.W.Write(part); err != nil {
		return &WriteError{err}
	}
	return nil
}

// join returns the line end that must be written before part, and records how part ends.
// There is none before an end mark.
func (o *BulkOutput) join(part []byte, end []byte) []byte {
	if len(part) == 0 {
		return nil
	}
	before := o.open
	o.open = part[len(part)-1] != '\n'
	line, _, _ := bytes.Cut(part, []byte("\n"))
	if before && !isEndMark(line) {
		return bytes.Clone(end)
	}
	return nil
}
