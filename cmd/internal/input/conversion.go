package input

import (
	"errors"
	"fmt"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
)

// conversion converts the cells of a sheet to texts, according to their fields, and
// counts what should be reported to the user.
type conversion struct {
	heading  int             // the row of the heading
	fields   []devices.Field // of each column; 0 if it is not read
	meanings map[devices.Field]map[string]string
	serial   func(string) (string, bool)

	// shown, whole and unknown count the version cells that are numbers: shown as a
	// version, shown as a whole number, and in a format that is not supported.
	shown, whole, unknown counted
	// days counts the numbers without a date format that are read as days; late
	// counts the days with a time of 23:00 or later.
	days, late counted
	// padded counts the numbers whose leading zeros come from a number format.
	padded counted
	pads   map[*xlsx.Format]bool // whether a format shows leading zeros
	hidden int                   // rows
	empty  int                   // rows between others
	last   int                   // the number of the last row that was surveyed
	buffer []string              // for texts
	// blank has, for each of mergedFields, the rows in which the field is empty.
	blank map[devices.Field]rowSet
}

// counted counts cells and keeps an example.
type counted struct {
	n       int
	example string
}

// add counts a cell. The first nonempty example is kept.
func (c *counted) add(format string, args ...any) {
	if c.n++; c.example == "" && format != "" {
		c.example = ", such as " + fmt.Sprintf(format, args...)
	}
}

// rowSet is a set of rows.
type rowSet []uint64

func (s rowSet) with(row int) rowSet {
	if need := row/64 + 1 - len(s); need > 0 {
		s = append(s, make(rowSet, need)...)
	}
	s[row/64] |= 1 << (row % 64)
	return s
}

func (s rowSet) has(row int) bool { return row/64 < len(s) && s[row/64]&(1<<(row%64)) != 0 }

// mergedFields are the fields that matter if a merged cell leaves them empty.
var mergedFields = []devices.Field{devices.Spec, devices.DeviceType, devices.GBCS, devices.InstallDate, devices.Scope}

// conversion returns the conversion for the heading that was found.
func (in *Input) conversion() *conversion {
	columns := in.reader.Columns()
	c := &conversion{
		heading: in.reader.Heading().Line, fields: make([]devices.Field, columns.Width()),
		meanings: in.options.Reader.Columns.Values, serial: in.work.serial, blank: map[devices.Field]rowSet{}, pads: map[*xlsx.Format]bool{},
	}
	for _, f := range devices.Fields() {
		if i := columns.Index(f); i >= 0 {
			c.fields[i] = f
		}
	}
	return c
}

// texts returns the texts of a row's cells. They are valid until it is called again.
func (c *conversion) texts(row xlsx.Row) []string {
	if row.Number <= c.heading {
		return plainTexts(row)
	}
	c.buffer = c.buffer[:0]
	for i, cell := range row.Cells {
		c.buffer = append(c.buffer, c.text(c.field(i), cell, row.Number))
	}
	return c.buffer
}

// plainTexts returns the texts of a row's cells before their fields are known.
func plainTexts(row xlsx.Row) []string {
	texts := make([]string, len(row.Cells))
	for i, cell := range row.Cells {
		texts[i] = cell.Decimal()
	}
	return texts
}

// field returns the field of a column, or 0 if the column is not read.
func (c *conversion) field(column int) devices.Field {
	if column < len(c.fields) {
		return c.fields[column]
	}
	return 0
}

func (c *conversion) text(f devices.Field, cell xlsx.Cell, row int) string {
	switch isNumber := cell.Kind == xlsx.Number; {
	case f == devices.InstallDate:
		return c.day(cell, row)
	case isNumber && (f == devices.Spec || f == devices.GBCS):
		return c.version(f, cell, row)
	case isNumber && c.padsWith(cell.Format):
		return c.withZeros(cell, row)
	case isNumber && f == devices.DeviceID:
		return identifier(cell)
	}
	return cell.Decimal()
}

func (c *conversion) padsWith(f *xlsx.Format) bool {
	if f == nil {
		return false
	}
	pads, known := c.pads[f]
	if !known {
		pads = f.Pads()
		c.pads[f] = pads
	}
	return pads
}

// withZeros returns a whole number with the leading zeros that its format shows,
// because they are part of an identifier.
func (c *conversion) withZeros(cell xlsx.Cell, row int) string {
	text, ok := cell.Shown()
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	plain := cell.Decimal()
	if !ok || len(digits) <= len(plain) || strings.TrimLeft(digits, "0") != strings.TrimLeft(plain, "0") {
		return plain
	}
	c.padded.add("%s as %s in row %d", cell.Text, text, row)
	return text
}

// day returns an installation date as text. A number without a date format is read
// as a day only within the years in which devices can be installed: 2022 is more
// likely a year than 14 July 1905.
func (c *conversion) day(cell xlsx.Cell, row int) string {
	const first, last = "2000", "2100"
	text := cell.Decimal()
	if cell.Kind == xlsx.Number {
		day, ok := c.serial(cell.Text)
		if !ok || day < first || day[:len(last)] > last {
			return text
		}
		c.days.add("%s as %s in row %d", text, day, row)
		text = day
	} else if cell.Kind != xlsx.Day {
		return text
	}
	if _, time, found := strings.Cut(text, " "); found && time >= "23:00" {
		c.late.add("%s in row %d", text, row)
	}
	return text
}

// daysFrom1900 is the number of days from the start of the 1900 date system to that
// of the 1904 date system.
const daysFrom1900 = 1462

