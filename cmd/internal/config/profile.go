package config

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Profile says how one kind of inventory is read. A zero field is not set: it is
// found from each file.
type Profile struct {
	// Delimiter separates the cells of text.
	Delimiter byte
	// NoQuotes is true if text has no quoting.
	NoQuotes bool
	// Encoding is the encoding of text, a name that [sniff.ParseEncoding]
	// accepts.
	Encoding string
	// Sheet is the tab of a workbook, and Table a table in one; at most one of
	// them is set.
	Sheet string
	Table string
	// HeaderRow is the line of the heading, from 1.
	HeaderRow int
	// DateFormat is the format of dates, a name that [devices.ParseDateFormat]
	// accepts.
	DateFormat string
	// Columns are the headings of the fields.
	Columns map[devices.Field]string
	// Values are the meanings of cells; see [devices.ColumnOptions].
	Values map[devices.Field]map[string]string
}

// LoadProfile reads a profile. The error names every fault with its line, or
// says that the file could not be read.
func LoadProfile(path string) (Profile, error) {
	doc, err := readDocument(path)
	if err != nil {
		return Profile{}, fmt.Errorf("could not read the profile: %w", err)
	}
	return doc.profile()
}

// profileKeys are the keys of a profile.
var profileKeys = []string{"delimiter", "quote", "encoding", "sheet", "table", "header_row", "date_format", "columns", "values"}

// profile reads the document as a profile.
func (d document) profile() (Profile, error) {
	p := profileReader{faults: faults{path: d.path}}
	for _, k := range d.keys {
		switch k.name {
		case "delimiter":
			p.delimiter(k)
		case "quote":
			p.quote(k)
		case "encoding":
			p.encoding(k)
		case "sheet":
			p.Sheet, _ = p.text(k)
		case "table":
			if p.Table, _ = p.text(k); p.Sheet != "" {
				p.add(k.line, "table and sheet together: give only one of them; a table's name also determines its sheet")
			}
		case "header_row":
			p.headerRow(k)
		case "date_format":
			p.dateFormat(k)
		case "columns":
			p.columns(k)
		case "values":
			p.values(k)
		default:
			p.add(k.line, "%q is not a key of a profile: want one of %s%s", k.name, list(profileKeys), remarks.DidYouMean(k.name, profileKeys))
		}
	}
	if err := p.err(); err != nil {
		return Profile{}, err
	}
	return p.Profile, nil
}

// profileReader fills a profile and collects faults.
type profileReader struct {
	Profile
	faults
}

// text returns the value of a key, which must be text.
func (p *profileReader) text(k key) (text string, ok bool) {
	if text, ok = k.value.(string); !ok {
		p.wrongKind(k, `text in quotes`)
	}
	return text, ok
}

func (p *profileReader) delimiter(k key) {
	text, ok := p.text(k)
	if !ok {
		return
	}
	var err error
	if p.Delimiter, err = devices.ParseDelimiter(text); err != nil {
		p.add(k.line, "delimiter: %w", err)
	}
}

func (p *profileReader) quote(k key) {
	text, ok := p.text(k)
	if !ok {
		return
	}
	var err error
	if p.NoQuotes, err = devices.ParseQuote(text); err != nil {
		p.add(k.line, "quote: %w", err)
	}
}

func (p *profileReader) encoding(k key) {
	text, ok := p.text(k)
	if !ok {
		return
	}
	encoding, err := sniff.ParseEncoding(text)
	if err != nil {
		p.add(k.line, "encoding: %w", err)
	}
	p.Encoding = string(encoding)
}

func (p *profileReader) headerRow(k key) {
	n, ok := k.value.(int64)
	switch {
	case !ok:
		p.wrongKind(k, "the number of a line, from 1, without quotes")
	case n < 1 || n > math.MaxInt32:
		p.add(k.line, "header_row is %d: want the number of a line, from 1", n)
	}
	p.HeaderRow = int(n)
}

func (p *profileReader) dateFormat(k key) {
	text, ok := p.text(k)
	if !ok {
		return
	}
	format, err := devices.ParseDateFormat(text)
	if err != nil {
		p.add(k.line, "date_format: %w", err)
	}
	p.DateFormat = format.Name()
}

