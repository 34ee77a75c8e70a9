// Package sniff tells what a file is by its first bytes, whatever it is called.
package sniff

import (
	"bytes"
	"io"
	"slices"
)

// Head is what a file begins with.
type Head []byte

// shortest is how much is looked at, and longest how much of a file that begins
// with a tag: no more is waited for from a stream that is slow.
const (
	shortest = 8
	longest  = 1024
)

// Read reads the first bytes of a stream, and returns them and all of it. It
// fails with what the stream fails with; a stream that is shorter does not fail.
func Read(r io.Reader) (head Head, all io.Reader, err error) {
	head, err = more(r, nil, shortest)
	if err == nil && bytes.HasPrefix(head.text(), []byte("<")) {
		head, err = more(r, head, longest)
	}
	if err == io.EOF {
		return head, bytes.NewReader(head), nil
	}
	return head, io.MultiReader(bytes.NewReader(head), r), err
}

// more reads on until so many bytes have been read. Unlike [io.ReadFull] it returns
// the stream's own error, so that io.ErrUnexpectedEOF means that it is cut off.
func more(r io.Reader, head Head, most int) (Head, error) {
	all := append(make(Head, 0, most), head...)
	for len(all) < most {
		n, err := r.Read(all[len(all):most])
		if all = all[:len(all)+n]; err != nil && len(all) < most {
			return all, err
		}
	}
	return all, nil
}

// text returns the first letters, without a byte order mark, the noughts of
// UTF-16, and spaces.
func (h Head) text() []byte {
	return bytes.TrimSpace(bytes.ReplaceAll(bytes.Trim(h, "\xef\xbb\xbf\xff\xfe"), []byte{0}, nil))
}

// Markup returns what the file is called that holds tags or the parts of a letter
// instead of a table: programs that export such files often call them .xls. It
// returns "" for any other file.
func (h Head) Markup() string {
	text := bytes.ToLower(h.text())
	begins := func(marks ...string) bool {
		return slices.ContainsFunc(marks, func(mark string) bool { return bytes.HasPrefix(text, []byte(mark)) })
	}
	switch {
	case bytes.Contains(text, []byte("urn:schemas-microsoft-com:office:spreadsheet")):
		return "a workbook in the XML format of Excel 2003"
	case begins("<!doctype html", "<html", "<head", "<meta", "<style", "<body", "<table"):
		return "an HTML page"
	case begins("<?xml"):
		return "an XML file"
	case begins("mime-ver"):
		return "a web page in one file (MHTML)"
	}
	return ""
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

// Foreign returns what a file is that is no inventory, and what to do with it;
// both are "" for one that may be.
func (h Head) Foreign() (kind, advice string) {
	const unpack, export = "unpack it first", "save it as .xlsx, or as “CSV UTF-8”"
	begins := func(mark string) bool { return bytes.HasPrefix(h, []byte(mark)) }
	switch {
	case h.IsGzip():
		return "packed as gzip, though its name does not end in .gz", "call it .gz, or unpack it first"
	case begins("\x28\xb5\x2f\xfd"):
		return "packed as zstd, though its name does not end in .zst", "call it .zst, or unpack it first"
	case begins("BZh"):
		return "packed as bzip2", unpack
	case begins("\xfd7zXZ\x00"):
		return "packed as xz", unpack
	case begins("7z\xbc\xaf\x27\x1c"), begins("Rar!"):
		return "an archive", unpack
	case begins("PAR1"):
		return "a Parquet file", "export it as CSV"
	case begins("%PDF"):
		return "a PDF document", "ask for the table itself, and " + export
	case begins(`{"`), begins("{\n"), begins("{\r"), begins("{ "), begins("[{"), begins("[\n"), begins("[\r"):
		return "a JSON file", "export it as CSV"
	}
	return "", ""
}

// UTF16 returns the name of the encoding of text in UTF-16 without a byte order
// mark; "" for any other.
func (h Head) UTF16() string {
	if len(h) < shortest {
		return ""
	}
	var noughts [2]int
	for i, c := range h[:shortest] {
		if c == 0 {
			noughts[i%2]++
		}
	}
	switch {
	case noughts[0] == 0 && noughts[1] == shortest/2:
		return "utf-16le"
	case noughts[1] == 0 && noughts[0] == shortest/2:
		return "utf-16be"
	}
	return ""
}
