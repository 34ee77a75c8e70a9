package devices

import (
	"bytes"
	"encoding/binary"
	"iter"
	"math/bits"
)

// memo remembers profiles by the bytes of their cells: an open-addressing
// table, which begins small, because many inventories are, and doubles up to
// memoSlots. What does not fit then is judged row by row.
type memo struct {
	slots []memoSlot
	used  int
	// missed counts the rows that found no place since the table was full.
	missed int
}

type memoSlot struct {
	hash    uint64
	profile *profile
	counts  []int   // for each answer of the profile, the rows counted
	costs   []costs // and what they cost, where that is asked
}

const (
	// A large estate has some 300 profiles; with the Central Products List
	// joined, some 8,000. memoMost keeps the table half empty.
	memoFirst = 1 << 6
	memoSlots = 1 << 15
	memoMost  = memoSlots / 2
	// memoPatience is how many rows may miss a full table before it is made
	// anew, in case the rows that filled it were not like those that follow.
	memoPatience = 1 << 16
)

// key is the cells of one row's profile.
type key struct {
	cells [maxKeyCells]keyCell
	n     int
}

const maxKeyCells = 16

// mostOfKey is how many bytes the cells of a profile that is remembered may have.
const mostOfKey = 512

// keyCell is a cell by its length and its first and last eight bytes. Up to
// sixteen bytes these are all there is to know of it, so that most cells are
// compared without a call; of a longer one the text is compared as well.
type keyCell struct {
	first, last uint64
	text        []byte
}

// set takes a cell into the key.
func (c *keyCell) set(text []byte) {
	c.text = text
	switch n := len(text); {
	case n >= 8:
		c.first, c.last = binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[n-8:])
	case n >= 4:
		c.first, c.last = uint64(binary.LittleEndian.Uint32(text)), uint64(binary.LittleEndian.Uint32(text[n-4:]))
	case n > 0:
		c.first, c.last = uint64(text[0])|uint64(text[n/2])<<8|uint64(text[n-1])<<16, 0
	default:
		c.first, c.last = 0, 0
	}
}

// hash mixes the words and the lengths.
func (k *key) hash() uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for i := range k.cells[:k.n] {
		c := &k.cells[i]
		hi, lo := bits.Mul64(h^c.first, 0x9fb21c651e98df25^c.last^uint64(len(c.text))<<56)
		h = hi ^ lo ^ bits.RotateLeft64(h, 23)
	}
	return h
}

// is reports whether the key is the other.
func (k *key) is(other []keyCell) bool {
	for i := range other {
		a, b := &k.cells[i], &other[i]
		if a.first != b.first || a.last != b.last || len(a.text) != len(b.text) || len(a.text) > 16 && string(a.text) != string(b.text) {
			return false
		}
	}
	return true
}

// name returns the key as one string.
func (k *key) name() string {
	var b []byte
	for i := range k.cells[:k.n] {
		b = binary.AppendUvarint(b, uint64(len(k.cells[i].text)))
		b = append(b, k.cells[i].text...)
	}
	return string(b)
}

// kept returns the key's cells with a memory of their own.
func (k *key) kept() []keyCell {
	cells := make([]keyCell, k.n)
	for i := range cells {
		cells[i].set(bytes.Clone(k.cells[i].text))
	}
	return cells
}

// find returns the slot of the key: that of its profile, or the empty one where
// it belongs.
func (m *memo) find(k *key, hash uint64) *memoSlot {
	mask := uint64(len(m.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		slot := &m.slots[at]
		if slot.profile == nil || slot.hash == hash && k.is(slot.profile.key) {
			return slot
		}
	}
}

// full reports whether there is no place for another profile.
func (m *memo) full() bool { return m.used >= memoMost }

// put remembers a profile in the slot that find named, and returns the slot where
// it is then: a table that is half full moves to one of twice the size.
func (m *memo) put(slot *memoSlot, k *key, hash uint64, p *profile) *memoSlot {
	if 2*m.used >= len(m.slots) {
		m.grow()
		slot = m.find(k, hash)
	}
	slot.hash, slot.profile, slot.counts = hash, p, make([]int, len(p.answers))
	m.used++
	return slot
}

func (m *memo) grow() {
	larger := memo{slots: make([]memoSlot, 2*len(m.slots))}
	mask := uint64(len(larger.slots) - 1)
	for old := range m.filled() {
		at := old.hash & mask
		for larger.slots[at].profile != nil {
			at = (at + 1) & mask
		}
		larger.slots[at] = *old
	}
	m.slots = larger.slots
}

// stale reports whether so many rows have missed a full table that it should
// be made anew.
func (m *memo) stale() bool { return m.missed >= memoPatience }

// filled returns the slots that hold a profile.
func (m *memo) filled() iter.Seq[*memoSlot] {
	return func(yield func(*memoSlot) bool) {
		for i := range m.slots {
			if m.slots[i].profile != nil && !yield(&m.slots[i]) {
				return
			}
		}
	}
}

func newMemo() memo { return memo{slots: make([]memoSlot, memoFirst)} }
