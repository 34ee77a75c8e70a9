package xlsx

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"
)

// readAhead reads in a goroutine of its own, so that a sheet is unpacked while it is
// parsed. It must be stopped.
type readAhead struct {
	full, empty chan []byte
	piece, rest []byte // the last piece, and what is left of it
	err         error  // set when full is closed
}

const (
	aheadPieces = 4
	aheadPiece  = 32 << 10 // what the zip archive gives at once
)

func newReadAhead(r io.Reader) *readAhead {
	a := &readAhead{full: make(chan []byte, aheadPieces), empty: make(chan []byte, aheadPieces)}
	go func() {
		defer close(a.full)
		for i := 0; ; i++ {
			var piece []byte
			if i < aheadPieces {
				piece = make([]byte, aheadPiece)
			} else if piece = <-a.empty; piece == nil {
				return // stopped
			}
			n, err := r.Read(piece[:aheadPiece])
			a.full <- piece[:n]
			if err != nil {
				a.err = err
				return
			}
		}
	}()
	return a
}

func (a *readAhead) Read(p []byte) (int, error) {
	if len(a.rest) == 0 {
		if a.piece != nil {
			a.empty <- a.piece
		}
		var ok bool
		if a.piece, ok = <-a.full; !ok {
			return 0, a.err
		}
		a.rest = a.piece
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// stop returns when nothing is read any more.
func (a *readAhead) stop() {
	close(a.empty)
	for range a.full {
	}
}

// xmlBuffer is the text that is read next. It implements io.ByteReader, so that
// a decoder reads no more of it than the token it returns, except for the character
// after a text.
type xmlBuffer struct {
	r        io.Reader
	data     [64 << 10]byte
	pos, end int
	lines    int // line ends before data
	err      error
}

// more reads more of the text behind data[pos:end]. It returns false at the end of
// the text, or if data is full.
func (b *xmlBuffer) more() bool {
	if b.pos > 0 {
		b.lines += bytes.Count(b.data[:b.pos], []byte("\n"))
		b.end = copy(b.data[:], b.data[b.pos:b.end])
		b.pos = 0
	}
	for b.err == nil && b.end < len(b.data) {
		var n int
		n, b.err = b.r.Read(b.data[b.end:])
		if b.end += n; n > 0 {
			return true
		}
	}
	return false
}

// line returns the number of the current line, from 1.
func (b *xmlBuffer) line() int { return b.lines + bytes.Count(b.data[:b.pos], []byte("\n")) + 1 }

func (b *xmlBuffer) ReadByte() (byte, error) {
	if b.pos == b.end && !b.more() {
		return 0, b.err
	}
	b.pos++
	return b.data[b.pos-1], nil
}

// Read is what encoding/xml requires of a reader; it calls ReadByte instead.
func (b *xmlBuffer) Read(p []byte) (int, error) {
	if b.pos == b.end && !b.more() {
		return 0, b.err
	}
	n := copy(p, b.data[b.pos:b.end])
	b.pos += n
	return n, nil
}

// metered lets the decoder read at most mostToken bytes for a token, so that it
// does not keep an endless text in memory. It keeps the error of r.
type metered struct {
	r    io.Reader
	left int
	err  error
}

func (m *metered) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, errLongToken
	}
	n, err := m.r.Read(p)
	m.left -= n
	if err != nil && err != io.EOF {
		m.err = err
	}
	return n, err
}

// newDecoder returns a decoder of XML in UTF-8 or UTF-16.
func newDecoder(r io.Reader) *xml.Decoder {
	return decoderOf(bufio.NewReaderSize(utf8Reader(r), 64<<10))
}

// utf8Reader returns a reader of XML, which may be in UTF-16, as UTF-8 without a byte
// order mark.
func utf8Reader(r io.Reader) io.Reader {
	buffered := bufio.NewReaderSize(r, 16) // a large Read goes past it
	head, _ := buffered.Peek(len("<?"))
	switch string(head) {
	case "\xff\xfe", "<\x00":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(buffered)
	case "\xfe\xff", "\x00<":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(buffered)
	case "\xef\xbb": // the byte order mark of UTF-8, which the decoder takes for text
		buffered.Discard(len("\ufeff"))
	}
	return buffered
}

// decoderOf returns a decoder of XML that utf8Reader has converted.
func decoderOf(r io.Reader) *xml.Decoder {
	decoder := xml.NewDecoder(r)
	decoder.CharsetReader = func(charset string, r io.Reader) (io.Reader, error) {
		switch strings.ToLower(charset) {
		case "utf-16", "utf-16le", "utf-16be", "utf8", "us-ascii": // already converted
			return r, nil
		}
		return nil, errors.New("want UTF-8 or UTF-16")
	}
	return decoder
}
