package scan

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Cuts finds the delimiters of lines, in order, also those in quotes. It looks ahead of
// the lines, 64 bytes at a time: for lines of 80 bytes and ten cells that takes a
// fifth less time than eight bytes at a time within each line, and half of a loop over
// bytes (go test -bench Cuts ./devices/internal/scan). Make one with [NewCuts].
type Cuts struct {
	data      []byte
	delimiter byte
	width     int
	// places are the offsets of delimiters in data[:read]. Those before next belong to
	// lines that were returned.
	places []uint32
	next   int
	read   int
}

// cutsAhead is the number of bytes that are looked at together. Their places stay in the
// cache of the processor.
const cutsAhead = 4 << 10

// NewCuts returns a finder for lines of width cells.
func NewCuts(delimiter byte, width int) Cuts { return Cuts{delimiter: delimiter, width: width} }

// Begin begins with the first line of data, which must be shorter than 4 GiB.
func (c *Cuts) Begin(data []byte) {
	c.data, c.places, c.next, c.read = data, c.places[:0], 0, 0
}

// Line returns the offsets, in data, of the delimiters of the line data[from:to]. They are
// valid until the next call. ok is false if the line has not the width. Lines may be left
// out.
func (c *Cuts) Line(from, to int) (cuts []uint32, ok bool) {
	for c.next < len(c.places) && int(c.places[c.next]) < from {
		c.next++
	}
	if to > c.read {
		c.readTo(from, to)
	}
	end := c.next + c.width - 1
	if end > len(c.places) || end > c.next && int(c.places[end-1]) >= to || end < len(c.places) && int(c.places[end]) < to {
		return nil, false
	}
	cuts, c.next = c.places[c.next:end], end
	return cuts, true
}

// readTo reads at least up to an offset, for a line that begins at from.
func (c *Cuts) readTo(from, to int) {
	c.places = append(c.places[:0], c.places[c.next:]...)
	c.next = 0
	c.read = max(c.read, from)
	to = min(max(to, c.read+cutsAhead), len(c.data))
	c.places = appendPlaces(c.places, c.data[:to], c.read, c.delimiter)
	c.read = to
}

// appendPlaces appends the offsets of a byte in text[at:].
func appendPlaces(dst []uint32, text []byte, at int, b byte) []uint32 {
	pattern := uint64(b) * eachByte
	for ; at+64 <= len(text); at += 64 {
		t := (*[64]byte)(text[at:])
		set := packed(t[0:8], pattern) | packed(t[8:16], pattern)<<8 | packed(t[16:24], pattern)<<16 | packed(t[24:32], pattern)<<24 |
			packed(t[32:40], pattern)<<32 | packed(t[40:48], pattern)<<40 | packed(t[48:56], pattern)<<48 | packed(t[56:64], pattern)<<56
		if cap(dst)-len(dst) < 64 {
			dst = slices.Grow(dst, 64)
		}
		found := (*[64]uint32)(dst[len(dst) : len(dst)+64])
		n := 0
		for ; set != 0; set &= set - 1 {
			found[n&63] = uint32(at + bits.TrailingZeros64(set))
			n++
		}
		dst = dst[:len(dst)+n]
	}
	for ; at < len(text); at++ {
		if text[at] == b {
			dst = append(dst, uint32(at))
		}
	}
	return dst
}

// equalBytes returns the high bit of each of eight bytes that equals that of the pattern.
// The low seven bits of a byte plus 0x7f carry into its high bit unless they are zero, and
// never beyond it.
func equalBytes(eight []byte, pattern uint64) uint64 {
	x := binary.LittleEndian.Uint64(eight) ^ pattern
	return ^((x&lowBits + lowBits) | x) & highBits
}

// packed returns equalBytes as the lowest eight bits. The multiplication moves them
// together.
func packed(eight []byte, pattern uint64) uint64 {
	return equalBytes(eight, pattern) >> 7 * 0x0102040810204080 >> 56
}

const (
	eachByte = 0x0101010101010101
	lowBits  = 0x7f * eachByte
	highBits = 0x80 * eachByte
)