func (p *profileReader) columns(k key) {
	if !k.isTable() {
		p.wrongKind(k, `a table: [columns], and below it lines such as spec = "Meter Spec"`)
		return
	}
	p.Columns = map[devices.Field]string{}
	for _, column := range k.table {
		field, known := p.field(column)
		if heading, ok := p.text(column); known && ok {
			p.Columns[field] = heading
		}
	}
}

// field returns the field that a key names.
func (p *profileReader) field(k key) (field devices.Field, ok bool) {
	field, err := devices.ParseField(k.name)
	if err == nil {
		return field, true
	}
	var names []string
	for _, f := range devices.Fields() {
		names = append(names, f.String())
	}
	p.add(k.line, "%w%s", err, remarks.DidYouMean(k.name, names))
	return 0, false
}

func (p *profileReader) values(k key) {
	if !k.isTable() {
		p.wrongKind(k, `tables: [values.device_type], and below it lines such as "Elec Meter" = "ESME"`)
		return
	}
	p.Values = map[devices.Field]map[string]string{}
	for _, table := range k.table {
		field, ok := p.field(table)
		switch {
		case !ok:
		case field == devices.InstallDate:
			p.add(table.line, "install_date cannot have values, because a word does not mean a recorded date; correct the cells, or set date_format")
		case !table.isTable():
			p.wrongKind(table, fmt.Sprintf(`a table: [values.%s], and below it lines such as "cell" = "meaning"`, field))
		default:
			p.Values[field] = p.meanings(field, table)
		}
	}
}

// meanings reads the meanings of the cells of one field.
func (p *profileReader) meanings(field devices.Field, table key) map[string]string {
	meanings, lines := map[string]string{}, map[string]int{}
	for _, cell := range table.table {
		meaning, ok := p.text(cell)
		if !ok {
			continue
		}
		if err := readable(field, meaning); err != nil {
			p.add(cell.line, "values.%s: the meaning of %q cannot be read: %w", field, cell.name, err)
		}
		// Cells are compared in this form.
		name := strings.ToLower(strings.TrimSpace(cell.name))
		if line, twice := lines[name]; twice {
			p.add(cell.line, "values.%s: %q is already in line %d: cells are compared without case and outer spaces", field, cell.name, line)
		}
		meanings[cell.name], lines[name] = meaning, cell.line
	}
	return meanings
}

// readable returns why a judged field cannot be read from text, or nil. Blank
// text is a blank cell, which every field may have.
func readable(field devices.Field, text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	var err error
	switch field {
	case devices.DeviceType:
		_, err = devices.ParseDeviceType(text)
	case devices.Spec:
		// A bare version takes its family from each row's device type, so it is
		// enough if one kind of device can have it.
		if _, err = devices.ParseTSVersion(text, ivp.ESME); err != nil {
			if _, hub := devices.ParseTSVersion(text, ivp.CHF); hub == nil {
				return nil
			}
		}
	case devices.GBCS:
		_, err = devices.ParseGBCSVersion(text)
	}
	return err
}

// Write writes the profile as LoadProfile reads it. The keys have a fixed order,
// so that two profiles can be compared line by line. It fails if a text is not
// UTF-8, which TOML requires, and if w fails.
func (p Profile) Write(w io.Writer) error {
	text, err := p.Marshal()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// Marshal returns the text that Write writes.
func (p Profile) Marshal() ([]byte, error) {
	var t tomlText
	t.line("# How one kind of inventory is read: ivp check --profile takes this file.")
	if p.Delimiter != 0 {
		t.pair("delimiter", delimiterName(p.Delimiter))
	}
	if p.NoQuotes {
		t.pair("quote", "none")
	}
	for _, setting := range []struct{ name, text string }{{"encoding", p.Encoding}, {"sheet", p.Sheet}, {"table", p.Table}} {
		if setting.text != "" {
			t.pair(setting.name, setting.text)
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

// tomlText is TOML being written; err is the error of the first text that TOML
// does not allow.
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

// quoted returns text as a TOML string. Invisible characters are escaped, so that
// a person can see them in the file.
func (t *tomlText) quoted(text string) string {
	if !utf8.ValidString(text) && t.err == nil {
		t.err = fmt.Errorf("%q is not UTF-8, which a profile requires: read the file with the right --encoding, such as windows-1252", text)
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

// delimiterName returns the name of a delimiter that [devices.ParseDelimiter]
// accepts.
func delimiterName(delimiter byte) string {
	if delimiter == '\t' {
		return "tab"
	}
	return string(rune(delimiter))
}
