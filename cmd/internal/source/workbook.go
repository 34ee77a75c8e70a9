package source

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/words"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
)

// workbook is a sheet turned into CSV. It is read once into a spool, which
// tells how wide the sheet is and can be read as often as need be.
type workbook struct {
	rows *rowSpool
	// shown, whole and unknown count the version cells that are numbers: those
	// that show a version, those that show a whole number, and those of which it
	// is not known what they show.
	shown, whole, unknown counted
	// days counts the numbers that are read as days although no format shows them
	// so; late counts the days with a time of 23:00 or later.
	days, late counted
}

// counted counts cells, and keeps an example.
type counted struct {
	n       int
	example string
}

// add counts a cell. The example is that of the first for which there is one.
func (c *counted) add(format string, args ...any) {
	if c.n++; c.example == "" && format != "" {
		c.example = ", such as " + fmt.Sprintf(format, args...)
	}
}

// openWorkbook reads the sheet and its heading.
func (in *Input) openWorkbook(content io.Reader) error {
	if in.options.Encoding != "" || in.options.Reader.Delimiter != 0 {
		return exit.With(exit.Usage, fmt.Errorf("%s is a workbook: it has neither an encoding nor a delimiter; leave out --encoding and --delimiter", in.Name))
	}
	book, err := in.book(content)
	if err != nil {
		return exit.With(exit.IO, fmt.Errorf("could not read the input: %w", err))
	}
	defer book.Close()
	if in.sheet, err = in.chooseSheet(book); err != nil {
		return exit.With(exit.Usage, err)
	}
	w := &workbook{}
	if w.rows, err = newRowSpool(); err != nil {
		return exit.With(exit.IO, err)
	}
	in.closers = append(in.closers, w.rows)
	if err := in.fill(w, book); err != nil {
		return err
	}
	in.work = w
	return in.startWorkbook()
}

// startWorkbook reads the spool from its start.
func (in *Input) startWorkbook() error {
	r, err := in.work.rows.reader()
	if err != nil {
		return exit.With(exit.IO, err)
	}
	options := in.options.Reader
	options.Sheet, options.Delimiter = true, ','
	err = in.readHeading(r, options)
	if exit.CodeOf(err) == exit.Usage && err != nil && in.others != nil {
		err = exit.With(exit.Usage, fmt.Errorf("%w\n  sheet %q was read, the first; --sheet names another of %q", err, in.sheet, in.others))
	}
	return err
}

// book opens the workbook: by its path where it lies on the disk as it is, so
// that it need not be held in memory.
func (in *Input) book(content io.Reader) (*xlsx.Book, error) {
	kind, _ := compress.Of(in.Name)
	if in.stdin != nil || kind != compress.None || !in.again() {
		return xlsx.OpenReader(content)
	}
	if in.options.Digest {
		if _, err := io.Copy(io.Discard, content); err != nil {
			return nil, err
		}
	}
	return xlsx.Open(in.Name)
}

// chooseSheet returns the tab to read: the one that was named, or else the
// first that a spreadsheet shows.
func (in *Input) chooseSheet(book *xlsx.Book) (string, error) {
	sheets := book.Sheets()
	if in.options.Sheet == "" {
		first := book.FirstShown()
		if first == "" {
			return "", fmt.Errorf("%s holds no sheet of cells", in.Name)
		}
		if len(sheets) > 1 {
			in.others = slices.DeleteFunc(slices.Clone(sheets), func(name string) bool { return name == first })
			in.note("the first of its %d sheets was read, %q; --sheet names another", len(sheets), first)
		}
		return first, nil
	}
	i := slices.IndexFunc(sheets, func(name string) bool {
		return strings.EqualFold(strings.TrimSpace(name), strings.TrimSpace(in.options.Sheet))
	})
	if i < 0 {
		return "", fmt.Errorf("%s has no sheet %q: its sheets are %q", in.Name, in.options.Sheet, sheets)
	}
	return sheets[i], nil
}

// fill turns the sheet into rows of text.
func (in *Input) fill(w *workbook, book *xlsx.Book) error {
	var columns *devices.Columns
	next := 1
	for row, err := range book.Rows(in.sheet) {
		if err != nil {
			return exit.With(exit.IO, fmt.Errorf("could not read the input: %w", err))
		}
		if isBlank(row.Cells) {
			continue
		}
		for ; next < row.Number; next++ { // blank rows count, but for those at the end
			if err := w.rows.add(nil); err != nil {
				return exit.With(exit.IO, err)
			}
		}
		next++
		cells := w.texts(row, columns, in.options.Reader.Columns.Values, book)
		if columns == nil && row.Number >= in.options.Reader.HeaderRow {
			columns = in.columnsOf(cells)
		}
		if err := w.rows.add(cells); err != nil {
			return exit.With(exit.IO, err)
		}
	}
	in.noteDays(w)
	in.noteVersions(w)
	return nil
}

