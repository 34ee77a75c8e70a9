package scan

import (
	"bytes"
	"io"
)

// LastEnd returns the offset after the last record of buf that is complete whatever
// follows, or 0. buf must begin at the start of a record, and have at most MaxRecord
// bytes. It agrees with [Next], called without atEOF until it returns more, and is much
// faster: a line with an even number of quotes is a record, good or malformed.
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
		n := lineLen(buf[start:])
		if bytes.Count(buf[start:start+n], quoteByte)%2 != 0 {
			n = recordLen(buf[start:], d)
		}
		if n == 0 {
			return start
		}
		start += n
	}
}

var quoteByte = []byte{'"'}

// recordLen returns the length of the record at the start of buf with its line end, or 0
// if it may continue after buf. It goes from quote to quote.
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

// lineLen returns the length of the first line, or 0 if it is not complete.
func lineLen(buf []byte) int { return bytes.IndexByte(buf, '\n') + 1 }

// crSample is the number of bytes without a "\n" that show that lines end in "\r" alone.
const crSample = 64 << 10

// EndsInCR reports whether lines end in "\r" alone: the first crSample bytes have a "\r"
// and no "\n". It consumes nothing.
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

// SwapEnds returns a reader of r that replaces each "\r" by "\n" and each "\n" by "\r",
// so that lines that end in "\r" end in "\n".
func SwapEnds(r io.Reader) io.Reader { return swapReader{r} }

type swapReader struct{ r io.Reader }

func (s swapReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	swapEnds(p[:n])
	return n, err
}

// Swapped returns a copy with "\r" and "\n" swapped, as SwapEnds does.
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
