package scan

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"time"
)

// BlockSize is the size of a block that served best: larger ones gained
// nothing and cost memory.
const BlockSize = 256 << 10

// Block is a run of whole records. The zero value is ready for [Blocks.Next],
// which reuses its memory.
type Block struct {
	// Seq is the block's place in the input, from 0.
	Seq int
	// Line is the number of its first line, as an editor counts.
	Line int
	// Data are the records. Seen are they and what was read beyond them, which
	// may be what tells how the last of them end.
	Data, Seen []byte
	// Final says that the input ends with this block.
	Final bool

	// alone is the record of a block that holds but one: what was read beyond it,
	// which may be what tells how it ends, is not seen. It is zero for others.
	alone Record
	buf   []byte
	long  bool // whether it holds the turn of long blocks
}

// Long reports whether the block is longer than others: until it is released no
// other such block is dealt.
func (b *Block) Long() bool { return b.long }

// Rest reports whether the block holds a further part of a line.
func (b *Block) Rest() bool { return b.alone.Rest }

// Next reads the record at an offset of Data, as the function [Next] does.
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

// ErrPause is what a stream returns that has nothing now, and may have more later.
var ErrPause = errors.New("nothing has come for a while")

// Blocks deals a stream out to several workers in blocks that begin and end
// where records do. Workers take turns: one reads at a time, and each works on
// its block alone.
type Blocks struct {
	mu      sync.Mutex
	src     io.Reader
	dialect Dialect
	size    int
	// kept[at:] is read, but not yet dealt. It is less than a block, unless the end
	// of a record was looked for in vain.
	kept []byte
	at   int
	seq  int
	line int
	err  error
	// records numbers records instead of lines.
	records bool
	open    open
	long    sync.Mutex // held for the one long block that is at work
	room    []byte     // of a long record, for the next
	// pace is how long a block waits for more of a stream that comes slowly; 0 waits
	// until the block is full.
	pace time.Duration
}

// NewBlocks deals out what src holds, in blocks of about size bytes; a record
// that is longer makes a longer block. The records before src, in head, were
// read already; they count from line.
func NewBlocks(src io.Reader, head []byte, line int, d Dialect, size int) *Blocks {
	return &Blocks{src: src, kept: bytes.Clone(head), line: line, dialect: d, size: size}
}

// NumberRecords numbers records, whatever line ends their cells hold. It is for
// input without malformed records.
func (b *Blocks) NumberRecords() { b.records = true }

// Pace has a block dealt when it has waited for more for so long, or when the stream
// returns [ErrPause], if it holds a record.
func (b *Blocks) Pace(d time.Duration) { b.pace = d }

// Next deals the next block. It returns io.EOF after the last; an error of the
// stream is returned after the whole records before it, and then what was read
// of a record that it cuts off is dealt to no one.
func (b *Blocks) Next(block *Block) error {
	b.Release(block)
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := min(len(b.kept)-b.at, b.size)
	buf := append(block.buf[:0], b.kept[b.at:b.at+taken]...)
	all := b.at+taken == len(b.kept) // that was read
	if all {
		buf = b.fill(buf, b.size)
	}
	final := all && b.err == io.EOF
	end := len(buf)
	block.alone = Record{}
	switch {
	case b.open.Kind != 0:
		rec, n, more := b.open.rest(buf, final, 1)
		for more && all && b.err == nil { // of a stream that pauses
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

// Release ends the work on a block, so that the next long one can be dealt. [Next]
// does so with the block that it is given.
func (b *Blocks) Release(block *Block) {
	if block.long {
		if cap(block.buf) > cap(b.room) {
			b.room = block.buf[:0]
		}
		block.long, block.buf, block.Data, block.Seen = false, nil, nil, nil
		b.long.Unlock()
	}
}

// keep keeps what was read and not dealt.
func (b *Blocks) keep(rest []byte) {
	if cap(b.kept) > 4*b.size {
		b.kept = nil
	}
	b.kept, b.at = append(b.kept[:0], rest...), 0
}

// dealLong deals the next record alone, which is longer than a block or malformed.
// What was read beyond it is kept, to be dealt in blocks of the usual size.
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
				b.room = make([]byte, 0, MaxRecord+1) // what is not filled takes no memory
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
	b.line += bytes.Count(block.Data, newlineByte)
}

// firstBlock is the room that a stream is first given: many are small.
const firstBlock = 16 << 10

// fill reads until buf has want bytes, or the stream ends or pauses. Its room doubles with
// what is read, from firstBlock up to want.
func (b *Blocks) fill(buf []byte, want int) []byte {
	var since time.Time // the first of what is read now came
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

// Line returns the line at which the next block begins.
func (b *Blocks) Line() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.line
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

// Order lets workers act in the order of their blocks, whichever is ready
// first. Make one with [NewOrder].
type Order struct {
	mu      sync.Mutex
	turned  *sync.Cond
	turn    int
	stopped bool
}

// NewOrder returns an order that begins with block 0.
func NewOrder() *Order {
	o := &Order{}
	o.turned = sync.NewCond(&o.mu)
	return o
}

// Wait waits for the turn of a block. It returns false where the order was
// stopped instead.
func (o *Order) Wait(seq int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.turn != seq && !o.stopped {
		o.turned.Wait()
	}
	return !o.stopped
}

// Done ends the turn of the block whose turn it is.
func (o *Order) Done() {
	o.mu.Lock()
	o.turn++
	o.mu.Unlock()
	o.turned.Broadcast()
}

// Stop ends the waiting of all.
func (o *Order) Stop() {
	o.mu.Lock()
	o.stopped = true
	o.mu.Unlock()
	o.turned.Broadcast()
}
