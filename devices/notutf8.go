package devices

import (
	"bytes"
	"unicode/utf8"
)

// NotUTF8 returns the first line of the heading and of what stands above it that
// is not UTF-8. The rows below are counted in [Summary.NotUTF8].
func (r *Reader) NotUTF8() (line int, found bool) {
	if !utf8.Valid(r.heading.Raw) {
		return r.heading.Line, true
	}
	line = 1
	for _, text := range bytes.Split(r.leading, []byte("\n")) {
		if !utf8.Valid(text) {
			return line, true
		}
		line++
	}
	return 0, false
}
