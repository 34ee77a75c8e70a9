package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// mostToken is how many bytes a single text or tag may have: far more than a
// spreadsheet allows, and few enough that none fills the memory.
const mostToken = 16 << 20

var errLongToken = fmt.Errorf("it holds a text or a tag of more than %d MiB, the most that is read", mostToken>>20)

// tokenKind is what a piece of XML is.
type tokenKind uint8

const (
	noToken tokenKind = iota // comments and instructions
	startTag
	endTag
	charData
)

// token is one piece of XML. It is valid until the next is read.
type token struct {
	kind  tokenKind
	name  []byte // as it is written, prefix included
	attrs []attr
	text  []byte
	// closed says that a start tag is an end tag as well.
	closed bool
}

// attr is an attribute as it is written.
type attr struct{ name, value []byte }

// tokens reads the XML of workbooks piece by piece. It knows no more of XML than
// they use: a document type is refused. It stands in the place of encoding/xml,
// which takes five times as long, most of it one byte at a time and for copies
// of names (go test -bench Rows); a fuzz test holds it against that.
type tokens struct {
	r          io.Reader
	buf        []byte
	start, end int // buf[start:end] is read and not yet taken
	err        error
	token      token
	began      bool
}

func newTokens(r io.Reader) *tokens { return &tokens{r: r, buf: make([]byte, 64<<10)} }

// more reads more. It fails at the end of the part, and where one piece has no
// end.
func (t *tokens) more() error {
	if t.err != nil {
		return t.err
	}
	if t.end-t.start > mostToken {
		return errLongToken
	}
	if t.start > 0 {
		t.end = copy(t.buf, t.buf[t.start:t.end])
		t.start = 0
	}
	if t.end == len(t.buf) {
		t.buf = append(t.buf, make([]byte, len(t.buf))...)
	}
	n, err := t.r.Read(t.buf[t.end:])
	t.end += n
	if t.err = err; n > 0 {
		return nil
	}
	return err
}

// find returns the place of text in what is not yet taken, from a place on.
func (t *tokens) find(text string, from int) (int, error) {
	for {
		if i := bytes.Index(t.buf[t.start+from:t.end], []byte(text)); i >= 0 {
			return from + i, nil
		}
		from = max(from, t.end-t.start-len(text)+1)
		if err := t.more(); err != nil {
			return 0, cutOff(err)
		}
	}
}

