//go:build !js

package report

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
)

// heldCell is a cell of a workbook that was read, in the style that the workbook
// to be written has for its number format.
type heldCell struct {
	xlsx.Cell
	style int
}

// width returns how many characters the cell shows, or about so many.
func (c heldCell) width() int {
	switch {
	case c.Kind == xlsx.Text:
		return cellWidth(c.Text)
	case c.Kind == xlsx.Day && c.Format != nil:
		return max(len("27/04/2023"), min(len(c.Format.Code), len("27 September 2023 09:30")))
	}
	shown, ok := c.Shown()
	if !ok {
		return len("1.23E+15")
	}
	return cellWidth(shown)
}

// rowXML writes the rows of a sheet into a temporary file, as XML. The library's
// own writer cuts numbers to fifteen digits, and knows no error values.
type rowXML struct {
	spool   *devices.Spool
	out     *bufio.Writer
	size    int64
	line    bytes.Buffer
	columns []string // their letters
}

func newRowXML() (*rowXML, error) {
	spool, err := devices.NewSpool()
	if err != nil {
		return nil, err
	}
	return &rowXML{spool: spool, out: bufio.NewWriterSize(spool, 64<<10)}, nil
}

// write writes a row.
func (w *rowXML) write(row int, cells []any) error {
	w.line.Reset()
	fmt.Fprintf(&w.line, `<row r="%d">`, row)
	for i, cell := range cells {
		if i == len(w.columns) {
			name, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				return err
			}
			w.columns = append(w.columns, name)
		}
		style := 0
		if styled, ok := cell.(excelize.Cell); ok {
			style, cell = styled.StyleID, styled.Value
		}
		place := fmt.Sprintf(`<c r="%s%d"`, w.columns[i], row)
		switch c := cell.(type) {
		case nil:
		case string:
			w.text(place, style, c)
		case int:
			w.value(place, style, "", strconv.Itoa(c))
		case time.Time:
			w.value(place, style, "", serial(c))
		case heldCell:
			w.held(place, c)
		default:
			return fmt.Errorf("a fault of the program: a cell of the kind %T", cell)
		}
	}
	w.line.WriteString("</row>")
	n, err := w.line.WriteTo(w.out)
	w.size += n
	return err
}

func (w *rowXML) held(place string, c heldCell) {
	switch c.Kind {
	case xlsx.Number:
		w.value(place, c.style, "", c.Text)
	case xlsx.Day:
		w.value(place, c.style, "", c.Serial)
	case xlsx.Truth:
		w.value(place, c.style, "b", map[string]string{"TRUE": "1", "FALSE": "0"}[c.Text])
	case xlsx.Failed:
		w.value(place, c.style, "e", c.Text)
	case xlsx.Text:
		w.text(place, c.style, c.Text)
	}
}

// value writes a value of a type; empty is a number.
func (w *rowXML) value(place string, style int, kind, value string) {
	w.begin(place, style, kind)
	w.line.WriteString("<v>")
	xml.EscapeText(&w.line, []byte(value))
	w.line.WriteString("</v></c>")
}

// text writes a text: never a formula or a number, so that 0041 and =1+1 stay what
// they are.
func (w *rowXML) text(place string, style int, text string) {
	w.begin(place, style, "inlineStr")
	if strings.TrimSpace(text) == text {
		w.line.WriteString("<is><t>")
	} else {
		w.line.WriteString(`<is><t xml:space="preserve">`)
	}
	xml.EscapeText(&w.line, []byte(xlsx.Escape(text)))
	w.line.WriteString("</t></is></c>")
}

func (w *rowXML) begin(place string, style int, kind string) {
	w.line.WriteString(place)
	if style > 0 {
		fmt.Fprintf(&w.line, ` s="%d"`, style)
	}
	if kind != "" {
		fmt.Fprintf(&w.line, ` t="%s"`, kind)
	}
	w.line.WriteByte('>')
}

// serial returns the number that means a day in a workbook.
func serial(day time.Time) string {
	days := day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
	return strconv.FormatFloat(days, 'f', -1, 64)
}

// rows returns what was written.
func (w *rowXML) rows() (io.Reader, error) {
	if err := w.out.Flush(); err != nil {
		return nil, err
	}
	return io.NewSectionReader(w.spool, 0, w.size), nil
}

// packer packs the workbook straight to the output, where the library would put
// the whole file together in memory first. It puts the rows into the sheets of
// which the library has written the heading alone.
type packer struct {
	*zip.Writer
	rows map[string]io.Reader // by the names of the parts
}

// Create begins a part.
func (p packer) Create(name string) (io.Writer, error) {
	w, err := p.Writer.Create(name)
	if rows := p.rows[name]; rows != nil {
		return &insertion{w: w, rows: rows}, err
	}
	return w, err
}

// insertion writes rows before the end of a sheet's rows.
type insertion struct {
	w    io.Writer
	rows io.Reader // nil once they are written
	held []byte    // what may be the beginning of the mark
}

const endOfRows = "</sheetData>"

// Write writes a part of the sheet.
func (i *insertion) Write(p []byte) (int, error) {
	if i.rows == nil {
		return i.w.Write(p)
	}
	text := append(i.held, p...)
	at := bytes.Index(text, []byte(endOfRows))
	if at < 0 {
		keep := min(len(text), len(endOfRows)-1)
		_, err := i.w.Write(text[:len(text)-keep])
		i.held = bytes.Clone(text[len(text)-keep:])
		return len(p), err
	}
	_, err := i.w.Write(text[:at])
	if err == nil {
		_, err = io.Copy(i.w, i.rows)
	}
	if err == nil {
		_, err = i.w.Write(text[at:])
	}
	i.rows = nil
	return len(p), err
}
