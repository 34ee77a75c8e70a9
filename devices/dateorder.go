package devices

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/mp196/ivp/devices/internal/scan"
	"github.com/mp196/ivp/ivp"
)

// DateOrder decides from all cells of a column in which order day and month are
// written: one cell such as 03/04/2023 can be two days. The zero value is ready to use.
type DateOrder struct {
	iso, numbered, named int
	// dayOnly and monthOnly are the first dates that are valid only day-first, and only
	// month-first. either is the first that is a different day in each order.
	dayOnly, monthOnly, either seenDate
}

// seenDate is a date and its line. The zero value is no date.
type seenDate struct {
	line int
	text string
}

func (s *seenDate) see(line int, text []byte) {
	if s.line == 0 || line < s.line {
		*s = seenDate{line, string(text)}
	}
}

// Add adds the cell of a row. Blank cells and cells that are not dates change nothing.
func (o *DateOrder) Add(line int, cell []byte) {
	cell = bytes.TrimSpace(cell)
	switch {
	case len(cell) == 0:
	case isoStart(cell):
		o.iso++
	default:
		o.written(line, cell)
	}
}

// isoStart reports whether a cell begins like an ISO date. It saves the cost of
// parseDate in a column of ISO dates.
func isoStart(cell []byte) bool {
	if len(cell) < 10 || cell[4] != '-' || cell[7] != '-' {
		return false
	}
	for _, i := range [...]int{0, 1, 2, 3, 5, 6, 8, 9} {
		if !isDigit(cell[i]) {
			return false
		}
	}
	return true
}

func (o *DateOrder) written(line int, cell []byte) {
	// Nearly all dates are in the table: it is four times as fast for the whole survey.
	dayFirst, isDayFirst := days().read(cell, DayFirst)
	monthFirst, isMonthFirst := days().read(cell, MonthFirst)
	if !isDayFirst && !isMonthFirst {
		w, ok := parseDate(string(cell))
		if !ok || !w.isDay() {
			return
		}
		switch w.form {
		case yearFirst:
			o.iso++
			return
		case namedMonth:
			o.named++
			return
		}
		var dayErr, monthErr error
		dayFirst, dayErr = w.day(DayFirst)
		monthFirst, monthErr = w.day(MonthFirst)
		isDayFirst, isMonthFirst = dayErr == nil, monthErr == nil
	}
	switch {
	case !isMonthFirst:
		o.dayOnly.see(line, cell)
	case !isDayFirst:
		o.monthOnly.see(line, cell)
	case dayFirst != monthFirst: // 03/03/2023 is one day both ways
		o.either.see(line, cell)
	}
	o.numbered++
}

// merge adds the cells of other, which are of the same column.
func (o *DateOrder) merge(other *DateOrder) {
	o.iso += other.iso
	o.numbered += other.numbered
	o.named += other.named
	for _, pair := range [...]struct{ to, from *seenDate }{
		{&o.dayOnly, &other.dayOnly}, {&o.monthOnly, &other.monthOnly}, {&o.either, &other.either},
	} {
		if pair.from.line > 0 && (pair.to.line == 0 || pair.from.line < pair.to.line) {
			*pair.to = *pair.from
		}
	}
}

// isoAlone reports whether there were dates, and all were ISO dates.
func (o *DateOrder) isoAlone() bool {
	return o.iso > 0 && o.numbered == 0 && o.named == 0
}

// Decide returns the format of the column. A column that fits both orders is
// day-first, the British order. note is what the user should know about the decision,
// and is empty if no date needed one. The error is a *[DateOrderError] if the column
// has dates of both orders.
func (o *DateOrder) Decide() (format DateFormat, note string, err error) {
	switch {
	case o.dayOnly.line > 0 && o.monthOnly.line > 0:
		return 0, "", &DateOrderError{o.dayOnly.line, o.dayOnly.text, o.monthOnly.line, o.monthOnly.text}
	case o.monthOnly.line > 0:
		return MonthFirst, fmt.Sprintf("dates read month-first (MM/DD/YYYY): %q in line %d can only be month-first, and no date in the column contradicts it", o.monthOnly.text, o.monthOnly.line), nil
	case o.dayOnly.line > 0:
		return DayFirst, fmt.Sprintf("dates read day-first (DD/MM/YYYY), as %q in line %d shows", o.dayOnly.text, o.dayOnly.line), nil
	case o.either.line > 0:
		return DayFirst, fmt.Sprintf("dates read day-first (DD/MM/YYYY): the column fits month-first too, and day-first is the British order, so that %q in line %d is %s; the date format month-first reads it the other way",
			o.either.text, o.either.line, o.dayOf(o.either.text)), nil
	case o.numbered+o.named > 0:
		return DayFirst, "", nil
	}
	return ISODates, "", nil
}

func (o *DateOrder) dayOf(text string) ivp.Date {
	day, _ := ReadDate(text, DayFirst)
	return day
}

// DateOrderError is the error of a column in which some dates are valid only day-first
// and others only month-first.
type DateOrderError struct {
	DayLine   int
	Day       string
	MonthLine int
	Month     string
}

// Error names a date of each kind, and what to do.
func (e *DateOrderError) Error() string {
	return fmt.Sprintf("the installation dates contradict each other: %q in line %d can only be day-first (DD/MM/YYYY), %q in line %d only month-first (MM/DD/YYYY); correct the column, or give the date format, day-first or month-first: dates that do not fit are then bad-date",
		e.Day, e.DayLine, e.Month, e.MonthLine)
}

