package devices

import (
	"bytes"
	"io"
	"runtime"
	"sync"

	"github.com/mp196/ivp/devices/internal/scan"
)

// surveyHead is how many bytes of an input are looked at before the rest.
const surveyHead = 1 << 20

// DatesRead reports whether installation dates are read from a column.
func (r *Reader) DatesRead() bool { return r.columns.Index(InstallDate) >= 0 }

// SetDates says how the dates of the rows that follow are written.
func (r *Reader) SetDates(format DateFormat) { r.columns.manner.dates = format }

// Dates returns how dates are read.
func (r *Reader) Dates() DateFormat { return r.columns.manner.dates }

// PeekDates looks at the dates of the first mebibyte, and consumes nothing.
// whole says that the input holds no more than that.
func (r *Reader) PeekDates() (order *DateOrder, whole bool) {
	pending, whole := r.records.Peek(surveyHead)
	order = &DateOrder{}
	r.survey(order, scan.Block{Data: pending, Seen: pending, Line: r.records.NextLine(), Final: whole})
	return order, whole
}

// DecideDates returns how the dates are written, for [Reader.SetDates], and what
// the user should know of it, as [DateOrder.Decide] does. Where the options say it,
// where no dates are read, and where the first mebibyte shows it, having ISO dates
// alone or being all there is, it reads no further; else it calls survey, which
// must look at the whole column, as [Reader.SurveyDates] does.
func (r *Reader) DecideDates(survey func() (*DateOrder, error)) (format DateFormat, note string, err error) {
	if !r.DatesRead() || r.options.Columns.Dates != nil {
		return r.Dates(), "", nil
	}
	order, whole := r.PeekDates()
	if !whole && !order.ISOAlone() {
		if order, err = survey(); err != nil {
			return 0, "", err
		}
	}
	format, note, err = order.Decide()
	return format, note, named(r.name, err)
}

// SurveyDates looks at the dates of the whole input, of which no row has been
// read yet. With a spool, which must be empty, the input is kept there, and its
// rows can be read as before; without one they are gone, and the input must be
// opened anew.
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
	r.options.Live = false // all of it is there
	if _, original := spool.(*rereadable); original && r.cr {
		r.records.Resume(scan.SwapEnds(spool))
	} else {
		r.records.Resume(spool)
	}
	return order, nil
}

// rereadable stands in the place of a spool where the input itself can be read
// again: it keeps nothing, and goes back by as much as was read of the rows.
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

// spoolWriter marks an error of the spool, which a TeeReader would pass off as
// one of the input.
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
			var err error
			fault := caught(func() {
				for err = blocks.Next(&block); err == nil; err = blocks.Next(&block) {
					r.survey(&order, block)
				}
			})
			if fault != nil {
				err = fault
			}
			mu.Lock()
			defer mu.Unlock()
			total.Merge(&order)
			if fault != nil || err != io.EOF && failed == nil {
				failed = err
			}
		})
	}
	group.Wait()
	passOn(failed)
	return total, failed
}

// survey adds the dates of a block. A line without quotes is cut at its
// delimiters, as the engine does it; other records are read with care.
func (r *Reader) survey(order *DateOrder, block scan.Block) {
	column, width := r.columns.Index(InstallDate), r.columns.Width()
	cuts := make([]uint32, width-1)
	var cells []scan.Cell
	var text []byte
	line, quote := block.Line, nextQuote(block.Data, 0, r.dialect())
	for at := 0; at < len(block.Data); {
		newline := bytes.IndexByte(block.Data[at:], '\n')
		if newline >= 0 && at+newline < quote {
			raw := bytes.TrimSuffix(block.Data[at:at+newline], []byte("\r"))
			if scan.Cuts(cuts, raw, r.delimiter) == len(cuts) && len(raw) > 0 {
				order.Add(line, cut(raw, cuts, column))
				at += newline + 1
				line++
				continue
			}
		}
		rec, n, more := block.Next(at, r.dialect(), cells)
		cells = rec.Cells
		if more || n == 0 {
			return
		}
		if own, _ := r.columns.fit(block.Data[at:], rec.Cells); !rec.Malformed() && !rec.Blank() && own == width {
			text = rec.Cells[column].AppendText(text[:0], block.Data[at:at+rec.Len])
			order.Add(line, text)
		}
		if line += rec.Newlines; r.sheet && rec.Newlines > 1 {
			line -= rec.Newlines - 1
		}
		if at += n; at > quote {
			quote = nextQuote(block.Data, at, r.dialect())
		}
	}
}

// cut returns a cell of a line that is cut at its delimiters.
func cut(raw []byte, cuts []uint32, column int) []byte {
	from, to := uint32(0), uint32(len(raw))
	if column > 0 {
		from = cuts[column-1] + 1
	}
	if column < len(cuts) {
		to = cuts[column]
	}
	return raw[from:to]
}
