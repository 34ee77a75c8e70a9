package sniff

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Encoding is how a text file writes characters as bytes. The zero value is
// not given: UTF-8, or UTF-16 by its byte order mark.
type Encoding string

// The encodings.
const (
	UTF8        Encoding = "utf-8"
	UTF16       Encoding = "utf-16"
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
	Windows1252 Encoding = "windows-1252"
)

// ParseEncoding reads the name of an encoding, without regard to case; empty
// text is the zero value.
func ParseEncoding(name string) (Encoding, error) {
	e := Encoding(strings.ToLower(strings.TrimSpace(name)))
	switch e {
	case "", UTF8, UTF16, UTF16LE, UTF16BE, Windows1252:
		return e, nil
	case "utf8":
		return UTF8, nil
	case "cp1252":
		return Windows1252, nil
	}
	return "", fmt.Errorf("%q is no encoding that is read: want utf-8, utf-16, utf-16le, utf-16be or windows-1252", name)
}

// String returns the encoding's name as it is written in text.
func (e Encoding) String() string {
	switch e {
	case "", UTF8:
		return "UTF-8"
	case Windows1252:
		return "Windows-1252"
	}
	return strings.ToUpper(string(e))
}

// OfMark returns the encoding that a byte order mark at the start tells.
func (e Encoding) OfMark(head []byte) Encoding {
	if e != "" && e != UTF16 {
		return e
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return UTF16LE
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return UTF16BE
	case e == UTF16:
		return UTF16LE // as Windows has it
	}
	return UTF8
}

// ErrCutOff is the error of text that ends within a character.
var ErrCutOff = errors.New("the file is cut off: it is UTF-16, and ends in the middle of a character; copy or export it again")

// units reads code units of two bytes.
type units struct {
	r   io.Reader
	odd bool
}

func (u *units) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if n%2 == 1 {
		u.odd = !u.odd
	}
	if err == io.EOF && u.odd {
		err = ErrCutOff
	}
	return n, err
}

// Reader returns what r holds, in UTF-8. UTF-8 itself passes byte for byte. Reading
// fails with [ErrCutOff] if UTF-16 ends at an odd byte.
func (e Encoding) Reader(r io.Reader) io.Reader {
	var from encoding.Encoding
	switch e {
	case UTF16LE:
		r, from = &units{r: r}, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case UTF16BE:
		r, from = &units{r: r}, unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case Windows1252:
		from = charmap.Windows1252
	default:
		return r
	}
	return from.NewDecoder().Reader(r)
}
