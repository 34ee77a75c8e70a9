package devices

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/mp196/ivp/devices/internal/scan"
	"github.com/mp196/ivp/ivp"
)

// Bulk checks inventories of any size: in order, at constant memory, with the
// answers that Reader, Judge and Writer give row by row. The zero value judges
// without rules.
type Bulk struct {
	Judge Judge
	// Why adds the columns that explain.
	Why bool
	// Style is that of the CSV outputs.
	Style CSVStyle
	// Named has rows in JSON say which input they are of.
	Named bool
	// Workers is the number of goroutines; 0 takes one for each processor.
	Workers int
	// Before, if not nil, are the rules and terms of before a change: each device
	// is judged by them too, and the rows of the outputs show how the two answers
	// differ, in the columns that [DifferenceColumns] names.
	Before *ivp.Checker
	// Tally, if not nil, is told how many devices of each kind had each answer. It
	// may be told of the same devices in several parts, and is not called by two
	// goroutines at once. All calls are over when Input returns.
	Tally func(Tallied)
	// Progress, if not nil, is called after each block of the input with the
	// number of rows in it, by several goroutines.
	Progress func(rows int)

	// blockSize is the size of blocks; 0 takes the size that served best.
	blockSize int
}

// Lines is what a row becomes in an output.
type Lines uint8

// The kinds of lines.
const (
	// CSVLines are the input's rows with columns added, after a heading.
	CSVLines Lines = iota
	// JSONLines are rows in their JSON shape, without a heading.
	JSONLines
	// TypedRows are rows and their results, for a function to take; blank lines are
	// left out.
	TypedRows
)

// TypedRow is a row and its result. Its Device is not set. Difference is set
// where two answers are compared.
type TypedRow struct {
	Row        Row
	Result     Result
	Difference Difference
}

// BulkOutput is one output of a pass.
type BulkOutput struct {
	// W takes the output in order.
	W     io.Writer
	Lines Lines
	// Rows takes typed rows in order, in W's place. What it is given is valid
	// until it returns.
	Rows func([]TypedRow) error
	// Enough, if not nil, is asked now and then, by several goroutines, whether
	// typed rows are still wanted.
	Enough func() bool
	// Only limits the rows to some reasons; nil writes all.
	Only *Selection
	// Differing limits the rows to those whose two answers differ so far, where
	// they are compared; 0 writes all.
	Differing Differing
	// Pack, if not nil, makes the packer of one worker, which appends the
	// packed form of part to dst. Packed parts one after another must be what
	// the whole would be.
	Pack func() func(dst, part []byte) ([]byte, error)

	begun bool
	// open says that what was written last has no line end.
	open bool
}

// CheckOptions say how an inventory is checked. The zero value judges without
// rules.
type CheckOptions struct {
	// Reader says how the inventory is read. Where its Columns.Dates is nil, the
	// order of day and month is decided from the whole column.
	Reader ReaderOptions
	Judge  Judge
	Why    bool
	Style  CSVStyle
	Only   *Selection
	// Workers is the number of goroutines; 0 takes one for each processor.
	Workers int
	// Note, if not nil, is called with what a user should know of how the dates were
	// read, such as that they fit both orders of day and month, before anything is
	// written.
	Note func(text string)
}

// CheckCSV checks one inventory and writes it with the answers added: every
// input column as it came, then ours. It reads and writes in order, at constant
// memory.
//
// Dates are read as the program ivp does: unless the first mebibyte has ISO dates
// alone, or is all there is, the whole input is read once before, to decide the
// order of day and month. An [io.Seeker] is then read again from its first row;
// any other reader is kept in a temporary file meanwhile.
//
// CheckCSV fails as [NewReader] does, with a *[DateOrderError], with what reading
// or writing fails with, and with the context's error; then the output is not
// whole.
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

// WriteError is the error of an output.
type WriteError struct {
	Err error
}

// Error says what went wrong.
func (e *WriteError) Error() string { return e.Err.Error() }

// Unwrap returns the error underneath.
func (e *WriteError) Unwrap() error { return e.Err }

// BulkPass is one pass over some inputs, taken one after another.
type BulkPass struct {
	bulk       Bulk
	comparison *Comparison // nil where nothing is compared
	outputs    []*BulkOutput
	breaks     *breakTable
	dates      *dayTable
	total      Summary
	changes    Changes
}

// Begin begins a pass.
func (b Bulk) Begin(outputs []*BulkOutput) *BulkPass {
	p := &BulkPass{bulk: b, outputs: outputs, dates: days()}
	breaks := b.Judge.Checker.History.Breaks()
	if b.Before != nil {
		p.bulk.Judge.Waivers = nil
		p.comparison = NewComparison(b.Judge, *b.Before)
		breaks = append(breaks, b.Before.History.Breaks()...)
		slices.SortFunc(breaks, ivp.Date.Compare)
		breaks = slices.Compact(breaks)
	}
	p.breaks = newBreakTable(breaks)
	return p
}