func cutOff(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// next returns the next piece, and io.EOF at the end of the part.
func (t *tokens) next() (*token, error) {
	for t.start == t.end {
		if err := t.more(); err != nil {
			return nil, err
		}
	}
	if !t.began {
		t.began = true
		if err := t.mark(); err != nil {
			return nil, err
		}
	}
	t.token = token{attrs: t.token.attrs[:0]}
	if t.buf[t.start] != '<' {
		return &t.token, t.characters()
	}
	return &t.token, t.tag()
}

// mark drops a byte order mark.
func (t *tokens) mark() error {
	const mark = "\ufeff"
	for t.end-t.start < len(mark) && strings.HasPrefix(mark, string(t.buf[t.start:t.end])) {
		if err := t.more(); err != nil {
			return err
		}
	}
	if bytes.HasPrefix(t.buf[t.start:t.end], []byte(mark)) {
		t.start += len(mark)
		for t.start == t.end {
			if err := t.more(); err != nil {
				return err
			}
		}
	}
	return nil
}

// take takes so many bytes.
func (t *tokens) take(n int) []byte {
	taken := t.buf[t.start : t.start+n]
	t.start += n
	return taken
}

// characters reads text up to the next tag, or the end of the part.
func (t *tokens) characters() error {
	n, err := t.find("<", 0)
	if err == io.ErrUnexpectedEOF {
		n, err = t.end-t.start, nil
	}
	if err != nil {
		return err
	}
	text := t.take(n)
	if bytes.Contains(text, []byte("]]>")) {
		return errors.New("it holds ]]> in a text")
	}
	t.token.kind = charData
	t.token.text, err = readText(text)
	return err
}

func (t *tokens) tag() error {
	for t.end-t.start < 2 {
		if err := t.more(); err != nil {
			return cutOff(err)
		}
	}
	switch t.buf[t.start+1] {
	case '?':
		return t.instruction()
	case '!':
		return t.declaration()
	case '/':
		return t.endTag()
	}
	return t.startTag()
}

// instruction passes over <?…?>; the first may name the encoding.
func (t *tokens) instruction() error {
	n, err := t.find("?>", 2)
	if err != nil {
		return err
	}
	text := t.take(n + 2)
	target, _, _ := bytes.Cut(text[2:n], []byte(" "))
	if err := checkName(target); err != nil {
		return err
	}
	if version, found := declared(text, "version="); found && version != "1.0" {
		return fmt.Errorf("its version of XML is %q, where 1.0 was expected", version)
	}
	name, found := declared(text, "encoding=")
	if found && !strings.EqualFold(name, "utf-8") && !strings.EqualFold(name, "us-ascii") {
		return fmt.Errorf("its encoding is %q, where UTF-8 was expected", name)
	}
	return nil
}

// declared returns what an XML declaration says of a key.
func declared(text []byte, key string) (string, bool) {
	if !bytes.HasPrefix(text, []byte("<?xml ")) {
		return "", false
	}
	_, rest, found := bytes.Cut(text, []byte(key))
	if !found || len(rest) == 0 {
		return "", false
	}
	name, _, found := bytes.Cut(rest[1:], rest[:1])
	return string(name), found
}

// declaration reads <![CDATA[…]]>, and passes over a comment.
func (t *tokens) declaration() error {
	const data, comment = "<![CDATA[", "<!--"
	for t.end-t.start < len(data) {
		if err := t.more(); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
	}
	pending := t.buf[t.start:t.end]
	switch {
	case bytes.HasPrefix(pending, []byte(comment)):
		n, err := t.find("--", len(comment))
		if err != nil {
			return err
		}
		for t.end-t.start < n+3 {
			if err := t.more(); err != nil {
				return cutOff(err)
			}
		}
		if text := t.take(n + 3); text[n+2] != '>' {
			return errors.New("it holds -- in a comment")
		}
		return nil
	case bytes.HasPrefix(pending, []byte(data)):
		n, err := t.find("]]>", len(data))
		if err != nil {
			return err
		}
		t.token.kind = charData
		t.token.text = unixLines(t.take(n + 3)[len(data):n])
		return checkCharacters(t.token.text)
	}
	return errors.New("it holds a declaration that no workbook has")
}

func (t *tokens) endTag() error {
	n, err := t.find(">", 2)
	if err != nil {
		return err
	}
	name := trimRight(t.take(n + 1)[2:n])
	t.token.kind, t.token.name = endTag, name
	return checkName(name)
}

func (t *tokens) startTag() error {
	n, err := t.tagEnd()
	if err != nil {
		return err
	}
	text := t.take(n + 1)[1:n]
	text, t.token.closed = bytes.CutSuffix(text, []byte("/"))
	t.token.kind = startTag
	name := text
	if i := bytes.IndexFunc(text, isSpace); i >= 0 {
		name = text[:i]
	}
	t.token.name = name
	if err := checkName(name); err != nil {
		return err
	}
	return t.attributes(text[len(name):])
}

// tagEnd finds the end of a start tag: a > in quotes is none.
func (t *tokens) tagEnd() (int, error) {
	quote := byte(0)
	for i := 1; ; i++ {
		for t.start+i == t.end {
			if err := t.more(); err != nil {
				return 0, cutOff(err)
			}
		}
		switch c := t.buf[t.start+i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i, nil
		case c == '<':
			return 0, errors.New("a tag within a tag")
		}
	}
}

func (t *tokens) attributes(text []byte) error {
	for {
		trimmed := trimLeft(text)
		if len(trimmed) == 0 {
			return nil
		}
		if len(trimmed) == len(text) {
			return errors.New("attributes without a space between them")
		}
		name, rest, found := bytes.Cut(trimmed, []byte("="))
		name, rest = trimRight(name), trimLeft(rest)
		if !found || len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
			return fmt.Errorf("an attribute without a value in quotes: %.30q", trimmed)
		}
		if err := checkName(name); err != nil {
			return err
		}
		value, after, closed := bytes.Cut(rest[1:], rest[:1])
		if !closed || bytes.IndexByte(value, '<') >= 0 {
			return fmt.Errorf("the value of the attribute %q has no end", name)
		}
		value, err := readText(value)
		if err != nil {
			return err
		}
		t.token.attrs = append(t.token.attrs, attr{name, value})
		text = after
	}
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' }

// trimLeft and trimRight take XML's white space away. They stand in the place of
// bytes.TrimLeft, which makes its set anew each time: a tenth of the time.
func trimLeft(b []byte) []byte {
	for len(b) > 0 && isSpace(rune(b[0])) {
		b = b[1:]
	}
	return b
}

func trimRight(b []byte) []byte {
	for len(b) > 0 && isSpace(rune(b[len(b)-1])) {
		b = b[:len(b)-1]
	}
	return b
}

// checkName refuses what is no name that workbooks have: theirs are of ASCII.
func checkName(name []byte) error {
	begins := true
	for i, c := range name {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
			begins = false
		case !begins && (c >= '0' && c <= '9' || c == '-' || c == '.'):
		case !begins && c == ':' && bytes.IndexByte(name, ':') == i:
			begins = true
		default:
			return fmt.Errorf("%.30q is no name", name)
		}
	}
	if begins {
		return fmt.Errorf("%.30q is no name", name)
	}
	return nil
}

