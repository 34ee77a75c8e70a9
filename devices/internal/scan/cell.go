package scan

import "bytes"

// Form says how a cell is written.
type Form uint8

const (
	// Bare is a cell without quotes.
	Bare Form = iota
	// Quoted is a cell in quotes whose text stands between them as it is.
	Quoted
	// Escaped is a cell in quotes whose text must be decoded: it holds a
	// doubled quote or a "\r\n".
	Escaped
)

// Cell is where a cell's text lies: offsets from the start of its record,
// without the quotes around it. The zero value is an empty cell.
type Cell struct {
	Start, End uint32
	Form       Form
}

// Raw returns the cell as it is written, with its quotes and what stands around
// them. The record, whose memory it shares, is given without its line end.
func (c Cell) Raw(record []byte, d Dialect) []byte {
	from := int(c.Start)
	if c.Form != Bare {
		for from--; from > 0 && d.pads(record[from-1]); {
			from--
		}
	}
	return record[from:c.RawEnd(record, d)]
}

// RawEnd returns where Raw ends in the record.
func (c Cell) RawEnd(record []byte, d Dialect) int {
	to := int(c.End)
	if c.Form != Bare {
		for to++; to < len(record) && d.pads(record[to]); {
			to++
		}
	}
	return to
}

// AppendText appends the cell's text to dst: doubled quotes become one, and
// "\r\n" inside quotes becomes "\n", as encoding/csv has it.
func (c Cell) AppendText(dst, record []byte) []byte {
	text := record[c.Start:c.End]
	if c.Form != Escaped {
		return append(dst, text...)
	}
	for {
		i := bytes.IndexAny(text, "\"\r")
		if i < 0 {
			return append(dst, text...)
		}
		if pair := text[i:min(i+2, len(text))]; string(pair) == `""` || string(pair) == "\r\n" {
			dst = append(dst, text[:i]...)
			dst = append(dst, text[i+1])
			text = text[i+2:]
			continue
		}
		dst = append(dst, text[:i+1]...)
		text = text[i+1:]
	}
}
