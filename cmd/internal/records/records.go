// Package records reads inventories that are not tables: JSON Lines, JSON documents
// and the XML of the DCC's Read Inventory response. It returns them as the CSV that
// package devices reads with [devices.ReaderOptions.Records].
//
// An input is read twice. [Survey] finds the columns, because a later record may have
// keys that the first one does not have. [Table.CSV] then returns the rows.
package records

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/sniff"
)

// Form is the form of an input. The zero value is not a form that this package reads.
type Form uint8

// The forms.
const (
	// Lines is JSON Lines: an object on each line.
	Lines Form = iota + 1
	// JSON is JSON Lines or a document, whichever the first line shows: an array of
	// objects, or objects one after another.
	JSON
	// XML is a Read Inventory response.
	XML
)

// FormOf returns the form of a file by its name and its first bytes.
func FormOf(name string, head sniff.Head) Form {
	if _, plain := compress.Of(name); plain != "" {
		name = plain
	}
	ext := strings.ToLower(filepath.Ext(name))
	switch {
	case head.IsXML():
		return XML
	case head.Foreign().Name != "" && !head.IsJSON():
		return 0
	case ext == ".jsonl", ext == ".ndjson":
		return Lines
	case head.IsJSON():
		return JSON
	}
	return 0
}

// String returns the name of the form for messages.
func (f Form) String() string {
	switch f {
	case Lines:
		return "JSON Lines"
	case JSON:
		return "JSON"
	case XML:
		return "XML"
	}
	return ""
}

// mostOfRecord is the longest record, in bytes.
const mostOfRecord = 16 << 20

// mostColumns is the number of different keys that an input may have.
const mostColumns = 4096

// record is one record of an input.
type record struct {
	number int // the line, or the number of the record if records are not on lines
	fields []field
	bad    string // why it cannot be read as a device; empty if it can
	raw    []byte // of a bad record
	// own is set for a row that ivp wrote as JSON.
	own *ownRow
}

// column is the key of a column: a name, and how many fields before it in the record
// have that name. Only rows that ivp wrote have several.
type column struct {
	name string
	nth  int
}

// field is a cell.
type field struct {
	column
	text string
}

// source reads records. next returns io.EOF after the last; the record is valid until
// the next call.
type source interface {
	next() (*record, error)
}

func (f Form) source(r io.Reader) source {
	if f == XML {
		return newXMLSource(r)
	}
	return newJSONSource(r, f == Lines)
}

// Table is what a survey has found: the columns, and how rows are numbered.
type Table struct {
	form    Form
	columns []column
	index   map[column]int
	added   []string // the ivp_ columns of rows that ivp wrote
	byAdded map[string]int
	own     bool // the rows are those that ivp wrote
	// numbered says that each row has a number of its own, greater than the one before.
	numbered bool
	rows     int
	last     int // the number of the last one
	// widestBad is the widest row that ivp wrote as one that does not fit its heading, and
	// badWidths has the widths of them all.
	widestBad []field
	badWidths map[int]bool
}

// Rows returns the number of records.
func (t *Table) Rows() int { return t.rows }

// Survey reads an input to its end. The error is that of the stream, or says why the
// input cannot be read.
func Survey(f Form, r io.Reader) (*Table, error) {
	t := &Table{form: f, index: map[column]int{}, byAdded: map[string]int{}, numbered: true}
	in := f.source(r)
	for {
		rec, err := in.next()
		if err == io.EOF {
			t.addOfBad()
			return t, nil
		}
		if err != nil {
			return nil, err
		}
		if t.rows++; t.rows == 1 {
			t.own = rec.own != nil
		}
		number := t.number(rec)
		t.numbered = t.numbered && number > t.last && (!t.own || number < mostOwnLine)
		t.last = number
		if err := t.add(rec); err != nil {
			return nil, err
		}
	}
}

// number returns the number of a record: its line in the inventory, if ivp wrote it.
func (t *Table) number(rec *record) int {
	if t.own && rec.own != nil {
		return rec.own.line
	}
	return rec.number
}

