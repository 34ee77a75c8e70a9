package scan

import (
	"bytes"
	"errors"
	"io"
	"math/bits"
	"runtime"
	"sync"
	"time"
)

// BlockSize is the fastest size of a block: larger ones were not faster and took more
// memory.
const BlockSize = 256 << 10

// Block is a run of complete records. The zero value is ready for [Blocks.Next], which
// reuses its memory.
type Block struct {
	// Seq is the index of the block, from 0.
	Seq int
	// Line is the number of its first line, from 1.
	Line int
	// Data is the records. Seen is Data and what was read after it, which may decide
	// where the last record ends.
	Data, Seen []byte
	// Final says that the input ends with this block.
	Final bool

	alone Record // of a block with a single long record, for which Seen is Data; else zero
	buf   []byte
	long  bool // the block has locked Blocks.long
}

// Long reports whether the block is a single long record. There is at most one such
// block until it is released.
func (b *Block) Long() bool { return b.long }

// Rest reports whether the block continues a line.
func (b *Block) Rest() bool { return b.alone.Rest }

// Next reads the record at an offset of Data like the function [Next].
func (b *Block) Next(at int, d Dialect, cells []Cell) (rec Record, n int, more bool) {
	if rec = b.alone; rec.Len+rec.EndLen > 0 {
		rec.Cells = cells[:0]
		if !rec.Malformed() && !rec.Blank() {
			rec.Cells = Cells(b.Data[:rec.Len], d, cells)
		}
		return rec, len(b.Data), false
	}
	return Next(b.Seen[at:], d, b.Final, cells)
}

// ErrPause is the error of a stream that has nothing now and may have more later.
var ErrPause = errors.New("nothing has come for a while")

// Blocks splits a stream into blocks of complete records for several workers. One worker
// at a time reads.
type Blocks struct {
	mu      sync.Mutex
	src     io.Reader
	dialect Dialect
	size    int
	// kept[at:] is read, but not in a block yet. It is shorter than a block, except after
	// a record whose end was not found.
	kept    []byte
	at      int
	seq     int
	line    int
	err     error
	records bool // number records instead of lines
	open    open
	long    sync.Mutex    // locked while a worker has a long block
	room    []byte        // the buffer of a long record, for the next one
	pace    time.Duration // see Pace
}

// NewBlocks splits head and then src into blocks of about size bytes. A longer record is
// a longer block. line is the number of the first line of head.
func NewBlocks(src io.Reader, head []byte, line int, d Dialect, size int) *Blocks {
	return &Blocks{src: src, kept: bytes.Clone(head), line: line, dialect: d, size: size}
}

// NumberRecords numbers records in place of lines. It requires input without malformed
// records.
func (b *Blocks) NumberRecords() { b.records = true }

// Pace makes Next return a block that is not full if it has waited for that long, or if
// the stream returns [ErrPause], and the block has a record. With 0, the default, it
// waits until the block is full.
func (b *Blocks) Pace(d time.Duration) { b.pace = d }

// Next reads the next block. It returns io.EOF after the last one. An error of the stream
// is returned after all complete records; an incomplete record is not returned.
func (b *Blocks) Next(block *Block) error {
	b.Release(block)
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := min(len(b.kept)-b.at, b.size)
	buf := append(block.buf[:0], b.kept[b.at:b.at+taken]...)
	all := b.at+taken == len(b.kept)
	if all {
		buf = b.fill(buf, b.size)
	}
	final := all && b.err == io.EOF
	end := len(buf)
	block.alone = Record{}
	switch {
	case b.open.Kind != 0:
		rec, n, more := b.open.rest(buf, final, 1)
		for more && all && b.err == nil { // the stream paused
			buf = b.fill(buf, 2)
			final = b.err == io.EOF
			rec, n, more = b.open.rest(buf, final, 1)
		}
		if more || rec.Open && all && b.err != nil {
			return b.err
		}
		block.alone, end, final = rec, n, final && n == len(buf)
	case !final:
		end = LastEnd(buf, b.dialect)
	}
	switch {
	case final && end == 0:
		return io.EOF
	case all:
		b.keep(buf[end:])
	default:
		b.at += end
	}
	if end == 0 {
		return b.dealLong(block)
	}
	block.buf = buf
	b.deal(block, buf, end, final)
	return nil
}

// Release ends the work on a block, so that the next long block can be read.
// [Blocks.Next] releases the block that it reuses.
func (b *Blocks) Release(block *Block) {
	if block.long {
		if cap(block.buf) > cap(b.room) {
			b.room = block.buf[:0]
		}
		block.long, block.buf, block.Data, block.Seen = false, nil, nil, nil
		b.long.Unlock()
	}
}

