package config

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mp196/ivp/devices"
)

// Write writes the profile as LoadProfile reads it: its keys in one order,
// whoever wrote it first, so that two profiles can be compared line by line. It
// fails on text that is not UTF-8, which TOML cannot hold, and where w does.
func (p Profile) Write(w io.Writer) error {
	text, err := p.Marshal()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// Marshal returns what Write writes.
func (p Profile) Marshal() ([]byte, error) {
	var t tomlText
	t.line("# How one kind of inventory is read: ivp check --profile takes this file.")
	if p.Delimiter != 0 {
		t.pair("delimiter", delimiterName(p.Delimiter))
	}
	for _, said := range []struct{ name, text string }{{"encoding", p.Encoding}, {"sheet", p.Sheet}, {"table", p.Table}} {
		if said.text != "" {
			t.pair(said.name, said.text)
		}
	}
	if p.HeaderRow != 0 {
		t.line(fmt.Sprintf("header_row = %d", p.HeaderRow))
	}
	if p.DateFormat != "" {
		t.pair("date_format", p.DateFormat)
	}
	t.columns(p.Columns)
	t.values(p.Values)
	return []byte(t.String()), t.err
}

// tomlText is TOML as it is written; err is the first text that it cannot hold.
type tomlText struct {
	strings.Builder
	err error
}

func (t *tomlText) line(text string) { t.WriteString(text + "\n") }

func (t *tomlText) pair(name, value string) { t.line(name + " = " + t.quoted(value)) }

func (t *tomlText) columns(columns map[devices.Field]string) {
	if columns == nil {
		return
	}
	t.line("\n[columns] # field = heading")
	for _, field := range slices.Sorted(maps.Keys(columns)) {
		t.pair(field.String(), columns[field])
	}
}

func (t *tomlText) values(values map[devices.Field]map[string]string) {
	if values != nil && len(values) == 0 {
		t.line("\n[values]")
	}
	for _, field := range slices.Sorted(maps.Keys(values)) {
		t.line(fmt.Sprintf("\n[values.%s] # cell = what it means", field))
		for _, cell := range slices.Sorted(maps.Keys(values[field])) {
			t.pair(t.quoted(cell), values[field][cell])
		}
	}
}

// quoted returns text as a TOML string. What cannot be seen is escaped, so that
// a person reads in the file what is there.
func (t *tomlText) quoted(text string) string {
	if !utf8.ValidString(text) && t.err == nil {
		t.err = fmt.Errorf("%q is not UTF-8, which a profile cannot hold: read the file with the right --encoding, such as windows-1252", text)
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\n':
			b.WriteString(`\n`)
		case !unicode.IsPrint(r) || r == utf8.RuneError:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
