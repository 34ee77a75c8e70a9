package devices

import (
	"encoding/binary"
	"iter"
	"math/bits"
)

// memo remembers profiles by the bytes of their cells: an open-addressing
// table. It is bounded; what does not fit is judged row by row.
type memo struct {
	slots []memoSlot
	used  int
	// missed counts the rows that found no place since the table was full.
	missed int
}

type memoSlot struct {
	hash    uint64
	profile *profile
}

const (
	// memoSlots is four times the profiles of a large estate (some 300), and
	// memoMost keeps the table half empty.
	memoSlots = 4096
	memoMost  = memoSlots / 2
	// memoPatience is how many rows may miss a full table before it is made
	// anew, in case the rows that filled it were not like those that follow.
	memoPatience = 1 << 16
)

// key is the cells of one row's profile, where they lie.
type key struct {
	cells [maxKeyCells][]byte
	n     int
}

const maxKeyCells = 16

// hash mixes each cell's first and last eight bytes and its length; what is
// between is left to the comparison.
func (k *key) hash() uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, cell := range k.cells[:k.n] {
		first, last := edges(cell)
		hi, lo := bits.Mul64(h^first, 0x9fb21c651e98df25^last^uint64(len(cell))<<56)
		h = hi ^ lo ^ bits.RotateLeft64(h, 23)
	}
	return h | 1
}

func edges(cell []byte) (first, last uint64) {
	if n := len(cell); n >= 8 {
		return binary.LittleEndian.Uint64(cell), binary.LittleEndian.Uint64(cell[n-8:])
	} else if n >= 4 {
		return uint64(binary.LittleEndian.Uint32(cell)), uint64(binary.LittleEndian.Uint32(cell[n-4:]))
	}
	for _, c := range cell {
		first = first<<8 | uint64(c)
	}
	return first, 0
}

func (k *key) is(p *profile) bool {
	for i, cell := range k.cells[:k.n] {
		if string(cell) != p.cells[i] {
			return false
		}
	}
	return true
}

// find returns the profile of the key, and otherwise nil and the slot where it
// belongs.
func (m *memo) find(k *key, hash uint64) (*profile, *memoSlot) {
	for at := hash % memoSlots; ; at = (at + 1) % memoSlots {
		slot := &m.slots[at]
		switch {
		case slot.profile == nil:
			return nil, slot
		case slot.hash == hash && k.is(slot.profile):
			return slot.profile, slot
		}
	}
}

// full reports whether there is no place for another profile.
func (m *memo) full() bool { return m.used >= memoMost }

// put remembers a profile in the slot that find named.
func (m *memo) put(slot *memoSlot, hash uint64, p *profile) {
	slot.hash, slot.profile = hash, p
	m.used++
}

// stale reports whether so many rows have missed a full table that it should
// be made anew.
func (m *memo) stale() bool { return m.missed >= memoPatience }

// profiles returns the profiles remembered.
func (m *memo) profiles() iter.Seq[*profile] {
	return func(yield func(*profile) bool) {
		for _, slot := range m.slots {
			if slot.profile != nil && !yield(slot.profile) {
				return
			}
		}
	}
}

func newMemo() memo { return memo{slots: make([]memoSlot, memoSlots)} }
