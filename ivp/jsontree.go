package ivp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// node is a JSON value with its line. A tree of nodes is needed because
// encoding/json accepts keys in any case, and duplicate keys.
type node struct {
	line    int
	kind    nodeKind
	text    string   // of a string, or of a number as written
	truth   bool     // of a boolean
	members []member // of an object, in order
	items   []*node  // of an array
}

type nodeKind uint8

const (
	nodeNull nodeKind = iota
	nodeNumber
	nodeString
	nodeBool
	nodeObject
	nodeArray
)

var nodeNames = [...]string{"null", "a number", "a string", "true or false", "an object", "an array"}

type member struct {
	key   string
	line  int
	value *node
}

// textOf returns the string or number of the first member with the key, "" if
// there is none.
func (n *node) textOf(key string) string {
	for _, m := range n.members {
		if m.key == key {
			return m.value.text
		}
	}
	return ""
}

// deepest is the greatest permitted depth of nesting. A rules file needs five.
const deepest = 16

type treeReader struct {
	data    []byte
	decoder *json.Decoder
	counted int // the number of bytes whose lines are counted
	line    int
}

// MostBytes is the greatest permitted size of a rules file, in bytes. The shipped
// file has 18 KB.
const MostBytes = 8 << 20

// readTree reads data as one JSON value.
func readTree(data []byte) (*node, *Fault) {
	if len(data) > MostBytes {
		return nil, &Fault{Code: "too-long", Line: 1, Problem: fmt.Sprintf("the file has more than %d MiB", MostBytes>>20),
			Want: "a rules file of some hundred lines", Do: "name the right file; nothing in it was checked"}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // editors on Windows write a byte order mark
	r := &treeReader{data: data, decoder: json.NewDecoder(bytes.NewReader(data)), line: 1}
	if !utf8.Valid(data) {
		return nil, r.at(invalidAt(data), Fault{Code: "not-utf8", Problem: "the file is not UTF-8", Want: "UTF-8", Do: "save it as UTF-8"})
	}
	// The tokens of the decoder accept some invalid JSON, such as a comma after
	// the last item, so Unmarshal checks the syntax first.
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return nil, r.syntax(err)
	}
	r.decoder.UseNumber()
	root, err := r.value(0)
	if err != nil {
		return nil, r.syntax(err)
	}
	return root, nil
}

// invalidAt returns the offset of the first byte that is not UTF-8.
func invalidAt(data []byte) int {
	at := 0
	for at < len(data) {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size < 2 {
			break
		}
		at += size
	}
	return at
}

// at returns the fault with the line of an offset.
func (r *treeReader) at(offset int, f Fault) *Fault {
	f.Line = 1 + bytes.Count(r.data[:min(offset, len(r.data))], []byte("\n"))
	return &f
}

var errTooDeep = fmt.Errorf("nested more than %d deep", deepest)

func (r *treeReader) syntax(err error) *Fault {
	offset := int(r.decoder.InputOffset())
	if errors.Is(err, errTooDeep) {
		return r.at(offset, Fault{Code: "too-deep", Problem: "this is " + err.Error(),
			Want: "a rules file, which nests five deep", Do: "remove the surplus brackets; nothing else was checked"})
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = max(0, int(syntax.Offset)-1) // syntax.Offset is that of the next byte
	}
	return r.at(offset, Fault{Code: "not-json", Problem: "this is not JSON: " + err.Error(), Want: "JSON", Do: "correct it first; nothing else was checked"})
}

// here returns the line of the last token.
func (r *treeReader) here() int {
	offset := int(r.decoder.InputOffset())
	r.line += bytes.Count(r.data[r.counted:offset], []byte("\n"))
	r.counted = offset
	return r.line
}

func (r *treeReader) value(depth int) (*node, error) {
	if depth > deepest {
		return nil, errTooDeep
	}
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	n := &node{line: r.here()}
	switch token := token.(type) {
	case string:
		n.kind, n.text = nodeString, token
	case json.Number:
		n.kind, n.text = nodeNumber, token.String()
	case bool:
		n.kind, n.truth = nodeBool, token
	case json.Delim:
		if token == '{' {
			n.kind = nodeObject
			return n, r.members(n, depth)
		}
		n.kind = nodeArray
		return n, r.items(n, depth)
	}
	return n, nil
}

func (r *treeReader) members(n *node, depth int) error {
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string)
		m := member{key: key, line: r.here()}
		if m.value, err = r.value(depth + 1); err != nil {
			return err
		}
		n.members = append(n.members, m)
	}
	_, err := r.decoder.Token()
	return err
}

func (r *treeReader) items(n *node, depth int) error {
	for r.decoder.More() {
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, err := r.decoder.Token()
	return err
}