func (b *Blocks) keep(rest []byte) {
	if cap(b.kept) > 4*b.size {
		b.kept = nil
	}
	b.kept, b.at = append(b.kept[:0], rest...), 0
}

// dealLong puts the next record, which is longer than a block or malformed, in a block of
// its own. What was read after it is kept.
func (b *Blocks) dealLong(block *Block) error {
	b.long.Lock()
	block.long = true
	read := b.kept[b.at:]
	rec, n, more := Next(read, b.dialect, b.err == io.EOF, nil)
	for more {
		if b.err != nil {
			b.Release(block)
			return b.err
		}
		want := longer(len(read))
		if want > 4*b.size && cap(read) < want {
			if cap(b.room) < want {
				b.room = make([]byte, 0, MaxRecord+1) // pages that are not filled take no memory
			}
			read = append(b.room[:0], read...)
			b.room, b.kept, b.at = nil, nil, 0
		}
		read = b.fill(read, want)
		rec, n, more = Next(read, b.dialect, b.err == io.EOF, nil)
	}
	final := b.err == io.EOF && n == len(read)
	block.alone = rec
	block.alone.Cells = nil
	if n > len(read)/2 { // the larger part is not copied
		block.buf = read[:n]
		b.kept, b.at = bytes.Clone(read[n:]), 0
	} else {
		block.buf = append(block.buf[:0], read[:n]...)
		b.kept, b.at = read, n
	}
	b.deal(block, block.buf, n, final)
	return nil
}

func (b *Blocks) deal(block *Block, buf []byte, end int, final bool) {
	block.Seq, block.Line, block.Final = b.seq, b.line, final
	block.Data, block.Seen = buf[:end], buf
	b.seq++
	b.open = openAfter(&block.alone)
	if b.records {
		b.line += countRecords(block.Data)
		return
	}
	b.line += countNewlines(block.Data)
}

// firstBlock is the first capacity of a buffer, because many inputs are small.
const firstBlock = 16 << 10

// fill reads until buf has want bytes, or the stream ends or pauses. The capacity doubles
// from firstBlock up to want.
func (b *Blocks) fill(buf []byte, want int) []byte {
	var since time.Time // of the first bytes read here
	for empty := 0; len(buf) < want && b.err == nil; {
		if b.pace > 0 && !since.IsZero() && time.Since(since) > b.pace {
			break
		}
		if len(buf) == cap(buf) {
			buf = append(make([]byte, 0, min(want, max(2*len(buf), firstBlock))), buf...)
		}
		n, err := b.src.Read(buf[len(buf):min(want, cap(buf))])
		buf = buf[:len(buf)+n]
		if err == ErrPause {
			if len(buf) > 0 {
				break
			}
			continue
		}
		if b.err = err; b.pace > 0 && since.IsZero() {
			since = time.Now()
		}
		if n > 0 {
			empty = 0
		} else if empty++; empty == maxEmptyReads && err == nil {
			b.err = io.ErrNoProgress
		}
	}
	return buf
}

func countNewlines(data []byte) int {
	if runtime.GOARCH == "wasm" { // there bytes.Count is a loop over bytes, which took 8 % of a check
		return countNewlinesByWords(data)
	}
	return bytes.Count(data, newlineByte)
}

func countNewlinesByWords(data []byte) (n int) {
	for ; len(data) >= 8; data = data[8:] {
		n += bits.OnesCount64(equalBytes(data, '\n'*eachByte))
	}
	for _, c := range data {
		if c == '\n' {
			n++
		}
	}
	return n
}

// countRecords counts the line ends outside quotes.
func countRecords(data []byte) (n int) {
	quoted := false
	for _, c := range data {
		if c == '"' {
			quoted = !quoted
		} else if c == '\n' && !quoted {
			n++
		}
	}
	return n
}

// Order makes workers write in the order of their blocks. Make one with [NewOrder].
type Order struct {
	mu      sync.Mutex
	turned  *sync.Cond
	turn    int
	stopped bool
}

// NewOrder returns an order, beginning with block 0.
func NewOrder() *Order {
	o := &Order{}
	o.turned = sync.NewCond(&o.mu)
	return o
}

// Wait waits for the turn of a block. It returns false if the order is stopped.
func (o *Order) Wait(seq int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.turn != seq && !o.stopped {
		o.turned.Wait()
	}
	return !o.stopped
}

// Done ends the current turn.
func (o *Order) Done() {
	o.mu.Lock()
	o.turn++
	o.mu.Unlock()
	o.turned.Broadcast()
}

// Stop ends the waiting of all workers.
func (o *Order) Stop() {
	o.mu.Lock()
	o.stopped = true
	o.mu.Unlock()
	o.turned.Broadcast()
}
