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
	// versions counts the version cells that are numbers and not text.
	versions     int
	firstVersion string
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
		cells := w.texts(row.Cells, columns, book)
		if columns == nil && row.Number >= in.options.Reader.HeaderRow {
			columns = in.columnsOf(cells)
		}
		if err := w.rows.add(cells); err != nil {
			return exit.With(exit.IO, err)
		}
	}
	if w.versions > 0 {
		in.note("%s held as numbers and read as decimals%s; a number does not tell 4.20 from 4.2", words.Plural(w.versions, "version cell"), w.firstVersion)
	}
	return nil
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

// texts returns the texts of a row's cells.
func (w *workbook) texts(cells []xlsx.Cell, columns *devices.Columns, book *xlsx.Book) []string {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = c.Decimal()
		if c.Kind != xlsx.Number || columns == nil {
			continue
		}
		switch i {
		case columns.Index(devices.InstallDate):
			if day, ok := book.Serial(c.Text); ok {
				texts[i] = day
			}
		case columns.Index(devices.Spec), columns.Index(devices.GBCS):
			texts[i] = w.version(c)
		case columns.Index(devices.DeviceID):
			texts[i] = identifier(c)
		}
	}
	return texts
}

// version returns a version that is held as a number: 5 is 5.0, since a
// spreadsheet drops the nought.
func (w *workbook) version(c xlsx.Cell) string {
	text := c.Decimal()
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	if w.versions++; w.firstVersion == "" && c.Text != text {
		w.firstVersion = fmt.Sprintf(", such as %s as %s", c.Text, text)
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