func (in *Input) noteDays(w *workbook) {
	if c := w.days; c.n > 0 {
		in.note("%s without a date format in the date column: read as days%s", words.Plural(c.n, "number"), c.example)
	}
	if c := w.late; c.n > 0 {
		in.note("%s with a time of 23:00 or later%s: read as the day that is written, though a time zone may have moved them back from midnight of the next day", words.Plural(c.n, "date"), c.example)
	}
}

func (in *Input) noteVersions(w *workbook) {
	if c := w.shown; c.n > 0 {
		in.note("%s with a number: read as the cell shows it%s; a number does not tell 4.20 from 4.2", words.Plural(c.n, "version cell"), c.example)
	}
	if c := w.whole; c.n > 0 {
		in.note("%s with a number shown without a decimal point%s: bad-version, for it may be the generation. Where it is the version, show the column with one decimal (format 0.0), or say in a profile what the number means, under [values.spec] or [values.gbcs]",
			words.Plural(c.n, "version cell"), c.example)
	}
	if c := w.unknown; c.n > 0 {
		in.note("%s with a number in a format of which it is not known what it shows%s: bad-version. Show the column with one decimal (format 0.0), or as text", words.Plural(c.n, "version cell"), c.example)
	}
}

func isBlank(cells []xlsx.Cell) bool {
	return !slices.ContainsFunc(cells, func(c xlsx.Cell) bool { return c.Text != "" })
}

// columnsOf finds the columns whose cells need care. A mapping that does not
// serve is told by the reader.
func (in *Input) columnsOf(headings []string) *devices.Columns {
	options := in.options.Reader.Columns
	options.Lenient = true
	columns, _ := devices.MapColumns(headings, options)
	return &columns
}

// texts returns the texts of a row's cells. values says what cells mean.
func (w *workbook) texts(row xlsx.Row, columns *devices.Columns, values map[devices.Field]map[string]string, book *xlsx.Book) []string {
	texts := make([]string, len(row.Cells))
	for i, c := range row.Cells {
		texts[i] = c.Decimal()
		if columns == nil {
			continue
		}
		if i == columns.Index(devices.InstallDate) {
			texts[i] = w.day(c, row.Number, book)
			continue
		}
		if c.Kind != xlsx.Number {
			continue
		}
		switch i {
		case columns.Index(devices.Spec):
			texts[i] = w.version(c, row.Number, values[devices.Spec])
		case columns.Index(devices.GBCS):
			texts[i] = w.version(c, row.Number, values[devices.GBCS])
		case columns.Index(devices.DeviceID):
			texts[i] = identifier(c)
		}
	}
	return texts
}

// day returns an installation date as text. A number that no format shows as a
// day is one only in the years in which devices can be installed: 2022 is more
// likely a year than the day 14 July 1905.
func (w *workbook) day(c xlsx.Cell, row int, book *xlsx.Book) string {
	const first, last = "2000", "2100"
	text := c.Decimal()
	if c.Kind == xlsx.Number {
		day, ok := book.Serial(c.Text)
		if !ok || day < first || day[:len(last)] > last {
			return text
		}
		w.days.add("%s as %s in row %d", text, day, row)
		text = day
	} else if c.Kind != xlsx.Day {
		return text
	}
	if _, time, found := strings.Cut(text, " "); found && time >= "23:00" {
		w.late.add("%s in row %d", text, row)
	}
	return text
}

// version returns a version that is held as a number: what the cell shows. Where
// that is not known, it is the number with an exponent, which is no version.
func (w *workbook) version(c xlsx.Cell, row int, meanings map[string]string) string {
	text, ok := c.Shown()
	text = strings.TrimSpace(text)
	switch _, means := meanings[text]; {
	case !ok:
		text = strings.ToUpper(strconv.FormatFloat(c.Value(), 'e', -1, 64))
		w.unknown.add("%s in row %d", text, row)
	case means:
	case !strings.Contains(text, "."):
		w.whole.add("%s in row %d", text, row)
	case text != c.Text:
		w.shown.add("%s as %s", c.Text, text)
	default:
		w.shown.add("")
	}
	return text
}

// exactNumbers is how many a workbook's numbers tell apart: it keeps fifteen
// digits.
const exactNumbers = 1e15

// identifier returns an identifier that is held as a number. One with more
// digits than a workbook keeps is written as a spreadsheet shows it, for what
// is lost must not look whole.
func identifier(c xlsx.Cell) string {
	n, err := strconv.ParseFloat(c.Text, 64)
	if err != nil || math.Abs(n) < exactNumbers {
		return c.Decimal()
	}
	return strconv.FormatFloat(n, 'E', -1, 64)
}
