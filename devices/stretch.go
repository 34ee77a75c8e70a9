package devices

// stretch is bytes that are written again and again. A short one is written by
// a copy of fixed size, which needs no call and no loop; what it writes beyond
// its own length is written over by what follows.
type stretch struct {
	fixed [stretchSize]byte
	bytes []byte
}

// stretchSize holds the cells of most answers.
const stretchSize = 64

func (s *stretch) set(b []byte) {
	s.bytes = b
	copy(s.fixed[:], b)
}

func (s *stretch) appendTo(dst []byte) []byte {
	n := len(dst)
	if len(s.bytes) > stretchSize || cap(dst)-n < stretchSize {
		return append(dst, s.bytes...)
	}
	*(*[stretchSize]byte)(dst[n : n+stretchSize]) = s.fixed
	return dst[:n+len(s.bytes)]
}
