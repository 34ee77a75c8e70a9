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

// plain reads a token that is whole in the buffer, and has only ASCII names and no
// references except in texts. Otherwise it returns noToken, and whether the token
// may be plain with more of the text.
func (e *elements) plain() (kind token, more bool) {
	data := e.in.data[e.in.pos:e.in.end]
	if len(data) < 2 {
		return noToken, true
	}
	if data[0] != '<' {
		n := bytes.IndexByte(data, '<')
		if n < 0 {
			return noToken, true
		}
		var ok bool
		if e.content, ok = e.plainText(data[:n]); !ok {
			return noToken, false
		}
		e.in.pos += n
		return textToken, false
	}
	if data[1] != '/' {
		n, more := e.plainTag(data)
		if n == 0 {
			return noToken, more
		}
		e.in.pos += n
		return startTag, false
	}
	if len(e.open.ends) == 0 {
		return noToken, false
	}
	name := e.open.last()
	n := len("</") + len(name)
	if len(data) <= n {
		return noToken, true
	}
	if !bytes.Equal(data[2:n], name) || data[n] != '>' {
		return noToken, false
	}
	e.in.pos += n + 1
	e.open.pop()
	return endTag, false
}

// classes of characters in XML.
const (
	nameStart = 1 << iota // begins a name
	nameByte              // continues a name
	blank
	plainByte // is itself in a text or a value
)

var classes = func() (classes [256]uint8) {
	for c := range classes {
		switch c := byte(c); {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', c == '_':
			classes[c] = nameStart | nameByte | plainByte
		case '0' <= c && c <= '9', c == '.', c == '-', c == ':':
			classes[c] = nameByte | plainByte
		case c == ' ', c == '\t', c == '\n':
			classes[c] = blank | plainByte
		case c == '\r': // which means a line feed in a text
			classes[c] = blank
		case c > ' ' && c < utf8.RuneSelf && c != '&' && c != '<' && c != ']':
			classes[c] = plainByte
		}
	}
	return classes
}()

// plainTag reads the start tag at the beginning of data, and pushes its name. It
// returns its length, or 0 if it is not plain.
func (e *elements) plainTag(data []byte) (length int, more bool) {
	i, ok := plainName(data, 1)
	if !ok {
		return 0, i == len(data)
	}
	qualified := data[1:i]
	e.tag.attrs = e.tag.attrs[:0]
	if _, e.tag.name, ok = split(qualified); !ok {
		return 0, false
	}
	for {
		if i = skipBlanks(data, i); i+1 >= len(data) {
			return 0, true
		}
		if data[i] == '>' || data[i] == '/' {
			break
		}
		name := i
		if i, ok = plainName(data, i); !ok {
			return 0, i == len(data)
		}
		var a attribute
		if a.prefix, a.name, ok = split(data[name:i]); !ok {
			return 0, false
		}
		if i = skipBlanks(data, i); i == len(data) {
			return 0, true
		}
		if data[i] != '=' {
			return 0, false
		}
		if i = skipBlanks(data, i+1); i == len(data) {
			return 0, true
		}
		quote := data[i]
		if quote != '"' && quote != '\'' {
			return 0, false
		}
		i++
		value := i
		for i < len(data) && data[i] != quote {
			if classes[data[i]]&plainByte == 0 {
				return 0, false
			}
			i++
		}
		if i == len(data) {
			return 0, true
		}
		a.value = data[value:i]
		i++
		e.tag.attrs = append(e.tag.attrs, a)
	}
	if data[i] == '/' {
		if i++; data[i] != '>' {
			return 0, false
		}
		e.closing = true
	}
	e.open.push(qualified)
	return i + 1, false
}

// plainName returns the end of the name that begins at from. ok is false if there is
// no name, or one that is not of ASCII, or if data ends in it.
func plainName(data []byte, from int) (end int, ok bool) {
	if from == len(data) || classes[data[from]]&nameStart == 0 {
		return from, false
	}
	end = from + 1
	for end < len(data) && classes[data[end]]&nameByte != 0 {
		end++
	}
	return end, end < len(data) && data[end] < utf8.RuneSelf
}

func skipBlanks(data []byte, i int) int {
	for i < len(data) && classes[data[i]]&blank != 0 {
		i++
	}
	return i
}

// split separates the prefix from a name. ok is false if it has several colons, or
// one at its end.
func split(qualified []byte) (prefix, name []byte, ok bool) {
	i := bytes.IndexByte(qualified, ':')
	if i < 0 {
		return nil, qualified, true
	}
	prefix, name = qualified[:i], qualified[i+1:]
	return prefix, name, len(name) > 0 && bytes.IndexByte(name, ':') < 0
}

// plainText returns the characters that a text means. ok is false if it has a carriage
// return, a character that XML does not allow, or a reference that is not plain.
func (e *elements) plainText(text []byte) (meaning []byte, ok bool) {
	i := 0
	for i < len(text) && classes[text[i]]&plainByte != 0 {
		i++
	}
	if i == len(text) {
		return text, true
	}
	if bytes.Contains(text, []byte("]]>")) {
		return nil, false
	}
	e.buffer = append(e.buffer[:0], text[:i]...)
	for i < len(text) {
		switch c := text[i]; {
		case classes[c]&plainByte != 0, c == ']':
			e.buffer = append(e.buffer, c)
			i++
		case c == '&':
			r, n := reference(text[i:])
			if n == 0 {
				return nil, false
			}
			e.buffer = utf8.AppendRune(e.buffer, r)
			i += n
		default:
			r, n := utf8.DecodeRune(text[i:])
			if r < utf8.RuneSelf || r == utf8.RuneError || r == 0xfffe || r == 0xffff {
				return nil, false
			}
			e.buffer = append(e.buffer, text[i:i+n]...)
			i += n
		}
	}
	return e.buffer, true
}

// references are the characters with a name.
var references = map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\''}

// reference returns the character that the reference at the beginning of text means,
// and its length, or 0 if it is not plain.
func reference(text []byte) (r rune, length int) {
	const longest = len("&#x10ffff;")
	end := bytes.IndexByte(text[:min(len(text), longest)], ';')
	if end < 2 {
		return 0, 0
	}
	name := text[1:end]
	if name[0] != '#' {
		r, known := references[string(name)]
		if !known {
			return 0, 0
		}
		return r, end + 1
	}
	digits, base := name[1:], 10
	if len(digits) > 0 && digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(string(digits), base, 16)
	if err != nil || n < ' ' && n != '\t' && n != '\n' && n != '\r' || n >= 0xd800 {
		return 0, 0
	}
	return rune(n), end + 1
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
