package records

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonSource reads JSON Lines or a document.
type jsonSource struct {
	in    *bufio.Reader
	lines bool // else it is found out by the first line
	line  int
	// decoder reads a document; it is nil for lines.
	decoder *json.Decoder
	limit   *limited
	begun   bool
	array   bool
	count   int

	raw     []byte
	rec     record
	keys    []key
	devices []record // those of the last object that are not returned yet
	err     error
}

func newJSONSource(r io.Reader, lines bool) *jsonSource {
	return &jsonSource{in: bufio.NewReaderSize(r, 64<<10), lines: lines}
}

func (s *jsonSource) next() (*record, error) {
	for len(s.devices) == 0 {
		if s.err != nil {
			return nil, s.err
		}
		text, err := s.text()
		if err != nil {
			s.err = err
			return nil, err
		}
		if text != nil {
			s.read(text)
		}
	}
	s.rec, s.devices = s.devices[0], s.devices[1:]
	return &s.rec, nil
}

// text returns the text of the next value, and nil for a blank line.
func (s *jsonSource) text() ([]byte, error) {
	if s.decoder != nil {
		return s.element()
	}
	line, err := s.readLine()
	if err != nil {
		return nil, err
	}
	if s.line == 1 {
		line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
	}
	if len(bytes.TrimSpace(line)) == 0 {
		return nil, nil
	}
	if !s.lines {
		if bytes.HasPrefix(bytes.TrimSpace(line), []byte(`{"rows":`)) {
			return nil, errors.New(`this is a report in JSON, which has its rows within one object: write it as JSON Lines (.jsonl), which can be read again`)
		}
		if object := bytes.TrimSpace(line); object[0] != '{' || !json.Valid(object) {
			s.limit = newLimited(io.MultiReader(bytes.NewReader(bytes.TrimSpace(bytes.Clone(line))), s.in))
			s.decoder = json.NewDecoder(s.limit)
			return s.element()
		}
		s.lines = true
	}
	return line, nil
}

// readLine returns the next line without its end.
func (s *jsonSource) readLine() ([]byte, error) {
	s.raw = s.raw[:0]
	for {
		part, err := s.in.ReadSlice('\n')
		s.raw = append(s.raw, part...)
		switch {
		case len(s.raw) > mostOfRecord:
			return nil, fmt.Errorf("line %d: %w", s.line+1, errLongRecord)
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(s.raw) > 0, err == nil:
			s.line++
			line := bytes.TrimSuffix(s.raw, []byte("\n"))
			return bytes.TrimSuffix(line, []byte("\r")), nil
		}
		return nil, err
	}
}

// element returns the next value of a document.
func (s *jsonSource) element() ([]byte, error) {
	s.limit.left = mostOfRecord
	if !s.begun {
		s.begun = true
		if first, err := s.limit.r.Peek(1); err == nil && first[0] == '[' {
			s.array = true
		}
		if s.array {
			if _, err := s.decoder.Token(); err != nil {
				return nil, s.fault(err)
			}
		}
	}
	if s.array && !s.decoder.More() {
		if _, err := s.decoder.Token(); err != nil {
			return nil, s.fault(err)
		}
		if _, err := s.decoder.Token(); err != io.EOF {
			return nil, errors.New("there is text after the end of the array of objects: give one array, or JSON Lines, an object on each line")
		}
		return nil, io.EOF
	}
	var value json.RawMessage
	if err := s.decoder.Decode(&value); err != nil {
		if err == io.EOF && !s.array {
			return nil, io.EOF
		}
		return nil, s.fault(err)
	}
	return value, nil
}

func (s *jsonSource) fault(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("the JSON ends after %d bytes within a value: it is cut off; copy or export it again", s.decoder.InputOffset())
	}
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return fmt.Errorf("not JSON at byte %d: %w; an array of objects was expected, or JSON Lines, an object on each line", syntax.Offset, syntax)
	}
	return err
}