// mostOwnLine is the greatest line number that a row which ivp wrote keeps: for each
// number without a row a blank line is read.
const mostOwnLine = 1 << 25

// add adds the columns of a record.
func (t *Table) add(rec *record) error {
	if t.own && rec.own != nil {
		for _, f := range rec.own.added {
			if _, known := t.byAdded[f.name]; !known {
				t.byAdded[f.name] = len(t.added)
				t.added = append(t.added, f.name)
			}
		}
		if rec.own.bad { // its cells do not fit the headings
			if t.badWidths == nil {
				t.badWidths = map[int]bool{}
			}
			if len(rec.fields) > len(t.widestBad) {
				t.widestBad = slices.Clone(rec.fields)
			}
			t.badWidths[len(rec.fields)] = true
			return nil
		}
	}
	if rec.bad != "" || t.own != (rec.own != nil) {
		return nil
	}
	for _, f := range rec.fields {
		if _, known := t.index[f.column]; known {
			continue
		}
		if len(t.columns) == mostColumns {
			return fmt.Errorf("more than %d different keys: each key is a column, and so many are not those of an inventory", mostColumns)
		}
		t.index[f.column] = len(t.columns)
		t.columns = append(t.columns, f.column)
	}
	return nil
}

// addOfBad finds the columns if no row fits its heading: they are those of the widest
// row, with one more if a row would fit otherwise.
func (t *Table) addOfBad() {
	if len(t.columns) > 0 || len(t.widestBad) == 0 {
		return
	}
	fields := t.widestBad
	for len(fields) > 0 && fields[len(fields)-1].name == "" {
		fields = fields[:len(fields)-1] // a cell beyond the heading
	}
	for _, f := range fields {
		t.columns = append(t.columns, f.column)
	}
	if t.badWidths[len(t.columns)] {
		t.columns = append(t.columns, column{})
	}
}

// CSV returns the rows as CSV with a heading. Blank lines stand for the numbers that
// no row has.
func (t *Table) CSV(r io.Reader, delimiter byte) io.Reader {
	c := &csv{table: t, delimiter: string(delimiter), special: string(delimiter) + "\"\r\n", in: t.form.source(r), cells: make([]string, len(t.columns)), added: make([]string, len(t.added))}
	// The outcome and the reason come first, as in every table that ivp writes.
	c.order = make([]int, len(t.added))
	for i := range c.order {
		c.order[i] = i
	}
	slices.SortStableFunc(c.order, func(a, b int) int { return addedRank(t.added[a]) - addedRank(t.added[b]) })
	for _, key := range t.columns {
		c.cell(key.name)
	}
	for _, i := range c.order {
		c.cell(t.added[i])
	}
	c.end()
	return c
}

func addedRank(name string) int {
	if i := slices.Index([]string{"ivp_outcome", "ivp_reason"}, name); i >= 0 {
		return i
	}
	return 2
}

// csv is the rows of a table as CSV.
type csv struct {
	table     *Table
	delimiter string
	special   string // a cell with one of these is in quotes
	in        source
	last      int // the number of the last row
	blank     int // blank lines to write before the row
	buf       bytes.Buffer
	first     bool // the next cell is not the first of its row
	cells     []string
	added     []string
	order     []int
}

// Read reads the CSV.
func (c *csv) Read(p []byte) (int, error) {
	for c.blank == 0 && c.buf.Len() == 0 {
		rec, err := c.in.next()
		if err != nil {
			return 0, err
		}
		c.row(rec)
	}
	if c.blank == 0 {
		return c.buf.Read(p)
	}
	n := min(c.blank, len(p))
	for i := range n {
		p[i] = '\n'
	}
	c.blank -= n
	return n, nil
}

