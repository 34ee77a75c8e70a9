package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	deepest        = 1000 // nested elements
	mostAttributes = 200
	// mostToken is the greatest size of a text or tag in bytes: far more than a
	// spreadsheet allows, but small enough for memory.
	mostToken = 16 << 20
)

var errLongToken = fmt.Errorf("it has a text or a tag of more than %d MiB, the limit", mostToken>>20)

// elements reads the elements of a part. It checks that every element is closed
// and that there is one root. Names are compared without their prefix: some
// programs write x:row. It reads raw tokens and checks nesting itself, because
// the decoder would also resolve every prefix.
type elements struct {
	decoder *xml.Decoder
	source  *metered
	open    []xml.Name // the Space of a raw name is its prefix
}

// element is a start tag.
type element struct {
	name  string // without prefix
	attrs []xml.Attr
}

func newElements(r io.Reader) *elements {
	source := &metered{r: r, left: mostToken}
	return &elements{decoder: newDecoder(source), source: source}
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

// root returns the root element.
func (e *elements) root() (element, error) {
	start, ok, err := e.child()
	if err == nil && !ok {
		err = errors.New("it is empty")
	}
	return start, err
}

// end reads to the end of the part, where its checksum is checked. Another
// element is an error.
func (e *elements) end() error {
	_, ok, err := e.child()
	if err == nil && ok {
		err = errors.New("its XML is malformed: a second root")
	}
	return err
}

// child returns the next child of the open element; ok is false at its end. Text
// between elements is an error, since a value there would be lost.
func (e *elements) child() (start element, ok bool, err error) {
	for {
		token, err := e.next()
		if err != nil {
			return start, false, err
		}
		switch token := token.(type) {
		case nil, xml.EndElement:
			return start, false, nil
		case xml.StartElement:
			return element{token.Name.Local, token.Attr}, true, nil
		case xml.CharData:
			if text := bytes.TrimSpace(token); len(text) > 0 {
				return start, false, fmt.Errorf("its XML is malformed: %.30q where an element was expected", text)
			}
		}
	}
}

// skip reads to the end of the open element.
func (e *elements) skip() error {
	outside := len(e.open) - 1
	for len(e.open) > outside {
		if _, err := e.next(); err != nil {
			return err
		}
	}
	return nil
}

// text appends the text of the open element, without that of its children.
func (e *elements) text(to []byte) ([]byte, error) {
	inside := len(e.open)
	for len(e.open) >= inside {
		token, err := e.next()
		if err != nil {
			return to, err
		}
		if text, ok := token.(xml.CharData); ok && len(e.open) == inside {
			to = append(to, text...)
		}
		if len(to) > mostToken {
			return to, errLongToken
		}
	}
	return to, nil
}

// next returns the next token, and nil at the end of a complete part.
func (e *elements) next() (xml.Token, error) {
	e.source.left = mostToken
	token, err := e.decoder.RawToken()
	if err == io.EOF {
		return nil, e.whole()
	}
	if err != nil {
		return nil, e.damaged(err)
	}
	switch tag := token.(type) { // token is returned, as tag would be allocated again
	case xml.StartElement:
		return token, e.begin(tag)
	case xml.EndElement:
		return token, e.close(tag.Name)
	}
	return token, nil
}

func (e *elements) whole() error {
	if n := len(e.open); n > 0 {
		return fmt.Errorf("it breaks off: want </%s>", e.open[n-1].Local)
	}
	return nil
}

// damaged returns what is wrong: the archive, if its checksum fails, or the XML.
func (e *elements) damaged(err error) error {
	syntax := (*xml.SyntaxError)(nil)
	switch failed := e.source.err; {
	case errors.Is(err, errLongToken):
		return errLongToken
	case errors.Is(failed, zip.ErrChecksum), errors.Is(failed, zip.ErrFormat):
		return fmt.Errorf("the file is damaged: %w", failed)
	case errors.Is(failed, io.ErrUnexpectedEOF):
		return fmt.Errorf("it breaks off: %w", failed)
	case failed != nil:
		return failed // of the file, not of its content
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		return errors.New("it breaks off in a tag or a text")
	case errors.As(err, &syntax):
		return fmt.Errorf("its XML is malformed: line %d: %s", syntax.Line, syntax.Msg)
	}
	return fmt.Errorf("its XML is malformed: %w", err)
}

func (e *elements) begin(start xml.StartElement) error {
	if len(e.open) == deepest || len(start.Attr) > mostAttributes {
		return fmt.Errorf("its XML is malformed: more than %d elements within one another, or more than %d attributes", deepest, mostAttributes)
	}
	for i, a := range start.Attr {
		for _, b := range start.Attr[:i] {
			if a.Name == b.Name {
				return fmt.Errorf("its XML is malformed: <%s> has two attributes %q", start.Name.Local, a.Name.Local)
			}
		}
	}
	e.open = append(e.open, start.Name)
	return nil
}

func (e *elements) close(name xml.Name) error {
	n := len(e.open)
	if n == 0 {
		return fmt.Errorf("its XML is malformed: </%s> closes nothing", name.Local)
	}
	if want := e.open[n-1]; want != name {
		return fmt.Errorf("its XML is malformed: </%s> where </%s> was expected", name.Local, want.Local)
	}
	e.open = e.open[:n-1]
	return nil
}

// attribute returns an attribute without a prefix, or "" if there is none.
func (e element) attribute(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// escapeLength is the length of an escape such as _x000D_.
const escapeLength = 7

// unescape replaces a workbook's escapes by characters: _x000D_ by a carriage
// return, and _x005F_ by an underscore that does not begin an escape. It
// overwrites text.
func unescape(text []byte) []byte {
	i := bytes.Index(text, []byte("_x"))
	if i < 0 {
		return text
	}
	out := text[:i]
	for i < len(text) {
		if r, n := escapeAt(text[i:]); n > 0 {
			out = utf8.AppendRune(out, r)
			i += n
			continue
		}
		out = append(out, text[i])
		i++
	}
	return out
}

// Escape returns a text as a workbook stores it, so that nothing in it is read as
// an escape.
func Escape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var out strings.Builder
	for i := range len(text) {
		if _, escape := unitAt([]byte(text[i:min(len(text), i+escapeLength)])); escape {
			out.WriteString("_x005F")
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

// escapeAt returns the character of the escape at the beginning of text, and its
// length: 0 if there is no escape. A character beyond the first plane is written
// as two escapes.
func escapeAt(text []byte) (rune, int) {
	r, ok := unitAt(text)
	switch {
	case !ok:
		return 0, 0
	case !utf16.IsSurrogate(r):
		return r, escapeLength
	}
	low, ok := unitAt(text[escapeLength:])
	if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
		return 0, 0
	}
	return r, 2 * escapeLength
}

func unitAt(text []byte) (rune, bool) {
	if len(text) < escapeLength || text[0] != '_' || text[1] != 'x' || text[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}
