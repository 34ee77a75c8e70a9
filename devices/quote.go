package devices

import (
	"bytes"
	"strings"

	"github.com/mp196/ivp/devices/internal/scan"
)

// appendCell appends a cell as RFC 4180 has it: in quotes where it holds the
// delimiter, a quote or a line end, else as it is. Where there are no quotes a
// delimiter or a line end in it becomes a space, so that the row reads back.
func appendCell(dst []byte, cell string, d scan.Dialect) []byte {
	if d.NoQuotes {
		for _, c := range []byte(cell) {
			if c == d.Delimiter || c == '\r' || c == '\n' {
				c = ' '
			}
			dst = append(dst, c)
		}
		return dst
	}
	if strings.IndexByte(cell, d.Delimiter) < 0 && !strings.ContainsAny(cell, "\"\r\n") {
		return append(dst, cell...)
	}
	return appendQuoted(dst, cell)
}

// quoteFrom puts what was appended at from in quotes if it holds the delimiter.
func quoteFrom(dst []byte, from int, delimiter byte) []byte {
	if bytes.IndexByte(dst[from:], delimiter) < 0 {
		return dst
	}
	return appendQuoted(dst[:from], string(dst[from:]))
}

// appendQuoted appends a cell in quotes.
func appendQuoted(dst []byte, cell string) []byte {
	dst = append(dst, '"')
	for {
		before, after, found := strings.Cut(cell, `"`)
		dst = append(dst, before...)
		if !found {
			return append(dst, '"')
		}
		dst = append(dst, `""`...)
		cell = after
	}
}
