package devices

// stretch is bytes that are written again and again. A short one is written by
// a copy of fixed size, which needs no call and no loop; what it writes beyond
// its own length is written over by what follows.
type stretch struct {
	bytes []byte
	fixed *[stretchSize]byte // the bytes and what follows them; nil for a long one
}

// stretchSize holds the cells of most answers.
const stretchSize = 64

// newStretch returns the stretch of b, which is not copied.
func newStretch(b []byte) stretch {
	s := stretch{bytes: b}
	if len(b) <= stretchSize && cap(b) >= stretchSize {
		s.fixed = (*[stretchSize]byte)(b[:stretchSize])
	}
	return s
}

func (s *stretch) appendTo(dst []byte) []byte {
	n := len(dst)
	if s.fixed == nil || cap(dst)-n < stretchSize {
		return append(dst, s.bytes...)
	}
	*(*[stretchSize]byte)(dst[n : n+stretchSize]) = *s.fixed
	return dst[:n+len(s.bytes)]
}
