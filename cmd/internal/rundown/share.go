package rundown

import (
	"math/bits"
	"slices"
)

// share parts n among lots in proportion to their devices: whole devices, what
// is over by the largest remainders, of equal ones to the lot that comes first.
// n must not be more than all devices together.
func share(n int, lots []*Lot) []int {
	all := 0
	for _, lot := range lots {
		all += lot.Devices
	}
	shares, rests, order := make([]int, len(lots)), make([]uint64, len(lots)), make([]int, len(lots))
	over := n
	for i, lot := range lots {
		part, rest := scaled(uint64(lot.Devices), uint64(n), uint64(all))
		shares[i], rests[i], order[i] = int(part), rest, i
		over -= shares[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case rests[a] > rests[b]:
			return -1
		case rests[a] < rests[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:over] {
		shares[i]++
	}
	return shares
}

// strandedPence is the part of a lot's cost that n of its devices bear, rounded
// to whole pence, half a penny up.
func strandedPence(lot *Lot, n int) int64 {
	if lot.Devices == 0 {
		return 0
	}
	part, rest := scaled(uint64(lot.Pence), uint64(n), uint64(lot.Devices))
	if 2*rest >= uint64(lot.Devices) {
		part++
	}
	return int64(part)
}

// scaled returns a × part / whole and what is over, exactly, for part ≤ whole.
func scaled(a, part, whole uint64) (quotient, rest uint64) {
	high, low := bits.Mul64(a, part)
	return bits.Div64(high, low, whole)
}