// checkCharacters refuses what no XML may hold.
func checkCharacters(text []byte) error {
	for _, c := range text {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return fmt.Errorf("it holds the control character %U", c)
		}
	}
	if !utf8.Valid(text) {
		return errors.New("it holds bytes that are not UTF-8")
	}
	if bytes.Contains(text, []byte("\uffff")) || bytes.Contains(text, []byte("\ufffe")) {
		return errors.New("it holds what is no character")
	}
	return nil
}

// unixLines returns text with line ends as XML has them.
func unixLines(text []byte) []byte {
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
}

// readText returns text with the characters in the place of their references,
// and line ends as XML has them.
func readText(text []byte) ([]byte, error) {
	if err := checkCharacters(text); err != nil {
		return nil, err
	}
	text = unixLines(text)
	at := bytes.IndexByte(text, '&')
	if at < 0 {
		return text, nil
	}
	out := text[:at:at]
	for rest := text[at:]; len(rest) > 0; {
		if rest[0] != '&' {
			n := bytes.IndexByte(rest, '&')
			if n < 0 {
				n = len(rest)
			}
			out = append(out, rest[:n]...)
			rest = rest[n:]
			continue
		}
		name, after, closed := bytes.Cut(rest[1:], []byte(";"))
		r, ok := referenced(name)
		if !closed || !ok {
			return nil, fmt.Errorf("%.12q is no reference that is known", rest)
		}
		out = utf8.AppendRune(out, r)
		rest = after
	}
	return out, nil
}

// referenced returns the character that a reference names.
func referenced(name []byte) (rune, bool) {
	switch string(name) {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, ok := bytes.CutPrefix(name, []byte("#"))
	if !ok || len(digits) > 8 {
		return 0, false
	}
	base := 10
	if hex, ok := bytes.CutPrefix(digits, []byte("x")); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	r := rune(n)
	valid := r == '\t' || r == '\n' || r == '\r' || r >= ' ' && utf8.ValidRune(r) && r != 0xfffe && r != 0xffff
	return r, err == nil && n <= utf8.MaxRune && valid
}
