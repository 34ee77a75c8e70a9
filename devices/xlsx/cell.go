package xlsx

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Kind is the kind of a cell's value. The zero value is Blank.
type Kind uint8

const (
	// Blank is a cell without a value, or with an empty text.
	Blank Kind = iota
	// Text is a text, even if it looks like a number, and also an invalid number,
	// day or truth value.
	Text
	// Number is a number that is not a day. It includes times of day, durations,
	// and numbers formatted as a day that are not a valid day, such as -1.
	Number
	// Day is a day, with or without a time of day.
	Day
	// Truth is true or false.
	Truth
	// Failed is an error value, such as that of a formula that divides by zero.
	Failed
	// Pending is a formula that was never calculated; it has no text.
	Pending
)

// Cell is the content of a cell. The zero value is a blank cell.
type Cell struct {
	Kind Kind
	// Text is the text of a Text; the number as stored of a Number, such as
	// 5.0999999999999996 or 4.2E+1; 2023-04-27 of a Day or, if it is not
	// midnight, 2023-04-27 09:30:00; TRUE or FALSE of a Truth; the name of a
	// Failed, such as #N/A; and empty for other kinds.
	Text string
	// Format is the cell's number format; nil is General.
	Format *Format
	// Serial is the number that a Day is stored as, in the workbook's date
	// system; empty for a day that is stored as text.
	Serial string
}

// Shown returns what a spreadsheet shows for a Number, as [Format.Show] does, and
// the text of other kinds. So 2 may be 2 in one cell and 2.0 in another.
func (c Cell) Shown() (text string, ok bool) {
	switch {
	case c.Kind != Number:
		return c.Text, true
	case c.Format == nil:
		return Format{}.Show(c.Value())
	}
	return c.Format.Show(c.Value())
}

// Value returns the value of a Number, and 0 for other kinds.
func (c Cell) Value() float64 {
	if c.Kind != Number {
		return 0
	}
	n, _ := parseNumber(c.Text)
	return n
}

// Decimal returns a Number in its shortest decimal form, such as 5.1 for
// 5.0999999999999996, and the text of other kinds.
func (c Cell) Decimal() string {
	if c.Kind == Number {
		return strconv.FormatFloat(c.Value(), 'f', -1, 64)
	}
	return c.Text
}

