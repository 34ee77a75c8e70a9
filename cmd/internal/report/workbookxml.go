//go:build !js

package report

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
)

// styledCell is a cell of a row, with the number of its style in the workbook that is
// written. The zero value is blank.
type styledCell struct {
	xlsx.Cell
	style int
}

// width returns how many characters the cell shows, or about so many.
func (c styledCell) width() int {
	switch {
	case c.Kind == xlsx.Text:
		return utf8.RuneCountInString(c.Text)
	case c.Kind == xlsx.Day && c.Format != nil:
		return max(len("27/04/2023"), min(len(c.Format.Code), len("27 September 2023 09:30")))
	case c.Kind == xlsx.Day:
		return max(len("2023-04-27"), len(c.Text))
	}
	shown, ok := c.Shown()
	if !ok {
		return len("1.23E+15")
	}
	return utf8.RuneCountInString(shown)
}

// packedPart is how many bytes of XML are compressed at once.
const packedPart = 128 << 10

// rowXML writes the rows of a sheet into a temporary file, as compressed XML. The
// library's own writer takes four times as long, cuts numbers to fifteen digits, and has
// no error values. A part is compressed in another goroutine, while the next is written.
type rowXML struct {
	part    []byte   // what is not compressed yet
	columns []string // their letters

	packing chan error // nil if nothing is being compressed
	taken   []byte     // the part that is being compressed
	packer  *flate.Writer
	out     *bufio.Writer
	spool   *devices.Spool
	size    int64 // of the XML
	sum     uint32
}

func newRowXML() (*rowXML, error) {
	spool, err := devices.NewSpool()
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(spool, 64<<10)
	packer, err := newPacker(out)
	return &rowXML{spool: spool, out: out, packer: packer}, err
}

func newPacker(w io.Writer) (*flate.Writer, error) {
	return flate.NewWriter(w, flate.DefaultCompression)
}

// write writes a row.
func (w *rowXML) write(row int, cells []styledCell) error {
	for i := len(w.columns); i < len(cells); i++ {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		w.columns = append(w.columns, name)
	}
	var digits [20]byte
	number := strconv.AppendInt(digits[:0], int64(row), 10)
	part := append(append(append(w.part, `<row r="`...), number...), `">`...)
	for i, c := range cells {
		if c.Kind == xlsx.Blank || c.Kind == xlsx.Pending {
			continue
		}
		part = append(append(append(part, `<c r="`...), w.columns[i]...), number...)
		if c.style > 0 {
			part = strconv.AppendInt(append(part, `" s="`...), int64(c.style), 10)
		}
		switch c.Kind {
		case xlsx.Number:
			part = appendValue(part, c.Text)
		case xlsx.Day:
			part = appendValue(part, c.Serial)
		case xlsx.Truth:
			part = appendValue(append(part, `" t="b`...), map[string]string{"TRUE": "1", "FALSE": "0"}[c.Text])
		case xlsx.Failed:
			part = appendValue(append(part, `" t="e`...), c.Text)
		case xlsx.Text:
			part = appendText(part, c.Text)
		}
	}
	w.part = append(part, "</row>"...)
	if len(w.part) < packedPart {
		return nil
	}
	return w.pack()
}

// appendValue ends the tag of a cell, and appends its value.
func appendValue(to []byte, value string) []byte {
	return append(appendEscaped(append(to, `"><v>`...), value), "</v></c>"...)
}

// appendText ends the tag of a cell, and appends its text: it is never a formula or a
// number, so that 0041 and =1+1 do not change.
func appendText(to []byte, text string) []byte {
	to = append(to, `" t="inlineStr"><is><t>`...)
	if strings.TrimSpace(text) != text {
		to = append(to[:len(to)-1], ` xml:space="preserve">`...)
	}
	return append(appendEscaped(to, xlsx.Escape(text)), "</t></is></c>"...)
}

func appendEscaped(to []byte, text string) []byte {
	if isPlain(text) {
		return append(to, text...)
	}
	escaped := bytes.NewBuffer(to)
	xml.EscapeText(escaped, []byte(text))
	return escaped.Bytes()
}

// isPlain reports whether a text has only characters of ASCII that XML does not escape.
func isPlain(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ', c >= 0x7f, c == '"', c == '\'', c == '&', c == '<', c == '>':
			return false
		}
	}
	return true
}

// serial returns the number that means a day in a workbook.
func serial(day time.Time) string {
	days := day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
	return strconv.FormatFloat(days, 'f', -1, 64)
}

