package devices

import "bytes"

// delimiterLine reads a first line such as "sep=;", by which a spreadsheet says
// what stands between cells.
func (o *ReaderOptions) delimiterLine(head []byte) (delimiter byte, ok bool) {
	text, quoted := bytes.CutPrefix(head, []byte(`"`))
	if len(text) < 5 || !bytes.EqualFold(text[:4], []byte("sep=")) {
		return 0, false
	}
	delimiter, text = text[4], text[5:]
	if quoted {
		var closed bool
		if text, closed = bytes.CutPrefix(text, []byte(`"`)); !closed {
			return 0, false
		}
	}
	text = bytes.TrimPrefix(text, []byte("\r"))
	if !bytes.HasPrefix(text, []byte("\n")) || o.checkDelimiter(delimiter) != nil {
		return 0, false
	}
	return delimiter, true
}