// parseNumber parses a finite decimal number. It rejects other forms that strconv
// accepts, such as 0x10 or Inf.
func parseNumber(text string) (float64, bool) {
	if strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// All shared texts are kept in memory, since a cell may refer to any of them.
// They may take mostShared bytes, and at most mostSwollen for each byte of the
// compressed part: no spreadsheet compresses texts so well.
const (
	mostShared  = 1 << 30
	mostSwollen = 100
	anyShared   = 64 << 20 // always allowed
)

// sharedStrings are the texts that cells refer to by number. They are joined in
// blocks: a million separate strings would take more memory, and a single string
// would be copied as it grows.
type sharedStrings struct {
	blocks []string // each of sharedBlock bytes except the last
	ends   []uint32 // the end of each text, counted over all blocks
}

const sharedBlock = 1 << 20

// at returns the text with a number, from 0.
func (s *sharedStrings) at(i int) string {
	from, to := 0, int(s.ends[i])
	if i > 0 {
		from = int(s.ends[i-1])
	}
	if from == to {
		return ""
	}
	if first, last := from/sharedBlock, (to-1)/sharedBlock; first == last {
		return s.blocks[first][from-first*sharedBlock : to-first*sharedBlock]
	}
	var joined strings.Builder
	for from < to {
		block := s.blocks[from/sharedBlock][from%sharedBlock:]
		block = block[:min(len(block), to-from)]
		joined.WriteString(block)
		from += len(block)
	}
	return joined.String()
}

// blockWriter fills blocks.
type blockWriter struct {
	blocks  []string
	open    strings.Builder
	written int
}

func (w *blockWriter) write(text []byte) {
	w.written += len(text)
	for len(text) > 0 {
		w.open.Grow(sharedBlock - w.open.Len())
		n := min(len(text), sharedBlock-w.open.Len())
		w.open.Write(text[:n])
		if text = text[n:]; w.open.Len() == sharedBlock {
			w.close()
		}
	}
}

func (w *blockWriter) close() {
	w.blocks = append(w.blocks, w.open.String())
	w.open.Reset()
}

// readSharedStrings reads the texts. The part is "" if the workbook has none.
func readSharedStrings(all parts, part string) (*sharedStrings, error) {
	if part == "" {
		return &sharedStrings{}, nil
	}
	r, err := all.open(part, mostUnpacked)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	most := min(mostShared, max(anyShared, mostSwollen*all.packed(part)))
	texts, err := parseSharedStrings(newElements(r), int(most))
	if err != nil {
		return nil, fmt.Errorf("part %s, text %d: %w", part, len(texts.ends)+1, err)
	}
	return texts, nil
}

// parseSharedStrings reads texts of at most most bytes in memory. With an error
// it returns the texts before it.
func parseSharedStrings(e *elements, most int) (*sharedStrings, error) {
	s := &sharedStrings{}
	root, err := e.root()
	if err != nil {
		return s, err
	}
	if string(root.name) != "sst" {
		return s, fmt.Errorf("it begins with <%s>, where <sst> was expected", root.name)
	}
	var kept blockWriter
	var text []byte
	for {
		start, ok, err := e.child()
		switch {
		case err != nil:
			return s, err
		case !ok:
			kept.close()
			s.blocks = kept.blocks
			return s, e.end()
		case string(start.name) != "si":
			if err := e.skip(); err != nil {
				return s, err
			}
			continue
		}
		if text, err = e.richText(text[:0]); err != nil {
			return s, err
		}
		kept.write(text)
		if s.ends = append(s.ends, uint32(kept.written)); kept.written+len(s.ends)*4 > most {
			return s, fmt.Errorf("the texts take more than %d MiB, the limit for a part of this size", most>>20)
		}
	}
}

// richText appends a text that may consist of runs with different fonts. Phonetic
// runs (rPh) are left out.
func (e *elements) richText(to []byte) ([]byte, error) {
	for {
		start, ok, err := e.child()
		if err != nil || !ok {
			return to, err
		}
		switch string(start.name) {
		case "t":
			to, err = e.escapedText(to)
		case "r":
			to, err = e.richText(to)
		default:
			err = e.skip()
		}
		if err != nil {
			return to, err
		}
	}
}

// escapedText appends the unescaped text of the open element.
func (e *elements) escapedText(to []byte) ([]byte, error) {
	begin := len(to)
	to, err := e.text(to)
	return append(to[:begin], unescape(to[begin:])...), err
}

const (
	secondsOfDay = 24 * 60 * 60
	// falseLeapDay is 29 February 1900, which the 1900 date system counts
	// although it does not exist.
	falseLeapDay = 60
	lastYear     = 9999
)

// Serial returns the day that a number means in the workbook's date system, in
// the form of [Cell.Text], for a column of days whose cells are plain numbers. ok
// is false if the text is not a finite number, or if the number is not a day:
// before the first day of 1900 or 1904, 29 February 1900, or after 9999.
func (b *Book) Serial(text string) (iso string, ok bool) {
	n, ok := parseNumber(text)
	if !ok {
		return "", false
	}
	return serialDay(n, b.date1904)
}

// serialDay returns the day that a serial number means.
func serialDay(serial float64, date1904 bool) (string, bool) {
	if !(serial >= 0 && serial < 3e6) { // 9999 ends before 3 million
		return "", false
	}
	days := math.Floor(serial)
	milliseconds := math.Round((serial - days) * 1000 * secondsOfDay) // less is rounding error
	if milliseconds == 1000*secondsOfDay {
		days, milliseconds = days+1, 0
	}
	seconds := math.Floor(milliseconds / 1000)
	var start time.Time
	switch {
	case date1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 0 || days == falseLeapDay:
		return "", false
	case days < falseLeapDay:
		start = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	default:
		start = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	}
	return isoDay(start.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second))
}

// isoDay returns a day, with the time of day if it is not midnight.
func isoDay(t time.Time) (string, bool) {
	switch {
	case t.Year() > lastYear:
		return "", false
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.Format(time.DateOnly), true
	}
	return t.Format(time.DateTime), true
}

// writtenDays are the forms of a day stored as ISO text. Each is read with and
// without fractions of a second.
var writtenDays = []string{time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04"}

// writtenDay parses a day stored as ISO text. It rejects a time with a zone,
// which stays a text: its day depends on the place.
func writtenDay(text string) (string, bool) {
	for _, layout := range writtenDays {
		if t, err := time.Parse(layout, text); err == nil {
			return isoDay(t.Truncate(time.Second))
		}
	}
	return "", false
}
