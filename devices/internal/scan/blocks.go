package scan

import (
	"bytes"
	"io"
	"sync"
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
	// may be what tells how the last of them end: [Next] must be given Seen.
	Data, Seen []byte
	// Final says that the input ends with this block.
	Final bool

	buf []byte
}

// Blocks deals a stream out to several workers in blocks that begin and end
// where records do. Workers take turns: one reads at a time, and each works on
// its block alone.
type Blocks struct {
	mu    sync.Mutex
	src   io.Reader
	delim byte
	size  int
	carry []byte // read, but not yet dealt: the records after the last whole one
	seq   int
	line  int
	err   error
	// records numbers records instead of lines.
	records bool
}

// NewBlocks deals out what src holds, in blocks of about size bytes; a record
// that is longer makes a longer block. The records before src, in head, were
// read already; they count from line.
func NewBlocks(src io.Reader, head []byte, line int, delim byte, size int) *Blocks {
	return &Blocks{src: src, carry: bytes.Clone(head), line: line, delim: delim, size: size}
}

// NumberRecords numbers records, whatever line ends their cells hold. It is for
// input without malformed records.
func (b *Blocks) NumberRecords() { b.records = true }

// Next deals the next block. It returns io.EOF after the last; an error of the
// stream is returned after the whole records before it, and then what was read
// of a record that it cuts off is dealt to no one.
func (b *Blocks) Next(block *Block) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if cap(block.buf) > 4*b.size+MaxRecord/8 {
		block.buf = nil // one long record must not hold its memory for good
	}
	buf := append(block.buf[:0], b.carry...)
	b.carry = b.carry[:0]
	end := 0
	for want := b.size; ; want = 2 * len(buf) {
		buf = b.fill(buf, want)
		if b.err == io.EOF {
			end = len(buf)
			break
		}
		if end = LastEnd(buf, b.delim); end > 0 || b.err != nil {
			break
		}
		if len(buf) >= MaxLine {
			b.err = ErrLineTooLong
			break
		}
	}
	block.buf = buf
	if end == 0 {
		return b.err
	}
	b.carry = append(b.carry, buf[end:]...)
	b.deal(block, buf, end)
	return nil
}

func (b *Blocks) deal(block *Block, buf []byte, end int) {
	block.Seq, block.Line, block.Final = b.seq, b.line, b.err == io.EOF
	block.Data, block.Seen = buf[:end], buf
	b.seq++
	if b.records {
		b.line += countRecords(block.Data)
		return
	}
	b.line += bytes.Count(block.Data, newlineByte)
}

// firstBlock is the room that a stream is first given: many are small.
const firstBlock = 16 << 10

// fill reads until buf has want bytes, or the stream ends. Its room doubles with
// what is read, from firstBlock up to want.
func (b *Blocks) fill(buf []byte, want int) []byte {
	for empty := 0; len(buf) < want && b.err == nil; {
		if len(buf) == cap(buf) {
			buf = append(make([]byte, 0, min(want, max(2*len(buf), firstBlock))), buf...)
		}
		n, err := b.src.Read(buf[len(buf):min(want, cap(buf))])
		buf = buf[:len(buf)+n]
		b.err = err
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
