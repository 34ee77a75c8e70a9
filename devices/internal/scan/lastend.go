package scan

import (
	"bytes"
	"io"
)

// LastEnd returns the offset just after the last record that ends in buf for
// certain, whatever comes after; buf must begin where a record begins, and have no
// more than MaxRecord bytes. It is 0 where no record does. It agrees with [Next],
// called without atEOF until it asks for more, and is much faster where quotes are
// few: a stretch without any is a run of lines.
func LastEnd(buf []byte, d Dialect) int {
	if d.NoQuotes {
		return bytes.LastIndexByte(buf, '\n') + 1
	}
	start := 0
	for {
		quote := bytes.IndexByte(buf[start:], '"')
		if quote < 0 {
			return start + bytes.LastIndexByte(buf[start:], '\n') + 1
		}
		start += bytes.LastIndexByte(buf[start:start+quote], '\n') + 1
		n := recordLen(buf[start:], d)
		if n == 0 {
			return start
		}
		start += n
	}
}

// recordLen returns the length of the record at the start of buf, its line end
// included, or 0 where buf does not settle it. It goes from quote to quote.
func recordLen(buf []byte, d Dialect) int {
	w := walk{data: buf, dialect: d}
	for {
		bare, quote := w.data[w.at:], len(w.data)
		if i := bytes.IndexByte(bare, '"'); i >= 0 {
			bare, quote = bare[:i], w.at+i
		}
		newline := bytes.IndexByte(bare, '\n')
		for newline < 0 && len(bare) > 0 && d.pads(bare[len(bare)-1]) {
			bare = bare[:len(bare)-1]
		}
		switch {
		case newline >= 0:
			return w.at + newline + 1
		case quote == len(w.data):
			return 0
		case len(bare) > 0 && bare[len(bare)-1] != d.Delimiter:
			return lineLen(buf)
		}
		end, _ := closingQuote(w.data, quote)
		if end < 0 {
			return 0
		}
		last, fault, _ := w.afterQuote(end + 1)
		switch {
		case fault != 0:
			return lineLen(buf)
		case w.ranOut:
			return 0
		case last:
			return w.length + w.endLen
		}
	}
}

// lineLen returns the length of the first line, or 0 where buf does not hold
// it whole.
func lineLen(buf []byte) int { return bytes.IndexByte(buf, '\n') + 1 }

// crSample is how many bytes without a "\n" show that lines end in "\r" alone.
const crSample = 64 << 10

// EndsInCR reports whether lines end in "\r" alone: the sample, which is read ahead
// as far as the first "\n", has a "\r" and no "\n". It consumes nothing.
func (s *Splitter) EndsInCR() bool {
	for {
		pending := s.buf[s.start:s.end]
		switch {
		case bytes.IndexByte(pending, '\n') >= 0:
			return false
		case len(pending) >= crSample, s.err != nil:
			return bytes.IndexByte(pending, '\r') >= 0
		}
		if s.fill() != nil {
			return false
		}
	}
}

// SwapEnds returns what r holds with each "\r" and "\n" in the other's place, so
// that lines which end in "\r" alone end in "\n". Swapped again it is as it was.
func SwapEnds(r io.Reader) io.Reader { return swapReader{r} }

type swapReader struct{ r io.Reader }

func (s swapReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	swapEnds(p[:n])
	return n, err
}

// Swapped returns a copy with each "\r" and "\n" in the other's place.
func Swapped(p []byte) []byte {
	p = bytes.Clone(p)
	swapEnds(p)
	return p
}

func swapEnds(p []byte) {
	for i, c := range p {
		switch c {
		case '\r':
			p[i] = '\n'
		case '\n':
			p[i] = '\r'
		}
	}
}
