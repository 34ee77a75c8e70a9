package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

const (
	deepest        = 1000 // elements within one another
	mostAttributes = 200
)

// elements walks through the elements of a part. It takes the decoder's raw
// tokens, for they cost half of what the others do, so it is for this type to
// see that every element is closed and that there is one root. Names are
// compared without their prefix: some programs write x:row.
type elements struct {
	from    *source
	decoder *xml.Decoder
	open    []xml.Name
	rooted  bool
}

func newElements(r io.Reader) *elements {
	from := &source{r: r}
	decoder := xml.NewDecoder(from)
	decoder.CharsetReader = onlyUTF8
	return &elements{from: from, decoder: decoder}
}

// root returns the first element.
func (e *elements) root() (xml.StartElement, error) {
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
func (e *elements) child() (start xml.StartElement, ok bool, err error) {
	for {
		token, err := e.next()
		if err != nil {
			return start, false, err
		}
		switch token := token.(type) {
		case nil, xml.EndElement:
			return start, false, nil
		case xml.StartElement:
			return token, true, nil
		case xml.CharData:
			if text := bytes.TrimSpace(token); len(text) > 0 {
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
		if text, ok := token.(xml.CharData); ok && len(e.open) == inside {
			to = append(to, text...)
		}
		if len(to) > mostToken {
			return to, errLongToken
		}
	}
	return to, nil
}

// next returns the next token, and nil at the end of a part that is whole.
func (e *elements) next() (xml.Token, error) {
	e.from.left = mostToken
	token, err := e.decoder.RawToken()
	if err == io.EOF {
		return nil, e.whole()
	}
	if err != nil {
		return nil, e.damaged(err)
	}
	switch token := token.(type) {
	case xml.StartElement:
		return token, e.begin(token)
	case xml.EndElement:
		return token, e.close(token)
	case xml.CharData:
		if len(e.open) == 0 {
			return xml.CharData(bytes.TrimPrefix(token, []byte("\ufeff"))), nil
		}
	}
	return token, nil
}

func (e *elements) whole() error {
	if n := len(e.open); n > 0 {
		return fmt.Errorf("it breaks off: want </%s>", e.open[n-1].Local)
	}
	return nil
}

// damaged says what is wrong: the archive is where its checksum tells so, and
// else the XML.
func (e *elements) damaged(err error) error {
	syntax := (*xml.SyntaxError)(nil)
	switch {
	case errors.Is(err, errLongToken):
		return err
	case errors.As(err, &syntax) && len(e.open) > 0 && syntax.Msg == "unexpected EOF":
		return fmt.Errorf("it breaks off: %w", err)
	case errors.As(err, &syntax):
		return fmt.Errorf("its XML is malformed: %w", err)
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the file is damaged: %w", err)
	}
	return err
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

func (e *elements) close(end xml.EndElement) error {
	n := len(e.open)
	if n == 0 {
		return fmt.Errorf("its XML is malformed: </%s> closes nothing", end.Name.Local)
	}
	if want := e.open[n-1]; want != end.Name {
		return fmt.Errorf("its XML is malformed: </%s> where </%s> was expected", end.Name.Local, want.Local)
	}
	e.open = e.open[:n-1]
	return nil
}

// attribute returns an attribute without a prefix, or "" where there is none.
func attribute(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}
