package devices

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/mp196/ivp/devices/internal/scan"
)

// headingRows is the number of rows that are searched for the heading.
const headingRows = 30

// headingPlace is the line of a heading and its delimiter.
type headingPlace struct {
	line      int
	delimiter byte
}

// findHeading returns the first row, of the first headingRows rows, that names the
// version and one more field. If no row does, it returns the row that names, or
// nearly names, most fields, at least two, so that the error message is about that
// row. The line is 0 if the heading is the first line that is not blank.
func (r *Reader) findHeading() headingPlace {
	delims := []byte{r.delimiter}
	if r.delimiter == 0 {
		delims = []byte{r.records.DetectDelimiter(delimiters)}
		for _, d := range []byte(delimiters) {
			if d != delims[0] {
				delims = append(delims, d)
			}
		}
	}
	var rows []foundRow
	cells := 0 // in all rows
	places := make([]struct{ at, line int }, len(delims))
	first := 0 // the first line that is not blank
	for range headingRows {
		for i, delim := range delims {
			place := &places[i]
			data, rec, ok := r.records.PeekRecord(place.at, delim)
			if !ok {
				continue
			}
			line := r.records.NextLine() + place.line
			place.at += len(data)
			if place.line++; !r.sheet {
				place.line += rec.Newlines - 1
			}
			if rec.Blank() || isWhite(data) {
				continue
			}
			if first == 0 {
				first = line
			}
			if rec.Malformed() {
				continue
			}
			if cells += len(rec.Cells); rec.More > 0 || cells > scan.MaxCells {
				continue
			}
			row := foundRow{headingPlace{line, delim}, cellTexts(data[:rec.Len:rec.Len], rec.Cells)}
			if row.isHeading(r.options.Columns) {
				return row.below(first)
			}
			rows = append(rows, row)
		}
	}
	best, most := headingPlace{}, 1
	for _, row := range rows {
		if n := row.likeness(); n > most {
			best, most = row.below(first), n
		}
	}
	return best
}

// foundRow is a row that may be the heading.
type foundRow struct {
	headingPlace
	cells []string
}

// below returns the place, with line 0 if it is the first line that is not blank.
func (p headingPlace) below(first int) headingPlace {
	if p.line == first {
		p.line = 0
	}
	return p
}

// isHeading reports whether the row names the version and one more field. With a
// Central Products List it may name the manufacturer in place of the version. A
// column that is mapped by its number does not count as named: every row has one.
func (r foundRow) isHeading(opts ColumnOptions) bool {
	c := Columns{headings: r.cells, first: opts.FirstColumn}
	found := c.findFields(opts)
	named, needed := 0, false
	for f, places := range found {
		if len(places) == 0 {
			continue
		}
		heading := r.cells[places[0]]
		wanted, mapped := opts.Map[f]
		if !mapped || SameHeading(heading, wanted) {
			named++
		}
		needed = needed || (f == Spec || f == Manufacturer && opts.CPL) && strings.TrimSpace(heading) != ""
	}
	return needed && named >= 2 || named >= 1 && needed && opts.OnGiven && len(r.cells) == 1
}

// likeness counts the fields that the row names, or nearly names.
func (r foundRow) likeness() (n int) {
	c := Columns{headings: r.cells}
	for f, places := range c.findFields(ColumnOptions{}) {
		if len(places) > 0 {
			c.places[f] = places[0] + 1
			n++
		}
	}
	for _, f := range Fields() {
		if c.Index(f) < 0 && len(c.NearHeadings(f)) > 0 {
			n++
		}
	}
	return n
}

// takeHeading skips to the heading, and keeps the lines above it.
func (r *Reader) takeHeading(place headingPlace) error {
	if place.delimiter != 0 {
		r.delimiter = place.delimiter
	}
	for r.records.NextLine() < place.line {
		if err := r.passLine(); err != nil {
			return err
		}
	}
	r.below = place.line
	return nil
}

// HeadingFound returns the line of the heading if it was found below other lines
// without [ReaderOptions.HeaderRow], and else 0.
func (r *Reader) HeadingFound() int { return r.below }

func (r *Reader) mapHeading() error {
	var err error
	r.columns, err = MapColumns(r.heading.Cells, r.options.Columns)
	if fault := (*MappingError)(nil); errors.As(err, &fault) {
		fault.HeaderRow = r.below
	}
	return named(r.name, err)
}

// delimiterLine reads a first line such as "sep=;", in which spreadsheets name the
// delimiter.
func (o *ReaderOptions) delimiterLine(head []byte) (delimiter byte, ok bool) {
	text, quoted := bytes.CutPrefix(head, []byte(`"`))
	if len(text) < 5 || !bytes.EqualFold(text[:4], []byte("sep=")) {
		return 0, false
	}
	delimiter, text = text[4], text[5:]
	if quoted {
		var closed bool
		if text, closed = bytes.CutPrefix(text, []byte(`"`)); !closed {
			return 0, false
		}
	}
	text = bytes.TrimPrefix(text, []byte("\r"))
	if !bytes.HasPrefix(text, []byte("\n")) || o.checkDelimiter(delimiter) != nil {
		return 0, false
	}
	return delimiter, true
}

// ParseDelimiter reads a delimiter: one character, or the word tab. For empty text
// it returns 0, which means that the delimiter is detected. Letters, digits, quotes
// and line ends are errors.
func ParseDelimiter(text string) (byte, error) {
	switch {
	case text == "":
		return 0, nil
	case text == "tab" || text == `\t`:
		return '\t', nil
	case len(text) == 1 && isDelimiter(text[0]):
		return text[0], nil
	}
	return 0, fmt.Errorf("%q cannot be a delimiter: want one character such as , ; | or the word tab", text)
}

// ParseQuote reads the setting for [ReaderOptions.NoQuotes]: a quote or empty text
// for false, the word none for true.
func ParseQuote(text string) (noQuotes bool, err error) {
	switch text {
	case "", `"`:
		return false, nil
	case "none":
		return true, nil
	}
	return false, fmt.Errorf("%q cannot be a quote: want \", or the word none for a file without quoting", text)
}

func isDelimiter(b byte) bool {
	switch {
	case b == '\t':
		return true
	case b <= ' ' || b == '"' || b >= 0x7f:
		return false
	}
	return (b < '0' || b > '9') && (b < 'a' || b > 'z') && (b < 'A' || b > 'Z')
}
