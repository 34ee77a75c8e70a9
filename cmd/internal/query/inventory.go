package query

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Inventory is an inventory as it came, and where its answers go.
type Inventory struct {
	// Text returns the text from its start. Where Spool is nil it may be asked
	// twice.
	Text func() io.Reader
	// Spool returns a place, empty yet, that keeps a text which can be read but
	// once, while the order of day and month is decided from all of it.
	Spool func() (io.ReadWriteSeeker, error)
	// CSV takes the inventory with the answers added.
	CSV io.Writer
	// Rows is how many of the rows that are not eligible, or undetermined, are
	// told of.
	Rows int
	// Workers is the number of goroutines.
	Workers int
	// NotJudged, if not nil, is called before any row is answered, with the fields
	// on which answers may depend and that no column holds.
	NotJudged func(fields []string)
	// Progress, if not nil, is called now and then with the number of rows since
	// the last call, perhaps by several goroutines.
	Progress func(rows int)
}

// Check checks an inventory, at constant memory. It fails as [devices.NewReader]
// does, with a [*ColumnsError] in place of its *[devices.MappingError], with a
// *[devices.DateOrderError], with what reading or writing fails with, and with
// the context's error; then the output is not whole.
func (in Inventory) Check(ctx context.Context, t InventoryTerms) (*Checked, error) {
	reader, notes, err := in.open(&t)
	var mapping *devices.MappingError
	switch {
	case errors.As(err, &mapping):
		return nil, newColumnsError(mapping, t.reader.Columns)
	case err != nil:
		return nil, err
	}
	notJudged := remarks.FieldNames(reader.Columns().NotJudged())
	if in.NotJudged != nil {
		in.NotJudged(notJudged)
	}
	told := &toldRows{columns: reader.Columns(), authorities: remarks.NewAuthorities(t.Judge.Checker.History), most: in.Rows}
	outputs := []*devices.BulkOutput{{W: in.CSV, Only: t.Only}}
	if in.Rows > 0 {
		shown := devices.Selection{}.WithReasonsOf(ivp.NotEligible).WithReasonsOf(ivp.Undetermined)
		outputs = append(outputs, &devices.BulkOutput{Lines: devices.TypedRows, Rows: told.take, Enough: told.enough.Load, Only: &shown})
	}
	pass := devices.Bulk{Judge: t.Judge, Why: t.Why, Workers: in.Workers, Progress: in.Progress}.Begin(outputs)
	if err := pass.Input(ctx, reader); err != nil {
		return nil, err
	}
	checked := newChecked(pass.Summary(), t.Judge.Checker.History, notes, told)
	checked.Columns, checked.NotJudged = newColumns(reader.Columns(), t.reader.Columns, nil), notJudged
	return checked, nil
}

// open reads as far as the heading, and as far as it takes to know how the dates
// are written. notes say what the user should know of it.
func (in Inventory) open(t *InventoryTerms) (reader *devices.Reader, notes []string, err error) {
	if reader, notes, err = in.begin(t); err != nil {
		return nil, nil, err
	}
	format, note, err := reader.DecideDates(func() (order *devices.DateOrder, err error) {
		var spool io.ReadWriteSeeker
		if in.Spool != nil {
			if spool, err = in.Spool(); err != nil {
				return nil, err
			}
		}
		if order, err = reader.SurveyDates(spool); err == nil && spool == nil {
			reader, _, err = in.begin(t)
		}
		return order, err
	})
	if err != nil {
		return nil, nil, err
	}
	reader.SetDates(format)
	if note != "" {
		notes = append(notes, note)
	}
	return reader, notes, nil
}

// begin reads as far as the heading.
func (in Inventory) begin(t *InventoryTerms) (reader *devices.Reader, notes []string, err error) {
	head, text, err := sniff.Read(in.Text())
	if err != nil {
		return nil, nil, err
	}
	kind := head.Foreign()
	if head.IsZip() {
		kind = head.Zip()
	}
	if kind.Extension != "" {
		kind.Advice += ", or give it to ivp check, which reads " + kind.Extension
	}
	if kind.Name != "" {
		return nil, nil, fmt.Errorf("this is %s, where CSV was expected: %s", kind.Name, kind.Advice)
	}
	if name := head.UTF16(); name != "" && t.Encoding == "" {
		return nil, nil, fmt.Errorf("this is text in UTF-16 without a byte order mark: ask for the encoding %s, or save it as “CSV UTF-8”", name)
	}
	encoding := t.Encoding.OfMark(head)
	reader, err = devices.NewReader(encoding.Reader(text), t.reader)
	if errors.Is(err, devices.ErrHeaderRow) {
		return nil, nil, fmt.Errorf("%w with header_row", err)
	}
	if err != nil {
		return nil, nil, err
	}
	if encoding != sniff.UTF8 {
		notes = append(notes, fmt.Sprintf("read as %s; the output is UTF-8", encoding))
	} else if line, found := reader.NotUTF8(); found {
		notes = append(notes, fmt.Sprintf("line %d is not UTF-8, and passes through as it is; if the file is in the encoding of Windows, ask for the encoding windows-1252", line))
	}
	return reader, notes, nil
}
