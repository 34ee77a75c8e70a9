// Package sniff tells what a file is by its first bytes, whatever it is called.
package sniff

import (
	"bytes"
	"io"
)

// Head is what a file begins with.
type Head []byte

const longest = 8

// Read reads the first bytes of a stream, and returns them and all of it. It
// fails with what the stream fails with; one that is shorter does not.
func Read(r io.Reader) (head Head, all io.Reader, err error) {
	head = make(Head, longest)
	n, err := io.ReadFull(r, head)
	head = head[:n]
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		return head, bytes.NewReader(head), nil
	}
	return head, io.MultiReader(bytes.NewReader(head), r), err
}

// IsZip reports whether the file is packed as zip, as a workbook is.
func (h Head) IsZip() bool { return bytes.HasPrefix(h, []byte("PK\x03\x04")) }

// IsOldWorkbook reports whether the file is a workbook in the old Excel format,
// or protected by a password.
func (h Head) IsOldWorkbook() bool {
	return bytes.HasPrefix(h, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

// IsGzip reports whether the file is packed as gzip.
func (h Head) IsGzip() bool { return bytes.HasPrefix(h, []byte("\x1f\x8b")) }