// row writes a record.
func (c *csv) row(rec *record) {
	c.buf.Reset()
	number := c.last + 1
	if c.table.numbered {
		number = c.table.number(rec)
	}
	c.blank, c.last = number-c.last-1, number
	switch {
	case rec.bad != "":
		c.badRow(rec.bad, rec.raw, c.table.own && rec.own != nil)
	case c.table.own && rec.own == nil:
		c.badRow("not a row that ivp wrote, unlike the first one: keep them in separate files", rec.raw, false)
	case !c.table.own && rec.own != nil:
		c.badRow("a row that ivp wrote, unlike the first one: keep them in separate files", rec.raw, false)
	case c.table.own && rec.own.bad && len(rec.fields) == len(c.cells):
		c.badRow("another number of cells than its heading when it was first checked: correct it", rec.raw, true)
	case c.table.own && rec.own.bad:
		for _, f := range rec.fields {
			c.cell(f.text)
		}
		c.addedCells(rec)
	default:
		clear(c.cells)
		for _, f := range rec.fields {
			c.cells[c.table.index[f.column]] = f.text
		}
		for _, text := range c.cells {
			c.cell(text)
		}
		if c.table.own {
			c.addedCells(rec)
		}
	}
	c.end()
}

func (c *csv) addedCells(rec *record) {
	clear(c.added)
	for _, f := range rec.own.added {
		c.added[c.table.byAdded[f.name]] = f.text
	}
	for _, i := range c.order {
		c.cell(c.added[i])
	}
}

// badRow writes a record that cannot be read in the form that package devices expects:
// a cell with a zero byte, the reason, the text, whether an earlier check could not read
// it either, and more cells than the heading has.
func (c *csv) badRow(reason string, raw []byte, before bool) {
	c.buf.WriteByte(0)
	c.first = true
	c.quoted(reason)
	c.quoted(string(raw))
	c.buf.WriteString(c.delimiter)
	if before {
		c.buf.WriteString("bad-row")
	}
	c.buf.WriteString(strings.Repeat(c.delimiter, len(c.cells)+len(c.added)))
}

// cell writes a cell. Whatever begins like a mark is in quotes, and so are a cell of spaces
// and the empty cell of a row of one column, which would be a blank line otherwise.
func (c *csv) cell(text string) {
	if text == "" && len(c.cells)+len(c.added) > 1 {
		if c.first {
			c.buf.WriteString(c.delimiter)
		}
		c.first = true
		return
	}
	if strings.TrimLeft(text, " ") == "" || text[0] < ' ' || text[0] >= 0x80 || strings.ContainsAny(text, c.special) {
		c.quoted(text)
		return
	}
	if c.first {
		c.buf.WriteString(c.delimiter)
	}
	c.first = true
	c.buf.WriteString(text)
}

func (c *csv) quoted(text string) {
	if c.first {
		c.buf.WriteString(c.delimiter)
	}
	c.first = true
	c.buf.WriteByte('"')
	for {
		before, after, found := strings.Cut(text, `"`)
		c.buf.WriteString(before)
		if !found {
			break
		}
		c.buf.WriteString(`""`)
		text = after
	}
	c.buf.WriteByte('"')
}

func (c *csv) end() {
	c.buf.WriteByte('\n')
	c.first = false
}

// errLongRecord is the error of a record over mostOfRecord.
var errLongRecord = errors.New("a record has more than " + strconv.Itoa(mostOfRecord>>20) + " MiB, which no device has: check whether this is an inventory")

// limited is a stream in which a record has at most mostOfRecord bytes. Whoever reads
// records sets left when a record ends.
type limited struct {
	r    *bufio.Reader
	left int
}

func newLimited(r io.Reader) *limited { return &limited{bufio.NewReaderSize(r, 64<<10), mostOfRecord} }

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errLongRecord
	}
	n, err := l.r.Read(p[:min(len(p), l.left, 64<<10)])
	l.left -= n
	return n, err
}

// ReadByte is used by package xml, which otherwise reads ahead.
func (l *limited) ReadByte() (byte, error) {
	if l.left <= 0 {
		return 0, errLongRecord
	}
	l.left--
	return l.r.ReadByte()
}