// surveyHead is the number of bytes in which peekDates looks for dates.
const surveyHead = 1 << 20

// DatesRead reports whether the input has a column of installation dates that is read.
func (r *Reader) DatesRead() bool { return r.columns.Index(InstallDate) >= 0 }

// SetDates sets the format of the installation dates in the rows that follow.
func (r *Reader) SetDates(format DateFormat) { r.columns.dates = format }

// Dates returns the format in which installation dates are read.
func (r *Reader) Dates() DateFormat { return r.columns.dates }

// peekDates returns the order of the dates in the first mebibyte, and consumes nothing.
// whole reports whether the input ends within it.
func (r *Reader) peekDates() (order *DateOrder, whole bool) {
	pending, whole := r.records.Peek(surveyHead)
	order = &DateOrder{}
	lines := newSimpleLines(r)
	r.survey(order, scan.Block{Data: pending, Seen: pending, Line: r.records.NextLine(), Final: whole}, &lines)
	return order, whole
}

// DecideDates returns the format of the installation dates, for [Reader.SetDates], and
// a note for the user, as [DateOrder.Decide] does. It calls survey, which must look at
// the whole column as [Reader.SurveyDates] does, only if that is necessary: not if the
// options give the format, if no dates are read, or if the first mebibyte has only ISO
// dates or is the whole input.
func (r *Reader) DecideDates(survey func() (*DateOrder, error)) (format DateFormat, note string, err error) {
	if !r.DatesRead() || r.options.Columns.Dates != nil {
		return r.Dates(), "", nil
	}
	order, whole := r.peekDates()
	if !whole && !order.isoAlone() {
		if order, err = survey(); err != nil {
			return 0, "", err
		}
	}
	format, note, err = order.Decide()
	return format, note, named(r.name, err)
}

// SurveyDates reads the whole input, of which no row may have been read, and returns the
// order of its dates. It copies the input to the spool, which must be empty, and the
// rows are then read from there. If spool is nil the rows are lost, and the input must
// be opened again.
func (r *Reader) SurveyDates(spool io.ReadWriteSeeker) (*DateOrder, error) {
	head, src := r.records.Rest()
	if spool != nil {
		if _, err := spool.Write(head); err != nil {
			return nil, &WriteError{err}
		}
		src = io.TeeReader(src, spoolWriter{spool})
	}
	blocks := scan.NewBlocks(src, head, r.records.NextLine(), r.dialect(), scan.BlockSize)
	if r.sheet {
		blocks.NumberRecords()
	}
	order, err := r.surveyBlocks(blocks)
	if err != nil || spool == nil {
		return order, named(r.name, err)
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	r.options.Live = false // the input is complete
	if _, original := spool.(*rereadable); original && r.cr {
		r.records.Resume(scan.SwapEnds(spool))
	} else {
		r.records.Resume(spool)
	}
	return order, nil
}

// rereadable is a spool for an input that can seek: it keeps nothing, and seeks back by
// the number of bytes that were read.
type rereadable struct {
	io.ReadSeeker
	rows int64
}

func (r *rereadable) Write(p []byte) (int, error) {
	r.rows += int64(len(p))
	return len(p), nil
}

func (r *rereadable) Seek(int64, int) (int64, error) {
	return r.ReadSeeker.Seek(-r.rows, io.SeekCurrent)
}

// spoolWriter marks errors of the spool, which io.TeeReader would return as errors of
// the input.
type spoolWriter struct{ w io.Writer }

func (s spoolWriter) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	if err != nil {
		err = &WriteError{err}
	}
	return n, err
}

func (r *Reader) surveyBlocks(blocks *scan.Blocks) (*DateOrder, error) {
	var mu sync.Mutex
	var group sync.WaitGroup
	total, failed := &DateOrder{}, error(nil)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			var order DateOrder
			var block scan.Block
			lines := newSimpleLines(r)
			var err error
			fault := caught(func() {
				for err = blocks.Next(&block); err == nil; err = blocks.Next(&block) {
					r.survey(&order, block, &lines)
				}
			})
			if fault != nil {
				err = fault
			}
			mu.Lock()
			defer mu.Unlock()
			total.merge(&order)
			if fault != nil || err != io.EOF && failed == nil {
				failed = err
			}
		})
	}
	group.Wait()
	passOn(failed)
	return total, failed
}

// survey adds the dates of a block. Records that are not simple lines are parsed.
func (r *Reader) survey(order *DateOrder, block scan.Block, lines *simpleLines) {
	column := r.columns.Index(InstallDate)
	lines.begin(block.Data)
	var row splitRow
	var cells []scan.Cell
	var text []byte
	line := block.Line
	for at := 0; at < len(block.Data); {
		if block.Data[at] == '\n' { // a fast path for files full of empty lines
			at++
			line++
			continue
		}
		if end, ok := lines.split(&row, at); ok {
			order.Add(line, row.cell(column))
			at = end
			line++
			continue
		}
		rec, n, more := block.Next(at, r.dialect(), cells)
		cells = rec.Cells
		if more || n == 0 {
			return
		}
		if own, _, width := r.columns.fit(block.Data[at:], rec.Cells); !rec.Malformed() && !rec.Blank() && own == width {
			text = rec.Cells[column].AppendText(text[:0], block.Data[at:at+rec.Len])
			order.Add(line, text)
		}
		if line += rec.Newlines; r.sheet && rec.Newlines > 1 {
			line -= rec.Newlines - 1
		}
		at += n
	}
}