// columns returns the names of the columns that are added.
func (b *Bulk) columns() []string {
	if b.Before != nil {
		return DifferenceColumns(b.Why)
	}
	return b.Judge.Columns(b.Why)
}

// Input takes one input through the judge and on to every output, and to those
// of its own. Several inputs to one CSV must agree in their headings and
// delimiters. An error of an output is a *[WriteError]. A panic of one of the
// pass's goroutines, such as that of an output or a catalogue, is Input's own.
func (p *BulkPass) Input(ctx context.Context, in *Reader, own ...*BulkOutput) error {
	e := &engine{BulkPass: p, ctx: ctx, from: in, outputs: slices.Concat(p.outputs, own)}
	if err := e.begin(); err != nil {
		return err
	}
	summary, err := e.run()
	if err != nil {
		return err
	}
	p.total.Merge(summary)
	return nil
}

// Summary returns what the pass has counted so far; where two answers are
// compared, of those after the change.
func (p *BulkPass) Summary() *Summary { return &p.total }

// Changes returns what the pass has counted of differences so far.
func (p *BulkPass) Changes() *Changes { return &p.changes }

// engine takes one input through.
type engine struct {
	*BulkPass
	ctx  context.Context
	from *Reader
	// outputs are those of the pass and of this input.
	outputs   []*BulkOutput
	id        int   // the column of the device's id; -1 for none
	keys      []int // the columns of a profile, and the fields that they hold
	keyFields []Field
	day       int // the column of the installation day; -1 where it is given
	cost      int // the column of the cost; -1 where it is not read
	known     *registry
	blocks    *scan.Blocks
	order     *scan.Order
	// causes are counted by the worker whose turn it is.
	causes Causes

	tallying sync.Mutex
	mu       sync.Mutex
	failed   error
	stopping bool
}

// begin writes the headings of outputs that have none yet.
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

// typedBlock is the size of a block where rows are handed over: a row of four bytes
// takes more than two thousand then.
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
	e.known = newRegistry(answerer{
		judge: e.bulk.Judge, comparison: e.comparison, dialect: e.from.dialect(), why: e.bulk.Why, breaks: e.breaks,
		keep: e.bulk.Tally != nil || slices.ContainsFunc(e.outputs, func(o *BulkOutput) bool { return o.Lines != CSVLines }),
	})
	count := e.bulk.Workers
	if count <= 0 {
		count = runtime.GOMAXPROCS(0)
	}
	workers := make([]*worker, count)
	var group sync.WaitGroup
	for i := range workers {
		workers[i] = newWorker(e)
		if i > 0 {
			group.Go(workers[i].work)
		}
	}
	workers[0].work() // on this goroutine, which may have answered others: its stack has grown
	group.Wait()
	if e.failed != nil {
		passOn(e.failed)
		return nil, e.failed
	}
	var shares []*Summary
	for _, w := range workers {
		w.count()
		shares = append(shares, &w.summary)
		e.changes.Merge(&w.changes)
	}
	total := mergeShares(shares)
	total.Causes = e.causes
	total.Today = e.bulk.Judge.Today
	return total, nil
}

// caughtPanic is a panic of a goroutine on its way to the one that waits for it.
type caughtPanic struct {
	value any
	stack []byte
}

func (p *caughtPanic) Error() string { return fmt.Sprintf("%v\n%s", p.value, p.stack) }

// caught calls f, and returns its panic as a *caughtPanic. A goroutine whose panic
// nobody catches ends the whole program, that of a library's user too.
func caught(f func()) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &caughtPanic{value, debug.Stack()}
		}
	}()
	f()
	return nil
}

// passOn panics with a panic that another goroutine has caught.
func passOn(err error) {
	if p := (*caughtPanic)(nil); errors.As(err, &p) {
		panic(p)
	}
}

// fail keeps the first error, and stops those who wait for their turn unless
// what they hold comes before it.
func (e *engine) fail(err error, stop bool) {
	e.mu.Lock()
	if e.failed == nil || stop && !e.stopping {
		e.failed, e.stopping = err, stop // an output that failed outweighs an input
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

// join returns the line end that must stand before what comes next, and notes
// how part ends. None stands before an end mark.
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

// Spool is a temporary file without a name, so that nothing is left of it
// whatever happens. Where the system does not let an open file lose its name,
// Close removes it.
type Spool struct {
	*os.File
	named bool
}

// NewSpool makes a spool in the system's folder for temporary files.
func NewSpool() (*Spool, error) {
	f, err := os.CreateTemp("", "ivp-*.tmp")
	if err != nil {
		return nil, fmt.Errorf("no temporary file could be made: %w; the folder for them is %s, which TMPDIR (on Windows TMP) changes", err, os.TempDir())
	}
	return &Spool{f, os.Remove(f.Name()) != nil}, nil
}

// Close gives the spool's room back. Of a nil Spool it does nothing.
func (s *Spool) Close() error {
	if s == nil {
		return nil
	}
	err := s.File.Close()
	if s.named {
		os.Remove(s.Name())
	}
	return err
}
