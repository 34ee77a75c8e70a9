package devices

import (
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
	blocks := scan.NewBlocks(src, head, r.records.NextLine(), r.delimiter, scan.BlockSize)
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
	r.records.Resume(spool)
	return order, nil
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
			for err = blocks.Next(&block); err == nil; err = blocks.Next(&block) {
				r.survey(&order, block)
			}
			mu.Lock()
			defer mu.Unlock()
			total.Merge(&order)
			if err != io.EOF {
				failed = err
			}
		})
	}
	group.Wait()
	return total, failed
}

// survey adds the dates of a block.
func (r *Reader) survey(order *DateOrder, block scan.Block) {
	column, width := r.columns.Index(InstallDate), r.columns.Width()
	var cells []scan.Cell
	line := block.Line
	for at := 0; at < len(block.Data); {
		rec, n, more := scan.Next(block.Seen[at:], r.delimiter, block.Final, cells)
		cells = rec.Cells
		if more || n == 0 {
			return
		}
		if !rec.Malformed() && !rec.Blank() && len(rec.Cells) == width {
			order.Add(line, rec.Cells[column].AppendText(nil, block.Data[at:at+rec.Len]))
		}
		if line += rec.Newlines; r.sheet && rec.Newlines > 1 {
			line -= rec.Newlines - 1
		}
		at += n
	}
}
