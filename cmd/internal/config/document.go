// Package config reads files of settings: a profile says how one kind of
// inventory is read, a configuration sets the flags of a command, and waivers say
// which rows may pass.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/mp196/ivp/cmd/internal/input"
)

// document is a parsed TOML file, with the line of every key.
type document struct {
	path string
	keys []key
}

// key is a key of a table with its value or, if it is a table, its keys.
type key struct {
	name  string
	line  int
	value any // string, int64, bool, float64, time.Time, []any, or []map[string]any
	table []key
}

// isTable reports whether the key is a table.
func (k key) isTable() bool { return k.value == nil }

// readDocument reads and parses a file. It fails if the file cannot be read or is
// not TOML.
func readDocument(path string) (document, error) {
	text, err := readText(path)
	if err != nil {
		return document{}, err
	}
	return parseDocument(path, text)
}

// readText reads a file. It fails if the file is too long.
func readText(path string) (string, error) {
	text, err := input.ReadFile(path, mostText+1)
	if err == nil && len(text) > mostText {
		err = fmt.Errorf("%s: more than %d KiB, where a file of some lines was expected: name the right file", path, mostText>>10)
	}
	return string(text), err
}

const (
	// mostText is the greatest size of a file in bytes: a profile with a thousand
	// meanings has about 50,000, a thousand waivers about 200,000.
	mostText = 512 << 10
	// mostKeys is the greatest number of keys in a document: to find the line of
	// each, the library scans the whole text.
	mostKeys = 5000
	// deepest is the greatest depth to which keys and arrays may nest; no valid
	// key has more than three parts. The library's memory grows with the square
	// of the depth.
	deepest = 16
)

func parseDocument(path, text string) (document, error) {
	if line := tooDeep(text); line > 0 {
		return document{}, fmt.Errorf("%s:%d: keys, tables and arrays nest more than %d deep: want lines such as sheet = \"Stock\"", path, line, deepest)
	}
	var root map[string]toml.Primitive
	meta, err := toml.Decode(text, &root)
	var syntax toml.ParseError
	switch {
	case errors.As(err, &syntax):
		return document{}, fmt.Errorf("%s:%d: this is not TOML: %s; want lines such as sheet = \"Stock\"", path, syntax.Position.Line, syntax.Message)
	case err != nil:
		return document{}, fmt.Errorf("%s: %w", path, err)
	}
	found := 0
	keys, err := keysOf(meta, root, &found)
	if err != nil {
		return document{}, fmt.Errorf("%s: %w", path, err)
	}
	return document{path, keys}, nil
}

// tooDeep returns the line in which a text nests too deep, by the dots of a key
// or by brackets, or 0. The text need not be valid TOML.
func tooDeep(text string) int {
	dots, brackets := 0, 0
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '"', '\'':
			at = stringEnd(text, at)
		case '#':
			at += max(0, strings.IndexByte(text[at:], '\n')-1)
		case '.':
			dots++
		case '[', '{':
			brackets++
		case ']', '}':
			brackets, dots = max(0, brackets-1), 0
		case '=', ',', '\n':
			dots = 0
		}
		if dots+brackets > deepest {
			return 1 + strings.Count(text[:min(at, len(text))], "\n")
		}
	}
	return 0
}

// stringEnd returns the end of the string that begins with the quote at a
// position: its last quote, or the end of its line or of the text.
func stringEnd(text string, at int) int {
	quote := text[at : at+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(text[at:], triple) {
		quote, at = triple, at+2
	}
	for at++; at < len(text); at++ {
		switch {
		case quote[0] == '"' && text[at] == '\\':
			at++
		case strings.HasPrefix(text[at:], quote):
			return at + len(quote) - 1
		case len(quote) == 1 && text[at] == '\n':
			return at
		}
	}
	return at
}

// keysOf returns the keys of a table in the order of their lines, and adds their
// number to found.
func keysOf(meta toml.MetaData, table map[string]toml.Primitive, found *int) ([]key, error) {
	var keys []key
	if *found += len(table); *found > mostKeys {
		return nil, fmt.Errorf("more than %d keys, where a file of some lines was expected: leave out what no inventory needs", mostKeys)
	}
	for name, primitive := range table {
		k := key{name: name, line: lineOf(meta, primitive)}
		if err := meta.PrimitiveDecode(primitive, &k.value); err != nil {
			return nil, err
		}
		if _, ok := k.value.(map[string]any); ok {
			var inner map[string]toml.Primitive
			if err := meta.PrimitiveDecode(primitive, &inner); err != nil {
				return nil, err
			}
			var err error
			if k.table, err = keysOf(meta, inner, found); err != nil {
				return nil, err
			}
			k.value = nil
			if k.line == 0 && len(k.table) > 0 { // only its keys are written, as in columns.spec = "…"
				k.line = k.table[0].line
			}
		}
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.name, b.name)) })
	return keys, nil
}

// lineOf returns the line of a value. The library gives the line only in the
// error of a value that cannot be decoded.
func lineOf(meta toml.MetaData, primitive toml.Primitive) int {
	var refused toml.ParseError
	if errors.As(meta.PrimitiveDecode(primitive, &refusing{}), &refused) {
		return refused.Position.Line
	}
	return 0
}

// refusing is a value that cannot be decoded.
type refusing struct{}

// UnmarshalTOML always fails.
func (*refusing) UnmarshalTOML(any) error { return errors.ErrUnsupported }

// kind names the kind of a key's value, for messages.
func (k key) kind() string {
	switch k.value.(type) {
	case nil:
		return "a table"
	case string:
		return "text"
	case int64:
		return "a whole number"
	case bool:
		return "true or false"
	case float64:
		return "a number"
	case []any, []map[string]any:
		return "an array"
	}
	return "a date or time"
}

// faults collects what is wrong with a file, so that all of it is reported at
// once.
type faults struct {
	path string
	all  []fault
}

type fault struct {
	line int
	err  error
}

// add adds a fault of a line.
func (f *faults) add(line int, format string, args ...any) {
	f.all = append(f.all, fault{line, fmt.Errorf(format, args...)})
}

// err returns all faults, each with the file and the line, in the order of the
// lines; nil if there are none.
func (f *faults) err() error {
	slices.SortStableFunc(f.all, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	var errs []error
	for _, fault := range f.all {
		errs = append(errs, fmt.Errorf("%s:%d: %w", f.path, fault.line, fault.err))
	}
	return errors.Join(errs...)
}

// wrongKind adds the fault that a key has the wrong kind of value.
func (f *faults) wrongKind(k key, want string) {
	f.add(k.line, "%s is %s: want %s", k.name, k.kind(), want)
}

func list(words []string) string { return strings.Join(words, ", ") }