// read reads one value, which is one record, or one for each of its devices.
func (s *jsonSource) read(text []byte) {
	s.devices = s.devices[:0]
	s.count++
	number := s.line
	if s.decoder != nil {
		number = s.count
	}
	bad := func(reason string) {
		s.devices = append(s.devices, record{number: number, bad: reason, raw: bytes.TrimSpace(text)})
	}
	keys, reason := objectKeys(text, s.keys[:0])
	if s.keys = keys; reason != "" {
		bad(reason)
		return
	}
	if row, ok, reason := readOwn(keys); ok || reason != "" {
		if reason != "" {
			bad(reason)
			return
		}
		if row.number = number; row.bad == "" {
			row.raw = text
		}
		s.devices = append(s.devices, row)
		return
	}
	for i, k := range keys {
		if k.name != "devices" {
			continue
		}
		elements := arrayOfObjects(k.value)
		for _, element := range elements {
			s.nested(keys, i, element, number, text)
		}
		if elements != nil {
			return
		}
	}
	fields, reason := flatFields(keys, nil)
	if reason != "" {
		bad(reason)
		return
	}
	s.devices = append(s.devices, record{number: number, fields: fields, raw: text})
}

// nested adds a record for an element of devices: its keys, after those of the object
// around it.
func (s *jsonSource) nested(around []key, at int, element []byte, number int, text []byte) {
	own, reason := objectKeys(element, nil)
	if reason == "" {
		keys := append(append(append([]key(nil), around[:at]...), around[at+1:]...), own...)
		var fields []field
		if fields, reason = flatFields(keys, nil); reason == "" {
			s.devices = append(s.devices, record{number: number, fields: fields, raw: element})
			return
		}
	}
	s.devices = append(s.devices, record{number: number, bad: reason, raw: element})
}

// key is a key of an object with its value as JSON.
type key struct {
	name  string
	value []byte
}

// objectKeys returns the keys of an object in their order, and a reason if the text is
// not an object.
func objectKeys(text []byte, keys []key) ([]key, string) {
	text = bytes.TrimSpace(text)
	if !json.Valid(text) {
		err := json.Unmarshal(text, new(json.RawMessage))
		return keys, fmt.Sprintf("not JSON (%v): correct it, or export it again", err)
	}
	if text[0] != '{' {
		return keys, `not an object: give each device as an object, such as {"spec":"SMETS2 v4.2"}`
	}
	at := skipSpace(text, 1)
	for text[at] != '}' {
		end := valueEnd(text, at)
		name, ok := unquote(text[at:end])
		if !ok {
			return keys, "a key has half of a character (a surrogate without its pair): export it again"
		}
		at = skipSpace(text, skipSpace(text, end)+1) // past the colon
		end = valueEnd(text, at)
		keys = append(keys, key{name, text[at:end]})
		if at = skipSpace(text, end); text[at] == ',' {
			at = skipSpace(text, at+1)
		}
	}
	return keys, ""
}

// The next functions read valid JSON.

func skipSpace(text []byte, at int) int {
	for text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n' {
		at++
	}
	return at
}

// valueEnd returns the end of the value that begins at at.
func valueEnd(text []byte, at int) int {
	depth := 0
	for ; at < len(text); at++ {
		switch text[at] {
		case '"':
			for at++; text[at] != '"'; at++ {
				if text[at] == '\\' {
					at++
				}
			}
			if depth == 0 {
				return at + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return at
			}
			if depth--; depth == 0 {
				return at + 1
			}
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return at
			}
		}
	}
	return at
}

// elements appends the elements of an array.
func elements(array []byte, to [][]byte) [][]byte {
	for at := skipSpace(array, 1); array[at] != ']'; {
		end := valueEnd(array, at)
		to = append(to, array[at:end])
		if at = skipSpace(array, end); array[at] == ',' {
			at = skipSpace(array, at+1)
		}
	}
	return to
}

// arrayOfObjects returns the elements of an array that has only objects, and at least
// one; else nil.
func arrayOfObjects(value []byte) [][]byte {
	if value[0] != '[' {
		return nil
	}
	all := elements(value, nil)
	for _, element := range all {
		if element[0] != '{' {
			return nil
		}
	}
	return all
}

// flatFields returns the text of each value. A key that occurs twice is a reason.
func flatFields(keys []key, fields []field) ([]field, string) {
	seen := make(map[string]bool, len(keys))
	for _, k := range keys {
		if seen[k.name] {
			return nil, fmt.Sprintf("the key %q occurs twice: keep the right one", clipped(k.name))
		}
		seen[k.name] = true
		text, ok := cellText(k.value)
		if !ok {
			return nil, fmt.Sprintf("the value of %q has half of a character (a surrogate without its pair): export it again", clipped(k.name))
		}
		fields = append(fields, field{column{k.name, 0}, text})
	}
	return fields, ""
}

