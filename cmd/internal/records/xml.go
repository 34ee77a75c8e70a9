package records

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The elements of a Read Inventory response that matter here. The elements of a device
// are its columns, whatever their names.
const (
	inventoryElement = "DSPInventory"
	deviceElement    = "Device"
)

// mostDepth is the deepest nesting of elements that is read.
const mostDepth = 64

// xmlSource reads the devices of a Read Inventory response. It declares no entities, so
// that nothing in the text can grow.
type xmlSource struct {
	limit   *limited
	decoder *xml.Decoder
	path    []string // of the open elements
	ended   bool     // the last of them has ended
	found   bool     // an inventory
	count   int
	rec     record
}

func newXMLSource(r io.Reader) *xmlSource {
	limit := newLimited(r)
	s := &xmlSource{limit: limit, decoder: xml.NewDecoder(limit)}
	s.decoder.CharsetReader = func(charset string, text io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(charset), "utf-16") { // it has been decoded
			return text, nil
		}
		return nil, fmt.Errorf("the encoding %q is not read: save the file in UTF-8", charset)
	}
	return s
}

func (s *xmlSource) next() (*record, error) {
	for {
		s.limit.left = mostOfRecord
		token, err := s.token()
		switch {
		case err == io.EOF && !s.found:
			return nil, errors.New("the XML has no <DSPInventory>: the response of the DCC to Read Inventory was expected; export anything else as CSV")
		case err != nil:
			return nil, err
		}
		if start, ok := token.(xml.StartElement); ok {
			s.found = s.found || start.Name.Local == inventoryElement
			if start.Name.Local == deviceElement && len(s.path) > 1 && s.path[len(s.path)-2] == inventoryElement {
				return s.device(start)
			}
		}
	}
}

// token reads a token, and keeps the path of the open elements: the path of an element
// that ends still has it.
func (s *xmlSource) token() (xml.Token, error) {
	if s.ended {
		s.path, s.ended = s.path[:len(s.path)-1], false
	}
	token, err := s.decoder.Token()
	if err != nil {
		return nil, s.fault(err)
	}
	switch token := token.(type) {
	case xml.StartElement:
		if s.path = append(s.path, token.Name.Local); len(s.path) > mostDepth {
			return nil, fmt.Errorf("line %d: the elements are nested more than %d deep, which those of an inventory are not", s.line(), mostDepth)
		}
	case xml.EndElement:
		s.ended = true
	case xml.Directive:
		return nil, fmt.Errorf("line %d: a document type is not read: an inventory of the DCC has none", s.line())
	}
	return token, nil
}

func (s *xmlSource) line() int {
	line, _ := s.decoder.InputPos()
	return line
}

func (s *xmlSource) fault(err error) error {
	if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) {
		if syntax.Msg == "unexpected EOF" {
			return fmt.Errorf("line %d: the XML ends within an element: it is cut off; copy or export it again", syntax.Line)
		}
		return fmt.Errorf("line %d: not XML: %s", syntax.Line, syntax.Msg)
	}
	return err
}

// device reads a device to its end. An element inside an element has the names of both,
// and one that occurs several times has all its texts in one cell.
func (s *xmlSource) device(start xml.StartElement) (*record, error) {
	s.count++
	s.rec = record{number: s.count}
	depth := len(s.path)
	for _, a := range start.Attr {
		s.add("@"+a.Name.Local, a.Value)
	}
	var text strings.Builder
	leaf, elements := false, 0
	for !s.ended || len(s.path) > depth {
		token, err := s.token()
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if elements++; elements > mostColumns {
				return nil, fmt.Errorf("line %d: a device has more than %d elements, which no device has", s.line(), mostColumns)
			}
			text.Reset()
			leaf = true
		case xml.CharData:
			text.Write(token)
		case xml.EndElement:
			if leaf {
				s.add(strings.Join(s.path[depth:], "/"), text.String())
			}
			leaf = false
		}
	}
	return &s.rec, nil
}

func (s *xmlSource) add(name, text string) {
	i := slices.IndexFunc(s.rec.fields, func(f field) bool { return f.name == name })
	if i < 0 {
		s.rec.fields = append(s.rec.fields, field{column{name, 0}, text})
		return
	}
	s.rec.fields[i].text += ";" + text
}
