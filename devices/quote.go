package devices

import (
	"bytes"
	"strings"
)

// appendCell appends a cell as RFC 4180 has it: in quotes where it holds the
// delimiter, a quote or a line end, else as it is.
func appendCell(dst []byte, cell string, delimiter byte) []byte {
	if strings.IndexByte(cell, delimiter) < 0 && !strings.ContainsAny(cell, "\"\r\n") {
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
