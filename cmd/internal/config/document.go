// Package config reads the files that say what a user would otherwise say on
// the command line every time: a profile, how one kind of inventory is read;
// and a configuration, the flags of a command.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/BurntSushi/toml"
)

// document is a TOML file taken apart, with the line of every key.
type document struct {
	path string
	keys []key
}

// key is a key of a table and what it holds: a value, or keys of its own where
// it is a table.
type key struct {
	name  string
	line  int
	value any // string, int64, bool, float64, time.Time, []any, or []map[string]any
	table []key
}

// isTable reports whether the key stands for a table.
func (k key) isTable() bool { return k.value == nil }

// readDocument reads a file and takes it apart. It fails where the file cannot
// be read or is not TOML.
func readDocument(path string) (document, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return document{}, err
	}
	return parseDocument(path, string(text))
}

func parseDocument(path, text string) (document, error) {
	var root map[string]toml.Primitive
	meta, err := toml.Decode(text, &root)
	var syntax toml.ParseError
	switch {
	case errors.As(err, &syntax):
		return document{}, fmt.Errorf("%s:%d: this is not TOML: %s; want lines such as sheet = \"Stock\"", path, syntax.Position.Line, syntax.Message)
	case err != nil:
		return document{}, fmt.Errorf("%s: %w", path, err)
	}
	keys, err := keysOf(meta, root)
	if err != nil {
		return document{}, fmt.Errorf("%s: %w", path, err)
	}
	return document{path, keys}, nil
}

// keysOf returns the keys of a table in the order of their lines.
func keysOf(meta toml.MetaData, table map[string]toml.Primitive) ([]key, error) {
	var keys []key
	for name, held := range table {
		k := key{name: name, line: lineOf(meta, held)}
		if err := meta.PrimitiveDecode(held, &k.value); err != nil {
			return nil, err
		}
		if _, ok := k.value.(map[string]any); ok {
			var inner map[string]toml.Primitive
			if err := meta.PrimitiveDecode(held, &inner); err != nil {
				return nil, err
			}
			var err error
			if k.table, err = keysOf(meta, inner); err != nil {
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

// lineOf returns the line of a value. The library tells the place of a value
// only in the error of one that refuses to be decoded.
func lineOf(meta toml.MetaData, held toml.Primitive) int {
	var refused toml.ParseError
	if errors.As(meta.PrimitiveDecode(held, &refusing{}), &refused) {
		return refused.Position.Line
	}
	return 0
}

// refusing is a value that refuses to be decoded.
type refusing struct{}

// UnmarshalTOML refuses.
func (*refusing) UnmarshalTOML(any) error { return errors.ErrUnsupported }

// kind names what a key holds, for messages.
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