func clipped(name string) string {
	const most = 60
	n := 0
	for at := range name {
		if n++; n > most {
			return name[:at] + "…"
		}
	}
	return name
}

// cellText returns the cell of a value: the text of a string, nothing for null, and any
// other value as it is written, an object or array without the spaces around its parts.
func cellText(value []byte) (text string, ok bool) {
	switch value[0] {
	case '"':
		return unquote(value)
	case 'n':
		return "", true
	case '{', '[':
		var compact bytes.Buffer
		if err := json.Compact(&compact, value); err == nil {
			return compact.String(), true
		}
	}
	return string(value), true
}

// unquote returns the text of a JSON string. Bytes that are not UTF-8 stay as they are.
// ok is false if an escape is half of a surrogate pair.
func unquote(quoted []byte) (text string, ok bool) {
	inner := quoted[1 : len(quoted)-1]
	at := bytes.IndexByte(inner, '\\')
	if at < 0 {
		return string(inner), true
	}
	var b strings.Builder
	for at >= 0 {
		b.Write(inner[:at])
		escape := inner[at+1]
		inner = inner[at+2:]
		switch escape {
		case 'u':
			r := hexRune(inner)
			inner = inner[4:]
			if utf16.IsSurrogate(r) {
				if len(inner) < 6 || inner[0] != '\\' || inner[1] != 'u' {
					return "", false
				}
				if r = utf16.DecodeRune(r, hexRune(inner[2:])); r == utf8.RuneError {
					return "", false
				}
				inner = inner[6:]
			}
			b.WriteRune(r)
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		default:
			b.WriteByte(escape)
		}
		at = bytes.IndexByte(inner, '\\')
	}
	b.Write(inner)
	return b.String(), true
}

func hexRune(digits []byte) rune {
	n, _ := strconv.ParseUint(string(digits[:4]), 16, 16)
	return rune(n)
}

// ownRow is what a row that ivp wrote as JSON has besides its cells.
type ownRow struct {
	line  int     // 0 if the row has none, or is one of several inputs
	added []field // the answer, by the names of columns
	bad   bool    // the row did not fit its heading
}

// readOwn reads a row that ivp wrote: an object with the cells in "input", or the text
// of a malformed row in "raw". ok is false for any other object.
func readOwn(keys []key) (row record, ok bool, reason string) {
	var input, raw []byte
	own := &ownRow{}
	several := false
	for _, k := range keys {
		switch k.name {
		case "input":
			input = k.value
		case "raw":
			raw = k.value
		case "reason":
			own.bad = string(k.value) == `"bad-row"`
		case "line":
			own.line, _ = strconv.Atoi(string(k.value))
		case "file":
			several = true
		}
	}
	if several {
		own.line = 0
	}
	if input == nil && (raw == nil || raw[0] != '"' || !own.bad) {
		return record{}, false, ""
	}
	row = record{own: own}
	if input != nil {
		if input[0] != '[' {
			return record{}, false, ""
		}
		nth := map[string]int{}
		var pair [][]byte
		for _, text := range elements(input, nil) {
			if text[0] != '[' {
				return record{}, false, ""
			}
			if pair = elements(text, pair[:0]); len(pair) != 2 || pair[0][0] != '"' || pair[1][0] != '"' {
				return record{}, false, ""
			}
			heading, headingOK := unquote(pair[0])
			text, textOK := unquote(pair[1])
			if !headingOK || !textOK {
				return record{}, false, "a cell has half of a character (a surrogate without its pair): export it again"
			}
			row.fields = append(row.fields, field{column{heading, nth[heading]}, text})
			nth[heading]++
		}
	}
	for _, k := range keys {
		switch k.name {
		case "file", "line", "input", "raw":
		default:
			own.add("ivp_"+k.name, k.value)
		}
	}
	if input == nil {
		text, ok := unquote(raw)
		if !ok {
			return record{}, false, "the row has half of a character (a surrogate without its pair): export it again"
		}
		row.bad, row.raw = "the row could not be read when it was first checked: correct it", []byte(text)
	}
	return row, true, ""
}

// add adds a part of the answer; those of an object and of an array have no columns of
// their own in CSV, where they are joined.
func (o *ownRow) add(name string, value []byte) {
	if value[0] == '{' {
		keys, _ := objectKeys(value, nil)
		for _, k := range keys {
			o.add(name+"_"+k.name, k.value)
		}
		return
	}
	text, _ := cellText(value)
	o.added = append(o.added, field{column{name, 0}, text})
}
