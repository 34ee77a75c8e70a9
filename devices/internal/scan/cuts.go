package scan

import (
	"encoding/binary"
	"math/bits"
)

// Each byte of a word is looked at by itself: its low seven bits plus 0x7f
// carry into its high bit unless they are zero, and never beyond it.
const (
	eachByte = 0x0101010101010101
	lowBits  = 0x7f * eachByte
	highBits = 0x80 * eachByte
)

// Cuts puts the offset of every delimiter of a line without quotes into dst
// and returns how many there are. Where there are more than dst holds it stops
// and returns len(dst) + 1. It looks at eight bytes at a time, which took half
// the time of a loop over bytes on lines of 80 bytes and ten cells
// (go test -bench Cuts ./devices/internal/scan).
func Cuts(dst []uint32, line []byte, delim byte) int {
	pattern := uint64(delim) * eachByte
	n, at := 0, 0
	for ; at+8 <= len(line); at += 8 {
		x := binary.LittleEndian.Uint64(line[at:]) ^ pattern
		for mask := ^((x&lowBits + lowBits) | x) & highBits; mask != 0; mask &= mask - 1 {
			if n == len(dst) {
				return n + 1
			}
			dst[n] = uint32(at + bits.TrailingZeros64(mask)>>3)
			n++
		}
	}
	for ; at < len(line); at++ {
		if line[at] != delim {
			continue
		}
		if n == len(dst) {
			return n + 1
		}
		dst[n] = uint32(at)
		n++
	}
	return n
}