// pack has what was written compressed, once the part before it is.
func (w *rowXML) pack() error {
	if err := w.packed(); err != nil {
		return err
	}
	w.part, w.taken = w.taken[:0], w.part
	w.packing = make(chan error, 1)
	go func() {
		w.sum, w.size = crc32.Update(w.sum, crc32.IEEETable, w.taken), w.size+int64(len(w.taken))
		_, err := w.packer.Write(w.taken)
		w.packing <- err
	}()
	return nil
}

// packed waits until a part is compressed.
func (w *rowXML) packed() error {
	if w.packing == nil {
		return nil
	}
	err := <-w.packing
	w.packing = nil
	return err
}

// end ends the rows.
func (w *rowXML) end() error {
	err := w.pack()
	if err == nil {
		err = w.packed()
	}
	if err == nil {
		err = w.packer.Flush() // more of the sheet can follow
	}
	if err == nil {
		err = w.out.Flush()
	}
	w.part, w.taken, w.packer, w.out = nil, nil, nil, nil // a large workbook has many sheets
	return err
}

func (w *rowXML) close() {
	w.packed()
	w.spool.Close()
}

// bookPacker packs the workbook straight to the output, where the library would put
// the whole file together in memory first. It puts the rows into the sheets of which the
// library has written the rest.
type bookPacker struct {
	*zip.Writer
	rows  map[string]*rowXML // by the names of the parts
	name  string             // of the sheet that is being written; "" if it has no rows
	sheet bytes.Buffer       // all of it except its rows
}

func newBookPacker(w io.Writer, rows map[string]*rowXML) *bookPacker {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return newPacker(w) })
	return &bookPacker{Writer: z, rows: rows}
}

// Create ends the part before, and begins another.
func (p *bookPacker) Create(name string) (io.Writer, error) {
	if err := p.endSheet(); err != nil {
		return nil, err
	}
	if p.rows[name] == nil {
		return p.Writer.Create(name)
	}
	p.name = name
	return &p.sheet, nil
}

// Close ends the file.
func (p *bookPacker) Close() error {
	if err := p.endSheet(); err != nil {
		return err
	}
	return p.Writer.Close()
}

// endSheet writes a sheet with its rows, which are compressed already. A compressed
// text may consist of parts that were compressed by themselves.
func (p *bookPacker) endSheet() error {
	if p.name == "" {
		return nil
	}
	rows := p.rows[p.name]
	end := bytes.LastIndex(p.sheet.Bytes(), []byte("</sheetData>"))
	if end < 0 {
		return fmt.Errorf("a fault of the program: part %s has no place for rows", p.name)
	}
	var parts [2]bytes.Buffer
	sum, size := uint32(0), rows.size+int64(p.sheet.Len())
	for i, text := range [][]byte{p.sheet.Bytes()[:end], p.sheet.Bytes()[end:]} {
		packer, err := newPacker(&parts[i])
		if err != nil {
			return err
		}
		packer.Write(text) // a bytes.Buffer has no error
		if sum = crc32.Update(sum, crc32.IEEETable, text); i == 0 {
			packer.Flush()
			sum = sumOfBoth(sum, rows.sum, rows.size)
		} else {
			packer.Close()
		}
	}
	packed, err := rows.spool.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	const sizesFollow = 0x8 // as in every other part
	w, err := p.CreateRaw(&zip.FileHeader{
		Name: p.name, Method: zip.Deflate, Flags: sizesFollow, CRC32: sum,
		UncompressedSize64: uint64(size), CompressedSize64: uint64(packed) + uint64(parts[0].Len()+parts[1].Len()),
	})
	if err == nil {
		_, err = io.Copy(w, io.MultiReader(&parts[0], io.NewSectionReader(rows.spool, 0, packed), &parts[1]))
	}
	p.name = ""
	p.sheet.Reset()
	return err
}

// sumOfBoth returns the checksum of two texts, one after the other, from the sum of each
// and the length of the second: a checksum is linear, so the sums of as many zeros tell
// what the length alone does to it.
func sumOfBoth(first, second uint32, length int64) uint32 {
	empty := uint32(0)
	zeros := make([]byte, 64<<10)
	for ; length > 0; length -= int64(len(zeros)) {
		zeros = zeros[:min(length, int64(len(zeros)))]
		first, empty = crc32.Update(first, crc32.IEEETable, zeros), crc32.Update(empty, crc32.IEEETable, zeros)
	}
	return first ^ empty ^ second
}
