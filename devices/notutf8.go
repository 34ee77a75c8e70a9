package devices

import (
	"bytes"
	"unicode/utf8"
)

// NotUTF8 returns the first line, of those that have been read ahead and the
// heading, that is not UTF-8.
func (r *Reader) NotUTF8() (line int, found bool) {
	if !utf8.Valid(r.heading.Raw) {
		return r.heading.Line, true
	}
	pending, whole := r.records.Peek(0)
	if !whole {
		pending = pending[:bytes.LastIndexByte(pending, '\n')+1]
	}
	if utf8.Valid(pending) {
		return 0, false
	}
	line = r.records.NextLine()
	for _, text := range bytes.Split(pending, []byte("\n")) {
		if !utf8.Valid(text) {
			return line, true
		}
		line++
	}
	return 0, false
}
