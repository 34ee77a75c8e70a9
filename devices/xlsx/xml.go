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
// programs write x:row.
//
// It reads plain tags and texts by itself, and leaves every other token, also every
// malformed one, to encoding/xml: so it accepts what encoding/xml accepts, and reads
// it as encoding/xml does, in a fifth of the time.
type elements struct {
	in      *xmlBuffer
	source  *metered
	decoder *xml.Decoder // reads from in
	// decoding is true if the decoder may have begun the next token: it keeps the
	// character after a text, and the end of an empty element.
	decoding bool
	closing  bool // the last tag was an empty element, whose end comes next
	open     nameStack

	tag     element // the last start tag
	content []byte  // the last text
	buffer  []byte  // for content with references
}

// token is the kind of a token.
type token uint8

const (
	noToken   token = iota // the end of the part; also a token that is not plain
	startTag               // elements.tag is set
	endTag                 // of an element, also of an empty one
	textToken              // elements.content is set
	otherToken
)

// element is a start tag. It is valid until the next token is read.
type element struct {
	name  []byte // without prefix
	attrs []attribute
}

type attribute struct{ prefix, name, value []byte }

func newElements(r io.Reader) *elements {
	source := &metered{r: r, left: mostToken}
	in := &xmlBuffer{r: utf8Reader(source)}
	return &elements{in: in, source: source, decoder: decoderOf(in)}
}

// nameStack has the names of the open elements, with their prefixes.
type nameStack struct {
	names []byte
	ends  []int
}

func (s *nameStack) push(name []byte) {
	s.names = append(s.names, name...)
	s.ends = append(s.ends, len(s.names))
}

// last returns the name that was pushed last. It is valid until the next push.
func (s *nameStack) last() []byte { return s.names[s.beforeLast():] }

func (s *nameStack) pop() {
	s.names = s.names[:s.beforeLast()]
	s.ends = s.ends[:len(s.ends)-1]
}

func (s *nameStack) beforeLast() int {
	if len(s.ends) < 2 {
		return 0
	}
	return s.ends[len(s.ends)-2]
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
		kind, err := e.next()
		switch {
		case err != nil:
			return start, false, err
		case kind == noToken, kind == endTag:
			return start, false, nil
		case kind == startTag:
			return e.tag, true, nil
		case kind == textToken:
			if text := bytes.TrimSpace(e.content); len(text) > 0 {
				return start, false, fmt.Errorf("its XML is malformed: %.30q where an element was expected", text)
			}
		}
	}
}

// skip reads to the end of the open element.
func (e *elements) skip() error {
	outside := len(e.open.ends) - 1
	for len(e.open.ends) > outside {
		if _, err := e.next(); err != nil {
			return err
		}
	}
	return nil
}

// text appends the text of the open element, without that of its children.
func (e *elements) text(to []byte) ([]byte, error) {
	inside := len(e.open.ends)
	for len(e.open.ends) >= inside {
		kind, err := e.next()
		if err != nil {
			return to, err
		}
		if kind == textToken && len(e.open.ends) == inside {
			to = append(to, e.content...)
		}
		if len(to) > mostToken {
			return to, errLongToken
		}
	}
	return to, nil
}

// next reads the next token. It returns noToken at the end of a complete part.
func (e *elements) next() (token, error) {
	e.source.left = mostToken
	if e.closing {
		e.closing = false
		e.open.pop()
		return endTag, nil
	}
	for !e.decoding {
		kind, more := e.plain()
		if kind == startTag {
			return kind, e.begin()
		}
		if kind != noToken {
			return kind, nil
		}
		if !more || !e.in.more() {
			break
		}
	}
	return e.decode()
}

// decode reads a token with the decoder.
func (e *elements) decode() (token, error) {
	decoded, err := e.decoder.RawToken()
	if err == io.EOF {
		return noToken, e.whole()
	}
	if err != nil {
		return noToken, e.damaged(err)
	}
	e.decoding = false
	switch decoded := decoded.(type) {
	case xml.StartElement:
		e.decoding = true
		e.tag = element{name: []byte(decoded.Name.Local), attrs: e.tag.attrs[:0]}
		for _, a := range decoded.Attr {
			e.tag.attrs = append(e.tag.attrs, attribute{[]byte(a.Name.Space), []byte(a.Name.Local), []byte(a.Value)})
		}
		e.open.push(qualified(decoded.Name))
		return startTag, e.begin()
	case xml.EndElement:
		return endTag, e.close(decoded.Name)
	case xml.CharData:
		e.decoding = true
		e.content = decoded
		return textToken, nil
	}
	return otherToken, nil
}

// qualified returns a name as it was written.
func qualified(name xml.Name) []byte {
	if name.Space == "" {
		return []byte(name.Local)
	}
	return []byte(name.Space + ":" + name.Local)
}

func (e *elements) whole() error {
	if n := len(e.open.ends); n > 0 {
		_, name, _ := split(e.open.last())
		return fmt.Errorf("it breaks off: want </%s>", name)
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
		return fmt.Errorf("its XML is malformed: line %d: %s", e.in.line(), syntax.Msg)
	}
	return fmt.Errorf("its XML is malformed: %w", err)
}

// begin checks the start tag that was read, and its place.
func (e *elements) begin() error {
	attrs := e.tag.attrs
	if len(e.open.ends) > deepest || len(attrs) > mostAttributes {
		return fmt.Errorf("its XML is malformed: more than %d elements within one another, or more than %d attributes", deepest, mostAttributes)
	}
	for i, a := range attrs {
		for _, b := range attrs[:i] {
			if bytes.Equal(a.name, b.name) && bytes.Equal(a.prefix, b.prefix) {
				return fmt.Errorf("its XML is malformed: <%s> has two attributes %q", e.tag.name, a.name)
			}
		}
	}
	return nil
}

func (e *elements) close(name xml.Name) error {
	if len(e.open.ends) == 0 {
		return fmt.Errorf("its XML is malformed: </%s> closes nothing", name.Local)
	}
	if want := e.open.last(); !bytes.Equal(want, qualified(name)) {
		_, want, _ := split(want)
		return fmt.Errorf("its XML is malformed: </%s> where </%s> was expected", name.Local, want)
	}
	e.open.pop()
	return nil
}

// attribute returns an attribute without a prefix, or nil if there is none. It is
// valid until the next token is read.
func (e element) attribute(name string) []byte {
	for _, a := range e.attrs {
		if string(a.name) == name && len(a.prefix) == 0 {
			return a.value
		}
	}
	return nil
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
