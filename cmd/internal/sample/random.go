package sample

import "math/rand/v2"

// random is a source of chance that is the same everywhere. The functions of
// math/rand/v2 beyond the generator itself may draw otherwise in a later
// release of Go, so they are not used.
type random struct{ pcg rand.PCG }

// stream is the second half of the generator's seed; any number will do.
const stream = 0x5eed_0f_de_1ce5

func newRandom(seed uint64) random { return random{*rand.NewPCG(seed, stream)} }

// below returns a number from 0 to n-1, as likely as one another but for less
// than n in 2^32.
func (r *random) below(n int) int { return int(r.pcg.Uint64() >> 32 * uint64(n) >> 32) }

func (r *random) oneIn(n int) bool { return r.below(n) == 0 }
