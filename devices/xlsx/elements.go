package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	deepest        = 1000 // elements within one another
	mostAttributes = 200
)

// elements walks through the elements of a part. It sees that every element is
// closed and that there is one root. Names are compared without their prefix:
// some programs write x:row.
type elements struct {
	tokens *tokens
	open   []string // names as they are written
	closed bool     // the element that began last is empty, and is to be closed
	known  map[string]string
}

// element is an element that has begun.
type element struct {
	name  string // without its prefix
	attrs []attr // valid until the next token is read
}

func newElements(r io.Reader) *elements {
	return &elements{tokens: newTokens(r), known: map[string]string{}}
}

// text of names and of types, of which a sheet has few, is kept once.
func (e *elements) intern(b []byte) string {
	if s, ok := e.known[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(e.known) < mostKnown {
		e.known[s] = s
	}
	return s
}

const mostKnown = 1000

// root returns the first element.
func (e *elements) root() (element, error) {
	start, ok, err := e.child()
	if err == nil && !ok {
		err = errors.New("it is empty")
	}
	return start, err
}

// end reads what follows the root, which may be no element. The checksum of the
// part is found at its end.
func (e *elements) end() error {
	_, ok, err := e.child()
	if err == nil && ok {
		err = errors.New("its XML is malformed: a second root")
	}
	return err
}

// child returns the next element within the one that is open. Not ok is the end
// of that one. Texts may not stand between elements: a value there would be
// lost.
func (e *elements) child() (start element, ok bool, err error) {
	for {
		token, err := e.next()
		if err != nil {
			return start, false, err
		}
		switch {
		case token == nil || token.kind == endTag:
			return start, false, nil
		case token.kind == startTag:
			return element{local(e.open[len(e.open)-1]), token.attrs}, true, nil
		case token.kind == charData:
			if text := bytes.TrimSpace(token.text); len(text) > 0 {
				return start, false, fmt.Errorf("its XML is malformed: %.30q stands where an element was expected", text)
			}
		}
	}
}

// skip passes over the rest of the open element.
func (e *elements) skip() error {
	outside := len(e.open) - 1
	for len(e.open) > outside {
		if _, err := e.next(); err != nil {
			return err
		}
	}
	return nil
}

// text appends the text of the open element, without that of elements within.
func (e *elements) text(to []byte) ([]byte, error) {
	inside := len(e.open)
	for len(e.open) >= inside {
		token, err := e.next()
		if err != nil {
			return to, err
		}
		if token != nil && token.kind == charData && len(e.open) == inside {
			to = append(to, token.text...)
		}
		if len(to) > mostToken {
			return to, errLongToken
		}
	}
	return to, nil
}

var emptyElementEnds = token{kind: endTag}

// next returns the next token, and nil at the end of a part that is whole.
func (e *elements) next() (*token, error) {
	if e.closed {
		e.closed = false
		e.open = e.open[:len(e.open)-1]
		return &emptyElementEnds, nil
	}
	token, err := e.tokens.next()
	if err == io.EOF {
		return nil, e.whole()
	}
	if err != nil {
		return nil, e.damaged(err)
	}
	switch token.kind {
	case startTag:
		return token, e.begin(token)
	case endTag:
		return token, e.close(token)
	}
	return token, nil
}

func (e *elements) whole() error {
	if n := len(e.open); n > 0 {
		return fmt.Errorf("it breaks off: want </%s>", local(e.open[n-1]))
	}
	return nil
}

// damaged says what is wrong: the archive is where its checksum tells so, and
// else the XML.
func (e *elements) damaged(err error) error {
	switch {
	case errors.Is(err, errLongToken):
		return err
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat):
		return fmt.Errorf("the file is damaged: %w", err)
	case err == io.ErrUnexpectedEOF:
		return fmt.Errorf("it breaks off: %w", err)
	case e.tokens.err != nil && e.tokens.err != io.EOF && errors.Is(err, e.tokens.err):
		return err // of the file, not of what it holds
	}
	return fmt.Errorf("its XML is malformed: %w", err)
}

func (e *elements) begin(start *token) error {
	if len(e.open) == deepest || len(start.attrs) > mostAttributes {
		return fmt.Errorf("its XML is malformed: more than %d elements within one another, or more than %d attributes", deepest, mostAttributes)
	}
	for i, a := range start.attrs {
		for _, b := range start.attrs[:i] {
			if bytes.Equal(a.name, b.name) {
				return fmt.Errorf("its XML is malformed: <%s> has two attributes %q", start.name, a.name)
			}
		}
	}
	e.open = append(e.open, e.intern(start.name))
	e.closed = start.closed
	return nil
}

func (e *elements) close(end *token) error {
	n := len(e.open)
	if n == 0 {
		return fmt.Errorf("its XML is malformed: </%s> closes nothing", end.name)
	}
	if want := e.open[n-1]; want != string(end.name) {
		return fmt.Errorf("its XML is malformed: </%s> where </%s> was expected", end.name, want)
	}
	e.open = e.open[:n-1]
	return nil
}

// local is a name without its prefix.
func local(name string) string { return name[strings.IndexByte(name, ':')+1:] }

// attribute returns an attribute without a prefix, or nothing where there is
// none.
func (e element) attribute(name string) []byte {
	for _, a := range e.attrs {
		if string(a.name) == name {
			return a.value
		}
	}
	return nil
}