// countFrom1900 converts the days of a row from the 1904 to the 1900 date system.
func (c *conversion) countFrom1900(row xlsx.Row) {
	for i := range row.Cells {
		cell := &row.Cells[i]
		number := &cell.Serial
		if cell.Kind == xlsx.Number && row.Number > c.heading && c.field(i) == devices.InstallDate && c.text(devices.InstallDate, *cell, row.Number) != cell.Decimal() {
			number = &cell.Text // a day without a date format
		}
		if n, err := strconv.ParseFloat(*number, 64); err == nil {
			*number = strconv.FormatFloat(n+daysFrom1900, 'f', -1, 64)
		}
	}
}

// version returns a version that is stored as a number, as the cell shows it. If its
// format is not supported, version returns the number with an exponent, which is
// never a valid version.
func (c *conversion) version(f devices.Field, cell xlsx.Cell, row int) string {
	text, ok := cell.Shown()
	text = strings.TrimSpace(text)
	switch _, means := c.meanings[f][text]; {
	case !ok:
		text = strings.ToUpper(strconv.FormatFloat(cell.Value(), 'e', -1, 64))
		c.unknown.add("%s in row %d", text, row)
	case means:
	case !strings.Contains(text, "."):
		c.whole.add("%s in row %d", text, row)
	case text != cell.Text:
		c.shown.add("%s as %s", cell.Text, text)
	default:
		c.shown.add("")
	}
	return text
}

// exactNumbers is the bound below which a workbook stores whole numbers exactly: it
// keeps fifteen digits.
const exactNumbers = 1e15

// identifier returns an identifier that is stored as a number. One with more digits
// than a workbook keeps is written with an exponent, as a spreadsheet shows it, so
// that it does not look complete.
func identifier(c xlsx.Cell) string {
	n, err := strconv.ParseFloat(c.Text, 64)
	if err != nil || math.Abs(n) < exactNumbers {
		return c.Decimal()
	}
	return strconv.FormatFloat(n, 'E', -1, 64)
}

// survey reads the sheet once, and adds notes for the user.
func (in *Input) survey() error {
	rows, err := in.work.spool.rows(in.work.columns)
	if err != nil {
		return err
	}
	c := in.conversion()
	for {
		row, err := rows.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if row.Number > c.heading {
			c.look(row, len(in.work.merged) > 0)
		}
	}
	in.noteDays(c)
	in.noteVersions(c)
	in.noteRows(c)
	return nil
}

// look counts numbers and days that are converted, hidden rows, empty rows and, if
// cells are merged, empty fields.
func (c *conversion) look(row xlsx.Row, merged bool) {
	for i, cell := range row.Cells {
		if cell.Kind == xlsx.Number || cell.Kind == xlsx.Day {
			c.text(c.field(i), cell, row.Number)
		}
	}
	if row.Hidden {
		c.hidden++
	}
	c.empty += row.Number - max(c.last, c.heading) - 1
	c.last = row.Number
	if !merged {
		return
	}
	for i, f := range c.fields {
		if slices.Contains(mergedFields, f) && (i >= len(row.Cells) || row.Cells[i].Text == "") {
			c.blank[f] = c.blank[f].with(row.Number)
		}
	}
}

func (in *Input) noteDays(c *conversion) {
	if days := c.days; days.n > 0 {
		in.note("%s without a date format in the date column: read as days%s", remarks.Plural(days.n, "number"), days.example)
	}
	if late := c.late; late.n > 0 {
		in.note("%s with a time of 23:00 or later%s: read as the day that is written, though a time zone may have moved them back from midnight of the next day", remarks.Plural(late.n, "date"), late.example)
	}
}

func (in *Input) noteVersions(c *conversion) {
	const noun = "version cell"
	if shown := c.shown; shown.n > 0 {
		in.note("%s with a number: read as the cell shows it%s; as numbers, 4.20 and 4.2 are the same", remarks.Plural(shown.n, noun), shown.example)
	}
	if whole := c.whole; whole.n > 0 {
		in.note("%s with a number shown without a decimal point%s: bad-version, because it may be the generation. If it is the version, show the column with one decimal (format 0.0)%s",
			remarks.Plural(whole.n, noun), whole.example, in.options.flags(", or state in a profile what the number means, under [values.spec] or [values.gbcs]"))
	}
	if unknown := c.unknown; unknown.n > 0 {
		in.note("%s with a number in a number format that ivp cannot read%s: bad-version. Show the column with one decimal (format 0.0), or as text", remarks.Plural(unknown.n, noun), unknown.example)
	}
}

func (in *Input) noteRows(c *conversion) {
	if c.padded.n > 0 {
		in.note("%s whose leading zeros come only from the number format%s: read and written as shown. Keep such a column as text", remarks.Plural(c.padded.n, "number"), c.padded.example)
	}
	if c.empty > 0 {
		in.note("%s between its rows: left out", remarks.Plural(c.empty, "empty row"))
	}
	if c.hidden > 0 {
		in.note("%s hidden in the sheet, by a filter or by hand: checked like the others", remarks.Plural(c.hidden, "row"))
	}
	var counts []string
	var example string
	for _, f := range mergedFields {
		i := slices.Index(c.fields, f)
		if i < 0 {
			continue
		}
		column := in.Column(i) + 1
		n := 0
		for _, r := range in.work.merged {
			if column < r.FirstColumn || column > r.LastColumn {
				continue
			}
			for row := max(r.FirstRow, c.heading+1); row <= r.LastRow; row++ {
				if c.blank[f].has(row) {
					n++
					example = r.String()
				}
			}
		}
		if n > 0 {
			counts = append(counts, fmt.Sprintf("%s without %s", remarks.Plural(n, "row"), f))
		}
	}
	if counts != nil {
		in.note("cells merged over several rows leave %s, such as in %s: only the first of these rows has the value. Unmerge the cells and fill the value down if it applies to each row", strings.Join(counts, ", "), example)
	}
}
