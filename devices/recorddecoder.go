package devices

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"

	"github.com/gocarina/gocsv"
)

// recordDecoder turns the cells of a row into a record, by way of gocsv. It
// shows gocsv a table of its own: a heading of the canonical names of the
// mapped columns, which gocsv binds to the fields of record once, and then for
// each good row the cells of these columns. So what gocsv has no answer to (a
// malformed record, a heading in another spelling, twice or after a byte order
// mark, a quoted line end in its line numbers) never comes to it.
//
// Of all its doors only the Unmarshaller takes rows one at a time without a
// goroutine, and it takes them from an encoding/csv reader alone; therefore the
// pipe. (UnmarshalCSV takes any CSVReader, but binds the heading anew for each
// row, which makes it four times as slow.) The one thing that changes on the way
// is a "\r\n" that stands in a cell once decoded: it becomes "\n".
type recordDecoder struct {
	pipe    bytes.Buffer
	columns []int
	names   []string            // of the fields in columns
	rows    *gocsv.Unmarshaller // nil before the first row
}

func newRecordDecoder(columns Columns) *recordDecoder {
	d := &recordDecoder{}
	for _, field := range Fields() {
		if i := columns.Index(field); i >= 0 {
			d.columns = append(d.columns, i)
			d.names = append(d.names, field.String())
		}
	}
	return d
}

// bind shows gocsv the heading: at the first row, because many decoders of a
// small inventory see none.
func (d *recordDecoder) bind() (err error) {
	for _, name := range d.names {
		d.push(name)
	}
	d.endRow()
	if d.rows, err = gocsv.NewUnmarshaller(csv.NewReader(&d.pipe), record{}); err != nil {
		return fmt.Errorf("binding the columns %q: %w", d.names, err)
	}
	return nil
}

// decode returns the record of a row that is as wide as the heading. It fails
// only by a fault of this program.
func (d *recordDecoder) decode(cells []string) (record, error) {
	if len(d.names) == 0 {
		return record{}, nil
	}
	if d.rows == nil {
		if err := d.bind(); err != nil {
			return record{}, err
		}
	}
	for _, i := range d.columns {
		d.push(readable(cells[i]))
	}
	d.endRow()
	row, err := d.rows.Read()
	if err != nil {
		return record{}, fmt.Errorf("decoding the cells: %w", err)
	}
	decoded, ok := row.(record)
	if !ok {
		return record{}, errors.New("decoding the cells: no record came back")
	}
	return decoded, nil
}

// mostOfCell is how many bytes a cell may have that is read: nothing that can be
// read is as long.
const mostOfCell = 4 << 10

// readable returns a cell, and of one that is too long the beginning, with a mark by
// which it cannot be read as anything else.
func readable(cell string) string {
	if len(cell) <= mostOfCell {
		return cell
	}
	if cell = strings.TrimSpace(cell); len(cell) <= mostOfCell {
		return cell
	}
	return cell[:mostOfCell] + " […]"
}

// push writes a cell in quotes, so that a row of one empty cell is not taken
// for a blank line, followed by a comma.
func (d *recordDecoder) push(cell string) {
	d.pipe.Write(appendQuoted(d.pipe.AvailableBuffer(), cell))
	d.pipe.WriteByte(',')
}

// endRow puts a line end in the place of the last comma.
func (d *recordDecoder) endRow() {
	d.pipe.Truncate(d.pipe.Len() - 1)
	d.pipe.WriteByte('\n')
}
